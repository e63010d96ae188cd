"""Bad input gets one sentence that names the place and the fix, and no traceback."""

import contextlib
import signal
import subprocess
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from conftest import CPU, recipe_process, run_recipe
from test_recipes import sft_flags

from tinyreason.run import last_checkpoint


def sentence(recipe: str, *flags: object, code: int = 1) -> str:
    output = run_recipe(recipe, *flags, code=code)
    assert "Traceback" not in output, output
    return output


@pytest.mark.parametrize(
    ("recipe", "flags", "expected"),
    [
        ("recipes/sft.py", ["--config", "nowhere.yaml"], "nowhere.yaml"),
        ("recipes/grpo.py", ["--algorithm", "grop"], "unknown algorithm 'grop'; choose from grpo"),
        ("recipes/sft.py", ["--learnig_rate", "1e-3"], "did you mean learning_rate?"),
        ("recipes/evaluate.py", ["--model", "runs/nowhere"], "no such folder"),
        ("recipes/evaluate.py", ["--model", "runs/of/mine"], "error: runs/of/mine: no such folder"),
        ("recipes/evaluate.py", ["--model", "x", "--k", "-1"], "k: -1 is too few; give 0 or more"),
        ("recipes/evaluate.py", ["--model", "x", "--max_rows", "0"], "max_rows: 0 is too few; give 1 or"),
        ("recipes/evaluate.py", ["--model", "x", "--batch_size", "0"], "batch_size: 0 is too few"),
        ("recipes/evaluate.py", ["--model", "x", "--temperature", "0"], "give one above 0"),
        (
            "scripts/ready.py",
            ["--prompts", "0", "--model_name_or_path", "x", "--output_dir", "x", *CPU],
            "prompts: 0 is too few; give 1 or more",
        ),
        ("scripts/demo.py", ["--control", "--output_dir", "runs/nowhere"], "holds no finished demo"),
    ],
)
def test_a_wrong_command_is_one_sentence(recipe: str, flags: list[str], expected: str) -> None:
    assert expected in sentence(recipe, *flags)


def test_an_empty_or_missing_dataset_is_one_sentence(tokenizer_folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    for path, expected in ((empty, "0 rows"), (tmp_path / "none.jsonl", "there is no file")):
        output = sentence("recipes/sft.py", *sft_flags(path, tokenizer_folder, tmp_path / "run"))
        assert expected in output
        assert str(path) in output


def test_a_format_that_the_rows_cannot_fill_stops_before_training(
    tokenizer_folder: Path, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(f'{{"question": "What is {n}?", "answer": "{n}"}}\n' for n in range(60)))
    output = sentence("recipes/sft.py", *sft_flags(rows, tokenizer_folder, tmp_path / "run"))
    assert "no reasoning" in output


def test_an_unreadable_checkpoint_is_named(rows_file: Path, tokenizer_folder: Path, tmp_path: Path) -> None:
    flags = sft_flags(rows_file, tokenizer_folder, tmp_path / "run")
    output = sentence("recipes/sft.py", *flags, "--resume_from_checkpoint", tmp_path)
    assert "resume_from_checkpoint" in output
    assert "trainer_state.json is missing" in output


def test_ctrl_c_says_how_to_go_on_and_keeps_the_checkpoints(
    rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    flags = sft_flags(rows_file, tokenizer_folder, tmp_path)
    flags[flags.index("--max_steps") + 1] = 100_000
    process = recipe_process("recipes/sft.py", *flags)
    limit = time.monotonic() + 120
    while not (tmp_path / "checkpoint-5" / "trainer_state.json").is_file():
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.01)
    for _ in range(3):  # Python drops one that arrives in a finaliser
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            output, _ = process.communicate(timeout=40)
            break
    assert process.returncode == 130, output[-2000:]
    assert "interrupted: the same command goes on" in output
    assert "Traceback" not in output
    from trl import SFTConfig

    settings = SFTConfig(output_dir=str(tmp_path), use_cpu=True, bf16=False)
    assert last_checkpoint(settings) is not None


class Counter(BaseHTTPRequestHandler):
    """A hub that notes every request and knows nothing."""

    def handle_any(self) -> None:
        self.server.seen.append(f"{self.command} {self.path}")
        self.send_error(404)

    do_GET = do_HEAD = do_POST = handle_any  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize("turned_on", [False, True])
def test_nothing_is_reported_home_unless_it_is_turned_on(
    turned_on: bool, rows_file: Path, tokenizer_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CI", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Counter) as server:
        server.seen = []
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        environment = {"HF_ENDPOINT": address, "HF_HUB_OFFLINE": "0"}
        if turned_on:
            environment["HF_HUB_DISABLE_TELEMETRY"] = "0"
        flags = [*sft_flags(rows_file, tokenizer_folder, tmp_path), "--max_rows", 16]
        flags[flags.index("--max_steps") + 1] = 2
        run_recipe("recipes/sft.py", *flags, **environment)
        server.shutdown()
    assert bool(server.seen) == turned_on, server.seen
