"""Writes problems made by program to JSON lines: question, worked reasoning, answer, and the program that
computes it.

python scripts/synthesize.py --domain grade_school --rows 1000000 --output_dir data/grade_school

A recipe reads the folder as any other: `dataset: data/grade_school`. Without it, `dataset: grade_school`
makes the first rows of the same problems anew. The same seed writes the same bytes.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tinyreason.config import ConfigError, choose, parse
from tinyreason.synthetic import DOMAINS, Domain, domain


@dataclass
class SynthesisArguments:
    """What is made, and how much of it."""

    domain: str = field(metadata={"help": "grade_school, arithmetic, calculus or ml_math."})
    output_dir: str = field(metadata={"help": "Folder for train, validation, test and unseen.jsonl."})
    rows: int | None = field(default=None, metadata={"help": "Training rows; null for the domain's own."})
    seed: int = field(default=0, metadata={"help": "Of the drawing; `dataset_seed` in a recipe."})


def write_split(made: Domain, split: str, args: SynthesisArguments) -> int:
    """One file; how many problems are in it."""
    count = 0
    wanted = args.rows if split == "train" else None
    path = Path(args.output_dir) / f"{split}.jsonl"
    with open(path.with_suffix(".tmp"), "w", encoding="utf-8") as file:
        for problem in made.problems(split, seed=args.seed, count=wanted):
            file.write(json.dumps(asdict(problem), ensure_ascii=False) + "\n")
            count += 1
    path.with_suffix(".tmp").rename(path)  # whole, or not there
    return count


def main() -> None:
    (args,) = parse([SynthesisArguments], description=__doc__)
    chosen = domain(choose({name: name for name in DOMAINS}, args.domain, what="domain"))
    Path(args.output_dir).mkdir(parents=True, exist_ok=True)
    for split in chosen.rows:
        print(f"{args.output_dir}/{split}.jsonl: {write_split(chosen, split, args):,} problems", flush=True)


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"error: {error}")
