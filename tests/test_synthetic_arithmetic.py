"""The arithmetic problems: every program agrees with its answer, every equation of a solution is true."""

import re
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
import sympy

from tinyreason.answers import answers_match, read_gold
from tinyreason.arithmetic import equations
from tinyreason.synthetic.arithmetic import ARITHMETIC
from tinyreason.synthetic.arithmetic.columns import added, divided, multiplied, subtracted, worked
from tinyreason.synthetic.problem import Problem

SPLITS = tuple(ARITHMETIC.rows)
REMARK = re.compile(r"(more than [\d.]+, so up|less than [\d.]+, so down: [\d.]+|\d+/\d+ [<>] \d+/\d+)")
SEEN_TEMPLATES, UNSEEN_TEMPLATES = 48, 11


@cache
def rows(split: str) -> tuple[Problem, ...]:
    return tuple(ARITHMETIC.problems(split, seed=0))


@cache
def of_every_template(split: str, count: int) -> tuple[Problem, ...]:
    """The first `count` problems of every template of the split."""
    taken: Counter[str] = Counter()
    chosen = []
    for problem in rows(split):
        taken[problem.template] += 1
        if taken[problem.template] <= count:
            chosen.append(problem)
    return tuple(chosen)


def value_of(program: str) -> object:
    scope: dict[str, object] = {}
    exec("from sympy import *\n" + program, scope)
    return scope["answer"]


def exact(text: str) -> Fraction:
    """The value of a side of an equation; ours is another parser than the one that trains and rewards."""
    assert re.fullmatch(r"[\d.+*/()-]+", text), text
    return eval(re.sub(r"\d+(?:\.\d+)?", lambda match: f"Fraction('{match[0]}')", text))


def numbers(answer: str) -> list[Fraction]:
    return [Fraction(part) for part in answer.strip("()").split(", ")]


@pytest.mark.parametrize("split", SPLITS)
def test_the_program_of_every_template_gives_the_answer(split: str) -> None:
    for problem in of_every_template(split, 40):
        value = value_of(problem.program)
        values = value if isinstance(value, tuple) else (value,)
        found = [sympy.Rational(number.numerator, number.denominator) for number in numbers(problem.answer)]
        assert found == [sympy.sympify(number) for number in values], problem


@pytest.mark.parametrize("split", SPLITS)
def test_every_line_is_a_true_equation_or_a_known_remark(split: str) -> None:
    for problem in rows(split)[:8000]:
        for line in problem.reasoning.split("\n"):
            if "=" in line:
                left, right = line.split("=")
                assert exact(left) == exact(right), problem
            else:
                assert REMARK.fullmatch(line), problem
        assert all(equations(problem.reasoning).values()), problem


def test_the_last_line_of_a_solution_holds_the_answer() -> None:
    for split in SPLITS:
        for problem in rows(split):
            last = problem.reasoning.split("\n")[-1]
            assert all(number in last for number in re.findall(r"[\d.]+", problem.answer)), problem


def test_the_grader_reads_every_answer_and_rejects_it_with_another_digit() -> None:
    for split in SPLITS:
        for problem in rows(split):
            assert read_gold(problem.answer) == problem.answer
    for problem in of_every_template("train", 10) + of_every_template("unseen", 10):
        wrong = re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10 or 1), problem.answer, count=1)
        assert answers_match(gold=problem.answer, answer=problem.answer)
        assert not answers_match(gold=problem.answer, answer=wrong), problem


def test_every_template_occurs_and_the_unseen_ones_are_others() -> None:
    seen, unseen = ({problem.template for problem in rows(split)} for split in ("train", "unseen"))
    assert (len(seen), len(unseen)) == (SEEN_TEMPLATES, UNSEEN_TEMPLATES)
    assert not seen & unseen
    assert {problem.template for problem in rows("test")} == seen


def test_no_question_is_in_two_splits_or_twice_and_every_split_is_full() -> None:
    problems = [problem for split in SPLITS for problem in rows(split)]
    assert {split: len(rows(split)) for split in SPLITS} == ARITHMETIC.rows
    assert len({problem.question for problem in problems}) == len(problems)
    assert len({(problem.template, problem.key) for problem in problems}) == len(problems)
    assert all(problem.split == split for split in SPLITS[:3] for problem in rows(split))


def test_the_same_seed_makes_the_same_problems_and_another_seed_others() -> None:
    again = tuple(ARITHMETIC.problems("validation", seed=0))
    assert again == rows("validation")
    assert tuple(ARITHMETIC.problems("validation", seed=1)) != again


def test_no_number_is_written_in_an_ugly_way() -> None:
    for split in SPLITS:
        for problem in rows(split):
            text = problem.question + "\n" + problem.reasoning
            assert not re.search(r"--|\+-|\*-|/-|(?<![\d.:])0\d|\b1 (?:pens|tickets|cups)", text), problem
            assert "{" not in text
            assert "<" not in problem.question


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        (added(487, 256), "7+6=13 8+5+1=14 4+2+1=7 487+256=743"),
        (added(8464, 97), "4+7=11 6+9+1=16 4+1=5 8464+97=8561"),
        (added(95, 8), "95+8=103"),
        (subtracted(523, 287), "13-7=6 12-1-8=3 5-1-2=2 523-287=236"),
        (multiplied(24, 7), "20*7=140 4*7=28 140+28=168 24*7=168"),
        (multiplied(3, 40), "3*40=120"),
        (multiplied(0, 7), "0*7=0"),
        (divided(1596, 7), "15-2*7=1 10*1+9=19 19-2*7=5 10*5+6=56 56-8*7=0 1596/7=228"),
        (divided(80_000, 80), "80-1*80=0 80000/80=1000"),
        (divided(47, 5), "9*5+2=47"),
        (worked(-26, "+", 24), "6-4=2 2-2=0 26-24=2 -26+24=-2"),
        (worked(-8, "-", 5), "8+5=13 -8-5=-13"),
        (worked(-6, "*", -7), "6*7=42 -6*(-7)=42"),
    ],
)
def test_carries_borrows_and_partial_products_are_taken_apart(lines: list[str], written: str) -> None:
    assert " ".join(lines).split() == written.split()
