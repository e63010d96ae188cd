import json
from functools import partial
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from tinyreason.answers import answers_match, read_gold
from tinyreason.data import (
    DataError,
    Split,
    check_disjoint,
    load_split,
    load_splits,
    write_dropped,
)
from tinyreason.hashing import text_hash

REAL_DATA = Path(__file__).parents[1] / "../shared/data"
GOOD = {"question": "How many?", "answer": "2 + 2 = <<2+2=4>>4\n#### 4"}


def problem(number: int) -> dict:
    return {"question": f"What is {number} + 1?", "answer": f"{number} + 1 = {number + 1}\n#### {number + 1}"}


def write_jsonl(path: Path, rows: list) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: list[dict]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def gsm8k_folder(folder: Path, *, train: list, test: list) -> str:
    write_jsonl(folder / "gsm8k" / "train.jsonl", train)
    write_jsonl(folder / "gsm8k" / "test.jsonl", test)
    return str(folder)


def reasons(split: Split) -> list[str]:
    return [entry["reason"] for entry in split.dropped]


def questions(split: Split) -> set[str]:
    return {row["question"] for row in split.rows}


# Rows


def test_marks_and_tail_leave_the_reasoning_and_thousands_lose_their_commas(tmp_path):
    solution = "He has 48/2 = $<<48/2=24>>24.\nThen 1,300-100=<<1300-100=1200>>1,200.\n#### 1,200"
    row = {"question": " How\nmuch? ", "answer": solution}
    data_dir = gsm8k_folder(tmp_path, train=[problem(1)], test=[row])

    assert load_split("gsm8k", "test", data_dir=data_dir).rows == [
        {
            "question": "How\nmuch?",
            "reasoning": "He has 48/2 = $24.\nThen 1,300-100=1,200.",
            "answer": "1200",
            "source": "gsm8k",
            "steps": "2",
        }
    ]


def test_level_type_and_steps_come_with_the_rows_that_have_them(tmp_path):
    math = {"problem": "1 + 1?", "solution": "It is \\boxed{2}.", "level": "Level 1", "type": "Algebra"}
    math500 = {
        "problem": "1 + 2?",
        "solution": "It is \\boxed{3}.",
        "answer": "3",
        "subject": "Algebra",
        "level": 2,
    }
    svamp = {"Body": "Tom has 3 pens", "Question": "How many has he?", "Answer": "3.0", "Type": "Addition"}
    write_jsonl(tmp_path / "math/test.jsonl", [math])
    write_jsonl(tmp_path / "math500/test.jsonl", [math500])
    write_parquet(
        tmp_path / "svamp/data/test-00000-of-00001.parquet", [svamp, {**svamp, "Body": "Ann has 3 pens"}]
    )
    numbers = {**svamp, "Answer": 145.0}  # as its authors publish it
    write_jsonl(tmp_path / "numbers/svamp/test.jsonl", [numbers, {**numbers, "Body": "B", "Answer": 0.5}])
    write_jsonl(
        tmp_path / "own.jsonl", [{"question": f"Q{n}?", "answer": "1", "level": 3} for n in range(40)]
    )

    [row] = load_split("math", "test", data_dir=str(tmp_path)).rows
    assert (row["level"], row["type"]) == ("Level 1", "Algebra")
    [row] = load_split("math500", "test", data_dir=str(tmp_path)).rows
    assert (row["answer"], row["reasoning"], row["level"], row["type"]) == (
        "3",
        "It is 3.",
        "Level 2",
        "Algebra",
    )
    first, second = load_split("svamp", "test", data_dir=str(tmp_path)).rows
    assert (first["question"], first["answer"]) == ("Tom has 3 pens How many has he?", "3")
    assert (first["reasoning"], first["type"]) == ("", "Addition")
    assert second["question"] == "Ann has 3 pens How many has he?"
    rows = load_split("svamp", "test", data_dir=str(tmp_path / "numbers")).rows
    assert [row["answer"] for row in rows] == ["145", "0.5"]
    assert {row["level"] for row in load_split(str(tmp_path / "own.jsonl"), "train").rows} == {"3"}
    grade_school = load_split("grade_school", "validation").rows[0]
    assert grade_school["steps"] == str(grade_school["reasoning"].count("\n") + 1)
    assert "/" not in grade_school["type"]


