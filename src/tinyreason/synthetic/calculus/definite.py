"""Definite integrals with exact values."""

import random
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.differentiation import random_polynomial
from tinyreason.synthetic.calculus.terms import Term
from tinyreason.synthetic.notation import (
    asked,
    code,
    integrand,
    logarithm,
    nonzero,
    number,
    over,
    power,
    signed,
    surd,
    times,
    total,
)
from tinyreason.synthetic.problem import Problem

DEFINITE = (
    "Compute $\\int_{<a>}^{<b>} <g> \\, dx$.",
    "What is $\\int_{<a>}^{<b>} <g> \\, dx$?",
    "Evaluate the definite integral $\\int_{<a>}^{<b>} <g> \\, dx$.",
    "Integrate $f(x) = <f>$ from $<a>$ to $<b>$.",
)
# angle as a part of pi -> (coefficient, radicand) of its sine and cosine
HALF = Fraction(1, 2)
SINE = {
    Fraction(1, 6): (HALF, 1),
    Fraction(1, 4): (HALF, 2),
    Fraction(1, 3): (HALF, 3),
    Fraction(1, 2): (Fraction(1), 1),
    Fraction(2, 3): (HALF, 3),
    Fraction(3, 4): (HALF, 2),
    Fraction(5, 6): (HALF, 1),
    Fraction(1): (Fraction(), 1),
    Fraction(3, 2): (Fraction(-1), 1),
}
COSINE = {
    Fraction(1, 6): (HALF, 3),
    Fraction(1, 4): (HALF, 2),
    Fraction(1, 3): (HALF, 1),
    Fraction(1, 2): (Fraction(), 1),
    Fraction(2, 3): (-HALF, 1),
    Fraction(3, 4): (-HALF, 2),
    Fraction(5, 6): (-HALF, 3),
    Fraction(1): (Fraction(-1), 1),
    Fraction(3, 2): (Fraction(), 1),
}
ANGLES = tuple(SINE)


def definite_problem(
    rng: random.Random,
    template: str,
    function: str,
    source: str,
    bounds: tuple[str, str],
    bound_sources: tuple[str, str],
    lines: list[str],
    answer: str,
) -> Problem:
    """`bounds` are their LaTeX, `bound_sources` their sympy code."""
    question = asked(rng, DEFINITE, f=function, g=integrand(function), a=bounds[0], b=bounds[1])
    lower, upper = bound_sources
    program = f"x = symbols('x')\nanswer = integrate({source}, (x, {lower}, {upper}))"
    key = f"{source} from {lower} to {upper}"
    return Problem(f"definite/{template}", key, question, "\n".join(lines), answer, program)


def difference(bounds: tuple[str, str], upper: str, lower: str, answer: str) -> str:
    """F(b)-F(a) = 5-(-3) = 8, from the values of F at the bounds."""
    shown = "" if lower == "0" else f"-({lower})" if lower.startswith("-") else f"-{lower}"
    steps = [f"{upper}{shown}", answer]
    return f"F({bounds[1]})-F({bounds[0]}) = {' = '.join(dict.fromkeys(steps))}"


def polynomial(rng: random.Random) -> Problem:
    function = random_polynomial(rng, rng.randint(1, 3))
    if rng.random() < 0.6:
        function = [term.times(term.power + 1) for term in function]
    lower = rng.choice((0, 0, 1, -1, -2, 2))
    upper = lower + rng.randint(1, 3)
    bounds, antiderivative = (str(lower), str(upper)), terms.antiderivative(function)
    values = {bound: terms.value(antiderivative, bound) for bound in (upper, lower)}
    answer = number(values[upper] - values[lower])
    lines = [f"F(x) = {terms.latex(antiderivative)}"]
    lines += [f"F({bound}) = {number(value)}" for bound, value in values.items()]
    lines.append(difference(bounds, number(values[upper]), number(values[lower]), answer))
    shown, source = terms.latex(function), terms.source(function)
    return definite_problem(rng, "polynomial", shown, source, bounds, bounds, lines, answer)


def root(rng: random.Random) -> Problem:
    """c sqrt(x) or c / sqrt(x) between squares."""
    low, high = sorted(rng.sample(range(8), 2))
    factor, exponent = nonzero(rng, 5) * rng.choice((1, 3, 3)), Fraction(rng.choice((1, 1, -1)), 2)
    if exponent < 0 and low == 0:
        low, high = 1, high + 1
    function = Term(factor, exponent)
    antiderivative = terms.antiderivative([function])[0]
    degree = int(2 * antiderivative.power)  # of the antiderivative in sqrt(x)
    upper, lower = (antiderivative.coefficient * bound**degree for bound in (high, low))
    answer, bounds = number(upper - lower), (str(low * low), str(high * high))
    lines = [
        f"F(x) = {antiderivative.latex}",
        f"F({high * high}) = {number(upper)}, F({low * low}) = {number(lower)}",
        difference(bounds, number(upper), number(lower), answer),
    ]
    return definite_problem(rng, "root", function.latex, function.code, bounds, bounds, lines, answer)


