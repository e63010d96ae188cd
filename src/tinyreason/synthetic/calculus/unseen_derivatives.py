"""Templates of calculus that are never trained on, about derivatives: known rules in another structure."""

import random
from fractions import Fraction

from tinyreason.synthetic.calculus import terms
from tinyreason.synthetic.calculus.chains import chain_lines
from tinyreason.synthetic.calculus.differentiation import derivative_problem, random_polynomial
from tinyreason.synthetic.calculus.points import evaluation
from tinyreason.synthetic.calculus.terms import Term
from tinyreason.synthetic.notation import asked, nonzero, number, power, signed, times, total
from tinyreason.synthetic.problem import Problem

TANGENT = (
    "Find the tangent line to $y = <f>$ at $x = <a>$. Give the right side of $y = mx + c$.",
    "The tangent to $y = <f>$ at $x = <a>$ is the graph of a linear function. Which one? Answer in $x$.",
    "Write the tangent to the curve $y = <f>$ at $x = <a>$ as $y = mx + c$. What is $mx + c$?",
)
PARTIAL = (
    "Let $f(x, y) = <f>$. What is $\\frac{\\partial f}{\\partial <v>}$ at $(<a>, <b>)$?",
    "Find the partial derivative of $f(x, y) = <f>$ with respect to $<v>$ at the point $(<a>, <b>)$.",
    "Evaluate $f_<v>(<a>, <b>)$ for $f(x, y) = <f>$, where $f_<v>$ is a partial derivative.",
)
IMPLICIT = (
    "The point $(<a>, <b>)$ lies on the curve $<f> = <c>$. Find $\\frac{dy}{dx}$ there.",
    "What is the slope of the curve $<f> = <c>$ at the point $(<a>, <b>)$?",
    "Use implicit differentiation to find $y'$ at $(<a>, <b>)$ on the curve $<f> = <c>$.",
)
THIRD = (
    "Find the third derivative of $f(x) = <f>$.",
    "What is $f'''(x)$ for $f(x) = <f>$?",
    "Differentiate $f(x) = <f>$ three times.",
)


def three_factors(rng: random.Random) -> Problem:
    exponent, rate, frequency = rng.randint(1, 3), nonzero(rng, 4), rng.randint(1, 5)
    function = Term(nonzero(rng, 3), exponent, rate, 0, rng.choice(("sin", "cos")), frequency)
    first, second, third = terms.derivative([function])
    answer = terms.latex([first, second, third])
    lines = [
        "Product rule for three factors: (uvw)' = u'vw + uv'w + uvw'.",
        f"u'vw = {first.latex}",
        f"uv'w = {second.latex}",
        f"uvw' = {third.latex}",
        f"The sum: {answer}",
    ]
    return derivative_problem(rng, "three_factors", function.latex, function.code, lines, answer)


def nested(rng: random.Random) -> Problem:
    """e^{sin}, e^{cos}, sin(e^..), the logarithm of 1 + e^.. or the root of a sum with a sine."""
    frequency, factor, shape = rng.randint(1, 9), nonzero(rng, 5), rng.randrange(4)
    argument = times(frequency, "x")
    if shape < 2:
        name, other, sign = (("sin", "cos", 1), ("cos", "sin", -1))[shape]
        inner, slope = f"\\{name}({argument})", times(sign * frequency, f"\\{other}({argument})")
        outer, outer_slope = (times(factor, "e^{u}"),) * 2
        shown, source = times(factor, f"e^{{{inner}}}"), f"{factor}*exp({name}({frequency}*x))"
        answer = times(sign * frequency * factor, f"\\{other}({argument})e^{{{inner}}}")
    elif shape == 2:
        inner, slope = f"e^{{{argument}}}", times(frequency, f"e^{{{argument}}}")
        outer, outer_slope = times(factor, "\\sin(u)"), times(factor, "\\cos(u)")
        shown, source = times(factor, f"\\sin({inner})"), f"{factor}*sin(exp({frequency}*x))"
        answer = times(factor * frequency, f"e^{{{argument}}}\\cos({inner})")
    else:
        constant = rng.randint(1, 6)
        inner, slope = f"{constant}+e^{{{argument}}}", times(frequency, f"e^{{{argument}}}")
        outer, outer_slope = "\\ln(u)", "\\frac{1}{u}"
        shown, source = f"\\ln({inner})", f"log({constant} + exp({frequency}*x))"
        answer = f"\\frac{{{slope}}}{{{inner}}}"
    lines = chain_lines(inner, slope, outer, outer_slope, answer)
    return derivative_problem(rng, "chain_nested", shown, source, lines, answer)


