"""Tokenizers and models, and where they come from. `folders.py` looks into a folder, `adapters.py` is LoRA
and QLoRA, `loading.py` puts them together, `native.py` is for a model as its makers prompt it.
"""

from tinyreason.models.adapters import MERGED_FROM, adapters_in_float32, merge, merged_from, trainable_share
from tinyreason.models.folders import (
    ADAPTER,
    adapter_config,
    check_folder,
    each_stage_before,
    identity,
    looks_local,
    model_file,
    own_identity,
    run_of,
    seen_from,
    stages_before,
    trained_with,
    weights_fault,
)
from tinyreason.models.loading import (
    as_trained,
    context_length,
    load_model,
    load_tokenizer,
    missing_tokens,
    positions,
    speaking_chatml,
)
from tinyreason.models.native import native_ends, native_tokenizer

__all__ = [
    "ADAPTER",
    "MERGED_FROM",
    "adapter_config",
    "adapters_in_float32",
    "as_trained",
    "check_folder",
    "context_length",
    "each_stage_before",
    "identity",
    "load_model",
    "load_tokenizer",
    "looks_local",
    "merge",
    "merged_from",
    "missing_tokens",
    "model_file",
    "native_ends",
    "native_tokenizer",
    "own_identity",
    "positions",
    "run_of",
    "seen_from",
    "speaking_chatml",
    "stages_before",
    "trainable_share",
    "trained_with",
    "weights_fault",
]