def part_of_pi(part: Fraction) -> str:
    """\\frac{2\\pi}{3}"""
    return over(part, "\\pi", "")


def trigonometric(rng: random.Random) -> Problem:
    """c sin(ax) or c cos(ax) from 0 to an angle whose sine and cosine are known."""
    frequency, name, part = rng.randint(1, 4), rng.choice(("sin", "cos")), rng.choice(tuple(SINE))
    function = Term(rng.randint(1, 6) * rng.choice((1, -1, frequency)), trig=name, frequency=frequency)
    antiderivative = terms.antiderivative([function])[0]
    factor, inverse = antiderivative.coefficient, antiderivative.trig
    coefficient, radicand = (SINE if inverse == "sin" else COSINE)[part]
    start = int(inverse == "cos")
    upper, lower = surd(factor * coefficient, radicand), number(factor * start)
    if radicand == 1:
        answer = number(factor * (coefficient - start))
    else:
        # the positive one of two summands first
        answer = total(*sorted((number(-factor * start), upper), key=lambda text: text.startswith("-")))
    bound, argument = part_of_pi(part / frequency), part_of_pi(part)
    lines = [
        f"F(x) = {antiderivative.latex}",
        f"\\{inverse}({argument}) = {surd(coefficient, radicand)}, \\{inverse}(0) = {start}",
        f"F({bound}) = {upper}, F(0) = {lower}",
        difference(("0", bound), upper, lower, answer),
    ]
    sources = ("0", f"{code(part / frequency)}*pi")
    return definite_problem(
        rng, "trigonometric", function.latex, function.code, ("0", bound), sources, lines, answer
    )


def exponential(rng: random.Random) -> Problem:
    """c e^{ax} from 0 to a whole number."""
    rate, upper = nonzero(rng, 5), rng.randint(1, 4)
    function = Term(nonzero(rng, 6) * rng.choice((1, abs(rate))), rate=rate)
    coefficient = Fraction(function.coefficient, rate)
    top, bounds = times(coefficient, power("e", rate * upper)), ("0", str(upper))
    answer = total(*sorted((top, number(-coefficient)), key=lambda text: text.startswith("-")))
    lines = [
        f"F(x) = {Term(coefficient, rate=rate).latex}",
        f"F({upper}) = {top}, F(0) = {number(coefficient)}",
        difference(bounds, top, number(coefficient), answer),
    ]
    return definite_problem(rng, "exponential", function.latex, function.code, bounds, bounds, lines, answer)


def exponential_to_logarithm(rng: random.Random) -> Problem:
    """c e^{ax} from 0 to ln(k), where the value is a number without e."""
    rate, upper = rng.choice((1, 1, 2, 2, 3, -1)), rng.randint(2, 7)
    function = Term(nonzero(rng, 9), rate=rate)
    coefficient, top = Fraction(function.coefficient, rate), Fraction(upper) ** rate
    answer, bound = number(coefficient * (top - 1)), f"\\ln({upper})"
    lines = [
        f"F(x) = {Term(coefficient, rate=rate).latex}",
        f"e^{{{times(rate, bound)}}} = {number(top)}",
        f"F({bound}) = {number(coefficient * top)}, F(0) = {number(coefficient)}",
        difference(("0", bound), number(coefficient * top), number(coefficient), answer),
    ]
    bounds, sources = ("0", bound), ("0", f"log({upper})")
    return definite_problem(
        rng, "exponential_to_logarithm", function.latex, function.code, bounds, sources, lines, answer
    )


def reciprocal(rng: random.Random) -> Problem:
    """c/x between whole numbers."""
    factor, lower = nonzero(rng, 12), rng.choice((1, 1, rng.randint(2, 9)))
    upper = lower + rng.randint(1, 9)
    answer = times(factor, logarithm(Fraction(upper, lower)))
    function, bounds = Term(factor, -1), (str(lower), str(upper))
    values = (times(factor, logarithm(upper)), times(factor, logarithm(lower)) if lower > 1 else "0")
    lines = [f"F(x) = {Term(factor, logs=1).latex}", "\\ln(b)-\\ln(a) = \\ln(\\frac{b}{a}), \\ln(1) = 0"]
    lines.append(difference(bounds, *values, answer))
    return definite_problem(rng, "reciprocal", function.latex, function.code, bounds, bounds, lines, answer)


