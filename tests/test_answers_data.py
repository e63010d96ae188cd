"""The grader on real golds and on real model output; skipped where the optional data folder is absent."""

import json
import re
from functools import cache

import pytest
from conftest import SHARED

from tinyreason.answers import answers_match, extract_answer, grade, is_correct, read_gold

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the optional data folder")

NOTATIONS = ["\\boxed{%s}", "**Final Answer:** %s", "#### %s", "The answer is %s.", "<answer>%s</answer>"]
SAME_VALUE = {("\\frac34", "\\frac{3}{4}"), ("120", "120^\\circ"), ("7", "7\\%")}  # neighbours in MATH


def rows(*path: str) -> list[dict]:
    return [json.loads(line) for line in SHARED.joinpath(*path).read_text().splitlines()]


def neighbours(golds: list[str]) -> list[tuple[str, str]]:
    return list(zip(golds, [*golds[1:], golds[0]], strict=True))


def sample(kind: str) -> list[dict]:
    return rows("graders", f"{kind}_sample.jsonl")


match_once = cache(answers_match)


def verdict(row: dict, *, marked_only: bool) -> bool:
    if row["kind"] == "equivalence":
        return match_once(gold=row["gold"], answer=row["text"])  # whatever is marked
    return is_correct(row["text"], row["gold"], marked_only=marked_only)


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_gsm8k_gold_grades_itself_and_not_the_next(split: str) -> None:
    golds = [row["answer"].rpartition("####")[2].strip() for row in rows("gsm8k", f"{split}.jsonl")]
    assert [read_gold(gold) for gold in golds] == golds
    for notation in NOTATIONS:
        turns = [f"<think>\n1 + 1 = 2\n</think>\n{notation % gold}" for gold in golds]
        assert grade(turns, golds) == [True] * len(golds)
    for answer, gold in neighbours(golds):
        assert answers_match(gold=gold, answer=answer) == (gold.replace(",", "") == answer.replace(",", ""))


def test_every_math_solution_grades_itself_and_not_the_next_row() -> None:
    solutions = [row["solution"] for row in rows("math", "test.jsonl")]
    golds = [extract_answer(solution) for solution in solutions]
    assert grade(solutions, golds) == [True] * len(golds)
    pairs = neighbours(golds)
    verdicts = grade([f"\\boxed{{{answer}}}" for answer, _ in pairs], [gold for _, gold in pairs])
    accepted = {
        (gold, answer) for (answer, gold), right in zip(pairs, verdicts, strict=True) if right is not False
    }
    assert {pair for pair in accepted if pair[0] != pair[1]} == SAME_VALUE


def test_a_math_answer_with_one_digit_changed_is_wrong() -> None:
    golds = sorted({extract_answer(row["solution"]) for row in rows("math", "test.jsonl")})
    pairs = []
    for gold in golds[::3]:
        for match in re.finditer(r"\d", gold):
            digit = str((int(match[0]) + 1) % 10)
            pairs.append((gold, f"\\boxed{{{gold[: match.start()]}{digit}{gold[match.end() :]}}}"))
    verdicts = grade([turn for _, turn in pairs], [gold for gold, _ in pairs])
    assert len(pairs) > 1000
    assert [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict] == []


def test_labelled_model_output_is_graded_as_labelled() -> None:
    cases = sample("cases")
    for marked_only, least in ((False, 0.98), (True, 0.9)):
        verdicts = [verdict(case, marked_only=marked_only) for case in cases]
        right = [given == case["label"] for given, case in zip(verdicts, cases, strict=True)]
        false_positives = [
            case["text"] for given, case in zip(verdicts, cases, strict=True) if given and not case["label"]
        ]
        assert sum(right) / len(cases) >= least
        assert len(false_positives) <= 0.003 * len(cases), false_positives


def test_hostile_input_is_graded_as_labelled() -> None:
    for case in sample("adversarial"):
        given = is_correct(case["text"], case["gold"], marked_only=False)
        assert case["label"] is None or given == case["label"], case["id"]
