"""Recipes in processes of their own that need not import torch, Transformers and TRL each time: they are
forked from a server that has imported them and run nothing.

    python -IS tests/forked.py ADDRESS [-u] SCRIPT FLAGS

is to a script what `python [-u] SCRIPT FLAGS` is: its own process with this one's environment, folder, input
and output; signals and the exit status are passed on, SIGUSR1 as a SIGKILL. Whatever else an interpreter is
asked for (-m, -c), and whatever has another environment than the server where a library reads it when it is
imported, gets a fresh interpreter.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import re
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

OFFLINE = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
PRELOADED = ["trl", "trl.experimental", "peft", "tinyreason.checks", "tinyreason.evaluation"]
# read when they are used: by wandb, torch.distributed, Accelerate, tokenizers and vLLM; or not by recipes.
# HF_HUB_DISABLE_TELEMETRY is read at import, but no server is there for what tests it; HF_XET_ is about the
# real Hub's transfers alone, and lm_eval sets it when it is imported
READ_LATER = re.compile(
    "WANDB_|RANK|WORLD_SIZE|(LOCAL|GROUP|ROLE|MASTER|TORCHELASTIC|TORCH_NCCL)_|TOKENIZERS_PARALLELISM|"
    "VLLM_NO_USAGE_STATS|HF_HUB_DISABLE_TELEMETRY|HF_XET_|PYTHON_EXEC|PYTEST_|JPY_|IPY|TERM|CLICOLOR|FORCE_COLOR|"
    "PAGER|GIT_PAGER|MPLBACKEND|PYDEVD_"
)
_servers: dict[frozenset[tuple[str, str]], "Server"] = {}  # by the variables that they have besides


class Server:
    """One environment's; it ends with the process that started it."""

    def __init__(self, environment: dict[str, str]) -> None:
        import subprocess
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.address = f"{self.folder.name}/socket"
        self.interpreter = Path(self.folder.name) / "python"  # what the scripts know as sys.executable
        words = f"'{sys.executable}' -IS '{__file__}' '{self.address}'"
        self.interpreter.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        self.interpreter.chmod(0o755)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(64)
            self.process = subprocess.Popen(
                [sys.executable, "-P", __file__, "--serve", str(listener.fileno()), str(self.interpreter)],
                env=environment,
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            )

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()


def _key(variables: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in variables.items() if not READ_LATER.match(name))


def interpreter(**variables: str) -> str:
    """What takes a script's words where these variables are set besides those of this process: a server, if
    there is one for them.
    """
    key = _key(variables)
    if not key and key not in _servers:
        _servers[key] = Server({**os.environ, **OFFLINE})
    return str(_servers[key].interpreter) if key in _servers else sys.executable


@contextlib.contextmanager
def serving_forks(**variables: str) -> Iterator[str]:
    """A server for recipes that are given these variables, and its interpreter."""
    key = _key(variables)
    _servers[key] = Server({**os.environ, **OFFLINE, **variables})
    try:
        yield interpreter(**variables)
    finally:
        _servers.pop(key).stop()


def _serve(listener: socket.socket) -> dict[str, Any]:
    """Returns in every forked process, with what is asked of it."""
    known = [dict(os.environ)]
    for name in PRELOADED:
        importlib.import_module(name)
    known.append(dict(os.environ))  # some libraries set some
    gc.freeze()  # nor does a collection in a forked process copy all of this
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a guard
    while True:
        ready, _, _ = select.select([listener, 0], [], [])
        if listener not in ready:
            os._exit(0)  # who started it is gone
        connection, _ = listener.accept()
        if not os.fork():
            listener.close()
            return _guard(connection, known)
        connection.close()


def _guard(connection: socket.socket, known: list[dict[str, str]]) -> dict[str, Any]:
    """Waits for the process that it forks, and kills it where nobody waits any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(connection, 1, 3)
    stream = connection.makefile()
    asked = json.loads(stream.readline())
    names = {*asked["environment"], *known[0], *known[1]}
    values = {name: {variables.get(name) for variables in known} for name in names}
    if any(asked["environment"].get(n) not in values[n] for n in names if not READ_LATER.match(n)):
        connection.sendall(b"refused\n")
        os._exit(0)
    pid = os.fork()
    if not pid:
        stream.close()
        connection.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        return asked
    for file in files:
        os.close(file)
    connection.sendall(f"{pid}\n".encode())
    threading.Thread(target=_kill_where_nobody_waits, args=(stream, pid), daemon=True).start()
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _kill_where_nobody_waits(stream: TextIO, pid: int) -> None:
    stream.read()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _run(asked: dict[str, Any], interpreter: str) -> None:
    """A script, as if this were an interpreter that has just been started with it."""
    import runpy
    import traceback

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.executable = interpreter
    sys.argv = asked["words"]
    sys.path.insert(0, str(Path(sys.argv[0]).resolve().parent))
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout.reconfigure(line_buffering=os.isatty(1))
    if asked["unbuffered"]:
        sys.stdout.reconfigure(write_through=True)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if end.code != code and end.code is not None:
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # not through the end of an interpreter, which takes all these modules apart for a second


def _ask(address: str, words: list[str]) -> int:
    unbuffered = words[:1] == ["-u"]
    script = words[unbuffered:]
    if not script or not script[0].endswith(".py"):
        os.execv(sys.executable, [sys.executable, *words])
    asked = {"words": script, "unbuffered": unbuffered, "folder": os.getcwd()}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [b" "], [0, 1, 2])
        connection.sendall(json.dumps({**asked, "environment": dict(os.environ)}).encode() + b"\n")
        replies = connection.makefile()
        answer = replies.readline()
        if answer == "refused\n":
            os.execv(sys.executable, [sys.executable, *words])
        pid = int(answer)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: os.kill(pid, number))
        signal.signal(signal.SIGUSR1, lambda *_: os.kill(pid, signal.SIGKILL))
        return int(replies.readline())


def _main() -> None:
    if sys.argv[1] == "--serve":
        _run(_serve(socket.socket(fileno=int(sys.argv[2]))), sys.argv[3])
        return
    code = _ask(sys.argv[1], sys.argv[2:])
    if code < 0:
        with contextlib.suppress(OSError):  # SIGKILL has no handler
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    _main()
