"""Antiderivatives that have one answer: a value of F is given, or the constant of integration is left out."""

import random
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.differentiation import random_polynomial
from tinyreason.synthetic.calculus.terms import Sum, Term
from tinyreason.synthetic.notation import (
    asked,
    code,
    integrand,
    nonzero,
    number,
    over,
    power,
    times,
    total,
)
from tinyreason.synthetic.problem import Problem

WITH_VALUE = (
    "Find the antiderivative $F$ of $f(x) = <f>$<domain> with $F(<a>) = <c>$.",
    "Let $F'(x) = <f>$<domain> and $F(<a>) = <c>$. What is $F(x)$?",
    "Which function $F$ has the derivative $F'(x) = <f>$<domain> and satisfies $F(<a>) = <c>$?",
)
WITHOUT_CONSTANT = (
    "Find $\\int <g> \\, dx$<domain>. Leave out the constant of integration.",
    "Integrate $f(x) = <f>$<domain>, without the constant of integration.",
    "Compute the indefinite integral $\\int <g> \\, dx$<domain> (leave out the constant).",
)
POWER_RULE = "Power rule: \\int x^{n} dx = \\frac{x^{n+1}}{n+1}."


def with_value(
    rng: random.Random,
    template: str,
    function: str,
    source: str,
    lines: list[str],
    answer: str,
    point: int | Fraction,
    value: int = 0,
    domain: str = "",
) -> Problem:
    question = asked(rng, WITH_VALUE, f=function, a=number(point), c=value, domain=domain)
    program = (
        f"x = symbols('x', positive=True)\nF = integrate({source}, x)\n"
        f"answer = F - F.subs(x, {code(point)}) + {code(value)}"
    )
    key = f"{source} F({point}) = {value}"
    return Problem(f"antiderivative/{template}", key, question, "\n".join(lines), answer, program)


def without_constant(
    rng: random.Random,
    template: str,
    function: str,
    source: str,
    lines: list[str],
    answer: str,
    domain: str = "",
) -> Problem:
    question = asked(rng, WITHOUT_CONSTANT, f=function, g=integrand(function), domain=domain)
    program = f"x = symbols('x', positive=True)\nanswer = integrate({source}, x)"
    return Problem(f"integral/{template}", source, question, "\n".join(lines), answer, program)


def by_terms(function: Sum) -> list[str]:
    return [f"\\int {term.latex} dx = {terms.latex(terms.antiderivative([term]))}" for term in function]


def antiderivative_of_polynomial(rng: random.Random) -> Problem:
    """Whole coefficients in the answer three times in four, fractions otherwise."""
    function = random_polynomial(rng, rng.randint(1, 4))
    if rng.random() < 0.75:
        function = [term.times(term.power + 1) for term in function]
    point, value = rng.choice((0, 0, 1, -1, 2)), rng.randint(-9, 9)
    antiderivative = terms.antiderivative(function)
    there = terms.value(antiderivative, point)
    constant = value - there
    answer = total(terms.latex(antiderivative), number(constant))
    lines = [POWER_RULE, f"F(x) = {terms.latex(antiderivative)}+C"]
    if point:
        lines.append(f"F({point}) = {total(number(there), 'C')} = {value}, so C = {number(constant)}")
    else:
        lines.append(f"F(0) = C = {value}")
    lines.append(f"F(x) = {answer}")
    shown, source = terms.latex(function), terms.source(function)
    return with_value(rng, "polynomial", shown, source, lines, answer, point, value)


def _sum(rng: random.Random, template: str, rule: str, function: list[Term], domain: str = "") -> Problem:
    answer = terms.latex(terms.antiderivative(function))
    lines = [rule, *by_terms(function)]
    lines += [f"The sum: {answer}"] if len(function) > 1 else []
    return without_constant(
        rng, template, terms.latex(function), terms.source(function), lines, answer, domain
    )


def polynomial(rng: random.Random) -> Problem:
    return _sum(rng, "polynomial", POWER_RULE, random_polynomial(rng, rng.randint(1, 4)))


def _power_beside(rng: random.Random) -> list[Term]:
    """A power of x, or nothing, to stand beside another term."""
    exponent = rng.randint(0, 3)
    return [Term(nonzero(rng, 5) * (exponent + 1), exponent)] if rng.random() < 0.7 else []


def trigonometric(rng: random.Random) -> Problem:
    function = [Term(nonzero(rng, 9), trig=rng.choice(("sin", "cos")), frequency=rng.randint(1, 6))]
    rule = "\\int \\sin(ax) dx = -\\frac{1}{a}\\cos(ax) and \\int \\cos(ax) dx = \\frac{1}{a}\\sin(ax)."
    return _sum(rng, "trigonometric", rule, _power_beside(rng) + function)


def exponential(rng: random.Random) -> Problem:
    function = [Term(nonzero(rng, 9), rate=nonzero(rng, 6))]
    return _sum(rng, "exponential", "\\int e^{ax} dx = \\frac{1}{a}e^{ax}.", _power_beside(rng) + function)


def reciprocal(rng: random.Random) -> Problem:
    function = [*_power_beside(rng), Term(nonzero(rng, 12), -1)]
    rule = "\\int \\frac{1}{x} dx = \\ln(x) for x > 0."
    return _sum(rng, "reciprocal", rule, function, " for $x > 0$")


def negative_power(rng: random.Random) -> Problem:
    exponent = rng.randint(2, 6)
    function = [*_power_beside(rng), Term(nonzero(rng, 5) * rng.choice((1, exponent - 1)), -exponent)]
    rule = "Power rule with \\frac{1}{x^{n}} = x^{-n}: \\int x^{-n} dx = \\frac{x^{1-n}}{1-n}."
    return _sum(rng, "negative_power", rule, function, " for $x > 0$")


