"""Derivatives by the chain rule."""

import random
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.differentiation import derivative_problem
from tinyreason.synthetic.calculus.terms import Term
from tinyreason.synthetic.notation import Number, code, nonzero, over, power, times
from tinyreason.synthetic.problem import Problem

CHAIN_RULE = "Chain rule: (g(u))' = g'(u) \\cdot u'."


def _inner(rng: random.Random, *powers: int) -> list[Term]:
    """ax^n + b with a > 0, without a common factor."""
    factor, constant = rng.randint(1, 7), nonzero(rng, 9)
    common = gcd(factor, constant)
    return [Term(factor // common, rng.choice(powers)), Term(constant // common)]


def _scaled(slope: Term, factor: Number, body: str) -> str:
    """slope * factor * body with the numbers multiplied; the slope is a c x^n."""
    return times(slope.coefficient * factor, power("x", slope.power) + body)


def chain_lines(inner: str, slope: str, outer: str, outer_slope: str, answer: str) -> list[str]:
    """`outer` and its slope are written in u."""
    return [
        CHAIN_RULE,
        f"u = {inner}, u' = {slope}",
        f"g(u) = {outer}, g'(u) = {outer_slope}",
        f"g'(u) \\cdot u' = {answer}",
    ]


def outer_power(rng: random.Random) -> Problem:
    inner, factor, exponent = _inner(rng, 1, 2, 3), nonzero(rng, 3), rng.randint(3, 9)
    slope, written = terms.derivative(inner)[0], terms.latex(inner)
    answer = _scaled(slope, factor * exponent, power(f"({written})", exponent - 1))
    outer, outer_slope = Term(factor, exponent), Term(factor * exponent, exponent - 1)
    outer_text, slope_text = (part.latex.replace("x", "u") for part in (outer, outer_slope))
    lines = chain_lines(written, slope.latex, outer_text, slope_text, answer)
    shown = times(factor, power(f"({written})", exponent))
    source = f"{code(factor)}*({terms.source(inner)})**{exponent}"
    return derivative_problem(rng, "chain_power", shown, source, lines, answer)


def outer_trigonometric(rng: random.Random) -> Problem:
    inner, factor, name = _inner(rng, 1, 2, 3), nonzero(rng, 6), rng.choice(("sin", "cos"))
    slope, written = terms.derivative(inner)[0], terms.latex(inner)
    other, sign = ("cos", 1) if name == "sin" else ("sin", -1)
    answer = _scaled(slope, sign * factor, f"\\{other}({written})")
    outer, outer_slope = times(factor, f"\\{name}(u)"), times(sign * factor, f"\\{other}(u)")
    lines = chain_lines(written, slope.latex, outer, outer_slope, answer)
    shown, source = times(factor, f"\\{name}({written})"), f"{code(factor)}*{name}({terms.source(inner)})"
    return derivative_problem(rng, "chain_trigonometric", shown, source, lines, answer)


def outer_exponential(rng: random.Random) -> Problem:
    factor, exponent, inner = nonzero(rng, 6), rng.choice((1, 2, 3)), [Term(nonzero(rng, 6), 1)]
    inner[0] = Term(inner[0].coefficient, exponent)
    if exponent == 1 or rng.random() < 0.6:
        inner.append(Term(nonzero(rng, 9)))
    slope, written = terms.derivative(inner)[0], terms.latex(inner)
    answer = _scaled(slope, factor, f"e^{{{written}}}")
    outer = times(factor, "e^{u}")
    lines = chain_lines(written, slope.latex, outer, outer, answer)
    shown, source = times(factor, f"e^{{{written}}}"), f"{code(factor)}*exp({terms.source(inner)})"
    return derivative_problem(rng, "chain_exponential", shown, source, lines, answer)


def outer_logarithm(rng: random.Random) -> Problem:
    inner, factor = _inner(rng, 1, 2, 3, 4), nonzero(rng, 6)
    slope, written = terms.derivative(inner)[0], terms.latex(inner)
    answer = over(slope.coefficient * factor, power("x", slope.power), written)
    lines = chain_lines(written, slope.latex, times(factor, "\\ln(u)"), over(factor, "", "u"), answer)
    shown, source = times(factor, f"\\ln({written})"), f"{code(factor)}*log({terms.source(inner)})"
    return derivative_problem(rng, "chain_logarithm", shown, source, lines, answer)


def outer_root(rng: random.Random) -> Problem:
    inner, factor = _inner(rng, 1, 2, 3), nonzero(rng, 6)
    slope, written = terms.derivative(inner)[0], terms.latex(inner)
    half = Fraction(factor, 2)
    answer = over(slope.coefficient * half, power("x", slope.power), f"\\sqrt{{{written}}}")
    lines = chain_lines(written, slope.latex, times(factor, "\\sqrt{u}"), over(half, "", "\\sqrt{u}"), answer)
    shown, source = times(factor, f"\\sqrt{{{written}}}"), f"{code(factor)}*sqrt({terms.source(inner)})"
    return derivative_problem(rng, "chain_root", shown, source, lines, answer)


def reciprocal_power(rng: random.Random) -> Problem:
    inner, factor, exponent = _inner(rng, 1, 2), nonzero(rng, 6), rng.randint(1, 4)
    slope, written = terms.derivative(inner)[0], terms.latex(inner)
    below, below_slope = (power(f"({written})", n) for n in (exponent, exponent + 1))
    below = written if exponent == 1 else below
    answer = over(-exponent * factor * slope.coefficient, power("x", slope.power), below_slope)
    outer, outer_slope = (
        over(factor, "", power("u", exponent)),
        over(-exponent * factor, "", power("u", exponent + 1)),
    )
    lines = chain_lines(written, slope.latex, outer, outer_slope, answer)
    shown = over(factor, "", below)
    source = f"{code(factor)}/({terms.source(inner)})**{exponent}"
    return derivative_problem(rng, "chain_reciprocal", shown, source, lines, answer)


def trigonometric_power(rng: random.Random) -> Problem:
    name, exponent = rng.choice(("sin", "cos")), rng.randint(2, 6)
    frequency, factor = rng.randint(1, 7), nonzero(rng, 5)
    other, sign = ("cos", 1) if name == "sin" else ("sin", -1)
    argument = times(frequency, "x")
    lower = f"\\{name}({argument})" if exponent == 2 else f"\\{name}^{{{exponent - 1}}}({argument})"
    answer = times(sign * factor * exponent * frequency, f"{lower}\\{other}({argument})")
    lines = chain_lines(
        f"\\{name}({argument})",
        times(sign * frequency, f"\\{other}({argument})"),
        times(factor, f"u^{{{exponent}}}"),
        times(factor * exponent, power("u", exponent - 1)),
        answer,
    )
    shown = times(factor, f"\\{name}^{{{exponent}}}({argument})")
    source = f"{code(factor)}*{name}({frequency}*x)**{exponent}"
    return derivative_problem(rng, "chain_trigonometric_power", shown, source, lines, answer)


def tangent(rng: random.Random) -> Problem:
    frequency, factor, shift = rng.randint(1, 9), nonzero(rng, 9), nonzero(rng, 6)
    inner = [Term(frequency, 1), Term(shift)] if rng.random() < 0.5 else [Term(frequency, 1)]
    written = terms.latex(inner)
    answer = over(factor * frequency, "", f"\\cos^{{2}}({written})")
    slope = over(factor, "", "\\cos^{2}(u)")
    lines = chain_lines(written, str(frequency), times(factor, "\\tan(u)"), slope, answer)
    shown, source = times(factor, f"\\tan({written})"), f"{code(factor)}*tan({terms.source(inner)})"
    return derivative_problem(rng, "chain_tangent", shown, source, lines, answer)


SEEN = (
    *(outer_power, outer_trigonometric, outer_exponential, outer_logarithm, outer_root),
    *(reciprocal_power, trigonometric_power, tangent),
)