def test_a_test_set_has_no_validation_split(tmp_path):
    with pytest.raises(DataError, match="math500 has no split 'validation'; choose from test"):
        load_split("math500", "validation", data_dir=str(tmp_path))


@pytest.mark.parametrize(
    ("tail", "answer"),
    [
        ("-1,000", "-1000"),
        ("2,125,000.50", "2125000.50"),
        ("$18", "$18"),
        ("(1,200)", "(1,200)"),
        ("1,2", "1,2"),
    ],
)
def test_only_the_commas_between_thousands_leave_an_answer(tmp_path, tail, answer):
    row = {"question": "How much?", "answer": f"So.\n#### {tail}"}
    split = load_split("gsm8k", "test", data_dir=gsm8k_folder(tmp_path, train=[GOOD], test=[row]))
    assert [row["answer"] for row in split.rows] == [answer]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"question": "How many?", "answer"', "broken JSON line"),
        (b'{"question": "caf\xe9?", "answer": "1\\n#### 1"}', "broken JSON line"),  # Latin-1
        ("[" * 100_000, "broken JSON line"),
        ('["How many?", "4"]', "row is list, not an object"),
        ('{"question": "Q?", "answer": "It is 4."}', 'no "####"'),
        ('{"question": "Q?", "answer": "#### 3\\n#### 4"}', 'more than one "####"'),
        ('{"question": "Q?", "answer": "It is 4.\\n#### "}', "no answer"),
        ('{"question": "Q?", "answer": null}', "no answer"),
        ('{"question": "Q?"}', "no answer"),
        ('{"question": " \\n", "answer": "#### 4"}', "no question"),
        ('{"answer": "#### 4"}', "no question"),
        ('{"question": 7, "answer": "#### 4"}', "question is int, not text"),
        ('{"question": "Q?", "answer": ["#### 4"]}', "answer is list, not text"),
        ('{"question": "Q?", "answer": 4.5}', "answer is float, not text"),
        ('{"question": "Q?", "answer": true}', "answer is bool, not text"),
        ('{"question": "Q\\ud83d?", "answer": "#### 4"}', "question holds half a character"),
        ('{"question": "Q?", "answer": "So.\\n#### \\\\frac{1}{"}', "unreadable answer"),
        ('{"question": "how  MANY?", "answer": "#### 5"}', "duplicate question"),
    ],
)
def test_a_malformed_row_is_dropped_with_its_reason_and_place(tmp_path, line, reason):
    data_dir = gsm8k_folder(tmp_path, train=[problem(1)], test=[GOOD])
    with open(tmp_path / "gsm8k/test.jsonl", "ab") as file:
        file.write(b"\n" + (line if isinstance(line, bytes) else line.encode()))

    split = load_split("gsm8k", "test", data_dir=data_dir)

    assert questions(split) == {"How many?"}
    assert reasons(split) == [reason]
    assert (split.dropped[0]["file"], split.dropped[0]["number"]) == ("test.jsonl", 3)
    assert split.describe() == f"gsm8k/test: 1 rows, 1 dropped (1 {reason})"


def test_a_local_row_needs_no_reasoning_and_may_have_a_whole_number_as_its_answer(tmp_path):
    plain = {"question": "One?", "answer": 1}
    solved = {"question": "Two?", "answer": "2", "reasoning": "It is <<1+1=2>>2. #### is no tail here."}
    laid_out_like_gsm8k = {"question": "Three?", "answer": "So 3.\n#### 3"}
    write_jsonl(tmp_path / "test.jsonl", [plain, solved, laid_out_like_gsm8k])

    split = load_split(str(tmp_path), "test")

    found = [(row["answer"], row["reasoning"], row["source"]) for row in split.rows]
    assert found == [
        ("1", "", tmp_path.name),
        ("2", "It is 2. #### is no tail here.", tmp_path.name),
        ("3", "So 3.", tmp_path.name),
    ]


def test_a_local_row_with_two_reasonings_is_dropped(tmp_path):
    both = {"question": "Four?", "answer": "So 4.\n#### 4", "reasoning": "Two and two."}
    write_jsonl(tmp_path / "test.jsonl", [GOOD, both])
    assert reasons(load_split(str(tmp_path), "test")) == ['reasoning beside an answer with "####"']


