"""Rows as trainers take them: what is too long for the model is left out and counted, in SFT and in RL."""

import json
from collections import Counter
from pathlib import Path

import pytest
from conftest import TINY_MODEL, run_recipe, sft_flags
from transformers import AutoTokenizer

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments, RecipeArguments
from tinyreason.data import DataError, load_prompts, load_solutions
from tinyreason.data.examples import describe_lengths
from tinyreason.models import context_length


@pytest.fixture
def long_rows(tmp_path: Path) -> Path:
    """200 rows, of which every tenth has a long question."""
    path = tmp_path / "rows.jsonl"
    rows = [
        {"question": f"{'Well, ' * 60 * (n % 10 == 0)}is it {n}?", "reasoning": "Yes.", "answer": str(n)}
        for n in range(200)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_what_is_too_long_is_left_out_and_counted(long_rows: Path, tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    recipe = RecipeArguments(dataset=str(long_rows))
    for load in (load_solutions, load_prompts):
        everything, some = load(recipe, tokenizer, max_length=None), load(recipe, tokenizer, max_length=200)
        assert "limit" not in everything.lengths
        assert some.lengths == f"{everything.lengths}; limit 200"
        for name, split in some.splits.items():
            table = {"train": some.train, "validation": some.validation}[name]
            assert len(table) == len(split.rows) < len(everything.splits[name].rows)
            lost = [entry["row"]["question"] for entry in split.dropped]
            assert lost
            assert all(question.startswith("Well, ") for question in lost)
            assert {entry["reason"] for entry in split.dropped} == {"more than 200 tokens"}
            assert not [row for row in split.rows if row["question"].startswith("Well")]
        with pytest.raises(DataError, match="nothing is left"):
            load(recipe, tokenizer, max_length=5)


def test_where_nothing_is_left_the_reasons_are_the_true_ones(long_rows: Path, tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    rows = [json.loads(line) for line in long_rows.read_text().splitlines()]
    reasoned = [{**row, "reasoning": "Yes." if number % 2 else ""} for number, row in enumerate(rows)]
    cases = [
        (
            {},
            [{**row, "reasoning": ""} for row in rows],
            None,
            r" no reasoning\).* SFT needs reasoning: .*none$",
        ),
        ({}, rows, 5, r" more than 5 tokens\).* train on; raise max_length, up to"),
        (
            {},
            reasoned,
            5,
            r"no reasoning.*more than 5 tokens|more than 5.*no reasoning.*none; raise max_length",
        ),
        ({"max_rows": 0}, rows, None, r"0 dropped: nothing is left to train on; raise max_rows and"),
    ]
    for limits, written, length, words in cases:
        long_rows.write_text("".join(json.dumps(row) + "\n" for row in written))
        with pytest.raises(DataError, match=words):
            load_solutions(RecipeArguments(dataset=str(long_rows), **limits), tokenizer, max_length=length)


def test_prompts_stay_beside_their_answers(long_rows: Path, tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    data = load_prompts(RecipeArguments(dataset=str(long_rows)), tokenizer, max_length=200)
    for row in data.train:
        assert row["prompt"] == chatml.render_prompt(row["question"])
        assert row["question"] == f"is it {row['answer']}?"


def test_lengths_are_told_in_words() -> None:
    words = "tokens a row: half up to 51, 99 % up to 100, longest 1000"
    assert describe_lengths([1000, *range(1, 101)], None) == words
    assert describe_lengths([7], 9) == "tokens a row: half up to 7, 99 % up to 7, longest 7; limit 9"


def test_the_context_is_that_of_the_architecture_or_of_the_model(model_folder: Path, tmp_path: Path) -> None:
    scratch = ModelArguments(architecture={**TINY_MODEL, "max_position_embeddings": 300})
    assert context_length(scratch) == 300
    config = json.loads((model_folder / "config.json").read_text())
    there = ModelArguments(model_name_or_path=str(model_folder))
    assert context_length(there) == config["max_position_embeddings"]
    with pytest.raises(ConfigError, match="no such folder"):
        context_length(ModelArguments(model_name_or_path="runs/nowhere"))
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": "runs/nowhere"}')
    with pytest.raises(ConfigError, match="runs/nowhere: no such folder"):
        context_length(ModelArguments(model_name_or_path=str(tmp_path)))


def test_recipes_leave_out_what_the_model_has_no_positions_for(
    long_rows: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    """SFT cuts at the context where the recipe names no length, RL where no room is left for a completion."""
    short = json.dumps({**TINY_MODEL, "max_position_embeddings": 200})
    flags = sft_flags(long_rows, tokenizer_folder, tmp_path / "sft")
    flags[flags.index("--architecture") + 1] = short
    flags[flags.index("--max_steps") + 1] = 1
    output = run_recipe("recipes/sft.py", *flags, "--max_length", "null")
    assert "; limit 200" in output
    rl = ["--model_name_or_path", tmp_path / "sft", "--dataset", long_rows, "--output_dir", tmp_path / "rl"]
    rl += ["--use_cpu", "true", "--bf16", "false", "--max_steps", 1, "--max_completion_length", 30]
    output = run_recipe("recipes/grpo.py", *rl)
    assert "; limit 170" in output
    for run in ("sft", "rl"):
        dropped = [json.loads(line) for line in (tmp_path / run / "dropped.jsonl").read_text().splitlines()]
        assert {entry["reason"] for entry in dropped} == {f"more than {200 if run == 'sft' else 170} tokens"}


def test_the_validation_rows_of_a_mixture_are_taken_apart_by_source(
    tokenizer_folder: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        rows = [{"question": f"{name}{n}?", "reasoning": "so", "answer": str(n)} for n in range(100)]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    mixture = RecipeArguments(dataset=f"{tmp_path / 'a.jsonl'}+{tmp_path / 'b.jsonl'}")
    data = load_solutions(mixture, tokenizer, max_length=None)
    parts = data.validation_by_source
    assert {name: len(part) for name, part in parts.items()} == dict(
        Counter(row["source"] for row in data.splits["validation"].rows)
    )
    for name, part in parts.items():
        for ids in part["input_ids"]:
            assert f"user\n{name[0]}" in tokenizer.decode(ids)
    alone = load_solutions(RecipeArguments(dataset=str(tmp_path / "a.jsonl")), tokenizer, max_length=None)
    assert alone.validation_by_source is alone.validation
