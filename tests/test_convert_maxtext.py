"""A converted MaxText model gives the logits that MaxText gives, by a second forward pass written here from
MaxText's own layout, and by logits that MaxText 0.2.5 itself computed.
"""

import json
import math
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from conftest import ROOT
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

from tinyreason.config import ConfigError
from tinyreason.models.maxtext import converted_weights, empty_llama, save_llama
from tinyreason.models.maxtext_files import MaxTextConfig, open_weights, read_config
from tinyreason.planner import KNOWN, from_config

ROWS = 416  # of the embedding: the tokenizer has 400 tokens, the rest pads
CONFIG = MaxTextConfig(
    base_emb_dim=32,
    base_num_decoder_layers=3,
    base_num_query_heads=4,
    base_num_kv_heads=2,
    base_mlp_dim=48,
    head_dim=8,
    vocab_size=ROWS,
    max_target_length=16_384,
    rope_max_timescale=10_000.0,
    normalization_layer_epsilon=3e-5,
)
NEIGHBOURS = {"rope_type": "llama3.1", "rope_max_timescale": 500_000.0}
VARIANTS = {
    "scanned": CONFIG,
    "stacked on the first axis": replace(CONFIG, param_scan_axis=0),
    "unscanned": replace(CONFIG, scan_layers=False),
    "one layer": replace(CONFIG, base_num_decoder_layers=1),
    "heads wider than the model": replace(CONFIG, head_dim=12),
    "tied": replace(CONFIG, logits_via_embedding=True),
    "tied, logits not normalized": replace(
        CONFIG, logits_via_embedding=True, normalize_embedding_logits=False
    ),
    "turning neighbours": replace(CONFIG, **NEIGHBOURS),
    "turning neighbours, unscaled": replace(CONFIG, **NEIGHBOURS, rope_use_scale=False),
    "named llama3.1": replace(CONFIG, model_name="llama3.1-8b", scan_layers=False),
}
# far apart, so that the slow channels turn too; float32 angles lose digits much further out
POSITIONS = np.array([0, 1, 2, 3, 5, 9, 17, 18, 40, 80, 81, 120, 160, 161, 200, 250])
IDS = np.random.RandomState(7).randint(0, 400, size=(2, len(POSITIONS)))


def checkpoint(config: MaxTextConfig) -> dict[str, np.ndarray]:
    """Random weights as MaxText lays them out. RandomState gives the same numbers under every NumPy."""
    random = np.random.RandomState(5)
    hidden, heads, key_heads = config.base_emb_dim, config.base_num_query_heads, config.base_num_kv_heads
    layer = {
        "pre_self_attention_layer_norm/scale": (hidden,),
        "self_attention/query/kernel": (hidden, heads, config.head_dim),
        "self_attention/key/kernel": (hidden, key_heads, config.head_dim),
        "self_attention/value/kernel": (hidden, key_heads, config.head_dim),
        "self_attention/out/kernel": (heads, config.head_dim, hidden),
        "post_self_attention_layer_norm/scale": (hidden,),
        "mlp/wi_0/kernel": (hidden, config.base_mlp_dim),
        "mlp/wi_1/kernel": (hidden, config.base_mlp_dim),
        "mlp/wo/kernel": (config.base_mlp_dim, hidden),
    }
    shapes = {
        "token_embedder/embedding": (config.vocab_size, hidden),
        "decoder/decoder_norm/scale": (hidden,),
    }
    if not config.logits_via_embedding:
        shapes["decoder/logits_dense/kernel"] = (hidden, config.vocab_size)
    for number in range(config.base_num_decoder_layers):
        shapes |= {f"decoder/layers_{number}/{name}": shape for name, shape in layer.items()}
    arrays = {}
    for name, shape in shapes.items():
        noise = random.standard_normal(shape)
        if name.endswith("scale"):
            arrays[name] = 1 + 0.3 * noise
        else:
            inputs = 1 if name.endswith("embedding") else hidden
            arrays[name] = noise / math.sqrt(inputs)
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    return stacked(arrays, config) if config.scan_layers else arrays