def test_dropped_rows_are_written_and_a_stale_file_is_removed(tmp_path):
    path = tmp_path / "dropped.jsonl"
    rows = [problem(1), {"question": "No answer?", "answer": None}]
    data_dir = gsm8k_folder(tmp_path, train=rows, test=[problem(2)])

    splits = {"train": load_split("gsm8k", "train", data_dir=data_dir)}
    write_dropped(path, splits)
    written = [json.loads(line) for line in path.read_text().splitlines()]
    place = {"split": "train", "file": "train.jsonl", "number": 2}
    assert written == [{**place, "reason": "no answer", "row": rows[1]}]

    write_dropped(path, {"test": load_split("gsm8k", "test", data_dir=data_dir)})
    assert not path.exists()


def test_dropped_rows_that_json_does_not_know_are_written_too(tmp_path):
    table = pyarrow.table({"question": pyarrow.array([b"\xff", b"Q"]), "answer": ["1", "2"]})
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet")
    with pytest.raises(DataError, match=r"train: 0 rows, 2 dropped \(2 question is bytes, not text\)"):
        load_split(str(tmp_path), "train")

    entry = {"reason": "question is bytes, not text", "file": "f", "number": 1, "row": {"question": b"\xff"}}
    write_dropped(tmp_path / "dropped.jsonl", {"train": Split([], [entry], {})})
    assert "xff" in json.loads((tmp_path / "dropped.jsonl").read_text())["row"]["question"]


# Splits


def test_validation_is_a_seeded_twentieth_of_gsm8ks_training_file(tmp_path):
    data_dir = gsm8k_folder(tmp_path, train=[problem(n) for n in range(2000)], test=[GOOD])

    train, validation = load_splits("gsm8k", ["train", "validation"], data_dir=data_dir).values()

    assert len(train.rows) + len(validation.rows) == 2000
    assert 70 < len(validation.rows) < 130
    assert questions(load_split("gsm8k", "validation", data_dir=data_dir)) == questions(validation)
    assert questions(load_split("gsm8k", "validation", data_dir=data_dir, seed=1)) != questions(validation)


def test_a_question_of_the_test_file_is_not_trained_on(tmp_path):
    again = {"question": "how  many?", "answer": "#### 4"}
    data_dir = gsm8k_folder(tmp_path, train=[problem(n) for n in range(300)] + [again], test=[GOOD])

    splits = load_splits("gsm8k", ["train", "validation", "test"], data_dir=data_dir)

    assert reasons(splits["train"]) + reasons(splits["validation"]) == ["question also in test"]
    assert questions(splits["test"]) == {"How many?"}


def test_a_single_file_is_divided_and_its_test_rows_are_the_same_for_every_seed(tmp_path):
    path = str(write_jsonl(tmp_path / "rows.jsonl", [problem(n) for n in range(2000)]))

    first = load_splits(path, ["train", "validation", "test"], seed=0)
    second = load_splits(path, ["train", "validation", "test"], seed=1)

    assert sum(len(split.rows) for split in first.values()) == 2000
    assert 150 < len(first["test"].rows) < 250
    assert 60 < len(first["validation"].rows) < 120
    assert questions(first["test"]) == questions(second["test"])
    assert questions(first["validation"]) != questions(second["validation"])


def test_a_row_is_dropped_from_one_split_of_a_single_file_alone(tmp_path):
    path = tmp_path / "rows.jsonl"
    write_jsonl(path, [problem(n) for n in range(200)] + [{"question": f"No {n}?"} for n in range(100)])
    with open(path, "a") as file:
        file.write("no JSON\n")

    splits = load_splits(str(path), ["train", "validation", "test"]).values()

    assert sum(len(split.rows) for split in splits) == 200
    found = sorted(reason for split in splits for reason in reasons(split))
    assert found == ["broken JSON line"] + ["no answer"] * 100
    assert len({entry["number"] for split in splits for entry in split.dropped}) == 101


def test_a_row_without_a_question_counts_with_train_whatever_the_seed(tmp_path):
    path = str(write_jsonl(tmp_path / "rows.jsonl", [problem(n) for n in range(20)] + [{"answer": "4"}]))
    for seed in range(100):
        assert reasons(load_split(path, "train", seed=seed)) == ["no question"]


def test_a_folders_own_validation_file_is_used_and_outranks_its_training_file(tmp_path):
    write_jsonl(tmp_path / "train.jsonl", [problem(n) for n in range(100)])
    write_jsonl(tmp_path / "validation.jsonl", [problem(n) for n in range(99, 102)])

    splits = load_splits(str(tmp_path), ["train", "validation"])

    assert len(splits["train"].rows) == 99
    assert reasons(splits["train"]) == ["question also in validation"]
    assert len(splits["validation"].rows) == 3


