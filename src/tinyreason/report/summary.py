"""summary.json: the figures of a demo run in one small object, with what they were measured on."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from tinyreason.report.run_folder import COMPARISON_KEYS, Demo, Stage, count_discordant, is_right, read_demo
from tinyreason.statistics import mcnemar_exact, paired_bootstrap

ACCURACY_KEYS = ("accuracy", "n", "ci95", "flexible", "truncated", "unparsed", "mean_tokens")
BOOTSTRAP_SEED = 0


def summarize(run_dir: Path, *, seconds: float | None) -> dict[str, Any]:
    """Writes run_dir/summary.json and returns it.

    `seconds` is the wall time of the whole demo. With None it is taken from an earlier summary of the same
    training runs, so that a control run afterwards does not erase it, and is null where there is none. All
    accuracies are shares in [0, 1]; differences are after minus before. Raises ReportError on a folder that
    cannot be reported on.
    """
    run_dir = Path(run_dir)
    demo = read_demo(run_dir)
    path = run_dir / "summary.json"
    stage_seconds = {stage.name: stage.run["seconds"] for stage in demo.stages}
    summary = {
        "seconds": _earlier_seconds(path, stage_seconds) if seconds is None else seconds,
        "stage_seconds": stage_seconds,
        "sft": _accuracy(demo.sft),
        "grpo": _accuracy(demo.grpo),
        "paired": {key: demo.comparison[key] for key in COMPARISON_KEYS},
        "unseen_templates": _unseen(demo),
        "parameters": demo.grpo.run["parameters"],
        "commit": demo.grpo.run["commit"],
        "versions": demo.grpo.run["versions"],
        "device": demo.grpo.run["device"],
        "seed": demo.grpo.run["seed"],
    }
    if demo.control:
        summary["sft_continued"] = _accuracy(demo.control)
        summary["paired_against_sft_continued"] = _compare(demo.control, demo.grpo)
        summary["grpo_beats_sft_continued"] = (
            summary["grpo"]["accuracy"] > summary["sft_continued"]["accuracy"]
        )
    partial = path.with_suffix(".partial")  # the earlier summary stays whole until this one is
    partial.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
    return summary


def _accuracy(stage: Stage) -> dict[str, Any]:
    return {key: stage.test[key] for key in ACCURACY_KEYS}


def _unseen(demo: Demo) -> dict[str, Any]:
    accuracies = {stage.name: stage.unseen["accuracy"] for stage in demo.stages}
    intervals = {stage.name: stage.unseen["ci95"] for stage in demo.stages}
    return {**accuracies, "n": demo.sft.unseen["n"], "ci95": intervals}


def _compare(before: Stage, after: Stage) -> dict[str, Any]:
    fixed, broken = count_discordant(before.test_rows, after.test_rows)
    interval = paired_bootstrap(
        [is_right(row) for row in before.test_rows],
        [is_right(row) for row in after.test_rows],
        rng=np.random.default_rng(BOOTSTRAP_SEED),
    )
    n = len(after.test_rows)
    return {
        "n": n,
        "difference": (fixed - broken) / n,
        "ci95": list(interval),
        "fixed": fixed,
        "broken": broken,
        "p_value": mcnemar_exact(fixed, broken),
    }


def _earlier_seconds(path: Path, stage_seconds: dict[str, float]) -> float | None:
    """The demo's wall time from the summary already there,
    if SFT and GRPO are still the runs it was about.
    """
    if not path.is_file():
        return None
    earlier = json.loads(path.read_text(encoding="utf-8"))
    same_runs = all(earlier["stage_seconds"][name] == stage_seconds[name] for name in ("sft", "grpo"))
    return earlier["seconds"] if same_runs else None
