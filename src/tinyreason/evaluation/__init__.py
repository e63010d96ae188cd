"""Evaluation: greedy accuracy with its interval, pass@k and maj@k, and the paired test of two models on the
same items.

`protocol.py` says what a score means, `prompts.py` what a model is asked, `runner.py` runs it, `results.py`
keeps what is done, `scores.py` counts, `comparison.py` compares, `table.py` prints.
"""

from tinyreason.evaluation.comparison import compare, compare_parts, without_lists
from tinyreason.evaluation.protocol import Protocol, standard_tokens
from tinyreason.evaluation.results import TESTS, read_items, result_folder
from tinyreason.evaluation.runner import Complete, evaluate
from tinyreason.evaluation.scores import breakdown, graded, sampled_scores, scores
from tinyreason.evaluation.table import harness_scores, paired_sentence, results_table

__all__ = [
    "TESTS",
    "Complete",
    "Protocol",
    "breakdown",
    "compare",
    "compare_parts",
    "evaluate",
    "graded",
    "harness_scores",
    "paired_sentence",
    "read_items",
    "result_folder",
    "results_table",
    "sampled_scores",
    "scores",
    "standard_tokens",
    "without_lists",
]
