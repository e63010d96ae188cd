"""Training for a number of sampled completions instead of steps."""

from collections.abc import Callable
from typing import Any


class CompletionBudget:
    """What stands before TRL's trainers: `max_completions` ends a run and sets the pace of its schedule."""

    _completions_sampled = 0
    _sampled_before = 0  # the generation that is trained on

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The Trainer's schedule; with `max_completions` it follows the share of them that was trained on."""
        scheduler = super().create_scheduler(num_training_steps, optimizer)
        if self.args.max_completions is not None:

            def by_completions(rate: Callable[[float], float]) -> Callable[[int], float]:
                return lambda step: rate(num_training_steps * self._budget_spent())

            scheduler.lr_lambdas = [by_completions(rate) for rate in scheduler.lr_lambdas]
        return scheduler

    def _budget_spent(self) -> float:
        """The share of `max_completions` that was trained on, up to 1: of a generation on which several steps
        are made, the share of its steps.
        """
        done = (self._step % self._batches or self._batches) / self._batches
        trained = self._sampled_before + done * (self._completions_sampled - self._sampled_before)
        return min(trained / self.args.max_completions, 1.0)

    def training_step(self, model, inputs, num_items_in_batch):
        loss = super().training_step(model, inputs, num_items_in_batch)
        budget = self.args.max_completions
        step_over = self.accelerator.sync_gradients and self._step % self._batches == 0
        if budget is not None and step_over and self._completions_sampled >= budget:
            self.control.should_training_stop = True
            self.control.should_save = self.args.save_strategy != "no"
        return loss

    @property
    def _batches(self) -> int:
        """Micro-batches that are trained on of each generation."""
        return self.args.steps_per_generation * self.num_iterations
