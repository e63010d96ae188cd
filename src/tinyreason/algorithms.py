"""The table of algorithms: what `algorithm:` in a recipe means. The class defaults are the algorithm."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinyreason import grpo

if TYPE_CHECKING:
    import trl


@dataclass(frozen=True)
class Algorithm:
    """The config class whose defaults define the algorithm, and the trainer that runs it."""

    config: "type[trl.GRPOConfig]"
    trainer: "type[trl.GRPOTrainer]"


ALGORITHMS = {"grpo": Algorithm(grpo.PlainGRPOConfig, grpo.GRPOTrainer)}
