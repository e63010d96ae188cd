"""The synthetic problems: exact, distinct, the same bytes for the same seed, and what they say they are."""

import random
import re

import pytest

from tinyreason.synthetic import textbook_problems
from tinyreason.synthetic.textbooks import LARGEST, SIZES, UNSEEN_SIZE, Step, calculate, parts, problem
from tinyreason.synthetic.wording import SEEN, UNSEEN

SPLITS = {name: textbook_problems(name, seed=0) for name in (*SIZES, "unseen")}


@pytest.mark.parametrize("split", SPLITS)
def test_every_equation_of_every_solution_is_true(split: str) -> None:
    for row in SPLITS[split]:
        results = []
        for line in row["reasoning"].split("\n"):
            expression, result = line.split("=")
            assert re.fullmatch(r"[\d+*/()-]+", expression)
            assert eval(expression) == int(result), row
            results.append(result)
        assert results[-1] == row["answer"]


def test_every_number_is_from_2_to_100() -> None:
    for rows in SPLITS.values():
        numbers = {int(n) for row in rows for n in re.findall(r"\d+", row["question"] + " " + row["answer"])}
        assert min(numbers) >= 2
        assert max(numbers) == LARGEST


def test_no_question_is_in_two_splits_or_twice_in_one() -> None:
    questions = [row["question"] for rows in SPLITS.values() for row in rows]
    assert len(questions) == len(set(questions)) == sum(SIZES.values()) + UNSEEN_SIZE


def test_the_same_seed_makes_the_same_rows_and_another_seed_others() -> None:
    assert textbook_problems("test", seed=0) == SPLITS["test"]
    assert textbook_problems("test", seed=1) != SPLITS["test"]


def test_the_unseen_wording_shares_no_name_object_or_sentence_with_the_seen_one() -> None:
    def phrases(wording) -> set[str]:
        sentences = [s for steps in wording.steps.values() for s in steps]
        others = (wording.careful, wording.hasty, wording.objects, wording.starts, wording.questions)
        stories = (wording.totals, wording.prices, wording.rests)
        return {*sentences, *(text for group in (*others, *stories) for text in group)}

    assert not phrases(SEEN) & phrases(UNSEEN)


def test_the_habit_of_a_solution_goes_with_its_book() -> None:
    share = {}
    for book in ("careful", "hasty"):
        heroes = tuple(f"{name} " for name in vars(SEEN)[book])
        rows = [row for row in SPLITS["train"] if any(row["question"].startswith(hero) for hero in heroes)]
        rows = [
            row
            for row in rows
            if re.search(r"[+*/-].*[+*/-].*=\d+$", row["reasoning"].split("\n")[0])
            or "\n" in row["reasoning"]
        ]
        share[book] = sum("\n" not in row["reasoning"] for row in rows) / len(rows)
    assert share["careful"] < 0.3
    assert share["hasty"] > 0.7


@pytest.mark.parametrize(
    ("step", "written"),
    [
        (("-", 72, 57), [("-", 72, 50), ("-", 22, 7)]),
        (("+", 35, 8), [("+", 35, 8)]),
        (("*", 23, 4), [("*", 20, 4), ("*", 3, 4), ("+", 80, 12)]),
        (("/", 96, 4), [("/", 80, 4), ("/", 16, 4), ("+", 20, 4)]),
        (("/", 80, 4), [("/", 80, 4)]),
    ],
)
def test_the_careful_habit_takes_tens_and_ones_apart(step: Step, written: list[Step]) -> None:
    assert parts(step) == written
    assert calculate(written[-1]) == calculate(step)


def test_one_to_three_steps_and_all_four_operators_occur() -> None:
    rng = random.Random(0)
    made = [problem(rng, SEEN) for _ in range(500)]
    hasty = [row["reasoning"] for row in made if "\n" not in row["reasoning"]]
    assert {len(re.findall(r"[+*/-]", text.split("=")[0])) for text in hasty} == {1, 2, 3}
    assert all(any(sign in row["reasoning"] for row in made) for sign in "+-*/")