def linear_power(rng: random.Random) -> Problem:
    """(ax + b)^n between whole numbers, by the substitution u = ax + b."""
    slope, lower, exponent = rng.randint(1, 5), rng.randint(0, 2), rng.randint(2, 4)
    start = rng.choice([n for n in range(-3, 5) if gcd(n, slope) == 1 and n != slope * lower])
    constant, upper, factor = start - slope * lower, lower + 1, nonzero(rng, 4)
    inner, end = terms.polynomial(slope, constant), start + slope
    written = terms.latex(inner)
    coefficient = Fraction(factor, slope * (exponent + 1))
    value = coefficient * (end ** (exponent + 1) - start ** (exponent + 1))
    answer, bounds = number(value), (str(lower), str(upper))
    ends = [f"({n})^{{{exponent + 1}}}" if n < 0 else f"{n}^{{{exponent + 1}}}" for n in (end, start)]
    numbers = [end ** (exponent + 1), start ** (exponent + 1)]
    shown_start = signed(numbers[1])
    lines = [
        f"Substitute u = {written}, du = {times(slope, 'dx')}; u goes from {start} to {end}.",
        f"F = {times(coefficient, f'u^{{{exponent + 1}}}')}",
        f"{ends[0]} = {numbers[0]}, {ends[1]} = {numbers[1]}",
        f"{number(coefficient)} \\cdot ({numbers[0]}-{shown_start}) = {answer}",
    ]
    shown = times(factor, power(f"({written})", exponent))
    source = f"{code(factor)}*({terms.source(inner)})**{exponent}"
    return definite_problem(rng, "linear_power", shown, source, bounds, bounds, lines, answer)


def linear_reciprocal(rng: random.Random) -> Problem:
    """c/(ax + b) where ax + b is positive between the bounds."""
    slope, lower, start = rng.randint(2, 5), rng.randint(0, 3), rng.randint(1, 6)
    constant, upper, factor = start - slope * lower, lower + rng.randint(1, 3), nonzero(rng, 6)
    if constant == 0 or gcd(slope, constant) > 1:
        slope, constant, start = 2, 1, 2 * lower + 1
    inner, end = terms.polynomial(slope, constant), slope * upper + constant
    written, coefficient = terms.latex(inner), Fraction(factor, slope)
    answer = times(coefficient, logarithm(Fraction(end, start)))
    integral = times(coefficient, f"\\ln({written})")
    values = [times(coefficient, f"\\ln({n})") if n > 1 else "0" for n in (end, start)]
    bounds = (str(lower), str(upper))
    lines = [
        f"Substitute u = {written}, du = {times(slope, 'dx')}: F(x) = {integral}",
        f"u goes from {start} to {end}.",
        difference(bounds, *values, answer),
    ]
    source = f"{code(factor)}/({terms.source(inner)})"
    shown = over(factor, "", written)
    return definite_problem(rng, "linear_reciprocal", shown, source, bounds, bounds, lines, answer)


def parts_exponential(rng: random.Random) -> Problem:
    """c x e^{ax} from 0 to a whole number."""
    rate, upper, factor = rng.choice((1, 1, 2, 3, -1)), rng.randint(1, 3), nonzero(rng, 9)
    function = Term(factor, 1, rate)
    first, second = Term(Fraction(factor, rate), 1, rate), Term(Fraction(-factor, rate * rate), rate=rate)
    exponential_there = power("e", rate * upper)
    there = first.coefficient * upper + second.coefficient
    top = times(there, exponential_there) if there else "0"
    lower = number(second.coefficient)
    answer = total(*sorted((top, number(-second.coefficient)), key=lambda text: text.startswith("-")))
    bounds = ("0", str(upper))
    lines = [
        f"By parts with u = {times(factor, 'x')}, v' = {Term(1, rate=rate).latex}:",
        f"F(x) = {terms.latex([first, second])}",
        f"F({upper}) = {top}, F(0) = {lower}",
        difference(bounds, top, lower, answer),
    ]
    return definite_problem(rng, "parts", function.latex, function.code, bounds, bounds, lines, answer)


SEEN = (
    *(polynomial, root, trigonometric, exponential, exponential_to_logarithm, reciprocal),
    *(linear_power, linear_reciprocal, parts_exponential),
)
