"""What every trainer here has beside TRL's: exact resume at any step, rollouts kept, the KL to the starting
policy and the shares of right answers logged, and two places where an algorithm changes what TRL computed.

TRL resumes exactly only in the first epoch and only where a checkpoint falls on a new generation: its sampler
has no state, and the completions that wait to be trained on are not in the checkpoint. Both are mended here.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor
from trl.trainer.utils import RepeatSampler

from tinyreason import answers, chatml
from tinyreason.config import ConfigError
from tinyreason.rewards import graded
from tinyreason.run import ROLLOUTS, write_rollouts

# what TRL is told where there is no penalty, as it has no reference model at 0; never a factor in a loss
NO_PENALTY = 5e-324


@dataclass
class RolloutArguments:
    """What every algorithm has beside TRL's own settings."""

    MIN_GENERATIONS: ClassVar[int] = 2

    log_kl: bool = field(
        default=True,
        metadata={"help": "Log the KL to the starting policy at beta 0 too; false saves its forward pass."},
    )
    max_completions: int | None = field(
        default=None,
        metadata={
            "help": "Train until so many completions were sampled, by which the learning rate decays too; "
            "null for max_steps alone."
        },
    )

    def __post_init__(self) -> None:
        """Raises ValueError for a group too small to compare within, or for a batch that would cut one up."""
        size, batch = self.num_generations, self.completions_per_generation()
        if size < self.MIN_GENERATIONS:
            raise ValueError(
                f"num_generations: {size} leaves nothing to compare an answer with; "
                "give 2 or more (8 is usual), or choose algorithm: ppo, which needs no group"
            )
        if batch % size:
            fitting = [n for n in range(self.MIN_GENERATIONS, batch + 1) if batch % n == 0]
            fix = f"give {min(fitting, key=lambda n: abs(n - size))}, or " if fitting else ""
            raise ValueError(
                f"num_generations: {size} does not divide the {batch} completions of a generation; {fix}"
                "another per_device_train_batch_size (times processes, times steps_per_generation, which is "
                "gradient_accumulation_steps unless given)"
            )
        super().__post_init__()

    def completions_per_generation(self) -> int:
        """How many completions all processes sample together before they train on them."""
        processes = int(os.environ.get("WORLD_SIZE", "1"))
        steps = self.steps_per_generation or self.gradient_accumulation_steps
        return self.generation_batch_size or self.per_device_train_batch_size * processes * steps


class EpochRepeatSampler(RepeatSampler):
    """TRL's sampler whose order depends on seed and epoch alone, so a resumed epoch k is epoch k."""

    def set_epoch(self, epoch: int) -> None:
        """Called by the training loop before each epoch."""
        if self.shuffle:
            self.generator.manual_seed(self.seed + epoch)


class Scored(NamedTuple):
    """What is known of all processes' completions of a generation, (N,) each: the weighted reward and whether
    the answer is right (1.0, 0.0), both NaN where that is not known, and the length in tokens.
    """

    rewards: Tensor
    correct: Tensor
    lengths: Tensor


