"""Where a model comes from: what a folder holds, whether it is whole, and what it was trained with."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tinyreason.config import RECIPE, ConfigError

ADAPTER = "adapter_config.json"
BLOCKS, BLOCK = 64, 64 * 1024  # bytes
WEIGHTS_AND_TOKENIZER = (
    *("*.safetensors", "*.safetensors.index.json", "config.json", "generation_config.json", ADAPTER),
    *("tokenizer*.json", "special_tokens_map.json", "added_tokens.json", "vocab.*", "merges.txt"),
)


def looks_local(name: str) -> bool:
    """Whether a name is meant as that of a folder, there or not, and not as a hub id."""
    path = Path(name)
    written_so = path.is_absolute() or name.startswith((".", "~")) or len(path.parts) > 2
    return written_so or path.exists() or path.parts[:1] == ("runs",)


def check_folder(name: str) -> None:
    """Raises ConfigError for a local path without a model, before it is taken for a hub id."""
    path = Path(name)
    if looks_local(name) and not path.is_dir():
        raise ConfigError(
            f"{name}: no such folder; train it first, or give a hub id such as Qwen/Qwen2.5-0.5B"
        )
    files = ("config.json", "tokenizer_config.json", ADAPTER)
    if looks_local(name) and not any((path / file).is_file() for file in files):
        raise ConfigError(f"{name}: holds no finished model (no config.json); was its training interrupted?")


def check_weights(name: str) -> None:
    """Raises ConfigError for a local model whose weights are missing or cut off."""
    fault = weights_fault(Path(name)) if Path(name).is_dir() else None
    if fault:
        raise ConfigError(f"{name}: {fault}; use an earlier checkpoint or train it again")


def weights_fault(folder: Path) -> str | None:
    """What is wrong with the weights of a folder, None where they are as long as their headers say."""
    weights = sorted(folder.glob("*.safetensors"))
    broken = [file.name for file in weights if not _safetensors_whole(file)]
    if broken:
        return f"{broken[0]} is cut off"
    name = "adapter_model" if (folder / ADAPTER).is_file() else "model"
    return None if weights else f"{name}.safetensors is missing"


def adapter_config(name: str, revision: str | None = None) -> dict[str, Any] | None:
    """The content of adapter_config.json, None for a model that is no adapter."""
    path = model_file(name, ADAPTER, revision)
    return json.loads(path.read_text()) if path else None


def base_of(adapter: dict[str, Any]) -> tuple[str, str | None]:
    """Name and revision of the model that an adapter stands on; ConfigError where its folder is gone."""
    name = adapter["base_model_name_or_path"]
    check_folder(name)
    return name, adapter.get("revision")


def trained_with(name: str, revision: str | None = None) -> dict[str, Any]:
    """The recipe that a model, or a checkpoint of its run, was trained with; {} where it has none."""
    recipe = model_file(run_of(name), RECIPE, revision)
    return yaml.safe_load(recipe.read_text()) if recipe else {}


def run_of(name: str) -> str:
    """The run of a checkpoint; any other name as it is."""
    path = Path(name)
    return str(path.parent) if path.is_dir() and path.name.startswith("checkpoint-") else name


def stages_before(name: str, revision: str | None = None) -> list[tuple[str, str | None]]:
    """Names and revisions of the models that a model was trained from, the last one first: the earlier stages
    of its run folder, the base of its adapter. [] for a model from scratch, or one that says nothing.
    """
    return list(each_stage_before(name, revision))


def each_stage_before(name: str, revision: str | None = None) -> Iterator[tuple[str, str | None]]:
    """The same one by one: the Hub is asked about a model only when the one before it is wanted."""
    found: list[tuple[str, str | None]] = []
    before = name, revision
    while (before := _stage_before(*before)) and before not in found:  # a run may say that it was its own
        found.append(before)
        yield before


def _stage_before(name: str, revision: str | None) -> tuple[str, str | None] | None:
    recipe, adapter = trained_with(name, revision), adapter_config(name, revision)
    if recipe.get("model_name_or_path"):
        return seen_from(name, recipe["model_name_or_path"]), recipe.get("model_revision")
    return (adapter["base_model_name_or_path"], adapter.get("revision")) if adapter else None


def seen_from(run: str, other: str) -> str:
    """The model that a run folder calls `other`, as it is called here: relative paths in a recipe start where
    training was started, of which `output_dir` tells how far up that is.
    """
    output, folder = Path(trained_with(run).get("output_dir", "")), Path(run).resolve()
    known = output.parts and not output.is_absolute() and folder.parts[-len(output.parts) :] == output.parts
    if Path(other).is_absolute() or not known:
        return other
    there = folder.parents[len(output.parts) - 1] / other
    return os.path.relpath(there) if there.is_dir() or looks_local(other) else other


def identity(name: str, revision: str | None = None) -> str:
    """What tells the weights and the tokenizer of a model from those of another one of the same name, its
    base's too where it is an adapter.
    """
    adapter = adapter_config(name, revision)
    own = own_identity(name, revision)
    return f"{own} on {identity(*base_of(adapter))}" if adapter else own


def own_identity(name: str, revision: str | None = None) -> str:
    """The same without the base: the commit on the Hub, or what is in the files of a folder."""
    path = Path(name)
    if not path.is_dir():
        config = model_file(name, "config.json", revision) or model_file(name, ADAPTER, revision)
        return f"{name}@{config.parent.name if config else revision}"
    files = sorted(file for pattern in WEIGHTS_AND_TOKENIZER for file in path.glob(pattern))
    told = [(file.name, file.stat().st_size, sampled_hash(file)) for file in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def sampled_hash(path: Path) -> str:
    """Of a small file as a whole, of a large one of 64 blocks: training changes weights everywhere."""
    size, found = path.stat().st_size, hashlib.sha256()
    if size <= BLOCKS * BLOCK:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    with path.open("rb") as file:
        for place in range(BLOCKS):
            file.seek(place * (size - BLOCK) // (BLOCKS - 1))
            found.update(file.read(BLOCK))
    return found.hexdigest()


def tokenizer_of(name: str, revision: str | None = None) -> tuple[str, str | None]:
    """Name and revision of the model whose tokenizer a model has: an adapter may have come without one."""
    adapter = adapter_config(name, revision)
    if adapter and model_file(name, "tokenizer_config.json", revision) is None:
        return base_of(adapter)
    return name, revision


def model_file(name: str, file: str, revision: str | None = None) -> Path | None:
    """A file of a local folder, or of a hub model once it is downloaded; None where it has none such."""
    if looks_local(name):
        path = Path(name) / file
        return path if path.is_file() else None
    from transformers.utils.hub import cached_files

    found = cached_files(
        name,
        [file],
        revision=revision,
        _raise_exceptions_for_gated_repo=False,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_connection_errors=False,
    )
    return Path(found[0]) if found else None


def _safetensors_whole(path: Path) -> bool:
    """A safetensors file is 8 bytes of header length, the header, then the tensors."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        try:
            header = json.loads(file.read(length)) if length < path.stat().st_size else None
        except ValueError:
            header = None
    if header is None:
        return False
    ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
    return path.stat().st_size == 8 + length + max(ends, default=0)
