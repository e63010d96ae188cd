"""One page about one or more runs: scores with intervals and paired tests, curves, alarms, rollouts, recipes,
cost.

python scripts/report.py runs/demo/grpo runs/demo/sft

Writes report.html, which needs nothing else, and report.md, and prints the latter. The first run is compared
with the others, and every run with the stages that it was trained from.
"""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tinyreason.config import ConfigError, parse, positional
from tinyreason.report import ReportError, write_report


@dataclass
class ReportArguments:
    """Which runs."""

    runs: list[str] = field(metadata={"help": "Run folders, the one that matters first."})
    output_dir: str | None = field(
        default=None,
        metadata={"help": "null writes into the run's folder, of several the one that holds them."},
    )
    eval_dir: str | None = field(
        default=None, metadata={"help": "The output_dir of the evaluations, if they had one."}
    )
    price: float | None = field(
        default=None, metadata={"help": "Of one device for an hour, in any currency."}
    )


def main() -> None:
    """Reads, writes, prints."""
    (args,) = parse([ReportArguments], positional("runs"), description=__doc__)
    folders = [Path(run) for run in args.runs]
    output = Path(args.output_dir or os.path.relpath(os.path.commonpath(map(os.path.abspath, args.runs))))
    text = write_report(folders, output, eval_dir=args.eval_dir, price=args.price)
    print(text, output / "report.html", sep="\n")


if __name__ == "__main__":
    try:
        main()
    except (ConfigError, ReportError) as error:
        sys.exit(f"error: {error}")
