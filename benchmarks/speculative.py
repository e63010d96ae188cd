"""Speculative decoding beside plain decoding: one question at a time, greedy, the same text.

python benchmarks/speculative.py --model runs/demo/grpo --draft runs/draft --output speculative.json

The same questions are answered plainly, with prompt lookup and with the draft model in turns, so that all
three meet the same machine. Reports tokens a second, their ratios, and how many texts differ, as rounding may
make them.
"""

import statistics
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tinyreason.chat import LOOKUP, Speaker
from tinyreason.config import parse
from tinyreason.data import load_split
from tinyreason.models import as_trained
from tinyreason.run import environment, write_json


@dataclass
class BenchmarkArguments:
    """Which models, and how much they are asked."""

    model: str = field(metadata={"help": "The model that answers."})
    output: str = field(metadata={"help": "JSON file of the result."})
    draft: str | None = field(default=None, metadata={"help": "A smaller model of the same tokenizer."})
    dataset: str = field(default="synthetic", metadata={"help": "Its test problems are asked."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder to read named datasets from."})
    questions: int = field(default=50, metadata={"help": "How many, the first ones."})
    rounds: int = field(default=3, metadata={"help": "Turns of each."})
    most: int = field(default=256, metadata={"help": "Most tokens an answer."})


def answered(speaker: Speaker, questions: list[str], most: int) -> tuple[list[str], int, float]:
    """(texts, tokens, seconds)."""
    texts, tokens, started = [], 0, time.perf_counter()
    for question in questions:
        ids, room = speaker.conversation().prompt(question, most)
        reply = speaker.reply(ids, most=room, temperature=0.0)
        texts.append("".join(reply))
        tokens += reply.tokens
    return texts, tokens, time.perf_counter() - started


def main() -> None:
    """Rounds in turns."""
    (args,) = parse([BenchmarkArguments], description=__doc__)
    rows = load_split(args.dataset, "test", data_dir=args.data_dir).rows[: args.questions]
    questions = [row["question"] for row in rows]
    drafts = {"plain": None, "lookup": LOOKUP, **({"draft": args.draft} if args.draft else {})}
    speakers = {name: Speaker(as_trained(args.model, "float32"), draft) for name, draft in drafts.items()}
    rates: dict[str, list[float]] = {name: [] for name in speakers}
    texts: dict[str, list[str]] = {}
    for _ in range(args.rounds):
        for name, speaker in speakers.items():
            texts[name], tokens, seconds = answered(speaker, questions, args.most)
            rates[name].append(tokens / seconds)
    found: dict[str, Any] = {
        name: {
            "tokens_per_second": [round(rate, 1) for rate in rates[name]],
            "ratio": round(statistics.median(rates[name]) / statistics.median(rates["plain"]), 3),
            "texts_that_differ": sum(a != b for a, b in zip(texts[name], texts["plain"], strict=True)),
        }
        for name in speakers
    }
    parameters = {"model": speakers["plain"].model.num_parameters()}
    if args.draft:
        parameters["draft"] = speakers["draft"].guessing["assistant_model"].num_parameters()
    settings = {key: value for key, value in asdict(args).items() if key != "output"}
    result = {**environment(), **settings, "parameters": parameters, "results": found}
    write_json(Path(args.output), result)
    for name, figures in found.items():
        print(name, figures)


if __name__ == "__main__":
    main()
