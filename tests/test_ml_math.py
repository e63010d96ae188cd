"""The machine-learning problems: sympy computes each answer again from what the question says."""

import re
from functools import partial

import problems
import pytest
import sympy
from math_verify import parse
from problems import SPLITS, value_of, wrong_answer

from tinyreason.answers import answers_match, read_gold
from tinyreason.answers.algebra import EXTRACTION
from tinyreason.arithmetic import equations
from tinyreason.synthetic.problem import Problem

rows = partial(problems.rows, "ml_math")
of_every_template = partial(problems.of_every_template, "ml_math")
UGLY = re.compile(r"\+-|--|\+ -|\^\{1\}|\{\}|\b1\\(?:ln|sqrt)|<|>(?= [a-z]>)|\(\)|(?<![\d.])0\d")
COUNTED_ONE = re.compile(
    r"\b1 (?:\w+ )?(?:completions|epochs|heads|layers|devices|tokens|positives|negatives|projections)\b"
)


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


def test_formulas_and_counts_are_written_well() -> None:
    for split in SPLITS:
        for problem in rows(split):
            for text in (problem.question, problem.answer, problem.reasoning):
                assert not UGLY.search(text.replace(r" & ", " ")), (problem, UGLY.search(text))
                assert not COUNTED_ONE.search(text), problem
                assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")
            assert problem.question.count("$") % 2 == 0
