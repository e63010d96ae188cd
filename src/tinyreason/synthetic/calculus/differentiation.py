"""Derivatives by the rules for powers, sums, products and quotients."""

import random
from collections.abc import Iterable
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.terms import Sum, Term, polynomial
from tinyreason.synthetic.notation import asked, code, nonzero, number, over, power, times, total
from tinyreason.synthetic.problem import Problem

DERIVATIVE = (
    "Differentiate $f(x) = <f>$.",
    "Find the derivative of $f(x) = <f>$.",
    "What is $f'(x)$ for $f(x) = <f>$?",
    "Compute $\\frac{d}{dx}\\left(<f>\\right)$.",
    "Let $y = <f>$. Find $\\frac{dy}{dx}$.",
)
POWER_RULE = "Power rule: (x^{n})' = nx^{n-1}."
PRODUCT_RULE = "Product rule: (uv)' = u'v + uv'."
QUOTIENT_RULE = "Quotient rule: (\\frac{u}{v})' = \\frac{u'v - uv'}{v^{2}}."
TRIGONOMETRIC_RULE = "(\\sin(ax))' = a\\cos(ax) and (\\cos(ax))' = -a\\sin(ax)."
EXPONENTIAL_RULE = "(e^{ax})' = ae^{ax}."


def derivative_problem(
    rng: random.Random, template: str, function: str, source: str, lines: list[str], answer: str
) -> Problem:
    """`function` is its LaTeX and `source` its sympy code."""
    question = asked(rng, DERIVATIVE, f=function)
    program = f"x = symbols('x')\nanswer = diff({source}, x)"
    return Problem(f"derivative/{template}", source, question, "\n".join(lines), answer, program)


def by_terms(function: Sum) -> list[str]:
    """(3x^{4})' = 12x^{3}, a line for every term."""
    return [f"({term.latex})' = {terms.latex(terms.derivative([term]))}" for term in function]


def _sum_problem(rng: random.Random, template: str, rule: str, function: list[Term]) -> Problem:
    """The derivative of a sum, term by term; `rule` says what a term needs."""
    answer = terms.latex(terms.derivative(function))
    lines = [rule, *by_terms(function)]
    lines += [f"The sum: {answer}"] if len(function) > 1 else []
    return derivative_problem(rng, template, terms.latex(function), terms.source(function), lines, answer)


def monomial(rng: random.Random) -> Problem:
    coefficient = Fraction(nonzero(rng, 15), rng.choice((1, 1, 1, 2, 3, 4, 5)))
    function = Term(coefficient, rng.randint(2, 12))
    answer = terms.latex(terms.derivative([function]))
    factor, exponent = function.coefficient, function.power
    work = f"{number(factor)} \\cdot {exponent} = {number(factor * exponent)}"
    lines = [POWER_RULE, work, f"({function.latex})' = {answer}"]
    return derivative_problem(rng, "power", function.latex, function.code, lines, answer)


def random_polynomial(rng: random.Random, degree: int, largest: int = 9) -> list[Term]:
    """Of this degree, with some of the lower powers left out and at least two terms."""
    while True:
        lower = [nonzero(rng, largest) if rng.random() < 0.7 else 0 for _ in range(degree)]
        if any(lower):
            return polynomial(nonzero(rng, largest), *lower)


def sum_of_powers(rng: random.Random) -> Problem:
    return _sum_problem(rng, "polynomial", POWER_RULE, random_polynomial(rng, rng.randint(2, 5)))


def negative_power(rng: random.Random) -> Problem:
    function = [Term(nonzero(rng, 9), -rng.randint(1, 5))]
    if rng.random() < 0.8:
        function.insert(0, Term(nonzero(rng, 9), rng.randint(1, 4)))
    rule = "Power rule with \\frac{1}{x^{n}} = x^{-n}: (x^{-n})' = -nx^{-n-1}."
    return _sum_problem(rng, "negative_power", rule, function)


