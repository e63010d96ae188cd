"""The group formulas, against numbers worked out by hand and against TRL's own."""

import math

import torch

from tinyreason.advantages import expected_signal, group_advantages, mixed_groups


def test_advantages_are_standardised_within_each_group() -> None:
    rewards = torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    found = group_advantages(rewards, 4)
    std = math.sqrt(1 / 3)  # unbiased: squares 4 * 0.25, divided by 3
    expected = 0.5 / (std + 1e-4)
    assert torch.allclose(found[:4], torch.tensor([expected, -expected, -expected, expected]))
    assert torch.equal(found[4:], torch.zeros(4))  # all right: nothing to learn, and no division by zero


def test_only_groups_with_right_and_wrong_answers_are_mixed() -> None:
    correct = torch.tensor([1.0, 1.0, 0.0, 0.0, 1.0, 0.0])
    assert mixed_groups(correct, 2).tolist() == [False, False, True]


def test_the_expected_signal_is_the_share_of_mixed_groups() -> None:
    assert expected_signal(0.5, 2) == 0.5
    assert expected_signal(0.0, 8) == expected_signal(1.0, 8) == 0.0
    generator = torch.Generator().manual_seed(0)
    draws = (torch.rand(8 * 20_000, generator=generator) < 0.1).float()
    assert abs(mixed_groups(draws, 8).float().mean().item() - expected_signal(0.1, 8)) < 0.01
