"""Recipes: class default < YAML file < command line, every value checked before anything is loaded.

The keys are the fields of the dataclasses that a recipe passes in, under their own names, so that nothing
here needs torch, Transformers or TRL. `text.py` reads, `fields.py` gives what was read the types of the
fields, `parsing.py` puts both together, `writing.py` is the way back.
"""

from tinyreason.config.arguments import (
    ALARMS,
    PROJECTIONS,
    REWARDS,
    AlarmArguments,
    AlgorithmArguments,
    CorpusArguments,
    MixtureArguments,
    ModelArguments,
    RecipeArguments,
    RewardArguments,
    Source,
    StopArguments,
)
from tinyreason.config.fields import choose
from tinyreason.config.parsing import parse, parse_known, positional, read_values
from tinyreason.config.text import ConfigError
from tinyreason.config.writing import RECIPE, write_recipe

__all__ = [
    "ALARMS",
    "PROJECTIONS",
    "RECIPE",
    "REWARDS",
    "AlarmArguments",
    "AlgorithmArguments",
    "ConfigError",
    "CorpusArguments",
    "MixtureArguments",
    "ModelArguments",
    "RecipeArguments",
    "RewardArguments",
    "Source",
    "StopArguments",
    "choose",
    "parse",
    "parse_known",
    "positional",
    "read_values",
    "write_recipe",
]