def test_parquet_and_jsonl_give_the_same_rows(tmp_path):
    rows = [{**problem(n), "unused": n} for n in range(50)]
    write_jsonl(tmp_path / "lines/train.jsonl", rows)
    write_parquet(tmp_path / "table/train.parquet", rows)
    lines, table = (load_split(str(tmp_path / name), "train") for name in ("lines", "table"))
    for_each = [{**row, "source": ""} for row in lines.rows]
    assert for_each == [{**row, "source": ""} for row in table.rows]
    assert len(for_each) > 40


def test_the_provenance_names_the_bytes_that_were_read(tmp_path):
    data_dir = gsm8k_folder(tmp_path, train=[problem(n) for n in range(20)], test=[GOOD])
    before = load_split("gsm8k", "train", data_dir=data_dir).provenance
    assert [(file["file"], file["rows"]) for file in before["files"]] == [
        ("train.jsonl", 20),
        ("test.jsonl", 1),
    ]

    gsm8k_folder(tmp_path, train=[problem(n) for n in range(1, 21)], test=[GOOD])
    after = load_split("gsm8k", "train", data_dir=data_dir).provenance
    assert before["files"][0]["sha256"] != after["files"][0]["sha256"]
    assert before["files"][1] == after["files"][1]


def test_a_question_has_one_hash_whatever_its_spaces_and_capitals():
    assert text_hash(" How\n many? ") == text_hash("how MANY?")
    assert text_hash("How many?") != text_hash("Howmany?")
    assert len(text_hash("half a character \ud83d")) == 16


def test_splits_that_share_a_question_are_refused():
    shared = [{"question": "How many?"}]
    check_disjoint({"train": shared * 2, "test": [{"question": "How much?"}]})
    with pytest.raises(DataError, match=r"train and test share the question 'how  many\?'"):
        check_disjoint({"train": shared, "test": [{"question": "how  many?"}]})


def test_the_synthetic_splits_share_no_question_and_lose_no_row():
    splits = load_splits("synthetic", ["train", "validation", "test", "unseen"])
    sizes = {name: len(split.rows) for name, split in splits.items()}
    assert sizes == {"train": 30_000, "validation": 300, "test": 1000, "unseen": 250}
    assert not any(split.dropped for split in splits.values())
    assert {row["source"] for split in splits.values() for row in split.rows} == {"synthetic"}


@pytest.mark.skipif(not (REAL_DATA / "gsm8k").is_dir(), reason="needs the real GSM8K beside the repository")
def test_the_real_gsm8k_is_read_whole_disjoint_and_clean():
    splits = load_splits("gsm8k", ["train", "validation", "test"], data_dir=str(REAL_DATA))

    assert len(splits["train"].rows) + len(splits["validation"].rows) == 7473
    assert len(splits["test"].rows) == 1319
    assert all(not split.dropped for split in splits.values())
    rows = [row for split in splits.values() for row in split.rows]
    assert all(row["reasoning"] for row in rows)
    assert not [row for row in rows if "<<" in row["reasoning"] or "####" in row["reasoning"]]
    assert not [row for row in rows if "," in row["answer"] or read_gold(row["answer"]) is None]


def test_a_marked_answer_becomes_the_bare_one(tmp_path):
    rows = [
        {"question": f"What is 3 + {n}?", "answer": f"\\boxed{{{n + 3}}}", "reasoning": "add"}
        for n in range(40)
    ]
    path = write_jsonl(tmp_path / "rows.jsonl", rows)
    for name in ("train", "test"):
        split = load_split(str(path), name)
        assert split.rows
        assert all(row["answer"].isdigit() for row in split.rows)


# Layouts of other datasets, and mixtures


def metamath(number: int, *, of: int | None = None, how: str = "Add.") -> dict:
    answer = number + 1 if of is None else of + 1
    asked = f"What is {number} + 1?" if of is None else f"Rephrased {number}: what is {of} + 1?"
    return {
        "type": "GSM_Rephrased",
        "query": asked,
        "original_question": f"What is {number if of is None else of} + 1?",
        "response": f"{how}\n#### {answer}\nThe answer is: {answer}",
    }


