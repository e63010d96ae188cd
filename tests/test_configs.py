"""Every shipped recipe has no mistake on its card, and cards of a recipe differ in hardware keys alone."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
import torch
import yaml
from conftest import ROOT
from transformers import AutoModelForCausalLM

from tinyreason.checks import check_file
from tinyreason.config import CorpusArguments, ModelArguments, parse_known
from tinyreason.data.splits import is_known
from tinyreason.models.loading import architecture_config
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
    launch = r"accelerate launch(?: --config_file configs/accelerate/\w+\.yaml)?"
    command = re.match(rf"# (?:{launch}|python) (recipes/\w+\.py) --config (\S+)", first)
    assert command, first
    assert (ROOT / command[1]).is_file()
    assert ROOT / command[2] == path


@pytest.mark.parametrize("path", TRAINING, ids=name_of)
def test_a_shipped_recipe_has_no_mistake(path: Path) -> None:
    assert check_file(path, stage_of(path), [], card_named(path)) == []


@pytest.mark.parametrize("path", sorted(set(CONFIGS) - set(TRAINING)), ids=name_of)
def test_a_shipped_tokenizer_or_corpus_has_keys_and_values_that_are_known(path: Path) -> None:
    (corpus,) = parse_known([CorpusArguments], ["--config", str(path)])
    for source in corpus.sources.values():
        assert source.dataset is None or is_known(source.dataset)
        assert source.text is None or len(source.text.split("/")) == 2


def test_a_mixture_takes_from_sources_that_its_corpus_has() -> None:
    pretraining = [path for path in TRAINING if path.name.startswith("pretrain")]
    assert len(pretraining) == 5
    for path in pretraining:
        recipe = yaml.safe_load(path.read_text())
        [corpus] = [
            values
            for values in (yaml.safe_load(file.read_text()) for file in path.parent.glob("corpus*.yaml"))
            if values["output_dir"] == recipe["corpus"]
        ]
        assert set(recipe["mixture"]) <= set(corpus["sources"])
        assert recipe["tokenizer_name_or_path"] == corpus["tokenizer_name_or_path"]


def test_all_stages_of_a_model_divide_their_data_by_one_seed() -> None:
    """Else what one stage validates on is what another has trained on."""
    seeds = defaultdict(dict)
    for path in CONFIGS:
        recipe = yaml.safe_load(path.read_text())
        sources = recipe.get("sources", {}).values()
        if "dataset" in recipe or any("dataset" in source for source in sources):
            seeds[path.parent.name][path.name] = recipe.get("dataset_seed", 0)
    assert len(seeds) == 8
    for model, found in seeds.items():
        assert len(set(found.values())) == 1, (model, found)


# vocabulary, parameters, and how many of them a token meets
SIZES = {
    "mathlm-40m/pretrain.yaml": (32_768, 40_379_904, 40_379_904),
    "mathlm-40m/pretrain_moe.yaml": (32_768, 92_317_184, 40_412_672),
    "tinymathreason-1b/pretrain.yaml": (32_000, 1_123_117_056, 1_123_117_056),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_model_from_scratch_has_the_parameters_that_it_should(name: str) -> None:
    (model_args,) = parse_known([ModelArguments], ["--config", str(ROOT / "configs" / name)])
    vocabulary, parameters, active = SIZES[name]
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(architecture_config(model_args.architecture, vocabulary))
    assert model.num_parameters() == parameters
    experts = sum(p.numel() for key, p in model.named_parameters() if ".experts." in key)
    assert parameters - experts * 3 // 4 == active
    if name.startswith("mathlm"):
        assert abs(active - 40_400_000) < 500_000


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
