"""Every shipped recipe has no mistake on its card, and cards of a recipe differ in hardware keys alone."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from tinyreason.checks import check_file
from tinyreason.config import ModelArguments, parse_known
from tinyreason.planner import PlanArguments, card_named, plan, stage_of

CONFIGS = sorted(path for path in (ROOT / "configs").rglob("*.yaml") if path.parent.name != "accelerate")
TRAINING = [path for path in CONFIGS if not path.name.startswith(("tokenizer", "corpus"))]
GRID = [path for path in TRAINING if card_named(path)]
# what may differ between the cards of one model and stage
HARDWARE_KEYS = {
    *("dtype", "load_in_4bit", "attn_implementation", "bf16", "fp16", "optim", "gradient_checkpointing"),
    *("per_device_train_batch_size", "gradient_accumulation_steps", "use_vllm"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CONFIGS, ids=name_of)
def test_a_shipped_recipe_names_its_command(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    command = re.match(r"# (?:accelerate launch|python) (recipes/\w+\.py) --config (\S+)", first)
    assert command, first
    assert (ROOT / command[1]).is_file()
    assert ROOT / command[2] == path


@pytest.mark.parametrize("path", TRAINING, ids=name_of)
def test_a_shipped_recipe_has_no_mistake(path: Path) -> None:
    assert check_file(path, stage_of(path), [], card_named(path)) == []


def test_every_model_has_a_recipe_for_every_card() -> None:
    found = defaultdict(set)
    for path in GRID:
        found[path.parent.name].add(path.stem)
    whole = {f"{stage}_{card}" for stage in ("sft", "grpo") for card in ("t4", "l4", "a100", "mi300x")}
    for model in (
        *("qwen2.5-0.5b-instruct", "smollm2-360m-instruct", "qwen2.5-1.5b-instruct"),
        "qwen2.5-math-1.5b-instruct",
    ):
        assert found[model] == whole, model
    assert found["tinymathreason-1b"] == {"sft_a100", "sft_mi300x", "grpo_l4"}


@pytest.mark.parametrize("path", GRID, ids=name_of)
def test_cards_differ_in_hardware_keys_alone(path: Path) -> None:
    """All with adapters, so that one learning rate is right on all of them; but a base model learns to chat
    with all its weights, on cards that have room for them.
    """
    stage = path.stem.rpartition("_")[0]
    values, first = (
        yaml.safe_load(file.read_text()) for file in (path, min(path.parent.glob(f"{stage}_*.yaml")))
    )
    others = [{key: v for key, v in recipe.items() if key not in HARDWARE_KEYS} for recipe in (values, first)]
    assert others[0] == others[1]
    batches = [r["per_device_train_batch_size"] * r["gradient_accumulation_steps"] for r in (values, first)]
    assert batches[0] == batches[1]
    assert values.get("use_peft", False) != (path.parent.name == "tinymathreason-1b" and stage == "sft")


@pytest.mark.parametrize("path", GRID, ids=name_of)
def test_the_planned_peak_in_a_recipe_is_that_of_the_planner(path: Path) -> None:
    model_args, args = parse_known([ModelArguments, PlanArguments], ["--config", str(path)])
    found = plan(stage_of(path), model_args, args, card_named(path))
    assert found.fits
    assert f"# planned peak: {found.peak_gib:.1f} of {found.card_gib:.1f} GiB" in path.read_text()
