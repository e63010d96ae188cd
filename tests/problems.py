"""Problems made by program as the tests of the domains take them: drawn once, some of every template, and
their programs run.
"""

import re
from collections import Counter
from functools import cache

from tinyreason.synthetic import domain
from tinyreason.synthetic.problem import Problem

SPLITS = ("train", "validation", "test", "unseen")


@cache
def rows(name: str, split: str) -> tuple[Problem, ...]:
    """The default rows of a domain's split."""
    return tuple(domain(name).problems(split, seed=0))


@cache
def of_every_template(name: str, split: str, count: int) -> tuple[Problem, ...]:
    """The first `count` problems of every template of the split."""
    taken: Counter[str] = Counter()
    chosen = []
    for problem in rows(name, split):
        taken[problem.template] += 1
        if taken[problem.template] <= count:
            chosen.append(problem)
    return tuple(chosen)


@cache
def _sympy() -> dict[str, object]:
    names: dict[str, object] = {}
    exec("from sympy import *", names)
    return names


def value_of(program: str) -> object:
    """What it leaves in `answer`."""
    scope = dict(_sympy())
    exec(program, scope)
    return scope["answer"]


def wrong_answer(answer: str) -> str:
    """With another first digit, or without any digit with another sign."""
    if any(character.isdigit() for character in answer):
        return re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10 or 8), answer, count=1)
    return answer[1:] if answer.startswith("-") else f"-{answer}"
