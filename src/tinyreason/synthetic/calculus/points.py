"""What derivatives tell at points: second derivatives, values, slopes, extrema and inflection points."""

import random
from fractions import Fraction

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.differentiation import (
    EXPONENTIAL_RULE,
    POWER_RULE,
    PRODUCT_RULE,
    TRIGONOMETRIC_RULE,
    random_polynomial,
    simple_factor,
)
from tinyreason.synthetic.calculus.terms import Sum, Term, polynomial
from tinyreason.synthetic.notation import asked, nonzero, number, times, total, vector
from tinyreason.synthetic.problem import Problem

SECOND = (
    "Find the second derivative of $f(x) = <f>$.",
    "What is $f''(x)$ for $f(x) = <f>$?",
    "Differentiate $f(x) = <f>$ twice.",
    "Compute $\\frac{d^{2}}{dx^{2}}\\left(<f>\\right)$.",
)
VALUE = (
    "Let $f(x) = <f>$. What is $f'(<a>)$?",
    "Find $f'(<a>)$ for $f(x) = <f>$.",
    "Evaluate the derivative of $f(x) = <f>$ at $x = <a>$.",
)
SECOND_VALUE = (
    "Let $f(x) = <f>$. What is $f''(<a>)$?",
    "Find $f''(<a>)$ for $f(x) = <f>$.",
    "Evaluate the second derivative of $f(x) = <f>$ at $x = <a>$.",
)
SLOPE = (
    "What is the slope of the tangent to $y = <f>$ at $x = <a>$?",
    "Find the slope of the tangent line to the graph of $y = <f>$ at $x = <a>$.",
    "How steep is the curve $y = <f>$ at $x = <a>$? Give the slope of its tangent.",
)
STATIONARY = (
    "At which $x$ does $f(x) = <f>$ have a horizontal tangent?",
    "Find the critical point $x$ of $f(x) = <f>$.",
    "For which $x$ is the derivative of $f(x) = <f>$ zero?",
)
EXTREME_VALUE = (
    "What is the <kind> value of $f(x) = <f>$?",
    "Find the <kind> of $f(x) = <f>$ over all real $x$.",
    "Which value is the <kind> of $f(x) = <f>$?",
)
STATIONARY_PAIR = (
    "Find both critical points of $f(x) = <f>$. Answer as $(x_1, x_2)$ with $x_1 < x_2$.",
    "At which two values $x_1 < x_2$ is $f'(x) = 0$ for $f(x) = <f>$? Answer as $(x_1, x_2)$.",
    "Where does $f(x) = <f>$ have horizontal tangents? Give $(x_1, x_2)$ with $x_1 < x_2$.",
)
LOCAL_EXTREMUM = (
    "At which $x$ does $f(x) = <f>$ have its local <kind>?",
    "Find the $x$ of the local <kind> of $f(x) = <f>$.",
    "Give the $x$-coordinate of the local <kind> of $f(x) = <f>$.",
)
INFLECTION = (
    "At which $x$ does $f(x) = <f>$ have its inflection point?",
    "Find the $x$-coordinate of the inflection point of $f(x) = <f>$.",
    "Where does the curvature of $f(x) = <f>$ change its sign? Give $x$.",
)


def _twice_differentiable(rng: random.Random) -> tuple[str, str, list[Term]]:
    """What kind of function it is, the rule that it needs, and the function."""
    if rng.random() < 0.4:
        return "polynomial", POWER_RULE, random_polynomial(rng, rng.randint(3, 5))
    factor, exponent = simple_factor(rng), rng.choice((0, 0, 1, 2, 3, 4))
    if factor.logs:
        exponent += 1
    function = Term(nonzero(rng, 6), exponent, factor.rate, factor.logs, factor.trig, factor.frequency)
    if exponent:
        return "product", PRODUCT_RULE, [function]
    return "simple", EXPONENTIAL_RULE if factor.rate else TRIGONOMETRIC_RULE, [function]


