"""The calculus problems: sympy solves each of them again, and the claims on the way are checked too."""

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

rows = partial(problems.rows, "calculus")
of_every_template = partial(problems.of_every_template, "calculus")
X = sympy.Symbol("x")
# how a question shows its function, and how a key goes on behind it
SHOWN = [
    re.compile(pattern)
    for pattern in (
        r"\\int(?:_\{.*?\}\^\{.*?\})? (.*) \\, dx",
        r"\\lim_\{x \\to [^}]*\} (.*?)\$",
        r"\\sum_\{k=\d+\}\^\{[^}]*\} (.*?)\$",
        r"\\frac\{d(?:\^\{2\})?\}\{dx(?:\^\{2\})?\}(\\left\(.*\\right\))\$",
        r"What value does \$(.*?)\$ approach",
        r"(?:f\(x\)|F'\(x\)|y) = (.*?)\$",
    )
]
BEHIND = re.compile(r" (?:at|from|to|F\(|for k) ?.*$")
UGLY = re.compile(
    r"(?<![\d.])1x|(?<![\d.}])0x|\+-|--|\+ -|[xku)]\^\{1\}|\{\}|\b1\\(?:sin|cos|ln|sqrt)|[<>]|\(\)"
)


def read(latex: str) -> object:
    """LaTeX as sympy, by the parser of the grader; a tuple as a tuple."""
    if re.fullmatch(r"\(-?\d+, -?\d+\)", latex):
        return tuple(sympy.Integer(part) for part in latex[1:-1].split(", "))
    if match := re.fullmatch(r"(-?)\\frac\{(\d+)\}\{(\d+)\}|(-?\d+)", latex):
        return sympy.Rational(match[4] or f"{match[1]}{match[2]}/{match[3]}")
    parsed = parse(f"\\boxed{{{latex}}}", EXTRACTION, fallback_mode="no_fallback", parsing_timeout=None)
    assert parsed, latex
    return parsed[0]


def same(left: object, right: object) -> bool:
    """Exactly equal, whatever the symbols were assumed to be."""
    if isinstance(right, tuple):
        return isinstance(left, tuple) and all(same(*pair) for pair in zip(left, right, strict=True))
    difference = plain(left) - plain(right)
    return difference == 0 or sympy.expand(difference) == 0 or sympy.simplify(difference) == 0


def plain(value: object) -> sympy.Expr:
    """With bare symbols, and the tangent as a quotient, which `simplify` gets to the end with."""
    expression = sympy.sympify(value)
    expression = expression.subs({symbol: sympy.Symbol(symbol.name) for symbol in expression.free_symbols})
    return expression.replace(sympy.tan, lambda angle: sympy.sin(angle) / sympy.cos(angle))


def assert_program_gives_the_answer(problem: Problem) -> None:
    assert same(read(problem.answer), value_of(problem.program)), problem


@pytest.mark.parametrize(("split", "count"), [("train", 3), ("validation", 1), ("test", 1), ("unseen", 5)])
def test_the_program_of_every_template_gives_the_answer(split: str, count: int) -> None:
    for problem in of_every_template(split, count):
        assert_program_gives_the_answer(problem)


@pytest.mark.proof
@pytest.mark.parametrize("split", SPLITS)
def test_every_program_of_every_split_gives_the_answer(split: str) -> None:
    for problem in rows(split):
        assert_program_gives_the_answer(problem)


def shown_function(question: str) -> str | None:
    found = next((match for match in (pattern.search(question) for pattern in SHOWN) if match), None)
    return found and found[1]


def assert_question_shows_the_function_of_the_program(problem: Problem) -> None:
    shown = shown_function(problem.question)
    source = BEHIND.sub("", problem.key).removeprefix("minimum ").removeprefix("maximum ")
    assert source in problem.program
    assert same(read(shown), sympy.sympify(source)), problem


