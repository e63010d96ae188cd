"""Models and checkpoints on a Hub, over HTTP: pushed while training, found again by a machine that has
nothing, and adapters used by their id.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CPU, ROOT, run_recipe, sft_flags
from hub import Hub, serving
from safetensors.torch import load, load_file

REPO = "tester/pushed"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as served:
        yield served


def test_a_run_goes_on_from_the_hub_where_its_machine_is_gone(
    hub: Hub, rows_file: Path, tokenizer_folder: Path, sft_run: Path, tmp_path: Path
) -> None:
    """It ends with the weights of a run that was never interrupted, and its metrics from the first step."""
    output = tmp_path / "run"
    flags = sft_flags(rows_file, tokenizer_folder, output)
    flags += ["--push_to_hub", "true", "--hub_model_id", REPO, "--hub_strategy", "checkpoint"]
    flags += ["--hub_always_push", "true"]  # however fast the steps are
    environment = hub.environment(tmp_path / "cache")
    run_recipe("recipes/sft.py", *flags, **environment)
    hub.repositories[REPO] = hub.history["Training in progress, step 15, checkpoint"]  # and then it was lost
    shutil.rmtree(output)

    printed = run_recipe("recipes/sft.py", *flags, **environment)

    assert f"resuming from {output / 'checkpoint-15'}" in printed
    ended, whole = (load_file(folder / "model.safetensors") for folder in (output, sft_run))
    assert all(ended[name].equal(whole[name]) for name in whole)
    assert (output / "metrics.jsonl").read_text().count('"loss"') == 40
    pushed = hub.repositories[REPO]
    assert pushed["model.safetensors"] == (output / "model.safetensors").read_bytes()
    assert {"recipe.yaml", "run.json", "tokenizer.json"} <= pushed.keys()


def test_an_adapter_is_used_by_its_id_with_the_base_that_it_names(
    hub: Hub, rows_file: Path, model_folder: Path, tmp_path: Path
) -> None:
    """Trained from a base on the Hub, pushed, evaluated, trained on and merged, each time from the Hub."""
    pytest.importorskip("peft")
    hub.add("tester/base", model_folder)
    lora = ["--use_peft", "true", "--lora_r", 4, "--lora_alpha", 8, "--dataset", rows_file, *CPU]
    steps = ["--max_steps", 2, "--save_steps", 2, "--logging_steps", 1, "--learning_rate"]
    push = ["--push_to_hub", "true", "--hub_model_id", "tester/adapter"]

    def run(recipe: str, *flags: object) -> str:
        return run_recipe(recipe, *flags, **hub.environment(tmp_path / "cache"))

    sft = ["--model_name_or_path", "tester/base", "--output_dir", tmp_path / "sft"]
    run("recipes/sft.py", *lora, *steps, "1e-2", *push, *sft)
    pushed = hub.repositories["tester/adapter"]
    assert b'"base_model_name_or_path": "tester/base"' in pushed["adapter_config.json"]
    assert "model.safetensors" not in pushed

    few = ["--dataset", rows_file, "--max_rows", 4, "--max_completion_length", 16, "--output_dir", tmp_path]
    local, remote = (
        run("recipes/evaluate.py", "--model", name, *few) for name in (tmp_path / "sft", "tester/adapter")
    )
    assert local.split(" on ")[-1] == remote.split(" on ")[-1]

    rl = ["--model_name_or_path", "tester/adapter", *lora, *steps, "1e-9", "--max_completion_length", 8]
    run("recipes/grpo.py", *rl, "--output_dir", tmp_path / "rl")
    run("recipes/grpo.py", *rl, "--merge_adapter", "true", "--output_dir", tmp_path / "merged")
    shutil.rmtree(ROOT / "runs/merged/tester--adapter")
    start = load(pushed["adapter_model.safetensors"])
    for name, moved in (("rl", False), ("merged", True)):
        trained = load_file(tmp_path / name / "adapter_model.safetensors")
        assert all(trained[key].allclose(start[key], atol=1e-6) != moved for key in start if "lora_B" in key)
