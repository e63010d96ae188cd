"""The arithmetic problems: every program agrees with its answer, every equation of a solution is true."""

import re
from fractions import Fraction
from functools import partial

import problems
import pytest
import sympy
from problems import SPLITS, value_of, wrong_answer

from tinyreason.answers import answers_match, read_gold
from tinyreason.arithmetic import equations
from tinyreason.synthetic.arithmetic.columns import added, divided, multiplied, subtracted, worked

rows = partial(problems.rows, "arithmetic")
of_every_template = partial(problems.of_every_template, "arithmetic")
REMARK = re.compile(r"(more than [\d.]+, so up|less than [\d.]+, so down: [\d.]+|\d+/\d+ [<>] \d+/\d+)")


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
        assert answers_match(gold=problem.answer, answer=problem.answer)
        assert not answers_match(gold=problem.answer, answer=wrong_answer(problem.answer)), problem


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
