"""How much of the test sets the training data has in it: a score on what was trained on says nothing.

Questions are compared with questions; a solution that is in the training data below another question is not
found.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tinyreason.config import RecipeArguments
from tinyreason.data.examples import TrainingData
from tinyreason.data.overlap import LONGEST, Overlap, words_of, words_without_numbers
from tinyreason.data.sources import HUB, DataError
from tinyreason.data.splits import load_split, parts_of, splits_of

_DRAWING = re.compile(r"\[asy\].*?(?:\[/asy\]|\Z)", re.DOTALL)  # a program, which begins as others do
TEST_SETS = ("gsm8k", "math", "math500", "svamp")


def contamination(recipe: RecipeArguments, data: TrainingData) -> dict[str, Any]:
    """For every test set, of how many of its questions the training questions hold 13 words in a row, with
    the same numbers or any; a test set that could not be read says why.

    They are those of TEST_SETS in `data_dir`, or on the Hub where the training data is from there, and those
    of the training data's own parts, at the revisions that these are trained on.
    """
    parts = parts_of(recipe.dataset)
    revision = recipe.dataset_revision
    revisions = {} if revision is None else dict(zip(parts, revision.split("+"), strict=True))
    wanted = [name for name in parts if "test" in splits_of(name)]
    if recipe.data_dir is not None or any(name in HUB for name in parts):
        wanted += TEST_SETS
    found: dict[str, Any] = {}
    tests: dict[str, list[str]] = {}
    for name in dict.fromkeys(wanted):
        try:
            split = load_split(
                name,
                "test",
                data_dir=recipe.data_dir,
                revision=revisions.get(name),
                seed=recipe.dataset_seed,
            )
        except DataError as error:
            found[name] = {"not_read": str(error)}
        else:
            tests[name] = [row["question"] for row in split.rows]
    return found | shared_questions([row["question"] for row in data.splits["train"].rows], tests)


def shared_questions(texts: Sequence[str], tests: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    """Test set -> its number of questions, and of those that a text shares words with: `shared` counts the
    questions with a run of 13 words, or that are a text as a whole; `shared_but_for_numbers` those and the
    ones with such a run once its numbers are left out. Drawings are no words.
    """
    places = [(name, question) for name, questions in tests.items() for question in questions]
    whole = {_folded(text) for text in texts}
    shared = {number for number, (_, question) in enumerate(places) if _folded(question) in whole}
    told = [_DRAWING.sub(" ", text) for text in texts]
    found = {name: {"questions": len(questions)} for name, questions in tests.items()}
    for key, words in (("shared", words_of), ("shared_but_for_numbers", words_without_numbers)):
        overlap = Overlap((_DRAWING.sub(" ", question) for _, question in places), words)
        shared = shared.union(*(overlap.questions_in(text) for text in told))
        for name in found:
            found[name][key] = sum(places[number][0] == name for number in shared)
    return found


def contamination_sentences(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One for each test set that `contamination` has found some of in the training data, such as:
    contamination: 3 of 1,319 gsm8k test questions share 13 words in a row with the training questions, 7 but
    for the numbers.
    """
    return [
        f"contamination: {counts['shared']:,} of {counts['questions']:,} {name} test questions share "
        f"{LONGEST} words in a row with the training questions, "
        f"{counts['shared_but_for_numbers']:,} but for the numbers"
        for name, counts in found.items()
        if counts.get("shared_but_for_numbers")
    ]


def _folded(question: str) -> str:
    """Without what a copy may differ in: spaces, capitals, dollar signs, the stop at its end. Operators stay,
    since a short question may be little else.
    """
    return "".join(question.replace("$", "").split()).casefold().rstrip(".:?")
