"""A MaxText Llama as a Hugging Face Llama: the same function, so the same logits at every position.

MaxText (AI-Hypercomputer/maxtext, read at 0.1.0, 0.2.0 and 0.2.5; paths are those under src/maxtext) and
Transformers differ in four ways, and shapes show none of the last three:

- A kernel is (in, out) with heads and channels apart: query (hidden, heads, head_dim), out (heads, head_dim,
  hidden). Scanned layers are stacked on `param_scan_axis`, by default the second axis (layers/nnx_scan.py,
  create_scanned_layers).
- Attention scores are not divided by sqrt(head_dim) when the model runs; the query kernel is born smaller
  instead (layers/attentions.py, Attention.init_query_w). Transformers divides, so the query is multiplied.
- `rope_type: default` turns channel i against channel i + head_dim / 2, as Transformers does: nothing is
  permuted. `llama3.1` turns 2i against 2i + 1 (layers/embeddings.py, RotaryEmbedding, LLaMARotaryEmbedding),
  so the even channels of query and key come before the odd ones.
- With tied embeddings, `normalize_embedding_logits` divides the logits by sqrt(hidden)
  (layers/nnx_decoders.py, NNXDecoder.apply_output_head). The final norm takes the divisor in: the embedding
  cannot, it is the input too.

The rest agrees: a norm's scale is the whole factor (no 1 +), `wi_0` is the gate and `wi_1` the up projection,
query head n reads key head n // (heads / key heads).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tinyreason.config import ConfigError
from tinyreason.models.folders import check_folder
from tinyreason.models.loading import architecture_config, speaking_chatml
from tinyreason.models.maxtext_files import MaxTextConfig

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

PROMPT = "2 + 2 ="
SHOWN = 6  # names in an error, of the hundreds that a wrong config makes


@dataclass(frozen=True)
class Parameter:
    """One array of a checkpoint and the weights that it becomes: one, or one for each of the stacked layers.

    The first `inputs` axes of a layer's kernel are multiplied with the input; 0 for what is taken as it is.
    """

    shape: tuple[int, ...]
    inputs: int
    weights: list[str]
    layer_axis: int | None = None


@dataclass(frozen=True)
class Examined:
    """What a converted model says of itself. `largest` is the largest absolute weight."""

    parameters: int
    largest: float
    finite: bool
    next_token: str


def save_llama(
    arrays: Mapping[str, Any], config: MaxTextConfig, tokenizer: str, out: Path, dtype: str
) -> None:
    """Writes the model and its tokenizer to `out`, the weights in `dtype` (float32 or bfloat16).

    The embedding keeps every row of the checkpoint, those that pad the vocabulary too.
    """
    if (out / "config.json").is_file():
        raise ConfigError(f"{out}: holds a model already; choose another folder")
    loaded = tokenizer_for(tokenizer, config.vocab_size)
    weights = converted_weights(arrays, config, dtype)
    if config.logits_via_embedding:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    model = empty_llama(config, loaded, dtype)
    model.load_state_dict(weights, assign=True)
    model.tie_weights()
    model.save_pretrained(out)
    loaded.save_pretrained(out)


def tokenizer_for(name: str, rows: int) -> "PreTrainedTokenizerBase":
    """The tokenizer; ConfigError where it has no end token or an id that the embedding has no row for."""
    from transformers import AutoTokenizer

    check_folder(name)
    tokenizer = AutoTokenizer.from_pretrained(name)
    highest = max(tokenizer.get_vocab().values())
    if highest >= rows:
        raise ConfigError(
            f"{name}: has the id {highest}, but vocab_size is {rows}; give the model's own tokenizer"
        )
    if tokenizer.eos_token_id is None:
        raise ConfigError(f"{name}: has no end token, so generation would not end; set its eos_token")
    return tokenizer


def empty_llama(config: MaxTextConfig, tokenizer: "PreTrainedTokenizerBase", dtype: str) -> "PreTrainedModel":
    """The Llama without memory for its weights. Its bos, end and pad are the tokenizer's: LlamaConfig's own
    defaults, 1 and 2, are some other token in most vocabularies.
    """
    import torch
    from transformers import AutoModelForCausalLM

    architecture = {
        "model_type": "llama",
        "hidden_size": config.base_emb_dim,
        "num_hidden_layers": config.base_num_decoder_layers,
        "num_attention_heads": config.base_num_query_heads,
        "num_key_value_heads": config.base_num_kv_heads,
        "head_dim": config.head_dim,
        "intermediate_size": config.base_mlp_dim,
        "max_position_embeddings": config.max_target_length,
        "rms_norm_eps": config.normalization_layer_epsilon,
        "rope_parameters": config.rope_parameters(),
        "tie_word_embeddings": config.logits_via_embedding,
    }
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(
            architecture_config(architecture, config.vocab_size), dtype=dtype
        )
    return speaking_chatml(model, tokenizer)


def parameters(config: MaxTextConfig) -> dict[str, Parameter]:
    """Every array that a checkpoint of this model holds, by its path under `params` (models/llama2.py)."""
    hidden, rows, channels = config.base_emb_dim, config.vocab_size, config.head_dim
    heads, key_heads, wide = config.base_num_query_heads, config.base_num_kv_heads, config.base_mlp_dim
    layer = {
        "pre_self_attention_layer_norm/scale": ("input_layernorm", (hidden,), 0),
        "self_attention/query/kernel": ("self_attn.q_proj", (hidden, heads, channels), 1),
        "self_attention/key/kernel": ("self_attn.k_proj", (hidden, key_heads, channels), 1),
        "self_attention/value/kernel": ("self_attn.v_proj", (hidden, key_heads, channels), 1),
        "self_attention/out/kernel": ("self_attn.o_proj", (heads, channels, hidden), 2),
        "post_self_attention_layer_norm/scale": ("post_attention_layernorm", (hidden,), 0),
        "mlp/wi_0/kernel": ("mlp.gate_proj", (hidden, wide), 1),
        "mlp/wi_1/kernel": ("mlp.up_proj", (hidden, wide), 1),
        "mlp/wo/kernel": ("mlp.down_proj", (wide, hidden), 1),
    }
    found = {
        "token_embedder/embedding": Parameter((rows, hidden), 0, ["model.embed_tokens.weight"]),
        "decoder/decoder_norm/scale": Parameter((hidden,), 0, ["model.norm.weight"]),
    }
    if not config.logits_via_embedding:
        found["decoder/logits_dense/kernel"] = Parameter((hidden, rows), 1, ["lm_head.weight"])
    numbers, axis = range(config.base_num_decoder_layers), config.param_scan_axis
    for path, (name, shape, inputs) in layer.items():
        weights = [f"model.layers.{number}.{name}.weight" for number in numbers]
        if config.scan_layers:
            stacked = (*shape[:axis], len(numbers), *shape[axis:])
            found[f"decoder/layers/{path}"] = Parameter(stacked, inputs, weights, axis)
        else:
            for number, weight in zip(numbers, weights, strict=True):
                found[f"decoder/layers_{number}/{path}"] = Parameter(shape, inputs, [weight])
    return found


def check_arrays(arrays: Mapping[str, Any], known: dict[str, Parameter]) -> None:
    """ConfigError for parameters that are missing, left over or of another shape, by name."""
    shapes = {path: tuple(array.shape) for path, array in arrays.items()}
    faults = {
        "missing": [path for path in known if path not in shapes],
        "left over": [path for path in shapes if path not in known],
        "of another shape": [
            f"{path} {shapes[path]} instead of {parameter.shape}"
            for path, parameter in known.items()
            if path in shapes and shapes[path] != parameter.shape
        ],
    }
    lines = [
        f"{fault}: {', '.join(names[:SHOWN])}" + (f" and {len(names) - SHOWN} more" if names[SHOWN:] else "")
        for fault, names in faults.items()
        if names
    ]
    if lines:
        fix = "give the config of that run: its sizes, scan_layers, logits_via_embedding"
        raise ConfigError("\n".join(["the checkpoint is of another model than the config", *lines, fix]))


def converted_weights(arrays: Mapping[str, Any], config: MaxTextConfig, dtype: str) -> dict[str, "Tensor"]:
    """The state dict of Transformers' Llama, projections (out, in). `arrays` are NumPy's or those of
    open_weights; each is read when its turn comes and worked on in float32.
    """
    import torch

    known, kept = parameters(config), {"float32": torch.float32, "bfloat16": torch.bfloat16}[dtype]
    check_arrays(arrays, known)
    state = {}
    for path, parameter in known.items():
        try:
            array = np.asarray(arrays[path]).astype(np.float32)
        except ValueError as error:
            raise ConfigError(f"{path}: cannot be read ({error}); copy the checkpoint again") from error
        array = as_transformers_computes(path, array, config)
        layers = [array] if parameter.layer_axis is None else np.moveaxis(array, parameter.layer_axis, 0)
        for weight, layer in zip(parameter.weights, layers, strict=True):
            if parameter.inputs:
                layer = layer.reshape(math.prod(layer.shape[: parameter.inputs]), -1).T
            state[weight] = torch.from_numpy(np.array(layer, order="C")).to(kept)
    return state


def as_transformers_computes(path: str, array: np.ndarray, config: MaxTextConfig) -> np.ndarray:
    """The array, rescaled and its last axis (head_dim) reordered for the reasons at the top of this file."""
    if path.endswith("query/kernel"):
        array = array * np.float32(math.sqrt(config.head_dim))
    if path.endswith(("query/kernel", "key/kernel")) and config.rotates_neighbours:
        array = np.concatenate([array[..., 0::2], array[..., 1::2]], axis=-1)
    if (
        path.endswith("decoder_norm/scale")
        and config.logits_via_embedding
        and config.normalize_embedding_logits
    ):
        array = array / np.float32(math.sqrt(config.base_emb_dim))
    return array


def examine(folder: Path) -> Examined:
    """Loads a model as any user would and runs it once, on a prompt that a trained one continues with 4."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        logits = model(input_ids=tokenizer(PROMPT, return_tensors="pt").input_ids).logits[0]
    return Examined(
        parameters=model.num_parameters(),
        largest=max(weight.abs().max().item() for weight in model.parameters()),
        finite=bool(logits.isfinite().all()),
        next_token=tokenizer.decode(logits[-1].argmax()),
    )
