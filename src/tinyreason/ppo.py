"""PPO with verifiable rewards: a value head learns what a completion will earn, and replaces the group."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from accelerate.utils import is_peft_model
from torch import Tensor, nn

from tinyreason.advantages import explained_variance, generalized_advantages, terminal_rewards, whiten
from tinyreason.grpo import GRPOTrainer, PlainGRPOConfig


@dataclass
class PPOConfig(PlainGRPOConfig):
    """PPO (Schulman et al. 2017, arXiv 1707.06347) on terminal rewards: generalized advantages, whitened over
    the sampled tokens, clip 0.2, mean over all tokens. One completion a prompt is enough. The values at
    sampling take a forward pass of their own for each generation.
    """

    MIN_GENERATIONS = 1

    loss_type: Literal["dapo"] = "dapo"  # TRL's name for the mean over all tokens
    importance_sampling_level: Literal["token"] = "token"
    scale_rewards: Literal["none"] = "none"
    num_generations: int = 1
    gamma: float = field(default=0.99, metadata={"help": "Discount a token."})
    lam: float = field(default=0.95, metadata={"help": "Lambda of the generalized advantages."})
    vf_coef: float = field(default=0.5, metadata={"help": "Weight of the squared error of the values."})
    cliprange_value: float | None = field(
        default=None, metadata={"help": "How far a value may move from the sampled one; null for any."}
    )
    value_learning_rate: float = field(
        default=1e-4, metadata={"help": "Learning rate of the value head's own AdamW, constant."}
    )

    def __post_init__(self) -> None:
        size, batch = self.num_generations, self.completions_per_generation()
        if batch == 1:
            raise ValueError(
                "per_device_train_batch_size: 1 samples one completion at a time, among whose tokens the "
                "advantages would be whitened alone; give 2 or more, or gradient_accumulation_steps"
            )
        if size == 1:  # TRL refuses groups of one: it is shown the generation as one group
            self.num_generations = batch
            self.num_generations_eval = self.num_generations_eval or 1
        super().__post_init__()
        self.num_generations = size


class PPOTrainer(GRPOTrainer):
    """TRL's clipped loss on token advantages, plus the loss of a value head on the model's hidden states.

    The head is float32, starts at 0, has an optimizer of its own and is part of every checkpoint.
    """

    def __init__(self, model: Any, args: PPOConfig, **kwargs: Any) -> None:
        super().__init__(model, args, **kwargs)
        self.value_head = nn.Linear(model.config.get_text_config().hidden_size, 1)
        nn.init.zeros_(self.value_head.weight)
        nn.init.zeros_(self.value_head.bias)
        self.value_head.to(self.accelerator.device)
        self.value_optimizer = torch.optim.AdamW(self.value_head.parameters(), lr=args.value_learning_rate)

    def shape_advantages(self, batch: dict[str, Any]) -> None:
        """Token advantages (B, T) in place of TRL's, and the values and returns for the value loss."""
        mask = batch["completion_mask"]
        scores = self.scored.rewards[self.own_rows(len(mask))]
        known = scores.isfinite().unsqueeze(1)
        values = self._values_of(batch) * mask
        rewards = terminal_rewards(scores.nan_to_num(nan=0.0), mask)
        advantages = generalized_advantages(rewards, values, mask, gamma=self.args.gamma, lam=self.args.lam)
        advantages = advantages * known
        returns = advantages + values
        stacked = torch.stack([advantages, values, returns, mask * known], dim=2)
        stacked = self.accelerator.gather(self.accelerator.pad_across_processes(stacked, dim=1))
        all_advantages, all_values, all_returns, all_mask = stacked.unbind(dim=2)
        whitened = whiten(all_advantages, all_mask)[self.own_rows(len(mask)), : mask.shape[1]]
        batch.update(advantages=whitened, values=values, returns=returns, value_mask=mask * known)
        metrics = self.metrics
        metrics["explained_variance"].append(explained_variance(all_values, all_returns, all_mask).item())
        metrics["value/mean"].append(((all_values * all_mask).sum() / all_mask.sum().clamp(min=1)).item())
        if self.group_size == 1:
            metrics.pop("frac_reward_zero_std", None)  # of groups of one: always all of them

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        mask, returns, old = inputs["value_mask"], inputs["returns"], inputs["values"]
        with self._values(model, mask.shape[1]) as found:
            loss = super()._compute_loss(model, inputs)
        values = found[0]
        errors = (values - returns).square()
        if self.args.cliprange_value is not None:
            near = old + (values - old).clamp(-self.args.cliprange_value, self.args.cliprange_value)
            errors = torch.max(errors, (near - returns).square())
        # as TRL divides its own loss: by the tokens of the optimizer step, in all processes
        tokens = inputs["num_items_in_batch"].clamp(min=1.0) / self.accelerator.num_processes
        if self.model.training:
            tokens = tokens * self.current_gradient_accumulation_steps / self.args.steps_per_generation
        value_loss = (errors * mask).sum() / tokens
        share = self.accelerator.gather(((errors * mask).sum() / mask.sum().clamp(min=1)).detach()).mean()
        self.metrics["value/loss"].append(share.item())
        return loss + self.args.vf_coef * value_loss

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any) -> Tensor:
        """One micro-batch; the value head steps where the policy does."""
        loss = super().training_step(model, inputs, num_items_in_batch)
        if self.accelerator.sync_gradients:
            scaler = self.accelerator.scaler  # of float16, whose loss is scaled for the head too
            for parameter in self.value_head.parameters():
                gradient = self.accelerator.reduce(parameter.grad, reduction="mean")
                parameter.grad = gradient / (scaler.get_scale() if scaler else 1.0)
            if all(parameter.grad.isfinite().all() for parameter in self.value_head.parameters()):
                self.value_optimizer.step()
            self.value_optimizer.zero_grad()
        return loss

    def saved_state(self) -> dict[str, Any]:
        """With the value head and its optimizer."""
        head = {"head": self.value_head.state_dict(), "optimizer": self.value_optimizer.state_dict()}
        return {**super().saved_state(), "value": head}

    def load_saved_state(self, state: dict[str, Any]) -> None:
        """With the value head and its optimizer."""
        super().load_saved_state(state)
        self.value_head.load_state_dict(state["value"]["head"])
        self.value_optimizer.load_state_dict(state["value"]["optimizer"])

    def _values_of(self, batch: dict[str, Any]) -> Tensor:
        """(B, T) of the policy as it is, without gradient."""
        ids = torch.cat([batch["prompt_ids"], batch["completion_ids"]], dim=1)
        mask = torch.cat([batch["prompt_mask"], batch["completion_mask"]], dim=1)
        width = batch["completion_ids"].shape[1]
        size = self.args.per_device_train_batch_size
        with torch.no_grad(), self._values(self.model, width) as found:
            for part, part_mask in zip(ids.split(size), mask.split(size), strict=True):
                self._get_per_token_logps_and_entropies(self.model, part, part_mask, width)
        return torch.cat(found)

    @contextlib.contextmanager
    def _values(self, model: Any, width: int) -> Iterator[list[Tensor]]:
        """Fills a list with the values (b, width) before each completion token, of every forward pass inside:
        the backbone is not run a second time for them.
        """
        found: list[Tensor] = []

        def keep(module: nn.Module, args: Any, output: Any) -> None:
            hidden = output.last_hidden_state[:, -width - 1 : -1].float()
            with torch.autocast(hidden.device.type, enabled=False):
                found.append(self.value_head(hidden).squeeze(-1))

        causal = self.accelerator.unwrap_model(model)
        causal = causal.get_base_model() if is_peft_model(causal) else causal
        handle = causal.base_model.register_forward_hook(keep)
        try:
            yield found
        finally:
            handle.remove()
