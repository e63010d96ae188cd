"""Batches and explanations: the same verdicts as one by one, and what is said about them."""

import subprocess
import sys

import pytest

from tinyreason.answers import answers_match, explain, grade, grader_counts, is_correct

TURNS = [
    ("\\boxed{42}", "42"),
    ("<think>\n\\boxed{42}", "42"),
    ("\\boxed{1+x}", "x+1"),
    ("\\boxed{1+x}", "x+2"),
    ("so 42", "42"),
    (None, "42"),
    ("\\boxed{2\\sqrt{3}}", "\\sqrt{12}"),
    ("\\boxed{x^2-1}", "(x-1)(x+1)"),
]


@pytest.mark.parametrize("marked_only", [True, False])
def test_a_batch_is_graded_like_its_turns_in_order(marked_only: bool) -> None:
    turns, golds = zip(*TURNS * 3, strict=True)
    one_by_one = [is_correct(turn, gold, marked_only=marked_only) for turn, gold in TURNS * 3]
    assert grade(turns, golds, marked_only=marked_only) == one_by_one
    assert set(one_by_one) == {True, False}


def test_equal_symbolic_pairs_are_asked_once_and_numbers_never() -> None:
    before = grader_counts().symbolic
    assert grade(["\\boxed{1+x}"] * 50 + ["\\boxed{7}"] * 50, ["x+1"] * 50 + ["7.0"] * 50) == [True] * 100
    assert grader_counts().symbolic <= before + 3  # each gold once, to see that it can be read, and the pair


@pytest.mark.parametrize("gold", ["", " ", None, 7, "\\frac{1}{2", "}"])
def test_a_gold_that_cannot_be_read_is_none(gold: object) -> None:
    assert grade(["\\boxed{7}", "\\boxed{7}"], [gold, "7"]) == [None, True]
    assert explain("\\boxed{7}", gold).rule == "the gold cannot be read"


def test_a_batch_without_symbols_starts_no_worker() -> None:
    script = (
        "from tinyreason.answers import grade, symbolic\n"
        "assert grade(['\\\\boxed{7}', '#### 1,000'], ['7', '1000']) == [True, True]\n"
        "assert symbolic._pool is None"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("turn", "gold", "correct", "rule", "answer", "notation"),
    [
        ("\\boxed{42}", "42", True, "same text", "42", "box"),
        ("<think>a</think>\n#### 1,000", "1000", True, "numbers", "1,000", "####"),
        ("**Final Answer:** $41$", "42", False, "numbers", "41", "final answer"),
        ("The answer is (B).", "B", True, "choice letter", "(B)", "answer is"),
        ("<answer>odd</answer>", "even", False, "words", "odd", "<answer>"),
        ("\\boxed{1}, \\boxed{2}", "2, 1", True, "items of a list, tuple, set or interval", "1, 2", "boxes"),
        ("\\boxed{x+1}", "1+x", True, "computer algebra: equal", "x+1", "box"),
        ("\\boxed{x+2}", "1+x", False, "computer algebra: different", "x+2", "box"),
        ("\\boxed{x<5}", "5", False, "different kinds", "x<5", "box"),
        ("so it is 42", "42", True, "same text", "42", "last expression"),
        ("<think> 42", "42", False, "the reasoning never ends", None, None),
        ("\\boxed{42", "42", False, "the text breaks off inside its last box", None, None),
        ("No idea.\nNone at all.", "42", False, "nothing is marked as the answer", None, None),
        (None, "42", False, "the turn is not text", None, None),
    ],
)
def test_an_explanation_says_what_was_taken_from_where_and_why(
    turn: str, gold: str, correct: bool, rule: str, answer: str, notation: str
) -> None:
    verdict = explain(turn, gold)
    assert (verdict.correct, verdict.rule, verdict.answer, verdict.notation) == (
        correct,
        rule,
        answer,
        notation,
    )
    assert verdict.correct == is_correct(turn, gold, marked_only=False)
    assert verdict.strict == (notation != "last expression")
    assert 0 < verdict.milliseconds < 5000
    if answer is None:
        assert verdict.span is None
    else:
        start, end = verdict.span
        assert answer in turn[start:end] or notation == "boxes"
        assert 0 <= start < end <= len(turn)


def test_an_explanation_names_a_pair_without_verdict() -> None:
    assert answers_match(gold="x+1", answer="1+x")
    assert explain("\\boxed{x+9^{9^{9^{9}}}}", "x+1").rule == "computer algebra: timed out"
    assert explain("\\boxed{" + "x+" * 600 + "1}", "x+1").rule == "computer algebra: too long"
