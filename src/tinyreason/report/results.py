"""The evaluations of some runs and of the models they were trained from, with the tests between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinyreason.evaluation import TESTS, compare, result_folder
from tinyreason.models import own_identity, seen_from
from tinyreason.report.runs import ReportError, Run, read_json, read_lines

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
SAME = ("dataset", "split", "n", "answer_format", "shots", "rows", "max_new_tokens", "dataset_seed", "dtype")
SAME += ("chatml", "use_vllm")


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
    def is_run(self) -> bool:
        """Whether it is one of the runs, under the prompt that it was trained with."""
        return self.run is not None and self.summary["prompt"] == "tinyreason"

    @property
    def style(self) -> str:
        """The class of its colour: grey for what is there to be compared with."""
        return self.run.style if self.is_run else "before"

    @property
    def key(self) -> tuple:
        """What it has in common with the results that it may stand beside."""
        protocol = self.summary["protocol"].removesuffix("-native")
        files = [file["sha256"] for file in self.summary.get("data", {}).get("files", [])]
        return protocol, *files, *(self.summary.get(name) for name in SAME)


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
        name = Path(first["dataset"]).name
        return f"{name}/{first['split']}, {first['protocol']}, {first['n']:,} problems"

    @property
    def first_test(self) -> Comparison | None:
        """The test of the first result, None where it has none."""
        tests = [test for test in self.tests if test.label == self.results[0].label]
        return tests[0] if tests else None


def read_groups(runs: Sequence[Run], eval_dir: str | None = None) -> tuple[list[Group], list[str]]:
    """Every evaluation of the runs, whole test sets first, and what was left out and why. `eval_dir` is where
    evaluations were told to write, None for the runs' own folders.
    """
    results, left_out = [], []
    for folder, (label, run) in _models(runs, eval_dir).items():
        for path in sorted(folder.glob("*.json"), key=lambda path: (path.stem.endswith("-native"), path)):
            summary = read_json(path)
            missing = [key for key in NEEDED if key not in summary]
            if "protocol" in summary and missing:
                left_out.append(f"{path}: of an earlier version, has no {', '.join(missing)}")
            elif "protocol" in summary:
                results.append(_result(path, label, run, summary))
    keys = dict.fromkeys(result.key for result in results if result.run)
    groups = [[result for result in results if result.key == key] for key in keys]
    groups.sort(key=lambda group: _rank(group[0].summary))
    return [Group(group, list(_tests(group, eval_dir))) for group in groups], left_out


def _rank(summary: dict[str, Any]) -> tuple:
    return summary["split"] != "test", summary["rows"] is not None, summary["shots"], -summary["n"]


def _models(runs: Sequence[Run], eval_dir: str | None) -> dict[Path, tuple[str, Run | None]]:
    """The folders of results, with labels, of the runs and then of the models that they were trained from."""
    found: dict[Path, tuple[str, Run | None]] = {
        _folder(str(run.folder), None, eval_dir): (run.label, run) for run in runs
    }
    for run in runs:
        for name, revision, label in run.stages:
            found.setdefault(_folder(name, revision, eval_dir), (label, None))
    return found


def _folder(model: str, revision: str | None, eval_dir: str | None) -> Path:
    return result_folder(model, eval_dir, revision).resolve()


def _result(path: Path, label: str, run: Run | None, summary: dict[str, Any]) -> Result:
    items_path = path.with_suffix(".jsonl")
    items = read_lines(items_path) if items_path.is_file() else []
    right = sum(entry["correct"] for entry in items)
    if items and (len(items), right) != (summary["n"], round(summary["accuracy"] * summary["n"])):
        raise ReportError(
            f"{items_path} has {right} right of {len(items)}, {path.name} says {summary['accuracy']:.4f} of "
            f"{summary['n']}; evaluate {summary['model']} again"
        )
    label += OWN_PROMPT if summary["prompt"] == "native" else ""
    model = path.parent.parent
    if path.parent.name == "eval" and "weights" in summary and summary["weights"] != own_identity(str(model)):
        label += ", before its last training"
    return Result(path.parent, label, run, summary, items)


def _tests(group: Sequence[Result], eval_dir: str | None) -> Iterator[Comparison]:
    """The first result beside every other; other runs beside what they were trained from; and what the
    summaries say of models that are not here, or whose items are gone.
    """
    pairs = [(group[0], other) for other in group[1:]]
    for result in (result for result in group[1:] if result.is_run):
        before = {_folder(stage.name, stage.revision, eval_dir) for stage in result.run.stages}
        pairs += [(result, other) for other in group[1:] if other.folder in before]
    tested = set()
    for result, other in pairs:
        if result.items and same_items(result, other):
            tested.add((result.label, other.label))
            yield Comparison(result.label, other.label, compare(result.items, other.items))
    here = {(result.folder, result.summary["prompt"] == "native"): result.label for result in group}
    for result in group:
        first, others = (result.summary.get(name) for name in TESTS)
        for test in [*([first] if first else []), *(others or [])] if result.run else []:
            name = test["against"].removesuffix(OWN_PROMPT)
            place = _folder(seen_from(str(result.run.folder), name), None, eval_dir)
            label = here.get((place, name != test["against"]), test["against"])
            if (result.label, label) not in tested:
                yield Comparison(result.label, label, test)


def same_items(one: Result, other: Result) -> bool:
    """Whether two results are on the same problems in the same order."""
    return [entry["id"] for entry in one.items] == [entry["id"] for entry in other.items]


def benchmarks(runs: Sequence[Run], eval_dir: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Label -> what lm-evaluation-harness scored, a dict a task, of the runs and their earlier stages."""
    found = {
        label: [read_json(path) for path in sorted(folder.glob("benchmark-*.json"))]
        for folder, (label, _) in _models(runs, eval_dir).items()
    }
    return {label: scores for label, scores in found.items() if scores}
