"""What depends on a text alone, the same in every run and on every machine: it decides which split a text is
in, and whether it is there already.
"""

import hashlib


def fraction_of(text: str) -> float:
    """A number in [0, 1), spread evenly over texts."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48


def text_hash(text: str) -> str:
    """16 hex digits that texts share which differ in spaces and capitals alone."""
    folded = " ".join(text.split()).casefold()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]
