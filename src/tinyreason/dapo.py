"""DAPO: wider upper clip, mean over all tokens, and groups that teach nothing replaced by fresh ones."""

from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

from tinyreason.advantages import mixed_groups
from tinyreason.config import REWARDS, RewardArguments
from tinyreason.grpo import GRPOTrainer, PlainGRPOConfig

PADDED_LEFT = ("prompt_ids", "prompt_mask")


@dataclass
class DAPOConfig(PlainGRPOConfig):
    """DAPO (Yu et al. 2025, arXiv 2503.14476): clip range 0.2 down and 0.28 up, mean over all tokens,
    truncated completions left out of the loss, and dynamic sampling: groups that are all right or all wrong
    are replaced until the batch is full or `max_resample_rounds` is spent (the paper has no such end).
    """

    loss_type: Literal["dapo"] = "dapo"
    importance_sampling_level: Literal["token"] = "token"
    scale_rewards: Literal["group", "none"] = "group"
    multi_objective_aggregation: Literal["sum_then_normalize"] = "sum_then_normalize"
    epsilon_high: float | None = 0.28
    mask_truncated_completions: bool = True
    max_resample_rounds: int = field(
        default=4, metadata={"help": "Rounds of sampling in place of groups that are all right or all wrong."}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.max_resample_rounds < 0:
            raise ValueError(
                f"max_resample_rounds: {self.max_resample_rounds} is no number of rounds; 0 turns dynamic "
                "sampling off"
            )


@dataclass
class DAPORewards(RewardArguments):
    """What DAPO pays for: correctness, less the soft punishment for length near the limit."""

    reward_funcs: list[str] = field(
        default_factory=lambda: ["accuracy", "soft_overlong"],
        metadata={"help": f"Of {', '.join(REWARDS)}."},
    )


class DAPOTrainer(GRPOTrainer):
    """GRPO whose batch is refilled. Every process sees the whole batch and decides alike; the metrics stay
    those of the first round, the prompts of the data set as they come.
    """

    def _generate_and_score_completions(self, inputs):
        batch = super()._generate_and_score_completions(inputs)
        if not self.model.training:
            return batch
        metrics = self._metrics["train"]
        before = {name: list(values) for name, values in metrics.items()}
        kept, mixed, rounds, sampled = self._everywhere(batch), self._mixed(), 0, 0
        while rounds < self.args.max_resample_rounds and not mixed.all():
            rounds += 1
            dead = (~mixed).nonzero().flatten()
            fresh = self._everywhere(super()._generate_and_score_completions(self._fresh_rows(len(dead))))
            sampled += len(fresh["advantages"]) // self.group_size
            good = self._mixed().nonzero().flatten()[: len(dead)]
            kept = replace_groups(kept, fresh, dead[: len(good)], good, self.group_size)
            mixed[dead[: len(good)]] = True
        tokens = metrics["num_tokens"]
        metrics.clear()
        metrics.update(before, num_tokens=tokens)
        metrics["resample/rounds"].append(rounds)
        metrics["resample/groups"].append(sampled)
        metrics["resample/groups_with_signal"].append(mixed.float().mean().item())
        own = self.own_rows(len(batch["advantages"]))
        refilled = {name: rows[own] for name, rows in kept.items()}
        return {**refilled, "num_items_in_batch": kept["completion_mask"].sum()}

    def _mixed(self) -> Tensor:
        """(groups,) of what was sampled last, in all processes."""
        return mixed_groups(self.scored.correct, self.group_size)

    def _fresh_rows(self, groups: int) -> list[dict[str, Any]]:
        """This process's rows of prompts drawn for `groups` groups, and as many more as the processes need to
        have equal shares. What is drawn depends on the seed and on what was sampled before.
        """
        processes = self.accelerator.num_processes
        while groups * self.group_size % processes:
            groups += 1
        generator = torch.Generator().manual_seed(self.args.seed + 1_000_003 * self._completions_sampled)
        order = torch.randperm(len(self.train_dataset), generator=generator)
        drawn = order[torch.arange(groups) % len(order)]  # none twice as long as there are others
        rows = [self.train_dataset[index] for index in drawn.repeat_interleave(self.group_size).tolist()]
        return rows[self.own_rows(len(rows) // processes)]

    def _everywhere(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        """The rows of all processes, padded to one width; what is no tensor of rows is left out."""
        gathered = {}
        for name, rows in batch.items():
            if rows.dim() == 2:
                first = name in PADDED_LEFT
                rows = self.accelerator.pad_across_processes(rows, dim=1, pad_first=first)
            if rows.dim():
                gathered[name] = self.accelerator.gather(rows)
        return gathered


def replace_groups(
    kept: dict[str, Tensor], fresh: dict[str, Tensor], places: Tensor, chosen: Tensor, num_generations: int
) -> dict[str, Tensor]:
    """`kept` with its groups `places` replaced by the groups `chosen` of `fresh`.

    Padding is 0 in either: it is masked, and 0 is a token of every vocabulary.
    """
    result = {}
    for name, old in kept.items():
        old, new = same_width(old, fresh[name], left=name in PADDED_LEFT)
        groups = old.unflatten(0, (-1, num_generations)).clone()
        groups[places] = new.unflatten(0, (-1, num_generations))[chosen]
        result[name] = groups.flatten(0, 1)
    return result


def same_width(one: Tensor, other: Tensor, *, left: bool) -> tuple[Tensor, Tensor]:
    """Both padded with 0 to the wider one's columns; tensors of one dimension have none."""
    if one.dim() < 2:
        return one, other
    width = max(one.shape[1], other.shape[1])
    pads = [width - rows.shape[1] for rows in (one, other)]
    one, other = (
        torch.nn.functional.pad(rows, (pad, 0) if left else (0, pad))
        for rows, pad in zip((one, other), pads, strict=True)
    )
    return one, other
