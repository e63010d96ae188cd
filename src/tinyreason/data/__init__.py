"""Data: where rows come from, which of them are train, validation and test, and the form the trainers take
them in.

`sources.py` finds and reads files, `splits.py` decides what is used for what, `examples.py` renders and
tokenises.
"""

from tinyreason.data.examples import TrainingData, load_prompts, load_solutions, tokenize_solutions
from tinyreason.data.sources import DataError, Row
from tinyreason.data.splits import (
    DATASETS,
    Split,
    check_disjoint,
    load_split,
    load_splits,
    question_hash,
    write_dropped,
)

__all__ = [
    "DATASETS",
    "DataError",
    "Row",
    "Split",
    "TrainingData",
    "check_disjoint",
    "load_prompts",
    "load_solutions",
    "load_split",
    "load_splits",
    "question_hash",
    "tokenize_solutions",
    "write_dropped",
]
