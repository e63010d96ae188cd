"""Whether a text has words in common with a test set: that is what a model must not have read."""

import re
from collections.abc import Iterable, Iterator

WORDS = 13  # in a row, as in Brown et al. 2020 (arXiv 2005.14165), appendix C
_WORD = re.compile(r"\w+")


class Overlap:
    """The word n-grams of some test questions. A question of fewer than `WORDS` words counts where it occurs
    whole, if it has at least 8.
    """

    def __init__(self, questions: Iterable[str]) -> None:
        self.grams: dict[int, set[str]] = {}
        for question in questions:
            words = words_of(question)
            length = min(WORDS, len(words))
            if length >= 8:
                self.grams.setdefault(length, set()).update(_runs(words, length))

    def found_in(self, text: str) -> str | None:
        """The first run of words that the text shares with a question, None where there is none."""
        words = words_of(text)
        for length, grams in self.grams.items():
            for run in _runs(words, length):
                if run in grams:
                    return run
        return None


def words_of(text: str) -> list[str]:
    """Letters and digits alone, in lower case: neither notation nor punctuation hides a copy."""
    return _WORD.findall(text.casefold())


def _runs(words: list[str], length: int) -> Iterator[str]:
    return (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))
