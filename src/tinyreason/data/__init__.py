"""Data: where rows come from, which of them are train, validation and test, and the form the trainers take
them in.

`sources.py` finds and reads files, `layouts.py` reads rows out of their records, `division.py` decides which
of them are used for what, `splits.py` loads and mixes, `examples.py` renders and tokenises, `overlap.py` and
`contamination.py` find test questions in training data.
"""

from tinyreason.data.contamination import contamination, contamination_sentences
from tinyreason.data.division import Split
from tinyreason.data.examples import TrainingData, load_prompts, load_solutions, tokenize_solutions
from tinyreason.data.layouts import TRAITS, Row
from tinyreason.data.sources import HUB, DataError
from tinyreason.data.splits import DATASETS, check_disjoint, load_split, load_splits, parts_of, write_dropped

__all__ = [
    "DATASETS",
    "HUB",
    "TRAITS",
    "DataError",
    "Row",
    "Split",
    "TrainingData",
    "check_disjoint",
    "contamination",
    "contamination_sentences",
    "load_prompts",
    "load_solutions",
    "load_split",
    "load_splits",
    "parts_of",
    "tokenize_solutions",
    "write_dropped",
]