class RolloutTrainer:
    """What stands before TRL's GRPOTrainer or RLOOTrainer: exact resume at any step, a Parquet part for every
    generation, metrics, and two places where an algorithm changes what TRL computed.

    Prompts are strings from `chatml.render_prompt`; the dataset has the columns prompt, question and answer.
    """

    def __init__(self, model: Any, args: Any, **kwargs: Any) -> None:
        penalty, init_kwargs = args.beta, args.model_init_kwargs
        if args.log_kl:
            args.beta = penalty or NO_PENALTY
        if args.beta and not model.config.name_or_path:
            raise ConfigError(
                "architecture: the KL is taken to the model that training starts from, and one from scratch "
                "is in no folder; train it with recipes/sft.py first, or give log_kl: false and beta: 0"
            )
        # TRL loads the reference from where the model came from: it must be the very same
        args.model_init_kwargs = {
            "dtype": model.dtype,
            "revision": model.config._commit_hash or "main",
            "attn_implementation": model.config._attn_implementation,
        }
        with _without_warning("`model_init_kwargs`"):
            super().__init__(model=model, args=args, **kwargs)
        args.beta, args.model_init_kwargs = penalty, init_kwargs
        self.scored: Scored | None = None
        self._completions_sampled = 0
        self._tokens_trained = 0

    def shape_rewards(self, rewards: Tensor, correct: Tensor, lengths: Tensor) -> Tensor:
        """The rewards (N, functions) of all processes as they are to be compared; unchanged here."""
        return rewards

    def shape_advantages(self, batch: dict[str, Any]) -> None:
        """Changes this process's batch, whose `advantages` are (B,), before it is trained on; not here."""

    @property
    def group_size(self) -> int:
        """Completions a prompt: those of training or those of evaluation."""
        return self.num_generations if self.model.training else self.num_generations_eval

    def own_rows(self, count: int) -> slice:
        """Where this process's `count` rows stand among those of all processes."""
        first = self.accelerator.process_index * count
        return slice(first, first + count)

    def _get_train_sampler(self, dataset: Any = None) -> EpochRepeatSampler:
        sampler = super()._get_train_sampler(dataset)
        return EpochRepeatSampler(
            data_source=sampler.data_source,
            mini_repeat_count=sampler.mini_repeat_count,
            batch_size=sampler.batch_size,
            repeat_count=sampler.repeat_count,
            shuffle=sampler.shuffle,
            seed=sampler.seed,
        )

    def _calculate_rewards(self, inputs, prompts, completions, completion_ids_list):
        rewards = super()._calculate_rewards(inputs, prompts, completions, completion_ids_list)
        verdicts = graded(tuple(completions), tuple(row["answer"] for row in inputs))
        known = [
            (torch.nan if verdict is None else float(verdict), float(len(ids)))
            for verdict, ids in zip(verdicts, completion_ids_list, strict=True)
        ]
        correct, lengths = self.accelerator.gather(rewards.new_tensor(known)).unbind(dim=1)
        rewards = self.shape_rewards(rewards, correct, lengths)
        total = (rewards * self.reward_weights.to(rewards.device)).nansum(dim=1)
        self.scored = Scored(total.masked_fill(rewards.isnan().all(dim=1), torch.nan), correct, lengths)
        self._log_scores()
        if self.model.training:
            self._completions_sampled += len(correct)
            self._write_rollouts(inputs, completions, completion_ids_list, rewards)
        return rewards

    def _generate_and_score_completions(self, inputs):
        batch = super()._generate_and_score_completions(inputs)
        self.shape_advantages(batch)
        return batch

    def _log_scores(self) -> None:
        rewards, correct, lengths = self.scored
        metrics = self._metrics["train" if self.model.training else "eval"]
        metrics["accuracy"].append(correct.nanmean().item())
        for name, outcome in (("right", 1.0), ("wrong", 0.0)):
            metrics[f"completions/mean_{name}_length"].append(lengths[correct == outcome].mean().item())
        if self.group_size > 1:
            groups = rewards.view(-1, self.group_size)
            spread = groups.nan_to_num(nan=-torch.inf).amax(dim=1) - groups.nan_to_num(nan=torch.inf).amin(
                dim=1
            )
            metrics["groups_with_signal"].append((spread > 1e-6).float().mean().item())

    def _write_rollouts(self, inputs, completions, completion_ids_list, rewards) -> None:
        """This process's part; `rewards` and `scored` are of all processes."""
        own = self.own_rows(len(completions))
        turns = [chatml.assistant_turn(completion) for completion in completions]
        columns = {
            "question": [row["question"] for row in inputs],
            "gold": [row["answer"] for row in inputs],
            "completion": completions,
            "answer": [answers.extract_answer(turn) for turn in turns],
            "reward": self.scored.rewards[own].tolist(),
            "correct": self.scored.correct[own].tolist(),
            **dict(zip(self.reward_func_names, rewards[own].T.tolist(), strict=True)),
            "tokens": [len(ids) for ids in completion_ids_list],
            "truncated": [self.processing_class.eos_token_id not in ids for ids in completion_ids_list],
        }
        # with what was sampled before, a name of its own for each round of a step that samples again
        name = f"{self._completions_sampled:09d}-{self.accelerator.process_index}"
        write_rollouts(Path(self.args.output_dir) / ROLLOUTS, self.state.global_step, name, columns)

    def _prepare_inputs(self, generation_batch):
        inputs = super()._prepare_inputs(generation_batch)
        if self.model.training:
            self._tokens_trained += int(inputs["prompt_mask"].sum() + inputs["completion_mask"].sum())
        return inputs

    def create_scheduler(self, num_training_steps, optimizer=None):
        """The Trainer's schedule; with `max_completions` it follows the share of them that was sampled."""
        scheduler = super().create_scheduler(num_training_steps, optimizer)
        budget = self.args.max_completions
        if budget is not None:

            def by_completions(rate: Callable[[float], float]) -> Callable[[int], float]:
                return lambda step: rate(num_training_steps * self._completions_sampled / budget)

            scheduler.lr_lambdas = [by_completions(rate) for rate in scheduler.lr_lambdas]
        return scheduler

    def training_step(self, model, inputs, num_items_in_batch):
        loss = super().training_step(model, inputs, num_items_in_batch)
        generation_over = self._step % (self.args.steps_per_generation * self.num_iterations) == 0
        budget = self.args.max_completions
        if budget is not None and generation_over and self._completions_sampled >= budget:
            self.control.should_training_stop = True
            self.control.should_save = self.args.save_strategy != "no"
        return loss

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """TRL's log with `tokens_per_second`: prompt and completion tokens of the batches trained on, of all
        processes, by the time of the steps, sampling included.
        """
        seconds = sum(self._metrics["train"].get("step_time", []))
        if self.model.training and seconds:
            tokens = self.accelerator.reduce(torch.tensor(self._tokens_trained, device=self.args.device))
            self._metrics["train"]["tokens_per_second"].append(tokens.item() / seconds)
            self._metrics["train"]["completions_sampled"].append(self._completions_sampled)
            self._tokens_trained = 0
        super().log(logs, start_time)

    def saved_state(self) -> dict[str, Any]:
        """What a checkpoint holds of this process, beside what the Trainer saves."""
        return {
            "step": self._step,
            "batches": self._buffered_inputs,
            "metrics": dict(self._metrics["train"]),
            "completions_sampled": self._completions_sampled,
            "tokens_trained": self._tokens_trained,
        }

    def load_saved_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `saved_state` returned."""
        self._step, self._buffered_inputs = state["step"], state["batches"]
        self._metrics["train"].update(state["metrics"])
        self._completions_sampled, self._tokens_trained = (
            state["completions_sampled"],
            state["tokens_trained"],
        )

    def _save_rng_state(self, output_dir: str) -> None:
        # called between the optimizer and trainer_state.json, whose presence says that a checkpoint is whole
        super()._save_rng_state(output_dir)
        torch.save(self.saved_state(), self._state_file(output_dir))

    def _load_rng_state(self, checkpoint: str | None) -> None:
        # called just before the first resumed batch is prepared
        super()._load_rng_state(checkpoint)
        if checkpoint is not None:
            device = self.accelerator.device
            self.load_saved_state(
                torch.load(self._state_file(checkpoint), map_location=device, weights_only=True)
            )

    def _state_file(self, checkpoint: str) -> Path:
        return Path(checkpoint) / f"generation_buffer_{self.accelerator.process_index}.pt"


@contextlib.contextmanager
def _without_warning(words: str) -> Iterator[None]:
    """TRL says that the arguments of a loaded model are ignored, and uses them for the reference model."""

    def unrelated(record: logging.LogRecord) -> bool:
        return words not in record.getMessage()

    loggers = [logging.getLogger(f"trl.trainer.{name}") for name in ("grpo_trainer", "rloo_trainer")]
    for logger in loggers:
        logger.addFilter(unrelated)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(unrelated)
