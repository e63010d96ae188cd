"""The subprocess behind `symbolic`: one JSON pair a line in, one word a line out. `python -m` starts it.

It runs the same structural comparison as its parent with Math-Verify for the parts that are neither numbers
nor words. Memory is bounded to `MEMORY_GROWTH` over what the imports take, and no file, program or connection
can be opened for writing: a second wall behind parsers that do not evaluate text.
"""

import json
import os
import resource
import select
import sys

from tinyreason.answers.algebra import algebraically_equal
from tinyreason.answers.comparison import equal

MEMORY_GROWTH = 512 * 2**20  # bytes
ORPHAN_CHECK = 5.0  # seconds
FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.mkdir", "os.remove", "os.rename",
    "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.kill", "subprocess.Popen",
    "shutil.rmtree", "socket.connect", "socket.bind", "ctypes.dlopen",
)  # fmt: skip


def main() -> None:
    algebraically_equal("x+1", "1+x")  # imports that sympy puts off are done before the limits
    limit_memory()
    sys.addaudithook(forbid_side_effects)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    parent = os.getppid()
    while True:
        if not select.select([sys.stdin], [], [], ORPHAN_CHECK)[0]:
            if os.getppid() != parent:
                return
            continue
        line = sys.stdin.readline()
        if not line:
            return
        gold, answer = json.loads(line)
        sys.stdout.write(verdict(gold, answer) + "\n")
        sys.stdout.flush()


def verdict(gold: str, answer: str) -> str:
    try:
        return "equal" if equal(gold, answer, algebraically_equal) else "different"
    except (
        Exception
    ):  # sympy raises anything on odd input; the parent counts and logs it as a failure of the grader
        return "failed"


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
