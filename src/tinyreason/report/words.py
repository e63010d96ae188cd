"""Verdicts in words, the same on the page and in the terminal.

A verdict is chosen by the numbers alone, and the unwelcome ones are written out as plainly as the welcome
ones.
"""

from typing import Any

from tinyreason.figures import format_p, format_percent, format_points, format_seconds

SIGNIFICANCE = 0.01
CONTROL_COMMAND = "make demo-control"


def headline(summary: dict[str, Any]) -> str:
    before, after = (format_percent(summary[name]["accuracy"]) for name in ("sft", "grpo"))
    paired = summary["paired"]
    if paired["p_value"] >= SIGNIFICANCE:
        return f"Accuracy went from {before} to {after}, which may be chance"
    verb = "raised" if paired["difference"] > 0 else "lowered"
    return f"Reinforcement learning {verb} accuracy from {before} to {after}"


def paired_sentence(paired: dict[str, Any], *, against: str) -> str:
    """What GRPO and the other model do with the same problems, and how surprising that is."""
    return (
        f"On the same {paired['n']:,} problems GRPO solves {paired['fixed']} that {against} gets wrong and "
        f"fails on {paired['broken']} that {against} solves. {_surprise(paired)}"
    )


def _surprise(paired: dict[str, Any]) -> str:
    if paired["fixed"] + paired["broken"] == 0:
        return "The two models are right on exactly the same problems, so there is nothing to test."
    test = f"exact McNemar test, p = {format_p(paired['p_value'])}"
    if paired["p_value"] < SIGNIFICANCE:
        return f"Two equally good models would rarely disagree so unevenly ({test}): this is hardly chance."
    return f"Two equally good models could well disagree like this ({test}): chance is not ruled out."


def control_verdict(summary: dict[str, Any]) -> str:
    """GRPO against the SFT model that was trained on for as long as GRPO took, or that this was not run."""
    if "sft_continued" not in summary:
        return f"Not known: the control was not run. {CONTROL_COMMAND} trains and measures it."
    if not summary["grpo_beats_sft_continued"]:
        return "GRPO does not beat the same SFT model trained on with plain SFT."
    if summary["paired_against_sft_continued"]["p_value"] >= SIGNIFICANCE:
        return "GRPO is ahead of the same SFT model trained on with plain SFT, but that may be chance."
    return "GRPO beats the same SFT model trained on with plain SFT."


def control_figures(summary: dict[str, Any]) -> str:
    """The numbers behind control_verdict; needs a control that was run."""
    paired, seconds = summary["paired_against_sft_continued"], summary["stage_seconds"]
    low, high = (format_points(end) for end in paired["ci95"])
    return (
        f"GRPO reaches {format_percent(summary['grpo']['accuracy'])} after {format_seconds(seconds['grpo'])} "
        f"of its training, SFT continued {format_percent(summary['sft_continued']['accuracy'])} after "
        f"{format_seconds(seconds['sft_continued'])}: {format_points(paired['difference'])} points, "
        f"95 % interval [{low}, {high}]. {paired_sentence(paired, against='SFT continued')}"
    )
