"""Whether a text has words in common with a test set: that is what a model must not have read."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

LONGEST = 13  # words in a row, as in Brown et al. 2020 (arXiv 2005.14165), appendix C
SHORTEST = 8  # a question of fewer words is in many texts by chance
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Overlap:
    """The runs of 13 words of some test questions; of a question that is shorter, but has at least 8, the
    whole.
    """

    def __init__(self, questions: Iterable[str], words: Callable[[str], list[str]] | None = None) -> None:
        """`words` takes a text apart: `words_of`, or `words_without_numbers` to find the same question with
        other numbers.
        """
        self.words = words or words_of
        # the first 8 words -> those after them -> the numbers of the questions that have both
        self.runs: dict[str, dict[tuple[str, ...], set[int]]] = defaultdict(lambda: defaultdict(set))
        self.glimpses: set[tuple[str, ...]] = set()  # three words of each run: most texts have none of them
        for number, question in enumerate(questions):
            words_in = self.words(question)
            length = min(LONGEST, len(words_in))
            for start in range(len(words_in) - length + 1 if length >= SHORTEST else 0):
                key = " ".join(words_in[start : start + SHORTEST])
                self.runs[key][tuple(words_in[start + SHORTEST : start + length])].add(number)
            self.glimpses.update(_glimpses(words_in))

    def found_in(self, text: str) -> str | None:
        """The first run of words that the text shares with a question, None where there is none."""
        return next((run for run, _ in self._shared(text)), None)

    def questions_in(self, text: str) -> set[int]:
        """The numbers of the questions that the text shares a run with, counted from 0."""
        return set().union(*(numbers for _, numbers in self._shared(text)))

    def _shared(self, text: str) -> Iterator[tuple[str, set[int]]]:
        words = self.words(text)
        if self.glimpses.isdisjoint(_glimpses(words)):
            return
        for start in range(len(words) - SHORTEST + 1):
            key = " ".join(words[start : start + SHORTEST])
            for rest, numbers in self.runs.get(key, {}).items():
                end = start + SHORTEST + len(rest)
                if tuple(words[start + SHORTEST : end]) == rest:
                    yield " ".join(words[start:end]), numbers


def _glimpses(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(words, words[3:], words[SHORTEST - 1 :], strict=False)


def words_of(text: str) -> list[str]:
    """Letters and digits alone, in lower case: neither notation nor punctuation hides a copy."""
    return _WORD.findall(text.casefold())


def words_without_numbers(text: str) -> list[str]:
    """The same with 0 for every number: a question is itself with other numbers in it."""
    return words_of(_NUMBER.sub("0", text))
