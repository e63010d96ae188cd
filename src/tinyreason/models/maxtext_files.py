"""What a MaxText run leaves behind: the YAML of its config, and checkpoints in Orbax format.

A checkpoint is read with tensorstore alone, so that nobody installs JAX to convert one. Orbax (google/orbax,
_src/metadata/tree.py and _src/serialization/tensorstore_utils.py) writes a folder whose `_METADATA` lists the
arrays by their keys. Each is a zarr or a zarr3 array, called by its keys with dots between. They are folders
of their own, or lie together in one OCDBT store behind `manifest.ocdbt`; tensorstore reads all four.
"""

import json
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from tinyreason.config import ConfigError
from tinyreason.config.parsing import build, known_slots, typed_value
from tinyreason.config.text import Given, flow_value, read_file

METADATA = "_METADATA"
ITEMS = "items"  # MaxText's name for the train state in a step's folder (common/checkpointing.py)
WEIGHTS = "params"


@dataclass
class MaxTextConfig:
    """The keys of a MaxText config that say what its Llama computes, with the defaults of configs/base.yml.

    Those that have none here must be given: a forgotten file would make another model, not an error.
    """

    base_emb_dim: int
    base_num_decoder_layers: int
    base_num_query_heads: int
    base_num_kv_heads: int
    base_mlp_dim: int
    head_dim: int
    vocab_size: int
    max_target_length: int
    rope_max_timescale: float
    normalization_layer_epsilon: float
    logits_via_embedding: bool = False
    normalize_embedding_logits: bool = True
    scan_layers: bool = True
    param_scan_axis: Literal[0, 1] = 1
    model_name: str = "default"
    rope_type: Literal["default", "llama3.1"] = "default"
    rope_use_scale: bool = True

    @property
    def rotates_neighbours(self) -> bool:
        """As Attention.init_rotary_embedding decides it: a model named llama3.1 needs no rope_type."""
        return self.rope_type == "llama3.1" or self.model_name.startswith("llama3.1")

    def rope_parameters(self) -> dict[str, Any]:
        """In Transformers' words; the numbers of llama3.1 are constants of LLaMARotaryEmbedding."""
        if not (self.rotates_neighbours and self.rope_use_scale):
            return {"rope_type": "default", "rope_theta": self.rope_max_timescale}
        return {
            "rope_type": "llama3",
            "rope_theta": self.rope_max_timescale,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        }


@dataclass
class LlamaKeys:
    """Keys that leave every name and shape as it is, and with another value compute what no Llama does."""

    decoder_block: str = "llama2"
    attention_type: str = "global"
    mlp_activations: list[str] = field(default_factory=lambda: ["silu", "linear"])
    mlp_activations_limit: float = -1
    attn_logits_soft_cap: float = 0
    final_logits_soft_cap: float = 0
    rope_min_timescale: float = 1
    rope_linear_scaling_factor: float = 1
    use_untrainable_positional_embedding: bool = False

    def __post_init__(self) -> None:
        for slot in fields(self):
            value = vars(self)[slot.name]
            llama = slot.default if slot.default is not MISSING else slot.default_factory()
            if value != llama:
                raise ConfigError(f"{slot.name}: {value} makes no Llama; only {llama} can be converted")


def read_config(sources: list[str]) -> MaxTextConfig:
    """From YAML files, or texts such as `{vocab_size: 32000}`. A later one wins, as in MaxText a model's file
    does over base.yml. Keys that say nothing of the function (data, optimizer, mesh) are passed over.
    """
    problems: list[str] = []
    given: dict[str, Given] = {}
    for source in sources:
        if source.startswith("{"):
            entries = [Given(source, key, value) for key, value in flow_value(source).items()]
        else:
            entries = read_file(source, problems)
        given |= {entry.key: entry for entry in entries}
    slots, values = known_slots([MaxTextConfig, LlamaKeys]), {}
    for key, slot in slots.items():
        if key in given:
            try:
                values[key] = typed_value(given[key], slots)
            except ConfigError as error:
                problems.append(f"{given[key].place}: {key}: {error}")
        elif slot.default() is MISSING:
            problems.append(f"{key}: is missing; give the run's base.yml too, or '{{{key}: ...}}'")
    if problems:
        raise ConfigError("\n".join(problems))
    build(LlamaKeys, values, ", ".join(sources))
    return build(MaxTextConfig, values, ", ".join(sources))


def open_weights(folder: Path) -> dict[str, Any]:
    """Path (`decoder/decoder_norm/scale`) -> array: opened, so with a shape, and read by `numpy.asarray`.

    Only what stands under `params` is opened; the optimizer's moments, twice the size of the weights, are not
    touched. Raises ConfigError for a folder that is no checkpoint and for one that lacks an array.
    """
    folder = items_folder(folder)
    metadata = json.loads((folder / METADATA).read_text())
    keys = [
        [str(part["key"]) for part in entry["key_metadata"]] for entry in metadata["tree_metadata"].values()
    ]
    weights = [path for path in keys if path[0] == WEIGHTS]
    if not weights:
        found = ", ".join(sorted({path[0] for path in keys}))
        raise ConfigError(f"{folder}: holds {found or 'nothing'} and no {WEIGHTS}; choose another checkpoint")
    return {weight_path(path): open_array(folder, path, metadata) for path in weights}


def items_folder(folder: Path) -> Path:
    """The folder with the `_METADATA`: itself, or in the folder of a step."""
    for place in (folder, folder / ITEMS):
        if (place / METADATA).is_file():
            return place.resolve()
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder; copy the checkpoint to this machine first")
    steps = [path.name for path in folder.iterdir() if (path / ITEMS / METADATA).is_file()]
    if steps:
        steps.sort(key=lambda name: (len(name), name))
        raise ConfigError(f"{folder}: holds steps {', '.join(steps)}; choose one, as {folder / steps[-1]}")
    raise ConfigError(f"{folder}: no Orbax checkpoint, or none that is whole (no {METADATA}); choose another")


def weight_path(keys: list[str]) -> str:
    """params, params, decoder, ... -> decoder/...: the outer `params` is a field of the train state, the
    inner one a collection of Flax, which some writers leave out.
    """
    inner = keys[1:]
    return "/".join(inner[1:] if inner[0] == WEIGHTS else inner)


def open_array(folder: Path, keys: list[str], metadata: dict[str, Any]) -> Any:
    """A tensorstore.TensorStore; ConfigError where the array is not in the folder."""
    try:
        import tensorstore
    except ImportError as error:
        raise ConfigError(f"{folder}: needs tensorstore to be read; pip install -e '.[maxtext]'") from error
    name = ".".join(keys)
    if (folder / "manifest.ocdbt").is_file():
        base = {"driver": "file", "path": f"{folder}/"}
        store = {"driver": "ocdbt", "base": base, "path": f"{name}/"}
    else:
        store = {"driver": "file", "path": f"{folder}/{name}/"}
    spec = {
        "driver": "zarr3" if metadata.get("use_zarr3") else "zarr",
        "kvstore": store,
        # a chunk that is not there reads as zeros, unless the writer says that it stored all of them
        "fill_missing_data_reads": not metadata.get("store_array_data_equal_to_fill_value", False),
    }
    try:
        return tensorstore.open(spec, open=True, read=True).result()
    except ValueError as error:
        raise ConfigError(
            f"{folder}: {name}: cannot be opened ({error}); copy the checkpoint again"
        ) from error
