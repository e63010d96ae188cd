"""Writes summary.json and report.html of a demo run and prints the result: python scripts/report.py
runs/demo.
"""

import argparse
import sys
from pathlib import Path

from tinyreason.report import ReportError, plain_samples, plain_table, summarize, write_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "run_dir", type=Path, help="the demo's folder, with sft/, grpo/ and perhaps sft_continued/"
    )
    parser.add_argument(
        "--seconds", type=float, help="wall time of the whole demo, to be shown in the report"
    )
    arguments = parser.parse_args()
    try:
        summary = summarize(arguments.run_dir, seconds=arguments.seconds)
        page = write_report(arguments.run_dir, summary)
    except ReportError as error:
        sys.exit(f"report: {error}")
    print(plain_samples(arguments.run_dir), plain_table(summary), sep="\n\n")
    print(f"\n{page}\n{arguments.run_dir / 'summary.json'}")


if __name__ == "__main__":
    main()