def instruct(question: str, output: str, source: str = "data/CoT/gsm_train.json") -> dict:
    return {"source": source, "instruction": question, "output": output}


def data_folder(folder: Path, **datasets: list) -> str:
    for name, rows in datasets.items():
        write_jsonl(folder / name / "train.jsonl", rows)
    return str(folder)


@pytest.mark.parametrize(
    ("dataset", "row", "found"),
    [
        ("metamathqa", metamath(3), ("Add.", "4")),
        (
            "metamathqa",
            metamath(3) | {"response": "So it is $\\boxed{\\frac{1}{2}}$.\nThe answer is: \\frac{1}{2}"},
            ("So it is $\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}"),
        ),
        ("metamathqa", metamath(3) | {"response": "Add.\nIt is 4."}, 'no "The answer is" at its end'),
        (
            "metamathqa",
            metamath(3) | {"response": "The answer is: 4\nOr so."},
            'no "The answer is" at its end',
        ),
        ("metamathqa", metamath(3) | {"query": ""}, "no query"),
        ("mathinstruct", instruct("Q?", "48/2 = 24\nThe answer is 24"), ("48/2 = 24", "24")),
        ("mathinstruct", instruct("Q?", "It grows.\nThe answer is 1,024.5."), ("It grows.", "1024.5")),
        ("mathinstruct", instruct("Q? (A) 1 (B) 2", "Two.\nThe answer is B."), ("Two.", "B")),
        (
            "mathinstruct",
            instruct("Q?", "print(1)", "data/PoT/gsm_gpt4.json"),
            "a program, not reasoning",
        ),
        ("mathinstruct", instruct("Q?", "The answer is " + "very " * 60 + "long"), "unreadable answer"),
    ],
)
def test_reasoning_and_answer_are_read_out_of_each_layout(tmp_path, dataset, row, found):
    others = [metamath(n) for n in range(50, 90)] + [instruct(f"{n}?", "The answer is 1") for n in range(40)]
    data_dir = data_folder(tmp_path, **{dataset: [row, *others]})
    splits = load_splits(dataset, ["train", "validation"], data_dir=data_dir).values()
    asked = row.get("query", row.get("instruction"))
    rows = [(r["reasoning"], r["answer"]) for split in splits for r in split.rows if r["question"] == asked]
    lost = [entry["reason"] for split in splits for entry in split.dropped if entry["number"] == 1]
    assert rows + lost == [found]


def test_an_augmented_problem_keeps_its_solutions_and_stays_with_its_origin(tmp_path):
    """Two solutions of one question are two rows; a rephrasing is in the split of what it rephrases."""
    rows = [row for n in range(300) for row in (metamath(n), metamath(n, how="Count on."), metamath(n))]
    rows += [metamath(1000 + n, of=n) for n in range(300)]
    splits = load_splits(
        "metamathqa", ["train", "validation"], data_dir=data_folder(tmp_path, metamathqa=rows)
    )
    assert sum(len(split.rows) for split in splits.values()) == 900
    assert reasons(splits["train"]) + reasons(splits["validation"]) == ["duplicate solution"] * 300
    held = questions(splits["validation"])
    assert len(held) > 10
    originals = {question for question in held if not question.startswith("Rephrased")}
    rephrased = {f"What is {question.split()[4]} + 1?" for question in held - originals}
    assert rephrased == originals


def test_a_question_made_from_two_others_is_not_on_two_sides(tmp_path):
    rows = [{**metamath(n), "query": f"What is {n // 2} after all?"} for n in range(400)]
    splits = load_splits(
        "metamathqa", ["train", "validation"], data_dir=data_folder(tmp_path, metamathqa=rows)
    )
    assert len(questions(splits["validation"])) > 10
    assert not questions(splits["train"]) & questions(splits["validation"])
    assert set(reasons(splits["train"])) == {"question also in validation"}


