"""report.html: one file that needs nothing else, to be opened from disk or sent on.

Every text that comes from a file is escaped, or set as text by the one script; a content policy in the page
forbids every other script and all requests: completions are model output, and a model may write anything.
"""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

from tinyreason.data.overlap import LONGEST
from tinyreason.figures import format_p, format_percent, format_points, format_seconds
from tinyreason.report.assets import CSS, POLICY, SCRIPT
from tinyreason.report.charts import Bar, interval_chart
from tinyreason.report.curves import learning_curves
from tinyreason.report.markdown import markdown, sentence
from tinyreason.report.results import Comparison, Group, Result, benchmarks, read_groups, same_items
from tinyreason.report.rollouts import GROUPS, LETTERS, read_rollouts
from tinyreason.report.runs import ReportError, Run, read_runs
from tinyreason.report.solutions import solutions
from tinyreason.report.tables import (
    alarms_table,
    benchmarks_table,
    breakdown_tables,
    contamination_table,
    facts_table,
    recipe_differences,
    scores_table,
)


def write_report(
    folders: Sequence[Path], output: Path, *, eval_dir: str | None = None, price: float | None = None
) -> str:
    """Writes output/report.html and output/report.md about the runs and returns the latter. `eval_dir` is
    where evaluations were told to write, `price` that of a device for an hour. Raises ReportError on folders
    that cannot be reported on.
    """
    runs = read_runs(folders)
    groups, left_out = read_groups(runs, eval_dir)
    scores = benchmarks(runs, eval_dir)
    if not groups and not scores and not any(run.kind for run in runs):
        raise ReportError(f"{folders[0]}: holds neither a run nor an evaluation; give a run folder")
    text = markdown(runs, groups, left_out, price)
    output.mkdir(parents=True, exist_ok=True)
    title = headline(runs, groups)
    body = _opening(title, runs, groups) + _sections(runs, groups, scores, left_out, price)
    (output / "report.html").write_text(_page(title, body), encoding="utf-8")
    (output / "report.md").write_text(text, encoding="utf-8")
    return text


def headline(runs: Sequence[Run], groups: Sequence[Group]) -> str:
    """The first test of the first group of results, or what else there is to say."""
    if not groups:
        return f"{runs[0].label}: no evaluation found"
    first, found = groups[0].results[0], groups[0].first_test
    score = (
        f"{format_percent(first.summary['accuracy'])} of {first.summary['n']:,} {_dataset(first)} problems"
    )
    if found is None:
        return f"{first.label} solves {score}"
    before = format_percent(found.test["against_accuracy"])
    return f"{found.label} solves {score}, {found.against} {before}: {found.test['verdict']}"


def _dataset(result: Result) -> str:
    return Path(result.summary["dataset"]).stem


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}</style>\n</head>\n"
        f"<body><main>{body}</main>\n<script>{SCRIPT}</script></body>\n</html>\n"
    )


def _sections(
    runs: Sequence[Run],
    groups: Sequence[Group],
    scores: dict[str, list[dict[str, Any]]],
    left_out: Sequence[str],
    price: float | None,
) -> str:
    trained = [run for run in runs if run.kind]
    sections = [
        ("Accuracy", "".join(map(_group, groups)) + "".join(map(_left_out, left_out))),
        ("Benchmarks of lm-evaluation-harness", benchmarks_table(scores)),
        ("Solutions", "".join(_solutions(group, place == 0) for place, group in enumerate(groups))),
        ("Learning curves", learning_curves(trained)),
        ("Alarms", _alarms(trained)),
        ("Rollouts", "".join(map(_browser, trained))),
        ("Test questions in the training data", _contamination(trained)),
        ("Runs", facts_table(trained, price)),
        ("Recipes", _recipes(trained)),
    ]
    return "".join(f"<section><h2>{title}</h2>{content}</section>" for title, content in sections if content)


def _opening(title: str, runs: Sequence[Run], groups: Sequence[Group]) -> str:
    title = escape(title.replace(" %", "\N{NO-BREAK SPACE}%"))
    cells = []
    for found in (group.first_test for group in groups[:1] if group.first_test):
        test = found.test
        ends = ", ".join(map(format_points, test["ci95"]))
        cells += [
            (
                f"{found.label} - {found.against}",
                f"{format_points(test['difference'])} points",
                f"95 % [{ends}]",
            ),
            ("Fixed : broken", f"{test['fixed']} : {test['broken']}", f"of {test['n']:,} problems"),
            ("Exact McNemar p", format_p(test["p_value"]), "two-sided, same problems"),
        ]
    manifest = runs[0].manifest
    if "seconds" in manifest:
        cells.append(
            (f"Training {runs[0].label}", format_seconds(manifest["seconds"]), f"on {manifest.get('device')}")
        )
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(detail)}</small></dd></div>"
        for name, value, detail in cells
    )
    return f'<p class="kicker">tinyreason report</p><h1>{title}</h1><dl class="facts">{facts}</dl>'


