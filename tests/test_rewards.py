"""Rewards: what each pays, what it logs, and that reward and evaluation are one verdict."""

import json
import math
import re

import pytest
from conftest import SHARED

from tinyreason import chatml
from tinyreason.config import REWARDS, ConfigError, RewardArguments
from tinyreason.data import load_split
from tinyreason.evaluation import graded
from tinyreason.generation import Completion
from tinyreason.rewards import accuracy, build_rewards

RIGHT = "6*7=42\n</think>\n\\boxed{42}"
COMPLETIONS = [
    (RIGHT, 1.0),
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


def rewards(*names: str, length: int = 100, **values: object) -> list:
    recipe = RewardArguments(reward_funcs=list(names), **values)
    return build_rewards(recipe, line="boxed", max_completion_length=length, weights=None)


def pay(name: str, completions: list[str], *, answer: str = "42", lengths: list[int] = (), **values) -> list:
    [reward] = rewards(name, **values)
    ids = [[*range(length)] for length in lengths] or [[0]] * len(completions)
    return reward(completions=completions, completion_ids=ids, answer=[answer] * len(completions))


@pytest.mark.parametrize(("completion", "paid"), COMPLETIONS)
def test_reward_and_evaluation_agree_on_every_case(completion: str, paid: float) -> None:
    [reward] = accuracy(completions=[completion], answer=["42"], question=["?"])
    assert reward == paid
    assert graded(Completion(completion, 1, False), "42", chatml.PREFILL)["correct"] == bool(paid)


@pytest.mark.parametrize("name", ["accuracy", "format", "cosine_length"])
def test_a_gold_that_cannot_be_read_is_unscorable_and_logged(name: str) -> None:
    logged = {}
    [reward] = rewards(name)
    scores = reward(
        completions=[RIGHT, RIGHT],
        completion_ids=[[0], [0]],
        answer=["42", ""],
        log_metric=logged.__setitem__,
    )
    assert scores[0] == pytest.approx(1.0, abs=0.01)
    assert scores[1] is None
    assert logged == {f"rewards/{name}/unscorable": 0.5, f"rewards/{name}/no_verdict": 0.0}


def test_a_completion_that_the_grader_gives_up_on_earns_nothing_and_is_logged() -> None:
    logged = {}
    [reward] = rewards("accuracy")
    completions = ["</think>\\boxed{x+9^{9^{9^9}}}", "</think>\\boxed{1+x}"]
    assert reward(completions=completions, answer=["x+1"] * 2, log_metric=logged.__setitem__) == [0.0, 1.0]
    assert logged == {"rewards/accuracy/unscorable": 0.0, "rewards/accuracy/no_verdict": 0.5}


@pytest.mark.parametrize(
    ("completion", "paid"),
    [
        (RIGHT, 1.0),
        ("6*7=42\n</think>\n\\boxed{42.0}", 1.0),
        ("6*7=42\n</think>\nSo \\boxed{42}", 0.0),  # more than the answer line
        ("6*7=42\n</think>\n\\boxed{42}\n\\boxed{42}", 0.0),
        ("6*7=42\n</think>\n**Final Answer:** 42", 0.0),  # the other recipe's format
        ("</think>\n\\boxed{42}", 0.0),  # no reasoning
        ("6*7=42 \\boxed{42}", 0.0),
    ],
)
def test_format_pays_for_reasoning_and_the_answer_line_alone(completion: str, paid: float) -> None:
    assert pay("format", [completion]) == [paid]
    assert pay("format", [completion], format_requires_correct=False) == [paid]


def test_format_pays_inside_correct_completions_only_unless_asked_otherwise() -> None:
    wrong = RIGHT.replace("{42}", "{43}")
    assert pay("format", [wrong]) == [0.0]
    assert pay("format", [wrong], format_requires_correct=False) == [1.0]


def test_cosine_length_prefers_short_right_answers_and_long_wrong_ones() -> None:
    wrong = RIGHT.replace("{42}", "{43}")
    lengths = [0, 50, 100, 1000]
    assert pay("cosine_length", [RIGHT] * 4, lengths=lengths) == pytest.approx([1.0, 0.75, 0.5, 0.5])
    assert pay("cosine_length", [wrong] * 4, lengths=lengths) == pytest.approx([-1.0, -0.75, -0.5, -0.5])
    quarter = 1 + 0.5 * (2 - 1) * (1 + math.cos(math.pi / 4))
    values = {"cosine_correct": [2.0, 1.0], "cosine_wrong": [-10.0, 0.0]}
    assert pay("cosine_length", [RIGHT], lengths=[25], **values) == pytest.approx([quarter])
    assert pay("cosine_length", [wrong], lengths=[50], **values) == pytest.approx([-5.0])


def test_repetition_costs_loops_with_and_without_spaces_and_nothing_else() -> None:
    [reward] = rewards("repetition", repetition_ngram_size=3)
    loop, text = [5, 6, 7] * 30, list(range(90))
    assert reward(completions=["", ""], completion_ids=[loop, text]) == pytest.approx([-1 + 3 / 88, 0.0])


def test_soft_overlong_costs_the_last_tokens_before_the_limit() -> None:
    assert pay("soft_overlong", [""] * 4, lengths=[80, 90, 100, 101]) == pytest.approx([0, -0.5, -1, -1])
    costs = pay("soft_overlong", [""] * 3, lengths=[90, 95, 100], soft_punish_cache=10)
    assert costs == pytest.approx([0, -0.5, -1])


@pytest.mark.parametrize(
    ("reasoning", "share"),
    [
        ("12 + 7 = 19 and 19 * 2 = 38", 1.0),
        ("12 + 7 = 19, then 19 * 2 = 39.", 0.5),
        ("12 + 7 = 18", 0.0),
        ("12 + 7 = 19. " * 50 + "5 + 5 = 11", 0.5),  # saying one thing often
        ("5 = 5, x = 3, nothing", 0.0),
    ],
)
def test_steps_pays_the_share_of_equations_that_hold(reasoning: str, share: float) -> None:
    assert pay("steps", [reasoning + "\n</think>\n\\boxed{42} 1 + 1 = 2"]) == [share]
    assert pay("steps", [reasoning]) == [share]


@pytest.mark.parametrize(
    ("names", "weights", "sentence"),
    [
        (["acuracy"], None, "unknown reward in reward_funcs 'acuracy'"),
        ([], None, "must name one or more rewards"),
        (["steps", "steps"], None, "each once"),
        (["accuracy", "steps"], [1.0], "1 weights for 2 rewards"),
    ],
)
def test_rewards_that_cannot_be_meant_are_refused(names: list, weights: list | None, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        build_rewards(
            RewardArguments(reward_funcs=names), line="boxed", max_completion_length=9, weights=weights
        )


def test_every_reward_that_a_recipe_may_name_is_there() -> None:
    assert [reward.__name__ for reward in rewards(*REWARDS)] == list(REWARDS)


@pytest.mark.parametrize("name", ["cosine_correct", "cosine_wrong"])
def test_a_cosine_has_two_ends(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}: .* must be two numbers"):
        RewardArguments(**{name: [1.0]})


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs real GSM8K")
def test_real_solutions_repeat_little_and_calculate_right() -> None:
    lines = (SHARED / "gsm8k" / "train.jsonl").read_text().splitlines()[:1000]
    marks = [re.findall(r"<<([^<>]*)>>", json.loads(line)["answer"]) for line in lines]
    steps, repetition = rewards("steps", "repetition")
    scores = steps(completions=[", ".join(equations) for equations in marks if equations])
    assert sum(scores) / len(scores) > 0.98
    reasoning = [row["reasoning"] for row in load_split("gsm8k", "train", data_dir=SHARED).rows[:1000]]
    scores = steps(completions=reasoning)
    assert sum(scores) / len(scores) > 0.85
    words = [text.split() for text in reasoning]
    assert min(repetition(completions=reasoning, completion_ids=words)) > -0.1
