"""Limits and sums."""

import random
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.differentiation import multiplied, random_polynomial
from tinyreason.synthetic.calculus.points import evaluation
from tinyreason.synthetic.calculus.terms import Sum, Term
from tinyreason.synthetic.notation import asked, code, nonzero, number, power, reduced, signed, times, total
from tinyreason.synthetic.problem import Problem

LIMIT = (
    "Find $\\lim_{x \\to <a>} <f>$.",
    "Compute the limit $\\lim_{x \\to <a>} <f>$.",
    "What is $\\lim_{x \\to <a>} <f>$?",
    "What value does $<f>$ approach as $x \\to <a>$?",
)
SUM = (
    "Compute $\\sum_{k=<a>}^{<b>} <f>$.",
    "What is $\\sum_{k=<a>}^{<b>} <f>$?",
    "Find the value of the sum $\\sum_{k=<a>}^{<b>} <f>$.",
)


def limit_problem(
    rng: random.Random, template: str, function: str, source: str, point: str, lines: list[str], answer: str
) -> Problem:
    question = asked(rng, LIMIT, f=function, a={"oo": "\\infty"}.get(point, point))
    program = f"x = symbols('x')\nanswer = limit({source}, x, {point})"
    key = f"{source} at {point}"
    return Problem(f"limit/{template}", key, question, "\n".join(lines), answer, program)


def fraction_of(upper: Sum, lower: Sum) -> tuple[str, str]:
    """A quotient of polynomials as LaTeX and as sympy code."""
    shown = f"\\frac{{{terms.latex(upper)}}}{{{terms.latex(lower)}}}"
    return shown, f"({terms.source(upper)})/({terms.source(lower)})"


def polynomial(rng: random.Random) -> Problem:
    function, point = random_polynomial(rng, rng.randint(2, 3)), rng.randint(-4, 4)
    lines = ["A polynomial is continuous: put the number in.", evaluation(function, point)]
    shown, source = f"\\left({terms.latex(function)}\\right)", terms.source(function)
    answer = number(terms.value(function, point))
    return limit_problem(rng, "polynomial", shown, source, str(point), lines, answer)


def cancelled_quadratic(rng: random.Random) -> Problem:
    """(x - a)(bx + c) over x - a."""
    point, slope, constant = rng.randint(-9, 9), nonzero(rng, 4), rng.randint(-9, 9)
    if slope * point + constant == 0:
        constant += 1
    root, rest = terms.polynomial(1, -point), terms.polynomial(slope, constant)
    upper = multiplied(root, rest)
    shown, source = fraction_of(upper, root)
    answer = number(slope * point + constant)
    lines = [
        f"At x = {point} both are 0, so cancel {bracketed(root)}:",
        f"{terms.latex(upper)} = {bracketed(root)}{bracketed(rest)}",
        f"The limit of {terms.latex(rest)} at {point} is {answer}.",
    ]
    if point == 0:
        lines[0] = "At x = 0 both are 0, so cancel x:"
    return limit_problem(rng, "cancel", shown, source, str(point), lines, answer)


def bracketed(factor: Sum) -> str:
    return f"({terms.latex(factor)})" if len(factor) > 1 else terms.latex(factor)


def cancelled_quotient(rng: random.Random) -> Problem:
    """(x - a)(x + b) over (x - a)(cx + d)."""
    point = rng.randint(-6, 6)
    root = terms.polynomial(1, -point)
    while True:
        a, b, c, d = rng.randint(1, 3), nonzero(rng, 9), rng.randint(1, 3), nonzero(rng, 9)
        if a * d != b * c and c * point + d and a * point + b:
            break
    upper, lower = terms.polynomial(a, b), terms.polynomial(c, d)
    whole_upper, whole_lower = multiplied(root, upper), multiplied(root, lower)
    shown, source = fraction_of(whole_upper, whole_lower)
    value = Fraction(a * point + b, c * point + d)
    lines = [
        f"At x = {point} both are 0, so cancel {bracketed(root)}:",
        f"{terms.latex(whole_upper)} = {bracketed(root)}{bracketed(upper)}",
        f"{terms.latex(whole_lower)} = {bracketed(root)}{bracketed(lower)}",
        f"At {point}: {terms.latex(upper)} is {a * point + b}, {terms.latex(lower)} is {c * point + d}.",
        f"The limit: {number(value)}",
    ]
    return limit_problem(rng, "cancel_quotient", shown, source, str(point), lines, number(value))


