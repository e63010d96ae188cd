"""Problems made by program: exact answers, worked solutions, as many as wanted, the same bytes for the same
seed.

`problem.py` says what a problem is and which split it belongs to; `grade_school`, `arithmetic`, `calculus`
and `ml_math` make them. `textbooks.py` makes those of the demo, in two habits of writing.
"""

from tinyreason.synthetic.arithmetic import ARITHMETIC
from tinyreason.synthetic.calculus import CALCULUS
from tinyreason.synthetic.grade_school import GRADE_SCHOOL
from tinyreason.synthetic.ml_math import ML_MATH
from tinyreason.synthetic.problem import Domain, Problem
from tinyreason.synthetic.textbooks import textbook_problems

DOMAINS: dict[str, Domain] = {
    "grade_school": GRADE_SCHOOL,
    "arithmetic": ARITHMETIC,
    "calculus": CALCULUS,
    "ml_math": ML_MATH,
}

__all__ = ["DOMAINS", "Domain", "Problem", "problems", "textbook_problems"]


def problems(name: str, split: str, *, seed: int) -> list[dict[str, str]]:
    """The rows {question, reasoning, answer, source} of a split: train, validation, test or unseen, which has
    templates (or words) of its own. `synthetic` are the demo's textbook problems.
    """
    if name == "synthetic":
        return textbook_problems(split, seed=seed)
    return [
        {"question": p.question, "reasoning": p.reasoning, "answer": p.answer, "source": name}
        for p in DOMAINS[name].problems(split, seed=seed)
    ]
