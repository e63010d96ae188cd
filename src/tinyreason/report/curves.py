"""The learning curves of the page: which metric is drawn where, and a note for each that was not logged."""

import re
from dataclasses import dataclass
from html import escape
from math import isfinite

from tinyreason.report.charts import Curve, curve_chart, finite_points, trailing_mean
from tinyreason.report.run_folder import Demo, Stage

SMOOTHED_FROM = 40  # points; a short curve is read as it is


@dataclass(frozen=True)
class Plan:
    """One chart of up to two metrics: their keys in metrics.jsonl with their names in the legend.

    `factor` turns shares into percent; `window` is the number of logged lines averaged into the bold curve, 1
    for none.
    """

    title: str
    unit: str
    metrics: dict[str, str]
    factor: float = 1.0
    window: int = 1


SFT_PLANS = (
    Plan("SFT loss", "nats per token", {"loss": "training", "eval_loss": "validation"}),
    Plan("SFT token accuracy", "% of supervised tokens", {"mean_token_accuracy": "training"}, factor=100.0),
)
GRPO_PLANS = (
    Plan("GRPO reward", "mean of a step", {"reward": "reward", "accuracy": "right answers"}, window=10),
    Plan("GRPO entropy", "nats per token", {"entropy": "entropy"}, window=10),
    Plan(
        "GRPO completion length",
        "tokens",
        {"completions/mean_right_length": "right answers", "completions/mean_wrong_length": "wrong answers"},
        window=10,
    ),
    Plan(
        "GRPO signal",
        "% of groups, % of completions",
        {
            "groups_with_signal": "groups with unequal rewards",
            "completions/clipped_ratio": "cut-off completions",
        },
        factor=100.0,
        window=10,
    ),
    Plan("GRPO distance from SFT", "KL, nats per token", {"kl": "KL"}, window=10),
    Plan(
        "GRPO clipped",
        "% clipped",
        {"clip_ratio/low_mean": "from below", "clip_ratio/high_mean": "from above"},
        factor=100.0,
        window=10,
    ),
    Plan("GRPO gradient norm", "before clipping", {"grad_norm": "norm"}, window=10),
    Plan("GRPO speed", "tokens per second", {"tokens_per_second": "tokens"}, window=10),
    Plan("PPO critic", "explained variance", {"explained_variance": "values"}, window=10),
    Plan("DAPO refill", "rounds of a generation", {"resample/rounds": "rounds"}, window=10),
)
# what depends on settings and algorithm: where it was not logged, that is no gap
OPTIONAL_METRICS = (
    *("eval_loss", "kl", "explained_variance", "resample/rounds"),
    *("clip_ratio/low_mean", "clip_ratio/high_mean"),
)


def learning_curves(demo: Demo) -> str:
    """Figures for every metric that was logged, then a note that names those that were not."""
    figures, notes = [], []
    for stage, plans in ((demo.sft, SFT_PLANS), (demo.grpo, GRPO_PLANS + _component_plans(demo.grpo))):
        drawn = [(plan, _curves(stage, plan)) for plan in plans]
        figures += [_figure(plan, curves) for plan, curves in drawn if curves]
        notes += [f'<p class="note">{note}</p>' for note in _notes(stage, plans)]
    return f'<div class="charts">{"".join(figures)}</div>{"".join(notes)}'


def _component_plans(stage: Stage) -> tuple[Plan, ...]:
    """A chart for each reward, where there are several."""
    keys = sorted({key for line in stage.metrics for key in line if re.fullmatch(r"rewards/\w+/mean", key)})
    plans = [
        Plan(f"GRPO reward {key.split('/')[1]}", "mean of a step", {key: "unweighted"}, window=10)
        for key in keys
    ]
    return tuple(plans) if len(plans) > 1 else ()


def _curves(stage: Stage, plan: Plan) -> list[Curve]:
    curves = []
    for style, (key, label) in zip((stage.name, "second"), plan.metrics.items(), strict=False):
        points = finite_points(stage.metrics, key, factor=plan.factor)
        if plan.window > 1 and len(points) >= SMOOTHED_FROM:
            curves.append(Curve(f"{label}, as logged", f"{style} raw", points))
            means = trailing_mean(points, plan.window)
            curves.append(Curve(f"{label}, running mean of {plan.window}", style, means))
        elif points:
            curves.append(Curve(label, style, points))
    return curves


def _figure(plan: Plan, curves: list[Curve]) -> str:
    legend = "".join(
        f'<li><span class="swatch {curve.style}"></span>{escape(curve.label)} '
        f"(last {curve.points[-1][1]:.3g})</li>"
        for curve in curves
    )
    return (
        f"<figure><figcaption>{escape(plan.title)}</figcaption>{curve_chart(plan.title, plan.unit, curves)}"
        f'<ul class="legend">{legend}</ul></figure>'
    )


def _notes(stage: Stage, plans: tuple[Plan, ...]) -> list[str]:
    """What the file does not hold, and how many of its values are no numbers that could be drawn."""
    keys = [key for plan in plans for key in plan.metrics]
    values = {key: [line[key] for line in stage.metrics if line.get(key) is not None] for key in keys}
    source = f"<code>{stage.name}/metrics.jsonl</code>"
    missing = [key for key in keys if not values[key] and key not in OPTIONAL_METRICS]
    notes = [f"Not drawn, because {source} does not have it: {', '.join(missing)}."] if missing else []
    for key, logged in values.items():
        undrawn = sum(not isfinite(value) for value in logged)
        if undrawn:
            notes.append(
                f"{undrawn} of {len(logged)} values of {key} in {source} are NaN or infinite, and not drawn."
            )
    return notes