def second_derivative(rng: random.Random) -> Problem:
    kind, rule, function = _twice_differentiable(rng)
    first = terms.derivative(function)
    answer = terms.latex(terms.derivative(first))
    lines = [rule, f"First derivative: {terms.latex(first)}", f"Second derivative: {answer}"]
    source = terms.source(function)
    question = asked(rng, SECOND, f=terms.latex(function))
    program = f"x = symbols('x')\nanswer = diff({source}, x, 2)"
    return Problem(f"second/{kind}", source, question, "\n".join(lines), answer, program)


def evaluation(function: Sum, point: int) -> str:
    """The line that puts the point into a polynomial: At x = 2: 3 \\cdot 2^{2}-5 = 12-5 = 7."""
    values = total(*(number(terms.value([term], point)) for term in function))
    steps = (terms.value_written(function, point), values, number(terms.value(function, point)))
    return f"At x = {point}: {' = '.join(dict.fromkeys(steps))}"


def value_at_point(rng: random.Random) -> Problem:
    function, point = random_polynomial(rng, rng.randint(2, 4)), rng.randint(-3, 4)
    wordings, template, order = rng.choice(
        ((VALUE, "point/polynomial", 1), (SECOND_VALUE, "point/second", 2), (SLOPE, "point/slope", 1))
    )
    if order == 2 and function[0].power == 2:
        function.insert(0, Term(nonzero(rng, 5), 3))
    slope = terms.derivative(function)
    prime = "y'" if wordings is SLOPE else "f'(x)"
    lines = [POWER_RULE, f"{prime} = {terms.latex(slope)}"]
    if order == 2:
        slope = terms.derivative(slope)
        lines.append(f"f''(x) = {terms.latex(slope)}")
    lines.append(evaluation(slope, point))
    source = terms.source(function)
    question = asked(rng, wordings, f=terms.latex(function), a=point)
    program = f"x = symbols('x')\nanswer = diff({source}, x, {order}).subs(x, {point})"
    answer = number(terms.value(slope, point))
    return Problem(template, f"{source} at {point}", question, "\n".join(lines), answer, program)


def slope_of_root(rng: random.Random) -> Problem:
    """a sqrt(x) + b/x + cx at a square."""
    root, factor, slope = rng.randint(1, 6), nonzero(rng, 9), nonzero(rng, 9)
    point = root * root
    function = [Term(factor, Fraction(1, 2)), Term(slope, 1)]
    answer = number(Fraction(factor, 2 * root) + slope)
    lines = [
        "(\\sqrt{x})' = \\frac{1}{2\\sqrt{x}}.",
        f"y' = {terms.latex(terms.derivative(function))}",
        f"\\sqrt{{{point}}} = {root}",
        f"At x = {point}: {total(number(Fraction(factor, 2 * root)), number(slope))} = {answer}",
    ]
    source = terms.source(function)
    question = asked(rng, SLOPE, f=terms.latex(function), a=point)
    program = f"x = symbols('x')\nanswer = diff({source}, x).subs(x, {point})"
    return Problem("point/slope_root", f"{source} at {point}", question, "\n".join(lines), answer, program)


def _vertex(rng: random.Random) -> tuple[list[Term], Fraction]:
    a, b, c = nonzero(rng, 6), nonzero(rng, 12), rng.randint(-12, 12)
    return polynomial(a, b, c), Fraction(-b, 2 * a)


def _linear_zero(slope: Sum, vertex: Fraction) -> list[str]:
    """The lines that solve ax + b = 0."""
    factor, rest = slope
    return [
        f"f'(x) = {terms.latex(slope)} = 0",
        f"{times(factor.coefficient, 'x')} = {number(-rest.coefficient)}",
        f"x = {number(vertex)}",
    ]


def vertex_of_quadratic(rng: random.Random) -> Problem:
    function, vertex = _vertex(rng)
    lines, source = _linear_zero(terms.derivative(function), vertex), terms.source(function)
    question = asked(rng, STATIONARY, f=terms.latex(function))
    program = f"x = symbols('x')\nanswer = solve(diff({source}, x), x)[0]"
    return Problem("critical/quadratic", source, question, "\n".join(lines), number(vertex), program)


