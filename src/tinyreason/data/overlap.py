"""Whether a text has words in common with a test set: that is what a model must not have read."""

import re
from collections.abc import Callable, Iterable, Iterator

LONGEST = 13  # words in a row, as in Brown et al. 2020 (arXiv 2005.14165), appendix C
SHORTEST = 8  # a question of fewer words is in many texts by chance
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def words_of(text: str) -> list[str]:
    """Letters and digits alone, in lower case: neither notation nor punctuation hides a copy."""
    return _WORD.findall(text.casefold())


def words_without_numbers(text: str) -> list[str]:
    """The same with "" for every number: a question is itself with other numbers in it."""
    return ["" if word == "0" else word for word in words_of(_NUMBER.sub("0", text))]


class Overlap:
    """The runs of 13 words of some test questions; of a question that is shorter, but has at least 8, the
    whole. Of runs without numbers those that have 8 words left: formulas are alike everywhere.
    """

    def __init__(self, questions: Iterable[str], words: Callable[[str], list[str]] = words_of) -> None:
        """`words` takes a text apart: `words_of`, or `words_without_numbers` to find the same question with
        other numbers.
        """
        self.words = words
        self.runs: dict[tuple[str, ...], tuple[int, ...]] = {}  # run -> the numbers of its questions
        self.glimpses: set[tuple[str, ...]] = set()
        for number, question in enumerate(questions):
            words_in = words(question)
            length = min(LONGEST, len(words_in))
            for start, glimpse in zip(range(len(words_in) - length + 1), _glimpses(words_in), strict=False):
                run = tuple(words_in[start : start + length])
                if length - run.count("") >= SHORTEST:
                    self.runs[run] = (*self.runs.get(run, ()), number)
                    self.glimpses.add(glimpse)
        self.lengths = sorted({len(run) for run in self.runs})

    def found_in(self, text: str) -> str | None:
        """The first run of words that the text shares with a question, None where there is none."""
        return next((run for run, _ in self._shared(text)), None)

    def questions_in(self, text: str) -> set[int]:
        """The numbers of the questions that the text shares a run with, counted from 0."""
        return set().union(*(numbers for _, numbers in self._shared(text)))

    def _shared(self, text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        words = self.words(text)
        for start, glimpse in enumerate(_glimpses(words)):
            if glimpse in self.glimpses:
                for length in self.lengths:
                    run = tuple(words[start : start + length])
                    if run in self.runs:
                        yield " ".join(run), self.runs[run]


def _glimpses(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Three words of each place at which 8 words stand in a row."""
    return zip(words, words[3:], words[SHORTEST - 1 :], strict=False)
