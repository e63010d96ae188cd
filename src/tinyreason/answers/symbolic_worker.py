"""The subprocess behind `symbolic`: one JSON pair a line in, one word a line out. `python -m` starts it.

It imports sympy once and forks a child that answers, with the same structural comparison as its parent and
Math-Verify for the parts that are neither numbers nor words. sympy can neither be interrupted nor bounded
from inside (`9^{9^{9^9}}` is one call into C), so the child has itself killed by a timer that the kernel
keeps, and the next child takes its place within milliseconds. Memory is bounded to `MEMORY_GROWTH` over what
the imports take, and no file, program or connection can be opened for writing: a second wall behind parsers
that do not evaluate text.
"""

import json
import os
import resource
import select
import signal
import sys

from tinyreason.answers.algebra import algebraically_equal
from tinyreason.answers.comparison import decide

SECONDS_PER_PAIR = 0.9  # a second with the way there and back
MEMORY_GROWTH = 512 * 2**20  # bytes
PAIRS_PER_CHILD = 500  # sympy's caches grow; a new child starts without them
ORPHAN_CHECK = 5.0  # seconds
FAILED, RETIRED = 1, 2  # exit codes of a child; 0 where its input ended
FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.mkdir", "os.remove", "os.rename",
    "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.kill", "subprocess.Popen",
    "shutil.rmtree", "socket.connect", "socket.bind", "ctypes.dlopen",
)  # fmt: skip


def main() -> None:
    algebraically_equal("x+1", "1+x")  # imports that sympy puts off are done before the limits
    limit_memory()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    say("ready")
    parent = os.getppid()
    while code := exit_code_of_child(parent):
        if code == -signal.SIGALRM:
            say("timed out")
        elif code != RETIRED:
            say("failed")


def exit_code_of_child(parent: int) -> int:
    """Forks a child that answers until it ends; 0 where there is nothing more to answer."""
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading_end)
        os._exit(answer_pairs())
    os.close(writing_end)
    # the child's end of the pipe closes with the child
    while not select.select([reading_end], [], [], ORPHAN_CHECK)[0]:
        if os.getppid() != parent:
            os.kill(child, signal.SIGKILL)
            return 0
    os.close(reading_end)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def answer_pairs() -> int:
    """Answers the pairs on standard input; the exit code says why it stopped."""
    sys.addaudithook(forbid_side_effects)
    for _ in range(PAIRS_PER_CHILD):
        line = sys.stdin.readline()
        if not line:
            return 0
        signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_PAIR)
        try:
            decision = decide(*json.loads(line), algebraically_equal)
        except Exception:  # sympy raises anything on odd input, MemoryError at the limit
            return FAILED
        signal.setitimer(signal.ITIMER_REAL, 0)
        say("equal" if decision.equal else "different")
    return RETIRED


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return  # no other system enforces RLIMIT_AS; the time limit still holds there
    with open("/proc/self/statm") as statistics:
        baseline = int(statistics.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = baseline + MEMORY_GROWTH
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def forbid_side_effects(event: str, arguments: tuple) -> None:
    """An audit hook: exceptions raised here stop the act itself."""
    writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or event in FORBIDDEN:
        raise PermissionError(f"the grader does not {event}")


if __name__ == "__main__":
    main()
