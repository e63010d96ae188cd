"""Which rows are train, validation and test: every dataset becomes {question, reasoning, answer, source}.

No question is in two splits: a training question that also occurs in the test file is dropped, and so is a
row that is malformed or whose answer the grader cannot read; each is counted with its reason. `seed` is the
split's, not a training run's: two runs to be compared share it. The test rows of a single file do not depend
on it.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tinyreason.answers import read_gold
from tinyreason.data.sources import (
    READERS,
    SPLITS,
    DataError,
    MalformedRowError,
    Record,
    Row,
    Source,
    file_sha256,
    gsm8k_row,
    locate,
    plain_row,
    read,
)
from tinyreason.synthetic import word_problems

logger = logging.getLogger(__name__)

DATASETS = {"gsm8k": SPLITS, "synthetic": (*SPLITS, "unseen")}
# a question in the files of two splits is dropped from the one that yields
YIELDS_TO = {"train": ("validation", "test"), "validation": ("test",), "test": ()}
VALIDATION_SHARE = 0.05  # of the training rows, where there is no validation file
TEST_SHARE = 0.10  # of a single file


@dataclass(frozen=True)
class Split:
    """`dropped` holds {reason, file, number, row}; `provenance` says which bytes the rows came from."""

    rows: list[Row]
    dropped: list[dict]
    provenance: dict

    def describe(self) -> str:
        """One line, such as: gsm8k/train: 7097 rows, 2 dropped (1 no "####", 1 duplicate question)."""
        reasons = Counter(entry["reason"] for entry in self.dropped)
        counts = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        line = "{dataset}/{split}: ".format(**self.provenance)
        line += f"{len(self.rows)} rows, {len(self.dropped)} dropped"
        return f"{line} ({counts})" if counts else line


def question_hash(question: str) -> str:
    """16 hex digits that equal questions share, whatever their spaces and capitals."""
    folded = " ".join(question.split()).casefold()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def load_split(
    dataset: str, split: str, *, data_dir: str | None = None, revision: str | None = None, seed: int = 0
) -> Split:
    """One split of gsm8k, of synthetic, of a local .jsonl or .parquet file, or of a folder of such files.

    gsm8k comes from `data_dir` where given, else from the Hub at `revision`: a branch, tag or commit. Raises
    DataError where no row is left.
    """
    _check_names(dataset, split)
    if dataset == "synthetic":
        loaded = _synthetic_split(split, seed)
    else:
        source = locate(dataset, split, data_dir=data_dir, revision=revision)
        loaded = _file_split(dataset, split, source, seed)
    if not loaded.rows:
        raise DataError(_nothing_left(loaded))
    logger.log(logging.WARNING if loaded.dropped else logging.INFO, loaded.describe())
    return loaded


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
            owner = owners.setdefault(question_hash(question), name)
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


def _check_names(dataset: str, split: str) -> None:
    path = Path(dataset)
    if dataset not in DATASETS and path.suffix not in READERS and not path.is_dir():
        raise DataError(
            f"dataset: unknown name {dataset!r}; choose from {', '.join(DATASETS)}, or give the path of a "
            ".jsonl or .parquet file or of a folder that holds train.jsonl"
        )
    known = DATASETS.get(dataset, SPLITS)
    if split not in known:
        raise DataError(f"split: {dataset} has no split {split!r}; choose from {', '.join(known)}")


def _nothing_left(loaded: Split) -> str:
    home, *_ = loaded.provenance["files"]
    fix = "every row needs a question and an answer that can be graded"
    if home["rows"] and not loaded.dropped:
        fix = f"too few to be divided, so give a folder with a file {loaded.provenance['split']}.jsonl"
    return f"{loaded.describe()} of the {home['rows']} in {home['file']}; {fix}"


def _synthetic_split(split: str, seed: int) -> Split:
    made = word_problems(split, seed=seed)
    records = [Record(number, row) for number, row in enumerate(made, start=1)]
    rows, dropped = _sift(records, "synthetic", partial(plain_row, source="synthetic"), {})
    files = [{"file": "synthetic", "sha256": _sha256(json.dumps(made)).hex(), "rows": len(made)}]
    return Split(rows, dropped, {"dataset": "synthetic", "split": split, "seed": seed, "files": files})


def _file_split(dataset: str, split: str, source: Source, seed: int) -> Split:
    home = source.home(split)
    others = [name for name in YIELDS_TO[split] if name in source.files and name != home]
    found = {name: list(read(source.files[name])) for name in (home, *others)}
    mine = [record for record in found[home] if _assigned(record.question, home, source.files, seed) == split]
    taken = {
        question_hash(record.question): f"question also in {name}"
        for name in others
        for record in found[name]
    }
    path = source.files[home]
    parse = partial(gsm8k_row, source=dataset) if dataset == "gsm8k" else partial(plain_row, source=path.name)
    rows, dropped = _sift(mine, path.name, parse, taken)
    files = [_fingerprint(source.files[name], len(records)) for name, records in found.items()]
    return Split(
        rows, dropped, {"dataset": dataset, "split": split, "seed": seed, **source.origin, "files": files}
    )


def _fingerprint(path: Path, rows: int) -> dict:
    return {"file": path.name, "sha256": file_sha256(path), "rows": rows}


def _assigned(question: str, home: str, files: Mapping[str, Path], seed: int) -> str:
    """The split that a row of the file `home` belongs to; a row without a question is counted with train."""
    if home in ("validation", "test"):
        return home
    if not question:
        return "train"
    if home == "all" and _fraction("test", question) < TEST_SHARE:
        return "test"
    if "validation" not in files and _fraction(f"validation {seed}", question) < VALIDATION_SHARE:
        return "validation"
    return "train"


def _fraction(salt: str, question: str) -> float:
    """A number in [0, 1) that depends on the salt and the question alone."""
    return int.from_bytes(_sha256(f"{salt} {question_hash(question)}")[:6]) / 2**48


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _sift(
    records: Sequence[Record], file: str, parse: Callable[[dict], Row], taken: Mapping[str, str]
) -> tuple[list[Row], list[dict]]:
    """The good rows, and the others with their reasons; `taken` says why a question hash cannot be had."""
    rows, dropped = [], []
    refused = dict(taken)
    for record in records:
        try:
            row = _checked_row(record, parse, refused)
        except MalformedRowError as problem:
            dropped.append({"reason": str(problem), "file": file, "number": record.number, "row": record.row})
        else:
            rows.append(row)
            refused[question_hash(row["question"])] = "duplicate question"
    return rows, dropped


def _checked_row(record: Record, parse: Callable[[dict], Row], refused: Mapping[str, str]) -> Row:
    if record.problem is not None:
        raise MalformedRowError(record.problem)
    if not isinstance(record.row, dict):
        raise MalformedRowError(f"row is {type(record.row).__name__}, not an object")
    row = parse(record.row)
    reason = refused.get(question_hash(row["question"]))
    if reason is not None:
        raise MalformedRowError(reason)
    answer = read_gold(row["answer"])
    if answer is None:
        raise MalformedRowError("unreadable answer")
    return {**row, "answer": answer}
