"""Softmax, entropies and Bayes' rule where the answers are exact: logits that are logarithms, probabilities
that are powers of two.
"""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.notation import log_vector, posed
from tinyreason.synthetic.notation import logarithm, number, power, signed, vector
from tinyreason.synthetic.problem import Problem

SOFTMAX = (
    "Compute the softmax of $<z>$.",
    "What are the probabilities $\\mathrm{softmax}(z)$ for the logits $z = <z>$?",
    "A model outputs the logits $<z>$. Give the probabilities as a tuple.",
)
TEMPERATURE = (
    "The logits are $<z>$. What are the probabilities at temperature $<t>$ (softmax of $z/T$)?",
    "Compute $\\mathrm{softmax}(z/T)$ for $z = <z>$ and $T = <t>$.",
    "A model samples at temperature $T = <t>$ from the logits $<z>$. Give the probabilities as a tuple.",
)
LOG_SUM_EXP = (
    "Compute $\\ln\\left(\\sum_i e^{z_i}\\right)$ for $z = <z>$.",
    "What is the log-sum-exp of $<z>$?",
    "Find $\\operatorname{logsumexp}(z)$ for the logits $z = <z>$, exactly.",
)
CROSS_ENTROPY = (
    "The logits are $<z>$ and class <c> is right (classes count from 1). What is the cross-entropy in nats?",
    "What is $-\\ln(\\mathrm{softmax}(z)_c)$ for $z = <z>$ and $c = <c>$, counted from 1?",
    "Find the cross-entropy loss (natural logarithm) of the logits $<z>$ for target class <c>, "
    "counted from 1.",
)
ENTROPY = (
    "What is the entropy of the distribution $<p>$ in bits?",
    "Compute $H(p) = -\\sum_i p_i \\log_2(p_i)$ for $p = <p>$.",
    "A token has the probabilities $<p>$. What is their entropy in bits?",
)
CROSS_ENTROPY_BITS = (
    "Compute the cross-entropy $-\\sum_i p_i \\log_2(q_i)$ for $p = <p>$ and $q = <q>$.",
    "What is the cross-entropy $H(p, q)$ in bits for $p = <p>$ and $q = <q>$?",
    "Symbols with the probabilities $p = <p>$ are coded with $-\\log_2(q_i)$ bits, $q = <q>$. "
    "How many bits does a symbol take on average?",
)
DIVERGENCE = (
    "Compute the KL divergence $\\sum_i p_i \\log_2\\frac{p_i}{q_i}$ for $p = <p>$ and $q = <q>$.",
    "What is $D_{KL}(p \\| q)$ in bits for $p = <p>$ and $q = <q>$?",
    "Find the Kullback-Leibler divergence $D_{KL}(p \\| q)$ of $p = <p>$ from $q = <q>$ in bits.",
)
PERPLEXITY = (
    "A language model gives the tokens of a text the probabilities $<p>$. What is its perplexity "
    "on the text?",
    "What is the perplexity of a model that assigns the probabilities $<p>$ to the tokens it should predict?",
    "Tokens were predicted with the probabilities $<p>$. Compute $\\exp\\left(-\\frac{1}{n}\\sum_i "
    "\\ln(p_i)\\right)$.",
)
BAYES = (
    "A test finds <s>% of the faulty parts and flags <f>% of the good ones. <b>% of all parts are faulty. "
    "What is the probability that a flagged part is faulty?",
    "$P(A) = <b>\\%$, $P(B|A) = <s>\\%$ and $P(B|\\text{not } A) = <f>\\%$. What is $P(A|B)$?",
    "<b>% of mails are spam. A filter marks <s>% of the spam and <f>% of the other mails. "
    "What is the probability that a marked mail is spam?",
)
EXPECTATION = (
    "A random variable takes the values $<x>$ with the probabilities $<p>$. What is its expectation?",
    "Find $E[X]$ if $X$ is $<x>$ with probabilities $<p>$, in this order.",
    "Rewards $<x>$ come with the probabilities $<p>$. What is the expected reward?",
)
VARIANCE = (
    "A random variable takes the values $<x>$ with the probabilities $<p>$. What is its variance?",
    "Find $\\operatorname{Var}(X)$ if $X$ is $<x>$ with probabilities $<p>$, in this order.",
    "Rewards $<x>$ come with the probabilities $<p>$. What is the variance of the reward?",
)


def _weights(rng: random.Random, largest: int = 9) -> list[int]:
    while len(set(weights := [rng.randint(1, largest) for _ in range(rng.choice((2, 3, 3, 4)))])) == 1:
        pass
    return weights


def _softmax_lines(weights: list[int]) -> list[str]:
    return [
        f"e^z: {vector(weights)}",
        f"{'+'.join(map(str, weights))} = {sum(weights)}",
        f"Divide by {sum(weights)}: {vector([Fraction(weight, sum(weights)) for weight in weights])}",
    ]


