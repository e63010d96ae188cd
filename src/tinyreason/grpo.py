"""GRPO, and the algorithms that are settings of TRL's GRPOTrainer and RLOOTrainer."""

from dataclasses import dataclass, field
from typing import Any, Literal

import torch
import trl
from torch import Tensor

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
    scale_rewards: Literal["none"] = "none"
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
        if self.gradient_accumulation_steps % (self.steps_per_generation * self.num_iterations) == 0:
            raise ValueError(
                f"num_iterations: {self.num_iterations} makes one step of each generation, whose ratio is 1, "
                "so this would be GRPO; give 2 or more, or steps_per_generation: "
                f"{4 * self.gradient_accumulation_steps} (a multiple of gradient_accumulation_steps)"
            )


@dataclass
class CISPOConfig(PlainGRPOConfig):
    """CISPO (MiniMax 2025, arXiv 2506.13585): the ratio is clipped from above and detached, so that a clipped
    token still has a gradient; mean over all tokens.
    """

    loss_type: Literal["cispo"] = "cispo"
    epsilon_high: float | None = 5.0


@dataclass
class LeaveOneOutConfig(RolloutArguments, trl.RLOOConfig):
    """RLOO (Ahmadian et al. 2024, arXiv 2402.14740): the baseline is the mean of the group's other rewards,
    the ratio that of whole sequences. A penalty (`beta`) is part of the reward, and its KL is k1.
    """

    num_generations: int = 8
    beta: float = 0.0


class GRPOTrainer(RolloutTrainer, trl.GRPOTrainer):
    """TRL's GRPOTrainer with what every trainer here has, and the KL logged without a penalty too."""

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        told, self.beta = self.beta, self.args.beta
        loss = super()._compute_loss(model, inputs)
        self.beta = told
        if self.args.log_kl and not self.args.beta:
            self._log_kl(inputs)
        return loss

    def _get_per_token_logps_and_entropies(self, *args: Any, **kwargs: Any) -> tuple:
        found = super()._get_per_token_logps_and_entropies(*args, **kwargs)
        self._logps = found[0].detach()
        return found

    def _log_kl(self, inputs: dict[str, Any]) -> None:
        """k3 (Schulman 2020) to the starting policy, in nats per token; where an older policy sampled the
        tokens, weighted by the ratio, without which one token that has become unlikely is all of the mean.
        """
        logps, mask = self._logps, inputs["completion_mask"]
        ratio = (logps - inputs.get("old_per_token_logps", logps)).exp()
        distance = inputs["ref_per_token_logps"] - logps
        kl = ratio * (distance.exp() - distance - 1)
        sums = self.accelerator.reduce(torch.stack([(kl * mask).sum(), mask.sum().float()]), reduction="sum")
        metrics = self._metrics["train" if self.model.training else "eval"]
        metrics["kl"].append((sums[0] / sums[1].clamp(min=1)).item())


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
