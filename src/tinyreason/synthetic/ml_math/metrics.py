"""Precision, recall and their kin."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.notation import posed
from tinyreason.synthetic.notation import number, reduced
from tinyreason.synthetic.problem import Problem

COUNTS = "<tp> true positives, <fp> false positives and <fn> false negatives"
PRECISION = (
    f"A classifier has {COUNTS}. What is its precision?",
    f"Compute the precision for {COUNTS}.",
    f"There are {COUNTS}. Which share of the predicted positives is right?",
)
RECALL = (
    f"A classifier has {COUNTS}. What is its recall?",
    f"Compute the recall for {COUNTS}.",
    f"There are {COUNTS}. Which share of the actual positives was found?",
)
F1 = (
    f"A classifier has {COUNTS}. What is its F1 score?",
    f"Compute F1, the harmonic mean of precision and recall, for {COUNTS}.",
    f"There are {COUNTS}. What is the F1 score?",
)
ACCURACY = (
    "Of <n> answers <k> are right in the first half of a test, and of <m> answers <l> in the "
    "second half. What "
    "is the accuracy on the whole test?",
    "A model solves <k> of <n> problems of one set and <l> of <m> of another. What is its accuracy on both "
    "together?",
    "Two test sets have <n> and <m> questions, <k> and <l> of them answered correctly. Give the "
    "accuracy over "
    "all questions.",
)


def _confusion(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(2, 60), rng.randint(2, 40), rng.randint(2, 40)


def share_of_positives(rng: random.Random) -> Problem:
    tp, fp, fn = _confusion(rng)
    precise = rng.random() < 0.5
    wordings, name, other = (PRECISION, "precision", fp) if precise else (RECALL, "recall", fn)
    answer = number(Fraction(tp, tp + other))
    lines = [
        f"{name.capitalize()} is TP/(TP+{'FP' if precise else 'FN'}).",
        f"{tp}/({tp}+{other}) = {answer}",
    ]
    program = f"answer = Rational({tp}, {tp} + {other})"
    return posed(rng, f"metric/{name}", wordings, lines, answer, program, tp=tp, fp=fp, fn=fn)


def f1(rng: random.Random) -> Problem:
    tp, fp, fn = _confusion(rng)
    answer = number(Fraction(2 * tp, 2 * tp + fp + fn))
    lines = [
        "F1 is 2TP/(2TP+FP+FN).",
        f"2 \\cdot {tp} = {2 * tp}",
        f"{2 * tp}/({2 * tp}+{fp}+{fn}) = {answer}",
    ]
    program = f"p, r = Rational({tp}, {tp} + {fp}), Rational({tp}, {tp} + {fn})\nanswer = 2*p*r / (p + r)"
    return posed(rng, "metric/f1", F1, lines, answer, program, tp=tp, fp=fp, fn=fn)


def accuracy(rng: random.Random) -> Problem:
    n, m = rng.randint(10, 200), rng.randint(10, 200)
    k, right = rng.randint(2, n), rng.randint(2, m)
    answer = number(Fraction(k + right, n + m))
    lines = [f"{k}+{right} = {k + right}", f"{n}+{m} = {n + m}", f"The share: {reduced(k + right, n + m)}"]
    program = f"answer = Rational({k} + {right}, {n} + {m})"
    return posed(rng, "metric/accuracy", ACCURACY, lines, answer, program, n=n, k=k, m=m, l=right)


SEEN = (share_of_positives, f1, accuracy)
