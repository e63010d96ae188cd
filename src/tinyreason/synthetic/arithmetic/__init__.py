"""Arithmetic that is worked on paper: natural numbers, decimals, fractions, percentages, signs and chains of
operations, with solutions of one equation a line that take carries, borrows and partial products apart.
"""

from tinyreason.synthetic.arithmetic import chains, decimals, naturals, ratios, unseen
from tinyreason.synthetic.problem import Domain, one_of

SEEN = (*naturals.SEEN, *chains.SEEN, *decimals.SEEN, *ratios.SEEN)

ARITHMETIC = Domain(
    one_of(SEEN), one_of(unseen.UNSEEN), {"train": 30_000, "validation": 300, "test": 1000, "unseen": 500}
)
