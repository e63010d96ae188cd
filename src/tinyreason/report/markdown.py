"""The same figures as Markdown: for the terminal, a pull request or a model card."""

from collections.abc import Sequence

from tinyreason.evaluation import paired_sentence, results_table
from tinyreason.report.results import Comparison, Group
from tinyreason.report.runs import Run
from tinyreason.report.tables import facts_rows


def markdown(
    runs: Sequence[Run], groups: Sequence[Group], left_out: Sequence[str], price: float | None
) -> str:
    """For every group of results a table and the sentences of its tests; then what the runs are."""
    parts = []
    for group in groups:
        named = [{**result.summary, "model": one_cell(result.label)} for result in group.results]
        parts += [results_table(named), "", *(f"- {sentence(test)}" for test in group.tests), ""]
    parts += [*(f"left out: {words}" for words in left_out), *([""] if left_out else [])]
    trained = [run for run in runs if run.kind]
    if trained:
        parts.append(f"| | {' | '.join(one_cell(run.label) for run in trained)} |")
        parts.append("|---|" + "---|" * len(trained))
    parts += [f"| {' | '.join(map(one_cell, row))} |" for row in facts_rows(trained, price)]
    return "\n".join(parts) + "\n"


def sentence(found: Comparison) -> str:
    """What the test says, in the words that it allows."""
    return paired_sentence(found.label, {**found.test, "against": found.against})


def one_cell(text: str) -> str:
    """Without what ends a cell or a line of a table."""
    return text.replace("|", "\\|").replace("\n", " ")
