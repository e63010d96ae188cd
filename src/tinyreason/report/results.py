"""The evaluations of some runs and of the models they were trained from, with the tests between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinyreason.evaluation import TESTS, compare, read_items, result_folder
from tinyreason.models import stages_before
from tinyreason.report.runs import ReportError, Run, read_json

NEEDED = ("model", "dataset", "split", "prompt", "n", "accuracy", "ci95", "flexible", "unparsed", "truncated")
NEEDED += (
    "mean_tokens",
    "seconds",
    "max_new_tokens",
    "answer_format",
    "shots",
    "rows",
    "dataset_seed",
    "dtype",
)
OWN_PROMPT = ", own prompt"  # as recipes/evaluate.py marks it
# the settings that two results have in common, or they are no answers to the same question
SAME = ("dataset", "split", "answer_format", "shots", "rows", "max_new_tokens", "dataset_seed", "dtype")


@dataclass(frozen=True)
class Result:
    """What one model scored: `run` where it is one of those reported on, else None; `items` where they are
    still beside the summary, in `folder`.
    """

    folder: Path
    label: str
    run: Run | None
    summary: dict[str, Any]
    items: list[dict[str, Any]]

    @property
    def style(self) -> str:
        """The class of its colour: grey for what is there to be compared with."""
        return self.run.style if self.run and self.summary["prompt"] == "tinyreason" else "before"


@dataclass(frozen=True)
class Comparison:
    """One result beside another on the same problems; `test` is what `evaluation.compare` gives, without its
    lists where the items are not at hand.
    """

    label: str
    against: str
    test: dict[str, Any]


@dataclass(frozen=True)
class Group:
    """Results on the same problems under the same settings, the runs' first, and the tests between them."""

    results: list[Result]
    tests: list[Comparison]

    @property
    def title(self) -> str:
        """Such as gsm8k/test, gsm8k-v1, 1,319 problems."""
        first = self.results[0].summary
        return f"{first['dataset']}/{first['split']}, {first['protocol']}, {first['n']:,} problems"


def read_groups(runs: Sequence[Run]) -> list[Group]:
    """Every evaluation of the runs; those on a test split come first."""
    results = list(_results(runs))
    keys = dict.fromkeys(_key(result) for result in results if result.run)
    groups = [[result for result in results if _key(result) == key] for key in keys]
    groups.sort(key=lambda group: group[0].summary["split"] != "test")
    return [Group(group, list(_tests(group))) for group in groups]


def _key(result: Result) -> tuple:
    return tuple(result.summary[name] for name in SAME)


def _results(runs: Sequence[Run]) -> Iterator[Result]:
    for folder, (label, run) in _models(runs).items():
        for path in sorted(folder.glob("*.json"), key=lambda path: (path.stem.endswith("-native"), path)):
            summary = read_json(path)
            if "protocol" in summary:
                yield _result(path, label, run, summary)


def _models(runs: Sequence[Run]) -> dict[Path, tuple[str, Run | None]]:
    """The folders of results, with labels, of the runs and then of the models that they were trained from."""
    found: dict[Path, tuple[str, Run | None]] = {_folder(str(run.folder)): (run.label, run) for run in runs}
    for run in runs:
        for name in _stages(run):
            found.setdefault(_folder(name), ("/".join(Path(name).parts[-2:]), None))
    return found


def _folder(model: str) -> Path:
    return result_folder(model, None).resolve()


def _stages(run: Run) -> list[str]:
    return [name for name, _ in stages_before(str(run.folder))]


def _result(path: Path, label: str, run: Run | None, summary: dict[str, Any]) -> Result:
    model = summary.get("model", label)
    missing = [key for key in NEEDED if key not in summary]
    if missing:
        raise ReportError(f"{path} has no {', '.join(missing)}; evaluate {model} again")
    items_path = path.with_suffix(".jsonl")
    items = read_items(items_path) if items_path.is_file() else []
    right = sum(entry["correct"] for entry in items)
    if items and (len(items), right) != (summary["n"], summary["correct"]):
        raise ReportError(
            f"{items_path} has {right} right of {len(items)}, {path.name} says {summary['correct']} of "
            f"{summary['n']}; evaluate {model} again"
        )
    if summary["prompt"] == "native":
        label += OWN_PROMPT
    return Result(path.parent, label, run, summary, items)


def _tests(group: Sequence[Result]) -> Iterator[Comparison]:
    """The first result beside every other; other runs beside what they were trained from; and what a summary
    says of models that are not here.
    """
    first = group[0]
    yield from (_compared(first, other) for other in group[1:] if _comparable(first, other))
    for result in group[1:]:
        if result.run is None or result.style == "before":
            continue
        before = {_folder(name) for name in _stages(result.run)}
        for other in group[1:]:
            if other.folder in before and _comparable(result, other):
                yield _compared(result, other)
    here = {(result.folder, result.summary["prompt"] == "native") for result in group}
    for result in group:
        first_test, others = (result.summary.get(name) for name in TESTS)
        for test in [*([first_test] if first_test else []), *(others or [])] if result.run else []:
            name = test["against"].removesuffix(OWN_PROMPT)
            if (_folder(name), name != test["against"]) not in here:
                yield Comparison(result.label, test["against"], test)


def _comparable(one: Result, other: Result) -> bool:
    ids = [[entry["id"] for entry in result.items] for result in (one, other)]
    return bool(ids[0]) and ids[0] == ids[1]


def _compared(result: Result, other: Result) -> Comparison:
    return Comparison(result.label, other.label, compare(result.items, other.items))


def benchmarks(runs: Sequence[Run]) -> dict[str, dict[str, dict[str, Any]]]:
    """Task -> label -> what lm-evaluation-harness scored, of the runs and of what they were trained from."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for folder, (label, _) in _models(runs).items():
        for path in sorted(folder.glob("benchmark-*.json")):
            scores = read_json(path)
            found.setdefault(scores["task"], {})[label] = scores
    return found
