"""The table of algorithms: what `algorithm:` in a recipe means. The class defaults are the algorithm."""

from dataclasses import dataclass

from tinyreason import dapo, grpo, lead, ppo
from tinyreason.config import RewardArguments
from tinyreason.rollouts import RolloutArguments, RolloutTrainer


@dataclass(frozen=True)
class Algorithm:
    """The config class whose defaults define the algorithm, the trainer that runs it, what it pays for."""

    config: type[RolloutArguments]
    trainer: type[RolloutTrainer]
    rewards: type[RewardArguments] = RewardArguments


ALGORITHMS = {
    "grpo": Algorithm(grpo.PlainGRPOConfig, grpo.GRPOTrainer),
    "dr_grpo": Algorithm(grpo.DrGRPOConfig, grpo.DrGRPOTrainer),
    "ppo": Algorithm(ppo.PPOConfig, ppo.PPOTrainer),
    "gspo": Algorithm(grpo.GSPOConfig, grpo.GRPOTrainer),
    "dapo": Algorithm(dapo.DAPOConfig, dapo.DAPOTrainer, dapo.DAPORewards),
    "grpo_lead": Algorithm(lead.LeadConfig, lead.LeadTrainer, lead.LeadRewards),
    "rloo": Algorithm(grpo.LeaveOneOutConfig, grpo.RLOOTrainer),
    "cispo": Algorithm(grpo.CISPOConfig, grpo.GRPOTrainer),
}