def root(rng: random.Random) -> Problem:
    function = [Term(2 * nonzero(rng, 6), Fraction(rng.choice((1, 1, 3, -1)), 2))]
    if rng.random() < 0.8:
        function.insert(0, Term(nonzero(rng, 9), rng.randint(1, 4)))
    rule = "Power rule with \\sqrt{x} = x^{\\frac{1}{2}}."
    return _sum_problem(rng, "root", rule, function)


def trigonometric(rng: random.Random) -> Problem:
    first, second = rng.sample(("sin", "cos"), 2)
    function = [Term(nonzero(rng, 9), trig=first, frequency=rng.randint(1, 6))]
    rest = (
        Term(nonzero(rng, 9), trig=second, frequency=rng.randint(1, 6)),
        Term(nonzero(rng, 9), rng.randint(1, 4)),
    )
    function.append(rng.choice(rest))
    return _sum_problem(rng, "trigonometric", TRIGONOMETRIC_RULE, function)


def exponential(rng: random.Random) -> Problem:
    function = [Term(nonzero(rng, 9), rate=nonzero(rng, 6)), Term(nonzero(rng, 9), rng.randint(1, 4))]
    rng.shuffle(function)
    return _sum_problem(rng, "exponential", EXPONENTIAL_RULE, function)


def logarithm(rng: random.Random) -> Problem:
    function = [Term(nonzero(rng, 12), logs=1), Term(nonzero(rng, 9), rng.randint(1, 4))]
    rng.shuffle(function)
    return _sum_problem(rng, "logarithm", "(\\ln(x))' = \\frac{1}{x}.", function)


def simple_factor(rng: random.Random) -> Term:
    kind = rng.randrange(4)
    if kind == 0:
        return Term(1, logs=1)
    if kind == 1:
        return Term(1, rate=nonzero(rng, 6))
    return Term(1, trig="sin" if kind == 2 else "cos", frequency=rng.randint(1, 7))


def product(rng: random.Random) -> Problem:
    left, right = Term(nonzero(rng, 6), rng.randint(1, 5)), simple_factor(rng)
    whole = Term(left.coefficient, left.power, right.rate, right.logs, right.trig, right.frequency)
    answer = terms.latex(terms.derivative([whole]))
    lines = [
        PRODUCT_RULE,
        f"u = {left.latex}, u' = {terms.latex(terms.derivative([left]))}",
        f"v = {right.latex}, v' = {terms.latex(terms.derivative([right]))}",
        f"u'v + uv' = {answer}",
    ]
    return derivative_problem(rng, "product", whole.latex, whole.code, lines, answer)


def product_of_polynomials(rng: random.Random) -> Problem:
    left = polynomial(nonzero(rng, 5), nonzero(rng, 9))
    right = [Term(nonzero(rng, 5), rng.randint(1, 3)), Term(nonzero(rng, 9))]
    left_slope, right_slope = terms.derivative(left), terms.derivative(right)
    first, second = multiplied(left_slope, right), multiplied(left, right_slope)
    answer = terms.latex(_descending([*first, *second]))
    lines = [
        PRODUCT_RULE,
        f"u = {terms.latex(left)}, u' = {terms.latex(left_slope)}",
        f"v = {terms.latex(right)}, v' = {terms.latex(right_slope)}",
        f"u'v = {terms.latex(first)}",
        f"uv' = {terms.latex(second)}",
        f"The sum: {answer}",
    ]
    shown = f"({terms.latex(left)})({terms.latex(right)})"
    source = f"({terms.source(left)})*({terms.source(right)})"
    return derivative_problem(rng, "product_of_polynomials", shown, source, lines, answer)


def multiplied(left: Sum, right: Sum) -> list[Term]:
    """The product of two polynomials, expanded."""
    return _descending(
        Term(first.coefficient * second.coefficient, first.power + second.power)
        for first in left
        for second in right
    )


