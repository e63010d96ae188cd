"""Which texts are there already: word for word, or nearly, in this source or in one before it.

Near duplicates are found by MinHash (Broder 1997): texts whose sets of five-word runs have an estimated
Jaccard similarity of `THRESHOLD` share a bucket of the index. What was kept is written down, so that an
interrupted run and the next source know it.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy

from tinyreason.config import ConfigError
from tinyreason.corpus.tokens import cut_off
from tinyreason.data.overlap import words_of
from tinyreason.hashing import text_hash

THRESHOLD = 0.8
PERMUTATIONS = 128
SCHEME = "affine32"  # datasketch's name for 128 numbers of 32 bits
RUN = 5  # words
TEXTS, SKETCHES = "texts.u64", "sketches.u32"  # hashes of kept texts; their MinHash values, 128 a text


class Seen:
    """The texts that were kept so far. An index entry takes about 3 KB of memory, a hash 0.1 KB."""

    def __init__(self) -> None:
        self.texts: set[int] = set()
        self.index: Any = None  # datasketch's, from the first sketch on
        self.sketches = 0
        self.unwritten: list[tuple[int, numpy.ndarray | None]] = []

    def duplicate(self, text: str, *, near: bool) -> str | None:
        """Why the text is left out, None where it is new, and then it is remembered."""
        key = int(text_hash(text), 16)
        if key in self.texts:
            return "duplicate"
        sketch = _sketch(words_of(text)) if near else None
        if sketch is not None and self._near(sketch):
            return "near duplicate"
        self._remember(key, sketch)
        self.unwritten.append((key, sketch))
        return None

    def write(self, folder: Path) -> tuple[int, int]:
        """Adds what came since the last writing to the files of a source; how many texts and sketches."""
        hashes = numpy.array([key for key, _ in self.unwritten], dtype="<u8")
        sketches = [sketch for _, sketch in self.unwritten if sketch is not None]
        for name, values in ((TEXTS, hashes), (SKETCHES, numpy.array(sketches, dtype="<u4"))):
            with open(folder / name, "ab") as file:
                file.write(values.tobytes())
                file.flush()
                os.fsync(file.fileno())
        self.unwritten.clear()
        return len(hashes), len(sketches)

    def read(self, folder: Path, texts: int, sketches: int) -> None:
        """Remembers the first of what a source wrote, and cuts its files back to that."""
        for name, size in ((TEXTS, 8 * texts), (SKETCHES, 4 * PERMUTATIONS * sketches)):
            cut_off(folder / name, size)
        self.texts.update(numpy.fromfile(folder / TEXTS, dtype="<u8").tolist())
        for sketch in numpy.fromfile(folder / SKETCHES, dtype="<u4").reshape(-1, PERMUTATIONS):
            self._insert(sketch)

    def _remember(self, key: int, sketch: numpy.ndarray | None) -> None:
        self.texts.add(key)
        if sketch is not None:
            self._insert(sketch)

    def _near(self, sketch: numpy.ndarray) -> bool:
        return self.index is not None and bool(self.index.query(_minhash(sketch)))

    def _insert(self, sketch: numpy.ndarray) -> None:
        if self.index is None:
            self.index = _datasketch().MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
        self.index.insert(self.sketches, _minhash(sketch))
        self.sketches += 1


def _sketch(words: list[str]) -> numpy.ndarray:
    """128 numbers that two texts share as often as their runs of words are the same."""
    runs = {" ".join(words[start : start + RUN]).encode() for start in range(max(len(words) - RUN + 1, 1))}
    sketch = _datasketch().MinHash(num_perm=PERMUTATIONS, hashfunc=_hash32, scheme=SCHEME)
    sketch.update_batch(list(runs))
    return sketch.hashvalues.astype("<u4")


def _minhash(sketch: numpy.ndarray) -> Any:
    return _datasketch().MinHash(num_perm=PERMUTATIONS, hashvalues=sketch, scheme=SCHEME)


def _hash32(run: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(run, digest_size=4).digest())


def _datasketch() -> Any:
    try:
        import datasketch
    except ImportError as error:
        raise ConfigError(
            "drop_near_duplicates: needs datasketch; pip install -e '.[corpus]', or write false"
        ) from error
    return datasketch
