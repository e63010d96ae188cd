"""Numbers and products as LaTeX, as a textbook writes them (no 1x, no + -3, no x^{1}), and as sympy code."""

import random
from collections.abc import Sequence
from fractions import Fraction

Number = int | Fraction


def number(value: Number) -> str:
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def times(coefficient: Number, body: str) -> str:
    """3 and "x" give 3x, -1 and "x" give -x; an empty body stands for 1."""
    if not body:
        return number(coefficient)
    return {1: "", -1: "-"}.get(coefficient, number(coefficient)) + body


def over(coefficient: Number, body: str, denominator: str) -> str:
    """The product over a denominator, in one fraction: 3/4, "x" and "y" give \\frac{3x}{4y}."""
    coefficient = Fraction(coefficient)
    sign = "-" if coefficient < 0 else ""
    upper = times(abs(coefficient.numerator), body)
    lower = times(coefficient.denominator, denominator)
    return f"{sign}\\frac{{{upper}}}{{{lower}}}" if lower != "1" else sign + upper


def reduced(upper: int, lower: int) -> str:
    """\\frac{6}{4} = \\frac{3}{2}; the result alone where nothing cancels."""
    result = number(Fraction(upper, lower))
    shown = f"\\frac{{{upper}}}{{{lower}}}"
    return result if shown == result or lower == 1 or upper == 0 else f"{shown} = {result}"


def total(*terms: str) -> str:
    """The terms one behind the other, each with its sign; those that are 0 are left out."""
    written = ""
    for term in terms:
        if term not in ("", "0"):
            written += term if term.startswith("-") or not written else f"+{term}"
    return written or "0"


def integrand(function: str) -> str:
    """In brackets where it is a sum: a + or - after its start that stands in no bracket of its own."""
    depth = 0
    for sign in function[1:]:
        depth += (sign in "({") - (sign in ")}")
        if sign in "+-" and depth == 0:
            return f"\\left({function}\\right)"
    return function


def power(base: str, exponent: Number) -> str:
    """base^{exponent}, "" for the exponent 0; half and third powers as roots of a bare letter."""
    exponent = Fraction(exponent)
    if exponent == 0:
        return ""
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return f"\\sqrt{{{base}}}"
    if exponent == Fraction(1, 3):
        return f"\\sqrt[3]{{{base}}}"
    return f"{base}^{{{number(exponent)}}}"


def surd(coefficient: Number, radicand: int) -> str:
    """The coefficient times the root of a square-free number: \\frac{3\\sqrt{2}}{4}, or 3 where it is 1."""
    if radicand == 1:
        return number(coefficient)
    return over(coefficient, f"\\sqrt{{{radicand}}}", "")


def logarithm(value: Number) -> str:
    """\\ln(3), \\ln(\\frac{5}{2}); 0 for \\ln(1)."""
    if value == 1:
        return "0"
    return f"\\ln({value})" if Fraction(value).denominator == 1 else f"\\ln\\left({number(value)}\\right)"


def vector(values: Sequence[Number]) -> str:
    """(3, -1)"""
    return f"({', '.join(number(value) for value in values)})"


def signed(value: Number) -> str:
    """The number as it stands behind an operator: -3 in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def code(value: Number) -> str:
    """The number as sympy code."""
    value = Fraction(value)
    if value.denominator == 1:
        return f"({value.numerator})" if value < 0 else str(value.numerator)
    return f"Rational({value.numerator}, {value.denominator})"


def asked(rng: random.Random, wordings: tuple[str, ...], **values: object) -> str:
    """One of the wordings, with `<f>` replaced by the value of f."""
    text = rng.choice(wordings)
    for name, value in values.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def nonzero(rng: random.Random, largest: int) -> int:
    """From -largest to largest."""
    return rng.choice((-1, 1)) * rng.randint(1, largest)
