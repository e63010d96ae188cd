"""Whether a text has words in common with a test set: that is what a model must not have read."""

import re
from collections import defaultdict
from collections.abc import Iterable

LONGEST = 13  # words in a row, as in Brown et al. 2020 (arXiv 2005.14165), appendix C
SHORTEST = 8  # a question of fewer words is in many texts by chance
_WORD = re.compile(r"\w+")


class Overlap:
    """The runs of 13 words of some test questions; of a question that is shorter, but has at least 8, the
    whole.
    """

    def __init__(self, questions: Iterable[str]) -> None:
        self.runs: dict[str, set[tuple[str, ...]]] = defaultdict(set)  # the first 8 words -> those after them
        for question in questions:
            words = words_of(question)
            length = min(LONGEST, len(words))
            for start in range(len(words) - length + 1 if length >= SHORTEST else 0):
                key = " ".join(words[start : start + SHORTEST])
                self.runs[key].add(tuple(words[start + SHORTEST : start + length]))

    def found_in(self, text: str) -> str | None:
        """The first run of words that the text shares with a question, None where there is none."""
        words = words_of(text)
        for start in range(len(words) - SHORTEST + 1):
            key = " ".join(words[start : start + SHORTEST])
            for rest in self.runs.get(key, ()):
                end = start + SHORTEST + len(rest)
                if tuple(words[start + SHORTEST : end]) == rest:
                    return " ".join(words[start:end])
        return None


def words_of(text: str) -> list[str]:
    """Letters and digits alone, in lower case: neither notation nor punctuation hides a copy."""
    return _WORD.findall(text.casefold())