def extreme_value(rng: random.Random) -> Problem:
    """Of a quadratic whose vertex lies at a whole x."""
    a, vertex, height = nonzero(rng, 6), nonzero(rng, 7), rng.randint(-20, 20)
    function = polynomial(a, -2 * a * vertex, a * vertex * vertex + height)
    lines = _linear_zero(terms.derivative(function), Fraction(vertex))
    lines.append(evaluation(function, vertex))
    source, kind = terms.source(function), "minimum" if a > 0 else "maximum"
    question = asked(rng, EXTREME_VALUE, f=terms.latex(function), kind=kind)
    program = f"x = symbols('x')\nf = {source}\nanswer = f.subs(x, solve(diff(f, x), x)[0])"
    return Problem("critical/value", source, question, "\n".join(lines), str(height), program)


def _cubic(rng: random.Random) -> tuple[list[Term], int, int, Fraction]:
    """A cubic of whole coefficients, and r < s and k of its derivative k(x - r)(x - s)."""
    r, s = sorted(rng.sample(range(-6, 7), 2))
    k = Fraction(nonzero(rng, 2) * (3 if (r + s) % 2 == 0 else 6))
    constant = rng.randint(-9, 9)
    return polynomial(k / 3, -k * (r + s) / 2, k * r * s, constant), r, s, k


def _factored(k: Fraction, r: int, s: int) -> str:
    brackets = sorted((r, s), key=lambda zero: zero != 0)
    shown = "".join("x" if zero == 0 else f"({total('x', str(-zero))})" for zero in brackets)
    return times(k, shown)


def stationary_points(rng: random.Random) -> Problem:
    function, r, s, k = _cubic(rng)
    slope, source = terms.derivative(function), terms.source(function)
    lines = [f"f'(x) = {terms.latex(slope)}", f"= {_factored(k, r, s)}", f"Zero at x = {r} and x = {s}."]
    question = asked(rng, STATIONARY_PAIR, f=terms.latex(function))
    program = f"x = symbols('x')\nanswer = tuple(sorted(solve(diff({source}, x), x)))"
    return Problem("critical/cubic", source, question, "\n".join(lines), vector((r, s)), program)


def local_extremum(rng: random.Random) -> Problem:
    function, r, s, k = _cubic(rng)
    kind = rng.choice(("maximum", "minimum"))
    x = r if (k > 0) == (kind == "maximum") else s
    slope, source = terms.derivative(function), terms.source(function)
    bend = terms.derivative(slope)
    lines = [
        f"f'(x) = {terms.latex(slope)}",
        f"= {_factored(k, r, s)}, zero at x = {r} and x = {s}",
        f"f''(x) = {terms.latex(bend)}",
        *(f"f''({zero}) = {number(terms.value(bend, zero))}" for zero in (r, s)),
        f"f'' is {'negative' if kind == 'maximum' else 'positive'} at x = {x}, a {kind}.",
    ]
    question = asked(rng, LOCAL_EXTREMUM, f=terms.latex(function), kind=kind)
    comparison = "<" if kind == "maximum" else ">"
    program = (
        f"x = symbols('x')\nf = {source}\n"
        f"answer = next(p for p in solve(diff(f, x), x) if diff(f, x, 2).subs(x, p) {comparison} 0)"
    )
    return Problem("critical/local", f"{kind} {source}", question, "\n".join(lines), str(x), program)


def inflection(rng: random.Random) -> Problem:
    function = polynomial(nonzero(rng, 4), nonzero(rng, 12), rng.randint(-9, 9), rng.randint(-9, 9))
    slope, source = terms.derivative(function), terms.source(function)
    bend = terms.derivative(slope)
    x = Fraction(-bend[1].coefficient, bend[0].coefficient)
    lines = [
        f"f'(x) = {terms.latex(slope)}",
        f"f''(x) = {terms.latex(bend)} = 0",
        f"{times(bend[0].coefficient, 'x')} = {number(-bend[1].coefficient)}",
        f"x = {number(x)}",
    ]
    question = asked(rng, INFLECTION, f=terms.latex(function))
    program = f"x = symbols('x')\nanswer = solve(diff({source}, x, 2), x)[0]"
    return Problem("critical/inflection", source, question, "\n".join(lines), number(x), program)


SEEN = (
    *(second_derivative, value_at_point, slope_of_root, vertex_of_quadratic, extreme_value),
    *(stationary_points, local_extremum, inflection),
)
