"""Several algorithms from one SFT model, several seeds each, on the same problems: which is better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from tinyreason import statistics
from tinyreason.report.assets import CSS
from tinyreason.report.charts import Spread, spread_chart

SIGNIFICANT = 0.01  # stricter than for one test: every algorithm has one of its own


@dataclass(frozen=True)
class Trial:
    """One training run, and which problems (by id) its model solves; `tokens` is what training saw."""

    seed: int
    solved: Mapping[str, bool]
    mean_tokens: float
    seconds: float
    steps: int
    tokens: int
    completions: int


def compare_algorithms(
    sft: Mapping[str, bool], arms: Mapping[str, Sequence[Trial]], *, baseline: str, control: str | None
) -> dict[str, Any]:
    """One entry an arm, each tested against SFT, against `control` and against `baseline`, if it is another.

    A test flips the signs of the problems' differences in the share of seeds that solve them. It speaks of
    these models on other problems; the intervals over seeds speak of other seeds. The p-values against
    `baseline` are Holm's too, over all arms but the control.
    """
    rows = {name: _figures(runs) for name, runs in arms.items()}
    shares = {name: _shares(runs) for name, runs in arms.items()}
    start = {problem: float(solved) for problem, solved in sft.items()}
    others = [name for name in arms if name not in (baseline, control)]
    for name in arms:
        rows[name]["against_sft"] = _test(shares[name], start)
        if control in arms and name != control:
            rows[name]["against_control"] = _test(shares[name], shares[control])
        if name in others and baseline in arms:
            rows[name]["against_baseline"] = _test(shares[name], shares[baseline])
    if baseline in arms:
        tests = [rows[name]["against_baseline"] for name in others]
        for test, adjusted in zip(tests, statistics.holm([test["p_value"] for test in tests]), strict=True):
            test["p_value_holm"] = adjusted
    accuracy = sum(start.values()) / len(start)
    ci95 = list(statistics.wilson_interval(round(accuracy * len(start)), len(start)))
    return {
        "n": len(start),
        "sft": {"accuracy": accuracy, "ci95": ci95},
        "baseline": baseline,
        "control": control,
        "arms": rows,
    }


def _figures(runs: Sequence[Trial]) -> dict[str, Any]:
    accuracies = [sum(run.solved.values()) / len(run.solved) for run in runs]
    per_run = ("mean_tokens", "seconds", "steps", "tokens", "completions")
    return {
        "seeds": [run.seed for run in runs],
        "accuracies": accuracies,
        "accuracy": float(numpy.mean(accuracies)),
        "ci95": list(statistics.t_interval(accuracies)) if len(runs) > 1 else None,
        **{key: float(numpy.mean([vars(run)[key] for run in runs])) for key in per_run},
    }


def _shares(runs: Sequence[Trial]) -> dict[str, float]:
    """Problem -> the share of seeds that solve it."""
    return {problem: float(numpy.mean([run.solved[problem] for run in runs])) for problem in runs[0].solved}


def _test(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, Any]:
    if one.keys() != other.keys():
        raise ValueError("the arms were not evaluated on the same problems")
    before, after = ([shares[problem] for problem in other] for shares in (other, one))
    rng = numpy.random.default_rng(0)
    better = sum(now > then for now, then in zip(after, before, strict=True))
    worse = sum(now < then for now, then in zip(after, before, strict=True))
    return {
        "difference": float(numpy.mean(after) - numpy.mean(before)),
        "ci95": list(statistics.paired_bootstrap(before, after, rng=rng)),
        "better": better,
        "worse": worse,
        "p_value": statistics.randomization_test(before, after, rng=rng),
    }


def algorithms_table(comparison: Mapping[str, Any]) -> str:
    """The comparison as a Markdown table, best arm first, and a sentence for each significant difference."""
    baseline = comparison["baseline"]
    lines = [
        f"| | accuracy | 95 % over seeds | each seed | against SFT | against {baseline} | p (Holm) "
        "| steps | completions | tokens | seconds |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        f"| SFT | {_percent(comparison['sft']['accuracy'])} | | | | | | | | | |",
    ]
    arms = sorted(comparison["arms"].items(), key=lambda arm: -arm[1]["accuracy"])
    for name, row in arms:
        versus, sft = row.get("against_baseline"), row["against_sft"]
        cells = [
            name,
            _percent(row["accuracy"]),
            " to ".join(_percent(end) for end in row["ci95"]) if row["ci95"] else "",
            ", ".join(_percent(accuracy) for accuracy in row["accuracies"]),
            f"{_points(sft['difference'])}, p {sft['p_value']:.1g}",
            f"{_points(versus['difference'])} [{_points(versus['ci95'][0])}, {_points(versus['ci95'][1])}]"
            if versus
            else "",
            f"{versus['p_value_holm']:.2g}" if versus else "",
            f"{row['steps']:.0f}",
            f"{row['completions']:.0f}",
            f"{row['tokens']:.0f}",
            f"{row['seconds']:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *verdicts(comparison)]) + "\n"


def verdicts(comparison: Mapping[str, Any]) -> list[str]:
    """In words: which arms do not beat SFT and the control, and which differ from the baseline."""
    words, arms = [], comparison["arms"]
    for key, label in (("against_sft", "SFT"), ("against_control", comparison["control"])):
        tested = {
            name: row[key] for name, row in arms.items() if key in row and name != comparison["control"]
        }
        failed = [name for name, test in tested.items() if not _beats(test)]
        if tested:
            found = f"all but {', '.join(failed)} beat" if failed else "every algorithm beats"
            words.append(f"Against {label} (p < {SIGNIFICANT}): {found} it.")
    tested = {name: row["against_baseline"] for name, row in arms.items() if "against_baseline" in row}
    differ = [
        f"{name} is {'better' if test['difference'] > 0 else 'worse'}"
        for name, test in tested.items()
        if test["p_value_holm"] < SIGNIFICANT
    ]
    if tested:
        found = "; ".join(differ) or "no difference is significant"
        words.append(f"Against {comparison['baseline']} (p < {SIGNIFICANT}, Holm): {found}.")
    return words


def _beats(test: Mapping[str, Any]) -> bool:
    return test["difference"] > 0 and test["p_value"] < SIGNIFICANT


def algorithms_plot(comparison: Mapping[str, Any]) -> str:
    """The accuracies as an SVG file of its own: each seed, mean and interval, best arm first."""
    arms = sorted(comparison["arms"].items(), key=lambda arm: -arm[1]["accuracy"])
    spreads = [
        Spread(name, [100 * a for a in row["accuracies"]], [100 * end for end in row["ci95"] or ()])
        for name, row in arms
    ]
    line = ("SFT", 100 * comparison["sft"]["accuracy"])
    return spread_chart("Accuracy by algorithm", "% of held-out problems", spreads, line, style=CSS)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}"
