"""Sampling, scoring, exact resume and metrics: what every RL trainer here has beside TRL's."""

from tinyreason.rollouts.arguments import RolloutArguments
from tinyreason.rollouts.trainer import RolloutTrainer

__all__ = ["RolloutArguments", "RolloutTrainer"]
