"""Gradients of losses at small whole numbers."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.linear_algebra import whole_length_vector
from tinyreason.synthetic.ml_math.notation import (
    Vector,
    dot,
    dot_line,
    integer_matrix,
    integers,
    log_vector,
    matrix,
    matrix_code,
    posed,
    products,
    times_vector,
    transposed,
    vector_code,
)
from tinyreason.synthetic.notation import number, signed, vector
from tinyreason.synthetic.problem import Problem

LEAST_SQUARES = (
    "Let $L(w) = \\frac{1}{2}\\|Xw-y\\|^2$ with $X = <X>$, $y = <y>$. What is $\\nabla L$ at $w = <w>$?",
    "Find the gradient of $\\frac{1}{2}\\|Xw-y\\|^2$ at $w = <w>$ for $X = <X>$ and $y = <y>$.",
    "Linear regression: $X = <X>$, $y = <y>$, loss $\\frac{1}{2}\\|Xw-y\\|^2$. Give its gradient "
    "at $w = <w>$.",
)
SQUARED_LOSS = (
    "Let $L(w) = \\frac{1}{2}\\sum_{i=1}^{2} (x_i^T w-y_i)^2$, where the rows of $<X>$ are $x_1, x_2$ and "
    "$y = <y>$. What is the loss at $w = <w>$?",
    "The rows of $X = <X>$ are inputs, $y = <y>$ their targets. What is $\\frac{1}{2}\\|Xw-y\\|^2$ "
    "at $w = <w>$?",
    "Compute the loss $\\frac{1}{2}\\|Xw-y\\|^2$ for $X = <X>$, $y = <y>$ and $w = <w>$.",
)
RIDGE = (
    "Let $L(w) = \\frac{1}{2}\\|Xw-y\\|^2 + \\frac{<l>}{2}\\|w\\|^2$ with $X = <X>$, $y = <y>$. "
    "What is $\\nabla L$ at $w = <w>$?",
    "Ridge regression with $\\lambda = <l>$, $X = <X>$, $y = <y>$ has the loss "
    "$\\frac{1}{2}\\|Xw-y\\|^2 + \\frac{\\lambda}{2}\\|w\\|^2$. Give its gradient at $w = <w>$.",
    "Find the gradient of $\\frac{1}{2}\\|Xw-y\\|^2 + \\frac{<l>}{2}\\|w\\|^2$ at $w = <w>$ "
    "for $X = <X>$ and $y = <y>$.",
)
LOGISTIC = (
    "Logistic regression with the inputs $<X>$ (one a row) and the labels $<y>$ has the loss "
    "$L(w) = -\\sum_i [y_i \\ln(p_i) + (1-y_i)\\ln(1-p_i)]$, $p_i = \\sigma(x_i^T w)$. What is "
    "$\\nabla L(0)$?",
    "The rows of $X = <X>$ are inputs with the labels $y = <y>$. Give the gradient of the summed logistic "
    "loss (cross-entropy of $\\sigma(x_i^T w)$) at $w = 0$.",
    "What is the gradient at $w = 0$ of the cross-entropy of logistic regression, summed over the rows of "
    "$X = <X>$ with labels $y = <y>$?",
)
QUADRATIC = (
    "Let $f(x) = x^T A x$ with $A = <A>$. What is $\\nabla f$ at $x = <x>$?",
    "Find the gradient of $x^T A x$ at $x = <x>$ for $A = <A>$.",
    "Compute $\\nabla_x (x^T A x)$ at $x = <x>$, where $A = <A>$.",
)
QUADRATIC_MODEL = (
    "Let $f(x) = \\frac{1}{2}x^T A x - b^T x$ with $A = <A>$, $b = <b>$. What is $\\nabla f$ at $x = <x>$?",
    "Find the gradient of $\\frac{1}{2}x^T A x - b^T x$ at $x = <x>$ for $A = <A>$ and $b = <b>$.",
    "Give $\\nabla f$ at $<x>$ for $f(x) = \\frac{1}{2}x^T A x - b^T x$ with $A = <A>$ and $b = <b>$.",
)
SOFTMAX = (
    "The logits are $<z>$ and class <c> is right (classes count from 1). What is the gradient of the "
    "cross-entropy with respect to the logits?",
    "Softmax cross-entropy with logits $z = <z>$ and target class <c>, counted from 1: give $\\nabla_z L$.",
    "Find the gradient of $-\\ln(\\mathrm{softmax}(z)_c)$ at $z = <z>$ for $c = <c>$, counted from 1.",
)
NORM = (
    "Find the gradient of $\\|x\\|$ at $x = <x>$.",
    "What is $\\nabla f$ at $x = <x>$ for the Euclidean norm $f(x) = \\|x\\|_2$?",
    "Let $f(x) = \\|x\\|_2$. Compute $\\nabla f$ at $<x>$.",
)


def _residuals(x: list[list[int]], w: Vector, y: Vector) -> tuple[list[int], list[str]]:
    """Xw - y with its lines."""
    values = [dot(row, w) - target for row, target in zip(x, y, strict=True)]
    lines = [
        f"Residual {place}: {products(row, w)}-{signed(target)} = {value}"
        for place, (row, target, value) in enumerate(zip(x, y, values, strict=True), start=1)
    ]
    return values, lines


def _regression(rng: random.Random) -> tuple[list[list[int]], list[int], list[int]]:
    rows = rng.choice((2, 2, 3))
    return integer_matrix(rng, rows, 2, 3), integers(rng, 2, 3), integers(rng, rows, 5)


def _gradient_program(loss: str, x: list[list[int]], y: Vector, w: Vector) -> str:
    return (
        f"w1, w2 = symbols('w1 w2')\nw = Matrix([w1, w2])\nr = {matrix_code(x)}*w - {vector_code(y)}\n"
        f"L = {loss}\nanswer = tuple(diff(L, v).subs({{w1: {w[0]}, w2: {w[1]}}}) for v in (w1, w2))"
    )


def least_squares(rng: random.Random) -> Problem:
    x, w, y = _regression(rng)
    residuals, lines = _residuals(x, w, y)
    columns = transposed(x)
    lines.insert(0, "The gradient is X^T(Xw-y).")
    lines += [f"Entry {i}: {dot_line(column, residuals)}" for i, column in enumerate(columns, start=1)]
    program = _gradient_program("r.dot(r)/2", x, y, w)
    values = {"X": matrix(x), "y": vector(y), "w": vector(w)}
    answer = vector(times_vector(columns, residuals))
    return posed(rng, "gradient/least_squares", LEAST_SQUARES, lines, answer, program, **values)


def squared_loss(rng: random.Random) -> Problem:
    x, w, y = integer_matrix(rng, 2, 2, 4), integers(rng, 2, 4), integers(rng, 2, 6)
    residuals, lines = _residuals(x, w, y)
    squares = [value * value for value in residuals]
    answer = number(Fraction(sum(squares), 2))
    lines.append(f"({squares[0]}+{squares[1]})/2 = {answer}")
    program = f"r = {matrix_code(x)}*{vector_code(w)} - {vector_code(y)}\nanswer = r.dot(r)/2"
    values = {"X": matrix(x), "y": vector(y), "w": vector(w)}
    return posed(rng, "loss/squared", SQUARED_LOSS, lines, answer, program, **values)


def ridge(rng: random.Random) -> Problem:
    x, w, y = _regression(rng)
    strength = rng.randint(2, 9)
    residuals, lines = _residuals(x, w, y)
    columns = transposed(x)
    lines.insert(0, "The gradient is X^T(Xw-y) + \\lambda w.")
    answer = [dot(column, residuals) + strength * part for column, part in zip(columns, w, strict=True)]
    lines += [
        f"Entry {i}: {products([*column, strength], [*residuals, w[i - 1]])} = {answer[i - 1]}"
        for i, column in enumerate(columns, start=1)
    ]
    program = _gradient_program(f"r.dot(r)/2 + Rational({strength}, 2)*w.dot(w)", x, y, w)
    values = {"X": matrix(x), "y": vector(y), "w": vector(w), "l": strength}
    return posed(rng, "gradient/ridge", RIDGE, lines, vector(answer), program, **values)


def logistic_at_zero(rng: random.Random) -> Problem:
    rows = rng.choice((2, 3))
    x, labels = integer_matrix(rng, rows, 2, 5), [rng.randint(0, 1) for _ in range(rows)]
    gaps = [Fraction(1, 2) - label for label in labels]
    columns = transposed(x)
    answer = times_vector(columns, gaps)
    lines = ["The gradient is \\sum_i (p_i-y_i)x_i, and at w = 0 every p_i is \\frac{1}{2}."]
    lines.append(f"p-y: {vector(gaps)}")
    lines += [f"Entry {i}: {dot_line(column, gaps)}" for i, column in enumerate(columns, start=1)]
    program = (
        f"w = symbols('w1 w2')\nz = {matrix_code(x)}*Matrix(w)\ny = {labels}\n"
        "L = sum(log(1 + exp(z[i])) - y[i]*z[i] for i in range(len(y)))\n"
        "answer = tuple(diff(L, v).subs({w[0]: 0, w[1]: 0}) for v in w)"
    )
    values = {"X": matrix(x), "y": vector(labels)}
    return posed(rng, "gradient/logistic", LOGISTIC, lines, vector(answer), program, **values)


def _point_program(function: str, x: Vector) -> str:
    return (
        f"a, b = symbols('a b')\nx = Matrix([a, b])\nf = {function}\n"
        f"answer = tuple(diff(f, v).subs({{a: {x[0]}, b: {x[1]}}}) for v in (a, b))"
    )


def quadratic_form(rng: random.Random) -> Problem:
    a, x = integer_matrix(rng, 2, 2, 5), integers(rng, 2, 5)
    both = [[a[i][j] + a[j][i] for j in range(2)] for i in range(2)]
    lines = [f"The gradient is (A+A^T)x with A+A^T = {matrix(both)}."]
    lines += [f"Entry {i}: {dot_line(row, x)}" for i, row in enumerate(both, start=1)]
    program = _point_program(f"(x.T*{matrix_code(a)}*x)[0]", x)
    answer = vector(times_vector(both, x))
    return posed(rng, "gradient/quadratic", QUADRATIC, lines, answer, program, A=matrix(a), x=vector(x))


def quadratic_model(rng: random.Random) -> Problem:
    (p, q, s), b, x = integers(rng, 3, 5), integers(rng, 2, 6), integers(rng, 2, 4)
    a = [[p, q], [q, s]]
    lines = ["A is symmetric, so the gradient is Ax-b."]
    answer = [dot(row, x) - part for row, part in zip(a, b, strict=True)]
    lines += [
        f"Entry {i}: {products(row, x)}-{signed(b[i - 1])} = {answer[i - 1]}"
        for i, row in enumerate(a, start=1)
    ]
    program = _point_program(f"(x.T*{matrix_code(a)}*x)[0]/2 - {vector_code(b)}.dot(x)", x)
    values = {"A": matrix(a), "b": vector(b), "x": vector(x)}
    return posed(rng, "gradient/quadratic_model", QUADRATIC_MODEL, lines, vector(answer), program, **values)


def softmax_cross_entropy(rng: random.Random) -> Problem:
    weights = [rng.randint(1, 9) for _ in range(3)]
    target = rng.randint(1, 3)
    whole = sum(weights)
    probabilities = [Fraction(weight, whole) for weight in weights]
    answer = [p - (place == target) for place, p in enumerate(probabilities, start=1)]
    lines = [
        "The gradient is p-y with p = softmax(z) and the one-hot y.",
        f"e^z: {vector(weights)}, sum {whole}",
        f"p = {vector(probabilities)}",
        f"Entry {target}: {number(probabilities[target - 1])}-1 = {number(answer[target - 1])}",
    ]
    program = (
        "z = symbols('z1:4')\nL = log(sum(exp(v) for v in z)) - "
        f"z[{target - 1}]\nat = dict(zip(z, [log(n) for n in {weights}]))\n"
        "answer = tuple(simplify(diff(L, v).subs(at)) for v in z)"
    )
    return posed(
        rng, "gradient/softmax", SOFTMAX, lines, vector(answer), program, z=log_vector(weights), c=target
    )


def norm(rng: random.Random) -> Problem:
    x, length = whole_length_vector(rng)
    answer = vector([Fraction(value, length) for value in x])
    lines = [f"The gradient is x/\\|x\\|, and \\|x\\| = {length}.", answer]
    names = "abc"[: len(x)]
    program = (
        f"x = symbols('{' '.join(names)}')\nat = dict(zip(x, {x}))\n"
        "answer = tuple(diff(sqrt(sum(v**2 for v in x)), v).subs(at) for v in x)"
    )
    return posed(rng, "gradient/norm", NORM, lines, answer, program, x=vector(x))


SEEN = (
    *(least_squares, squared_loss, ridge, logistic_at_zero, quadratic_form, quadratic_model),
    *(softmax_cross_entropy, norm),
)
