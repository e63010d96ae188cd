"""A pretraining corpus: texts, cleaned, each there once, none of them from a test set, as token ids on disk.

`documents.py` finds the texts, `cleaning.py` and `duplicates.py` say which are kept, `building.py` turns a
source into the files of `tokens.py`, from which rows are read.
"""

from tinyreason.corpus.building import Corpus, build_source, describe, read_seen
from tinyreason.corpus.documents import Document, documents
from tinyreason.corpus.duplicates import Seen
from tinyreason.corpus.tokens import Tokens, read_index

__all__ = [
    "Corpus",
    "Document",
    "Seen",
    "Tokens",
    "build_source",
    "describe",
    "documents",
    "read_index",
    "read_seen",
]
