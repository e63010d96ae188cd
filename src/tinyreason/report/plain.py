"""The result as plain text, for the terminal at the end of a run."""

from pathlib import Path
from textwrap import indent
from typing import Any

from tinyreason.figures import format_p, format_percent, format_points, format_seconds
from tinyreason.report.run_folder import STAGE_TITLES, read_demo
from tinyreason.report.words import control_verdict, headline


def plain_table(summary: dict[str, Any]) -> str:
    """One line a model with its 95 % intervals in percent,
    then the paired tests and the control's verdict.
    """
    unseen = summary["unseen_templates"]
    lines = [
        headline(summary),
        f"{'':<15}{'held-out problems':<25}unseen templates",
        *(_model_line(name, summary, unseen) for name in STAGE_TITLES if name in summary),
        f"{'problems':<15}{summary['grpo']['n']:<25,}{unseen['n']:,}",
        _paired_line("GRPO - SFT", summary["paired"]),
    ]
    if "sft_continued" in summary:
        lines.append(_paired_line("GRPO - SFT continued", summary["paired_against_sft_continued"]))
    lines.append(f"Control: {control_verdict(summary)}")
    if summary["seconds"] is not None:
        lines.append(f"The whole demo took {format_seconds(summary['seconds'])}.")
    return "\n".join(lines)


def _model_line(name: str, summary: dict[str, Any], unseen: dict[str, Any]) -> str:
    test = f"{format_percent(summary[name]['accuracy']):>7} {_interval(summary[name]['ci95'])}"
    other = f"{format_percent(unseen[name]):>7} {_interval(unseen['ci95'][name])}"
    return f"{STAGE_TITLES[name]:<15}{test:<25}{other}"


def _interval(shares: list[float]) -> str:
    return f"[{100 * shares[0]:.1f}, {100 * shares[1]:.1f}]"


def _paired_line(name: str, paired: dict[str, Any]) -> str:
    return (
        f"{name}: {format_points(paired['difference'])} points {_interval(paired['ci95'])}, "
        f"fixed {paired['fixed']}, broken {paired['broken']}, exact McNemar p = {format_p(paired['p_value'])}"
    )


def plain_samples(run_dir: Path, *, count: int = 3) -> str:
    """The first problems of the test file as the GRPO model solved them, right or wrong."""
    rows = read_demo(Path(run_dir)).grpo.test_rows[:count]
    blocks = [f"The first {len(rows)} held-out problems as the GRPO model solves them:"]
    for number, row in enumerate(rows, 1):
        verdict = "right" if row["correct"] else "wrong"
        answer = "none" if row["answer"] is None else row["answer"]
        completion = indent(row["completion"].strip(), "   | ")
        blocks.append(
            f"{number}. {row['question']}\n{completion}\n   answer {answer}, gold {row['gold']}: {verdict}"
        )
    return "\n\n".join(blocks)
