"""report.html: one file that needs nothing else, to be opened from disk or sent on.

Every text that comes from a file is escaped, and a content policy in the page forbids scripts and requests
altogether: completions are model output, and a model may write anything.
"""

from html import escape
from pathlib import Path
from typing import Any

from tinyreason.figures import format_count, format_p, format_points, format_seconds
from tinyreason.report.charts import Bar, interval_chart
from tinyreason.report.curves import learning_curves
from tinyreason.report.rollouts import RULE, choose_rollouts, problem_card
from tinyreason.report.run_folder import STAGE_TITLES, Demo, is_right, read_demo
from tinyreason.report.stylesheet import CSS
from tinyreason.report.tables import certificate, figures_table
from tinyreason.report.words import (
    CONTROL_COMMAND,
    control_figures,
    control_verdict,
    headline,
    paired_sentence,
)

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_report(run_dir: Path, summary: dict[str, Any]) -> Path:
    """Writes run_dir/report.html from the run folder and the summary that summarize() returned for it."""
    run_dir = Path(run_dir)
    demo = read_demo(run_dir)
    sections = [
        _opening(summary),
        _section("Accuracy", _accuracy(summary)),
        _section("The same problems, before and after", _paired(demo, summary)),
        _section("Would more SFT have done as well?", _control(summary)),
        _section("Learning curves", learning_curves(demo)),
        _section("Ten problems, two solutions each", _rollouts(demo)),
        _section("All figures", figures_table(demo)),
        _section("Birth certificate", certificate(demo)),
    ]
    path = run_dir / "report.html"
    path.write_text(_page(headline(summary), "".join(sections)), encoding="utf-8")
    return path


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}</style>\n</head>\n"
        f"<body><main>{body}</main></body>\n</html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _opening(summary: dict[str, Any]) -> str:
    paired = summary["paired"]
    interval = ", ".join(map(format_points, paired["ci95"]))
    took = "not recorded" if summary["seconds"] is None else format_seconds(summary["seconds"])
    facts = [
        ("Difference", f"{format_points(paired['difference'])} points", f"95 % [{interval}]"),
        ("Fixed : broken", f"{paired['fixed']} : {paired['broken']}", f"of {paired['n']:,} problems"),
        ("Exact McNemar p", format_p(paired["p_value"]), "two-sided, same problems"),
        ("Whole demo", took, f"on {summary['device']}"),
    ]
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(detail)}</small></dd></div>"
        for name, value, detail in facts
    )
    return (
        f'<p class="kicker">tinyreason demo</p><h1>{escape(headline(summary))}</h1><p class="lead">'
        f"A model of {format_count(summary['parameters'])} parameters learns to solve word problems: first "
        "by supervised fine-tuning (SFT) on worked solutions, then by reinforcement learning (GRPO) with a "
        "reward that checks its answers. Both are measured on the same held-out problems.</p>"
        f'<dl class="facts">{cells}</dl>'
    )


def _accuracy(summary: dict[str, Any]) -> str:
    unseen = summary["unseen_templates"]
    titles = {name: title for name, title in STAGE_TITLES.items() if name in summary}
    test_bars = [
        Bar(title, name, summary[name]["accuracy"], *summary[name]["ci95"]) for name, title in titles.items()
    ]
    unseen_bars = [Bar(title, name, unseen[name], *unseen["ci95"][name]) for name, title in titles.items()]
    return (
        "<p>Share of problems whose final answer is right; the error bars are 95 % intervals.</p>"
        f'<div class="charts">{_bars("Held-out problems", summary["grpo"]["n"], test_bars)}'
        f"{_bars('Unseen names, objects and templates', unseen['n'], unseen_bars)}</div>"
    )


def _bars(title: str, n: int, bars: list[Bar]) -> str:
    caption = f"{title} (n = {n:,})"
    return f"<figure><figcaption>{caption}</figcaption>{interval_chart(title, bars)}</figure>"


def _paired(demo: Demo, summary: dict[str, Any]) -> str:
    rows = zip(demo.sft.test_rows, demo.grpo.test_rows, strict=True)
    verdicts = [(is_right(before), is_right(after)) for before, after in rows]
    groups = [
        ("both-right", "both right", verdicts.count((True, True))),
        ("fixed", "fixed by GRPO", summary["paired"]["fixed"]),
        ("broken", "broken by GRPO", summary["paired"]["broken"]),
        ("both-wrong", "both wrong", verdicts.count((False, False))),
    ]
    parts = "".join(
        f'<span class="{style}" style="flex:{count}"></span>' for style, _, count in groups if count
    )
    keys = "".join(
        f'<li><i class="{style}"></i><b>{count}</b> {label}</li>' for style, label, count in groups
    )
    told = ", ".join(f"{count} {label}" for _, label, count in groups)
    return (
        f"<p>{escape(paired_sentence(summary['paired'], against='SFT'))}</p>"
        f'<div class="split" role="img" aria-label="{told}">{parts}</div><ul class="keys">{keys}</ul>'
    )


def _control(summary: dict[str, Any]) -> str:
    verdict = escape(control_verdict(summary)).replace(CONTROL_COMMAND, f"<code>{CONTROL_COMMAND}</code>")
    figures = f"<p>{escape(control_figures(summary))}</p>" if "sft_continued" in summary else ""
    return (
        "<p>SFT continued is the same SFT model, trained on with SFT for as long as GRPO took. "
        f"<strong>{verdict}</strong></p>{figures}"
    )


def _rollouts(demo: Demo) -> str:
    cards = "".join(problem_card(pair) for pair in choose_rollouts(demo))
    return f"<p>{escape(RULE)} The answer that was graded is <mark>marked</mark>.</p>{cards}"
