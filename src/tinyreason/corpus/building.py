"""One source of a corpus from its documents to its token files, resumed where it was last saved."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from tinyreason import chatml
from tinyreason.config import ConfigError, CorpusArguments, Source
from tinyreason.corpus.cleaning import clean, fault
from tinyreason.corpus.documents import Document, documents
from tinyreason.corpus.duplicates import Seen
from tinyreason.corpus.tokens import INDEX, TokenFile, token_type
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
    index = _index(corpus, source, folder / INDEX)
    corpus.seen.read(folder, index["texts"], index["sketches"])
    if index["finished"]:
        return index
    overlap = Overlap(
        question for name, found in corpus.held_out.items() if name != source.dataset for question in found
    )
    files = {
        name: TokenFile(folder / f"{name}.bin", index["dtype"], index["tokens"][name]) for name in SPLITS
    }
    train = files["train"]
    found, index["origin"] = documents(source, corpus.arguments, start=index["documents_read"])
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
    index["finished"] = True
    _save(corpus.seen, folder, files, index)
    for file in files.values():
        file.close()
    return index


def describe(name: str, index: dict[str, Any]) -> str:
    """One line, such as: gsm8k: 1,234,567 tokens in 7,099 documents, validation 60,000 tokens in 374."""
    counts = [f"{index['tokens'][split]:,} tokens in {index['documents'][split]:,}" for split in SPLITS]
    dropped = ", ".join(f"{count:,} {reason}" for reason, count in index["dropped"].items())
    line = f"{name}: {counts[0]} documents, validation {counts[1]}"
    return f"{line}; left out: {dropped}" if dropped else line


def _index(corpus: Corpus, source: Source, path: Path) -> dict[str, Any]:
    """index.json as an earlier run left it, or a new one."""
    made_with = {
        **asdict(source),
        "tokenizer": fingerprint(corpus.tokenizer),
        "held_out": sorted(corpus.held_out),
        "dataset_seed": corpus.arguments.dataset_seed,
        "answer_format": corpus.arguments.answer_format,
    }
    if path.is_file():
        index = json.loads(path.read_text())
        differ = [key for key in made_with if index["made_with"].get(key) != made_with[key]]
        if differ:
            raise ConfigError(
                f"{path.parent}: was made with another {', '.join(differ)}; remove the folder, or choose "
                "another output_dir"
            )
        return index
    zeros = dict.fromkeys(SPLITS, 0)
    counters = {"documents_read": 0, "documents": dict(zeros), "tokens": dict(zeros), "dropped": {}}
    kept = {"texts": 0, "sketches": 0}
    dtype = token_type(len(corpus.tokenizer))
    return {"finished": False, "dtype": dtype, **counters, **kept, "made_with": made_with}


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
        text = document.text if document.rendered else chatml.plain(clean(document.text))
        reason = _reason_to_drop(corpus.seen, source, overlap, text, rendered=document.rendered)
        if reason is None:
            kept.append((document.split, text))
        else:
            reasons[reason] += 1
    index["dropped"] = dict(reasons)
    index["documents_read"] += len(batch)
    if not kept:
        return
    end = corpus.tokenizer.convert_tokens_to_ids(chatml.PAD)
    encoded = corpus.tokenizer([text for _, text in kept], add_special_tokens=False)["input_ids"]
    for (split, _), ids in zip(kept, encoded, strict=True):
        files[split].add([*ids, end])
        index["documents"][split] += 1


def _reason_to_drop(seen: Seen, source: Source, overlap: Overlap, text: str, *, rendered: bool) -> str | None:
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
