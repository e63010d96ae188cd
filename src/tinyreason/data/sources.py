"""Where the files of a dataset are, on disk or on the Hub, and how a row is read out of its layout.

Which rows are used, and for what, is decided in `splits.py`. Files from the Hub are known by the commit they
were read at, and once read they are found again offline.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

SPLITS = ("train", "validation", "test")
HUB_REPO = "openai/gsm8k"
HUB_FILES = {split: f"main/{split}-00000-of-00001.parquet" for split in ("train", "test")}
HUB_TIMEOUT = 10.0  # seconds until the Hub counts as out of reach; a download alone would try for minutes

Row = dict[str, str]  # question, reasoning, answer, source

_CALCULATOR_MARK = re.compile(r"<<[^<>\n]*>>")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


class DataError(ValueError):
    """One sentence: which file or name, what is wrong with it, what to do."""


class MalformedRowError(ValueError):
    """The reason why a row is dropped."""


class Record(NamedTuple):
    """`number` is the line of the file or the row of the table, from 1; `row` is the bare line if no JSON."""

    number: int
    row: object
    problem: str | None = None

    @property
    def question(self) -> str:
        """The question as it stands in the file, "" where there is none."""
        question = self.row.get("question") if isinstance(self.row, dict) else None
        return question if isinstance(question, str) else ""


@dataclass(frozen=True)
class Source:
    """`files` maps a split to its file, or "all" to the one file to be divided; `origin` names the place."""

    files: dict[str, Path]
    origin: dict[str, str]

    def home(self, split: str) -> str:
        """The key of the file that holds the split; validation without a file of its own comes from train."""
        candidates = ("all", split, "train") if split == "validation" else ("all", split)
        return next(name for name in candidates if name in self.files)


def locate(dataset: str, split: str, *, data_dir: str | None, revision: str | None) -> Source:
    """The files of gsm8k (below `data_dir`, else from the Hub), of a folder, or a single file."""
    path = Path(dataset)
    if dataset == "gsm8k" and data_dir is None:
        return _download_gsm8k(revision)
    if dataset == "gsm8k":
        folder = Path(data_dir) / "gsm8k"
        found = _find([folder, folder / "main"], ("train", "test"))
        return Source(_complete(found, ("train", "test"), folder), {"data_dir": data_dir})
    if path.is_dir():
        found = _find([path], SPLITS)
        wanted = "train" if split == "validation" and "validation" not in found else split
        return Source(_complete(found, (wanted,), path), {})
    if not path.is_file():
        raise DataError(f"dataset: there is no file {path}; correct the path")
    return Source({"all": path}, {})


def read(path: Path) -> Iterator[Record]:
    """Every record of a .jsonl or .parquet file, as it stands there."""
    try:
        yield from READERS[path.suffix](path)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror or _one_line(error)}); replace it"
        ) from error


def file_sha256(path: Path) -> str:
    """In 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _file_names(split: str) -> tuple[str, str, str]:
    return f"{split}.jsonl", f"{split}.parquet", f"{split}-00000-of-00001.parquet"


def _find(folders: Sequence[Path], splits: Sequence[str]) -> dict[str, Path]:
    files = {}
    for split in splits:
        paths = [folder / name for folder in folders for name in _file_names(split)]
        found = [path for path in paths if path.is_file()]
        if len(found) > 1:
            raise DataError(f"{split} is there twice, {found[0]} and {found[1]}; remove one of them")
        if found:
            files[split] = found[0]
    return files


def _complete(files: dict[str, Path], needed: Sequence[str], folder: Path) -> dict[str, Path]:
    for split in needed:
        if split not in files:
            raise DataError(f"{folder} holds no {split} file; looked for {', '.join(_file_names(split))}")
    return files


