"""Problems made by program, as files and as datasets: what all domains have in common."""

import json
from pathlib import Path

import pytest
from conftest import run_recipe
from problems import SPLITS as ALL_SPLITS
from problems import rows

from tinyreason.data import DATASETS, load_split, load_splits
from tinyreason.data.splits import check_disjoint
from tinyreason.hashing import text_hash
from tinyreason.synthetic import DOMAINS, domain
from tinyreason.synthetic.problem import Problem

SPLITS = ("validation", "test", "unseen")


@pytest.mark.parametrize("name", DOMAINS)
def test_a_domain_is_a_dataset_of_which_no_row_is_lost(name):
    assert DATASETS[name] == ("train", "validation", "test", "unseen")
    for split in SPLITS:
        found = load_split(name, split)
        assert found.dropped == []
        assert len(found.rows) == domain(name).rows[split]
        assert {row["source"] for row in found.rows} == {name}


@pytest.mark.parametrize("name", DOMAINS)
def test_no_problem_is_in_two_splits_whatever_the_seeds(name):
    """Not even with other names and objects: template and numbers decide."""
    found = {
        (split, seed): {(p.template, p.key) for p in domain(name).problems(split, seed=seed, count=100)}
        for split in ("train", "validation", "test", "unseen")
        for seed in (0, 1)
    }
    for (split, _), keys in found.items():
        for (other, _), others in found.items():
            assert split == other or not keys & others
    templates = {split: {template for template, _ in found[split, 0]} for split in ("train", "unseen")}
    assert not templates["train"] & templates["unseen"]
    rows = {
        split: [{"question": p.question} for p in domain(name).problems(split, seed=0, count=300)]
        for split in (*SPLITS, "train")
    }
    check_disjoint(rows)


# templates, unseen ones, and the least number of distinct problems in all splits
SIZES = {"arithmetic": (48, 11, 31_800), "calculus": (66, 12, 12_000), "ml_math": (81, 10, 5_000)}


@pytest.mark.parametrize("name", SIZES)
def test_every_template_occurs_and_the_unseen_ones_are_others(name):
    seen, unseen = ({problem.template for problem in rows(name, split)} for split in ("train", "unseen"))
    assert (len(seen), len(unseen)) == SIZES[name][:2]
    assert not seen & unseen
    assert {problem.template for problem in rows(name, "test")} == seen


@pytest.mark.parametrize("name", SIZES)
def test_no_question_is_in_two_splits_or_twice_and_every_split_is_full(name):
    problems = [problem for split in ALL_SPLITS for problem in rows(name, split)]
    assert {split: len(rows(name, split)) for split in ALL_SPLITS} == domain(name).rows
    assert len({problem.question for problem in problems}) == len(problems) >= SIZES[name][2]
    assert len({(problem.template, problem.key) for problem in problems}) == len(problems)
    assert all(problem.split == split for split in ALL_SPLITS[:3] for problem in rows(name, split))


@pytest.mark.parametrize("name", DOMAINS)
def test_the_same_seed_makes_the_same_problems_and_another_seed_others(name):
    again = tuple(domain(name).problems("validation", seed=0))
    assert again == rows(name, "validation")
    assert tuple(domain(name).problems("validation", seed=1)) != again


def test_the_split_of_a_problem_is_in_its_template_and_key_alone():
    problem = Problem("ages/sum", "3 4", "Q?", "3+4=7", "7", "answer = 3 + 4")
    worded = Problem("ages/sum", "3 4", "How old?", "7", "7", "answer = 7")
    assert problem.split == worded.split
    drawn = [Problem("t", str(n), "", "", "", "").split for n in range(20_000)]
    assert abs(drawn.count("test") / 20_000 - 0.10) < 0.01
    assert abs(drawn.count("validation") / 20_000 - 0.05) < 0.01


def test_more_training_rows_leave_the_first_ones_and_the_other_splits_as_they_are():
    few, more = (list(domain("arithmetic").problems("train", seed=0, count=count)) for count in (50, 500))
    assert more[:50] == few
    assert len({(problem.template, problem.key) for problem in more}) == 500


def test_the_script_writes_what_the_dataset_of_the_same_name_holds(tmp_path: Path):
    flags = ["--domain", "calculus", "--seed", 3, "--rows", 40]
    for folder in ("one", "two"):
        printed = run_recipe("scripts/synthesize.py", *flags, "--output_dir", tmp_path / folder)
        assert "train.jsonl: 40 problems" in printed
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "one/train.jsonl").read_text().splitlines()]
    assert set(rows[0]) == {"template", "key", "question", "reasoning", "answer", "program"}
    named = load_split("calculus", "train", seed=3).rows[:40]
    assert [row["question"] for row in rows] == [row["question"] for row in named]
    read = load_splits(str(tmp_path / "one"), ["train", "test"])
    assert len(read["train"].rows) == 40
    assert {text_hash(row["question"]) for row in read["test"].rows} == {
        text_hash(row["question"]) for row in load_split("calculus", "test", seed=3).rows
    }


def test_an_unknown_domain_is_named(tmp_path: Path):
    printed = run_recipe("scripts/synthesize.py", "--domain", "algebra", "--output_dir", tmp_path, code=1)
    assert "unknown domain 'algebra'; choose from grade_school, arithmetic, calculus, ml_math" in printed
