"""Tokenizers and models, and where they come from. `folders.py` looks into a folder, `adapters.py` is LoRA
and QLoRA, `loading.py` puts them together.
"""

from tinyreason.models.adapters import adapters_in_float32, trainable_share
from tinyreason.models.folders import ADAPTER, trained_with, weights_fault
from tinyreason.models.loading import as_trained, context_length, load_model, load_tokenizer

__all__ = [
    "ADAPTER",
    "adapters_in_float32",
    "as_trained",
    "context_length",
    "load_model",
    "load_tokenizer",
    "trainable_share",
    "trained_with",
    "weights_fault",
]