def _download_gsm8k(revision: str | None) -> Source:
    """From the Hub, or from its local cache where the Hub is out of reach."""
    import httpx
    from huggingface_hub import HfApi, hf_hub_download

    # RuntimeError comes from the transfer library, ValueError from a proxy's page in place of JSON
    failures = (OSError, httpx.HTTPError, RuntimeError, ValueError)
    name = revision or "main"
    unreachable = None
    try:
        HfApi().dataset_info(HUB_REPO, revision=name, timeout=HUB_TIMEOUT)
    except failures as error:
        unreachable = error
    offline = unreachable is not None
    download = partial(hf_hub_download, HUB_REPO, repo_type="dataset", local_files_only=offline)
    try:
        # by name first, so that the cache can answer for the name offline; then by the commit it stood for
        train = Path(download(HUB_FILES["train"], revision=name))
        commit = train.parents[1].name
        test = Path(download(HUB_FILES["test"], revision=commit))
    except failures as error:
        reason = _one_line(unreachable or error)
        raise DataError(
            f"gsm8k: {HUB_REPO} at revision {name} could not be read from the Hub ({reason}) and is not in "
            "the local cache; check the network and the revision, or give --data_dir a folder that holds "
            "gsm8k/train.jsonl and gsm8k/test.jsonl"
        ) from error
    return Source({"train": train, "test": test}, {"repo_id": HUB_REPO, "commit": commit})


def _read_jsonl(path: Path) -> Iterator[Record]:
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _parse_line(number, line)


def _parse_line(number: int, line: bytes) -> Record:
    try:
        return Record(number, json.loads(line))
    except (ValueError, RecursionError):  # no JSON, no UTF-8, thousands of digits, or brackets without end
        return Record(number, line.decode("utf-8", "replace").strip(), "broken JSON line")


def _read_parquet(path: Path) -> Iterator[Record]:
    import pyarrow
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as table:
            batches = table.iter_batches(columns=_columns(path, table.schema_arrow.names))
            rows = (row for batch in batches for row in batch.to_pylist())
            for number, row in enumerate(rows, start=1):
                yield Record(number, row)
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no readable Parquet file ({_one_line(error)}); replace it") from error


def _columns(path: Path, names: Sequence[str]) -> list[str]:
    for name in ("question", "answer"):
        if name not in names:
            raise DataError(f"{path} has no column {name!r}, only {', '.join(names)}; rename its columns")
    return [name for name in ("question", "answer", "reasoning") if name in names]


def plain_row(row: dict, *, source: str) -> Row:
    """A row {question, answer, reasoning}; without reasoning, "####" in the answer means GSM8K's layout."""
    question, answer, reasoning = _needed(row, "question"), _needed(row, "answer"), _text(row, "reasoning")
    if "####" in answer and reasoning:
        raise MalformedRowError('reasoning beside an answer with "####"')
    if "####" in answer:
        return gsm8k_row(row, source=source)
    return _row(question, reasoning, answer, source)


def gsm8k_row(row: dict, *, source: str) -> Row:
    """A row whose answer is the worked solution with "#### X" at its end; thousands lose their commas."""
    question, solution = _needed(row, "question"), _needed(row, "answer")
    reasoning, *tails = solution.split("####")
    if len(tails) != 1:
        raise MalformedRowError('more than one "####"' if tails else 'no "####"')
    answer = tails[0].strip()
    if not answer:
        raise MalformedRowError("no answer")
    if _THOUSANDS.fullmatch(answer):
        answer = answer.replace(",", "")
    return _row(question, reasoning, answer, source)


def _row(question: str, reasoning: str, answer: str, source: str) -> Row:
    reasoning = _CALCULATOR_MARK.sub("", reasoning).strip()
    return {"question": question, "reasoning": reasoning, "answer": answer, "source": source}


def _needed(row: dict, name: str) -> str:
    value = _text(row, name)
    if not value:
        raise MalformedRowError(f"no {name}")
    return value


def _text(row: dict, name: str) -> str:
    """The field without the space around it, "" where it is missing; an answer may be a whole number."""
    value = row.get(name)
    if value is None:
        return ""
    if name == "answer" and type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise MalformedRowError(f"{name} is {type(value).__name__}, not text")
    try:
        value.encode()
    except UnicodeEncodeError:  # JSON can spell a lone surrogate, which no tokenizer can read
        raise MalformedRowError(f"{name} holds half a character") from None
    return value.strip()


READERS = {".jsonl": _read_jsonl, ".parquet": _read_parquet}
