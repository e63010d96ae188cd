"""Weights & Biases, Trackio and TensorBoard, offline: what a run tells them, read from their own files."""

import sqlite3
from pathlib import Path

import pytest
from conftest import run_recipe, sft_flags


def run(rows: Path, tokenizer: Path, folder: Path, tracker: str, **environment: str) -> None:
    flags = sft_flags(rows, tokenizer, folder)
    flags[flags.index("--max_steps") + 1] = 2
    run_recipe("recipes/sft.py", *flags, "--report_to", tracker, **environment)


def test_wandb_has_the_name_the_recipe_and_the_loss(
    rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("wandb")
    environment = {"WANDB_MODE": "offline", "WANDB_DIR": str(tmp_path), "WANDB_SILENT": "true"}
    run(rows_file, tokenizer_folder, tmp_path / "coins" / "sft", "wandb", **environment)
    (file,) = tmp_path.glob("wandb/offline-run-*/*.wandb")
    written = file.read_bytes()
    assert b"coins-sft" in written
    assert b'"tokenizer_name_or_path":' in written  # of the recipe: TRL has no such setting
    assert b"train/loss" in written


def test_trackio_has_the_name_the_recipe_and_the_loss(
    rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("trackio")
    run(rows_file, tokenizer_folder, tmp_path / "coins" / "sft", "trackio", TRACKIO_DIR=str(tmp_path))
    (file,) = tmp_path.glob("*.db")
    with sqlite3.connect(file) as database:
        names = [name for (name,) in database.execute("SELECT DISTINCT run_name FROM metrics")]
        metrics = " ".join(str(row) for row in database.execute("SELECT metrics FROM metrics"))
        (config,) = database.execute("SELECT config FROM configs").fetchone()
    assert names == ["coins-sft"]
    assert "train/loss" in metrics
    assert b"rows.jsonl" in config


def test_tensorboard_has_the_recipe_and_the_loss(
    rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run(rows_file, tokenizer_folder, tmp_path / "sft", "tensorboard")
    (file,) = tmp_path.rglob("events.out.tfevents.*")
    events = EventAccumulator(str(file))
    events.Reload()
    assert [each.step for each in events.Scalars("train/loss")] == [1, 2]
    (text,) = events.Tensors("recipe/text_summary")
    assert "rows.jsonl" in text.tensor_proto.string_val[0].decode()
