"""The mathematics of machine learning on small numbers with exact answers: linear algebra, gradients,
probability, attention, optimizers, backpropagation, model sizes, metrics and policy gradients.
"""

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
from tinyreason.synthetic.problem import Domain, one_of

SEEN = (
    *(*linear_algebra.SEEN, *gradients.SEEN, *probability.SEEN, *attention.SEEN),
    *(*optimizers.SEEN, *schedules.SEEN, *backpropagation.SEEN, *counts.SEEN),
    *(*metrics.SEEN, *policy_gradients.SEEN),
)

ML_MATH = Domain(
    one_of(SEEN), one_of(unseen.UNSEEN), {"train": 8_000, "validation": 300, "test": 1000, "unseen": 300}
)