def stacked(arrays: dict[str, np.ndarray], config: MaxTextConfig) -> dict[str, np.ndarray]:
    """decoder/layers_0/..., decoder/layers_1/... -> decoder/layers/... with an axis of layers."""
    found = {name: array for name, array in arrays.items() if "/layers_" not in name}
    for name in [name for name in arrays if "/layers_0/" in name]:
        layers = [
            arrays[name.replace("layers_0", f"layers_{number}")]
            for number in range(config.base_num_decoder_layers)
        ]
        found[name.replace("layers_0", "layers")] = np.stack(layers, axis=config.param_scan_axis)
    return found


def layers_of(arrays: dict[str, np.ndarray], config: MaxTextConfig) -> Iterator[dict[str, np.ndarray]]:
    """The parameters of each layer, by their names inside it, in float64."""
    for number in range(config.base_num_decoder_layers):
        prefix = "decoder/layers/" if config.scan_layers else f"decoder/layers_{number}/"
        inside = {
            name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)
        }
        if config.scan_layers:
            inside = {
                name: np.take(array, number, axis=config.param_scan_axis) for name, array in inside.items()
            }
        yield {name: array.astype(np.float64) for name, array in inside.items()}


def timescale(config: MaxTextConfig) -> np.ndarray:
    """(head_dim / 2): positions a radian. Llama 3.1 makes the slow channels, with waves longer than 8192
    positions, eight times slower, and leaves the fast ones, shorter than 2048.
    """
    scale = config.rope_max_timescale ** (np.arange(0, config.head_dim, 2) / config.head_dim)
    if not (config.rotates_neighbours and config.rope_use_scale):
        return scale
    share = np.clip((8192 / (2 * np.pi * scale) - 1) / (4 - 1), 0, 1)
    return 1 / ((1 - share) / (8 * scale) + share / scale)


