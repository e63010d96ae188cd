"""Greedy accuracy, pass@k and maj@k of a model, and paired tests against others on the same problems: against
those that are named, and the stages that it was trained from.

python recipes/evaluate.py --model runs/tiny/grpo --dataset synthetic
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tinyreason.config import ConfigError, ModelArguments, parse
from tinyreason.data import Row, Split, load_split
from tinyreason.evaluation import (
    TESTS,
    Complete,
    Protocol,
    compare,
    compare_parts,
    evaluate,
    paired_sentence,
    result_folder,
    results_table,
    standard_tokens,
    without_lists,
)
from tinyreason.generation import VLLM, generate
from tinyreason.models import (
    as_trained,
    identity,
    load_model,
    load_tokenizer,
    missing_tokens,
    native_ends,
    native_tokenizer,
    own_identity,
    stages_before,
)
from tinyreason.run import plain_errors, send_no_telemetry, trained_answer_format, write_json

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass
class EvaluationArguments:
    """Which models on which problems, and how they decode."""

    model: str = field(metadata={"help": "Hub id, local folder or run folder."})
    against: list[str] = field(
        default_factory=list, metadata={"help": "Other models, each for a paired test on the same problems."}
    )
    no_base: bool = field(
        default=False,
        metadata={"help": "Leave out the base and the earlier stages that the model was trained from."},
    )
    prompt: Literal["tinyreason", "native"] = field(
        default="tinyreason", metadata={"help": "native: the chat template that the model came with."}
    )
    dataset: str = field(default="synthetic", metadata={"help": "As in a training recipe."})
    split: str = field(default="test", metadata={"help": "train, validation, test; unseen for synthetic."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder to read named datasets from."})
    dataset_revision: str | None = field(default=None, metadata={"help": "Commit of a Hub dataset."})
    dataset_seed: int = field(default=0, metadata={"help": "The seed that training split the data by."})
    max_rows: int | None = field(
        default=None, metadata={"help": "That many rows, evenly spaced; null takes all."}
    )
    shots: int = field(
        default=0, metadata={"help": "Worked training problems of the same source before each."}
    )
    k: int = field(default=0, metadata={"help": "Samples a problem, beside the greedy completion."})
    temperature: float = field(default=1.0, metadata={"help": "Of the samples."})
    max_completion_length: int | None = field(
        default=None, metadata={"help": "Most tokens a completion; null: 1024 for MATH, else 512."}
    )
    use_vllm: bool = field(
        default=False, metadata={"help": "Decode with vLLM; its rounding changes some completions."}
    )
    batch_size: int = field(default=64, metadata={"help": "Completions that are decoded together."})
    seed: int = field(default=0, metadata={"help": "Seed of the samples."})
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})
    answer_format: Literal["boxed", "final_answer"] | None = field(
        default=None, metadata={"help": "null takes the one that the model was trained with."}
    )
    output_dir: str | None = field(
        default=None, metadata={"help": "null writes to eval/ of the model's folder."}
    )

    def __post_init__(self) -> None:
        least = {"max_rows": 1, "batch_size": 1, "max_completion_length": 1, "shots": 0, "k": 0}
        for name, number in least.items():
            if vars(self)[name] is not None and vars(self)[name] < number:
                raise ConfigError(f"{name}: {vars(self)[name]} is too few; give {number} or more")
        self.model, *self.against = map(plain_name, [self.model, *self.against])
        if self.shots and self.split == "train":
            raise ConfigError("shots: are training problems; evaluate on another split, or without them")
        if self.temperature <= 0:
            raise ConfigError(
                f"temperature: {self.temperature} draws no samples, and the greedy completion needs none; "
                "give one above 0"
            )


def plain_name(model: str) -> str:
    """A folder by one name, however it was written."""
    return os.path.normpath(model) if Path(model).is_dir() else model


class Subject(NamedTuple):
    """A model under a prompt; `named` on the command line, or an earlier stage of one that is."""

    model: str
    revision: str | None
    prompt: Literal["tinyreason", "native"]
    named: bool

    @property
    def label(self) -> str:
        """What distinguishes it in words and in the name of a file."""
        return f"{self.model}, own prompt" if self.prompt == "native" else self.model


def subjects(args: EvaluationArguments) -> list[Subject]:
    """The model, those it is put against, and unless told otherwise the stages before it; of a model that
    came with a chat template the prompt of that too, so that learning ours is not taken for learning
    mathematics.
    """
    found = [Subject(args.model, None, args.prompt, True)]
    found += [Subject(name, None, args.prompt, True) for name in args.against]
    if args.no_base:
        return list(dict.fromkeys(found))
    named = [subject.model for subject in found]
    stages = [(plain_name(name), revision) for name, revision in stages_before(args.model)]
    stages = [stage for stage in stages if stage[0] not in named]
    for name, revision in [(name, None) for name in named] + stages:
        with earlier_stage(name, name in named):
            own = native_tokenizer(name, revision)
        if name not in named and (own is None or not missing_tokens(own)):
            found.append(Subject(name, revision, "tinyreason", False))
        if own is not None:
            found.append(Subject(name, revision, "native", name in named))
    return list(dict.fromkeys(found))


@contextmanager
def earlier_stage(name: str, named: bool) -> Iterator[None]:
    """Whoever did not name a model is told why it is wanted, and how to do without."""
    try:
        yield
    except (ConfigError, OSError) as error:
        if named:
            raise
        reason = str(error).splitlines()[0]
        raise ConfigError(f"{name}, from which the model was trained: {reason}; or give --no_base") from error


def load(args: EvaluationArguments, split: str) -> Split:
    """A split of the dataset."""
    return load_split(
        args.dataset, split, data_dir=args.data_dir, revision=args.dataset_revision, seed=args.dataset_seed
    )


def chosen(split: Split, args: EvaluationArguments) -> list[Row]:
    """All rows, or `max_rows` of them: data are often sorted by kind."""
    count = min(args.max_rows or len(split.rows), len(split.rows))
    return [split.rows[number * len(split.rows) // count] for number in range(count)]


def worked_examples(args: EvaluationArguments, rows: list[Row]) -> dict[str, list[Row]]:
    """The first training rows, of every source in `rows`, that show how they were solved."""
    if not args.shots:
        return {}
    found: dict[str, list[Row]] = {row["source"]: [] for row in rows}
    for row in load(args, "train").rows:
        shown = found.get(row["source"])
        if shown is not None and row["reasoning"] and len(shown) < args.shots:
            shown.append(row)
    for source, shown in found.items():
        if len(shown) < args.shots:
            raise ConfigError(f"shots: {source} has {len(shown)} worked training problems; ask for no more")
    return found


def score(
    subject: Subject,
    rows: list[Row],
    examples: dict[str, list[Row]],
    facts: dict[str, Any],
    args: EvaluationArguments,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(summary, items) of one model, which is loaded where it has not been evaluated so before."""
    name, revision, prompt, named = subject
    protocol = Protocol(
        args.dataset,
        split=args.split,
        prompt=prompt,
        answer_format=args.answer_format or trained_answer_format(args.model),
        shots=args.shots,
        rows=args.max_rows,
        max_new_tokens=args.max_completion_length or standard_tokens(args.dataset),
        k=args.k,
        temperature=args.temperature,
        seed=args.seed,
        dataset_seed=args.dataset_seed,
        dtype=args.dtype,
    )
    with earlier_stage(name, named):
        model_args = as_trained(name, args.dtype, revision)
        if prompt == "native":
            tokenizer = native_tokenizer(name, revision)
            if tokenizer is None:
                raise ConfigError(f"prompt: {name} has no chat template of its own; leave --prompt out")
            ends = native_ends(name, tokenizer, revision)
        else:
            tokenizer, ends = load_tokenizer(model_args, protocol.answer_format), []
        return evaluate(
            rows,
            protocol,
            tokenizer=tokenizer,
            load=lambda: decoder(model_args, tokenizer, ends, args),
            identity=identity(name, revision) + (" in vLLM" if args.use_vllm else ""),
            folder=result_folder(name, args.output_dir, revision),
            name=result_name(subject, args),
            facts={"model": name, "revision": revision, "weights": own_identity(name, revision), **facts},
            examples=examples,
        )


