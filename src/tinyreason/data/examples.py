"""Rows as the trainers take them: worked solutions as token ids and labels, questions as rendered prompts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinyreason import chatml
from tinyreason.config import RecipeArguments
from tinyreason.data.division import Split
from tinyreason.data.layouts import Row
from tinyreason.data.sources import DataError
from tinyreason.data.splits import load_splits

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class TrainingData:
    """What a trainer takes, the splits it was made from, and how long the rows of train are, in words."""

    train: "Dataset"
    validation: "Dataset"
    splits: dict[str, Split]
    lengths: str

    @property
    def validation_by_source(self) -> "Dataset | dict[str, Dataset]":
        """Validation, taken apart where the dataset is a mixture: each part has a loss of its own."""
        places: dict[str, list[int]] = {}
        for place, row in enumerate(self.splits["validation"].rows):
            places.setdefault(row["source"], []).append(place)
        if len(places) == 1:
            return self.validation
        return {source: self.validation.select(chosen) for source, chosen in places.items()}


def load_solutions(
    recipe: RecipeArguments, tokenizer: "PreTrainedTokenizerBase", *, max_length: int | None
) -> TrainingData:
    """Worked solutions for SFT: columns input_ids and labels, -100 on the prompt.

    Rows of more than `max_length` tokens are dropped and counted, since cut short they would lose their
    end-of-turn token first; so are rows without reasoning. Raises DataError where no row is left.
    """
    from datasets import Dataset

    splits, tables, lengths = {}, {}, {}
    for name, split in _training_splits(recipe).items():
        reasoned = _drop(split, [row["reasoning"].strip() == "" for row in split.rows], "no reasoning")
        examples = tokenize_solutions(reasoned.rows, tokenizer, recipe.answer_format)
        lengths[name] = [len(ids) for ids in examples["input_ids"]]
        splits[name], long = _without_long(reasoned, lengths[name], max_length)
        kept = {
            key: [ids for ids, out in zip(column, long, strict=True) if not out]
            for key, column in examples.items()
        }
        if not splits[name].rows:
            unreasoned = len(split.rows) - len(reasoned.rows)
            raise DataError(f"{splits[name].describe()}: {_why_empty(unreasoned, len(reasoned.rows))}")
        tables[name] = Dataset.from_dict(kept)
    words = describe_lengths(lengths["train"], max_length)
    return TrainingData(tables["train"], tables["validation"], splits, words)


def tokenize_solutions(
    rows: Sequence[Row], tokenizer: "PreTrainedTokenizerBase", answer_format: chatml.AnswerFormat
) -> dict[str, list[list[int]]]:
    """input_ids and labels of each row: prompt and target are tokenised apart, as sampling will meet them."""
    prompts = [chatml.render_prompt(row["question"], answer_format) for row in rows]
    targets = [chatml.render_target(row["reasoning"], row["answer"], answer_format) for row in rows]
    prompt_ids = tokenizer(prompts, add_special_tokens=False)["input_ids"] if rows else []
    target_ids = tokenizer(targets, add_special_tokens=False)["input_ids"] if rows else []
    pairs = list(zip(prompt_ids, target_ids, strict=True))
    return {
        "input_ids": [prompt + target for prompt, target in pairs],
        "labels": [[-100] * len(prompt) + target for prompt, target in pairs],
    }


def load_prompts(
    recipe: RecipeArguments, tokenizer: "PreTrainedTokenizerBase", *, max_length: int | None
) -> TrainingData:
    """Questions for RL: columns prompt (rendered text), question and answer.

    Those of more than `max_length` tokens are dropped and counted: they would leave no room to answer.
    """
    from datasets import Dataset

    splits, tables, lengths = {}, {}, {}
    for name, split in _training_splits(recipe).items():
        prompts = [chatml.render_prompt(row["question"], recipe.answer_format) for row in split.rows]
        lengths[name] = [len(ids) for ids in tokenizer(prompts, add_special_tokens=False)["input_ids"]]
        splits[name], long = _without_long(split, lengths[name], max_length)
        rows = splits[name].rows
        if not rows:
            raise DataError(f"{splits[name].describe()}: nothing is left; lower max_completion_length")
        tables[name] = Dataset.from_dict(
            {
                "prompt": [prompt for prompt, out in zip(prompts, long, strict=True) if not out],
                "question": [row["question"] for row in rows],
                "answer": [row["answer"] for row in rows],
            }
        )
    words = describe_lengths(lengths["train"], max_length)
    return TrainingData(tables["train"], tables["validation"], splits, words)


def describe_lengths(lengths: Sequence[int], limit: int | None) -> str:
    """One line, such as: tokens a row: half up to 176, 99 % up to 351, longest 479; limit 1024."""
    ordered = sorted(lengths)
    half, most = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    words = f"tokens a row: half up to {half}, 99 % up to {most}, longest {ordered[-1]}"
    return words if limit is None else f"{words}; limit {limit}"


def _why_empty(unreasoned: int, long: int) -> str:
    """Why SFT has no rows, of which so many had no reasoning and so many were too long, and what helps."""
    fixes = []
    if unreasoned:
        fixes.append("SFT needs reasoning: take other data, or RL, which needs none")
    if long:
        fixes.append("raise max_length, up to the context of the model")
    return f"nothing is left to train on; {'; '.join(fixes) or 'raise max_rows and max_validation_rows'}"


def _training_splits(recipe: RecipeArguments) -> dict[str, Split]:
    loaded = load_splits(
        recipe.dataset,
        ("train", "validation"),
        data_dir=recipe.data_dir,
        revision=recipe.dataset_revision,
        seed=recipe.dataset_seed,
    )
    limits = {"train": recipe.max_rows, "validation": recipe.max_validation_rows}
    return {name: replace(split, rows=split.rows[: limits[name]]) for name, split in loaded.items()}


def _without_long(split: Split, lengths: Sequence[int], max_length: int | None) -> tuple[Split, list[bool]]:
    """The split without its long rows, and which those were."""
    long = [max_length is not None and length > max_length for length in lengths]
    return _drop(split, long, f"more than {max_length} tokens"), long


def _drop(split: Split, out: Sequence[bool], reason: str) -> Split:
    kept = [row for row, gone in zip(split.rows, out, strict=True) if not gone]
    dropped = [
        {"reason": reason, "file": row["source"], "number": None, "row": row}
        for row, gone in zip(split.rows, out, strict=True)
        if gone
    ]
    return replace(split, rows=kept, dropped=[*split.dropped, *dropped])
