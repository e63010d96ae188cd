"""Calculus in one variable: derivatives, integrals, limits and sums whose answers are unique expressions or
numbers, with solutions that name the rule and show its steps.
"""

from tinyreason.synthetic.calculus import (
    antiderivatives,
    chains,
    definite,
    differentiation,
    limits,
    points,
    unseen_derivatives,
    unseen_integrals,
)
from tinyreason.synthetic.problem import Domain, one_of

SEEN = (
    *(*differentiation.SEEN, *chains.SEEN, *points.SEEN),
    *(*antiderivatives.SEEN, *definite.SEEN, *limits.SEEN),
)
UNSEEN = (*unseen_derivatives.UNSEEN, *unseen_integrals.UNSEEN)

CALCULUS = Domain(
    one_of(SEEN), one_of(UNSEEN), {"train": 12_000, "validation": 300, "test": 1000, "unseen": 300}
)