def test_a_mixture_holds_each_solution_once_and_nothing_that_a_part_is_tested_on(tmp_path):
    gsm8k_folder(tmp_path, train=[problem(n) for n in range(400)], test=[problem(n) for n in range(400, 440)])
    rows = [instruct(problem(n)["question"], f"Otherwise.\nThe answer is {n}") for n in range(300, 440)]
    rows.append(instruct("Only here?", "The answer is 1"))
    data_folder(
        tmp_path, mathinstruct=[*rows, instruct("Only there?", "By a hundred ways.\nThe answer is 1")]
    )
    load = partial(load_splits, "gsm8k+mathinstruct", ["train", "validation"], data_dir=str(tmp_path))

    splits = load()

    assert sum(len(split.rows) for split in splits.values()) == 400 + 100 + 2
    assert reasons(splits["train"]) + reasons(splits["validation"]) == ["question also in gsm8k/test"] * 40
    tested = {problem(n)["question"] for n in range(400, 440)}
    assert not tested & (questions(splits["train"]) | questions(splits["validation"]))
    # whatever its seed, a question that both have is on one side; the order is the seed's
    assert [row["source"] for row in splits["train"].rows[:50]].count("mathinstruct") > 3
    assert load()["train"].rows == splits["train"].rows != load(seed=1)["train"].rows
    parts = splits["train"].provenance["parts"]
    assert [(part["dataset"], part["files"][0]["rows"]) for part in parts] == [
        ("gsm8k", 400),
        ("mathinstruct", 142),
    ]


def test_a_mixture_of_files_and_folders_reserves_what_each_of_them_tests(tmp_path):
    file = write_jsonl(tmp_path / "rows.jsonl", [problem(n) for n in range(400)])
    write_jsonl(tmp_path / "folder/train.jsonl", [problem(n) for n in range(200, 600)])
    write_jsonl(tmp_path / "folder/test.jsonl", [problem(n) for n in range(100)])
    mixed = f"{file}+{tmp_path / 'folder'}"
    train = load_split(mixed, "train")
    tested = questions(load_split(str(file), "test")) | questions(
        load_split(str(tmp_path / "folder"), "test")
    )
    assert len(tested) > 120
    assert not questions(train) & tested
    assert len(questions(train)) == len(train.rows) > 400


def test_what_a_folder_holds_back_for_validation_no_other_part_trains_on(tmp_path):
    write_jsonl(tmp_path / "a/train.jsonl", [problem(n) for n in range(400)])
    write_jsonl(tmp_path / "b/train.jsonl", [problem(n) for n in range(400)])
    write_jsonl(tmp_path / "b/validation.jsonl", [problem(n) for n in range(400, 410)])
    splits = load_splits(f"{tmp_path / 'a'}+{tmp_path / 'b'}", ["train", "validation"])
    assert len(questions(splits["validation"])) > 20
    assert not questions(splits["train"]) & questions(splits["validation"])


def test_a_mixture_takes_a_revision_for_each_part():
    with pytest.raises(DataError, match=r"dataset_revision: abc is not one for each of gsm8k\+mathinstruct"):
        load_split("gsm8k+mathinstruct", "train", revision="abc")
    with pytest.raises(DataError, match=r"split: mathinstruct has no split 'test'; choose from train, valid"):
        load_split("gsm8k+mathinstruct", "test")


def test_the_hubs_own_file_of_one_json_array_is_read(tmp_path):
    rows = [metamath(n) for n in range(200)]
    path = tmp_path / "metamathqa/MetaMathQA-395K.json"
    path.parent.mkdir()
    path.write_text(json.dumps(rows))
    load = partial(load_splits, "metamathqa", ["train", "validation"], data_dir=str(tmp_path))
    assert sum(len(split.rows) for split in load().values()) == 200
    path.write_text(json.dumps({"rows": rows}))
    with pytest.raises(DataError, match="holds one dict, not an array of rows"):
        load()
    path.write_text("[{")
    with pytest.raises(DataError, match="is no readable JSON file"):
        load()


@pytest.mark.skipif(
    not (REAL_DATA / "layouts").is_dir(), reason="needs the sample rows beside the repository"
)
def test_real_rows_of_mathinstruct_and_metamathqa_are_read_and_their_golds_grade_themselves(tmp_path):
    for name in ("mathinstruct", "metamathqa"):
        (tmp_path / name).mkdir()
        parts = [(REAL_DATA / f"layouts/{name}_{kind}.jsonl").read_text() for kind in ("rows", "derived")]
        (tmp_path / name / "train.jsonl").write_text("".join(parts))
    for name, count, lost in (("mathinstruct", 301, ["a program, not reasoning"]), ("metamathqa", 303, [])):
        splits = load_splits(name, ["train", "validation"], data_dir=str(tmp_path))
        rows = [row for split in splits.values() for row in split.rows]
        assert len(rows) == count
        assert [reason for split in splits.values() for reason in reasons(split)] == lost
        assert all(row["reasoning"] for row in rows)
        assert not [row for row in rows if "####" in row["reasoning"] or "answer is" in row["reasoning"]]
        assert all(answers_match(gold=row["answer"], answer=row["answer"]) for row in rows)