def at_infinity(rng: random.Random) -> Problem:
    """Equal degrees give the quotient of the leading coefficients, a larger one below gives 0."""
    degree = rng.randint(1, 4)
    equal = rng.random() < 0.8
    upper = random_polynomial(rng, degree)
    lower = random_polynomial(rng, degree if equal else degree + 1)
    if equal:
        above, below = int(upper[0].coefficient), int(lower[0].coefficient)
        answer = number(Fraction(above, below))
        lines = [
            f"Divide by {power('x', degree)}: all but the leading coefficients go to 0.",
            f"The limit: {reduced(above, below)}",
        ]
    else:
        answer = "0"
        largest = power("x", degree + 1)
        lines = [f"Divide by {largest}: the numerator goes to 0, the denominator to {lower[0].coefficient}."]
    shown, source = fraction_of(upper, lower)
    template = "infinity" if equal else "infinity_zero"
    return limit_problem(rng, template, shown, source, "oo", lines, answer)


def sine(rng: random.Random) -> Problem:
    """a sin(bx) / cx, or a sine below too."""
    factor, inner, below = nonzero(rng, 4), rng.randint(1, 9), rng.randint(1, 9)
    two_sines = rng.random() < 0.5
    top, argument = times(factor, f"\\sin({times(inner, 'x')})"), times(inner, "x")
    answer = number(Fraction(factor * inner, below))
    lines = ["\\frac{\\sin(u)}{u} goes to 1 as u goes to 0."]
    if two_sines:
        bottom = f"\\sin({times(below, 'x')})"
        lines.append(f"\\sin({argument}) is about {argument}, {bottom} is about {times(below, 'x')}.")
        source = f"{code(factor)}*sin({inner}*x)/sin({below}*x)"
    else:
        lines.append(f"\\sin({argument}) is about {argument}.")
        bottom, source = times(below, "x"), f"{code(factor)}*sin({inner}*x)/({below}*x)"
    lines.append(f"The limit: {reduced(factor * inner, below)}")
    template = "sine_quotient" if two_sines else "sine"
    return limit_problem(rng, template, f"\\frac{{{top}}}{{{bottom}}}", source, "0", lines, answer)


def exponential(rng: random.Random) -> Problem:
    """(e^{ax} - 1)/(bx) or ln(1 + ax)/(bx)."""
    inner, below = nonzero(rng, 9), rng.randint(1, 9)
    if rng.random() < 0.5:
        top, source = f"e^{{{times(inner, 'x')}}}-1", f"(exp({inner}*x) - 1)"
        rule = "\\frac{e^{u}-1}{u} goes to 1 as u goes to 0."
    else:
        top, source = f"\\ln({total('1', times(inner, 'x'))})", f"log(1 + {code(inner)}*x)"
        rule = "\\frac{\\ln(1+u)}{u} goes to 1 as u goes to 0."
    value = Fraction(inner, below)
    lines = [rule, f"Here u = {times(inner, 'x')}.", f"The limit: {reduced(inner, below)}"]
    shown = f"\\frac{{{top}}}{{{times(below, 'x')}}}"
    return limit_problem(rng, "exponential", shown, f"{source}/({below}*x)", "0", lines, number(value))


def sum_problem(
    rng: random.Random,
    template: str,
    function: str,
    source: str,
    bounds: tuple[int, str],
    lines: list[str],
    answer: str,
) -> Problem:
    lower, upper = bounds
    question = asked(rng, SUM, f=function, a=lower, b={"oo": "\\infty"}.get(upper, upper))
    program = f"k = symbols('k', integer=True)\nanswer = summation({source}, (k, {lower}, {upper}))"
    key = f"{source} for k from {lower} to {upper}"
    return Problem(f"series/{template}", key, question, "\n".join(lines), answer, program)


