"""Token ids on disk: flat little-endian files of uint16, or uint32 for a vocabulary of more than 65,536, that
are read by memory mapping.

Every document ends in `<|endoftext|>`, which no text can contain, so the stream itself says where documents
begin. A source's folder holds `train.bin`, `validation.bin` and `index.json`, which says how much of them
counts: what an interrupted run has written beyond that is cut off.
"""

import json
import os
from pathlib import Path

import numpy

from tinyreason.config import ConfigError

INDEX = "index.json"


def token_type(vocab_size: int) -> str:
    """numpy's name of the smallest type that holds every id."""
    return "<u2" if vocab_size <= 2**16 else "<u4"


class TokenFile:
    """A split while it is being written; `tokens` counts what it holds."""

    def __init__(self, path: Path, dtype: str, tokens: int) -> None:
        self.dtype, self.tokens = dtype, tokens
        cut_off(path, tokens * numpy.dtype(dtype).itemsize)
        self.file = open(path, "ab")  # noqa: SIM115, closed by close()

    def add(self, ids: list[int]) -> None:
        """A document after the others."""
        self.file.write(numpy.asarray(ids, dtype=self.dtype).tobytes())
        self.tokens += len(ids)

    def flush(self) -> None:
        """To the disk, so that index.json never counts what a power cut takes."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self) -> None:
        self.file.close()


def cut_off(path: Path, size: int) -> None:
    """Leaves the first `size` bytes, those that index.json counts; ConfigError where some are gone."""
    with open(path, "ab") as file:
        if file.tell() < size:
            raise ConfigError(
                f"{path}: lacks some of its {size} bytes; remove {path.parent} to make it again"
            )
        file.truncate(size)


class Tokens:
    """The rows of `length` tokens in a split of a source: windows that follow each other and do not overlap.
    What is left at the end, less than a row, is left out.
    """

    def __init__(self, folder: Path, split: str, length: int) -> None:
        index = read_index(folder)
        path, tokens = folder / f"{split}.bin", index["tokens"][split]
        if not path.is_file() or path.stat().st_size != tokens * numpy.dtype(index["dtype"]).itemsize:
            raise ConfigError(f"{path}: is not the {tokens} tokens that were written; make the corpus again")
        self.path, self.dtype, self.length = path, index["dtype"], length
        self.ids = self._mapped()

    def _mapped(self) -> numpy.ndarray:
        empty = not self.path.stat().st_size
        return numpy.zeros(0) if empty else numpy.memmap(self.path, dtype=self.dtype, mode="r")

    def __getstate__(self) -> dict:
        """Without the ids: a worker process that is not forked maps the file again, and copies nothing."""
        return {key: value for key, value in vars(self).items() if key != "ids"}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self.ids = self._mapped()

    def __len__(self) -> int:
        return len(self.ids) // self.length

    def __getitem__(self, row: int) -> numpy.ndarray:
        """The token ids of a row, int64, shape (length,)."""
        return self.ids[row * self.length : (row + 1) * self.length].astype(numpy.int64)


def read_index(folder: Path) -> dict:
    """The content of index.json; ConfigError where the source is not finished."""
    path = folder / INDEX
    index = json.loads(path.read_text()) if path.is_file() else {}
    if not index.get("finished", False):
        raise ConfigError(f"{folder}: holds no finished tokens; run recipes/corpus.py to its end first")
    return index
