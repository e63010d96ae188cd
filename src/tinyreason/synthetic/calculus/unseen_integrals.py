"""Templates of calculus that are never trained on, about limits, integrals and sums."""

import random
from fractions import Fraction

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.differentiation import random_polynomial
from tinyreason.synthetic.calculus.terms import Term
from tinyreason.synthetic.notation import asked, nonzero, number, over, reduced, signed, times, total
from tinyreason.synthetic.problem import Problem

LIMIT = (
    "Find $\\lim_{x \\to 0} <f>$.",
    "Compute the limit $\\lim_{x \\to 0} <f>$.",
    "What is $\\lim_{x \\to 0} <f>$?",
)
MEAN_VALUE = (
    "What is the average value of $f(x) = <f>$ on the interval $[<a>, <b>]$?",
    "Find the mean of $f(x) = <f>$ over $[<a>, <b>]$.",
    "Compute the average of $f(x) = <f>$ for $<a> \\le x \\le <b>$.",
)
AREA = (
    "What is the area enclosed by $y = <f>$ and $y = <g>$?",
    "Find the area between the curves $y = <f>$ and $y = <g>$.",
    "The graphs of $<f>$ and $<g>$ enclose a region. What is its area?",
)
TELESCOPE = (
    "Compute $\\sum_{k=<a>}^{<b>} \\frac{1}{<f>}$.",
    "What is $\\sum_{k=<a>}^{<b>} \\frac{1}{<f>}$?",
    "Find the sum $\\sum_{k=<a>}^{<b>} \\frac{1}{<f>}$.",
)
DEFINITE = (
    "Compute $\\int_{0}^{<b>} <f> \\, dx$ by substitution.",
    "Evaluate $\\int_{0}^{<b>} <f> \\, dx$.",
    "What is the value of $\\int_{0}^{<b>} <f> \\, dx$?",
)


def conjugate_limit(rng: random.Random) -> Problem:
    root, factor, below = rng.randint(1, 9), nonzero(rng, 9), rng.randint(1, 9)
    radical = f"\\sqrt{{{total(times(factor, 'x'), str(root * root))}}}"
    shown = f"\\frac{{{radical}-{root}}}{{{times(below, 'x')}}}"
    answer = number(Fraction(factor, 2 * root * below))
    conjugate = f"{radical}+{root}"
    lower = times(below, f"({conjugate})") if below > 1 else conjugate
    lines = [
        f"Multiply above and below by {conjugate}; above this gives {times(factor, 'x')}.",
        f"Cancel x: {over(factor, '', lower)}",
        f"At x = 0 the root is {root}: {reduced(factor, 2 * root * below)}",
    ]
    source = f"(sqrt({factor}*x + {root * root}) - {root})/({below}*x)"
    question = asked(rng, LIMIT, f=shown)
    program = f"x = symbols('x')\nanswer = limit({source}, x, 0)"
    return Problem("limit/conjugate", source, question, "\n".join(lines), answer, program)


def cosine_limit(rng: random.Random) -> Problem:
    inner, below, factor = rng.randint(1, 9), rng.randint(1, 9), rng.randint(1, 5)
    argument = times(inner, "x")
    cosine = f"\\cos({argument})"
    shown = f"\\frac{{{factor}-{times(factor, cosine)}}}{{{times(below, 'x^{2}')}}}"
    answer = number(Fraction(factor * inner * inner, 2 * below))
    lines = [
        "\\frac{1-\\cos(u)}{u^{2}} goes to \\frac{1}{2} as u goes to 0.",
        f"Here u = {argument}, u^{{2}} = {times(inner * inner, 'x^{2}')}.",
        f"The limit: {reduced(factor * inner * inner, 2 * below)}",
    ]
    source = f"({factor} - {factor}*cos({inner}*x))/({below}*x**2)"
    question = asked(rng, LIMIT, f=shown)
    program = f"x = symbols('x')\nanswer = limit({source}, x, 0)"
    return Problem("limit/cosine", source, question, "\n".join(lines), answer, program)


def inner_derivative(rng: random.Random) -> Problem:
    """The integral of cx(ax^2 + b)^n from 0 to a whole number."""
    slope, constant, exponent = rng.randint(1, 3), nonzero(rng, 4), rng.randint(2, 3)
    factor, upper = rng.randint(1, 6), rng.randint(1, 2)
    inner = terms.polynomial(slope, 0, constant)
    start, end = constant, slope * upper * upper + constant
    degree = exponent + 1
    coefficient = Fraction(factor, 2 * slope * degree)
    answer = number(coefficient * (end**degree - start**degree))
    written = terms.latex(inner)
    shown_start = signed(start**degree)
    lines = [
        f"Substitute u = {written}, du = {times(2 * slope, 'x')} dx; u goes from {start} to {end}.",
        f"F = {times(coefficient, f'u^{{{degree}}}')}",
        f"{number(coefficient)} \\cdot ({end**degree}-{shown_start}) = {answer}",
    ]
    shown = f"{times(factor, 'x')}({written})^{{{exponent}}}"
    source = f"{factor}*x*({terms.source(inner)})**{exponent}"
    question = asked(rng, DEFINITE, f=shown, b=upper)
    program = f"x = symbols('x')\nanswer = integrate({source}, (x, 0, {upper}))"
    key = f"{source} to {upper}"
    return Problem("definite/substitution", key, question, "\n".join(lines), answer, program)


