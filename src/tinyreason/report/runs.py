"""What training runs left behind: run.json, recipe.yaml, metrics.jsonl."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from tinyreason.config import RECIPE, AlgorithmArguments
from tinyreason.models import each_stage_before, looks_local
from tinyreason.run import MANIFEST, METRICS

Kind = Literal["pretraining", "SFT", "RL"]
COLOURS = 6  # runs that the page's style tells apart


class ReportError(Exception):
    """A folder that cannot be reported on, in one sentence."""


class Stage(NamedTuple):
    """A model that a run was trained from."""

    name: str
    revision: str | None
    label: str


@dataclass(frozen=True)
class Run:
    """A folder with a trained model, or one that was only evaluated: then all but the folder is empty.
    `label` is the shortest end of its path that no other model has, `place` its place among the runs.
    """

    folder: Path
    label: str
    place: int
    stages: list[Stage]
    manifest: dict[str, Any]
    recipe: dict[str, Any]
    metrics: list[dict[str, Any]]

    @property
    def kind(self) -> Kind | None:
        """What it was trained by, None where nothing says it."""
        if "corpus" in self.recipe:
            return "pretraining"
        if "algorithm" in self.recipe or any("reward" in line for line in self.metrics):
            return "RL"
        return "SFT" if self.recipe or self.metrics else None

    @property
    def trained_by(self) -> str | None:
        """What it was trained by: an algorithm where that is RL."""
        return self.recipe.get("algorithm", AlgorithmArguments.algorithm) if self.kind == "RL" else self.kind

    @property
    def style(self) -> str:
        """The class of its colour."""
        return f"run-{self.place % COLOURS}"


def read_runs(folders: Sequence[Path]) -> list[Run]:
    """Raises ReportError for a folder that is not there, or a file that is broken."""
    folders = [Path(folder) for folder in folders]
    for folder in folders:
        if not folder.is_dir():
            raise ReportError(f"{folder}: there is no such folder")
    if len({folder.resolve() for folder in folders}) < len(folders):
        raise ReportError("the same folder is given twice")
    recipes = [read_recipe(folder) for folder in folders]
    stages = [stages_of(folder) for folder in folders]
    named = labels([(str(folder), None) for folder in folders] + [stage for each in stages for stage in each])
    return [
        Run(
            folder=folder,
            label=named[str(folder), None],
            place=place,
            stages=[Stage(*stage, named[stage]) for stage in stages[place]],
            manifest=read_json(folder / MANIFEST) if (folder / MANIFEST).is_file() else {},
            recipe=recipes[place],
            metrics=read_lines(folder / METRICS) if (folder / METRICS).is_file() else [],
        )
        for place, folder in enumerate(folders)
    ]


def stages_of(folder: Path) -> list[tuple[str, str | None]]:
    """Name and revision of each model that a run was trained from, as far as folders say it."""
    found = []
    for stage in each_stage_before(str(folder)):
        found.append(stage)
        if not Path(stage[0]).is_dir():
            break
    return found


def labels(models: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    """The shortest ends of the paths that tell the models apart; a hub id is one word."""
    parts = {}
    for name, revision in models:
        local = Path(name).is_dir() or looks_local(name)
        word = f"{name}@{revision}" if revision else name
        parts[name, revision] = Path(name).resolve().parts if local else (word,)
    for length in range(1, max(map(len, parts.values())) + 1):
        ends = {model: "/".join(part[-length:]) for model, part in parts.items()}
        if len(set(ends.values())) == len(set(parts.values())):
            break
    return ends


def read_recipe(folder: Path) -> dict[str, Any]:
    """The recipe of a run, {} where it has none."""
    path = folder / RECIPE
    try:
        found = yaml.safe_load(path.read_text()) if path.is_file() else {}
    except yaml.YAMLError as error:
        raise ReportError(f"{path}: not YAML ({str(error).splitlines()[0]})") from error
    if not isinstance(found, dict):
        raise ReportError(f"{path}: holds no recipe")
    return found


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