def _group(group: Group) -> str:
    bars = [
        Bar(result.label, result.style, result.summary["accuracy"], *result.summary["ci95"])
        for result in group.results
    ]
    title = escape(group.title)
    return (
        f'<h3>{title}</h3><div class="beside">'
        "<figure><figcaption>Problems solved, with 95 % intervals</figcaption>"
        f"{interval_chart(group.title, bars)}</figure>"
        f"<div>{''.join(map(_test, group.tests))}</div></div>" + scores_table(group) + breakdown_tables(group)
    )


def _test(found: Comparison) -> str:
    test = found.test
    both = test["n"] - test["fixed"] - test["broken"] - test["both_wrong"]
    parts = [
        ("both-right", "both right", both),
        ("fixed", f"only {found.label}", test["fixed"]),
        ("broken", f"only {found.against}", test["broken"]),
        ("both-wrong", "both wrong", test["both_wrong"]),
    ]
    split = "".join(
        f'<span class="{style}" style="flex:{count}"></span>' for style, _, count in parts if count
    )
    keys = "".join(
        f'<li><i class="{style}"></i><b>{count:,}</b> {escape(words)}</li>' for style, words, count in parts
    )
    told = escape(", ".join(f"{count} {words}" for _, words, count in parts))
    return (
        f'<p class="verdict">{escape(sentence(found))}</p>'
        f'<div class="split" role="img" aria-label="{told}">{split}</div><ul class="keys">{keys}</ul>'
    )


def _left_out(words: str) -> str:
    return f'<p class="note">Left out: {escape(words)}.</p>'


def _solutions(group: Group, is_first: bool) -> str:
    """Those of the first result beside the first other one on the same problems."""
    first, *others = [result for result in group.results if result.items] or [None]
    other = next((result for result in others if same_items(result, first)), None)
    if other is None:
        return ""
    content = solutions(first, other)
    return content if is_first else f"<details><summary>{escape(group.title)}</summary>{content}</details>"


def _alarms(runs: Sequence[Run]) -> str:
    if not any(run.metrics for run in runs):
        return ""
    return alarms_table(runs) or "<p>None sounded.</p>"


def rollouts_page(folder: Path) -> str | None:
    """The rollout browser of a run as a page of its own, None where it has no rollouts."""
    (run,) = read_runs([folder]) if folder.is_dir() else (None,)
    content = _browser(run) if run else ""
    return _page(f"Rollouts of {folder}", f"<section>{content}</section>") if content else None


def _browser(run: Run) -> str:
    steps, count = read_rollouts(run.folder)
    if not steps:
        return ""
    data = json.dumps(steps, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    return (
        f"<h3>{escape(run.label)}</h3><p>{len(steps)} of {count} generations, of each the first {GROUPS} "
        f"groups; of completions longer than {LETTERS:,} letters the beginning and the end. The answer that "
        "was graded is <mark>marked</mark>.</p>"
        f'<div class="browser {run.style}"><noscript>The rollouts need JavaScript.</noscript>'
        f'<script type="application/json">{data}</script></div>'
    )


def _contamination(runs: Sequence[Run]) -> str:
    found = contamination_table(runs)
    explained = (
        f"<p>How many test questions share {LONGEST} words in a row with a training question: word for "
        "word, and with any numbers.</p>"
    )
    return explained + found if found else ""


def _recipes(runs: Sequence[Run]) -> str:
    parts = []
    for kind in dict.fromkeys(run.kind for run in runs):
        members = [run for run in runs if run.kind == kind]
        differences = recipe_differences(members) if len(members) > 1 else ""
        parts.append(
            f"<p>What the {kind} runs do not have in common:</p>{differences}" if differences else ""
        )
    for run in runs:
        text = yaml.safe_dump(run.recipe, sort_keys=False, allow_unicode=True)
        if run.recipe:
            name = f"<summary>{escape(run.label)}/recipe.yaml</summary>"
            parts.append(f"<details>{name}<pre>{escape(text)}</pre></details>")
    return "".join(parts)
