"""Shared pieces: a small data set on disk, a tokenizer trained on it, and recipes run as a user runs them."""

import contextlib
import gc
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked import OFFLINE, interpreter

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers share the cores; read when torch is imported
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # as a shell starts what is to run in the background; the processes of the tests would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
TINY_MODEL = {
    "model_type": "qwen3",
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "intermediate_size": 64,
    "max_position_embeddings": 512,
    "tie_word_embeddings": True,
}
CPU = ["--use_cpu", "true", "--bf16", "false", "--gradient_checkpointing", "false", "--disable_tqdm", "true"]


@pytest.fixture(autouse=True, scope="module")
def _imported_modules_are_not_collected() -> None:
    """Every training run collects garbage, and goes through all that is imported for half a second."""
    gc.freeze()


@pytest.fixture(scope="session")
def rows_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 rows of a user's own that a tiny model learns to answer half the time: right and wrong rollouts."""
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    rows = [
        {"question": f"Is coin {n} worth 1 or 2?", "reasoning": "It is.", "answer": str(1 + n * n % 7 % 2)}
        for n in range(120)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="session")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer of 400 tokens trained on synthetic problems."""
    from tinyreason import chatml
    from tinyreason.synthetic import textbook_problems
    from tinyreason.tokenizer import train_tokenizer

    texts = [chatml.render_conversation(row) for row in textbook_problems("validation", seed=0)]
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(texts, 400).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def model_folder(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model with that tokenizer, less uniform than a fresh one."""
    from replay import save_model

    folder = tmp_path_factory.mktemp("model")
    save_model(folder, tokenizer_folder)
    return folder


@pytest.fixture(scope="session")
def endless(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model that hardly ever ends a turn, with many positions."""
    import torch

    from tinyreason.config import ModelArguments
    from tinyreason.models import load_model, load_tokenizer

    folder = tmp_path_factory.mktemp("endless")
    architecture = {**TINY_MODEL, "max_position_embeddings": 100_000}
    model_args = ModelArguments(architecture=architecture, tokenizer_name_or_path=str(tokenizer_folder))
    tokenizer = load_tokenizer(model_args, "boxed")
    model = load_model(model_args, tokenizer, seed=0)
    with torch.no_grad():
        model.get_input_embeddings().weight[tokenizer.eos_token_id] = 0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def recipe_process(name: str, *flags: object, fresh: bool = False, **environment: str) -> subprocess.Popen:
    """A recipe or script in a process of its own, offline, on one thread, so that tests do not disturb each
    other; in a `fresh` interpreter, or forked from one that has imported what recipes import.
    """
    return subprocess.Popen(
        [sys.executable if fresh else interpreter(**environment), str(ROOT / name), *map(str, flags)],
        cwd=ROOT,
        env={**os.environ, **OFFLINE, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def torchrun(processes: int, script: Path, *flags: object) -> subprocess.Popen:
    """A script in so many processes, which torchrun starts and which know of each other."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", processes]
    return subprocess.Popen(
        [str(word) for word in (*command, script, *flags)],
        env={**os.environ, **OFFLINE, "PYTHON_EXEC": interpreter()},  # of the processes
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_and_kill(name: str, *flags: object, until: Path, lines: int = 0, fresh: bool = False) -> None:
    """Starts a recipe and kills it with SIGKILL as soon as something, or so many lines, is in `until`."""
    process = recipe_process(name, *flags, fresh=fresh)
    limit = time.monotonic() + 120
    while not (until.is_file() and until.stat().st_size and until.read_bytes().count(b"\n") >= lines):
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < limit, f"{until} did not come"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL if fresh else signal.SIGUSR1)  # see forked.py
    process.wait()
    assert process.returncode == -signal.SIGKILL


def run_recipe(
    name: str,
    *flags: object,
    code: int = 0,
    typed: str = "",
    limit: int = 300,
    fresh: bool = False,
    **environment: str,
) -> str:
    """What a recipe prints when `typed` is its input; fails where the exit code is not `code`."""
    process = recipe_process(name, *flags, fresh=fresh, **environment)
    try:
        output, _ = process.communicate(typed, timeout=limit)
    finally:
        process.kill()
    assert process.returncode == code, output[-4000:]
    return output


def sft_flags(rows: Path, tokenizer: Path, output: Path) -> list[object]:
    """40 steps over 102 training rows: six epochs, two micro-batches a step,
    evaluation and checkpoints on the way.
    """
    model = ["--architecture", json.dumps(TINY_MODEL), "--tokenizer_name_or_path", tokenizer]
    steps = ["--max_steps", 40, "--save_steps", 5, "--eval_strategy", "steps", "--eval_steps", 10]
    batch = ["--per_device_train_batch_size", 8, "--gradient_accumulation_steps", 2, "--logging_steps", 1]
    return [
        "--dataset",
        rows,
        "--output_dir",
        output,
        "--learning_rate",
        "1e-2",
        *model,
        *steps,
        *batch,
        *CPU,
    ]


@pytest.fixture(scope="session")
def sft_run(rows_file: Path, tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a tiny model that answers the rows half the time."""
    folder = tmp_path_factory.mktemp("sft")
    output = run_recipe("recipes/sft.py", *sft_flags(rows_file, tokenizer_folder, folder))
    assert "\\boxed{" in output  # what the check shows of the supervised tokens
    return folder


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def served(process: subprocess.Popen, port: int) -> Iterator[str]:
    """The address of the page that a process serves, once it has said it; the process ends with the block."""
    address, said = f"http://127.0.0.1:{port}", ""
    try:
        while address not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def browser() -> Iterator:
    """Chromium as the system has it."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()
