"""Test questions in the training data are found, word for word and with other numbers."""

import json
from pathlib import Path

import pytest
from conftest import SHARED

from tinyreason.config import RecipeArguments
from tinyreason.data import Split, TrainingData, contamination, load_split
from tinyreason.data.contamination import contamination_sentences, shared_questions
from tinyreason.data.overlap import Overlap


def problem(number: int) -> dict:
    return {"question": f"What is {number} + 1?", "answer": f"#### {number + 1}"}


def write_jsonl(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_questions_in_the_training_data_are_found_with_their_numbers_and_with_others() -> None:
    asked = "Tom has {} red pens and {} blue pens and gives {} of them to his sister Ann, how many are left?"
    tests = {
        "one": [
            asked.format(3, 4, 2),
            "A wholly different question that nobody has ever asked before, is it?",
        ],
        "two": [asked.format(5, 6, 1)],
        "short": ["How many?"],
    }
    texts = ["Nothing of the kind.", "Here: " + asked.format(3, 4, 2).upper()]
    assert shared_questions(texts, tests) == {
        "one": {"questions": 2, "shared": 1, "shared_but_for_numbers": 1},
        "two": {"questions": 1, "shared": 0, "shared_but_for_numbers": 1},
        "short": {"questions": 1, "shared": 0, "shared_but_for_numbers": 0},
    }
    assert shared_questions([asked.format("1,000", 2.5, 9)], tests)["two"]["shared_but_for_numbers"] == 1


def both(counts: dict[str, dict[str, int]]) -> tuple[int, int]:
    return counts["test"]["shared"], counts["test"]["shared_but_for_numbers"]


@pytest.mark.parametrize(
    ("asked", "told", "counted"),
    [
        ("Compute $3 + 5$.", "compute  3+5", (1, 1)),  # short, so compared as a whole
        ("Compute $3 + 5$.", "Compute $3 - 5$.", (0, 0)),
        ("Compute $3 + 5$.", "Compute $4 + 6$.", (0, 0)),  # by chance
        ("Compute $3 + 5$.", "First compute $3 + 5$.", (0, 0)),
    ],
)
def test_a_short_question_is_found_where_a_text_is_nothing_else(
    asked: str, told: str, counted: tuple[int, int]
) -> None:
    assert both(shared_questions([told], {"test": [asked]})) == counted
    assert Overlap([asked]).found_in(told) is None


def test_what_is_shared_with_its_numbers_is_shared_but_for_them() -> None:
    sums = "Add 1 2 3 4 5 6 7 8 9 10 11 12 13 14 and say what it is."
    assert both(shared_questions([sums], {"test": [sums]})) == (1, 1)
    # a run in which too few words are left without the numbers
    assert both(shared_questions(["Well: " + sums], {"test": [sums]})) == (1, 1)


def test_formulas_and_drawings_alone_make_no_question_known() -> None:
    formula = "{}, what is the value of 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9?"
    asked, told = formula.format("Say"), formula.replace("4", "40").format("For Ann")
    assert both(shared_questions([told], {"test": [asked]})) == (0, 0)
    drawing = "{} [asy] size(200); draw((0,0)--(4,0)--(4,3)--cycle); label(a,b,c,d,e,f,g,h,i,j,k); [/asy] {}"
    asked = drawing.format("What is the area of the triangle", "in square units?")
    told = drawing.format("How long are", "its sides?")
    assert both(shared_questions([told], {"test": [asked]})) == (0, 0)
    asked = drawing.format("What is the length of all the sides", "of the triangle, in feet and inches?")
    assert both(shared_questions(["Ann asks: " + asked.replace("200", "9 cm")], {"test": [asked]})) == (1, 1)


def test_only_what_was_found_is_said() -> None:
    found = {
        "gsm8k": {"questions": 1319, "shared": 3, "shared_but_for_numbers": 7},
        "math": {"questions": 5000, "shared": 0, "shared_but_for_numbers": 1},
        "svamp": {"questions": 300, "shared": 0, "shared_but_for_numbers": 0},
        "math500": {"not_read": "it is not there"},
    }
    assert contamination_sentences(found) == [
        "contamination: 3 of 1,319 gsm8k test questions share 13 words in a row with the training questions, "
        "7 but for the numbers",
        "contamination: 0 of 5,000 math test questions share 13 words in a row with the training questions, "
        "1 but for the numbers",
    ]
    assert contamination_sentences({}) == []


def test_a_part_of_the_training_data_has_the_test_set_of_its_revision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    recipe = RecipeArguments(dataset="gsm8k+svamp", dataset_revision="one-we-never-had+two-we-never-had")
    rows = [{"question": "What is left?", "answer": "4", "reasoning": "", "source": "own"}]
    found = contamination(recipe, TrainingData(None, None, {"train": Split(rows, [], {})}, ""))
    assert "at revision one-we-never-had" in found["gsm8k"]["not_read"]
    assert "at revision two-we-never-had" in found["svamp"]["not_read"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs real data")
def test_every_question_of_a_test_set_is_found_in_itself() -> None:
    questions = [row["question"] for row in load_split("math", "test", data_dir=str(SHARED)).rows]
    assert both(shared_questions(questions, {"test": questions})) == (len(questions), len(questions))


def test_the_test_sets_that_can_be_read_are_looked_for_in_the_training_data(tmp_path: Path) -> None:
    question = "What is left of twelve apples when I eat five and give three to my dear friend Ann today?"
    long = {"question": question}
    test = [{**long, "answer": "#### 4"}, problem(50)]
    write_jsonl(tmp_path / "gsm8k/train.jsonl", [problem(n) for n in range(40)])
    write_jsonl(tmp_path / "gsm8k/test.jsonl", test)
    write_jsonl(tmp_path / "own.jsonl", [{**long, "answer": "4"}, *(problem(n) for n in range(100, 160))])
    recipe = RecipeArguments(dataset=str(tmp_path / "own.jsonl"), data_dir=str(tmp_path))
    rows = [{**long, "answer": "4", "reasoning": "", "source": "own"}]
    data = TrainingData(None, None, {"train": Split(rows, [], {})}, "")
    found = contamination(recipe, data)
    assert found["gsm8k"] == {"questions": 2, "shared": 1, "shared_but_for_numbers": 1}
    assert "holds no test file" in found["math"]["not_read"]
    assert set(found) == {str(tmp_path / "own.jsonl"), "gsm8k", "math", "math500", "svamp"}
    alone = contamination(RecipeArguments(dataset="synthetic"), data)
    assert alone == {"synthetic": {"questions": 1000, "shared": 0, "shared_but_for_numbers": 0}}
