"""The machine-learning problems: sympy computes each answer again from what the question says."""

import re
from collections import Counter
from functools import cache

import pytest
import sympy
from math_verify import parse

from tinyreason.answers import answers_match, read_gold
from tinyreason.answers.algebra import EXTRACTION
from tinyreason.arithmetic import equations
from tinyreason.synthetic.ml_math import ML_MATH
from tinyreason.synthetic.problem import Problem

SPLITS = tuple(ML_MATH.rows)
SEEN_TEMPLATES, UNSEEN_TEMPLATES = 81, 10
UGLY = re.compile(r"\+-|--|\+ -|\^\{1\}|\{\}|\b1\\(?:ln|sqrt)|<|>(?= [a-z]>)|\(\)|(?<![\d.])0\d")
COUNTED_ONE = re.compile(
    r"\b1 (?:\w+ )?(?:completions|epochs|heads|layers|devices|tokens|positives|negatives|projections)\b"
)


@cache
def rows(split: str) -> tuple[Problem, ...]:
    return tuple(ML_MATH.problems(split, seed=0))


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


def read(latex: str) -> object:
    """LaTeX as sympy, decimals exact; a tuple as a tuple. What is no number goes to the grader's parser."""
    if latex.startswith("(") and ", " in latex:
        return tuple(read(part) for part in latex[1:-1].split(", "))
    if match := re.fullmatch(r"(-?)\\frac\{(\d+)\}\{(\d+)\}|(-?\d+(?:\.\d+)?)", latex):
        return sympy.Rational(match[4] or f"{match[1]}{match[2]}/{match[3]}")
    parsed = parse(f"\\boxed{{{latex}}}", EXTRACTION, fallback_mode="no_fallback", parsing_timeout=None)
    assert parsed, latex
    return parsed[0]


def same(left: object, right: object) -> bool:
    if isinstance(right, tuple):
        return isinstance(left, tuple) and all(same(*pair) for pair in zip(left, right, strict=True))
    if isinstance(right, sympy.MatrixBase):
        return sympy.Matrix(left) == sympy.Matrix(right)
    difference = sympy.sympify(left) - sympy.sympify(right)
    return difference == 0 or sympy.expand(difference) == 0 or sympy.simplify(difference) == 0


def wrong_answer(answer: str) -> str:
    """With another first digit."""
    return re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10 or 8), answer, count=1)


def assert_program_gives_the_answer(problem: Problem) -> None:
    value = value_of(problem.program)
    assert not sympy.sympify(value).atoms(sympy.Float), problem
    assert same(read(problem.answer), value), (problem, value)


@pytest.mark.parametrize("split", SPLITS)
def test_the_program_of_every_template_gives_the_answer(split: str) -> None:
    for problem in of_every_template(split, 12):
        assert_program_gives_the_answer(problem)


@pytest.mark.proof
@pytest.mark.parametrize("split", SPLITS)
def test_every_program_of_every_split_gives_the_answer(split: str) -> None:
    for problem in rows(split):
        assert_program_gives_the_answer(problem)


def test_every_question_shows_all_that_its_key_holds() -> None:
    for split in SPLITS:
        for problem in rows(split):
            for part in problem.key.split("; "):
                assert part.split(" = ", 1)[1] in problem.question, problem


def test_the_numbers_of_the_question_are_those_of_the_program() -> None:
    """What a program computes with stands in its question, as a number or as half of a fraction; small
    numbers aside, which also serve as constants.
    """
    for split in SPLITS:
        for problem in of_every_template(split, 12):
            shown = set(re.findall(r"\d+", problem.question))
            used = {number for number in re.findall(r"\b\d+\b", problem.program) if int(number) > 20}
            if problem.template.startswith(("matrix", "vector", "gradient", "attention", "backpropagation")):
                assert used <= shown, problem


def test_every_numeric_equation_of_every_solution_holds() -> None:
    checked = 0
    for split in SPLITS:
        for problem in rows(split):
            found = equations(problem.reasoning)
            assert all(found.values()), (problem, found)
            checked += len(found)
    assert checked > 15_000


def test_every_solution_shows_its_answer() -> None:
    for split in SPLITS:
        for problem in rows(split):
            numbers = re.findall(r"\d+(?:\.\d+)?", problem.answer)
            assert all(number in problem.reasoning for number in numbers), problem


def test_the_grader_reads_every_answer_and_rejects_wrong_ones() -> None:
    for split in SPLITS:
        for problem in rows(split):
            assert read_gold(problem.answer) == problem.answer
    for problem in of_every_template("train", 2) + of_every_template("unseen", 4):
        assert not answers_match(gold=problem.answer, answer=wrong_answer(problem.answer)), problem


def test_the_grader_accepts_what_sympy_writes() -> None:
    for problem in of_every_template("train", 2) + of_every_template("unseen", 2):
        value = value_of(problem.program)
        written = sympy.latex(sympy.sympify(value), ln_notation=True).replace(
            r"\left[\begin{matrix}", r"\begin{pmatrix}"
        )
        written = written.replace(r"\end{matrix}\right]", r"\end{pmatrix}")
        assert answers_match(gold=problem.answer, answer=written), (problem, written)


def test_every_template_occurs_and_the_unseen_ones_are_others() -> None:
    seen, unseen = ({problem.template for problem in rows(split)} for split in ("train", "unseen"))
    assert (len(seen), len(unseen)) == (SEEN_TEMPLATES, UNSEEN_TEMPLATES)
    assert not seen & unseen
    assert {problem.template for problem in rows("test")} == seen


def test_no_question_is_in_two_splits_or_twice_and_there_are_enough() -> None:
    problems = [problem for split in SPLITS for problem in rows(split)]
    assert {split: len(rows(split)) for split in SPLITS} == ML_MATH.rows
    assert len({problem.question for problem in problems}) == len(problems) >= 5000
    assert len({(problem.template, problem.key) for problem in problems}) == len(problems)
    assert all(problem.split == split for split in SPLITS[:3] for problem in rows(split))


def test_the_same_seed_makes_the_same_problems_and_another_seed_others() -> None:
    again = tuple(ML_MATH.problems("validation", seed=0))
    assert again == rows("validation")
    assert tuple(ML_MATH.problems("validation", seed=1)) != again


def test_formulas_and_counts_are_written_well() -> None:
    for split in SPLITS:
        for problem in rows(split):
            for text in (problem.question, problem.answer, problem.reasoning):
                assert not UGLY.search(text.replace(r" & ", " ")), (problem, UGLY.search(text))
                assert not COUNTED_ONE.search(text), problem
                assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")
            assert problem.question.count("$") % 2 == 0