def softmax(rng: random.Random) -> Problem:
    weights = _weights(rng)
    answer = vector([Fraction(weight, sum(weights)) for weight in weights])
    program = f"e = [exp(log(n)) for n in {weights}]\nanswer = tuple(v / sum(e) for v in e)"
    return posed(
        rng, "softmax/logarithms", SOFTMAX, _softmax_lines(weights), answer, program, z=log_vector(weights)
    )


def softmax_with_temperature(rng: random.Random) -> Problem:
    """At temperature 1/2 the weights are squared; at 2 logits of squares give their roots."""
    weights = _weights(rng, 6)
    cold = rng.random() < 0.5
    logits, temperature = (weights, "\\frac{1}{2}") if cold else ([w * w for w in weights], "2")
    final = [w * w for w in weights] if cold else weights
    answer = vector([Fraction(weight, sum(final)) for weight in final])
    lines = ["Halving the temperature squares e^z." if cold else "Temperature 2 takes the root of e^z."]
    lines.append(f"e^z: {vector(logits)}")
    lines += [line.replace("e^z", "e^{z/T}") for line in _softmax_lines(final)]
    program = (
        f"e = [exp(log(n) / Rational({'1, 2' if cold else '2, 1'})) for n in {logits}]\n"
        "answer = tuple(v / sum(e) for v in e)"
    )
    values = {"z": log_vector(logits), "t": temperature}
    return posed(rng, "softmax/temperature", TEMPERATURE, lines, answer, program, **values)


def log_sum_exp(rng: random.Random) -> Problem:
    weights = _weights(rng, 12)
    answer = logarithm(sum(weights))
    lines = [f"e^z: {vector(weights)}", f"{'+'.join(map(str, weights))} = {sum(weights)}", answer]
    program = f"answer = log(sum(exp(log(n)) for n in {weights}))"
    return posed(rng, "softmax/log_sum_exp", LOG_SUM_EXP, lines, answer, program, z=log_vector(weights))


def cross_entropy(rng: random.Random) -> Problem:
    weights = _weights(rng, 12)
    target = rng.randint(1, len(weights))
    chosen = weights[target - 1]
    ratio = Fraction(sum(weights), chosen)
    lines = [
        f"e^z: {vector(weights)}, sum {sum(weights)}",
        f"Probability of class {target}: {number(1 / ratio)}",
        f"-{logarithm(1 / ratio)} = {logarithm(ratio)}",
    ]
    program = f"z = [log(n) for n in {weights}]\nanswer = log(sum(exp(v) for v in z)) - z[{target - 1}]"
    values = {"z": log_vector(weights), "c": target}
    return posed(rng, "entropy/cross_logits", CROSS_ENTROPY, lines, logarithm(ratio), program, **values)


def _binary_distribution(rng: random.Random, size: int) -> list[int]:
    """Exponents k of probabilities 2^-k that sum to 1, in random order."""
    exponents = [0]
    while len(exponents) < size:
        place = rng.choice([n for n, k in enumerate(exponents) if k < 5])
        exponents[place] += 1
        exponents.insert(place, exponents[place])
    rng.shuffle(exponents)
    return exponents


def _probabilities(exponents: list[int]) -> list[Fraction]:
    return [Fraction(1, 2**k) for k in exponents]


def _weighted(p: list[Fraction], values: list[int]) -> tuple[str, str]:
    """The expectation of the values: its line and its value."""
    answer = number(sum(a * b for a, b in zip(p, values, strict=True)))
    summands = "+".join(f"{number(a)} \\cdot {signed(b)}" for a, b in zip(p, values, strict=True))
    return f"{summands} = {answer}", answer


def entropy(rng: random.Random) -> Problem:
    exponents = _binary_distribution(rng, rng.randint(2, 6))
    p = _probabilities(exponents)
    line, answer = _weighted(p, exponents)
    lines = [f"-\\log_2(p): {vector(exponents)}", line]
    program = f"p = [Rational(1, 2**k) for k in {exponents}]\nanswer = simplify(-sum(v*log(v, 2) for v in p))"
    return posed(rng, "entropy/bits", ENTROPY, lines, answer, program, p=vector(p))


def _two_distributions(rng: random.Random) -> tuple[list[int], list[int]]:
    size = rng.randint(2, 5)
    while True:
        first, second = _binary_distribution(rng, size), _binary_distribution(rng, size)
        if first != second or size == 2:
            return first, second


def cross_entropy_bits(rng: random.Random) -> Problem:
    _, second = _two_distributions(rng)
    counts = [rng.randint(1, 4) for _ in second]
    p, q = [Fraction(count, sum(counts)) for count in counts], _probabilities(second)
    line, answer = _weighted(p, second)
    lines = [f"-\\log_2(q): {vector(second)}", line]
    program = (
        f"p = [Rational(n, {sum(counts)}) for n in {counts}]\nq = [Rational(1, 2**k) for k in {second}]\n"
        "answer = simplify(-sum(a*log(b, 2) for a, b in zip(p, q)))"
    )
    return posed(
        rng, "entropy/cross_bits", CROSS_ENTROPY_BITS, lines, answer, program, p=vector(p), q=vector(q)
    )