def root(rng: random.Random) -> Problem:
    exponent = Fraction(rng.choice((1, 1, -1, 3)), 2)
    function = [*_power_beside(rng), Term(nonzero(rng, 8), exponent)]
    rule = "Power rule with \\sqrt{x} = x^{\\frac{1}{2}}: \\int x^{p} dx = \\frac{x^{p+1}}{p+1}."
    return _sum(rng, "root", rule, function, " for $x > 0$")


def _linear(rng: random.Random) -> tuple[list[Term], str, int, int]:
    slope, constant = rng.choice(
        [(a, b) for a in range(1, 10) for b in range(-9, 10) if b and gcd(a, b) == 1]
    )
    inner = terms.polynomial(slope, constant)
    return inner, terms.latex(inner), slope, constant


def substitution_lines(inner: str, slope: int, outer: str, integral: str, answer: str) -> list[str]:
    """`outer` and its integral are written in u."""
    factor = f"Divide by {slope} and put u" if slope > 1 else "Put u"
    return [
        f"Substitute u = {inner}, du = {times(slope, 'dx')}.",
        f"\\int {outer} du = {integral}",
        f"{factor} back: {answer}",
    ]


def linear_power(rng: random.Random) -> Problem:
    """The value is given at the zero of the bracket, so that the constant is 0."""
    inner, written, slope, constant = _linear(rng)
    exponent, factor = rng.randint(2, 7), nonzero(rng, 4)
    coefficient = Fraction(factor, exponent + 1)
    point = Fraction(-constant, slope)
    answer = times(coefficient / slope, power(f"({written})", exponent + 1))
    integral = times(coefficient, power("u", exponent + 1))
    lines = substitution_lines(
        written, slope, times(factor, power("u", exponent)), integral, f"F(x) = {answer}+C"
    )
    lines.append(f"F({number(point)}) = C = 0, so F(x) = {answer}")
    shown = times(factor, power(f"({written})", exponent))
    source = f"{code(factor)}*({terms.source(inner)})**{exponent}"
    return with_value(rng, "linear_power", shown, source, lines, answer, point)


def linear_reciprocal(rng: random.Random) -> Problem:
    """The value is given where the bracket is 1, so that the constant is that value."""
    slope, point, value, factor = rng.randint(2, 9), rng.randint(-4, 6), rng.randint(-5, 9), nonzero(rng, 12)
    inner = terms.polynomial(slope, 1 - slope * point)
    written = terms.latex(inner)
    logarithm = times(Fraction(factor, slope), f"\\ln({written})")
    at_one = times(Fraction(factor, slope), "\\ln(1)")
    answer = total(logarithm, str(value))
    lines = substitution_lines(
        written, slope, over(factor, "", "u"), times(factor, "\\ln(u)"), f"F(x) = {logarithm}+C"
    )
    lines += [f"F({point}) = {at_one}+C = C = {value}", f"F(x) = {answer}"]
    source = f"{code(factor)}/({terms.source(inner)})"
    domain = f" for ${written} > 0$"
    return with_value(
        rng, "linear_reciprocal", over(factor, "", written), source, lines, answer, point, value, domain
    )


def linear_inside(rng: random.Random) -> Problem:
    """cos, sin or exp of ax + b."""
    inner, written, slope, _ = _linear(rng)
    factor, name = nonzero(rng, 6), rng.choice(("sin", "cos", "exp"))
    shapes = {
        "sin": ("\\sin(<u>)", "\\cos(<u>)"),
        "cos": ("\\cos(<u>)", "\\sin(<u>)"),
        "exp": ("e^{<u>}",) * 2,
    }
    outer, integral = shapes[name]
    sign = -1 if name == "sin" else 1
    answer = times(Fraction(sign * factor, slope), integral.replace("<u>", written))
    lines = substitution_lines(
        written,
        slope,
        times(factor, outer.replace("<u>", "u")),
        times(sign * factor, integral.replace("<u>", "u")),
        answer,
    )
    shown, source = (
        times(factor, outer.replace("<u>", written)),
        f"{code(factor)}*{name}({terms.source(inner)})",
    )
    template = "linear_exponential" if name == "exp" else "linear_trigonometric"
    return without_constant(rng, template, shown, source, lines, answer)


def by_parts(rng: random.Random) -> Problem:
    """c x e^{ax}, c x sin(ax) or c x cos(ax); c is often a multiple of a."""
    name, frequency = rng.choice(("exp", "sin", "cos")), rng.randint(1, 6)
    factor = nonzero(rng, 6) * rng.choice((1, frequency))
    other = (
        Term(1, rate=frequency * rng.choice((1, -1)))
        if name == "exp"
        else Term(1, trig=name, frequency=frequency)
    )
    function = Term(factor, 1, other.rate, 0, other.trig, other.frequency)
    first = terms.antiderivative([other])[0]
    second = terms.antiderivative([first])[0].times(-factor)
    raised = Term(first.coefficient * factor, 1, first.rate, 0, first.trig, first.frequency)
    answer = terms.latex([raised, second])
    lines = [
        "Integration by parts: \\int uv' dx = uv - \\int u'v dx.",
        f"u = {times(factor, 'x')}, u' = {factor}",
        f"v' = {other.latex}, v = {first.latex}",
        f"uv = {raised.latex}",
        f"\\int u'v dx = {second.times(-1).latex}",
        f"uv - \\int u'v dx = {answer}",
    ]
    template = "parts_exponential" if name == "exp" else "parts_trigonometric"
    return without_constant(rng, template, function.latex, function.code, lines, answer)


SEEN = (
    *(antiderivative_of_polynomial, polynomial, trigonometric, exponential, reciprocal, negative_power),
    *(root, linear_power, linear_reciprocal, linear_inside, by_parts),
)
