"""Two models on the same items: what the test says, and the words that it allows."""

from collections.abc import Sequence
from typing import Any

import numpy

from tinyreason import statistics
from tinyreason.evaluation.scores import Item, by_trait

LISTS = ("fixed_ids", "broken_ids", "both_wrong_ids")


def compare(items: Sequence[Item], against: Sequence[Item]) -> dict[str, Any]:
    """The paired test of the greedy completions of two models: exact McNemar, and a bootstrap interval of the
    difference in accuracy, `items` minus `against`. Which items changed is listed by id.

    Raises ValueError where the items are not the same.
    """
    if [entry["id"] for entry in items] != [entry["id"] for entry in against]:
        raise ValueError(
            "the two results are not on the same items; evaluate both with the same --dataset and --max_rows"
        )
    pairs = [(now["correct"], before["correct"]) for now, before in zip(items, against, strict=True)]
    fixed, broken, both_wrong = (
        [entry["id"] for entry, found in zip(items, pairs, strict=True) if found == pair]
        for pair in ((True, False), (False, True), (False, False))
    )
    after, before = (list(verdicts) for verdicts in zip(*pairs, strict=True))
    test = {
        "n": len(items),
        "accuracy": sum(after) / len(items),
        "against_accuracy": sum(before) / len(items),
        "difference": (len(fixed) - len(broken)) / len(items),
        "ci95": list(statistics.paired_bootstrap(before, after, rng=numpy.random.default_rng(0))),
        "fixed": len(fixed),
        "broken": len(broken),
        "both_wrong": len(both_wrong),
        "p_value": statistics.mcnemar_exact(len(fixed), len(broken)),
    }
    lists = dict(zip(LISTS, (fixed, broken, both_wrong), strict=True))
    return {**test, "verdict": statistics.verdict(test["difference"], test["p_value"], len(items)), **lists}


def compare_parts(items: Sequence[Item], against: Sequence[Item]) -> dict[str, Any]:
    """{"by_source": the comparison of each source}, {} where there is only one."""
    parts = by_trait(items, "source")
    others = by_trait(against, "source")
    if len(parts) == 1:
        return {}
    return {"by_source": {name: without_lists(compare(part, others[name])) for name, part in parts.items()}}


def without_lists(comparison: dict[str, Any]) -> dict[str, Any]:
    """The figures alone."""
    return {key: value for key, value in comparison.items() if key not in LISTS}
