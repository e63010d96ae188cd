"""What is known about a run that is to be published: read from run.json, recipe.yaml and eval/*.json, of the
run and of the stages that it was trained from.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinyreason.data import DATASETS, HUB
from tinyreason.hub.licences import DATASETS as DATASET_LICENCES
from tinyreason.hub.licences import MODELS, OWN
from tinyreason.models import MERGED_FROM, adapter_config, own_identity, run_of, weights_fault
from tinyreason.report import Group, Result, Run, read_groups, read_json, read_runs

NOT_RECORDED = "not recorded"


class HubError(Exception):
    """Why a run is not published, and what to do, in one sentence."""


@dataclass(frozen=True)
class Data:
    """A dataset that was trained on. `repo` is where it is on the Hub, `commit` the one that was read, both
    None where it was not read from there; `rows` says how many.
    """

    stage: str
    name: str
    repo: str | None
    commit: str | None
    rows: str
    licence: str

    @property
    def source(self) -> str:
        """In words."""
        if self.repo is None:
            return "this project's programs" if self.licence == OWN else "a file of the trainer's own"
        return f"{self.repo}, {f'commit {self.commit}' if self.commit else 'read from local files'}"


@dataclass(frozen=True)
class Publication:
    """`chain` is the run and the earlier stages whose folders are here, the run first; `base` the name and
    commit of the model from the Hub that they began with, None from random weights. `results` are those of
    these very weights; `merged` says what a merged model was made of.
    """

    run: Run
    chain: list[Run]
    base: tuple[str, str | None] | None
    licence: str
    data: list[Data]
    groups: list[Group]
    merged: dict[str, Any] | None
    is_adapter: bool
    parameters: int

    @property
    def results(self) -> list[tuple[Group, Result]]:
        """The run's own, of a split that nothing is trained on, under the prompt of training."""
        own = [(group, found) for group in self.groups for found in group.results if self.is_own(found)]
        return [(group, found) for group, found in own if found.summary["split"] != "train"]

    def is_own(self, result: Result) -> bool:
        """Whether a result is one of the run that is published."""
        return result.run is self.run and result.is_run


def read_publication(folder: Path, licence: str | None = None) -> Publication:
    """All of it. `licence` is for what nothing else says one. Raises HubError where the run is not whole or
    cannot be told what it was made of.
    """
    fault = weights_fault(folder) if folder.is_dir() else "there is no such folder"
    if fault:
        raise HubError(f"{folder}: {fault}; publish a run that ended")
    (run,) = read_runs([folder])
    before = [Path(run_of(stage.name)) for stage in run.stages if Path(stage.name).is_dir()]
    chain = [run, *(read_runs([stage])[0] for stage in before)]
    for stage in chain:
        if not stage.manifest or not stage.recipe:
            raise HubError(
                f"{stage.folder}: has no run.json and recipe.yaml; without them nobody can say what "
                f"{folder} is made of"
            )
    base = base_of(chain)
    config = adapter_config(str(folder))
    if config is not None and (base is None or config["base_model_name_or_path"] != base[0]):
        raise HubError(
            f"{folder}: an adapter on {config['base_model_name_or_path']}, which nobody else has; "
            "scripts/merge.py makes it a whole model"
        )
    groups, _ = read_groups([run])
    refuse_older_weights(folder, groups, run)
    path = folder / MERGED_FROM
    return Publication(
        run=run,
        chain=chain,
        base=base,
        licence=licence_of(base, licence),
        data=list(data_of(chain)),
        groups=[group for group in groups if any(found.run is run for found in group.results)],
        merged=read_json(path) if path.is_file() else None,
        is_adapter=config is not None,
        parameters=parameters(folder),
    )


def base_of(chain: list[Run]) -> tuple[str, str | None] | None:
    """Name and commit of the model that a chain of stages began with."""
    run, first = chain[0], chain[-1]
    if not run.stages:
        return None
    last = run.stages[-1]
    if Path(last.name).is_dir():
        return None
    if Path(last.name).is_absolute() or Path(last.name).parts[0] == "runs" or last.name.count("/") != 1:
        raise HubError(
            f"{last.name}: {run.label} was trained from it, and it is not here; without it nobody can "
            "say what the model is made of"
        )
    recorded = adapter_config(str(run.folder)) or {}
    return last.name, recorded.get("revision") or first.manifest.get("model_commit") or last.revision


def licence_of(base: tuple[str, str | None] | None, given: str | None) -> str:
    """The Hub's name of the model's licence: that of its base, Apache-2.0 from random weights, or `given`.
    Raises HubError where it is not known, or no name; whether the Hub has it, it says when the card comes.
    """
    if given is not None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", given):
            raise HubError(f"licence: {given} is none of the Hub's names, such as mit or cc-by-4.0")
        return given
    if base is None:
        return "apache-2.0"
    if base[0] not in MODELS:
        raise HubError(f"licence: that of {base[0]} is not known here; look it up and give --licence")
    return MODELS[base[0]]


def data_of(chain: list[Run]) -> Iterator[Data]:
    """What each stage was trained on, the first stage first."""
    for run in reversed(chain):
        for name, split in run.manifest.get("data", {}).items():
            if name != "validation":
                yield from parts(run.label, split)


def parts(stage: str, split: Mapping[str, Any], rows: str = NOT_RECORDED) -> Iterator[Data]:
    """The datasets of a provenance, of a mixture each, of a corpus's source what that was read from. `rows`
    is of all that it is a part of.
    """
    if "rows_used" in split:
        rows = f"{split['rows_used']:,}"
    if "parts" in split:
        for part in split["parts"]:
            yield from parts(stage, part, f"{rows} of the mixture")
    elif "made_with" in split:
        documents = f"{split['documents']['train']:,} documents"
        for origin in split["origin"]:
            if origin.get("split") != "validation":
                yield from parts(stage, origin, documents)
    elif "dataset" in split:
        name = split["dataset"]
        repo, _ = HUB.get(name, (None, None))
        licence = OWN if name in DATASETS and repo is None else DATASET_LICENCES.get(repo, NOT_RECORDED)
        yield Data(stage, Path(name).name, repo, split.get("commit"), rows, licence)
    else:  # texts
        repo = split.get("repo_id")
        licence = DATASET_LICENCES.get(repo, NOT_RECORDED)
        yield Data(stage, Path(repo or split["file"]).name, repo, split.get("commit"), rows, licence)


def parameters(folder: Path) -> int:
    """Of all tensors in the weights' files."""
    from safetensors import safe_open

    found = 0
    for path in folder.glob("*.safetensors"):
        with safe_open(path, framework="np") as file:
            found += sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
    return found


def refuse_older_weights(folder: Path, groups: list[Group], run: Run) -> None:
    """Raises HubError where a result is of weights that the folder no longer has."""
    weights = own_identity(str(folder))
    for found in (result for group in groups for result in group.results):
        summary = found.summary
        if found.run is run and summary.get("weights") != weights:
            raise HubError(
                f"{folder}/eval: {summary['dataset']}/{summary['split']} is of other weights than those that "
                "are here now; evaluate again, or remove it"
            )
