"""How an arithmetic problem is asked, and what all of them share."""

import random

from tinyreason.synthetic.problem import Problem

COMPUTE = ("What is {}?", "Calculate {}.", "Work out {}.", "Compute {}.", "Find the value of {}.")


def asked(rng: random.Random, wordings: tuple[str, ...], *values: object) -> str:
    """One of the wordings with its values, which may be drawn in any order: {0}, {1}, .."""
    return rng.choice(wordings).format(*values)


def expression_problem(
    rng: random.Random, template: str, expression: str, lines: list[str], answer: object
) -> Problem:
    """A problem that shows a whole expression, such as 3 + 4 * 5, and asks for its value."""
    program = f"answer = sympify({expression!r}, rational=True)"
    question = asked(rng, COMPUTE, expression)
    return Problem(template, expression, question, "\n".join(lines), str(answer), program)


def natural(rng: random.Random, shortest: int, longest: int) -> int:
    """A number of so many digits, every length as likely as another; never below 2."""
    digits = rng.randint(shortest, longest)
    return rng.randint(max(2, 10 ** (digits - 1)), 10**digits - 1)
