import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tinyreason.answers import answers_match, grade, grader_counts, is_correct


def test_a_pair_past_the_limit_is_wrong_and_counted_and_leaves_a_working_grader():
    assert answers_match(gold="x+1", answer="1+x")
    before, started = grader_counts(), time.perf_counter()
    assert not answers_match(gold="x+1", answer="x+9^{9^{9^{9}}}")
    assert time.perf_counter() - started < 3
    after = grader_counts()
    assert (after.symbolic, after.timed_out) == (before.symbolic + 1, before.timed_out + 1)
    assert answers_match(gold="x+1", answer="1+x")


BOMBS = [
    "9**9**9**9", "9^{9^{9^9}}", "(10^6)!", "1000000!!", "10^{10^9}", "\\binom{10^9}{5 \\cdot 10^8}",
    "\\prod_{k=1}^{10^9} k", "\\sum_{k=1}^{10^{12}} k^{3}", "(x+1)^{5000}",
    "\\int e^{x^2} \\sin(x^3) \\log x dx", "\\sqrt{" * 40 + "2" + "}" * 40,
    "\\frac{1}{" * 60 + "x" + "}" * 60, "((((((((((x+1)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9",
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_wrong_within_its_time_in_the_answer_and_in_the_gold(bomb):
    assert answers_match(gold="x+1", answer="1+x")
    for gold, answer in (("x+2", bomb), (bomb, "x+2"), (bomb, f"{bomb}+1")):
        started = time.perf_counter()
        assert not answers_match(gold=gold, answer=answer)
        assert time.perf_counter() - started < 1.5


@pytest.mark.parametrize(
    "payload",
    [
        "[open('{}','w')]",
        "__import__('os').mkdir('{}')",
        "x+open('{}','w')",
        "\\text{{open('{}','w')}}",
        "(lambda: open('{}','w'))()",
    ],
)
def test_no_code_in_an_answer_or_a_gold_is_ever_run(payload, tmp_path):
    trap = tmp_path / "trap"
    code = payload.format(trap)
    assert not is_correct(f"\\boxed{{{code}}}", "x+1", marked_only=False)
    assert not is_correct("\\boxed{x+1}", code)
    assert not trap.exists()


def test_the_worker_cannot_write_files(tmp_path):
    trap = tmp_path / "trap"
    script = (
        "import sys; from tinyreason.answers.symbolic_worker import forbid_side_effects\n"
        f"sys.addaudithook(forbid_side_effects); open({os.devnull!r}).close(); open({str(trap)!r}, 'w')"
    )
    finished = subprocess.run([sys.executable, "-B", "-c", script], capture_output=True, text=True)
    assert "PermissionError" in finished.stderr
    assert not trap.exists()


def test_threads_share_the_worker():
    verdicts = {}

    def grade(number: int) -> None:
        verdicts[number] = (
            answers_match(gold=f"{number}x+1", answer=f"1+x*{number}"),
            answers_match(gold=f"{number}x+1", answer=f"2+x*{number}"),
        )

    threads = [threading.Thread(target=grade, args=(number,)) for number in range(2, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == {number: (True, False) for number in range(2, 10)}


def test_a_forked_child_grades_with_its_own_worker_and_leaves_the_parents_alone():
    assert answers_match(gold="x+1", answer="1+x")
    child = os.fork()
    if child == 0:
        os._exit(0 if answers_match(gold="y+1", answer="1+y") and grader_counts().symbolic == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert answers_match(gold="x+2", answer="2+x")


def test_the_worker_ends_with_its_process():
    script = (
        "from tinyreason.answers import answers_match, symbolic\n"
        "assert answers_match(gold='x+1', answer='1+x')\n"
        "print(*[worker._process.pid for worker in symbolic._pool._workers if worker._process])"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(finished.stdout), 0)


def test_after_an_interrupt_the_next_answer_is_to_the_next_question():
    script = (
        "import signal\n"
        "from tinyreason.answers import answers_match\n"
        "assert answers_match(gold='x+1', answer='1+x')\n"
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "try: answers_match(gold='x+1', answer='x+9^{9^{9^{9}}}')\n"
        "except KeyboardInterrupt: print('interrupted')\n"
        "assert answers_match(gold='x+1', answer='1+x')\n"
        "assert not answers_match(gold='x+1', answer='2+x')\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (finished.stdout, finished.returncode) == ("interrupted\n", 0), finished.stderr


def test_the_worker_ends_when_its_process_is_killed():
    script = (
        "import time; from tinyreason.answers import answers_match, symbolic\n"
        "assert answers_match(gold='x+1', answer='1+x')\n"
        "print(*[worker._process.pid for worker in symbolic._pool._workers if worker._process], flush=True)\n"
        "time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    worker = int(process.stdout.readline())
    children = list(map(int, Path(f"/proc/{worker}/task/{worker}/children").read_text().split()))
    assert len(children) == 1
    process.kill()
    process.wait()
    process.stdout.close()
    limit = time.monotonic() + 20
    while any(map(is_running, [worker, *children])):
        assert time.monotonic() < limit, "the worker outlives its process"
        time.sleep(0.05)


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce RLIMIT_AS")
@pytest.mark.parametrize(("mebibytes", "fits"), [(300, True), (600, False)])
def test_the_worker_may_grow_by_half_a_gibibyte(mebibytes, fits):
    script = (
        "from tinyreason.answers.symbolic_worker import limit_memory\n"
        f"limit_memory(); bytearray({mebibytes} * 2**20)"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (finished.returncode == 0) == fits
    assert ("MemoryError" in finished.stderr) == (not fits)


def test_a_new_child_answers_after_one_that_was_killed_or_has_answered_long_enough():
    assert answers_match(gold="x+1", answer="1+x")
    pairs = [(f"\\boxed{{x+{number}}}", f"{number}+x") for number in range(1, 1200)]
    turns, golds = zip(*pairs, strict=True)
    started = grader_counts()
    assert grade(turns, golds) == [True] * len(pairs)
    assert grader_counts().failed == started.failed
