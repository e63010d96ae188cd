"""Equality of two symbolic expressions: values at a few points first, Math-Verify behind them.

Only the worker process imports this module: it imports sympy, and sympy can hang.
"""

import re

from latex2sympy2_extended import NormalizationConfig
from math_verify import LatexExtractionConfig, parse, verify
from sympy import Basic, Eq, Expr, Float, I, Rational

COMMAND_AS_SUBSCRIPT = re.compile(r"_\{?\\([A-Za-z]+)\s*\}?")  # M_{\odot}, which no parser reads
LARGE, TINY = 10**6, Rational(1, 10**9)
POINTS = (
    (1367, 743, 1913, 521, 2239, 1097, 853, 1579, 607, 2081),  # thousandths
    (-1483, 691, -1741, 947, -563, 2137, -1229, 797, -1831, 1051),
    (-877, -1619, 1301, -2293, 659, -1423, 1787, -983, 541, -1999),
)
# `units` would take the m of \frac{t}{m} for metres; `numerals` has dealt with units
NORMALIZATION = NormalizationConfig(units=False, malformed_operators=True, nits=True)
# no ExprExtractionConfig beside it: that one hands text to sympy's parse_expr, which evaluates it
EXTRACTION = [LatexExtractionConfig(boxed_match_priority=0, normalization_config=NORMALIZATION)]


def algebraically_equal(gold: str, answer: str) -> bool:
    """Whether plain LaTeX of both sides means the same;
    False where either cannot be parsed. May take forever.
    """
    gold_parsed, answer_parsed = _parsed(gold), _parsed(answer)
    if not gold_parsed or not answer_parsed:
        return False
    same_values = equal_at_points(gold_parsed[0], answer_parsed[0])
    if same_values is not None:
        return same_values
    return verify(gold_parsed, answer_parsed, timeout_seconds=None, allow_set_relation_comp=True)


def _parsed(text: str) -> list[Basic]:
    boxed = "\\boxed{" + COMMAND_AS_SUBSCRIPT.sub(r"_{\1}", text) + "}"
    return parse(boxed, EXTRACTION, fallback_mode="no_fallback", parsing_timeout=None)


def equal_at_points(gold: Basic, answer: Basic) -> bool | None:
    """Whether two expressions, or two equations up to a constant factor,
    agree to 20 digits at rational points.

    Milliseconds where `simplify` takes seconds. None where it says nothing: different variables,
    inequalities, sets, an undefined value, or a difference at negative points only, which may be one of
    convention (logarithms, roots).
    """
    equations = isinstance(gold, Eq) and isinstance(answer, Eq)
    if equations:
        gold, answer = gold.lhs - gold.rhs, answer.lhs - answer.rhs
    if not isinstance(gold, Expr) or not isinstance(answer, Expr):
        return None
    names = sorted({symbol.name for symbol in gold.free_symbols})
    if names != sorted({symbol.name for symbol in answer.free_symbols}) or len(names) > len(POINTS[0]):
        return None
    factor, tolerance = 1, Rational(1, 10**20)
    for numerators in POINTS:
        point = {name: Rational(numerator, 1000) for name, numerator in zip(names, numerators, strict=False)}
        left, right = value_at(gold, point), value_at(answer, point)
        if left is None or right is None or (equations and not right):
            return None
        if equations and numerators is POINTS[0]:
            factor = left / right
        if abs(left - factor * right) > tolerance * max(1, abs(left)):
            return False if numerators is POINTS[0] else None
        if abs(left - factor * right) > tolerance * abs(left):  # both next to nothing: 1/2004! and 1/2005!
            return False if left and not is_zero_at(1 - factor * answer / gold, point) else None
        if abs(left) > LARGE and not is_zero_at(gold - factor * answer, point):
            return None
    return True


def is_zero_at(difference: Expr, point: dict[str, Rational]) -> bool:
    """Whether two values that agree to 20 digits are equal: 10^30 and 10^30 + 1 are not."""
    value = value_at(difference, point)
    return value is not None and abs(value) < TINY


def value_at(expression: Expr, point: dict[str, Rational]) -> Expr | None:
    """The finite value to 30 digits, decimals exact and `i` the imaginary unit; None without one."""
    exact = expression.xreplace({decimal: Rational(str(decimal)) for decimal in expression.atoms(Float)})
    values = {symbol: I if symbol.name == "i" else point[symbol.name] for symbol in exact.free_symbols}
    value = exact.evalf(30, subs=values)
    return value if value.is_number and value.is_finite else None