def geometric_series(rng: random.Random) -> Problem:
    denominator = rng.randint(2, 9)
    ratio = Fraction(
        rng.choice([n for n in range(1 - denominator, denominator) if gcd(n, denominator) == 1]), denominator
    )
    factor, start = rng.randint(1, 9), rng.choice((0, 0, 1, 2))
    first = factor * ratio**start
    answer = number(first / (1 - ratio))
    shown = times(factor, "") + " \\cdot " if factor > 1 else ""
    lines = [
        f"Geometric series: first term {number(first)}, ratio {number(ratio)}.",
        f"1-q = {number(1 - ratio)}",
        f"\\frac{{{number(first)}}}{{{number(1 - ratio)}}} = {answer}",
    ]
    function = f"{shown}\\left({number(ratio)}\\right)^{{k}}"
    return sum_problem(rng, "geometric", function, f"{factor}*{code(ratio)}**k", (start, "oo"), lines, answer)


def geometric_sum(rng: random.Random) -> Problem:
    ratio, last, factor = rng.choice((2, 2, 3, 3, 4, 5, -2, -3)), rng.randint(3, 8), rng.randint(1, 9)
    last = min(last, {2: 8, 3: 6}.get(abs(ratio), 4))
    whole = (ratio ** (last + 1) - 1) // (ratio - 1)
    shown_ratio = signed(ratio)
    lines = [
        "\\sum_{k=0}^{n} q^{k} = \\frac{q^{n+1}-1}{q-1}",
        f"{shown_ratio}^{{{last + 1}}} = {ratio ** (last + 1)}",
        f"({ratio ** (last + 1)}-1)/({ratio}-1) = {whole}",
    ]
    lines += [f"{factor} \\cdot {signed(whole)} = {factor * whole}"] if factor > 1 else []
    function = f"{factor} \\cdot {shown_ratio}^{{k}}" if factor > 1 else f"{shown_ratio}^{{k}}"
    source = f"{factor}*({ratio})**k"
    return sum_problem(rng, "geometric_finite", function, source, (0, str(last)), lines, str(factor * whole))


def arithmetic_sum(rng: random.Random) -> Problem:
    slope, constant, count = nonzero(rng, 9), rng.randint(-9, 20), rng.randint(5, 60)
    first, last = slope + constant, slope * count + constant
    answer = str(count * (first + last) // 2)
    shown_last = signed(last)
    lines = [
        f"{count} terms, the first is {first}, the last is {last}.",
        f"{count} \\cdot ({first}+{shown_last})/2 = {answer}",
    ]
    shown = terms.latex(terms.polynomial(slope, constant)).replace("x", "k")
    shown = f"({shown})" if constant else shown
    source = f"{code(slope)}*k + {code(constant)}"
    return sum_problem(rng, "arithmetic", shown, source, (1, str(count)), lines, answer)


def sum_of_squares(rng: random.Random) -> Problem:
    factor, slope, count = nonzero(rng, 4), rng.randint(-6, 6), rng.randint(4, 20)
    squares, numbers = count * (count + 1) * (2 * count + 1) // 6, count * (count + 1) // 2
    answer = str(factor * squares + slope * numbers)
    lines = [
        "\\sum k^{2} = \\frac{n(n+1)(2n+1)}{6}, \\sum k = \\frac{n(n+1)}{2}",
        f"{count} \\cdot {count + 1} \\cdot {2 * count + 1}/6 = {squares}",
    ]
    parts = [f"{factor} \\cdot {squares}"]
    if slope:
        lines.append(f"{count} \\cdot {count + 1}/2 = {numbers}")
        parts.append(f"{slope} \\cdot {numbers}")
    lines.append(f"{total(*parts)} = {answer}")
    shown = terms.latex([Term(factor, 2), Term(slope, 1)] if slope else [Term(factor, 2)]).replace("x", "k")
    shown = f"({shown})" if slope else shown
    source = f"{code(factor)}*k**2 + {code(slope)}*k"
    return sum_problem(rng, "squares", shown, source, (1, str(count)), lines, answer)


SEEN = (
    *(polynomial, cancelled_quadratic, cancelled_quotient, at_infinity, sine, exponential),
    *(geometric_series, geometric_sum, arithmetic_sum, sum_of_squares),
)
