"""What the algorithms do with rewards and values, as pure tensor formulas.

Completions of one prompt stand next to each other: (N,) is (groups * num_generations,). `correct` is 1.0, 0.0
or NaN where the gold answer cannot be read; `mask` is (B, T), 1 on the tokens that were sampled, which come
first in each row.
"""

import torch
from torch import Tensor

EPSILON = 1e-4  # against a zero standard deviation, as in TRL


def mixed_groups(correct: Tensor, num_generations: int) -> Tensor:
    """(groups,) True where some completions are right and some wrong: what a binary reward can teach.

    DAPO's condition on a group, Yu et al. 2025 (arXiv 2503.14476), equation 11.
    """
    groups = correct.view(-1, num_generations)
    return (groups == 1).any(dim=1) & (groups == 0).any(dim=1)


def length_factors(lengths: Tensor, num_generations: int) -> Tensor:
    """(N,) L_i / mean(L) of the group: it turns a mean over each sequence into a sum over the group's tokens
    divided by the group's mean length.
    """
    groups = lengths.view(-1, num_generations).float()
    return (groups / groups.mean(dim=1, keepdim=True).clamp(min=1)).view(-1)


def concise_rewards(
    correct: Tensor, lengths: Tensor, num_generations: int, *, alpha: float, signed: bool, wrong: float
) -> Tensor:
    """(N,) exp(-alpha z) for a right completion, `wrong` for a wrong one, NaN where it is not known.

    z is the length standardised among the group's right completions, 0 where one is alone or all are equal;
    `signed` is the reward of Zhang and Zuo 2025 (arXiv 2504.09696); else |z| takes the place of z.
    """
    right = correct.view(-1, num_generations) == 1
    tokens = lengths.view(-1, num_generations).float()
    count = right.sum(dim=1, keepdim=True)
    mean = (tokens * right).sum(dim=1, keepdim=True) / count.clamp(min=1)
    squares = ((tokens - mean).square() * right).sum(dim=1, keepdim=True)
    z = (tokens - mean) / ((squares / (count - 1).clamp(min=1)).sqrt() + EPSILON)
    rewards = torch.where(right, torch.exp(-alpha * (z if signed else z.abs())), wrong).view(-1)
    return rewards.masked_fill(correct.isnan(), torch.nan)


def pass_rates(correct: Tensor, num_generations: int) -> Tensor:
    """(N,) the share of right completions in each one's group, of those that could be graded."""
    rates = correct.view(-1, num_generations).nanmean(dim=1).nan_to_num(nan=0.0)
    return rates.repeat_interleave(num_generations)


def linear_difficulty(pass_rate: Tensor) -> Tensor:
    """(N,) 2 - p: 1 for a problem that is always solved, 2 for one that never is."""
    return 2 - pass_rate


def logistic_difficulty(pass_rate: Tensor, advantages: Tensor) -> Tensor:
    """(N,) w(p) where the advantage is positive and w(1 - p) elsewhere, so that rare right answers and rare
    wrong ones weigh more. Zhang and Zuo 2025 (arXiv 2504.09696), with their constants.
    """
    low, high, steepness, midpoint = 0.4, 1.5, 10.0, 0.75
    rate = torch.where(advantages > 0, pass_rate, 1 - pass_rate)
    return low + (high - low) * torch.sigmoid(-steepness * (rate - midpoint))


def terminal_rewards(scores: Tensor, mask: Tensor) -> Tensor:
    """(B, T) each completion's score (B,) on its last sampled token, 0 elsewhere."""
    last = mask * (mask.cumsum(dim=1) == mask.sum(dim=1, keepdim=True))
    return scores.unsqueeze(1) * last


def generalized_advantages(
    rewards: Tensor, values: Tensor, mask: Tensor, *, gamma: float, lam: float
) -> Tensor:
    """(B, T) sums of (gamma lam)^k delta_(t+k), delta_t = r_t + gamma V_(t+1) - V_t, 0 behind the last token.

    Schulman et al. 2016 (arXiv 1506.02438), equation 16; a completion's end is the end of the episode.
    """
    advantages = torch.zeros_like(values)
    following = next_value = torch.zeros_like(values[:, 0])
    for step in reversed(range(values.shape[1])):
        delta = rewards[:, step] + gamma * next_value - values[:, step]
        following = (delta + gamma * lam * following) * mask[:, step]
        next_value = values[:, step] * mask[:, step]
        advantages[:, step] = following
    return advantages


def whiten(values: Tensor, mask: Tensor) -> Tensor:
    """(B, T) zero mean and unit (unbiased) variance over the tokens of the mask, 0 elsewhere."""
    count = mask.sum()
    mean = (values * mask).sum() / count.clamp(min=1)
    variance = ((values - mean).square() * mask).sum() / (count - 1).clamp(min=1)
    return (values - mean) / (variance.sqrt() + EPSILON) * mask


def explained_variance(values: Tensor, returns: Tensor, mask: Tensor) -> Tensor:
    """1 - Var(returns - values) / Var(returns) over the mask: 1 for a perfect critic, 0 for a constant, NaN
    where all returns are equal.
    """
    chosen = mask.bool()
    share = (returns - values)[chosen].var() / returns[chosen].var()
    return (1 - share).nan_to_num(nan=torch.nan, neginf=torch.nan)
