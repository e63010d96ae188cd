"""The rules on a recipe file, on a run that is about to start, and what a run needs beside that is right."""

from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any

from tinyreason.checks.packages import missing_packages
from tinyreason.checks.rules import RULES, Recipe
from tinyreason.config import (
    AlarmArguments,
    AlgorithmArguments,
    ConfigError,
    MixtureArguments,
    ModelArguments,
    RecipeArguments,
    StopArguments,
    choose,
)
from tinyreason.config.parsing import build, known_slots, read_values, typed_values
from tinyreason.hardware import CARDS, this_card
from tinyreason.hardware import attention as resolved_attention


def problems_of(recipe: Recipe) -> list[str]:
    """`key: value: why, and the fix`, one line a mistake."""
    return described(recipe, [found for rule in RULES for found in rule(recipe)])


def described(recipe: Recipe, found: Iterable[tuple[str, str]]) -> list[str]:
    """Keys with what is wrong with them, as sentences that have the value too."""
    values = [(key, recipe[key], text) for key, text in found]
    return [f"{key}: {v.value if isinstance(v, Enum) else v}: {text}" for key, v, text in values]


def check_run(stage: str, *instances: Any) -> None:
    """Raises ConfigError with every mistake of a parsed recipe on the card of this machine, and every package
    that it needs and that is not installed here.
    """
    values = {key: value for instance in instances for key, value in vars(instance).items()}
    values["attn_implementation"] = resolved_attention(values["attn_implementation"], values["dtype"])
    recipe = Recipe(stage, values, None if values["use_cpu"] else this_card())
    problems = problems_of(recipe) + described(recipe, missing_packages(values))
    if problems:
        raise ConfigError("\n".join(problems))


def check_file(path: Path, stage: str, flags: list[str], hardware: str | None) -> list[str]:
    """Every mistake of a recipe file with `flags` on top, as on `hardware`, a key of CARDS."""
    argv = ["--config", str(path), *flags]
    classes = classes_of(stage, argv)
    given, problems, source = typed_values(classes, argv)
    defaults = {key: slot.default() for key, slot in known_slots(classes).items()}
    recipe = Recipe(stage, {**defaults, **given}, CARDS.get(hardware))
    # the classes say no to a card that is not here: what they say of the rest is found with stand-ins
    here = {"use_cpu": True, "bf16": False, "fp16": False, "use_vllm": False}
    for cls in classes:
        try:
            build(cls, {**given, **here}, source)
        except ConfigError as error:
            problems.append(str(error))
    return problems + [f"{source}: {line}" for line in problems_of(recipe)]


def classes_of(stage: str, argv: list[str]) -> list[type]:
    """The classes whose fields are the keys of a recipe."""
    if stage == "pretrain":
        from tinyreason.pretraining import PretrainingConfig

        return [MixtureArguments, StopArguments, ModelArguments, PretrainingConfig]
    if stage == "sft":
        from trl import SFTConfig

        return [RecipeArguments, StopArguments, ModelArguments, SFTConfig]
    from tinyreason.algorithms import ALGORITHMS

    name = read_values(argv, ["algorithm"]).get("algorithm", AlgorithmArguments.algorithm)
    algorithm = choose(ALGORITHMS, name, what="algorithm")
    ours = [RecipeArguments, AlgorithmArguments, algorithm.rewards, AlarmArguments, ModelArguments]
    return [*ours, algorithm.config]
