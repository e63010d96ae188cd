"""Arithmetic that is worked on paper: natural numbers, decimals, fractions, percentages, signs and chains of
operations, with solutions of one equation a line that take carries, borrows and partial products apart.
"""

import random

from tinyreason.synthetic.arithmetic import chains, decimals, naturals, ratios, unseen
from tinyreason.synthetic.problem import Domain, Problem

SEEN = (*naturals.SEEN, *chains.SEEN, *decimals.SEEN, *ratios.SEEN)


def draw(rng: random.Random) -> Problem:
    return rng.choice(SEEN)(rng)


def draw_unseen(rng: random.Random) -> Problem:
    return rng.choice(unseen.UNSEEN)(rng)


ARITHMETIC = Domain(draw, draw_unseen, {"train": 30_000, "validation": 300, "test": 1000, "unseen": 500})
