"""The page's two tables: every accuracy with what belongs to it, and where the figures come from."""

from html import escape
from typing import Any

from tinyreason.figures import format_count, format_percent, format_seconds
from tinyreason.report.run_folder import Demo, Stage

NOT_RECORDED = "not recorded"


def figures_table(demo: Demo) -> str:
    """One line for each model and problem set; the decoding settings stand beneath."""
    header = ["model", "problems", "n", "accuracy", "95 % interval"]
    header += ["flexible", "truncated", "no answer", "tokens"]
    rows = [_figures(stage.title, stage.test) for stage in demo.stages]
    rows += [_figures(stage.title, stage.unseen) for stage in demo.stages]
    return _table(header, rows) + (
        '<p class="note">Flexible also counts answers in another than the asked-for form. Tokens: mean '
        f"length of a completion. {escape(_decoding(demo.grpo))}</p>"
    )


def _figures(title: str, evaluation: dict[str, Any]) -> list[str]:
    low, high = evaluation["ci95"]
    return [
        title,
        f"{evaluation['dataset']} {evaluation['split']}",
        f"{evaluation['n']:,}",
        format_percent(evaluation["accuracy"]),
        f"[{100 * low:.1f}, {100 * high:.1f}]",
        format_percent(evaluation["flexible"]),
        format_percent(evaluation["truncated"]),
        format_percent(evaluation["unparsed"]),
        f"{evaluation['mean_tokens']:.1f}",
    ]


def _decoding(stage: Stage) -> str:
    test = stage.test
    return f"Protocol {test['protocol']}: greedy, up to {test['max_new_tokens']} new tokens."


def certificate(demo: Demo) -> str:
    """Where each stage comes from, as its run.json has it, then the library versions."""
    header = ["", *(stage.title for stage in demo.stages)]
    runs = [stage.run for stage in demo.stages]
    rows = [
        ["commit", *(_recorded(run["commit"]) for run in runs)],
        ["device", *(_recorded(run["device"]) for run in runs)],
        ["seed", *(_recorded(run["seed"]) for run in runs)],
        ["training time", *(format_seconds(run["seconds"]) for run in runs)],
        ["parameters", *(format_count(run["parameters"]) for run in runs)],
        ["tokens seen", *(_tokens(run) for run in runs)],
    ]
    versions = demo.grpo.run["versions"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return _table(header, rows) + f'<p class="note">Versions: {escape(named)}.</p>' + _other_versions(demo)


def _recorded(value: object) -> str:
    return NOT_RECORDED if value is None else str(value)


def _tokens(run: dict[str, Any]) -> str:
    tokens = run.get("tokens_seen")
    return NOT_RECORDED if tokens is None else format_count(tokens)


def _other_versions(demo: Demo) -> str:
    """Said only where it is so: the stages of one demo should have run on one stack."""
    differing = [stage.title for stage in demo.stages if stage.run["versions"] != demo.grpo.run["versions"]]
    return (
        f'<p class="note">{escape(" and ".join(differing))} ran with other versions.</p>' if differing else ""
    )


def _table(header: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
