"""Attention over a few keys, and the normalization of small vectors."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.notation import (
    Number,
    Vector,
    dot,
    dot_line,
    integer_matrix,
    integers,
    log_vector,
    matrix,
    matrix_code,
    posed,
    transposed,
    vector_code,
)
from tinyreason.synthetic.notation import number, power, vector
from tinyreason.synthetic.problem import Problem

SCORE = (
    "The query is $q = <q>$, the key $k = <k>$. What is the attention score $\\frac{q \\cdot k}{\\sqrt{d}}$?",
    "Compute the scaled dot product $\\frac{q^T k}{\\sqrt{d}}$ of $q = <q>$ and $k = <k>$.",
    "What score does scaled dot-product attention give the key $<k>$ for the query $<q>$?",
)
SCORES = (
    "The query is $q = <q>$, the keys are the rows of $<K>$. What are the attention scores "
    "$\\frac{Kq}{\\sqrt{d}}$?",
    "Compute all scores $\\frac{q \\cdot k_i}{\\sqrt{d}}$ for $q = <q>$ and the keys $k_i$ in the "
    "rows of $<K>$.",
    "Scaled dot-product attention: $q = <q>$, keys $K = <K>$ (one a row). Give the scores as a tuple.",
)
WEIGHT = (
    "The query is $<q>$, the two keys are $<k>$ and $<l>$. Which weight does scaled dot-product attention "
    "(softmax of $\\frac{q \\cdot k_i}{\\sqrt{d}}$) give the first key? Answer exactly, in terms of $e$.",
    "Attention with scores $\\frac{q \\cdot k_i}{\\sqrt{d}}$ has $q = <q>$, $k_1 = <k>$, $k_2 = "
    "<l>$. What is "
    "the exact softmax weight of $k_1$, written with $e$?",
    "Let $q = <q>$, $k_1 = <k>$ and $k_2 = <l>$. Give the attention weight of $k_1$ after the "
    "softmax of the "
    "scores $\\frac{q \\cdot k_i}{\\sqrt{d}}$, exactly with $e$.",
)
OUTPUT = (
    "The attention scores are $<z>$, the values are the rows of $<V>$. What is the output of the attention?",
    "Softmax the scores $<z>$ and average the rows of $V = <V>$ with these weights. What is the result?",
    "Scores $<z>$ and values $V = <V>$ (one a row): compute $\\mathrm{softmax}(z)V$.",
)
UNIFORM = (
    "All attention scores are equal and the mask is causal. The values are the rows of $<V>$. What is the "
    "output at position <t> (counted from 1)?",
    "In causal attention every score is 0. The values of the positions are the rows of $<V>$. Give "
    "the output "
    "at position <t>, counted from 1.",
    "Position <t> (counted from 1) attends with equal weights to itself and all positions before "
    "it. The rows "
    "of $<V>$ are the values. What is its output?",
)
LAYER_NORM = (
    "Apply layer normalization (no scale, no shift, $\\epsilon = 0$) to $<x>$.",
    "What is $\\frac{x-\\mu}{\\sigma}$ for $x = <x>$, with the mean $\\mu$ and the population standard "
    "deviation $\\sigma$ of its entries?",
    "Normalize $<x>$ to mean 0 and variance 1, dividing by the population standard deviation.",
)
AFFINE_NORM = (
    "Layer normalization with scale $\\gamma = <g>$ and shift $\\beta = <b>$ for every entry and "
    "$\\epsilon = 0$ is applied to $<x>$. What is the output?",
    "Compute $\\gamma\\frac{x-\\mu}{\\sigma}+\\beta$ for $x = <x>$, $\\gamma = <g>$, $\\beta = "
    "<b>$, with the "
    "mean $\\mu$ and the population standard deviation $\\sigma$ of $x$.",
    "What does LayerNorm ($\\gamma = <g>$, $\\beta = <b>$, $\\epsilon = 0$) make of $<x>$?",
)
# whole numbers with mean 0 and a whole population standard deviation, up to sign, order, factor and shift
CENTRED = (
    ((-1, 1), 1),
    ((-1, -1, 1, 1), 1),
    ((-5, 1, 1, 3), 3),
    ((-7, -1, 1, 7), 5),
    ((-3, -1, 0, 1, 3), 2),
    ((-1, -1, -1, -1, 4), 2),
)


def centred_vector(rng: random.Random) -> tuple[list[int], int, int]:
    """Entries with their mean and population standard deviation, both whole."""
    pattern, deviation = rng.choice(CENTRED)
    factor, mean, sign = rng.randint(1, 3), rng.randint(-5, 9), rng.choice((-1, 1))
    values = [sign * factor * value + mean for value in pattern]
    rng.shuffle(values)
    return values, mean, factor * deviation


def _query_and_keys(rng: random.Random, keys: int) -> tuple[list[int], list[list[int]]]:
    """Of dimension 4, whose root is 2; every dot product is even."""
    while True:
        q, rows = integers(rng, 4, 3), integer_matrix(rng, keys, 4, 3)
        if all(dot(q, row) % 2 == 0 for row in rows):
            return q, rows


def score(rng: random.Random) -> Problem:
    q, k = integers(rng, 4, 4), integers(rng, 4, 4)
    answer = number(Fraction(dot(q, k), 2))
    lines = [dot_line(q, k), f"\\sqrt{{d}} = \\sqrt{{4}}, which is 2: {dot(q, k)}/2 = {answer}"]
    program = f"answer = Rational({vector_code(q)}.dot({vector_code(k)}), sqrt(4))"
    return posed(rng, "attention/score", SCORE, lines, answer, program, q=vector(q), k=vector(k))


def scores(rng: random.Random) -> Problem:
    q, keys = _query_and_keys(rng, rng.choice((2, 3)))
    answer = vector([dot(q, key) // 2 for key in keys])
    lines = [f"Key {place}: {dot_line(key, q)}" for place, key in enumerate(keys, start=1)]
    lines.append(f"Divide by \\sqrt{{4}}, which is 2: {answer}")
    program = f"answer = tuple({matrix_code(keys)} * {vector_code(q)} / sqrt(4))"
    return posed(rng, "attention/scores", SCORES, lines, answer, program, q=vector(q), K=matrix(keys))


def weight(rng: random.Random) -> Problem:
    while True:
        q, (k, other) = _query_and_keys(rng, 2)
        gap = (dot(q, other) - dot(q, k)) // 2
        if 0 < abs(gap) <= 8:
            break
    answer = f"\\frac{{1}}{{1+{power('e', gap)}}}"
    first, second = dot(q, k) // 2, dot(q, other) // 2
    top = power("e", first) or 1
    lines = [
        f"First key: {dot_line(k, q)}",
        f"Second key: {dot_line(other, q)}",
        f"Scores, divided by \\sqrt{{4}}, which is 2: {vector([first, second])}",
        f"\\frac{{{top}}}{{{top}+{power('e', second) or 1}}} = {answer}",
    ]
    program = (
        f"q, k, l = {vector_code(q)}, {vector_code(k)}, {vector_code(other)}\n"
        "a, b = exp(q.dot(k)/sqrt(4)), exp(q.dot(l)/sqrt(4))\nanswer = a / (a + b)"
    )
    values = {"q": vector(q), "k": vector(k), "l": vector(other)}
    return posed(rng, "attention/weight", WEIGHT, lines, answer, program, **values)


def output(rng: random.Random) -> Problem:
    count = rng.choice((2, 3))
    weights, values = [rng.randint(1, 6) for _ in range(count)], integer_matrix(rng, count, 2, 5)
    shares = [Fraction(part, sum(weights)) for part in weights]
    columns = transposed(values)
    answer = vector([dot(shares, column) for column in columns])
    lines = [f"e^z: {vector(weights)}, sum {sum(weights)}", f"Weights: {vector(shares)}"]
    lines += [f"Entry {place}: {dot_line(shares, column)}" for place, column in enumerate(columns, start=1)]
    program = (
        f"e = [exp(log(n)) for n in {weights}]\nanswer = tuple(Matrix([e]) / sum(e) * {matrix_code(values)})"
    )
    return posed(
        rng, "attention/output", OUTPUT, lines, answer, program, z=log_vector(weights), V=matrix(values)
    )


def uniform_output(rng: random.Random) -> Problem:
    values = integer_matrix(rng, rng.choice((3, 4)), 2, 6)
    position = rng.randint(2, len(values))
    columns = transposed(values[:position])
    answer = vector([Fraction(sum(column), position) for column in columns])
    lines = [f"The mean of the first {position} rows."]
    lines += [
        f"Entry {place}: {dot_line([Fraction(1, position)] * position, column)}"
        for place, column in enumerate(columns, start=1)
    ]
    program = (
        f"v = {matrix_code(values)}[:{position}, :]\nanswer = tuple(ones(1, {position}) * v / {position})"
    )
    return posed(rng, "attention/causal", UNIFORM, lines, answer, program, V=matrix(values), t=position)


def _statistics(values: Vector, mean: Number, deviation: Number) -> list[str]:
    gaps = [value - mean for value in values]
    squares = [gap * gap for gap in gaps]
    return [
        f"Mean: {number(mean)}",
        f"x-\\mu: {vector(gaps)}",
        f"Variance: ({'+'.join(map(number, squares))})/{len(values)} = {number(deviation**2)}, "
        f"\\sigma is {number(deviation)}",
    ]


def normalization_code(values: Vector) -> str:
    return (
        f"x = [Rational(v) for v in {list(values)}]\nm = sum(x) / len(x)\n"
        "s = sqrt(sum((v - m)**2 for v in x) / len(x))\n"
    )


def layer_norm(rng: random.Random) -> Problem:
    values, mean, deviation = centred_vector(rng)
    answer = vector([Fraction(value - mean, deviation) for value in values])
    lines = [*_statistics(values, mean, deviation), answer]
    program = normalization_code(values) + "answer = tuple((v - m) / s for v in x)"
    return posed(rng, "normalization/layer", LAYER_NORM, lines, answer, program, x=vector(values))


def affine_layer_norm(rng: random.Random) -> Problem:
    values, mean, deviation = centred_vector(rng)
    scale, shift = rng.randint(2, 6), rng.choice((-3, -2, -1, 1, 2, 3, 4))
    normal = [Fraction(value - mean, deviation) for value in values]
    answer = vector([scale * value + shift for value in normal])
    lines = [
        *_statistics(values, mean, deviation),
        f"Normalized: {vector(normal)}",
        f"Scaled and shifted: {answer}",
    ]
    program = normalization_code(values) + f"answer = tuple({scale}*(v - m)/s + ({shift}) for v in x)"
    return posed(
        rng, "normalization/affine", AFFINE_NORM, lines, answer, program, x=vector(values), g=scale, b=shift
    )


SEEN = (score, scores, weight, output, uniform_output, layer_norm, affine_layer_norm)