def decoder(
    model_args: ModelArguments,
    tokenizer: "PreTrainedTokenizerBase",
    ends: list[int],
    args: EvaluationArguments,
) -> Complete:
    """The loaded model, as what completes prompts."""
    if args.use_vllm:
        return VLLM(model_args, tokenizer, ends)
    model = load_model(model_args, tokenizer, seed=args.seed)
    return partial(generate, model, tokenizer, batch_size=args.batch_size, ends=ends)


def result_name(subject: Subject, args: EvaluationArguments) -> str:
    """Such as gsm8k; gsm8k-train of another split, -2shot for two worked examples, -100rows for so many,
    -native for the model's own prompt.
    """
    parts = [
        (Path(args.dataset).stem, True),
        (args.split, args.split != "test"),
        (f"{args.shots}shot", args.shots),
        (f"{args.max_rows}rows", args.max_rows),
        ("native", subject.prompt == "native"),
    ]
    return "-".join(part for part, wanted in parts if wanted)


def main() -> None:
    """The model and all that it is compared with: a table, the tests, and their files."""
    (args,) = parse([EvaluationArguments], description=__doc__)
    send_no_telemetry()
    split = load(args, args.split)
    rows = chosen(split, args)
    examples = worked_examples(args, rows)
    facts = {"data": split.provenance, "use_vllm": args.use_vllm}
    results = {subject: score(subject, rows, examples, facts, args) for subject in subjects(args)}
    (subject, (summary, items)), *others = results.items()
    # the first test is the one that was asked for, else the one against the best of the earlier stages
    named = [other for other in others if other[0].named]
    stages = [other for other in others if not other[0].named]
    stages.sort(key=lambda stage: -stage[1][0]["accuracy"])
    folder, name = result_folder(args.model, args.output_dir), result_name(subject, args)
    last_words = [Path(other.label).name for other, _ in others]
    tests = []
    for other, (_, other_items) in named + stages:
        compared = {
            "against": other.label,
            **compare(items, other_items),
            **compare_parts(items, other_items),
        }
        last = Path(other.label).name
        beside = last if last_words.count(last) == 1 else other.label.replace("/", "--")
        write_json(folder / f"{name}-against-{beside}.json", {"model": subject.label, **compared})
        tests.append(without_lists(compared))
    summary = {key: value for key, value in summary.items() if key not in TESTS}
    if tests:
        summary |= {"paired": tests[0], "paired_others": tests[1:]}
    write_json(folder / f"{name}.json", summary)
    print(results_table([found for found, _ in results.values()]))
    for test in tests:
        print(paired_sentence(subject.label, test))
    print(folder / f"{name}.json")


if __name__ == "__main__":
    with plain_errors(resumable=True):
        main()
