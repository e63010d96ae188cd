"""Products, determinants, eigenvalues and norms of small matrices and vectors."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.notation import (
    dot,
    dot_line,
    integer_matrix,
    integers,
    matrix,
    matrix_code,
    matrix_product,
    posed,
    times_vector,
    transposed,
    vector_code,
)
from tinyreason.synthetic.notation import nonzero, number, signed, times, total, vector
from tinyreason.synthetic.problem import Problem

MATRIX_VECTOR = (
    "Let $A = <A>$ and $x = <x>$. Compute $Ax$ as a tuple.",
    "What is $Ax$ for $A = <A>$ and $x = <x>$? Answer as a tuple.",
    "A linear layer computes $Ax$ with $A = <A>$. What is its output for $x = <x>$, as a tuple?",
)
MATRIX_PRODUCT = (
    "Compute the matrix product $AB$ for $A = <A>$ and $B = <B>$.",
    "Let $A = <A>$ and $B = <B>$. What is $AB$?",
    "Multiply the matrices $<A>$ and $<B>$, in this order.",
)
ENTRY = (
    "Let $A = <A>$ and $B = <B>$. What is the entry of $AB$ in row <i> and column <j>?",
    "Find the entry in row <i>, column <j> of $AB$ for $A = <A>$ and $B = <B>$.",
    "Only the entry in row <i> and column <j> of the product $<A><B>$ is needed. What is it?",
)
TRACE = (
    "Let $A = <A>$ and $B = <B>$. What is the trace of $AB$?",
    "Compute $\\operatorname{tr}(AB)$ for $A = <A>$ and $B = <B>$.",
    "Find the trace of the matrix product $<A><B>$.",
)
DETERMINANT = (
    "Compute the determinant of $<A>$.",
    "What is $\\det(A)$ for $A = <A>$?",
    "Find the determinant of the matrix $A = <A>$.",
)
EIGENVALUES = (
    "Find the eigenvalues of $<A>$. Answer as a tuple, the smaller one first.",
    "What are the two eigenvalues of $A = <A>$? Give them as $(\\lambda_1, \\lambda_2)$, smaller first.",
    "Give the eigenvalues of the matrix $<A>$ as a tuple in increasing order.",
)
INVERSE = (
    "Find the inverse of $<A>$.",
    "What is $A^{-1}$ for $A = <A>$?",
    "Invert the matrix $A = <A>$.",
)
COSINE = (
    "What is the cosine similarity of $<u>$ and $<v>$?",
    "Two embeddings are $u = <u>$ and $v = <v>$. What is their cosine similarity?",
    "Find $\\cos(\\theta)$ for the angle $\\theta$ between $<u>$ and $<v>$.",
)
QUADRATIC_FORM = (
    "Let $A = <A>$ and $x = <x>$. Compute $x^T A x$.",
    "What is the value of $x^T A x$ for $A = <A>$ and $x = <x>$?",
    "Evaluate the quadratic form $x^T A x$ with $A = <A>$ at $x = <x>$.",
)
NORM = (
    "What is the Euclidean norm of $<u>$?",
    "Compute $\\|u\\|_2$ for $u = <u>$.",
    "Find the length of the vector $u = <u>$.",
)
DISTANCE = (
    "What is the squared Euclidean distance between $<u>$ and $<v>$?",
    "Compute $\\|u-v\\|^2$ for $u = <u>$ and $v = <v>$.",
    "Let $u = <u>$ and $v = <v>$. Find $\\|u-v\\|_2^2$.",
)
# vectors of whole length, up to signs and order
WHOLE_LENGTH = ((3, 4), (5, 12), (8, 15), (7, 24), (1, 2, 2), (2, 3, 6), (1, 4, 8), (2, 6, 9), (4, 4, 7))


def whole_length_vector(rng: random.Random, size: int | None = None) -> tuple[list[int], int]:
    """A vector and its length."""
    values = list(rng.choice([v for v in WHOLE_LENGTH if size in (None, len(v))]))
    length = round(sum(value * value for value in values) ** 0.5)
    rng.shuffle(values)
    factor = rng.choice((1, 1, 2, 3))
    return [factor * rng.choice((-1, 1)) * value for value in values], factor * length


def matrix_vector(rng: random.Random) -> Problem:
    rows = rng.choice((2, 2, 3))
    a, x = integer_matrix(rng, rows, rng.choice((2, 3)), 5), []
    x = integers(rng, len(a[0]), 5)
    lines = [f"Row {place}: {dot_line(row, x)}" for place, row in enumerate(a, start=1)]
    program = f"answer = tuple({matrix_code(a)} * {vector_code(x)})"
    answer = vector(times_vector(a, x))
    return posed(rng, "matrix/vector", MATRIX_VECTOR, lines, answer, program, A=matrix(a), x=vector(x))


def product(rng: random.Random) -> Problem:
    a, b = integer_matrix(rng, 2, 2, 5), integer_matrix(rng, 2, 2, 5)
    lines = [
        f"Row {i}, column {j}: {dot_line(row, column)}"
        for i, row in enumerate(a, start=1)
        for j, column in enumerate(transposed(b), start=1)
    ]
    program = f"answer = {matrix_code(a)} * {matrix_code(b)}"
    answer = matrix(matrix_product(a, b))
    return posed(rng, "matrix/product", MATRIX_PRODUCT, lines, answer, program, A=matrix(a), B=matrix(b))


def product_entry(rng: random.Random) -> Problem:
    size = rng.choice((2, 3))
    a, b = integer_matrix(rng, size, size, 6), integer_matrix(rng, size, size, 6)
    i, j = rng.randint(1, size), rng.randint(1, size)
    column = transposed(b)[j - 1]
    lines = [
        f"Row {i} of A: {vector(a[i - 1])}",
        f"Column {j} of B: {vector(column)}",
        dot_line(a[i - 1], column),
    ]
    program = f"answer = ({matrix_code(a)} * {matrix_code(b)})[{i - 1}, {j - 1}]"
    values = {"A": matrix(a), "B": matrix(b), "i": i, "j": j}
    return posed(rng, "matrix/entry", ENTRY, lines, dot(a[i - 1], column), program, **values)


def trace_of_product(rng: random.Random) -> Problem:
    a, b = integer_matrix(rng, 2, 2, 6), integer_matrix(rng, 2, 2, 6)
    columns = transposed(b)
    diagonal = [dot(row, column) for row, column in zip(a, columns, strict=True)]
    lines = ["Only the diagonal of AB is needed."]
    lines += [f"Entry {i}: {dot_line(a[i - 1], columns[i - 1])}" for i in (1, 2)]
    lines.append(f"{diagonal[0]}+{signed(diagonal[1])} = {sum(diagonal)}")
    program = f"answer = ({matrix_code(a)} * {matrix_code(b)}).trace()"
    return posed(rng, "matrix/trace", TRACE, lines, sum(diagonal), program, A=matrix(a), B=matrix(b))


def _determinant(a: list[list[int]]) -> int:
    return a[0][0] * a[1][1] - a[0][1] * a[1][0]


def _determinant_line(a: list[list[int]]) -> str:
    (p, q), (r, s) = a
    return f"{p} \\cdot {signed(s)}-{signed(q)} \\cdot {signed(r)} = {_determinant(a)}"


def determinant(rng: random.Random) -> Problem:
    a = integer_matrix(rng, 2, 2, 9)
    lines = ["The determinant is ad-bc.", _determinant_line(a)]
    program = f"answer = {matrix_code(a)}.det()"
    return posed(rng, "determinant/two", DETERMINANT, lines, _determinant(a), program, A=matrix(a))


def determinant_of_three(rng: random.Random) -> Problem:
    a = integer_matrix(rng, 3, 3, 4)
    lines, minors = ["Expand along the first row."], []
    for column in range(3):
        minor = [[row[place] for place in range(3) if place != column] for row in a[1:]]
        minors.append(_determinant(minor) * (-1) ** column)
        lines.append(f"Minor {column + 1}: {_determinant_line(minor)}")
    signs = [a[0][0], -a[0][1], a[0][2]]
    lines.append(dot_line(signs, [minors[0], -minors[1], minors[2]]))
    program = f"answer = {matrix_code(a)}.det()"
    return posed(rng, "determinant/three", DETERMINANT, lines, dot(a[0], minors), program, A=matrix(a))


def _divisors(value: int) -> list[int]:
    return [sign * n for n in range(1, 10) if value % n == 0 and abs(value // n) < 20 for sign in (1, -1)]


def eigenvalues(rng: random.Random) -> Problem:
    while True:
        small, large = sorted(rng.sample(range(-6, 10), 2))
        a = rng.randint(small - 4, large + 4)
        d = small + large - a
        rest = a * d - small * large
        if _divisors(rest):
            break
    b = rng.choice(_divisors(rest)) if rest else nonzero(rng, 6)
    rows = [[a, b], [rest // b, d]]
    trace, det = a + d, small * large
    name = "\\lambda"
    polynomial = total(f"{name}^{{2}}", times(-trace, name) if trace else "", number(det))
    factors = "".join(f"({total(name, number(-root))})" if root else name for root in (small, large))
    lines = [
        f"Trace: {a}+{signed(d)} = {trace}",
        f"Determinant: {_determinant_line(rows)}",
        f"{polynomial} = 0",
        f"{factors} = 0",
    ]
    program = f"answer = tuple(sorted({matrix_code(rows)}.eigenvals()))"
    return posed(
        rng, "matrix/eigenvalues", EIGENVALUES, lines, vector([small, large]), program, A=matrix(rows)
    )


def inverse(rng: random.Random) -> Problem:
    while True:
        a = integer_matrix(rng, 2, 2, 6)
        if 0 < abs(det := _determinant(a)) <= 6:
            break
    (p, q), (r, s) = a
    adjugate = [[s, -q], [-r, p]]
    answer = matrix([[Fraction(value, det) for value in row] for row in adjugate])
    lines = [
        f"Determinant: {_determinant_line(a)}",
        "Swap the diagonal, change the other signs, divide by it.",
    ]
    lines.append(f"{times(Fraction(1, det), matrix(adjugate))} = {answer}" if det != 1 else answer)
    program = f"answer = {matrix_code(a)}.inv()"
    return posed(rng, "matrix/inverse", INVERSE, lines, answer, program, A=matrix(a))


def cosine_similarity(rng: random.Random) -> Problem:
    size = rng.choice((2, 3))
    (u, length), (v, other) = whole_length_vector(rng, size), whole_length_vector(rng, size)
    answer = number(Fraction(dot(u, v), length * other))
    lines = [
        f"Dot product: {dot_line(u, v)}",
        f"Lengths: {length} and {other}",
        f"\\frac{{{dot(u, v)}}}{{{length} \\cdot {other}}} = {answer}",
    ]
    u_code, v_code = vector_code(u), vector_code(v)
    program = f"answer = {u_code}.dot({v_code}) / ({u_code}.norm() * {v_code}.norm())"
    return posed(rng, "vector/cosine", COSINE, lines, answer, program, u=vector(u), v=vector(v))


def quadratic_form(rng: random.Random) -> Problem:
    a, x = integer_matrix(rng, 2, 2, 5), integers(rng, 2, 4)
    image = times_vector(a, x)
    lines = [f"Row {i} of Ax: {dot_line(row, x)}" for i, row in enumerate(a, start=1)]
    lines.append(f"x^T(Ax): {dot_line(x, image)}")
    x_code = vector_code(x)
    program = f"answer = ({x_code}.T * {matrix_code(a)} * {x_code})[0]"
    return posed(
        rng, "quadratic/value", QUADRATIC_FORM, lines, dot(x, image), program, A=matrix(a), x=vector(x)
    )


def norm(rng: random.Random) -> Problem:
    u, length = whole_length_vector(rng)
    squares = [value * value for value in u]
    lines = [f"{'+'.join(map(str, squares))} = {sum(squares)}", f"\\sqrt{{{sum(squares)}}} = {length}"]
    return posed(rng, "vector/norm", NORM, lines, length, f"answer = {vector_code(u)}.norm()", u=vector(u))


def squared_distance(rng: random.Random) -> Problem:
    size = rng.choice((2, 3))
    u, v = integers(rng, size, 6), integers(rng, size, 6)
    gaps = [a - b for a, b in zip(u, v, strict=True)]
    squares = [gap * gap for gap in gaps]
    lines = [f"u-v: {vector(gaps)}", f"{'+'.join(map(str, squares))} = {sum(squares)}"]
    program = f"d = {vector_code(u)} - {vector_code(v)}\nanswer = d.dot(d)"
    return posed(rng, "vector/distance", DISTANCE, lines, sum(squares), program, u=vector(u), v=vector(v))


SEEN = (
    *(matrix_vector, product, product_entry, trace_of_product, determinant, determinant_of_three),
    *(eigenvalues, inverse, cosine_similarity, quadratic_form, norm, squared_distance),
)
