"""How the numbers of a problem are drawn: `count 3-12; price 5-95/5; ~each 2-9; total = count * each`.

A name comes with the whole numbers of a range, every fifth of them with /5, halves with /0.5, or with
alternatives 20|50|100, or with a formula. A ~ hides a number: the question does not say it, it only makes
others come out even. A comparison such as `price < total` must hold, and it may speak of results too.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tinyreason.synthetic.grade_school.formulas import (
    Formula,
    Number,
    Numbers,
    condition,
    formula,
    whole_if_whole,
)

DRAW = re.compile(r"(~?)([a-z]\w*) (=.+|[\d.|]+|[\d.]+-[\d.]+(?:/[\d.]+)?)")


@dataclass(frozen=True)
class Quantity:
    """One drawn number."""

    name: str
    hidden: bool
    values: Sequence[Number] | Formula

    def draw(self, rng: random.Random, numbers: Numbers) -> Number:
        """One of the values; what the formula gives for the numbers drawn so far."""
        return self.values.value(numbers) if isinstance(self.values, Formula) else rng.choice(self.values)


@dataclass(frozen=True)
class Quantities:
    """The numbers of a template or of one of its continuations, in the order in which they are drawn."""

    drawn: tuple[Quantity, ...]
    conditions: tuple[Callable[[Numbers], bool], ...]


def quantities(text: str) -> Quantities:
    """Reads the notation above."""
    drawn, conditions = [], []
    for item in filter(None, (item.strip() for item in text.split(";"))):
        match = DRAW.fullmatch(item)
        if match:
            drawn.append(Quantity(match[2], bool(match[1]), _values(match[3])))
        else:
            conditions.append(condition(item))
    return Quantities(tuple(drawn), tuple(conditions))


def _values(text: str) -> Sequence[Number] | Formula:
    if text.startswith("="):
        return formula(text[1:])
    if "-" not in text:
        return tuple(_number(value) for value in text.split("|"))
    first, last, step = re.fullmatch(r"([\d.]+)-([\d.]+)(?:/([\d.]+))?", text).groups(default="1")
    count = (Fraction(last) - Fraction(first)) / Fraction(step)
    return tuple(whole_if_whole(Fraction(first) + place * Fraction(step)) for place in range(int(count) + 1))


def _number(text: str) -> Number:
    return whole_if_whole(Fraction(text))
