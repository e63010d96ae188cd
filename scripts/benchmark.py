"""The benchmarks of published tables by lm-evaluation-harness: a model beside the stages it was trained from.

python scripts/benchmark.py --model runs/tiny/grpo --tasks gsm8k hellaswag

GSM8K 8-shot, Minerva Math 4-shot, ARC-Challenge 25-shot, ARC-Easy 0-shot, MMLU 5-shot, HellaSwag 10-shot, all
with the chat template, the harness's own scores and standard errors: eval/benchmark-TASK.json of each model's
folder. What the harness and our grader say differently of the same completions is counted there and listed in
eval/benchmark-TASK-disagreements.jsonl. Needs the extra `bench`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from tinyreason import chatml
from tinyreason.chatml import AnswerFormat
from tinyreason.config import ConfigError, choose, parse
from tinyreason.evaluation import graded, harness_scores, result_folder
from tinyreason.generation import Completion
from tinyreason.models import as_trained, load_model, load_tokenizer, stages_before
from tinyreason.run import environment, plain_errors, send_no_telemetry, trained_answer_format, write_json

# task -> worked examples before each problem
SHOTS = {"gsm8k": 8, "minerva_math": 4, "arc_challenge": 25, "arc_easy": 0, "mmlu": 5, "hellaswag": 10}
NO_SCORES = ("alias", "sample_len", "name", "sample_count")


@dataclass
class BenchmarkArguments:
    """Which models on which tasks."""

    model: str = field(metadata={"help": "Hub id, local folder or run folder."})
    no_base: bool = field(
        default=False, metadata={"help": "Leave out the base and the stages that it was trained from."}
    )
    tasks: list[str] = field(
        default_factory=lambda: list(SHOTS), metadata={"help": f"Of {', '.join(SHOTS)}."}
    )
    include_path: str | None = field(
        default=None, metadata={"help": "Folder of task files; they win over those of the harness."}
    )
    limit: int | None = field(default=None, metadata={"help": "First problems of each task only."})
    max_completion_length: int = field(default=512, metadata={"help": "Most tokens a completion."})
    batch_size: int = field(default=16, metadata={"help": "Problems a batch."})
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})
    output_dir: str | None = field(default=None, metadata={"help": "null: eval/ of the model's folder."})

    def __post_init__(self) -> None:
        for name in self.tasks:
            choose(SHOTS, name, what="task")


def main() -> None:
    """One model after the other."""
    (args,) = parse([BenchmarkArguments], description=__doc__)
    send_no_telemetry()
    try:
        import lm_eval  # noqa: F401
    except ImportError:
        raise ConfigError("lm-eval is not installed; pip install -e '.[bench]'") from None
    models = [(args.model, None), *([] if args.no_base else stages_before(args.model))]
    asked = trained_answer_format(args.model)  # of all of them the same
    results = {name: benchmark(name, revision, asked, args) for name, revision in models}
    print(table(results))


def benchmark(
    name: str, revision: str | None, answer_format: AnswerFormat, args: BenchmarkArguments
) -> dict[str, Any]:
    """The scores of one model by task, each written down when it is there."""
    from lm_eval import simple_evaluate
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    model_args = as_trained(name, args.dtype, revision)
    tokenizer = load_tokenizer(model_args, answer_format)
    model = load_model(model_args, tokenizer, seed=0).eval()
    backend = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=args.batch_size)
    manager = TaskManager(include_path=args.include_path)
    folder, scores = result_folder(name, args.output_dir), {}
    for task in args.tasks:
        found = simple_evaluate(
            model=backend,
            tasks=[task],
            num_fewshot=SHOTS[task],
            limit=args.limit,
            apply_chat_template=True,
            gen_kwargs={"max_gen_toks": args.max_completion_length},
            task_manager=manager,
        )
        different = list(disagreements(found["samples"]))
        scores[task] = {
            **{key: value for key, value in found["results"][task].items() if key not in NO_SCORES},
            "shots": SHOTS[task],
            "problems": sum(count["effective"] for count in found["n-samples"].values()),
            "version": found["versions"].get(task),
            "disagreements": len(different),
        }
        facts = {"model": name, "task": task, "harness": version("lm_eval"), "limit": args.limit}
        write_json(folder / f"benchmark-{task}.json", {**facts, **scores[task], **environment()})
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in different)
        (folder / f"benchmark-{task}-disagreements.jsonl").write_text(lines, encoding="utf-8")
    return scores


def disagreements(samples: dict[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The completions that one grader takes for right and the other does not: strict beside strict, flexible
    beside flexible.
    """
    for task, entries in samples.items():
        for entry in (entry for entry in entries if "exact_match" in entry):
            text = entry["resps"][0][0]
            gold = str(entry["doc"].get("answer", entry["target"]))
            found = graded(Completion(text, 0, False), gold, chatml.PREFILL)
            ours = found["flexible" if "flexible" in entry["filter"] else "correct"]
            if ours != bool(entry["exact_match"]):
                yield {
                    "task": task,
                    "filter": entry["filter"],
                    "gold": gold,
                    "completion": text,
                    "harness": bool(entry["exact_match"]),
                    "ours": ours,
                    "rule": found["rule"],
                }


def table(results: dict[str, dict[str, Any]]) -> str:
    """A line a model, a column a metric; the harness's standard errors behind the scores."""
    scores = next(iter(results.values()))
    columns = [(task, metric) for task, found in scores.items() for metric in harness_scores(found)]
    names = [f"{task} {metric}" for task, metric in columns]
    lines = [f"| model | {' | '.join(names)} |", "|---|" + "---|" * len(columns)]
    for name, found in results.items():
        cells = [harness_scores(found[task])[metric] for task, metric in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    with plain_errors():
        main()
