"""Asks a worker process whether two answers are equal symbolically, and kills it when it takes too long.

sympy can neither be interrupted nor bounded from inside: `9^{9^{9^9}}` is one call into C. So it runs in a
subprocess that imports the grader alone, started at the first symbolic pair, shared by the threads of a
process (one pair at a time), never by two processes: after a fork the child starts its own.
"""

import atexit
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import tinyreason

logger = logging.getLogger(__name__)

SECONDS_PER_PAIR = 1.0
SECONDS_TO_START = 120.0  # not counted in the limit of a pair: imports of sympy on a busy machine
LONGEST_SYMBOLIC = 1_000  # characters of either side; longer than any answer that a person would write
WORKER = "tinyreason.answers.symbolic_worker"


@dataclass(frozen=True)
class SymbolicCounts:
    """What this process asked so far: `timed_out` and `failed` pairs were graded wrong."""

    asked: int = 0
    timed_out: int = 0
    failed: int = 0


class SymbolicWorker:
    """One subprocess and the lock that serialises its use."""

    def __init__(self) -> None:
        self.counts = SymbolicCounts()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def equal(self, gold: str, answer: str) -> bool:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            reply = self._ask(gold, answer)
            self.counts = replace(
                self.counts,
                asked=self.counts.asked + 1,
                timed_out=self.counts.timed_out + (reply is None),
                failed=self.counts.failed + (reply == "failed"),
            )
        if reply is None:
            logger.warning(
                "no verdict in %s s, graded wrong: %.80r for %.80r", SECONDS_PER_PAIR, answer, gold
            )
        elif reply == "failed":
            logger.warning("the symbolic grader failed, graded wrong: %.80r for %.80r", answer, gold)
        return reply == "equal"

    def close(self) -> None:
        """Ends the subprocess if this process started it; a forked child leaves its parent's alone."""
        if _workers.get(os.getpid()) is self:
            self._kill()

    def abandon(self) -> None:
        """In a forked child: drops the inherited pipe ends, so that the worker can see its parent end."""
        if self._process is not None:
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None

    def _start(self) -> None:
        self._kill()
        source = str(Path(tinyreason.__file__).parents[1])
        # -P keeps a sympy.py in the working folder from being imported instead of sympy
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([source, *_inherited_path()])},
        )
        if self._read_line(SECONDS_TO_START) != b"ready\n":
            self._kill()
            raise RuntimeError(
                f"the symbolic grader did not start (is math-verify installed?); to see why, run: "
                f"{sys.executable} -m {WORKER}"
            )

    def _ask(self, gold: str, answer: str) -> str | None:
        """ "equal", "different", "failed", or None past the time limit, after which the worker is dead."""
        try:
            self._process.stdin.write(json.dumps([gold, answer]).encode() + b"\n")
            line = self._read_line(SECONDS_PER_PAIR)
        except BrokenPipeError:
            line = b""
        if line is None or not line:
            self._kill()
        return None if line is None else line.decode().strip() or "failed"

    def _read_line(self, seconds: float) -> bytes | None:
        """The next line; b"" where the worker ended, None past the limit."""
        deadline, line = time.monotonic() + seconds, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return None
                chunk = os.read(self._process.stdout.fileno(), 4096)
                if not chunk:
                    return b""
                line += chunk
        return line

    def _kill(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process = None


_workers: dict[int, SymbolicWorker] = {}


def symbolically_equal(gold: str, answer: str) -> bool:
    """Math-Verify's verdict within the limits; False, and counted, past them."""
    if len(gold) > LONGEST_SYMBOLIC or len(answer) > LONGEST_SYMBOLIC:
        return False
    return _worker_of_this_process().equal(gold, answer)


def symbolic_counts() -> SymbolicCounts:
    """How often this process asked for a symbolic comparison, and how often it got no verdict."""
    worker = _workers.get(os.getpid())
    return worker.counts if worker else SymbolicCounts()


def _worker_of_this_process() -> SymbolicWorker:
    worker = _workers.get(os.getpid())
    if worker is None:
        for process_id in [process_id for process_id in _workers if process_id != os.getpid()]:
            _workers.pop(process_id).abandon()
        worker = _workers.setdefault(os.getpid(), SymbolicWorker())
        atexit.register(worker.close)
    return worker


def _inherited_path() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