def divergence(rng: random.Random) -> Problem:
    first, second = _two_distributions(rng)
    p, q = _probabilities(first), _probabilities(second)
    gaps = [b - a for a, b in zip(first, second, strict=True)]
    line, answer = _weighted(p, gaps)
    lines = [f"\\log_2(p/q): {vector(gaps)}", line]
    program = (
        f"p = [Rational(1, 2**k) for k in {first}]\nq = [Rational(1, 2**k) for k in {second}]\n"
        "answer = simplify(sum(a*log(a/b, 2) for a, b in zip(p, q)))"
    )
    return posed(rng, "entropy/divergence", DIVERGENCE, lines, answer, program, p=vector(p), q=vector(q))


def perplexity(rng: random.Random) -> Problem:
    count, base = rng.randint(2, 5), rng.choice((2, 2, 2, 3))
    exponents = [rng.randint(0 if base == 2 else 1, 5 if base == 2 else 3) for _ in range(count)]
    exponents[0] += -sum(exponents) % count or count * (not any(exponents))
    mean = sum(exponents) // count
    p = [Fraction(1, base**k) for k in exponents]
    lines = [
        f"-\\log_{base}(p): {vector(exponents)}",
        f"Mean: ({'+'.join(map(str, exponents))})/{count} = {mean}",
        f"{power(str(base), mean)} = {base**mean}" if mean > 1 else f"The perplexity: {base}",
    ]
    program = (
        f"p = [Rational(1, {base}**k) for k in {exponents}]\n"
        f"answer = simplify(Mul(*p)**Rational(-1, {count}))"
    )
    return posed(rng, "entropy/perplexity", PERPLEXITY, lines, base**mean, program, p=vector(p))


def bayes(rng: random.Random) -> Problem:
    base, hit, false = (
        rng.choice((1, 2, 4, 5, 10, 20, 25, 40, 50)),
        5 * rng.randint(10, 19),
        rng.choice((1, 2, 4, 5, 10, 20)),
    )
    true_share, false_share = base * hit, (100 - base) * false
    answer = number(Fraction(true_share, true_share + false_share))
    lines = [
        "Of 10000 cases:",
        f"right alarms: {base} \\cdot {hit} = {true_share}",
        f"false alarms: {100 - base} \\cdot {false} = {false_share}",
        f"\\frac{{{true_share}}}{{{true_share}+{false_share}}} = {answer}",
    ]
    program = (
        f"b, s, f = Rational({base}, 100), Rational({hit}, 100), Rational({false}, 100)\n"
        "answer = b*s / (b*s + (1 - b)*f)"
    )
    return posed(rng, "probability/bayes", BAYES, lines, answer, program, b=base, s=hit, f=false)


def _variable(rng: random.Random) -> tuple[list[int], list[Fraction]]:
    size = rng.choice((2, 3, 3, 4))
    counts = [rng.randint(1, 4) for _ in range(size)]
    values = rng.sample(range(-5, 11), size)
    return values, [Fraction(count, sum(counts)) for count in counts]


def _variable_code(values: list[int], p: list[Fraction]) -> str:
    weights = ", ".join(f"Rational({q.numerator}, {q.denominator})" for q in p)
    return f"x, p = {values}, [{weights}]\nm = sum(a*b for a, b in zip(x, p))\n"


def expectation(rng: random.Random) -> Problem:
    values, p = _variable(rng)
    line, answer = _weighted(p, values)
    program = _variable_code(values, p) + "answer = m"
    return posed(
        rng, "probability/expectation", EXPECTATION, [line], answer, program, x=vector(values), p=vector(p)
    )


def variance(rng: random.Random) -> Problem:
    values, p = _variable(rng)
    mean_line, _ = _weighted(p, values)
    squares_line, squares = _weighted(p, [value * value for value in values])
    exact = sum(a * b * b for a, b in zip(p, values, strict=True))
    expected = sum(a * b for a, b in zip(p, values, strict=True))
    answer = number(exact - expected**2)
    lines = [f"Mean: {mean_line}", f"Mean of the squares: {squares_line}"]
    lines.append(f"Variance: {squares}-{number(expected**2)} = {answer}")
    program = _variable_code(values, p) + "answer = sum(b*(a - m)**2 for a, b in zip(x, p))"
    return posed(rng, "probability/variance", VARIANCE, lines, answer, program, x=vector(values), p=vector(p))


SEEN = (
    *(softmax, softmax_with_temperature, log_sum_exp, cross_entropy, entropy, cross_entropy_bits),
    *(divergence, perplexity, bayes, expectation, variance),
)
