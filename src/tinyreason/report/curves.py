"""The learning curves of the page: which metric is drawn where, runs of one kind in the same charts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite

from tinyreason.report.charts import Curve, curve_chart, finite_points, trailing_mean
from tinyreason.report.runs import Kind, Run

SMOOTHED_FROM = 40  # points; a short curve is read as it is


@dataclass(frozen=True)
class Plan:
    """One chart of up to two metrics: their keys in metrics.jsonl with their names in the legend, the second
    one dashed.

    `factor` turns shares into percent; `window` is the number of logged lines averaged into the bold curve, 1
    for none.
    """

    title: str
    unit: str
    metrics: dict[str, str]
    factor: float = 1.0
    window: int = 1


LOSS = Plan("Loss", "nats per token", {"loss": "training", "eval_loss": "validation"})
SPEED = (
    Plan("Gradient norm", "before clipping", {"grad_norm": "norm"}, window=10),
    Plan("Speed", "tokens per second", {"tokens_per_second": "tokens"}, window=10),
)
PLANS: dict[Kind, tuple[Plan, ...]] = {
    "pretraining": (LOSS, *SPEED),
    "SFT": (
        LOSS,
        Plan("Token accuracy", "% of supervised tokens", {"mean_token_accuracy": "training"}, factor=100.0),
        *SPEED,
    ),
    "RL": (
        Plan("Reward", "mean of a step", {"reward": "reward"}, window=10),
        Plan(
            "Right answers",
            "% of completions",
            {"accuracy": "training problems", "eval_accuracy": "held-out problems"},
            factor=100.0,
            window=10,
        ),
        Plan("Entropy", "nats per token", {"entropy": "entropy"}, window=10),
        Plan(
            "Completion length",
            "tokens",
            {
                "completions/mean_right_length": "right answers",
                "completions/mean_wrong_length": "wrong answers",
            },
            window=10,
        ),
        Plan(
            "Signal",
            "% of groups, % of completions",
            {
                "groups_with_signal": "groups with unequal rewards",
                "completions/clipped_ratio": "cut-off completions",
            },
            factor=100.0,
            window=10,
        ),
        Plan("Distance from the start", "KL, nats per token", {"kl": "KL"}, window=10),
        Plan(
            "Clipped",
            "% clipped",
            {"clip_ratio/low_mean": "from below", "clip_ratio/high_mean": "from above"},
            factor=100.0,
            window=10,
        ),
        Plan(
            "Loops", "% of completions", {"completions/looping": "ending in a loop"}, factor=100.0, window=10
        ),
        *SPEED,
        Plan("Critic", "explained variance", {"explained_variance": "values"}, window=10),
        Plan("Refill", "rounds of a generation", {"resample/rounds": "rounds"}, window=10),
    ),
}
# what every run of a kind logs: where it is not, that is a gap and is said
EXPECTED: dict[Kind, tuple[str, ...]] = {
    "pretraining": ("loss",),
    "SFT": ("loss",),
    "RL": ("reward", "accuracy", "entropy", "groups_with_signal", "completions/clipped_ratio"),
}


def learning_curves(runs: Sequence[Run]) -> str:
    """For each kind of run a figure for every metric that was logged, then what could not be drawn."""
    kinds = list(dict.fromkeys(run.kind for run in runs))
    parts = []
    for kind in kinds:
        members = [run for run in runs if run.kind == kind]
        heading = f"<h3>{kind}</h3>" if len(kinds) > 1 else ""
        drawn = [(plan, _curves(members, plan)) for plan in (*PLANS[kind], *_more_plans(members))]
        figures = "".join(_figure(plan, curves) for plan, curves in drawn if curves)
        notes = [note for run in members for note in _notes(run, [plan for plan, _ in drawn])]
        parts.append(
            f'{heading}<div class="charts">{figures}</div>'
            + "".join(f'<p class="note">{note}</p>' for note in notes)
        )
    return "".join(parts)


def _more_plans(runs: Sequence[Run]) -> list[Plan]:
    """A chart for each reward, where there are several, and for each part of the validation data."""
    keys = sorted({key for run in runs for line in run.metrics for key in line})
    rewards = [key for key in keys if re.fullmatch(r"rewards/\w+/mean", key)]
    parts = [key for key in keys if re.fullmatch(r"eval_.+_loss", key)]
    plans = [
        Plan(f"Reward {key.split('/')[1]}", "mean of a step", {key: "unweighted"}, window=10)
        for key in rewards
        if len(rewards) > 1
    ]
    plans += [
        Plan(f"Validation loss, {key[len('eval_') : -len('_loss')]}", "nats per token", {key: "validation"})
        for key in parts
    ]
    return plans


def _curves(runs: Sequence[Run], plan: Plan) -> list[Curve]:
    curves = []
    for run in runs:
        for dash, (key, name) in zip(("", " dashed"), plan.metrics.items(), strict=False):
            label = name if len(runs) == 1 else f"{run.label}, {name}"
            points = finite_points(run.metrics, key, factor=plan.factor)
            if plan.window > 1 and len(points) >= SMOOTHED_FROM:
                if len(runs) == len(plan.metrics) == 1:
                    curves.append(Curve(f"{label}, as logged", f"{run.style} raw", points))
                means = trailing_mean(points, plan.window)
                curves.append(Curve(f"{label}, running mean of {plan.window}", run.style + dash, means))
            elif points:
                curves.append(Curve(label, run.style + dash, points))
    return curves


def _figure(plan: Plan, curves: list[Curve]) -> str:
    legend = "".join(
        f'<li><span class="swatch {curve.style}"></span>{escape(curve.label)} '
        f"(last {_figure_of(curve.points[-1][1])})</li>"
        for curve in curves
    )
    return (
        f"<figure><figcaption>{escape(plan.title)}</figcaption>{curve_chart(plan.title, plan.unit, curves)}"
        f'<ul class="legend">{legend}</ul></figure>'
    )


def _figure_of(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _notes(run: Run, plans: Sequence[Plan]) -> list[str]:
    """What the file does not hold, and how many of its values are no numbers that could be drawn."""
    source = f"<code>{escape(run.label)}/metrics.jsonl</code>"
    logged = {key for line in run.metrics for key, value in line.items() if value is not None}
    missing = [key for key in EXPECTED[run.kind] if key not in logged]
    notes = [f"Not drawn, because {source} does not have it: {', '.join(missing)}."] if missing else []
    for key in (key for plan in plans for key in plan.metrics if key in logged):
        values = [line[key] for line in run.metrics if line.get(key) is not None]
        undrawn = sum(not isfinite(value) for value in values)
        if undrawn:
            notes.append(
                f"{undrawn} of {len(values)} values of {escape(key)} in {source} are NaN or infinite, "
                "and not drawn."
            )
    return notes
