"""GRPO as published, on TRL's trainer, which gains two things: a run can be resumed at any step, and it keeps
its rollouts.

TRL resumes exactly only in the first epoch and only where a checkpoint falls on a new generation: its sampler
has no state, and the completions that wait to be trained on are not in the checkpoint. Both are mended here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import trl
from trl.trainer.utils import RepeatSampler

from tinyreason import answers, chatml
from tinyreason.run import ROLLOUTS, write_rollouts


@dataclass
class PlainGRPOConfig(trl.GRPOConfig):
    """GRPO (Shao et al. 2024, arXiv 2402.03300): mean over each sequence,
    group mean and std, clip 0.2, k3 KL.

    `use_bias_correction_kl` is off, as it changes the gradient of the paper's KL term.
    """

    loss_type: str = "grpo"
    scale_rewards: str = "group"
    epsilon: float = 0.2
    use_bias_correction_kl: bool = False


class EpochRepeatSampler(RepeatSampler):
    """TRL's sampler whose order depends on seed and epoch alone, so a resumed epoch k is epoch k."""

    def set_epoch(self, epoch: int) -> None:
        """Called by the training loop before each epoch."""
        self.generator.manual_seed(self.seed + epoch)


class GRPOTrainer(trl.GRPOTrainer):
    """TRL's GRPOTrainer with exact resume at any step and a Parquet part for every generation.

    Prompts are strings from `chatml.render_prompt`; the dataset has the columns prompt, question and answer.
    """

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
        if self.model.training:
            # the rewards are gathered, the prompts are not
            first = self.accelerator.process_index * len(prompts)
            own = rewards[first : first + len(prompts)].cpu()
            turns = [chatml.assistant_turn(completion) for completion in completions]
            columns = {
                "question": [row["question"] for row in inputs],
                "gold": [row["answer"] for row in inputs],
                "completion": completions,
                "answer": [answers.extract_answer(turn) for turn in turns],
                "reward": (own * self.reward_weights).nansum(dim=1).tolist(),
                **dict(zip(self.reward_func_names, own.T.tolist(), strict=True)),
                "tokens": [len(ids) for ids in completion_ids_list],
                "truncated": [self.processing_class.eos_token_id not in ids for ids in completion_ids_list],
            }
            name = f"{self._step:07d}-{self.accelerator.process_index}"
            write_rollouts(Path(self.args.output_dir) / ROLLOUTS, self.state.global_step, name, columns)
        return rewards

    def _save_rng_state(self, output_dir: str) -> None:
        # called between the optimizer and trainer_state.json, whose presence says that a checkpoint is whole
        super()._save_rng_state(output_dir)
        state = {
            "step": self._step,
            "batches": self._buffered_inputs,
            "metrics": dict(self._metrics["train"]),
        }
        torch.save(state, self._buffer_file(output_dir))

    def _load_rng_state(self, checkpoint: str | None) -> None:
        # called just before the first resumed batch is prepared
        super()._load_rng_state(checkpoint)
        if checkpoint is not None:
            state = torch.load(
                self._buffer_file(checkpoint), map_location=self.accelerator.device, weights_only=True
            )
            self._step, self._buffered_inputs = state["step"], state["batches"]
            self._metrics["train"].update(state["metrics"])

    def _buffer_file(self, checkpoint: str) -> Path:
        return Path(checkpoint) / f"generation_buffer_{self.accelerator.process_index}.pt"
