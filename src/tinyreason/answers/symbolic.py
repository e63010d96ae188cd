"""Asks worker processes whether two answers are equal symbolically, and counts what got no verdict.

A pool of `python -m` subprocesses that import the grader alone (see `symbolic_worker`), each started when a
thread first needs it, shared by the threads of a process, never by two processes: after a fork the child
starts its own.
"""

import atexit
import json
import logging
import os
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import tinyreason

logger = logging.getLogger(__name__)

WORKERS = min(8, os.cpu_count() or 1)
SECONDS_TO_START = 120.0  # not counted in the limit of a pair: imports of sympy on a busy machine
SECONDS_TO_ANSWER = 10.0  # the worker's own limit is shorter; this one is for a worker that is stuck itself
LONGEST_SYMBOLIC = 1_000  # characters of either side; longer than any answer that a person would write
WORKER = "tinyreason.answers.symbolic_worker"


@dataclass(frozen=True)
class GraderCounts:
    """What happened in this process so far: pairs that went to a worker, and those that were graded wrong
    because it ran out of time or the grader itself failed.
    """

    symbolic: int = 0
    timed_out: int = 0
    failed: int = 0


class SymbolicWorker:
    """One subprocess, started at its first pair and again after a failure; for one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, gold: str, answer: str) -> str:
        """ "equal", "different", "timed out" or "failed"."""
        try:
            if self._process is None or self._process.poll() is not None:
                self._start()
            self._process.stdin.write(json.dumps([gold, answer]).encode() + b"\n")
            line = self._read_line(SECONDS_TO_ANSWER)
        except BrokenPipeError:
            line = b""
        except BaseException:  # an interrupted cell: the reply on its way must not answer the next question
            self.close()
            raise
        if not line:
            self.close()
            return "failed"
        return line.decode().strip()

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.abandon()

    def abandon(self) -> None:
        """Drops the pipe ends alone: in a forked child, so that the worker can see its parent end."""
        if self._process is not None:
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None

    def _start(self) -> None:
        self.close()
        source = str(Path(tinyreason.__file__).parents[1])
        inherited = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
        # -P keeps a sympy.py in the working folder from being imported instead of sympy
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([source, *inherited])},
        )
        if self._read_line(SECONDS_TO_START) != b"ready\n":
            self.close()
            raise RuntimeError(
                f"the symbolic grader did not start (is math-verify installed?); to see why, run: "
                f"{sys.executable} -m {WORKER}"
            )

    def _read_line(self, seconds: float) -> bytes:
        """The next line; b"" where the worker ended or the time is over."""
        deadline, line = time.monotonic() + seconds, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return b""
                chunk = os.read(self._process.stdout.fileno(), 4096)
                if not chunk:
                    return b""
                line += chunk
        return line


class SymbolicPool:
    """The workers of one process; the last one used is the first to be used again."""

    def __init__(self) -> None:
        self._workers = [SymbolicWorker() for _ in range(WORKERS)]
        self._idle: queue.LifoQueue[SymbolicWorker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def ask(self, gold: str, answer: str) -> str:
        """ "equal", "different", "timed out" or "failed"; waits for a free worker."""
        worker = self._idle.get()
        try:
            word = worker.ask(gold, answer)
        finally:
            self._idle.put(worker)
        count(symbolic=1, timed_out=word == "timed out", failed=word == "failed")
        if word in ("timed out", "failed"):
            logger.warning("the symbolic grader %s, graded wrong: %.80r for %.80r", word, answer, gold)
        return word

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def abandon(self) -> None:
        """In a forked child: leaves the workers to the parent."""
        for worker in self._workers:
            worker.abandon()


_pool: SymbolicPool | None = None
_counts = GraderCounts()
_lock = threading.Lock()


def ask(gold: str, answer: str) -> str:
    """The verdict "equal" or "different", or why there is none: "timed out", "failed", "too long"."""
    if len(gold) > LONGEST_SYMBOLIC or len(answer) > LONGEST_SYMBOLIC:
        return "too long"
    return _pool_of_this_process().ask(gold, answer)


def ask_all(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """`ask` for many (gold, answer) pairs, on all workers."""
    with ThreadPoolExecutor(WORKERS) as threads:
        return list(threads.map(lambda pair: ask(*pair), pairs))


def grader_counts() -> GraderCounts:
    """How often this process asked a worker, and how often there was no verdict."""
    return _counts


def count(*, symbolic: int = 0, timed_out: int = 0, failed: int = 0) -> None:
    """Adds to the counts of this process."""
    global _counts
    with _lock:
        _counts = replace(
            _counts,
            symbolic=_counts.symbolic + symbolic,
            timed_out=_counts.timed_out + timed_out,
            failed=_counts.failed + failed,
        )


def _pool_of_this_process() -> SymbolicPool:
    global _pool
    with _lock:
        if _pool is None:
            _pool = SymbolicPool()
            atexit.register(_pool.close)
        return _pool


def _start_anew() -> None:
    global _pool, _counts, _lock
    if _pool is not None:
        _pool.abandon()
    _pool, _counts, _lock = None, GraderCounts(), threading.Lock()


os.register_at_fork(after_in_child=_start_anew)
