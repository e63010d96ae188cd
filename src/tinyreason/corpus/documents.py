"""Documents: the texts of one source, from files, from the Hub, or rendered from problems.

A problem becomes the conversation that fine-tuning shows later, so that one form serves the whole way. The
documents of a .txt file are parted by two blank lines; in the other files a row is a document.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tinyreason import chatml
from tinyreason.config import CorpusArguments, Source
from tinyreason.corpus.cleaning import clean
from tinyreason.data import DataError, load_splits
from tinyreason.data.sources import HUB_TIMEOUT, READERS, file_sha256, read
from tinyreason.hashing import fraction_of

VALIDATION_SHARE = 0.01  # of the texts, by their hash; a dataset has a validation split of its own


class Document(NamedTuple):
    """A clean text and the split it is in. `rendered` says that its control tokens are ours; in other texts
    there are none.
    """

    text: str
    split: str
    rendered: bool


def documents(
    source: Source, corpus: CorpusArguments, *, start: int = 0
) -> tuple[Iterator[Document], list[dict]]:
    """The documents of a source from number `start` on, and which bytes they come from."""
    if source.dataset is not None:
        found, origin = _problems(source, corpus)
        return islice(found, start, None), origin
    files = _files_below(Path(source.text))
    if not files:
        return _hub_texts(source, start)
    texts = islice((text for path in files for text in _texts_in(path, source)), start, source.max_documents)
    origin = [{"file": path.name, "sha256": file_sha256(path)} for path in files]
    return map(_found, texts), origin


def _found(text: str) -> Document:
    cleaned = chatml.plain(clean(text))
    return Document(cleaned, split_of(cleaned), False)


def split_of(text: str) -> str:
    """train or validation, by the text alone: repeated or found again, it stays where it is."""
    return "validation" if fraction_of(" ".join(text.split())) < VALIDATION_SHARE else "train"


def _problems(source: Source, corpus: CorpusArguments) -> tuple[Iterator[Document], list[dict]]:
    """Validation first; `max_documents` is for train."""
    splits = load_splits(
        source.dataset,
        ("validation", "train"),
        data_dir=corpus.data_dir,
        revision=source.revision,
        seed=corpus.dataset_seed,
    )
    limits = {"validation": None, "train": source.max_documents}
    found = (
        Document(chatml.render_conversation(row, corpus.answer_format), name, True)
        for name, split in splits.items()
        for row in split.rows[: limits[name]]
    )
    return found, [split.provenance for split in splits.values()]


def _files_below(path: Path) -> list[Path]:
    """The file, or those of a folder in the order of their names; [] for what is not on disk."""
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    files = [file for file in inside if file.is_file() and file.suffix in (".txt", *READERS)]
    if path.exists() and not files:
        raise DataError(f"{path}: holds no .txt, {', '.join(READERS)} file; correct the path")
    if not path.exists() and (path.suffix in (".txt", *READERS) or len(path.parts) != 2):
        raise DataError(f"{path}: no such file or folder; correct the path, or give a Hub dataset")
    return files


def _texts_in(path: Path, source: Source) -> Iterator[str]:
    if path.suffix == ".txt":
        yield from _paragraphs(path)
        return
    for record in read(path, [source.column]):
        if not isinstance(record.row, dict) or source.column not in record.row:
            raise DataError(
                f"{path}, row {record.number}: has no column {source.column!r}; write column: NAME"
            )
        yield record.row[source.column] or ""


def _paragraphs(path: Path) -> Iterator[str]:
    """What stands between two blank lines, read a line at a time, however long the file is."""
    lines: list[str] = []
    blank = 0
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            blank = 0 if line.strip() else blank + 1
            if blank < 2:
                lines.append(line)
            elif text := "".join(lines).strip():
                yield text
                lines = []
    if text := "".join(lines).strip():
        yield text


def _hub_texts(source: Source, start: int) -> tuple[Iterator[Document], list[dict]]:
    """A dataset on the Hub as it streams: no more is downloaded than is read."""
    from datasets import load_dataset
    from huggingface_hub import HfApi

    try:
        revision = source.revision or "main"
        commit = HfApi().dataset_info(source.text, revision=revision, timeout=HUB_TIMEOUT).sha
        stream = load_dataset(
            source.text,
            source.config,
            data_dir=source.folder,
            split="train",
            revision=commit,
            streaming=True,
        ).select_columns([source.column])
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise DataError(f"{source.text} cannot be read from the Hub ({reason}); check its name") from error
    rows = stream.skip(start)
    if source.max_documents is not None:
        rows = rows.take(max(source.max_documents - start, 0))
    origin = [{"repo_id": source.text, "config": source.config, "folder": source.folder, "commit": commit}]
    return (_found(row[source.column] or "") for row in rows), origin
