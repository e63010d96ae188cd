"""Reward and evaluation are the same verdict."""

import pytest

from tinyreason.evaluation import item
from tinyreason.generation import Completion
from tinyreason.rewards import correctness_reward

COMPLETIONS = [
    ("6*7=42\n</think>\n\\boxed{42}", 1.0),
    ("6*7=42\n</think>\n**Final Answer:** 42.0", 1.0),
    ("</think>\n#### $42", 1.0),
    ("</think>The answer is 42.", 1.0),
    ("\\boxed{42}", 0.0),  # the prefilled reasoning block was never closed
    ("\\boxed{42}\n</think>\nso it is", 0.0),
    ("</think>\\boxed{42} or \\boxed{43", 0.0),
    ("</think>\n42", 0.0),  # not marked
    ("</think>\n\\boxed{24}", 0.0),
    ("", 0.0),
]


@pytest.mark.parametrize(("completion", "paid"), COMPLETIONS)
def test_reward_and_evaluation_agree_on_every_case(completion: str, paid: float) -> None:
    [reward] = correctness_reward(completions=[completion], answer=["42"], question=["?"])
    [sample] = item({"question": "?", "answer": "42"}, "", [Completion(completion, 1, False)])["samples"]
    assert reward == paid
    assert sample["correct"] == bool(paid)
