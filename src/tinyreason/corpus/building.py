"""One source of a corpus from its documents to its token files, resumed where it was last saved."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from tinyreason import chatml
from tinyreason.config import ConfigError, CorpusArguments, Source
from tinyreason.corpus.cleaning import fault
from tinyreason.corpus.documents import Document, documents
from tinyreason.corpus.duplicates import Seen
from tinyreason.corpus.tokens import INDEX, TokenFile, token_type
from tinyreason.data import DataError
from tinyreason.data.overlap import Overlap
from tinyreason.run import write_json
from tinyreason.tokenizer import fingerprint

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

SPLITS = ("train", "validation")
BATCH = 256  # documents that are tokenised together


@dataclass
class Corpus:
    """What all sources of a corpus share. `held_out` are the questions that no document may have words of, by
    the names of their datasets; those of a source's own dataset are kept from it by its splits. A source is
    saved every `save_tokens` tokens.
    """

    arguments: CorpusArguments
    tokenizer: "PreTrainedTokenizerBase"
    held_out: Mapping[str, Sequence[str]]
    seen: Seen
    save_tokens: int


def build_source(corpus: Corpus, source: Source, folder: Path) -> dict[str, Any]:
    """Writes the source's token files, as far as they are not there, and returns its index."""
    folder.mkdir(parents=True, exist_ok=True)
    index = _index(corpus, source, folder)
    if index["finished"]:
        return index
    overlap = Overlap(
        question for name, found in corpus.held_out.items() if name != source.dataset for question in found
    )
    files = {
        name: TokenFile(folder / f"{name}.bin", index["dtype"], index["tokens"][name]) for name in SPLITS
    }
    train = files["train"]
    found, origin = documents(_as_begun(source, index), corpus.arguments, start=index["documents_read"])
    if index.setdefault("origin", origin) != origin:
        raise ConfigError(f"{folder}: was begun from other files than are there now; remove it")
    saved = train.tokens
    with tqdm(desc=folder.name, unit=" tokens", unit_scale=True, initial=saved, disable=None) as bar:
        for batch in _batches(found):
            _add(corpus, source, overlap, batch, files, index)
            bar.update(train.tokens - bar.n)
            if source.max_tokens is not None and train.tokens >= source.max_tokens:
                break
            if train.tokens - saved >= corpus.save_tokens:
                _save(corpus.seen, folder, files, index)
                saved = train.tokens
    if not index["documents"]["train"]:
        raise DataError(
            f"{folder.name}: no document is left of {index['documents_read']}: {index['dropped']}"
        )
    index["finished"] = True
    _save(corpus.seen, folder, files, index)
    for file in files.values():
        file.close()
    return index


def read_seen(folder: Path, names: Iterable[str]) -> Seen:
    """What the sources of a corpus have kept in an earlier run, in whatever order they are built now."""
    seen = Seen()
    for place in (folder / name for name in names):
        if (place / INDEX).is_file():
            index = json.loads((place / INDEX).read_text())
            seen.read(place, index["texts"], index["sketches"])
    return seen


def describe(name: str, index: dict[str, Any]) -> str:
    """One line, such as: gsm8k: 1,234,567 tokens in 7,099 documents, validation 60,000 tokens in 374."""
    counts = [f"{index['tokens'][split]:,} tokens in {index['documents'][split]:,}" for split in SPLITS]
    dropped = ", ".join(f"{count:,} {reason}" for reason, count in index["dropped"].items())
    line = f"{name}: {counts[0]} documents, validation {counts[1]}"
    return f"{line}; left out: {dropped}" if dropped else line


def _as_begun(source: Source, index: dict[str, Any]) -> Source:
    """A Hub dataset at the commit at which an interrupted run began to read it."""
    begun = index.get("origin", [{}])[0]
    return replace(source, revision=begun["commit"]) if "commit" in begun and source.text else source


def _index(corpus: Corpus, source: Source, folder: Path) -> dict[str, Any]:
    """index.json as an earlier run left it, or a new one."""
    made_with = {
        **asdict(source),
        "tokenizer": fingerprint(corpus.tokenizer),
        "dataset_seed": corpus.arguments.dataset_seed,
        "answer_format": corpus.arguments.answer_format,
    }
    if (folder / INDEX).is_file():
        index = json.loads((folder / INDEX).read_text())
        differ = [key for key in made_with if index["made_with"].get(key) != made_with[key]]
        if differ:
            raise ConfigError(
                f"{folder}: was made with another {', '.join(differ)}; remove the folder, or choose another "
                "output_dir"
            )
        unknown = set(corpus.held_out) - set(index["held_out"])
        if unknown:
            raise ConfigError(
                f"{folder}: was made before {', '.join(sorted(unknown))} had to be kept out of it; remove it"
            )
        return index
    zeros = dict.fromkeys(SPLITS, 0)
    counters = {"documents_read": 0, "documents": dict(zeros), "tokens": dict(zeros), "dropped": {}}
    kept = {"texts": 0, "sketches": 0}
    dtype = token_type(len(corpus.tokenizer))
    held_out = sorted(corpus.held_out)
    settings = {"made_with": made_with, "held_out": held_out}
    return {"finished": False, "dtype": dtype, **counters, **kept, **settings}


def _batches(found: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def _add(
    corpus: Corpus,
    source: Source,
    overlap: Overlap,
    batch: list[Document],
    files: dict[str, TokenFile],
    index: dict[str, Any],
) -> None:
    """Tokenises what is kept of a batch, and counts the rest."""
    kept, reasons = [], Counter(index["dropped"])
    for document in batch:
        reason = _reason_to_drop(corpus.seen, source, overlap, document)
        if reason is None:
            kept.append(document)
        else:
            reasons[reason] += 1
    index["dropped"] = dict(reasons)
    index["documents_read"] += len(batch)
    if not kept:
        return
    end = corpus.tokenizer.convert_tokens_to_ids(chatml.PAD)
    encoded = corpus.tokenizer([document.text for document in kept], add_special_tokens=False)["input_ids"]
    for document, ids in zip(kept, encoded, strict=True):
        files[document.split].add([*ids, end])
        index["documents"][document.split] += 1


def _reason_to_drop(seen: Seen, source: Source, overlap: Overlap, document: Document) -> str | None:
    text, rendered = document.text, document.rendered
    reason = None if rendered else fault(text)
    if reason is None and overlap.found_in(text) is not None:
        reason = "with words of a held-out question"
    return reason or seen.duplicate(text, near=source.drop_near_duplicates and not rendered)


def _save(seen: Seen, folder: Path, files: dict[str, TokenFile], index: dict[str, Any]) -> None:
    """Makes what was written so far count."""
    for split, file in files.items():
        file.flush()
        index["tokens"][split] = file.tokens
    texts, sketches = seen.write(folder)
    index["texts"] += texts
    index["sketches"] += sketches
    write_json(folder / INDEX, index)
