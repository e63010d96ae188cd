"""What every trainer here has beside TRL's: exact resume at any step, rollouts kept, the KL to the starting
policy and the shares of right answers logged at every step, and two places where an algorithm changes what
TRL computed.

TRL resumes exactly only in the first epoch and only where a checkpoint falls on a new generation: its sampler
has no state, and the completions that wait to be trained on are not in the checkpoint. Both are mended here.
"""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor
from trl.trainer.utils import RepeatSampler

from tinyreason import answers, chatml
from tinyreason.config import ConfigError
from tinyreason.rewards import graded
from tinyreason.rollouts.budget import CompletionBudget
from tinyreason.rollouts.loops import looping
from tinyreason.run import ROLLOUTS, WAITING, write_rollouts

# TRL has no reference model at beta 0: this it is told instead where the KL is only logged. In GRPOTrainer's
# loss it is 0 again; from RLOOTrainer's rewards it takes nothing, as the smallest float is lost in them
NO_PENALTY = 5e-324


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


class RolloutTrainer(CompletionBudget):
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
        with _without_warning("`model_init_kwargs`") if init_kwargs is None else contextlib.nullcontext():
            super().__init__(model=model, args=args, **kwargs)
        args.beta, args.model_init_kwargs = penalty, init_kwargs
        self.scored: Scored | None = None
        self._generation_metrics: dict[str, float] = {}
        self._rollouts: dict[str, list] = {}  # of the generation that is being scored
        self._tokens_trained = 0
        self._logps: list[Tensor] = []  # of every forward pass since the list was made

    def shape_rewards(self, rewards: Tensor, correct: Tensor, lengths: Tensor) -> Tensor:
        """The rewards (N, functions) of all processes as they are to be compared; unchanged here."""
        return rewards

    def shape_advantages(self, batch: dict[str, Any]) -> None:
        """Changes this process's batch, whose `advantages` are (B,), before it is trained on; not here."""

    @property
    def metrics(self) -> dict[str, list[float]]:
        """TRL's, until they are logged: those of training or those of evaluation."""
        return self._metrics["train" if self.model.training else "eval"]

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
            (torch.nan if verdict is None else float(verdict), float(len(ids)), float(looping(completion)))
            for verdict, ids, completion in zip(verdicts, completion_ids_list, completions, strict=True)
        ]
        correct, lengths, loops = self.accelerator.gather(rewards.new_tensor(known)).unbind(dim=1)
        rewards = self.shape_rewards(rewards, correct, lengths)
        total = (rewards * self.reward_weights.to(rewards.device)).nansum(dim=1)
        self.scored = Scored(total.masked_fill(rewards.isnan().all(dim=1), torch.nan), correct, lengths)
        self._log_scores()
        self.metrics["completions/looping"].append(loops.mean().item())
        if self.model.training:
            self._completions_sampled += len(correct)
            self._rollouts = self._rollout_columns(inputs, completions, completion_ids_list, rewards)
        return rewards

    def _generate_and_score_completions(self, inputs):
        batch = super()._generate_and_score_completions(inputs)
        self.shape_advantages(batch)
        if self.model.training:
            self._write_rollouts(batch["advantages"], batch["completion_mask"])
        return batch

    def _log_scores(self) -> None:
        rewards, correct, lengths = self.scored
        metrics = self.metrics
        metrics["accuracy"].append(correct.nanmean().item())
        for name, outcome in (("right", 1.0), ("wrong", 0.0)):
            metrics[f"completions/mean_{name}_length"].append(lengths[correct == outcome].mean().item())
        if self.group_size > 1 or self.model.training:  # without groups the generation is one
            groups = rewards.view(-1, self.group_size if self.group_size > 1 else len(rewards))
            spread = groups.nan_to_num(nan=-torch.inf).amax(dim=1) - groups.nan_to_num(nan=torch.inf).amin(
                dim=1
            )
            metrics["groups_with_signal"].append((spread > 1e-6).float().mean().item())

    def _rollout_columns(self, inputs, completions, completion_ids_list, rewards) -> dict[str, list]:
        """What is known of this process's completions; `rewards` and `scored` are of all processes."""
        own, sampled = self.own_rows(len(completions)), self._completions_sampled - len(self.scored.correct)
        turns = [chatml.assistant_turn(completion) for completion in completions]
        return {
            "group": [(sampled + place) // self.num_generations for place in range(own.start, own.stop)],
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

    def _write_rollouts(self, advantages: Tensor, mask: Tensor) -> None:
        """This process's part, with the advantages (B,), the means of token advantages (B, T)."""
        if advantages.dim() == 2:
            advantages = advantages.sum(dim=1) / mask.sum(dim=1).clamp(min=1)  # 0 beyond the mask
        columns = {**self._rollouts, "advantage": advantages.tolist()}
        # with what was sampled before, a name of its own for each round of a step that samples again
        name = f"{self._completions_sampled:09d}-{self.accelerator.process_index}"
        write_rollouts(Path(self.args.output_dir) / ROLLOUTS, self.state.global_step, name, columns)

    def _prepare_inputs(self, generation_batch):
        sampled = self._completions_sampled
        counts = {name: len(values) for name, values in self.metrics.items()}
        inputs = super()._prepare_inputs(generation_batch)
        if self.model.training:
            self._tokens_trained += int(inputs["prompt_mask"].sum() + inputs["completion_mask"].sum())
        if self.model.training and self._completions_sampled > sampled:
            self._sampled_before = sampled
            self._generation_metrics = {
                name: values[-1]
                for name, values in self.metrics.items()
                if len(values) > counts.get(name, 0) or name == "num_tokens"
            }
        return inputs

    def _get_per_token_logps_and_entropies(self, *args: Any, **kwargs: Any) -> tuple:
        found = super()._get_per_token_logps_and_entropies(*args, **kwargs)
        self._logps.append(found[0].detach())
        return found

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        self._logps = []
        told, self.beta = self.beta, self.args.beta
        with self._without_trl_kl():
            loss = super()._compute_loss(model, inputs)
        self.beta = told
        if "ref_per_token_logps" in inputs:
            self._log_kl(self._logps[-1], inputs)
        return loss

    @contextlib.contextmanager
    def _without_trl_kl(self) -> Iterator[None]:
        """RLOOTrainer logs k1 at sampling, GRPOTrainer k3 without the ratio: not comparable."""
        logged = self.metrics.pop("kl", None)
        yield
        self.metrics.pop("kl", None)
        if logged is not None:
            self.metrics["kl"] = logged

    def _log_kl(self, logps: Tensor, inputs: dict[str, Any]) -> None:
        """k3 (Schulman 2020) to the starting policy, in nats per token; where an older policy sampled the
        tokens, weighted by the ratio, without which one token that has become unlikely is all of the mean.
        """
        mask = inputs["completion_mask"]
        ratio = (logps - inputs.get("old_per_token_logps", logps)).exp()
        distance = inputs["ref_per_token_logps"] - logps
        kl = ratio * (distance.exp() - distance - 1)
        sums = self.accelerator.reduce(torch.stack([(kl * mask).sum(), mask.sum().float()]), reduction="sum")
        self.metrics["kl"].append((sums[0] / sums[1].clamp(min=1)).item())

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """TRL's log, in which a step on completions sampled before repeats what was said of them, with
        `tokens_per_second`: prompt and completion tokens of the batches trained on, of all processes, by the
        time of the steps, sampling included.
        """
        seconds = sum(self._metrics["train"].get("step_time", []))
        if self.model.training and seconds:
            tokens = self.accelerator.reduce(torch.tensor(self._tokens_trained, device=self.args.device))
            self.metrics["tokens_per_second"].append(tokens.item() / seconds)
            self.metrics["completions_sampled"].append(self._completions_sampled)
            for name, value in self._generation_metrics.items():
                self.metrics[name] = self.metrics[name] or [value]
            self._tokens_trained = 0
        super().log(logs, start_time)

    def saved_state(self) -> dict[str, Any]:
        """What a checkpoint holds of this process, beside what the Trainer saves."""
        return {
            "step": self._step,
            "batches": self._buffered_inputs,
            "metrics": dict(self._metrics["train"]),
            "generation_metrics": self._generation_metrics,
            "completions_sampled": self._completions_sampled,
            "sampled_before": self._sampled_before,
            "tokens_trained": self._tokens_trained,
        }

    def load_saved_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `saved_state` returned."""
        self._step, self._buffered_inputs = state["step"], state["batches"]
        self._metrics["train"].update(state["metrics"])
        self._generation_metrics = state["generation_metrics"]
        self._completions_sampled, self._sampled_before = (
            state["completions_sampled"],
            state["sampled_before"],
        )
        self._tokens_trained = state["tokens_trained"]

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
        return Path(checkpoint) / f"{WAITING}_{self.accelerator.process_index}.pt"


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
