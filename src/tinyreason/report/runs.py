"""What training runs left behind: run.json, recipe.yaml, metrics.jsonl."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from tinyreason.config import RECIPE
from tinyreason.run import MANIFEST, METRICS

Kind = Literal["pretraining", "SFT", "RL"]
COLOURS = 6  # runs that the page's style tells apart


class ReportError(Exception):
    """A folder that cannot be reported on, in one sentence."""


@dataclass(frozen=True)
class Run:
    """A folder with a trained model, or one that was only evaluated: then all but the folder is empty.
    `label` is the shortest end of its path that no other run has, `place` its place among them.
    """

    folder: Path
    label: str
    place: int
    manifest: dict[str, Any]
    recipe: dict[str, Any]
    metrics: list[dict[str, Any]]

    @property
    def kind(self) -> Kind:
        """What it was trained by."""
        if "corpus" in self.recipe:
            return "pretraining"
        return "RL" if any("reward" in line for line in self.metrics) else "SFT"

    @property
    def style(self) -> str:
        """The class of its colour."""
        return f"run-{self.place % COLOURS}"


def read_runs(folders: Sequence[Path]) -> list[Run]:
    """Raises ReportError for a folder that is not there or has nothing to report."""
    folders = [Path(folder) for folder in folders]
    names = labels(folders)
    return [read_run(folder, names[place], place) for place, folder in enumerate(folders)]


def read_run(folder: Path, label: str, place: int) -> Run:
    if not folder.is_dir():
        raise ReportError(f"{folder}: there is no such folder")
    metrics = folder / METRICS
    found = Run(
        folder=folder,
        label=label,
        place=place,
        manifest=read_json(folder / MANIFEST) if (folder / MANIFEST).is_file() else {},
        recipe=yaml.safe_load((folder / RECIPE).read_text()) if (folder / RECIPE).is_file() else {},
        metrics=read_lines(metrics) if metrics.is_file() else [],
    )
    if not found.manifest and not found.metrics and not list((folder / "eval").glob("*.json")):
        raise ReportError(
            f"{folder}: holds no {MANIFEST}, no {METRICS} and no eval/*.json; give a run folder"
        )
    return found


def labels(folders: Sequence[Path]) -> list[str]:
    """The shortest ends of the paths that tell them apart."""
    parts = [folder.resolve().parts for folder in folders]
    for length in range(1, max(map(len, parts)) + 1):
        ends = ["/".join(part[-length:]) for part in parts]
        if len(set(ends)) == len(ends):
            return ends
    raise ReportError("the same folder is given twice")


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ReportError(f"{path}: not JSON ({error})") from error


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects in the file, one a line; a last line without its end belongs to a run that goes on."""
    *lines, _ = path.read_text(encoding="utf-8").split("\n")  # splitlines() would also cut at U+2028
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(json.loads(line))
        except ValueError as error:
            raise ReportError(f"{path}, line {number}: not JSON ({error})") from error
    return found
