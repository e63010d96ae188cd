"""Vectors, matrices and sums of products as LaTeX and as sympy code, and how a problem is put together."""

import random
from collections.abc import Sequence
from fractions import Fraction

from tinyreason.synthetic.arithmetic.decimals import finite_decimal
from tinyreason.synthetic.notation import Number, asked, code, logarithm, number, signed, total
from tinyreason.synthetic.problem import Problem

Vector = Sequence[Number]
Matrix = Sequence[Sequence[Number]]


def posed(
    rng: random.Random,
    template: str,
    wordings: tuple[str, ...],
    lines: list[str],
    answer: object,
    program: str,
    **values: object,
) -> Problem:
    """A problem whose question shows all of the values, which are therefore its key."""
    key = "; ".join(f"{name} = {value}" for name, value in values.items())
    question = asked(rng, wordings, **values)
    return Problem(template, key, question, "\n".join(lines), str(answer), program)


def matrix(rows: Matrix) -> str:
    inner = r" \\ ".join(" & ".join(number(value) for value in row) for row in rows)
    return rf"\begin{{pmatrix}} {inner} \end{{pmatrix}}"


def log_vector(weights: Vector) -> str:
    """The logarithms of the weights: (\\ln(2), 0, \\ln(3))."""
    return f"({', '.join(logarithm(weight) for weight in weights)})"


def decimal(value: Number) -> str:
    return finite_decimal(Fraction(value))


def decimals(values: Vector) -> str:
    return f"({', '.join(decimal(value) for value in values)})"


def vector_code(values: Vector) -> str:
    return f"Matrix([{', '.join(code(value) for value in values)}])"


def matrix_code(rows: Matrix) -> str:
    return f"Matrix([{', '.join('[' + ', '.join(code(value) for value in row) + ']' for row in rows)}])"


def dot(left: Vector, right: Vector) -> Number:
    return sum(a * b for a, b in zip(left, right, strict=True))


def products(left: Vector, right: Vector) -> str:
    """2 \\cdot 3-1 \\cdot (-4)"""
    return total(*(f"{number(a)} \\cdot {signed(b)}" for a, b in zip(left, right, strict=True)))


def dot_line(left: Vector, right: Vector) -> str:
    """2 \\cdot 3-1 \\cdot (-4) = 10"""
    return f"{products(left, right)} = {number(dot(left, right))}"


def times_vector(rows: Matrix, values: Vector) -> list[Number]:
    return [dot(row, values) for row in rows]


def transposed(rows: Matrix) -> list[list[Number]]:
    return [list(column) for column in zip(*rows, strict=True)]


def matrix_product(left: Matrix, right: Matrix) -> list[list[Number]]:
    return [[dot(row, column) for column in transposed(right)] for row in left]


def integers(rng: random.Random, count: int, largest: int) -> list[int]:
    """From -largest to largest, not all zero."""
    while not any(values := [rng.randint(-largest, largest) for _ in range(count)]):
        pass
    return values


def integer_matrix(rng: random.Random, rows: int, columns: int, largest: int) -> list[list[int]]:
    return [integers(rng, columns, largest) for _ in range(rows)]