def third_derivative(rng: random.Random) -> Problem:
    function = random_polynomial(rng, rng.randint(4, 6))
    lines, slope = [], function
    for order in (1, 2, 3):
        slope = terms.derivative(slope)
        lines.append(f"f{order * chr(39)}(x) = {terms.latex(slope)}")
    source, answer = terms.source(function), terms.latex(slope)
    question, program = (
        asked(rng, THIRD, f=terms.latex(function)),
        f"x = symbols('x')\nanswer = diff({source}, x, 3)",
    )
    return Problem("third/polynomial", source, question, "\n".join(lines), answer, program)


def tangent_line(rng: random.Random) -> Problem:
    while True:
        function, point = random_polynomial(rng, rng.randint(2, 3), 6), rng.randint(-2, 3)
        slope = terms.derivative(function)
        if terms.value(slope, point):
            break
    height, steepness = (int(terms.value(part, point)) for part in (function, slope))
    rest = height - steepness * point
    answer = total(times(steepness, "x"), str(rest))
    lines = [
        f"y' = {terms.latex(slope)}",
        f"The slope. {evaluation(slope, point)}",
        f"The point. {evaluation(function, point)}",
        f"c = y-mx: {height}-{signed(steepness)} \\cdot {signed(point)} = {rest}",
        f"y = {answer}",
    ]
    source = terms.source(function)
    question = asked(rng, TANGENT, f=terms.latex(function), a=point)
    program = f"x = symbols('x')\nf = {source}\nanswer = series(f, x, {point}, 2).removeO()"
    return Problem("tangent/line", f"{source} at {point}", question, "\n".join(lines), answer, program)


def partial_derivative(rng: random.Random) -> Problem:
    """ax^m y^n + bx^p + cy^q by x or by y at a whole point."""
    a, b, c = (nonzero(rng, 6) for _ in range(3))
    m, n, p, q = (rng.randint(1, 3) for _ in range(4))
    x, y, by_x = nonzero(rng, 3), nonzero(rng, 3), rng.random() < 0.5
    shown = total(times(a, power("x", m) + power("y", n)), times(b, power("x", p)), times(c, power("y", q)))
    if by_x:
        slope = (times(a * m, power("x", m - 1) + power("y", n)), times(b * p, power("x", p - 1)))
        values = (a * m * x ** (m - 1) * y**n, b * p * x ** (p - 1))
    else:
        slope = (times(a * n, power("x", m) + power("y", n - 1)), times(c * q, power("y", q - 1)))
        values = (a * n * x**m * y ** (n - 1), c * q * y ** (q - 1))
    variable, fixed = "xy" if by_x else "yx"
    answer = str(sum(values))
    lines = [
        f"Differentiate with respect to {variable}; {fixed} is a constant: {total(*slope)}",
        f"At ({x}, {y}): {total(*map(str, values))} = {answer}",
    ]
    source = f"{a}*x**{m}*y**{n} + ({b})*x**{p} + ({c})*y**{q}"
    question = asked(rng, PARTIAL, f=shown, v=variable, a=x, b=y)
    program = f"x, y = symbols('x y')\nanswer = diff({source}, {variable}).subs({{x: {x}, y: {y}}})"
    key = f"d{variable} {source} at {x} {y}"
    return Problem("partial/polynomial", key, question, "\n".join(lines), answer, program)


def implicit_slope(rng: random.Random) -> Problem:
    """ax^2 + bxy + cy^2 = d through a whole point."""
    while True:
        a, b, c = rng.randint(1, 4), rng.randint(-4, 4), rng.randint(1, 4)
        x, y = nonzero(rng, 5), nonzero(rng, 5)
        if b * x + 2 * c * y:
            break
    first, second = (times(b, "xy"), times(b, "xm")) if b else ("", "")
    shown = total(times(a, "x^{2}"), first, times(c, "y^{2}"))
    constant, factor = 2 * a * x + b * y, b * x + 2 * c * y
    answer, level = number(Fraction(-constant, factor)), a * x * x + b * x * y + c * y * y
    slope = total(times(2 * a, "x"), times(b, "y") if b else "", second, times(2 * c, "ym"))
    lines = [
        "Differentiate both sides, m stands for y':",
        f"{slope} = 0",
        f"At ({x}, {y}): {total(str(constant), times(factor, 'm'))} = 0",
        f"m = {answer}",
    ]
    source = f"{a}*x**2 + ({b})*x*y + {c}*y**2 - ({level})"
    question = asked(rng, IMPLICIT, f=shown, a=x, b=y, c=level)
    program = f"x, y = symbols('x y')\nanswer = idiff({source}, y, x).subs({{x: {x}, y: {y}}})"
    return Problem("implicit/slope", f"{source} at {x} {y}", question, "\n".join(lines), answer, program)


UNSEEN = (three_factors, nested, third_derivative, tangent_line, partial_derivative, implicit_slope)
