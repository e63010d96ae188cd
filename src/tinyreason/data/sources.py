"""Where the files of a dataset are, on disk or on the Hub, and the records in them.

Which rows are used, and for what, is decided in `splits.py`. Files from the Hub are known by the commit they
were read at, and once read they are found again offline.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

SPLITS = ("train", "validation", "test")


def _parts(stem: str, count: int = 1) -> list[str]:
    return [f"{stem}-{part:05d}-of-{count:05d}.parquet" for part in range(count)]


# the repository of each named dataset, and its files for each split
HUB = {
    "gsm8k": ("openai/gsm8k", {"train": _parts("main/train"), "test": _parts("main/test")}),
    "gsm8k_variants": ("openai/gsm8k", {"test": _parts("main/test")}),
    "math": (
        "DigitalLearningGmbH/MATH-lighteval",
        {"train": _parts("data/train"), "test": _parts("data/test")},
    ),
    "math500": ("HuggingFaceH4/MATH-500", {"test": ["test.jsonl"]}),
    "mathinstruct": ("TIGER-Lab/MathInstruct", {"train": ["MathInstruct.json"]}),
    "metamathqa": ("meta-math/MetaMathQA", {"train": ["MetaMathQA-395K.json"]}),
    "numinamath": (
        "AI-MO/NuminaMath-CoT",
        {"train": _parts("data/train", 5), "test": _parts("data/test")},
    ),
    "openr1": ("open-r1/OpenR1-Math-220k", {"train": _parts("data/train", 10)}),
    "svamp": ("ChilleD/SVAMP", {"train": _parts("data/train"), "test": _parts("data/test")}),
}
FOLDERS = {"gsm8k_variants": "gsm8k"}  # below data_dir, where it is not the name
HUB_TIMEOUT = 10.0  # seconds until the Hub counts as out of reach; a download alone would try for minutes


class DataError(ValueError):
    """One sentence: which file or name, what is wrong with it, what to do."""


class Record(NamedTuple):
    """`number` is the line of the file or the row of the table, from 1; `row` is the bare line if no JSON."""

    file: str
    number: int
    row: object
    problem: str | None = None


@dataclass(frozen=True)
class Source:
    """`files` maps a split to its files, or "all" to the one file to be divided; `origin` names the place."""

    files: dict[str, list[Path]]
    origin: dict[str, str]

    def home(self, split: str) -> str:
        """The key of the file that holds the split; validation without a file of its own comes from train."""
        candidates = ("all", split, "train") if split == "validation" else ("all", split)
        return next(name for name in candidates if name in self.files)


def locate(dataset: str, split: str, *, data_dir: str | None, revision: str | None) -> Source:
    """The files of a named dataset (below `data_dir`, else from the Hub), of a folder, or a single file.

    A split that is trained on needs the files of those that it yields to; test needs its own alone.
    """
    path = Path(dataset)
    if dataset in HUB and data_dir is None:
        return _download(dataset, revision)
    if dataset in HUB:
        _, files = HUB[dataset]
        folder = Path(data_dir) / FOLDERS.get(dataset, dataset)
        inside = dict.fromkeys(folder / Path(name).parent for names in files.values() for name in names)
        patterns = {split: [*_patterns(split), *_others(split, names)] for split, names in files.items()}
        found = _find([folder, *(place for place in inside if place != folder)], patterns)
        wanted = [split] if split == "test" else list(files)
        return Source(_complete(found, wanted, patterns, folder), {"data_dir": data_dir})
    if path.is_dir():
        patterns = {split: _patterns(split) for split in SPLITS}
        found = _find([path], patterns)
        wanted = "train" if split == "validation" and "validation" not in found else split
        return Source(_complete(found, [wanted], patterns, path), {})
    if not path.is_file():
        raise DataError(f"dataset: there is no file {path}; correct the path")
    return Source({"all": [path]}, {})


def splits_in(folder: Path) -> list[str]:
    """The splits that have a file in a local folder."""
    return list(_find([folder], {split: _patterns(split) for split in SPLITS}))


def read(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Record]:
    """Every record of a .jsonl, .json (one array) or .parquet file; of a table these columns alone."""
    try:
        yield from READERS[path.suffix](path, needed, optional)
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


def _patterns(split: str) -> list[str]:
    return [f"{split}.jsonl", f"{split}.parquet", f"{split}-*-of-*.parquet"]


def _others(split: str, names: Sequence[str]) -> list[str]:
    """The name of a file on the Hub that follows none of the patterns."""
    return [Path(n).name for n in names if not n.endswith(".parquet") and n not in _patterns(split)]


def _find(folders: Sequence[Path], patterns: Mapping[str, Sequence[str]]) -> dict[str, list[Path]]:
    files = {}
    for split, alternatives in patterns.items():
        matches = [sorted(folder.glob(pattern)) for folder in folders for pattern in alternatives]
        found = [paths for paths in matches if paths]
        if len(found) > 1:
            raise DataError(f"{split} is there twice, {found[0][0]} and {found[1][0]}; remove one of them")
        if found:
            files[split] = _all_parts(found[0])
    return files


def _all_parts(paths: list[Path]) -> list[Path]:
    """The files; none is missing where their names count them, as in train-00001-of-00005.parquet."""
    first = paths[0].stem
    parts = int(first.rpartition("-")[2]) if "-of-" in first else 1
    if len(paths) != parts:
        raise DataError(f"{paths[0]} is one of {parts} parts, {len(paths)} are there; add the others")
    return paths


def _complete(
    files: dict[str, list[Path]],
    wanted: Sequence[str],
    patterns: Mapping[str, Sequence[str]],
    folder: Path,
) -> dict[str, list[Path]]:
    for split in wanted:
        if split not in files:
            looked_for = ", ".join(patterns.get(split, _patterns(split)))
            raise DataError(f"{folder} holds no {split} file; looked for {looked_for}")
    return files


def _download(dataset: str, revision: str | None) -> Source:
    """From the Hub, or from its local cache where the Hub is out of reach."""
    import httpx
    from huggingface_hub import HfApi, hf_hub_download

    # RuntimeError comes from the transfer library, ValueError from a proxy's page in place of JSON
    failures = (OSError, httpx.HTTPError, RuntimeError, ValueError)
    repo, names = HUB[dataset]
    name = revision or "main"
    unreachable = None
    try:
        HfApi().dataset_info(repo, revision=name, timeout=HUB_TIMEOUT)
    except failures as error:
        unreachable = error
    offline = unreachable is not None
    download = partial(hf_hub_download, repo, repo_type="dataset", local_files_only=offline)
    files: dict[str, list[Path]] = {}
    try:
        # by name first, so that the cache can answer for the name offline; then by the commit it stood for
        for split, parts in names.items():
            files[split] = []
            for part in parts:
                files[split].append(Path(download(part, revision=name)))
                name = _commit_of(files[split][-1], part)
    except failures as error:
        reason = _one_line(unreachable or error)
        local = " and ".join(f"{dataset}/{split}.jsonl" for split in names)
        raise DataError(
            f"{dataset}: {repo} at revision {revision or 'main'} could not be read from the Hub ({reason}) "
            "and is not in the local cache; check the network and the revision, or give --data_dir a folder "
            f"that holds {local}"
        ) from error
    return Source(files, {"repo_id": repo, "commit": name})


def _commit_of(path: Path, file: str) -> str:
    """The cache keeps a file below the commit it was read at."""
    return path.parents[len(Path(file).parts) - 1].name


def _read_json(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Iterator[Record]:
    try:
        rows = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no readable JSON file ({_one_line(error)}); replace it") from error
    if not isinstance(rows, list):
        raise DataError(f"{path} holds one {type(rows).__name__}, not an array of rows; give it as .jsonl")
    for number, row in enumerate(rows, start=1):
        yield Record(path.name, number, row)


def _read_jsonl(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Iterator[Record]:
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _parse_line(path.name, number, line)


def _parse_line(file: str, number: int, line: bytes) -> Record:
    try:
        return Record(file, number, json.loads(line))
    except (ValueError, RecursionError):  # no JSON, no UTF-8, thousands of digits, or brackets without end
        return Record(file, number, line.decode("utf-8", "replace").strip(), "broken JSON line")


def _read_parquet(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Iterator[Record]:
    import pyarrow
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as table:
            batches = table.iter_batches(columns=_columns(path, needed, optional, table.schema_arrow.names))
            rows = (row for batch in batches for row in batch.to_pylist())
            for number, row in enumerate(rows, start=1):
                yield Record(path.name, number, row)
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no readable Parquet file ({_one_line(error)}); replace it") from error


def _columns(path: Path, needed: Sequence[str], optional: Sequence[str], names: Sequence[str]) -> list[str]:
    for name in needed:
        if name not in names:
            raise DataError(f"{path} has no column {name!r}, only {', '.join(names)}; rename its columns")
    return [name for name in (*needed, *optional) if name in names]


READERS = {".json": _read_json, ".jsonl": _read_jsonl, ".parquet": _read_parquet}
