"""What is loaded under a name: the splits of one dataset, or of several at once, as in gsm8k+metamathqa.

A mixture holds the rows of all its parts in a seeded order, so that the first of them are a fair sample. What
one of them has in test or validation, no other trains on, and a solution that two have is there once.
"""

import json
import logging
import random
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from tinyreason.data.division import YIELDS_TO, Split, divided, solution_hash
from tinyreason.data.layouts import Row
from tinyreason.data.sources import HUB, READERS, SPLITS, DataError, splits_in
from tinyreason.hashing import text_hash
from tinyreason.synthetic import DOMAINS

logger = logging.getLogger(__name__)

DATASETS = {
    **{
        name: tuple(s for s in SPLITS if s in files or (s == "validation" and "train" in files))
        for name, (_, files) in HUB.items()
    },
    **dict.fromkeys(("synthetic", *DOMAINS), (*SPLITS, "unseen")),
}


def load_split(
    dataset: str, split: str, *, data_dir: str | None = None, revision: str | None = None, seed: int = 0
) -> Split:
    """One split of a dataset of DATASETS, of a local .jsonl, .json or .parquet file, or of a folder of such
    files; of several, joined by +.

    Named datasets come from `data_dir` where given, else from the Hub at `revision`: a branch, tag or commit,
    for a mixture one for each, joined by +. Raises DataError where no row is left.
    """
    names = parts_of(dataset)
    if len({Path(name).name for name in names}) < len(names):
        raise DataError(f"dataset: two parts of {dataset} have one name; rename one of them")
    revisions = [None] * len(names) if revision is None else revision.split("+")
    if len(revisions) != len(names):
        raise DataError(f"dataset_revision: {revision} is not one for each of {dataset}; join them by +")
    for name in names:
        _check_names(name, split)
    loaders = {
        name: partial(divided, name, data_dir=data_dir, revision=commit, seed=seed)
        for name, commit in zip(names, revisions, strict=True)
    }
    parts = {name: load(split) for name, load in loaders.items()}
    for part in parts.values():
        part.check_not_empty()
    found = parts[names[0]] if len(names) == 1 else _mixed(split, parts, _reserved(split, loaders), seed)
    logger.log(logging.WARNING if found.dropped else logging.INFO, found.describe())
    return found


def parts_of(dataset: str) -> list[str]:
    """The names in a mixture; a path that is there is one name, whatever is in it."""
    return [dataset] if Path(dataset).exists() else dataset.split("+")


def load_splits(
    dataset: str,
    splits: Sequence[str],
    *,
    data_dir: str | None = None,
    revision: str | None = None,
    seed: int = 0,
) -> dict[str, Split]:
    """Several splits by name, checked to share no question."""
    load = partial(load_split, dataset, data_dir=data_dir, revision=revision, seed=seed)
    loaded = {split: load(split) for split in splits}
    check_disjoint({split: part.rows for split, part in loaded.items()})
    return loaded


def check_disjoint(splits: Mapping[str, list[Row]]) -> None:
    """Raises DataError with the first question that two of the splits share."""
    owners: dict[str, str] = {}
    for name, rows in splits.items():
        for row in rows:
            question = row["question"]
            owner = owners.setdefault(text_hash(question), name)
            if owner != name:
                raise DataError(f"{owner} and {name} share the question {question!r}; remove it from one")


def write_dropped(path: str | Path, splits: Mapping[str, Split]) -> None:
    """One JSON line a dropped row; no file where none was dropped, not even an earlier run's."""
    entries = [{"split": name, **entry} for name, part in splits.items() for entry in part.dropped]
    if not entries:
        Path(path).unlink(missing_ok=True)
        return
    with open(path, "w", encoding="utf-8") as file:
        for entry in entries:
            file.write(json.dumps(entry, default=str) + "\n")  # str: Parquet holds dates and bytes too


def is_known(name: str) -> bool:
    """Whether it is a named dataset or looks like the path of one; the file may not be there yet."""
    path = Path(name)
    return name in DATASETS or path.suffix in READERS or path.is_dir()


def _check_names(dataset: str, split: str) -> None:
    if not is_known(dataset):
        raise DataError(
            f"dataset: unknown name {dataset!r}; choose from {', '.join(DATASETS)}, or give the path of a "
            ".jsonl, .json or .parquet file or of a folder that holds train.jsonl"
        )
    known = DATASETS.get(dataset, SPLITS)
    if split not in known:
        raise DataError(f"split: {dataset} has no split {split!r}; choose from {', '.join(known)}")


def _reserved(split: str, loaders: Mapping[str, partial]) -> dict[str, str]:
    """Question hash -> why it cannot be had: the questions of the splits that this one yields to."""
    return {
        text_hash(row["question"]): f"question also in {name}/{other}"
        for name, load in loaders.items()
        for other in YIELDS_TO.get(split, ())
        if other in splits_of(name)
        for row in load(other).rows
    }


def splits_of(name: str) -> Sequence[str]:
    """Those that can be loaded; validation can be taken out of train everywhere."""
    path = Path(name)
    return ["validation", *splits_in(path)] if path.is_dir() else DATASETS.get(name, SPLITS)


def _mixed(split: str, parts: Mapping[str, Split], reserved: Mapping[str, str], seed: int) -> Split:
    rows, dropped = [], [entry for part in parts.values() for entry in part.dropped]
    refused = dict(reserved)
    for row in (row for part in parts.values() for row in part.rows):
        solution, question = solution_hash(row), text_hash(row["question"])
        reason = refused.get(question) or refused.get(solution)
        if reason is None:
            rows.append(row)
            refused[solution] = "duplicate solution"
        else:
            dropped.append({"reason": reason, "file": row["source"], "number": None, "row": row})
    random.Random(seed).shuffle(rows)
    provenance = {"dataset": "+".join(parts), "split": split, "seed": seed}
    return Split(rows, dropped, {**provenance, "parts": [part.provenance for part in parts.values()]})
