"""The page's tables: every score with what belongs to it, what the runs are, and what they knew and did."""

from collections.abc import Sequence
from html import escape
from typing import Any

from tinyreason.evaluation import harness_scores
from tinyreason.figures import format_count, format_percent, format_seconds
from tinyreason.report.results import Group
from tinyreason.report.runs import Run

NOT_RECORDED = "not recorded"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first cell of a row is its heading; every cell is text."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def interval(ends: Sequence[float]) -> str:
    """Two shares, in percent."""
    return f"[{100 * ends[0]:.1f}, {100 * ends[1]:.1f}]"


def scores_table(group: Group) -> str:
    """One line a model; the samples' figures in a table of their own, where there are some."""
    header = [
        "model",
        "right",
        "accuracy",
        "95 % interval",
        "flexible",
        "unparsed",
        "cut off",
        "tokens",
        "time",
    ]
    rows = [
        [
            result.label,
            f"{round(result.summary['accuracy'] * result.summary['n']):,} of {result.summary['n']:,}",
            format_percent(result.summary["accuracy"]),
            interval(result.summary["ci95"]),
            *(format_percent(result.summary[key]) for key in ("flexible", "unparsed", "truncated")),
            f"{result.summary['mean_tokens']:.1f}",
            format_seconds(result.summary["seconds"]),
        ]
        for result in group.results
    ]
    note = (
        '<p class="note">Flexible also counts the last number or expression where nothing is marked; '
        "unparsed is the share without a marked answer. Tokens: mean length of a greedy completion. Up to "
        f"{group.results[0].summary['max_new_tokens']:,} new tokens.</p>"
    )
    return table(header, rows) + note + _samples_table(group)


def _samples_table(group: Group) -> str:
    sampled = [result for result in group.results if "sampled" in result.summary]
    sizes = list(dict.fromkeys(k for result in sampled for k in result.summary["sampled"]["pass_at_k"]))
    header = ["samples", "temperature", *(f"pass@{k}" for k in sizes), "majority"]
    rows = [
        [
            f"{result.label}, {result.summary['sampled']['k']} a problem",
            f"{result.summary['temperature']:g}",
            *(
                format_percent(rates[k]) if k in (rates := result.summary["sampled"]["pass_at_k"]) else ""
                for k in sizes
            ),
            format_percent(result.summary["sampled"]["maj_at_k"]),
        ]
        for result in sampled
    ]
    return table(header, rows) if rows else ""


def breakdown_tables(group: Group) -> str:
    """For each trait that tells problems apart the accuracy of every model on each of its values."""
    found = [result.summary.get("breakdown", {}) for result in group.results]
    parts = []
    for trait in dict.fromkeys(trait for each in found for trait in each):
        values = dict.fromkeys(value for each in found for value in each.get(trait, {}))
        rows = [
            [f"{trait} {value}", *(_part(each.get(trait, {}).get(value)) for each in found)]
            for value in values
        ]
        sizes = [
            next(each[trait][value]["n"] for each in found if value in each.get(trait, {}))
            for value in values
        ]
        rows = [[name, f"{size:,}", *cells] for (name, *cells), size in zip(rows, sizes, strict=True)]
        header = ["", "problems", *(result.label for result in group.results)]
        parts.append(f"<details><summary>By {escape(trait)}</summary>{table(header, rows)}</details>")
    return "".join(parts)


def _part(scores: dict[str, Any] | None) -> str:
    return "" if scores is None else f"{format_percent(scores['accuracy'])} {interval(scores['ci95'])}"


