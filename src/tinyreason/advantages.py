"""Group-relative advantages as pure tensor formulas, and what they say about whether a group can teach
anything.

TRL computes the advantages of a run itself; the formula stands here to be tested against it and to be read.
"""

from torch import Tensor

EPSILON = 1e-4  # TRL's guard against a zero standard deviation


def group_advantages(rewards: Tensor, num_generations: int) -> Tensor:
    """(r - mean) / (std + EPSILON) within each group, std unbiased. Shao et al.
    2024 (arXiv 2402.03300), section 4.1.2.

    `rewards` and the result are (groups * num_generations,), the completions of one prompt next to each
    other.
    """
    groups = rewards.view(-1, num_generations)
    centred = groups - groups.mean(dim=1, keepdim=True)
    return (centred / (groups.std(dim=1, keepdim=True) + EPSILON)).view(-1)


def mixed_groups(correct: Tensor, num_generations: int) -> Tensor:
    """True for each group in which some completions are right and some wrong:
    the only ones that give a gradient.

    `correct` is (groups * num_generations,) of 0 and 1, the result (groups,).
    """
    passed = correct.view(-1, num_generations).sum(dim=1)
    return (passed > 0) & (passed < num_generations)


def expected_signal(pass_rate: float, num_generations: int) -> float:
    """The share of groups that are mixed when every completion is right with probability `pass_rate`:
    1 - p^G - (1-p)^G.
    """
    return 1.0 - pass_rate**num_generations - (1.0 - pass_rate) ** num_generations