def test_solutions_that_box_their_answer_lose_the_box(tmp_path):
    rows = [
        {"problem": "2+2?", "solution": "So $2+2=\\boxed{\\frac{8}{2}}$ it is."},
        {"problem": "Prove it.", "solution": "Clear. The answer is 4."},
        {"problem": "Ships?", "solution": "$\\boxed{1,250}$ ships", "level": "Level 1"},
        {"problem": "Cut?", "solution": "$\\boxed{1"},
    ]
    write_jsonl(tmp_path / "math/test.jsonl", rows)
    split = load_split("math", "test", data_dir=str(tmp_path))
    assert [row["reasoning"] for row in split.rows] == ["So $2+2=\\frac{8}{2}$ it is.", "$1,250$ ships"]
    assert [row["answer"] for row in split.rows] == ["\\frac{8}{2}", "1250"]
    assert reasons(split) == ["no boxed answer"] * 2


def test_a_dataset_in_several_files_is_read_whole_or_not_at_all(tmp_path):
    for part in range(5):
        rows = [{"problem": f"{part} + {n}?", "solution": f"\\boxed{{{part + n}}}"} for n in range(40)]
        write_parquet(tmp_path / f"numinamath/data/train-{part:05d}-of-00005.parquet", rows)
    write_jsonl(tmp_path / "numinamath/test.jsonl", [{"problem": "1 + 1?", "solution": "\\boxed{2}"}])
    split = load_split("numinamath", "train", data_dir=str(tmp_path))
    assert len({row["question"][0] for row in split.rows}) == 5
    assert [file["rows"] for file in split.provenance["files"]] == [40] * 5 + [1]
    assert reasons(split) == ["question also in test"]
    (tmp_path / "numinamath/data/train-00002-of-00005.parquet").unlink()
    with pytest.raises(DataError, match=r"is one of 5 parts, 4 are there; add the others"):
        load_split("numinamath", "train", data_dir=str(tmp_path))


@pytest.mark.skipif(
    not (REAL_DATA / "layouts").is_dir(), reason="needs the sample rows beside the repository"
)
@pytest.mark.parametrize(
    ("name", "file", "least"), [("numinamath", "numinamath_cot", 300), ("openr1", "openr1", 58)]
)
def test_real_rows_of_numinamath_and_openr1_are_read_and_their_golds_grade_themselves(
    tmp_path, name, file, least
):
    parts = [path.read_text() for path in sorted((REAL_DATA / "layouts").glob(f"{file}*.jsonl"))]
    (tmp_path / name).mkdir()
    (tmp_path / name / "train.jsonl").write_text("".join(parts))
    (tmp_path / name / "test.jsonl").write_text('{"problem": "1?", "solution": "1", "answer": "1"}\n')
    splits = load_splits(name, ["train", "validation"], data_dir=str(tmp_path))
    rows = [row for split in splits.values() for row in split.rows]
    assert len(rows) >= least
    assert not [row for row in rows if "boxed" in row["reasoning"]]
    assert all(answers_match(gold=row["answer"], answer=row["answer"]) for row in rows)


@pytest.mark.skipif(not (REAL_DATA / "math").is_dir(), reason="needs MATH's test file beside the repository")
def test_every_solution_of_the_real_math_test_is_read():
    split = load_split("math", "test", data_dir=str(REAL_DATA))
    assert (len(split.rows), reasons(split)) == (5000, [])


def test_the_rows_of_a_folder_are_known_by_its_name_whatever_the_split(tmp_path):
    for split in ("train", "test"):
        rows = [{"question": f"{split} {n}?", "answer": str(n)} for n in range(60)]
        write_jsonl(tmp_path / f"sums/{split}.jsonl", rows)
    for split in ("train", "validation", "test"):
        assert {row["source"] for row in load_split(str(tmp_path / "sums"), split).rows} == {"sums"}
    write_jsonl(tmp_path / "other/sums/train.jsonl", [{"question": "1?", "answer": "1"}])
    with pytest.raises(DataError, match=r"two parts of .* have one name; rename one of them"):
        load_split(f"{tmp_path / 'sums'}+{tmp_path / 'other/sums'}", "train")
