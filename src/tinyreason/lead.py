"""GRPO-LEAD: short right answers and hard problems weigh more."""

from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from tinyreason.advantages import concise_rewards, linear_difficulty, logistic_difficulty, pass_rates
from tinyreason.config import ConfigError, RewardArguments
from tinyreason.grpo import GRPOTrainer, PlainGRPOConfig


@dataclass
class LeadConfig(PlainGRPOConfig):
    """GRPO-LEAD. `variant: paper` is Zhang and Zuo 2025 (arXiv 2504.09696): signed length, -1 for a wrong
    answer, logistic difficulty weight. `symmetric` takes the distance from the group's mean length in either
    direction, 0 for a wrong answer, and the weight 2 - pass rate.
    """

    loss_type: Literal["grpo"] = "grpo"
    importance_sampling_level: Literal["token"] = "token"
    scale_rewards: Literal["group"] = "group"
    multi_objective_aggregation: Literal["sum_then_normalize"] = "sum_then_normalize"
    variant: Literal["symmetric", "paper"] = field(
        default="symmetric", metadata={"help": "Length reward and difficulty weight: symmetric or paper."}
    )
    length_alpha: float | None = field(
        default=None,
        metadata={"help": "Strength of the length reward; null for 0.1, or 0.05 with variant: paper."},
    )

    def __post_init__(self) -> None:
        if self.length_alpha is None:
            self.length_alpha = 0.05 if self.variant == "paper" else 0.1
        super().__post_init__()


@dataclass
class LeadRewards(RewardArguments):
    """What GRPO-LEAD pays for: the reward `accuracy` becomes the one that depends on length."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if "accuracy" not in self.reward_funcs:
            raise ConfigError(
                f"reward_funcs: {self.reward_funcs} lacks accuracy, which grpo_lead shapes; add it"
            )


class LeadTrainer(GRPOTrainer):
    """GRPO on shaped rewards, with advantages weighted by how hard the problem is."""

    def shape_rewards(self, rewards: Tensor, correct: Tensor, lengths: Tensor) -> Tensor:
        """The column `accuracy` with the length reward in its place."""
        paper = self.args.variant == "paper"
        shaped = rewards.clone()
        shaped[:, self.reward_func_names.index("accuracy")] = concise_rewards(
            correct,
            lengths,
            self.group_size,
            alpha=self.args.length_alpha,
            signed=paper,
            wrong=-1.0 if paper else 0.0,
        )
        return shaped

    def shape_advantages(self, batch: dict[str, Any]) -> None:
        """Times the difficulty weight, from the binary outcomes."""
        advantages = batch["advantages"]
        rates = pass_rates(self.scored.correct, self.group_size)[self.own_rows(len(advantages))]
        paper = self.args.variant == "paper"
        weights = logistic_difficulty(rates, advantages) if paper else linear_difficulty(rates)
        batch["advantages"] = advantages * weights