FAMILIES = {
    *("derivative", "second", "third", "point", "critical", "tangent"),
    *("antiderivative", "integral", "definite", "limit", "series"),
}
OTHERWISE_SHOWN = ("series/telescoping", "definite/area")


def shows_one_function(problem: Problem) -> bool:
    return problem.template.split("/")[0] in FAMILIES and problem.template not in OTHERWISE_SHOWN


@pytest.mark.parametrize("split", ["train", "unseen"])
def test_the_question_shows_the_function_that_its_program_starts_from(split: str) -> None:
    for problem in filter(shows_one_function, of_every_template(split, 2)):
        assert_question_shows_the_function_of_the_program(problem)


@pytest.mark.proof
@pytest.mark.parametrize("split", SPLITS)
def test_every_question_shows_the_function_that_its_program_starts_from(split: str) -> None:
    for problem in filter(shows_one_function, rows(split)):
        assert_question_shows_the_function_of_the_program(problem)


def claims(problem: Problem) -> list[tuple[str, str]]:
    """Pairs (function, its derivative) that the lines of a solution state."""
    found = []
    for line in problem.reasoning.split("\n"):
        if match := re.fullmatch(r"\((.*)\)' = (.*[^.])", line):
            found.append((match[1], match[2]))
        if match := re.fullmatch(r"\\int (.*) dx = (.*)", line):
            found.append((match[2], match[1]))
        if match := re.fullmatch(r"([uv]) = (.*), \1' = (.*)", line):
            found.append((match[2], match[3]))
        if match := re.fullmatch(r"g\(u\) = (.*), g'\(u\) = (.*)", line):
            found.append((match[1].replace("u", "x"), match[2].replace("u", "x")))
        if match := re.fullmatch(r"v' = (.*), v = (.*)", line):
            found.append((match[2], match[1]))
    rules = ("^{n}", "^{-n}", "(ax)", "e^{ax}", "uv", "{p}", "for x", "u'v")
    return [claim for claim in found if not any(rule in "".join(claim) for rule in rules)]


def test_the_derivatives_of_parts_in_a_solution_are_right() -> None:
    checked = 0
    for problem in of_every_template("train", 4) + of_every_template("unseen", 4):
        for function, derivative in claims(problem):
            assert same(sympy.diff(plain(read(function)), X), read(derivative)), problem
            checked += 1
    assert checked > 200


def test_every_numeric_equation_of_every_solution_holds() -> None:
    checked = 0
    for split in SPLITS:
        for problem in rows(split):
            found = equations(problem.reasoning)
            assert all(found.values()), (problem, found)
            checked += len(found)
    assert checked > 3000


def test_every_solution_ends_with_its_answer() -> None:
    for split in SPLITS:
        for problem in rows(split):
            assert problem.answer.strip("()") in problem.reasoning or problem.template == "critical/cubic", (
                problem
            )


def test_the_grader_reads_every_answer_and_rejects_wrong_ones() -> None:
    for split in SPLITS:
        for problem in rows(split):
            assert read_gold(problem.answer) == problem.answer
    for problem in of_every_template("train", 1) + of_every_template("unseen", 2):
        assert not answers_match(gold=problem.answer, answer=wrong_answer(problem.answer)), problem


def test_the_grader_accepts_what_sympy_writes() -> None:
    for problem in of_every_template("train", 1) + of_every_template("unseen", 1):
        value = value_of(problem.program)
        written = sympy.latex(value, ln_notation=True) if isinstance(value, sympy.Basic) else str(value)
        assert answers_match(gold=problem.answer, answer=written), (problem, written)


def test_formulas_are_written_as_in_a_textbook() -> None:
    for split in SPLITS:
        for problem in rows(split):
            for text in (problem.question, problem.answer, problem.reasoning):
                assert not UGLY.search(text.replace(" > 0", "").replace("x_1 < x_2", "")), problem
                assert text.count("{") == text.count("}")
                assert text.count("(") == text.count(")")
            assert problem.question.count("$") % 2 == 0
