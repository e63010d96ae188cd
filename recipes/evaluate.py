"""Greedy pass@1, pass@k and maj@k of a model, and the paired test against another one on the same problems.

python recipes/evaluate.py --model runs/tiny/grpo --against runs/tiny/sft --dataset synthetic --split test
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tinyreason.config import ConfigError, parse
from tinyreason.data import Row, Split, load_split
from tinyreason.evaluation import compare, evaluate, write_result
from tinyreason.models import as_trained, load_model, load_tokenizer
from tinyreason.run import plain_errors, send_no_telemetry, trained_answer_format, write_json


@dataclass
class EvaluationArguments:
    """Which model on which problems, and how it decodes."""

    model: str = field(metadata={"help": "Hub id, local folder or run folder."})
    against: str | None = field(default=None, metadata={"help": "A second model, for the paired test."})
    dataset: str = field(default="synthetic", metadata={"help": "As in a training recipe."})
    split: str = field(default="test", metadata={"help": "train, validation, test; unseen for synthetic."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder to read named datasets from."})
    dataset_revision: str | None = field(default=None, metadata={"help": "Commit of a Hub dataset."})
    dataset_seed: int = field(default=0, metadata={"help": "The seed that training split the data by."})
    max_rows: int | None = field(default=None, metadata={"help": "First rows only; null takes all."})
    shots: int = field(
        default=0, metadata={"help": "Worked training problems of the same source before each."}
    )
    k: int = field(default=1, metadata={"help": "Completions a problem."})
    temperature: float = field(default=0.0, metadata={"help": "0 is greedy; k > 1 needs more than 0."})
    max_completion_length: int = field(default=512, metadata={"help": "Most tokens a completion."})
    batch_size: int = field(default=64, metadata={"help": "Problems a batch."})
    seed: int = field(default=0, metadata={"help": "Seed of the sampling."})
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})
    answer_format: Literal["boxed", "final_answer"] | None = field(
        default=None, metadata={"help": "null takes the one that the model was trained with."}
    )
    output_dir: str | None = field(
        default=None, metadata={"help": "null writes to eval/ of the model's folder."}
    )

    def __post_init__(self) -> None:
        if self.shots and self.split == "train":
            raise ConfigError("shots: are training problems; evaluate on another split, or without them")
        if self.k < 1 or self.temperature < 0 or (self.k > 1 and self.temperature == 0):
            raise ConfigError(
                f"k {self.k} at temperature {self.temperature}: k is 1 or more, and k > 1 needs a "
                "temperature above 0"
            )


def worked_examples(args: EvaluationArguments) -> dict[str, list[Row]]:
    """The first training rows of every source that show how they were solved."""
    if not args.shots:
        return {}
    found = defaultdict(list)
    for row in load(args, "train").rows:
        if row["reasoning"] and len(found[row["source"]]) < args.shots:
            found[row["source"]].append(row)
    for source, rows in found.items():
        if len(rows) < args.shots:
            raise ConfigError(f"shots: {source} has {len(rows)} worked training problems; give that many")
    return found


def load(args: EvaluationArguments, split: str) -> Split:
    """A split of the dataset."""
    return load_split(
        args.dataset, split, data_dir=args.data_dir, revision=args.dataset_revision, seed=args.dataset_seed
    )


def score(
    name: str, split: Split, examples: dict[str, list[Row]], args: EvaluationArguments
) -> list[dict[str, Any]]:
    """Loads one model, evaluates it, writes its result, prints one line of it and returns its items."""
    model_args = as_trained(name, args.dtype)
    answer_format = args.answer_format or trained_answer_format(name)
    tokenizer = load_tokenizer(model_args, answer_format)
    summary, items = evaluate(
        load_model(model_args, tokenizer, seed=args.seed),
        tokenizer,
        split.rows[: args.max_rows],
        answer_format=answer_format,
        examples=examples,
        k=args.k,
        temperature=args.temperature,
        max_new_tokens=args.max_completion_length,
        batch_size=args.batch_size,
        seed=args.seed,
        description=f"evaluate {name}",
    )
    result = {
        "model": name,
        "dataset": args.dataset,
        "split": args.split,
        **summary,
        "data": split.provenance,
    }
    write_result(result_folder(name, args), result_name(args), result, items)
    for source, part in {args.dataset: summary, **summary.get("by_source", {})}.items():
        print(f"{name} on {source}/{args.split}: {figures(part, args.k)}")
    return items


def figures(summary: dict[str, Any], k: int) -> str:
    """Such as 12.3 % [10.1 %, 14.8 %] of 1000, 0.4 % truncated."""
    low, high = summary["ci95"]
    words = f"{summary['accuracy']:.1%} [{low:.1%}, {high:.1%}] of {summary['n']}"
    if k > 1:
        words += f", pass@{k} {summary['pass_at_k']:.1%}, maj@{k} {summary['maj_at_k']:.1%}"
    return f"{words}, {summary['truncated']:.1%} truncated"


def result_folder(name: str, args: EvaluationArguments) -> Path:
    """eval/ of a local model's own folder; a hub model's results go to runs/eval/."""
    if args.output_dir is not None:
        return Path(args.output_dir) / name.replace("/", "--")
    return Path(name) / "eval" if Path(name).is_dir() else Path("runs/eval") / name.replace("/", "--")


def result_name(args: EvaluationArguments) -> str:
    """Such as synthetic-test, with -2shot for two worked examples and -k8 for eight samples a problem."""
    name = f"{Path(args.dataset).stem}-{args.split}"
    return name + (f"-{args.shots}shot" if args.shots else "") + (f"-k{args.k}" if args.k > 1 else "")


def main() -> None:
    """One model, or two and their comparison."""
    (args,) = parse([EvaluationArguments], description=__doc__)
    send_no_telemetry()
    split, examples = load(args, args.split), worked_examples(args)
    items = score(args.model, split, examples, args)
    if args.against is None:
        return
    compared = compare(items, score(args.against, split, examples, args))
    comparison = {"model": args.model, "against": args.against, **compared}
    path = result_folder(args.model, args) / f"{result_name(args)}-against-{Path(args.against).name}.json"
    write_json(path, comparison)
    keys = ("difference", "ci95", "fixed", "broken", "p_value")
    for source, part in {"": comparison, **comparison.get("by_source", {})}.items():
        words = json.dumps({key: part[key] for key in keys})
        print(f"{args.model} against {args.against}{source and f' on {source}'}: {words}")
    print(path)


if __name__ == "__main__":
    with plain_errors():
        main()
