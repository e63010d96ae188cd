"""The settings that every algorithm has beside TRL's own."""

import os
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass
class RolloutArguments:
    """What every algorithm has beside TRL's own settings."""

    MIN_GENERATIONS: ClassVar[int] = 2

    log_kl: bool = field(
        default=True,
        metadata={
            "help": "Log the KL to the starting policy at beta 0 too; false saves its forward pass, and the "
            "second copy of a model that is trained without an adapter."
        },
    )
    max_completions: int | None = field(
        default=None,
        metadata={
            "help": "Train until so many completions were sampled, by which the learning rate decays too; "
            "null for max_steps alone."
        },
    )

    def __post_init__(self) -> None:
        """Raises ValueError for a budget that cannot be kept, for a group too small to compare within, and
        for a batch that would cut one up.
        """
        self._check_budget()
        self._check_groups()
        super().__post_init__()

    def _check_budget(self) -> None:
        if self.max_completions is None:
            return
        if self.max_completions < 1:
            raise ValueError(f"max_completions: {self.max_completions} trains on nothing; give 1 or more")
        if self.lr_scheduler_type == "reduce_lr_on_plateau":
            raise ValueError(
                "lr_scheduler_type: reduce_lr_on_plateau follows the evaluation, and cannot decay by "
                "max_completions; choose linear or cosine, or leave max_completions out"
            )

    def _check_groups(self) -> None:
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

    def completions_per_generation(self) -> int:
        """How many completions all processes sample together before they train on them."""
        processes = int(os.environ.get("WORLD_SIZE", "1"))
        steps = self.steps_per_generation or self.gradient_accumulation_steps
        return self.generation_batch_size or self.per_device_train_batch_size * processes * steps
