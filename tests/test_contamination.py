"""Test questions in the training data are found, word for word and with other numbers."""

import json
from pathlib import Path

from tinyreason.config import RecipeArguments
from tinyreason.data import Split, TrainingData, contamination
from tinyreason.data.contamination import shared_questions


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
