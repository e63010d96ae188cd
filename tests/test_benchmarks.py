"""The benchmark of the recipes on a GPU, as far as a machine without one can try it."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
import torch
import yaml
from conftest import ROOT, run_recipe

from tinyreason.report import write_between_marks


@pytest.fixture
def gpu_recipes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gpu_recipes", ROOT / "benchmarks/gpu_recipes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_recipes_run_with_random_weights_and_rows_of_full_length(tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    folder = "configs/smollm2-360m-instruct"
    output = run_recipe(
        "benchmarks/gpu_recipes.py", "--dry_run", "true", "--output_dir", tmp_path,
        "--recipes", f"{folder}/sft_t4.yaml", f"{folder}/grpo_a100.yaml",
    )  # fmt: skip
    found = json.loads(output[output.index("{\n") :])
    assert [set(row) for row in found["recipes"]] == [{"recipe", "flags", "planned_gib"}] * 2  # none failed
    sft, rl = (
        json.loads((tmp_path / "dry_run/runs/smollm2-360m-instruct" / name / "run.json").read_text())
        for name in ("sft_t4", "grpo_a100")
    )
    assert (sft["steps"], sft["card_memory_mib"]) == (1, None)
    assert 8 * 314 <= sft["tokens_seen"] <= 8 * 320
    assert rl["steps"] == 1
    assert (tmp_path / "dry_run/models/HuggingFaceTB--SmolLM2-360M-Instruct/model.safetensors").is_file()


def test_without_a_gpu_it_says_so() -> None:
    hidden = {"CUDA_VISIBLE_DEVICES": ""} if torch.cuda.is_available() else {}
    output = run_recipe("benchmarks/gpu_recipes.py", code=1, **hidden)
    assert "there is no GPU here" in output


def test_the_table_goes_between_its_marks(gpu_recipes: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "measured.md"
    begin, end = "<!-- gpu_recipes: begin -->\n", "<!-- gpu_recipes: end -->\n"
    page.write_text(f"before\n{begin}not measured\n{end}after\n")
    measured = {"planned_gib": 2.0, "allocated_gib": 1.9, "reserved_gib": 2.2}
    late = {"planned_gib": 9.0, "failed": "out of time"}
    rows = [
        {"recipe": "configs/a/sft_t4.yaml", "flags": {}, **measured},
        {"recipe": "configs/a/grpo_l4.yaml", "flags": {"use_vllm": "false"}, **late},
    ]
    for _ in range(2):
        table = gpu_recipes.table({"device": "NVIDIA X", "steps": 5, "recipes": rows})
        write_between_marks(page, "gpu_recipes", table)
    lines = page.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    assert "| a/sft_t4 | 2.0 | 1.9 | 2.2 | -5% |" in lines
    assert "| a/grpo_l4 without vLLM | 9.0 | not measured: out of time | | |" in lines
    assert page.read_text().count("NVIDIA X") == 1
    assert begin in (ROOT / "docs/measured.md").read_text()
    assert begin.replace("recipes", "scratch") in (ROOT / "docs/measured.md").read_text()
    with pytest.raises(ValueError, match="has no marks for gpu_scratch"):
        write_between_marks(page, "gpu_scratch", table)


def test_runs_wait_until_there_is_room(gpu_recipes: ModuleType) -> None:
    room = gpu_recipes.Room(10)
    assert (room.take(6), room.free) == (6, 4)
    room.give(6)
    assert (room.take(25), room.free) == (10, 0)


@pytest.mark.proof
def test_a_model_comes_from_an_empty_folder_through_every_stage(tmp_path: Path) -> None:
    """Tokenizer, corpus, pretraining, SFT and GRPO, each from what the one before it wrote, and evaluated."""
    verbs = ("buys", "finds", "makes", "draws", "gets", "paints", "sews", "orders")
    for split, first, count in (("train", 0, 160), ("test", 1000, 4)):
        rows = []
        for n in range(first, first + count):
            more = n % 9 + 2
            question = f"Tom has {n} pens and {verbs[n % 8]} {more} more. How many has he?"
            rows.append({"question": question, "answer": f"{n}+{more}={n + more}\n#### {n + more}"})
        path = tmp_path / f"data/gsm8k/{split}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    flags = ["--dry_run", "true", "--data_dir", tmp_path / "data", "--output_dir", tmp_path / "run"]
    stopped = run_recipe("benchmarks/gpu_scratch.py", *flags, "--seconds", 2, code=1)
    assert "out of time in" in stopped
    assert "the same command goes on" in stopped
    output = run_recipe("benchmarks/gpu_scratch.py", *flags)
    found = json.loads(output[output.rindex("\n{\n") :])
    assert found["tokens"] == 4 * 2 * 4 * 128
    assert {name: score["n"] for name, score in found["gsm8k"].items()} == dict(pretrain=4, sft=4, grpo=4)
    assert found["speed"]["ratio"] > 0
    manifests = {
        name: json.loads((tmp_path / "run" / name / "run.json").read_text())
        for name in ("pretrain", "sft", "grpo")
    }
    assert {manifest["parameters"] for manifest in manifests.values()} == {found["parameters"]}
    index = json.loads((tmp_path / "run/corpus/gsm8k/index.json").read_text())
    assert manifests["pretrain"]["data"]["gsm8k"]["tokens"] == index["tokens"]
    recipes = {
        name: yaml.safe_load((tmp_path / "run" / name / "recipe.yaml").read_text()) for name in manifests
    }
    assert recipes["sft"]["model_name_or_path"] == str(tmp_path / "run/pretrain")
    assert recipes["grpo"]["model_name_or_path"] == str(tmp_path / "run/sft")
