"""Problems made by program: exact answers, worked solutions, as many as wanted, the same bytes for the same
seed.

`problem.py` says what a problem is and which split it belongs to; `grade_school`, `arithmetic`, `calculus`
and `ml_math` make them. `textbooks.py` makes those of the demo, in two habits of writing.
"""

from importlib import import_module

from tinyreason.synthetic.problem import Domain, Problem
from tinyreason.synthetic.textbooks import textbook_problems

DOMAINS = ("grade_school", "arithmetic", "calculus", "ml_math")

__all__ = ["DOMAINS", "Domain", "Problem", "domain", "problems", "textbook_problems"]


def domain(name: str) -> Domain:
    """A domain by its name, imported when it is wanted: reading hundreds of templates takes its time."""
    return vars(import_module(f"tinyreason.synthetic.{name}"))[name.upper()]


def problems(name: str, split: str, *, seed: int) -> list[dict[str, str]]:
    """The rows {question, reasoning, answer, source, steps} of a split: train, validation, test or unseen,
    which has templates (or words) of its own; those of a domain have their `type`, too. A step is a line of
    the reasoning. `synthetic` are the demo's textbook problems.
    """
    if name == "synthetic":
        rows = textbook_problems(split, seed=seed)
    else:
        rows = [
            {
                **{"question": p.question, "reasoning": p.reasoning, "answer": p.answer, "source": name},
                "type": p.template.partition("/")[0],
            }
            for p in domain(name).problems(split, seed=seed)
        ]
    return [{**row, "steps": str(row["reasoning"].count("\n") + 1)} for row in rows]