def turned(inputs: np.ndarray, config: MaxTextConfig, positions: np.ndarray) -> np.ndarray:
    """Rotary embedding of (tokens, heads, head_dim)."""
    angle = (positions[:, None] / timescale(config))[:, None, :]
    sine, cosine = np.sin(angle), np.cos(angle)
    outputs = np.empty_like(inputs)
    if config.rotates_neighbours:
        first, second = np.s_[..., 0::2], np.s_[..., 1::2]
    else:
        first, second = np.s_[..., : config.head_dim // 2], np.s_[..., config.head_dim // 2 :]
    outputs[first] = inputs[first] * cosine - inputs[second] * sine
    outputs[second] = inputs[second] * cosine + inputs[first] * sine
    return outputs


def normed(inputs: np.ndarray, scale: np.ndarray, config: MaxTextConfig) -> np.ndarray:
    mean = np.mean(inputs**2, axis=-1, keepdims=True)
    return inputs / np.sqrt(mean + config.normalization_layer_epsilon) * scale


def attended(
    inputs: np.ndarray, layer: dict[str, np.ndarray], config: MaxTextConfig, positions: np.ndarray
) -> np.ndarray:
    """Causal grouped-query attention of (tokens, hidden). The scores are divided by nothing."""
    query, key, value = (
        np.einsum("te,ehd->thd", inputs, layer[f"self_attention/{name}/kernel"])
        for name in ("query", "key", "value")
    )
    query, key = turned(query, config, positions), turned(key, config, positions)
    tokens, heads, channels = query.shape
    grouped = query.reshape(tokens, key.shape[1], heads // key.shape[1], channels)
    scores = np.einsum("tkgd,skd->kgts", grouped, key)
    scores = np.where(np.tri(tokens, dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    mixed = np.einsum("kgts,skd->tkgd", weights, value).reshape(tokens, heads, channels)
    return np.einsum("thd,hde->te", mixed, layer["self_attention/out/kernel"])


def maxtext_logits(
    arrays: dict[str, np.ndarray], config: MaxTextConfig, ids: np.ndarray, positions: np.ndarray
) -> np.ndarray:
    """(tokens, vocabulary), as MaxText's LlamaDecoderLayer and apply_output_head compute it, in float64."""
    embedding = arrays["token_embedder/embedding"].astype(np.float64)
    state = embedding[ids]
    for layer in layers_of(arrays, config):
        inputs = normed(state, layer["pre_self_attention_layer_norm/scale"], config)
        state = state + attended(inputs, layer, config, positions)
        inputs = normed(state, layer["post_self_attention_layer_norm/scale"], config)
        gate, up = inputs @ layer["mlp/wi_0/kernel"], inputs @ layer["mlp/wi_1/kernel"]
        state = state + (gate / (1 + np.exp(-gate)) * up) @ layer["mlp/wo/kernel"]
    state = normed(state, arrays["decoder/decoder_norm/scale"], config)
    if not config.logits_via_embedding:
        return state @ arrays["decoder/logits_dense/kernel"]
    return state @ embedding.T / (math.sqrt(config.base_emb_dim) if config.normalize_embedding_logits else 1)


@pytest.fixture(scope="module")
def tensorstore():
    return pytest.importorskip("tensorstore", reason="the reader needs pip install -e '.[maxtext]'")


def transformers_logits(model: torch.nn.Module, ids: np.ndarray, positions: np.ndarray) -> np.ndarray:
    where = torch.tensor(positions).expand(len(ids), -1)
    with torch.inference_mode():
        return model(input_ids=torch.tensor(ids), position_ids=where).logits.float().numpy()


def model_of(
    arrays: dict[str, np.ndarray], config: MaxTextConfig, folder: Path, tokenizer_folder: Path
) -> torch.nn.Module:
    save_llama(arrays, config, str(tokenizer_folder), folder, "float32")
    return AutoModelForCausalLM.from_pretrained(folder)


def expected_logits(arrays: dict[str, np.ndarray], config: MaxTextConfig) -> np.ndarray:
    return np.stack([maxtext_logits(arrays, config, row, POSITIONS) for row in IDS])


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_logits_are_those_of_maxtext_at_every_position(variant, tmp_path, tokenizer_folder):
    config = VARIANTS[variant]
    arrays = checkpoint(config)
    expected = expected_logits(arrays, config)
    logits = transformers_logits(model_of(arrays, config, tmp_path / "out", tokenizer_folder), IDS, POSITIONS)
    assert expected.std() > 0.1
    assert logits.shape == (2, len(POSITIONS), ROWS)
    assert np.abs(logits - expected).max() < 1e-4
    assert (logits.argmax(-1) == expected.argmax(-1)).all()


# what MaxText 0.2.5 (jax 0.10.2, CPU, float32) says of SMALL's checkpoint at these ids and positions
SMALL = replace(CONFIG, base_emb_dim=8, base_num_decoder_layers=2, base_mlp_dim=12, head_dim=4, vocab_size=6)
SMALL_IDS, SMALL_POSITIONS = np.array([[3, 1, 4, 1, 5]]), np.array([0, 1, 2, 40, 640])
COMPUTED_BY_MAXTEXT = [
    (
        SMALL,
        [
            [1.08471, 0.54722, 0.03241, -0.12687, -1.50118, 0.07746],
            [1.09054, 0.05297, -0.24091, -1.32383, -0.2489, -0.34672],
            [-2.0127, 1.61415, -1.618, 0.30274, 1.53326, -0.16701],
            [-1.2735, 1.1738, -1.159, -0.44096, 1.41576, -0.26365],
            [-1.31715, 0.72846, -1.04752, 0.13952, 0.47065, -0.16658],
        ],
    ),
    (
        replace(SMALL, **NEIGHBOURS, logits_via_embedding=True),
        [
            [2.34485, 0.99459, -0.81428, -0.0661, -0.1884, 0.22435],
            [1.39371, 1.61439, 0.2128, -0.06181, -0.34042, -0.17128],
            [1.63193, 1.07373, 0.04512, -0.07951, 0.81184, 0.24791],
            [1.05419, 1.56304, 1.16836, 0.33903, -0.29526, -0.36896],
            [0.74309, -1.91889, -2.14598, -0.03629, 1.08761, 1.01853],
        ],
    ),
]


@pytest.mark.parametrize(("config", "expected"), COMPUTED_BY_MAXTEXT, ids=["untied", "tied, neighbours"])
def test_maxtext_itself_computed_these_logits(config, expected):
    arrays = checkpoint(config)
    if config.logits_via_embedding:
        # MaxText multiplies tied logits in bfloat16: it was given an embedding that loses nothing by it
        embedding = torch.tensor(arrays["token_embedder/embedding"])
        arrays["token_embedder/embedding"] = embedding.bfloat16().float().numpy()
    reference = maxtext_logits(arrays, config, SMALL_IDS[0], SMALL_POSITIONS)
    logits = transformers_logits(loaded(arrays, config, config), SMALL_IDS, SMALL_POSITIONS)[0]
    assert np.abs(reference - expected).max() < 1e-4
    assert np.abs(logits - expected).max() < 1e-4


class NoTokens:
    bos_token_id = eos_token_id = pad_token_id = None


def loaded(arrays: dict[str, np.ndarray], config: MaxTextConfig, as_config: MaxTextConfig) -> torch.nn.Module:
    """The model of `config`, its weights converted as if they were those of `as_config`."""
    weights = converted_weights(arrays, as_config, "float32")
    if config.logits_via_embedding:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    model = AutoModelForCausalLM.from_config(empty_llama(config, NoTokens(), "float32").config)
    model.load_state_dict(weights)
    return model.eval()


def unscaled(arrays: dict[str, np.ndarray], config: MaxTextConfig) -> dict[str, np.ndarray]:
    """A query that leaves the conversion as it came."""
    return {
        name: array / math.sqrt(config.head_dim) if name.endswith("query/kernel") else array
        for name, array in arrays.items()
    }


def unchanged(arrays: dict[str, np.ndarray], _: MaxTextConfig) -> dict[str, np.ndarray]:
    return arrays


@pytest.mark.parametrize(
    ("variant", "spoil", "as_config", "most"),
    [
        ("scanned", unchanged, {"rope_type": "llama3.1"}, 0.3),  # what the converter before ours did
        ("turning neighbours", unchanged, {"rope_type": "default"}, 0.3),
        ("scanned", unscaled, {}, 0.6),
        ("turning neighbours", unscaled, {}, 0.6),
        ("tied", unchanged, {"normalize_embedding_logits": False}, 1.0),  # a temperature, the order is kept
    ],
)
def test_a_wrong_conversion_does_not_agree(variant: str, spoil: Callable, as_config: dict, most: float):
    config = VARIANTS[variant]
    arrays = checkpoint(config)
    expected = expected_logits(arrays, config)
    model = loaded(spoil(arrays, config), config, replace(config, **as_config))
    logits = transformers_logits(model, IDS, POSITIONS)
    assert np.abs(logits - expected).max() > 1
    assert (logits.argmax(-1) == expected.argmax(-1)).mean() <= most


def test_end_and_padding_are_those_of_the_tokenizer_and_no_row_is_dropped(tmp_path, tokenizer_folder):
    model = model_of(checkpoint(CONFIG), CONFIG, tmp_path / "out", tokenizer_folder)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out")
    generation = GenerationConfig.from_pretrained(tmp_path / "out")
    assert tokenizer.get_vocab() == AutoTokenizer.from_pretrained(tokenizer_folder).get_vocab()
    for config in (model.config, generation):
        assert (config.eos_token_id, config.pad_token_id) == (tokenizer.eos_token_id, tokenizer.pad_token_id)
        assert config.bos_token_id is tokenizer.bos_token_id is None
    assert len(tokenizer) == 400
    assert model.config.vocab_size == len(model.lm_head.weight) == ROWS


def test_a_tokenizer_that_is_not_the_models_is_refused(tmp_path, tokenizer_folder):
    config = replace(CONFIG, vocab_size=399)
    with pytest.raises(ConfigError, match=r"has the id 399, but vocab_size is 399; give the model's own"):
        save_llama(checkpoint(config), config, str(tokenizer_folder), tmp_path / "out", "float32")
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    tokenizer.eos_token = None
    tokenizer.save_pretrained(tmp_path / "endless")
    with pytest.raises(ConfigError, match="has no end token"):
        save_llama(checkpoint(CONFIG), CONFIG, str(tmp_path / "endless"), tmp_path / "out", "float32")
    assert not (tmp_path / "out").exists()


def test_a_model_is_not_written_over(tmp_path, tokenizer_folder):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigError, match="holds a model already; choose another folder"):
        save_llama(checkpoint(CONFIG), CONFIG, str(tokenizer_folder), tmp_path, "float32")


def without(arrays: dict[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    return {other: array for other, array in arrays.items() if other != name}


UP = "decoder/layers/mlp/wi_1/kernel"
ARRAYS = checkpoint(CONFIG)


@pytest.mark.parametrize(
    ("arrays", "changed", "sentence"),
    [
        (without(ARRAYS, UP), {}, f"missing: {UP}\ngive the config"),
        ({**ARRAYS, "decoder/x/bias": np.zeros(3)}, {}, "left over: decoder/x/bias\ngive the config"),
        (
            {**ARRAYS, UP: ARRAYS[UP].swapaxes(0, 1)},
            {},
            f"of another shape: {UP} (3, 32, 48) instead of (32, 3, 48)",
        ),
        (ARRAYS, {"vocab_size": 400}, "token_embedder/embedding (416, 32) instead of (400, 32)"),
        (ARRAYS, {"logits_via_embedding": True}, "left over: decoder/logits_dense/kernel"),
        (ARRAYS, {"scan_layers": False}, "missing: decoder/layers_0/pre_self_attention_layer_norm/scale"),
        (ARRAYS, {"scan_layers": False}, " and 21 more\nleft over: decoder/layers/"),
        (
            ARRAYS,
            {"base_num_decoder_layers": 4},
            "self_attention/out/kernel (4, 3, 8, 32) instead of (4, 4, 8, 32)",
        ),
    ],
)
def test_a_checkpoint_of_another_model_is_refused_by_name(arrays, changed, sentence):
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        converted_weights(arrays, replace(CONFIG, **changed), "float32")


def test_bfloat16_is_rounded_once_from_float32():
    exact, rounded = (converted_weights(ARRAYS, CONFIG, dtype) for dtype in ("float32", "bfloat16"))
    assert all(torch.equal(rounded[name], weight.bfloat16()) for name, weight in exact.items())


def test_the_shape_of_tinymathreason_has_its_published_number_of_parameters():
    shape = MaxTextConfig(2048, 22, 16, 4, 5632, 128, 32_000, 4096, 10_000.0, 1e-5)
    model = empty_llama(shape, NoTokens(), "bfloat16")
    assert model.device.type == "meta"
    assert model.num_parameters() == 1_123_117_056
    assert from_config(model.config.to_dict()) == from_config(KNOWN["runs/tinymathreason-1b/pretrain"])


BASE_YAML = """
base_emb_dim: 2048
base_num_query_heads: 16
base_num_kv_heads: 16
base_mlp_dim: 7168
base_num_decoder_layers: 16
head_dim: 128
vocab_size: 32_000 # powers of 2 for sharding
max_target_length: 2048
rope_max_timescale: 10_000
normalization_layer_epsilon: 1.e-05
scan_layers: True
mlp_activations: ["silu", "linear"]
dtype: "bfloat16"
logical_axis_rules: [['norm', 'fsdp']]
"""
MODEL_YAML = "base_emb_dim: 32\nbase_num_kv_heads: 4\nnormalization_layer_epsilon: 3e-5\n"


def test_a_later_file_wins_over_an_earlier_one(tmp_path):
    (tmp_path / "base.yml").write_text(BASE_YAML)
    (tmp_path / "model.yml").write_text(MODEL_YAML)
    config = read_config([str(tmp_path / "base.yml"), str(tmp_path / "model.yml"), "{vocab_size: 416}"])
    assert (config.base_emb_dim, config.base_num_kv_heads, config.base_mlp_dim) == (32, 4, 7168)
    assert (config.vocab_size, config.normalization_layer_epsilon, config.rope_max_timescale) == (
        416,
        3e-5,
        1e4,
    )
    assert (config.scan_layers, config.logits_via_embedding) == (True, False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{decoder_block: gemma}", "decoder_block: gemma makes no Llama; only llama2 can be converted"),
        ("{mlp_activations: [gelu, linear]}", "makes no Llama; only ['silu', 'linear'] can be converted"),
        ("{attn_logits_soft_cap: 50}", "attn_logits_soft_cap: 50.0 makes no Llama"),
        ("{rope_linear_scaling_factor: 8}", "rope_linear_scaling_factor: 8.0 makes no Llama"),
        ("{rope_type: yarn}", "rope_type: unknown value 'yarn'; choose from default, llama3.1"),
        ("{param_scan_axis: 2}", "param_scan_axis: unknown value '2'; choose from 0, 1"),
        ("{vocab_size: many}", "vocab_size: many is not a whole number"),
    ],
)
def test_what_no_llama_computes_is_refused(text, sentence, tmp_path):
    (tmp_path / "base.yml").write_text(BASE_YAML)
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        read_config([str(tmp_path / "base.yml"), text])


def test_a_forgotten_file_is_an_error_that_names_its_keys(tmp_path):
    (tmp_path / "model.yml").write_text(MODEL_YAML)
    with pytest.raises(ConfigError, match=r"rope_max_timescale: is missing; give the run's base\.yml too"):
        read_config([str(tmp_path / "model.yml")])


def write_orbax(
    tensorstore, folder: Path, arrays: dict[str, np.ndarray], *, zarr3: bool, ocdbt: bool
) -> None:
    """The folder that Orbax 0.12 writes for a train state. Its optimizer is listed and not there: nobody may
    look for it.
    """
    folder.mkdir(parents=True)
    for name, array in arrays.items():
        path = f"params.params.{name.replace('/', '.')}/"
        base = {"driver": "file", "path": f"{folder}/"}
        place = (
            {"driver": "ocdbt", "base": base, "path": path} if ocdbt else {**base, "path": f"{folder}/{path}"}
        )
        spec = {"driver": "zarr3" if zarr3 else "zarr", "kvstore": place}
        store = tensorstore.open(spec, create=True, dtype=array.dtype, shape=array.shape).result()
        store.write(array).result()
    keys = [["params", "params", *name.split("/")] for name in arrays]
    keys += [["opt_state", "0", "mu", "params", *name.split("/")] for name in arrays] + [["step"]]
    entries = {
        str(tuple(path)): {
            "key_metadata": [{"key": key, "key_type": 2} for key in path],
            "value_metadata": {"value_type": "jax.Array", "skip_deserialize": False},
        }
        for path in keys
    }
    metadata = {"tree_metadata": entries, "use_zarr3": zarr3, "store_array_data_equal_to_fill_value": True}
    (folder / "_METADATA").write_text(json.dumps(metadata))


@pytest.mark.parametrize("zarr3", [True, False])
@pytest.mark.parametrize("ocdbt", [True, False])
def test_the_weights_of_a_checkpoint_come_back_and_nothing_else(zarr3, ocdbt, tmp_path, tensorstore):
    arrays = {name: ARRAYS[name] for name in (UP, "decoder/decoder_norm/scale")}
    write_orbax(tensorstore, tmp_path / "7/items", arrays, zarr3=zarr3, ocdbt=ocdbt)
    for folder in (tmp_path / "7", tmp_path / "7/items"):
        found = open_weights(folder)
        assert found.keys() == arrays.keys()
        assert all(np.array_equal(np.asarray(found[name]), array) for name, array in arrays.items())


def test_a_checkpoint_with_a_missing_piece_is_no_zeros(tmp_path, tensorstore):
    write_orbax(tensorstore, tmp_path / "items", ARRAYS, zarr3=True, ocdbt=False)
    embedding = tmp_path / "items/params.params.token_embedder.embedding"
    [piece] = (path for path in (embedding / "c").rglob("*") if path.is_file())
    piece.unlink()
    with pytest.raises(
        ConfigError, match=r"token_embedder/embedding: cannot be read .*copy the checkpoint again"
    ):
        converted_weights(open_weights(tmp_path), CONFIG, "float32")
    (embedding / "zarr.json").unlink()
    with pytest.raises(ConfigError, match=r"token_embedder.embedding: cannot be opened"):
        open_weights(tmp_path)


def test_a_folder_that_is_no_checkpoint_is_named(tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        open_weights(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match=r"no Orbax checkpoint, or none that is whole \(no _METADATA\)"):
        open_weights(tmp_path)
    for step in ("900", "1000"):
        (tmp_path / step / "items").mkdir(parents=True)
        (tmp_path / step / "items/_METADATA").write_text('{"tree_metadata": {}}')
    with pytest.raises(ConfigError, match=r"holds steps 900, 1000; choose one, as .*1000"):
        open_weights(tmp_path)
    with pytest.raises(ConfigError, match="holds nothing and no params"):
        open_weights(tmp_path / "900")


def test_without_tensorstore_the_command_that_installs_it_is_shown(tmp_path, monkeypatch):
    key = {"key_metadata": [{"key": "params"}, {"key": "x"}], "value_metadata": {}}
    (tmp_path / "_METADATA").write_text(json.dumps({"tree_metadata": {"x": key}}))
    monkeypatch.setitem(sys.modules, "tensorstore", None)
    with pytest.raises(
        ConfigError, match=re.escape("needs tensorstore to be read; pip install -e '.[maxtext]'")
    ):
        open_weights(tmp_path)


def run_script(monkeypatch: pytest.MonkeyPatch, *flags: object) -> None:
    monkeypatch.setattr(sys, "argv", ["convert_maxtext.py", *map(str, flags)])
    runpy.run_path(str(ROOT / "scripts/convert_maxtext.py"), run_name="__main__")


def test_the_script_converts_and_says_what_it_made(
    tmp_path, tokenizer_folder, tensorstore, monkeypatch, capsys
):
    config = VARIANTS["tied"]
    arrays = checkpoint(config)
    write_orbax(tensorstore, tmp_path / "5/items", arrays, zarr3=True, ocdbt=True)
    text = yaml.safe_dump({**vars(config), "dtype": "bfloat16", "learning_rate": 3e-4})
    (tmp_path / "run.yml").write_text(text)
    flags = ["--checkpoint", tmp_path / "5", "--tokenizer", tokenizer_folder, "--out", tmp_path / "out"]
    run_script(monkeypatch, "--config", tmp_path / "run.yml", *flags)
    output = capsys.readouterr().out
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    largest = max(weight.abs().max().item() for weight in model.parameters())
    assert f"{model.num_parameters():,} parameters, the largest is {largest:.4g}" in output
    assert "'2 + 2 =' goes on with " in output
    assert model.dtype == torch.float32  # MaxText's dtype is that of its activations
    logits = transformers_logits(model, IDS, POSITIONS)
    assert np.abs(logits - expected_logits(arrays, config)).max() < 1e-4


def test_the_script_does_not_pass_a_broken_model(tmp_path, tokenizer_folder, tensorstore, monkeypatch):
    arrays = {**ARRAYS, "decoder/decoder_norm/scale": np.full(32, np.nan, dtype=np.float32)}
    write_orbax(tensorstore, tmp_path / "items", arrays, zarr3=True, ocdbt=True)
    (tmp_path / "run.yml").write_text(yaml.safe_dump(vars(CONFIG)))
    flags = ["--checkpoint", tmp_path, "--tokenizer", tokenizer_folder, "--out", tmp_path / "out"]
    with pytest.raises(SystemExit, match="its logits are not finite; look for NaN in the checkpoint"):
        run_script(monkeypatch, *flags, "--dtype", "bfloat16", "--config", tmp_path / "run.yml")


def test_the_script_asks_for_the_config(monkeypatch):
    with pytest.raises(
        SystemExit, match="error: --config: is missing; give the YAML files of the MaxText run"
    ):
        run_script(monkeypatch, "--checkpoint", "x")
