"""A problem made by program, and the split it belongs to."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tinyreason.hashing import fraction_of

TEST_SHARE, VALIDATION_SHARE = 0.10, 0.05  # of the problems that a domain's templates can make
PATIENCE = 5000  # draws in a row that bring nothing new, after which a split is complete


@dataclass(frozen=True)
class Problem:
    """`template` names the pattern that it follows, such as "ages/sum", `key` holds what was drawn for it:
    problems equal in both differ in their words alone. `program` is Python that leaves the exact answer in
    `answer` when it runs after `from sympy import *`; it starts from what the question says.
    """

    template: str
    key: str
    question: str
    reasoning: str
    answer: str
    program: str

    @property
    def split(self) -> str:
        """train, validation or test, by template and key alone: whatever the seed, and however often it is
        drawn or worded, a problem stays in one of them.
        """
        place = fraction_of(f"{self.template} {self.key}")
        if place < TEST_SHARE:
            return "test"
        return "validation" if place < TEST_SHARE + VALIDATION_SHARE else "train"


Draw = Callable[[random.Random], Problem]


def one_of(makers: Sequence[Draw]) -> Draw:
    """Each of them with the same chance."""
    return lambda rng: rng.choice(makers)(rng)


@dataclass(frozen=True)
class Domain:
    """A field of problems. `draw` makes one of those that are trained on, validated and tested, `draw_unseen`
    one whose template none of these has. `rows` says how many a split holds, fewer where there are no more.
    """

    draw: Draw
    draw_unseen: Draw
    rows: Mapping[str, int]

    def problems(self, split: str, *, seed: int, count: int | None = None) -> Iterator[Problem]:
        """Distinct problems of a split; the first of them are the same whatever `count`."""
        rng = random.Random(f"{split} {seed}")
        draw = self.draw_unseen if split == "unseen" else self.draw
        seen: set[tuple[str, str]] = set()
        wanted, vain = self.rows[split] if count is None else count, 0
        while len(seen) < wanted and vain < PATIENCE:
            problem = draw(rng)
            identity = (problem.template, problem.key)
            if identity in seen or (split != "unseen" and problem.split != split):
                vain += 1
                continue
            seen.add(identity)
            vain = 0
            yield problem
