"""Results as a table and sentences, for the terminal and for Markdown alike."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tinyreason.figures import format_p, format_percent, format_points, format_seconds

HEADER = (
    "| model | prompt | accuracy | 95 % interval | flexible | unparsed | truncated | tokens | time |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def results_table(summaries: Sequence[Mapping[str, Any]]) -> str:
    """One line a model, of the same problems; under it the figures of the samples where there are some."""
    first = summaries[0]
    name = f"{Path(first['dataset']).name}/{first['split']}"
    lines = [f"{name}, {first['protocol']}, {first['n']} problems", "", HEADER]
    lines += [
        f"| {found['model']} | {found['prompt']} | {format_percent(found['accuracy'])} "
        f"| {' to '.join(map(format_percent, found['ci95']))} | {format_percent(found['flexible'])} "
        f"| {format_percent(found['unparsed'])} | {format_percent(found['truncated'])} "
        f"| {found['mean_tokens']:.0f} | {format_seconds(found['seconds'])} |"
        for found in summaries
    ]
    sampled = [found for found in summaries if "sampled" in found]
    return "\n".join(lines + ["" for _ in sampled[:1]] + [sampled_sentence(found) for found in sampled])


def sampled_sentence(found: Mapping[str, Any]) -> str:
    """Such as: runs/x, 8 samples at temperature 0.8: pass@1 10.0 %, pass@8 31.0 %, maj@8 14.0 %."""
    sampled = found["sampled"]
    rates = [f"pass@{k} {format_percent(share)}" for k, share in sampled["pass_at_k"].items()]
    rates.append(f"maj@{sampled['k']} {format_percent(sampled['maj_at_k'])}")
    return (
        f"{found['model']}, {sampled['k']} samples at temperature {found['temperature']}: {', '.join(rates)}."
    )


def harness_scores(found: Mapping[str, Any]) -> dict[str, str]:
    """The scores of a task of lm-evaluation-harness with its standard errors, by metric and filter."""
    errors = {metric: found.get(metric.replace(",", "_stderr,")) for metric in found}
    return {
        metric.removesuffix(",none"): format_percent(value)
        + (f" ± {100 * errors[metric]:.1f}" if isinstance(errors[metric], float) else "")
        for metric, value in found.items()
        if isinstance(value, float) and "stderr" not in metric
    }


def paired_sentence(model: str, paired: Mapping[str, Any]) -> str:
    """Such as: runs/x against runs/y: improved, +3.2 points [1.0, 5.4], 60 fixed, 20 broken, p = 0.0001."""
    low, high = map(format_points, paired["ci95"])
    return (
        f"{model} against {paired['against']}: {paired['verdict']}, {format_points(paired['difference'])} "
        f"points [{low}, {high}], {paired['fixed']} fixed, {paired['broken']} broken, "
        f"p = {format_p(paired['p_value'])}"
    )
