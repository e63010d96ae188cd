"""How much of the test sets the training data has in it: a score on what was trained on says nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from tinyreason.config import RecipeArguments
from tinyreason.data.examples import TrainingData
from tinyreason.data.overlap import Overlap, words_of, words_without_numbers
from tinyreason.data.sources import HUB, DataError
from tinyreason.data.splits import load_split, parts_of, splits_of

TEST_SETS = ("gsm8k", "math", "math500", "svamp")


def contamination(recipe: RecipeArguments, data: TrainingData) -> dict[str, Any]:
    """For every test set, of how many of its questions the training questions hold 13 words in a row, with
    the same numbers or any; a test set that could not be read says why.

    They are those of TEST_SETS in `data_dir`, or on the Hub where the training data is from there, and those
    of the training data's own parts.
    """
    parts = parts_of(recipe.dataset)
    wanted = [name for name in parts if "test" in splits_of(name)]
    if recipe.data_dir is not None or any(name in HUB for name in parts):
        wanted += TEST_SETS
    found: dict[str, Any] = {}
    tests: dict[str, list[str]] = {}
    for name in dict.fromkeys(wanted):
        try:
            split = load_split(name, "test", data_dir=recipe.data_dir, seed=recipe.dataset_seed)
        except DataError as error:
            found[name] = {"not_read": str(error)}
        else:
            tests[name] = [row["question"] for row in split.rows]
    return found | shared_questions([row["question"] for row in data.splits["train"].rows], tests)


def shared_questions(texts: Sequence[str], tests: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    """Test set -> its number of questions, and of those that a text shares words with."""
    places = [(name, question) for name, questions in tests.items() for question in questions]
    found = {name: {"questions": len(questions)} for name, questions in tests.items()}
    for key, words in (("shared", words_of), ("shared_but_for_numbers", words_without_numbers)):
        overlap = Overlap((question for _, question in places), words)
        numbers = set().union(*(overlap.questions_in(text) for text in texts))
        for name in found:
            found[name][key] = sum(places[number][0] == name for number in numbers)
    return found
