"""The mathematics of machine learning on small numbers with exact answers: linear algebra, gradients,
probability, attention, optimizers, backpropagation, model sizes, metrics and policy gradients.
"""

import random

from tinyreason.synthetic.ml_math import (
    attention,
    backpropagation,
    counts,
    gradients,
    linear_algebra,
    metrics,
    optimizers,
    policy_gradients,
    probability,
    schedules,
    unseen,
)
from tinyreason.synthetic.problem import Domain, Problem

SEEN = (
    *(*linear_algebra.SEEN, *gradients.SEEN, *probability.SEEN, *attention.SEEN),
    *(*optimizers.SEEN, *schedules.SEEN, *backpropagation.SEEN, *counts.SEEN),
    *(*metrics.SEEN, *policy_gradients.SEEN),
)


def draw(rng: random.Random) -> Problem:
    return rng.choice(SEEN)(rng)


def draw_unseen(rng: random.Random) -> Problem:
    return rng.choice(unseen.UNSEEN)(rng)


ML_MATH = Domain(draw, draw_unseen, {"train": 8_000, "validation": 300, "test": 1000, "unseen": 300})
