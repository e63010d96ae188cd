"""Reads what the stages of a demo run left behind: run.json, metrics.jsonl and eval/*.

A file that is missing or lacks a key ends the report with a sentence that names the file. Only the control
stage `sft_continued` may be absent as a whole.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STAGE_TITLES = {"sft": "SFT", "grpo": "GRPO", "sft_continued": "SFT continued"}

RUN_KEYS = ("commit", "versions", "device", "seconds", "parameters", "seed")
EVALUATION_KEYS = (
    "protocol",
    "dataset",
    "split",
    "n",
    "max_new_tokens",
    "accuracy",
    "ci95",
    "flexible",
    "truncated",
    "unparsed",
    "mean_tokens",
)
COMPARISON_KEYS = ("n", "difference", "ci95", "fixed", "broken", "p_value")


REDO = "run that stage or its evaluation again"
ROUNDING = 5e-4  # an accuracy may have been written with four decimals


class ReportError(Exception):
    """A run folder that cannot be reported on, in one sentence."""


@dataclass(frozen=True)
class Stage:
    """One trained model: `test_rows` are the evaluated problems in file order, one dict each."""

    name: str
    folder: Path
    run: dict[str, Any]
    metrics: list[dict[str, Any]]
    test: dict[str, Any]
    unseen: dict[str, Any]
    test_rows: list[dict[str, Any]]

    @property
    def title(self) -> str:
        return STAGE_TITLES[self.name]


@dataclass(frozen=True)
class Demo:
    """`comparison` is GRPO against SFT on the test problems; `control` is None where it was not run."""

    sft: Stage
    grpo: Stage
    comparison: dict[str, Any]
    control: Stage | None

    @property
    def stages(self) -> list[Stage]:
        return [stage for stage in (self.sft, self.grpo, self.control) if stage is not None]


def read_demo(run_dir: Path) -> Demo:
    """Raises ReportError where a stage is missing or the files do not belong together."""
    if not run_dir.is_dir():
        raise ReportError(f"{run_dir}: there is no such folder; `make demo` writes runs/demo")
    sft, grpo = read_stage(run_dir / "sft"), read_stage(run_dir / "grpo")
    # a control that is still training, or was cut off, has no evaluation yet and is no result
    control_ran = (run_dir / "sft_continued" / "eval").is_dir()
    control = read_stage(run_dir / "sft_continued") if control_ran else None
    comparison_path = grpo.folder / "eval" / "synthetic-against-sft.json"
    comparison = read_json(comparison_path, COMPARISON_KEYS)
    for stage in (grpo, control) if control else (grpo,):
        if [row["id"] for row in stage.test_rows] != [row["id"] for row in sft.test_rows]:
            raise ReportError(
                f"{stage.folder} and {sft.folder} were evaluated on different problems; evaluate both"
            )
    counted = count_discordant(sft.test_rows, grpo.test_rows)
    if counted != (comparison["fixed"], comparison["broken"]):
        raise ReportError(
            f"{comparison_path} says {comparison['fixed']} fixed and {comparison['broken']} broken, the rows "
            f"say {counted[0]} and {counted[1]}; evaluate {grpo.folder} once more with --against {sft.folder}"
        )
    return Demo(sft, grpo, comparison, control)


def read_stage(folder: Path) -> Stage:
    if not folder.is_dir():
        raise ReportError(f"{folder}: there is no such folder; `make demo` writes it")
    rows_path = folder / "eval" / "synthetic.jsonl"
    test_rows = read_json_lines(rows_path)
    test = read_json(folder / "eval" / "synthetic.json", EVALUATION_KEYS)
    right = sum(map(is_right, test_rows))
    if test["n"] != len(test_rows) or abs(test["accuracy"] * test["n"] - right) > ROUNDING * test["n"]:
        raise ReportError(
            f"{rows_path} has {right} right of {len(test_rows)}, the summary beside it says accuracy "
            f"{test['accuracy']} of {test['n']}; evaluate {folder} again, greedy, one sample a problem"
        )
    return Stage(
        name=folder.name,
        folder=folder,
        run=read_json(folder / "run.json", RUN_KEYS),
        metrics=read_json_lines(folder / "metrics.jsonl"),
        test=test,
        unseen=read_json(folder / "eval" / "synthetic-unseen.json", EVALUATION_KEYS),
        test_rows=test_rows,
    )


def read_json(path: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    """The object in the file, which must have all the keys."""
    document = _parse(_read(path), path)
    missing = [key for key in keys if key not in document]
    if missing:
        raise ReportError(f"{path} has no {', '.join(missing)}; {REDO}")
    return document


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    lines = _read(path).split("\n")  # splitlines() would also cut at U+2028 inside a string
    return [_parse(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _read(path: Path) -> str:
    if not path.is_file():
        raise ReportError(f"{path} is missing; {REDO}")
    return path.read_text(encoding="utf-8")


def _parse(text: str, place: Path | str) -> dict[str, Any]:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ReportError(f"{place}: not JSON ({error}); {REDO}") from error


def is_right(row: dict[str, Any]) -> bool:
    """The verdict on the greedy completion."""
    return row["correct"]


def count_discordant(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[int, int]:
    """(fixed, broken): rows that only `after` has right, rows that only `before` has right."""
    verdicts = [(is_right(old), is_right(new)) for old, new in zip(before, after, strict=True)]
    return verdicts.count((False, True)), verdicts.count((True, False))
