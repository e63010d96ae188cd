"""Problems of GSM8K with other numbers: the same words, a new answer, so nobody can have read them.

The calculator marks of a solution, `<<48/2=24>>`, are a program for its answer. Where every number of the
question can be followed through it, the question is asked with other numbers and the program run again.
After Mirzadeh et al. 2024 (arXiv 2410.05229), who write templates by hand.
"""

import ast
import operator
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise

from tinyreason.hashing import text_hash

MARK = re.compile(r"<<([^<>=\n]+)=([^<>=\n]+)>>")
# whole numbers that stand alone: no part of a decimal, fraction, time, date or percentage
NUMERAL = re.compile(
    r"(?<![\w.,/:%-])\d{1,3}(?:,\d{3})+(?![\w%/:-])(?![.,]\d)|(?<![\w.,/:%-])\d+(?![\w%/:-])(?![.,]\d)"
)
# what a calculation may hold without the question: a pair, days, hours, a dozen, minutes, a circle, a year
UNITS = {0, 1, 2, 3, 4, 7, 10, 12, 14, 16, 24, 28, 30, 31, 36, 48, 50, 52, 60, 100, 144, 180, 360, 365, 1000}
ANY_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
WORDS = {
    **{"five": 5, "six": 6, "eight": 8, "nine": 9, "eleven": 11, "fifteen": 15, "twenty": 20, "thirty": 30},
    **{"forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000},
}
DRAWS = 500
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class NoVariantError(ValueError):
    """Why a problem cannot be asked with other numbers."""


@dataclass(frozen=True)
class Program:
    """The steps of a solution: `lines` are (expression, where each of its numbers comes from), a place being
    the value of a numeral in the question, the number of an earlier step, or nothing for a constant.
    """

    lines: tuple[tuple[ast.expr, Mapping[int, tuple[str, int]]], ...]

    def run(self, numerals: Mapping[int, int]) -> list[Fraction]:
        """The results of all steps where each numeral has the value that it is mapped to."""
        results: list[Fraction] = []
        for expression, places in self.lines:
            results.append(_value(expression, places, numerals, results))
        return results


def variant(question: str, solution: str, answer: str) -> tuple[str, str]:
    """The question with other numbers, and its answer; always the same ones.

    Every result keeps its sign and stays whole where it was, and numbers and results that stood in an order
    keep it: whoever had fewer has fewer. Raises NoVariantError.
    """
    found = [match[0] for match in NUMERAL.finditer(question)]
    values = [int(text.replace(",", "")) for text in found]
    program = read_program(solution, values, _constants(question))
    before = program.run({value: value for value in values})
    if str(before[-1]) != answer.replace(",", ""):
        raise NoVariantError("the last step is not the answer")
    used = {value for _, places in program.lines for kind, value in places.values() if kind == "numeral"}
    if used != set(values):
        raise NoVariantError("a number of the question is in no step")
    free = [value for value in values if value not in UNITS]
    if not free:
        raise NoVariantError("no number of the question may change")
    rng = random.Random(text_hash(question))
    for _ in range(DRAWS):
        drawn = {value: value for value in values}
        drawn |= {value: rng.randint(max(2, value // 2), 2 * value) for value in free}
        try:
            after = program.run(drawn)
        except ZeroDivisionError:
            continue
        old = [*map(Fraction, values), *before]
        new = [*(Fraction(drawn[value]) for value in values), *after]
        if after[-1] != before[-1] and _alike(old, new):
            return NUMERAL.sub(partial(_written, drawn), question), str(after[-1])
    raise NoVariantError("no other numbers fit")


def read_program(solution: str, numerals: list[int], constants: set[Fraction]) -> Program:
    """The steps between the calculator marks. Raises NoVariantError where a number may come from two places
    or from none, or a step is not what it says.
    """
    if len(set(numerals)) < len(numerals):
        raise NoVariantError("a number is in the question twice")
    marks = MARK.findall(solution)
    if not marks:
        raise NoVariantError("no calculator marks")
    lines, results = [], []
    for text, result in marks:
        expression = _parsed(text)
        places = {}
        for node in (node for node in ast.walk(expression) if isinstance(node, ast.Constant)):
            value = Fraction(str(node.value))
            earlier = [number for number, known in enumerate(results) if known == value]
            if value in numerals and earlier:
                raise NoVariantError("a number is both given and calculated")
            if len(earlier) > 1:
                raise NoVariantError("two steps have the same result")
            if earlier:
                places[node.col_offset] = ("step", earlier[0])
            elif value in numerals:
                places[node.col_offset] = ("numeral", int(value))
            elif value not in constants:
                raise NoVariantError("a number comes from nowhere")
        value = _value(expression, {}, {}, [])
        if value != Fraction(_number(result)):
            raise NoVariantError("a step does not hold")
        lines.append((expression, places))
        results.append(value)
    return Program(tuple(lines))


def _constants(question: str) -> set[Fraction]:
    """What a step may hold beside the numerals: units, and the question's percentages, decimals and words."""
    numbers = {Fraction(_number(text)) for text in ANY_NUMBER.findall(question)}
    words = {Fraction(number) for word, number in WORDS.items() if word in question.lower()}
    shares = {share for number in numbers for share in (number / 100, 1 - number / 100, 1 + number / 100)}
    return {Fraction(unit) for unit in UNITS} | numbers | words | shares | {Fraction(1, 2), Fraction(3, 2)}


def _parsed(text: str) -> ast.expr:
    try:
        expression = ast.parse(_number(text).strip(), mode="eval").body
    except SyntaxError:
        raise NoVariantError("a step cannot be read") from None
    for node in ast.walk(expression):
        allowed = (ast.BinOp, ast.UnaryOp, ast.USub, ast.Constant, *OPERATORS)
        if not isinstance(node, allowed) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str | bool)
        ):
            raise NoVariantError("a step cannot be read")
    return expression


def _number(text: str) -> str:
    """Without what Python does not know: thousands, currency, zeros in front, as in 0.5 written .5 or 05."""
    return re.sub(r"\b0+(?=\d)", "", text.replace(",", "").replace("$", ""))


def _value(
    node: ast.expr,
    places: Mapping[int, tuple[str, int]],
    numerals: Mapping[int, int],
    results: list[Fraction],
) -> Fraction:
    if isinstance(node, ast.BinOp):
        left, right = (_value(side, places, numerals, results) for side in (node.left, node.right))
        return OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, places, numerals, results)
    kind, place = places.get(node.col_offset, ("constant", 0))
    if kind == "step":
        return results[place]
    return Fraction(numerals[place]) if kind == "numeral" else Fraction(str(node.value))


def _alike(old: list[Fraction], new: list[Fraction]) -> bool:
    """Whether the new numbers are of the kind of the old ones and stand in the same order."""
    for before, after in zip(old, new, strict=True):
        if (before.denominator == 1) != (after.denominator == 1) or (before > 0) != (after > 0):
            return False
    order = sorted(range(len(old)), key=old.__getitem__)
    return all(
        (old[one] < old[two]) == (new[one] < new[two]) and new[one] <= new[two]
        for one, two in pairwise(order)
    )


def _written(drawn: Mapping[int, int], numeral: re.Match[str]) -> str:
    """With thousands as they were written."""
    value = drawn[int(numeral[0].replace(",", ""))]
    return f"{value:,}" if "," in numeral[0] else str(value)
