"""GRPO, and the algorithms that are settings of TRL's GRPOTrainer and RLOOTrainer."""

from dataclasses import dataclass, field
from typing import Any, Literal

import trl

from tinyreason.advantages import length_factors
from tinyreason.rollouts import RolloutArguments, RolloutTrainer


@dataclass
class PlainGRPOConfig(RolloutArguments, trl.GRPOConfig):
    """GRPO (Shao et al. 2024, arXiv 2402.03300): mean over each sequence,
    group mean and std, clip 0.2, k3 KL.

    `use_bias_correction_kl` is off, as it changes the gradient of the paper's KL term.
    """

    loss_type: Literal["grpo", "dr_grpo", "dapo", "bnpo", "cispo", "sapo", "luspo", "vespo"] = "grpo"
    importance_sampling_level: Literal["token", "sequence"] = "token"
    scale_rewards: Literal["group", "batch", "none"] = "group"
    epsilon: float = 0.2
    use_bias_correction_kl: bool = False


@dataclass
class DrGRPOConfig(PlainGRPOConfig):
    """Dr. GRPO (Liu et al. 2025, arXiv 2503.20783): no division by the std, and one constant instead of each
    sequence's length, so that neither easy groups nor short answers weigh more.

    `length_norm: constant` divides by max_completion_length, `group_mean` by the group's mean length.
    """

    loss_type: Literal["dr_grpo", "grpo"] = "dr_grpo"
    importance_sampling_level: Literal["token"] = "token"
    scale_rewards: Literal["none"] = "none"
    multi_objective_aggregation: Literal["sum_then_normalize"] = "sum_then_normalize"
    length_norm: Literal["constant", "group_mean"] = field(
        default="constant", metadata={"help": "What a group's sum over tokens is divided by."}
    )

    def __post_init__(self) -> None:
        if self.length_norm == "group_mean":
            self.loss_type = "grpo"  # its mean over each sequence, undone by the factor L_i / mean(L)
        elif self.loss_type == "grpo":
            raise ValueError(
                "loss_type: grpo divides by each sequence's own length, which Dr. GRPO does not; "
                "leave it out, or give length_norm: group_mean"
            )
        super().__post_init__()


@dataclass
class GSPOConfig(PlainGRPOConfig):
    """GSPO (Zheng et al. 2025, arXiv 2507.18071): one ratio a sequence, exp of its mean log-ratio, and a clip
    range of its own. It differs from GRPO only in steps whose completions an older policy sampled.
    """

    loss_type: Literal["grpo"] = "grpo"
    importance_sampling_level: Literal["sequence"] = "sequence"
    epsilon: float = 3e-4
    epsilon_high: float | None = 4e-4
    num_iterations: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        accumulated, batches = self.gradient_accumulation_steps, self.steps_per_generation
        if accumulated % (batches * self.num_iterations) == 0:
            raise ValueError(
                f"num_iterations: {self.num_iterations} makes one step of each generation, whose ratio is 1, "
                f"so this would be GRPO; give {accumulated // batches + 1} or more, or steps_per_generation: "
                f"{4 * accumulated} (a multiple of gradient_accumulation_steps)"
            )


@dataclass
class CISPOConfig(PlainGRPOConfig):
    """CISPO (MiniMax 2025, arXiv 2506.13585): the ratio is clipped from above and detached, so that a clipped
    token still has a gradient; mean over all tokens.
    """

    loss_type: Literal["cispo"] = "cispo"
    importance_sampling_level: Literal["token"] = "token"
    epsilon_high: float | None = 5.0


@dataclass
class LeaveOneOutConfig(RolloutArguments, trl.RLOOConfig):
    """RLOO (Ahmadian et al. 2024, arXiv 2402.14740): the baseline is the mean of the group's other rewards,
    the ratio that of whole sequences. A penalty (`beta`) is part of the reward, and its KL is k1.
    """

    num_generations: int = 8
    beta: float = 0.0


class GRPOTrainer(RolloutTrainer, trl.GRPOTrainer):
    """TRL's GRPOTrainer with what every trainer here has."""


class DrGRPOTrainer(GRPOTrainer):
    """Dr. GRPO, whose constant normaliser is TRL's; the group's mean length is a factor on the advantages,
    which is exact because a positive factor passes through the clipped minimum.
    """

    def shape_advantages(self, batch: dict[str, Any]) -> None:
        """Times L_i / mean(L) where the group's mean length is asked for."""
        if self.args.length_norm == "group_mean":
            own = batch["completion_mask"].sum(dim=1)
            factors = length_factors(self.accelerator.gather(own), self.group_size)
            batch["advantages"] = batch["advantages"] * factors[self.own_rows(len(own))]


class RLOOTrainer(RolloutTrainer, trl.RLOOTrainer):
    """TRL's RLOOTrainer with what every trainer here has."""

    def _generate_and_score_completions(self, inputs):
        self._logps = []
        with self._without_trl_kl():
            batch = super()._generate_and_score_completions(inputs)
        # those of the policy that sampled, then those of the starting policy: TRL keeps neither
        names = ("old_per_token_logps", "ref_per_token_logps")
        return {**batch, **dict(zip(names, self._logps, strict=False))}
