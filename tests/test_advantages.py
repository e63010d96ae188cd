"""The formulas on their own, against numbers worked out by hand; `test_algorithms.py` has them inside the
trainers.
"""

import math

import torch

from tinyreason.advantages import (
    concise_rewards,
    explained_variance,
    generalized_advantages,
    length_factors,
    linear_difficulty,
    logistic_difficulty,
    mixed_groups,
    pass_rates,
    terminal_rewards,
    whiten,
)

UNKNOWN = float("nan")


def test_only_groups_with_right_and_wrong_answers_are_mixed() -> None:
    correct = torch.tensor([1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, UNKNOWN, UNKNOWN, UNKNOWN])
    assert mixed_groups(correct, 2).tolist() == [False, False, True, False, False]


def test_length_factors_are_relative_to_the_group() -> None:
    factors = length_factors(torch.tensor([2, 6, 10, 10, 0, 0]), 2)
    assert factors.tolist() == [0.5, 1.5, 1.0, 1.0, 0.0, 0.0]


def test_the_length_reward_counts_right_answers_of_the_group_alone() -> None:
    correct = torch.tensor([1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, UNKNOWN])
    lengths = torch.tensor([10.0, 20.0, 30.0, 999.0, 50.0, 1.0, 2.0, 3.0])
    signed = concise_rewards(correct, lengths, 4, alpha=0.1, signed=True, wrong=-1.0)
    z = 10 / (10 + 1e-4)  # the three right ones: mean 20, unbiased deviation 10
    expected = [math.exp(0.1 * z), 1.0, math.exp(-0.1 * z), -1.0, 1.0, -1.0, -1.0]
    assert torch.allclose(signed[:7], torch.tensor(expected))
    assert signed[7].isnan()
    either = concise_rewards(correct, lengths, 4, alpha=0.1, signed=False, wrong=0.0)
    assert torch.allclose(either[:4], torch.tensor([math.exp(-0.1 * z), 1.0, math.exp(-0.1 * z), 0.0]))


def test_the_length_reward_is_finite_with_one_right_answer_and_level_at_equal_lengths() -> None:
    one = concise_rewards(
        torch.tensor([1.0, 0, 0, 0]), torch.arange(4.0), 4, alpha=0.1, signed=False, wrong=0
    )
    assert one.tolist() == [1.0, 0.0, 0.0, 0.0]
    none = concise_rewards(torch.zeros(4), torch.arange(4.0), 4, alpha=0.1, signed=True, wrong=-1.0)
    assert none.tolist() == [-1.0] * 4
    equal = concise_rewards(torch.ones(4), torch.full((4,), 37.0), 4, alpha=0.1, signed=False, wrong=0.0)
    assert equal.tolist() == [1.0] * 4


def test_difficulty_is_the_pass_rate_of_what_could_be_graded() -> None:
    rates = pass_rates(torch.tensor([1.0, 0.0, 0.0, UNKNOWN, UNKNOWN, UNKNOWN]), 3)
    assert torch.allclose(rates, torch.tensor([1 / 3] * 3 + [0.0] * 3))
    assert linear_difficulty(torch.tensor([0.0, 0.25, 1.0])).tolist() == [2.0, 1.75, 1.0]
    weights = logistic_difficulty(torch.tensor([0.75, 0.25, 0.0]), torch.tensor([1.0, -1.0, 1.0]))
    assert torch.allclose(weights, torch.tensor([0.95, 0.95, 0.4 + 1.1 / (1 + math.exp(-7.5))]))


def test_a_score_stands_on_the_last_sampled_token() -> None:
    mask = torch.tensor([[1, 1, 1], [1, 1, 0], [0, 0, 0]])
    rewards = terminal_rewards(torch.tensor([1.0, -2.0, 5.0]), mask)
    assert rewards.tolist() == [[0, 0, 1.0], [0, -2.0, 0], [0, 0, 0]]


def test_generalized_advantages_by_hand() -> None:
    rewards, values = torch.tensor([[0.0, 0.0, 1.0]]), torch.tensor([[0.2, 0.4, 0.6]])
    found = generalized_advantages(rewards, values, torch.ones(1, 3), gamma=0.9, lam=0.5)
    third = 1.0 - 0.6
    second = 0.9 * 0.6 - 0.4 + 0.9 * 0.5 * third
    first = 0.9 * 0.4 - 0.2 + 0.9 * 0.5 * second
    assert torch.allclose(found, torch.tensor([[first, second, third]]))


def test_what_stands_in_the_padding_changes_no_advantage() -> None:
    generator = torch.Generator().manual_seed(0)
    rewards, values = (torch.rand(2, 5, generator=generator) for _ in range(2))
    mask = torch.ones(2, 5)
    alone = generalized_advantages(rewards, values, mask, gamma=0.99, lam=0.95)
    rubbish = torch.full((2, 3), 5.0)
    padded = generalized_advantages(
        torch.cat([rewards, rubbish], dim=1),
        torch.cat([values, rubbish], dim=1),
        torch.cat([mask, torch.zeros(2, 3)], dim=1),
        gamma=0.99,
        lam=0.95,
    )
    assert torch.equal(padded[:, :5], alone)
    assert torch.equal(padded[:, 5:], torch.zeros(2, 3))
    wide = torch.cat([mask, torch.zeros(2, 3)], dim=1)
    assert torch.allclose(whiten(torch.cat([alone, rubbish], dim=1), wide)[:, :5], whiten(alone, mask))


def test_whitened_values_have_mean_zero_and_deviation_one_over_the_mask() -> None:
    mask = torch.tensor([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])
    white = whiten(torch.tensor([[3.0, 9.0, 5.0, 100.0], [7.0, 1.0, 100.0, 100.0]]), mask)
    chosen = white[mask.bool()]
    assert abs(chosen.mean()) < 1e-6
    assert abs(chosen.std() - 1) < 1e-4
    assert (white[~mask.bool()] == 0).all()


def test_explained_variance_is_one_for_a_perfect_critic_and_zero_for_a_constant() -> None:
    returns, mask = torch.tensor([[0.0, 1.0, 3.0, 9.0]]), torch.tensor([[1.0, 1.0, 1.0, 0.0]])
    assert explained_variance(returns, returns, mask) == 1
    assert abs(explained_variance(torch.full((1, 4), 7.0), returns, mask)) < 1e-6
    assert explained_variance(torch.rand(1, 4), torch.ones(1, 4), mask).isnan()