def _descending(parts: Iterable[Term]) -> list[Term]:
    return sorted(terms.collected(parts), key=lambda term: -term.power)


def linear_quotient(rng: random.Random) -> Problem:
    while True:
        a, b, c, d = nonzero(rng, 7), nonzero(rng, 9), rng.randint(1, 7), nonzero(rng, 9)
        if a * d != b * c and gcd(c, d) == 1:
            break
    upper, lower = polynomial(a, b), polynomial(c, d)
    denominator = f"({terms.latex(lower)})^{{2}}"
    answer = over(a * d - b * c, "", denominator)
    lines = [
        QUOTIENT_RULE,
        f"u = {terms.latex(upper)}, u' = {a}",
        f"v = {terms.latex(lower)}, v' = {c}",
        f"u'v = {terms.latex(multiplied([Term(a)], lower))}",
        f"uv' = {terms.latex(multiplied(upper, [Term(c)]))}",
        f"u'v - uv' = {a * d - b * c}",
        f"The derivative: {answer}",
    ]
    shown = f"\\frac{{{terms.latex(upper)}}}{{{terms.latex(lower)}}}"
    source = f"({terms.source(upper)})/({terms.source(lower)})"
    return derivative_problem(rng, "quotient_linear", shown, source, lines, answer)


def power_quotient(rng: random.Random) -> Problem:
    """g(x)/x^n: one x cancels, which leaves x^{n+1} below."""
    upper, exponent = simple_factor(rng), rng.randint(1, 5)
    lower = power("x", exponent)
    slope = terms.derivative([upper])[0]
    raised = Term(slope.coefficient, slope.power + 1, slope.rate, slope.logs, slope.trig, slope.frequency)
    numerator = total(raised.latex, upper.times(-exponent).latex)
    answer = f"\\frac{{{numerator}}}{{x^{{{exponent + 1}}}}}"
    lines = [
        QUOTIENT_RULE,
        f"u = {upper.latex}, u' = {slope.latex}",
        f"v = {lower}, v' = {terms.latex(terms.derivative([Term(1, exponent)]))}",
    ]
    if exponent > 1:
        lines.append(f"v^{{2}} = x^{{{2 * exponent}}}; cancel {power('x', exponent - 1)}.")
    lines.append(f"The derivative: {answer}")
    shown = f"\\frac{{{upper.latex}}}{{{lower}}}"
    return derivative_problem(rng, "quotient", shown, f"{upper.code}/x**{exponent}", lines, answer)


def rational_function(rng: random.Random) -> Problem:
    """ax/(x^2 + b), whose numerator becomes a(b - x^2)."""
    a, b, c = nonzero(rng, 9), nonzero(rng, 12), rng.randint(1, 5)
    b, c = b // gcd(b, c), c // gcd(b, c)
    lower = polynomial(c, 0, b)
    numerator = terms.latex([Term(-a * c, 2), Term(a * b)])
    answer = f"\\frac{{{numerator}}}{{({terms.latex(lower)})^{{2}}}}"
    lines = [
        QUOTIENT_RULE,
        f"u = {times(a, 'x')}, u' = {a}",
        f"v = {terms.latex(lower)}, v' = {times(2 * c, 'x')}",
        f"u'v = {terms.latex([Term(a * c, 2), Term(a * b)])}",
        f"uv' = {times(2 * a * c, 'x^{2}')}",
        f"The derivative: {answer}",
    ]
    shown = f"\\frac{{{times(a, 'x')}}}{{{terms.latex(lower)}}}"
    source = f"{code(a)}*x/({terms.source(lower)})"
    return derivative_problem(rng, "quotient_quadratic", shown, source, lines, answer)


SEEN = (
    *(monomial, sum_of_powers, negative_power, root, trigonometric, exponential, logarithm),
    *(product, product_of_polynomials, linear_quotient, power_quotient, rational_function),
)