def benchmarks_table(found: dict[str, list[dict[str, Any]]]) -> str:
    """A line a score of lm-evaluation-harness and number of problems, a column a model."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for label, tasks in found.items():
        for scores in tasks:
            for metric, cell in harness_scores(scores).items():
                name = f"{scores['task']} {metric}, {scores['shots']}-shot"
                rows.setdefault((name, f"{scores['problems']:,}"), {})[label] = cell
    cells = [[*row, *(scores.get(label, "") for label in found)] for row, scores in rows.items()]
    return table(["task", "problems", *found], cells) if cells else ""


def facts_table(runs: Sequence[Run], price: float | None) -> str:
    """Where each run comes from and what it took; "" where there is no run."""
    return table(["", *(run.label for run in runs)], facts_rows(runs, price)) if runs else ""


def facts_rows(runs: Sequence[Run], price: float | None) -> list[list[str]]:
    """The name of a fact and what it is of each run, where it is recorded of any."""
    facts = [run_facts(run, price) for run in runs]
    rows = [[name, *(each[name] for each in facts)] for name in (facts[0] if facts else ())]
    return [row for row in rows if any(cell != NOT_RECORDED for cell in row[1:])]


def run_facts(run: Run, price: float | None) -> dict[str, str]:
    """Name -> what run.json says; `price` is that of a device for an hour, in whatever currency."""
    manifest, recipe = run.manifest, run.recipe
    train = manifest.get("data", {}).get("train")
    data = f"{recipe.get('dataset', 'synthetic')}, {train['rows_used']:,} rows" if train else None
    seconds, processes = manifest.get("seconds"), manifest.get("processes", 1)
    hours = None if seconds is None else seconds * processes / 3600
    memory = manifest.get("card_memory_mib") or {}
    energy = manifest.get("energy_kwh")
    versions = ", ".join(f"{name} {version}" for name, version in manifest.get("versions", {}).items())
    found = {
        "trained by": f"RL, {run.trained_by}" if run.kind == "RL" else run.kind,
        "from": recipe.get("model_name_or_path") or ("random weights" if recipe else None),
        "data": data or recipe.get("corpus"),
        "parameters": format_count(manifest["parameters"]) if "parameters" in manifest else None,
        "optimizer steps": f"{manifest['steps']:,}" if "steps" in manifest else None,
        "tokens seen": format_count(manifest["tokens_seen"]) if manifest.get("tokens_seen") else None,
        "training time": None if seconds is None else format_seconds(seconds),
        "device": f"{processes} x {manifest['device']}" if processes > 1 else manifest.get("device"),
        "device hours": None if hours is None else f"{hours:.3g}",
        "cost": None if hours is None or price is None else f"{hours * price:.3g} at {price:g} an hour",
        "peak memory": f"{manifest['peak_memory_mib']:,} MiB" if "peak_memory_mib" in manifest else None,
        "peak memory of the card": f"{memory['allocated']:,} MiB" if memory else None,
        "energy of the cards": None if energy is None else f"{energy:.3g} kWh",
        "seed": str(manifest["seed"]) if "seed" in manifest else None,
        "commit": manifest.get("commit"),
        "versions": versions or None,
    }
    return {name: NOT_RECORDED if value is None else str(value) for name, value in found.items()}


def contamination_table(runs: Sequence[Run]) -> str:
    """For each test set what the training data of each run has of it; "" where no run says."""
    found = [run.manifest.get("contamination", {}) for run in runs]
    rows = [
        [name, *(_overlap(each.get(name)) for each in found)]
        for name in dict.fromkeys(name for each in found for name in each)
    ]
    return table(["test set", *(run.label for run in runs)], rows) if rows else ""


def _overlap(found: dict[str, Any] | None) -> str:
    if found is None:
        return NOT_RECORDED
    if "not_read" in found:
        return "not looked at: the test set is not at hand"
    words = f"{found['shared']:,} of {found['questions']:,}"
    return f"{words}; {found['shared_but_for_numbers']:,} but for the numbers"


def alarms_table(runs: Sequence[Run]) -> str:
    """Each alarm with the logged steps at which it sounded; "" where none did."""
    rows = []
    for run in runs:
        names = dict.fromkeys(key for line in run.metrics for key in line if key.startswith("alarm/"))
        for key in names:
            steps = [line["step"] for line in run.metrics if line.get(key)]
            rows.append(
                [f"{run.label}: {key.removeprefix('alarm/')}", str(steps[0]), str(steps[-1]), str(len(steps))]
            )
    return table(["alarm", "first step", "last step", "logged steps"], rows) if rows else ""


def recipe_differences(runs: Sequence[Run]) -> str:
    """The keys that the recipes of several runs do not have in common; "" where there are none."""
    keys = dict.fromkeys(key for run in runs for key in run.recipe)
    rows = []
    for key in keys:
        given = [run.recipe.get(key, "default") for run in runs]
        values = ["null" if value is None else str(value) for value in given]
        if len(set(values)) > 1:
            rows.append([key, *values])
    return table(["key", *(run.label for run in runs)], rows) if rows else ""
