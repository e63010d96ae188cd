"""The grader: whether an assistant turn answers a question correctly. Rewards, evaluation and data
preparation all call it.

`grading` decides, `extraction` finds the answer in a turn, `latex` and `numerals` read notations,
`comparison` compares structures (lists, tuples, assignments), `symbolic` asks a killable worker process that
runs Math-Verify. Importing this package imports the standard library alone.
"""

from tinyreason.answers.extraction import extract_answer, unboxed
from tinyreason.answers.grading import (
    NO_VERDICT,
    Verdict,
    answers_match,
    explain,
    grade,
    is_correct,
    read_gold,
)
from tinyreason.answers.symbolic import GraderCounts, grader_counts

__all__ = [
    "NO_VERDICT",
    "GraderCounts",
    "Verdict",
    "answers_match",
    "explain",
    "extract_answer",
    "grade",
    "grader_counts",
    "is_correct",
    "read_gold",
    "unboxed",
]
