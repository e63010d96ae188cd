"""Values of learning-rate schedules."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.notation import decimal, posed
from tinyreason.synthetic.ml_math.optimizers import signed_decimal
from tinyreason.synthetic.notation import code
from tinyreason.synthetic.problem import Problem

WARMUP = (
    "The learning rate rises linearly from 0 to $<r>$ in <n> steps. What is it after step <s>?",
    "Linear warmup over <n> steps ends at $<r>$ and starts at 0. Which learning rate holds after <s> steps?",
    "A schedule warms up linearly from 0 to the peak $<r>$ over <n> steps. Give the learning rate "
    "at step <s>.",
)
COSINE = (
    "A cosine schedule falls from $<r>$ at step 0 to 0 at step <n>: "
    "$\\eta = \\frac{<r>}{2}(1+\\cos(\\pi s/<n>))$. What is the learning rate at step <s>?",
    "Cosine decay from $<r>$ to 0 over <n> steps, without warmup. What is the learning rate at step <s>?",
    "The learning rate follows half a cosine from the peak $<r>$ at step 0 to 0 at step <n>. Give "
    "it at step <s>.",
)
LINEAR = (
    "After <u> warmup steps the learning rate is at its peak $<r>$; from there it falls linearly "
    "to 0 at step "
    "<n>. What is it at step <s>?",
    "A schedule reaches the peak $<r>$ at step <u> and then decays linearly to 0 at step <n>. Give the "
    "learning rate at step <s>.",
    "Linear decay: the learning rate is $<r>$ at step <u> and 0 at step <n>. Which one holds at step <s>?",
)
PEAKS = tuple(Fraction(n, 100_000) for n in (1, 2, 3, 5, 10, 20, 30, 50, 60, 100, 200, 300, 500, 1000))


def warmup(rng: random.Random) -> Problem:
    steps, peak = rng.choice((10, 20, 40, 50, 100, 200, 500, 1000)), rng.choice(PEAKS)
    step = steps * rng.randint(1, 19) // 20
    answer = decimal(peak * step / steps)
    lines = [f"{decimal(peak)} \\cdot {step}/{steps} = {answer}"]
    program = f"answer = {code(peak)} * Rational({step}, {steps})"
    return posed(rng, "schedule/warmup", WARMUP, lines, answer, program, r=decimal(peak), n=steps, s=step)


COSINES = {Fraction(1, 3): Fraction(1, 2), Fraction(1, 2): Fraction(0), Fraction(2, 3): Fraction(-1, 2)}


def cosine(rng: random.Random) -> Problem:
    part, peak = rng.choice(tuple(COSINES)), rng.choice(PEAKS)
    steps = 6 * rng.choice((10, 20, 50, 100, 150, 200, 500, 1000, rng.randint(10, 200)))
    step, value = int(part * steps), COSINES[part]
    answer = decimal(peak * (1 + value) / 2)
    angle = f"\\frac{{{'' if part.numerator == 1 else part.numerator}\\pi}}{{{part.denominator}}}"
    lines = [
        f"\\cos({angle}) = {decimal(value)}",
        f"{decimal(peak)}/2 \\cdot (1+{signed_decimal(value)}) = {answer}",
    ]
    program = f"answer = {code(peak)} / 2 * (1 + cos(pi*Rational({step}, {steps})))"
    return posed(rng, "schedule/cosine", COSINE, lines, answer, program, r=decimal(peak), n=steps, s=step)


def linear_decay(rng: random.Random) -> Problem:
    first, length = 10 * rng.randint(1, 30), 100 * rng.choice((1, 2, 4, 5, 8, 10))
    last, step, peak = first + length, first + length * rng.randint(1, 19) // 20, rng.choice(PEAKS)
    answer = decimal(peak * (last - step) / length)
    lines = [
        f"{last}-{step} = {last - step}",
        f"{last}-{first} = {length}",
        f"{decimal(peak)} \\cdot {last - step}/{length} = {answer}",
    ]
    program = f"answer = {code(peak)} * Rational({last} - {step}, {last} - {first})"
    values = {"u": first, "r": decimal(peak), "n": last, "s": step}
    return posed(rng, "schedule/linear", LINEAR, lines, answer, program, **values)


SEEN = (warmup, cosine, linear_decay)
