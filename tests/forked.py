"""Recipes in processes of their own that need not import torch, Transformers and TRL each time: they are
forked from a server that has imported them and run nothing.
"""

import atexit
import multiprocessing
import multiprocessing.forkserver
import os
import runpy
import signal
import sys
import tempfile
from pathlib import Path

OFFLINE = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
PRELOADED = ["trl", "trl.experimental", "peft", "tinyreason.checks", "tinyreason.evaluation"]


def run_forked(script: Path, flags: list[str], typed: str, limit: float) -> tuple[int | None, str]:
    """(exit code, output) of a script, None for one that took longer than `limit` seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    before = {name: os.environ.get(name) for name in OFFLINE}
    os.environ.update(OFFLINE)  # the server reads it when it starts
    multiprocessing.forkserver.ensure_running()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    with tempfile.TemporaryDirectory() as folder:
        given, printed = Path(folder) / "input", Path(folder) / "output"
        given.write_text(typed)
        process = context.Process(target=_run, args=(script, flags, given, printed))
        process.start()
        process.join(limit)
        if process.exitcode is None:
            process.kill()
            process.join()
            return None, printed.read_text(errors="replace")
        return process.exitcode, printed.read_text(errors="replace")


def _run(script: Path, flags: list[str], given: Path, printed: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(given, os.O_RDONLY), 0)
    output = os.open(printed, os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdin = open(0)  # noqa: SIM115
    os.chdir(script.parents[1])
    sys.argv = [str(script), *flags]
    sys.path.insert(0, str(script.parent))
    try:
        runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.stdout.flush()
        atexit._run_exitfuncs()
