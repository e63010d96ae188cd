"""How one dataset is divided: which of its rows are train, validation and test.

No question is in two splits: a training question that also occurs in the test file is dropped, and so is a
row that is malformed or whose answer the grader cannot read; each is counted with its reason. `seed` is the
split's, not a training run's: two runs to be compared share it. The test rows of a single file do not depend
on it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinyreason.answers import read_gold
from tinyreason.data.layouts import LAYOUTS, PLAIN, Layout, MalformedRowError, Row
from tinyreason.data.sources import SPLITS, DataError, Record, Source, file_sha256, locate, read
from tinyreason.hashing import fraction_of, text_hash
from tinyreason.synthetic import DOMAINS, problems

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

    def check_not_empty(self) -> None:
        """Raises DataError where no row is left."""
        if self.rows:
            return
        home, *_ = self.provenance["files"]
        fix = "every row needs a question and an answer that can be graded"
        if home["rows"] and not self.dropped:
            fix = f"too few to be divided, so give a folder with a file {self.provenance['split']}.jsonl"
        raise DataError(f"{self.describe()} of the {home['rows']} in {home['file']}; {fix}")


def divided(dataset: str, split: str, *, data_dir: str | None, revision: str | None, seed: int) -> Split:
    """One split of one dataset, which may be empty."""
    if dataset in ("synthetic", *DOMAINS):
        return _synthetic_split(dataset, split, seed)
    source = locate(dataset, split, data_dir=data_dir, revision=revision)
    return _file_split(dataset, split, source, seed)


def solution_hash(row: Row) -> str:
    """16 hex digits that rows with one question and one solution share, whatever their spaces."""
    return text_hash(row["question"] + " => " + "".join((row["reasoning"] + row["answer"]).split()))


def _synthetic_split(dataset: str, split: str, seed: int) -> Split:
    made = problems(dataset, split, seed=seed)
    records = [Record(dataset, number, row) for number, row in enumerate(made, start=1)]
    rows, dropped = _sift(records, PLAIN, dataset, {})
    files = [
        {"file": dataset, "sha256": hashlib.sha256(json.dumps(made).encode()).hexdigest(), "rows": len(made)}
    ]
    return Split(rows, dropped, {"dataset": dataset, "split": split, "seed": seed, "files": files})


def _file_split(dataset: str, split: str, source: Source, seed: int) -> Split:
    home = source.home(split)
    others = [name for name in YIELDS_TO[split] if name in source.files and name != home]
    layout = LAYOUTS.get(dataset, PLAIN)
    found = {
        name: [record for path in source.files[name] for record in read(path, layout.needed, layout.optional)]
        for name in (home, *others)
    }
    divided_home = {name: [] for name in SPLITS}
    for record in found[home]:
        divided_home[_assigned(layout.origin_in(record.row), home, source.files, seed)].append(record)
    # one file, too, may have a question twice on two sides, made from two others
    taken = {
        text_hash(layout.question_in(record.row)): f"question also in {name}"
        for name in YIELDS_TO[split]
        for record in (found[name] if name in others else divided_home[name])
    }
    origin = dataset if dataset in LAYOUTS else Path(dataset).name
    rows, dropped = _sift(divided_home[split], layout, origin, taken)
    counts = Counter(record.file for records in found.values() for record in records)
    files = [_fingerprint(path, counts[path.name]) for name in found for path in source.files[name]]
    return Split(
        rows, dropped, {"dataset": dataset, "split": split, "seed": seed, **source.origin, "files": files}
    )


def _fingerprint(path: Path, rows: int) -> dict:
    return {"file": path.name, "sha256": file_sha256(path), "rows": rows}


def _assigned(question: str, home: str, files: Mapping[str, list[Path]], seed: int) -> str:
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
    return fraction_of(f"{salt} {text_hash(question)}")


def _sift(
    records: Sequence[Record], layout: Layout, source: str, taken: Mapping[str, str]
) -> tuple[list[Row], list[dict]]:
    """The good rows, and the others with their reasons; `taken` says why a question hash cannot be had."""
    rows, dropped = [], []
    refused = dict(taken)
    for record in records:
        try:
            row = _checked_row(record, layout, source, refused)
        except MalformedRowError as problem:
            place = {"file": record.file, "number": record.number}
            dropped.append({"reason": str(problem), **place, "row": record.row})
        else:
            rows.append(row)
            if layout.repeats:
                refused[solution_hash(row)] = "duplicate solution"
            else:
                refused[text_hash(row["question"])] = "duplicate question"
    return rows, dropped


def _checked_row(record: Record, layout: Layout, source: str, refused: Mapping[str, str]) -> Row:
    if record.problem is not None:
        raise MalformedRowError(record.problem)
    if not isinstance(record.row, dict):
        raise MalformedRowError(f"row is {type(record.row).__name__}, not an object")
    row = layout.parse(record.row, source=source)
    for key in (text_hash(row["question"]), solution_hash(row)):
        if key in refused:
            raise MalformedRowError(refused[key])
    answer = read_gold(row["answer"])
    if answer is None:
        raise MalformedRowError("unreadable answer")
    return {**row, "answer": answer}
