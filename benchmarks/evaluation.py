"""Problems a second beside lm-evaluation-harness: the same model, prompts, most tokens and machine, in turns.

python benchmarks/evaluation.py --model runs/mathlm-5m/sft --dataset gsm8k --data_dir DIR

Greedy, ours at --batch_size and its Hugging Face backend at the same and at its default of 1; both sets of
completions are graded by the same grader. Writes evaluation.json into --output_dir. With --drift how many of
the greedy completions change with the batch size, in float32 and in bfloat16.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tinyreason import chatml
from tinyreason.config import parse
from tinyreason.data import load_split
from tinyreason.evaluation import Protocol, graded
from tinyreason.evaluation.prompts import render
from tinyreason.generation import Completion, Decoding, generate
from tinyreason.models import as_trained, load_model, load_tokenizer
from tinyreason.run import environment, plain_errors, trained_answer_format, write_json


@dataclass
class BenchmarkArguments:
    """What is timed."""

    model: str = field(metadata={"help": "A run folder or local model."})
    dataset: str = field(default="gsm8k", metadata={"help": "As in a recipe."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder to read named datasets from."})
    max_rows: int = field(default=400, metadata={"help": "Problems."})
    rounds: int = field(default=3, metadata={"help": "Times that each is run, in turns."})
    max_completion_length: int = field(default=256, metadata={"help": "Most tokens a completion."})
    batch_size: int = field(default=64, metadata={"help": "Completions that are decoded together."})
    drift: bool = field(default=False, metadata={"help": "Batch sizes against each other instead."})
    output_dir: str = field(default="runs/benchmark", metadata={"help": "Folder for evaluation.json."})


class Benchmark:
    """The prompts, and the two that complete them."""

    def __init__(self, args: BenchmarkArguments) -> None:
        self.args = args
        answer_format = trained_answer_format(args.model)
        self.model_args = as_trained(args.model, "float32")
        self.tokenizer = load_tokenizer(self.model_args, answer_format)
        self.rows = load_split(args.dataset, "test", data_dir=args.data_dir).rows[: args.max_rows]
        protocol = Protocol(args.dataset, answer_format=answer_format)
        self.prompts = render(self.rows, protocol, {}, self.tokenizer)

    def ours(self, batch_size: int, dtype: str = "float32") -> tuple[float, list[Completion]]:
        """(seconds, completions) of this project's generation."""
        model = load_model(as_trained(self.args.model, dtype), self.tokenizer, seed=0)
        decoding = Decoding(self.args.max_completion_length)
        found: dict[int, Completion] = {}
        started = time.perf_counter()
        for index, _, completion in generate(
            model, self.tokenizer, self.prompts, decoding, batch_size=batch_size
        ):
            found[index] = completion
        return time.perf_counter() - started, [found[index] for index in range(len(self.prompts))]

    def harness(self, batch_size: int) -> tuple[float, list[Completion]]:
        """(seconds, completions) of lm-evaluation-harness's Hugging Face backend."""
        from lm_eval.api.instance import Instance
        from lm_eval.models.huggingface import HFLM

        backend = HFLM(
            pretrained=load_model(self.model_args, self.tokenizer, seed=0),
            tokenizer=self.tokenizer,
            batch_size=batch_size,
        )
        settings = {
            "until": [self.tokenizer.eos_token],
            "max_gen_toks": self.args.max_completion_length,
            "do_sample": False,
        }
        requests = [
            Instance("generate_until", {}, (prompt, dict(settings)), index)
            for index, prompt in enumerate(self.prompts)
        ]
        started = time.perf_counter()
        texts = backend.generate_until(requests, disable_tqdm=True)
        return time.perf_counter() - started, [Completion(text, 0, False) for text in texts]

    def right(self, completions: list[Completion]) -> list[bool]:
        """The verdict on each, by the grader that everything here uses."""
        return [
            graded(completion, row["answer"], chatml.PREFILL)["correct"]
            for completion, row in zip(completions, self.rows, strict=True)
        ]

    def speed(self) -> dict[str, Any]:
        """Each in turns; the median of the rounds' ratios counts."""
        arms = {
            "ours": lambda: self.ours(self.args.batch_size),
            "harness": lambda: self.harness(self.args.batch_size),
            "harness_batch_1": lambda: self.harness(1),
        }
        seconds: dict[str, list[float]] = {name: [] for name in arms}
        verdicts: dict[str, list[bool]] = {}
        texts: dict[str, list[str]] = {}
        for _ in range(self.args.rounds):
            for name, run in arms.items():
                took, completions = run()
                seconds[name].append(took)
                verdicts[name] = self.right(completions)
                texts[name] = [completion.text for completion in completions]
        times_faster = {
            name: median(theirs / own for theirs, own in zip(seconds[name], seconds["ours"], strict=True))
            for name in ("harness", "harness_batch_1")
        }
        return {
            "problems": len(self.rows),
            "seconds": seconds,
            "problems_per_second": {name: len(self.rows) / median(took) for name, took in seconds.items()},
            "times_faster_than": times_faster,
            "correct": {name: sum(found) for name, found in verdicts.items()},
            "same_text_as_ours": {
                name: sum(one == other for one, other in zip(texts["ours"], texts[name], strict=True))
                for name in ("harness", "harness_batch_1")
            },
        }

    def drift(self) -> dict[str, Any]:
        """Completions that differ from those of batch size 1, and what that does to the verdicts."""
        return {dtype: dict(self.drift_of(dtype)) for dtype in ("float32", "bfloat16")}

    def drift_of(self, dtype: str) -> Iterator[tuple[str, dict[str, int]]]:
        """Batch size -> how many differ, of this dtype."""
        _, alone = self.ours(1, dtype)
        solved = self.right(alone)
        for batch_size in (8, self.args.batch_size):
            _, together = self.ours(batch_size, dtype)
            pairs = zip(alone, together, strict=True)
            changed = zip(solved, self.right(together), strict=True)
            yield (
                str(batch_size),
                {
                    "texts": sum(one.text != other.text for one, other in pairs),
                    "verdicts": sum(one != other for one, other in changed),
                },
            )


def main() -> None:
    """One of the two measurements."""
    (args,) = parse([BenchmarkArguments], description=__doc__)
    benchmark = Benchmark(args)
    found = benchmark.drift() if args.drift else benchmark.speed()
    facts = {"model": args.model, "dataset": args.dataset, "problems": len(benchmark.rows)}
    facts |= {"max_completion_length": args.max_completion_length, "batch_size": args.batch_size}
    path = Path(args.output_dir) / f"evaluation{'-drift' if args.drift else ''}.json"
    write_json(path, {**facts, **found, **environment()})
    for name in ("problems_per_second", "times_faster_than", "correct", "float32", "bfloat16"):
        if name in found:
            print(name, found[name])
    print(path)


if __name__ == "__main__":
    with plain_errors():
        main()