def mean_value(rng: random.Random) -> Problem:
    function = [term.times(term.power + 1) for term in random_polynomial(rng, 2, 4)]
    lower = rng.randint(-2, 2)
    upper = lower + rng.randint(2, 4)
    antiderivative = terms.antiderivative(function)
    values = [terms.value(antiderivative, bound) for bound in (upper, lower)]
    whole, width = values[0] - values[1], upper - lower
    answer = number(whole / width)
    lines = [
        "The mean is the integral divided by the length of the interval.",
        f"F(x) = {terms.latex(antiderivative)}",
        f"F({upper}) = {number(values[0])}, F({lower}) = {number(values[1])}",
        f"The integral is {number(whole)}, the length is {width}.",
        f"\\frac{{{number(whole)}}}{{{width}}} = {answer}",
    ]
    source = terms.source(function)
    question = asked(rng, MEAN_VALUE, f=terms.latex(function), a=lower, b=upper)
    program = f"x = symbols('x')\nanswer = integrate({source}, (x, {lower}, {upper})) / {width}"
    key = f"{source} from {lower} to {upper}"
    return Problem("definite/mean_value", key, question, "\n".join(lines), answer, program)


def enclosed_area(rng: random.Random) -> Problem:
    """Between a parabola and a line that meet at whole numbers: k (s - r)^3 / 6."""
    r, s = sorted(rng.sample(range(-4, 6), 2))
    k, slope, constant = rng.randint(1, 3), rng.randint(-5, 5), rng.randint(-6, 6)
    line = [Term(slope, 1)] if slope else []
    line += [Term(constant)] if constant else []
    parabola = terms.polynomial(k, slope - k * (r + s), constant + k * r * s)
    shown_line = terms.latex(line)
    answer = number(Fraction(k * (s - r) ** 3, 6))
    gap = terms.polynomial(k, -k * (r + s), k * r * s)
    lines = [
        f"The difference is {terms.latex(gap)}.",
        f"It is zero at x = {r} and x = {s}.",
        f"F(x) = {terms.latex(terms.antiderivative(gap))}",
        *(f"F({x}) = {number(terms.value(terms.antiderivative(gap), x))}" for x in (r, s)),
        f"F({s})-F({r}) = {number(-Fraction(k * (s - r) ** 3, 6))}, the area is {answer}.",
    ]
    curve, straight = terms.source(parabola), terms.source(line)
    question = asked(rng, AREA, f=terms.latex(parabola), g=shown_line)
    program = (
        f"x = symbols('x')\ngap = {straight} - ({curve})\n"
        "left, right = sorted(solve(gap, x))\nanswer = integrate(gap, (x, left, right))"
    )
    return Problem("definite/area", f"{curve} and {straight}", question, "\n".join(lines), answer, program)


def telescoping_sum(rng: random.Random) -> Problem:
    """1/((k + a)(k + a + 1)) = 1/(k + a) - 1/(k + a + 1)."""
    shift, first, count = rng.randint(0, 6), rng.randint(1, 5), rng.randint(3, 60)
    last = first + count
    low, high = first + shift, last + shift + 1
    left = f"(k+{shift})" if shift else "k"
    both = f"{left}(k+{shift + 1})"
    answer = number(Fraction(1, low) - Fraction(1, high))
    lines = [
        f"\\frac{{1}}{{{both}}} = \\frac{{1}}{{{left.strip('()')}}}-\\frac{{1}}{{k+{shift + 1}}}",
        "The sum telescopes: only the first and the last term are left.",
        f"\\frac{{1}}{{{low}}}-\\frac{{1}}{{{high}}} = {answer}",
    ]
    question = asked(rng, TELESCOPE, f=both, a=first, b=last)
    program = (
        f"answer = sum(Rational(1, (k + {shift})*(k + {shift + 1})) for k in range({first}, {last} + 1))"
    )
    return Problem(
        "series/telescoping", f"{shift} from {first} to {last}", question, "\n".join(lines), answer, program
    )


UNSEEN = (conjugate_limit, cosine_limit, inner_derivative, mean_value, enclosed_area, telescoping_sum)
