"""Every shipped recipe parses with exactly the classes of the recipe that its first line names."""

import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from trl import SFTConfig

from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import AlgorithmArguments, ModelArguments, RecipeArguments, parse

CONFIGS = sorted(path for path in (ROOT / "configs").rglob("*.yaml") if path.parent.name != "accelerate")


def classes_of(path: Path) -> list[type]:
    values = yaml.safe_load(path.read_text())
    stage = path.name.split("_")[0]
    if stage == "grpo":
        algorithm = ALGORITHMS[values["algorithm"]]
        return [RecipeArguments, AlgorithmArguments, ModelArguments, algorithm.config]
    assert stage == "sft"
    return [RecipeArguments, ModelArguments, SFTConfig]


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_shipped_recipe_names_its_command_and_parses(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    command = re.match(r"# (?:accelerate launch|python) (recipes/\w+\.py) --config (\S+)", first)
    assert command, first
    assert (ROOT / command[1]).is_file()
    assert ROOT / command[2] == path
    if path.name.startswith("tokenizer"):
        return  # its class stands in the recipe; test_recipes runs it
    parse(classes_of(path), ["--config", str(path)])


def test_there_are_recipes() -> None:
    assert len(CONFIGS) >= 4
