# ruff: noqa: RUF001 (the signs that people write)
"""Finds the arithmetic equations in a text and says which of them hold, exactly.

`12 + 7 = 19`, `<<48/2=24>>`, `$3 \\times (2 + 4) = 18$`: numbers, + - * / and brackets. What contains a
variable or a unit is no arithmetic and is passed over.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

LONGEST_SIDE = 200  # characters

ASCII_FOR_LATEX = [
    (re.compile(r"\\[dt]?frac\s*\{([\d.,\s]{1,50})\}\s*\{([\d.,\s]{1,50})\}"), r"(\1)/(\2)"),
    (re.compile(r"\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|[×·]|(?<=\d)\s?x\s?(?=\d)"), "*"),
    (re.compile(r"\\div(?![A-Za-z])|÷"), "/"),
    (re.compile(r"\\left(?![A-Za-z])|\\right(?![A-Za-z])|\\[,;!]|\\?\$|[€£]"), ""),
    (re.compile(r"\\%"), "%"),
    (re.compile("\u2212"), "-"),
]
RUN = re.compile(r"[-\d.,+*/()=% \t]+")
SENTENCE_END = re.compile(r"[.,](?=\s|$)")
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
TOKEN = re.compile(rf"\s*({NUMBER}|[-+*/()%])")
OPERATION = re.compile(r"[\d)%]\s*[-+*/]")
ROUNDED = re.compile(r"\s*-?[\d,]*\.(\d{2,})\s*")
# "x - 3 = 4" and "apples-3 = 4" begin before their minus, "so -3 + 4 = 1" does not
PART_OF_MORE_BEFORE = re.compile(r"(?:[\d)}\]^_]|(?<![A-Za-z])[A-Za-z])[ \t]*\Z|[A-Za-z]\Z")
PART_OF_MORE_AFTER = re.compile(r"[A-Za-z](?![A-Za-z])|[\\^_{]")


def equations(text: str) -> dict[str, bool]:
    """Every distinct arithmetic equation of the text, without its spaces, and whether it holds.

    A chain `a = b = c` is two equations. A result with two or more decimals may be rounded.
    """
    for pattern, plain in ASCII_FOR_LATEX:
        text = pattern.sub(plain, text)
    found: dict[str, bool] = {}
    for run in RUN.finditer(text):
        if "=" in run[0]:
            for left, right in _equations_of(text, run):
                holds = _holds(left, right)
                if holds is not None:
                    found[re.sub(r"\s", "", f"{left}={right}")] = holds
    return found


def value(expression: str) -> Fraction | None:
    """The exact value of an arithmetic expression; None for anything else, and for a division by zero."""
    if len(expression) > LONGEST_SIDE or not re.fullmatch(rf"(?:{TOKEN.pattern})+\s*", expression):
        return None
    tokens = [match[1].replace(",", "") for match in TOKEN.finditer(expression)]
    try:
        result = _sum(tokens)
    except (IndexError, ValueError, ZeroDivisionError):
        return None
    return None if tokens else result


def _equations_of(text: str, run: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Neighbouring sides of the chains in a run of arithmetic, without a side that is part of more."""
    start = run.start()
    for end in [*(match.start() + start for match in SENTENCE_END.finditer(run[0])), run.end()]:
        sides = text[start:end].split("=")
        before, after = text[max(0, start - 8) : start], text[end : end + 2]
        # the run takes the spaces with it
        before += sides[0][: len(sides[0]) - len(sides[0].lstrip())]
        first = sides[0].lstrip()[:1]
        if first in ("+", "*", "/") or (first in ("-", "(") and PART_OF_MORE_BEFORE.search(before)):
            sides[0] = ""
        if PART_OF_MORE_AFTER.match(after):
            sides[-1] = ""
        yield from pairwise(sides)
        start = end + 1


def _holds(left: str, right: str) -> bool | None:
    """None where this is no equation of arithmetic: `x = 3`, `5 = 5`."""
    if not OPERATION.search(left) and not OPERATION.search(right):
        return None
    left_value, right_value = value(left), value(right)
    if left_value is None or right_value is None:
        return None
    rounded = ROUNDED.fullmatch(right)
    tolerance = Fraction(1, 2 * 10 ** len(rounded[1])) if rounded else 0
    as_unit = 100 * right_value if right.rstrip().endswith("%") else right_value  # 4 / 10 * 100 = 40%
    return abs(left_value - right_value) <= tolerance or left_value == as_unit


def _sum(tokens: list[str]) -> Fraction:
    """Takes the tokens of a sum from the front of the list, as `_product` and `_factor` do theirs."""
    total = _product(tokens)
    while tokens and tokens[0] in "+-":
        total += _product(tokens) if tokens.pop(0) == "+" else -_product(tokens)
    return total


def _product(tokens: list[str]) -> Fraction:
    product = _factor(tokens)
    while tokens and tokens[0] in "*/":
        if tokens.pop(0) == "*":
            product *= _factor(tokens)
        else:
            product /= _factor(tokens)
    return product


def _factor(tokens: list[str]) -> Fraction:
    token = tokens.pop(0)
    if token in "+-":
        return _factor(tokens) if token == "+" else -_factor(tokens)
    if token == "(":
        factor = _sum(tokens)
        if tokens.pop(0) != ")":
            raise ValueError("an open bracket")
    else:
        factor = Fraction(token)
    if tokens and tokens[0] == "%":
        tokens.pop(0)
        factor /= 100
    return factor
