"""The shapes of the models that the recipes name, as their published config.json have them, and the number of
weights that follows from a shape.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinyreason.config import PROJECTIONS, ConfigError
from tinyreason.models import check_folder

# config.json of the four models, and of the 1B model that is trained from scratch
KNOWN: dict[str, dict[str, Any]] = {
    "Qwen/Qwen2.5-0.5B-Instruct": {
        "model_type": "qwen2", "hidden_size": 896, "num_hidden_layers": 24, "num_attention_heads": 14,
        "num_key_value_heads": 2, "intermediate_size": 4864, "vocab_size": 151_936,
        "max_position_embeddings": 32_768, "tie_word_embeddings": True,
    },
    "HuggingFaceTB/SmolLM2-360M-Instruct": {
        "model_type": "llama", "hidden_size": 960, "num_hidden_layers": 32, "num_attention_heads": 15,
        "num_key_value_heads": 5, "intermediate_size": 2560, "vocab_size": 49_152,
        "max_position_embeddings": 8192, "tie_word_embeddings": True,
    },
    "Qwen/Qwen2.5-1.5B-Instruct": {
        "model_type": "qwen2", "hidden_size": 1536, "num_hidden_layers": 28, "num_attention_heads": 12,
        "num_key_value_heads": 2, "intermediate_size": 8960, "vocab_size": 151_936,
        "max_position_embeddings": 32_768, "tie_word_embeddings": True,
    },
    "Qwen/Qwen2.5-Math-1.5B-Instruct": {
        "model_type": "qwen2", "hidden_size": 1536, "num_hidden_layers": 28, "num_attention_heads": 12,
        "num_key_value_heads": 2, "intermediate_size": 8960, "vocab_size": 151_936,
        "max_position_embeddings": 4096, "tie_word_embeddings": True,
    },
    "runs/tinymathreason-1b/pretrain": {
        "model_type": "llama", "hidden_size": 2048, "num_hidden_layers": 22, "num_attention_heads": 16,
        "num_key_value_heads": 4, "intermediate_size": 5632, "vocab_size": 32_000,
        "max_position_embeddings": 4096, "tie_word_embeddings": False,
    },
}  # fmt: skip
# the run folders that the recipes of a second stage start from
KNOWN["runs/qwen2.5-math-1.5b-instruct/sft"] = KNOWN["Qwen/Qwen2.5-Math-1.5B-Instruct"]
KNOWN["runs/tinymathreason-1b/sft"] = KNOWN["runs/tinymathreason-1b/pretrain"]
# families with one SwiGLU block a layer, and whether q, k and v have biases, and q and k a norm
FAMILIES = {"qwen2": (True, False), "llama": (False, False), "qwen3": (False, True)}


@dataclass(frozen=True)
class Architecture:
    """A decoder of `layers` equal blocks: grouped-query attention and a SwiGLU feed-forward. All sizes are
    numbers of weights or channels.
    """

    family: str
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    feed_forward: int
    vocabulary: int
    context: int
    tied: bool

    @property
    def query(self) -> int:
        """Channels of all query heads."""
        return self.heads * self.head_dim

    @property
    def key(self) -> int:
        """Channels of all key heads, and of all value heads."""
        return self.kv_heads * self.head_dim

    def shape(self, projection: str) -> tuple[int, int]:
        """(in, out) of one of PROJECTIONS."""
        shapes = {
            "q_proj": (self.hidden, self.query),
            "k_proj": (self.hidden, self.key),
            "v_proj": (self.hidden, self.key),
            "o_proj": (self.query, self.hidden),
            "gate_proj": (self.hidden, self.feed_forward),
            "up_proj": (self.hidden, self.feed_forward),
            "down_proj": (self.feed_forward, self.hidden),
        }
        return shapes[projection]

    def linear_weights(self) -> int:
        """Of the projections of all layers: what is quantised."""
        return self.layers * sum(rows * columns for rows, columns in map(self.shape, PROJECTIONS))

    def embedding_weights(self) -> int:
        """Of the input embedding, and of the output one where it is another."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2)

    def other_weights(self) -> int:
        """Norms and biases."""
        biases, head_norms = FAMILIES[self.family]
        per_layer = 2 * self.hidden + biases * (self.query + 2 * self.key) + head_norms * 2 * self.head_dim
        return self.layers * per_layer + self.hidden

    def parameters(self) -> int:
        """All weights."""
        return self.linear_weights() + self.embedding_weights() + self.other_weights()

    def adapter_parameters(self, rank: int, projections: list[str]) -> int:
        """LoRA: rank x (in + out) for each projection of each layer (Hu et al. 2021, arXiv 2106.09685)."""
        return self.layers * rank * sum(sum(self.shape(projection)) for projection in projections)


def from_config(config: Mapping[str, Any]) -> Architecture:
    """The shape in a config.json. Raises ConfigError for a family whose shape is not known here."""
    family = config["model_type"]
    if family not in FAMILIES:
        raise ConfigError(f"model_type: the planner knows {', '.join(FAMILIES)}, not {family}")
    heads = config["num_attention_heads"]
    return Architecture(
        family=family,
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        head_dim=config.get("head_dim") or config["hidden_size"] // heads,
        feed_forward=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        context=config["max_position_embeddings"],
        tied=config.get("tie_word_embeddings", False),
    )


def architecture_of(name: str | None, scratch: Mapping[str, Any] | None, vocabulary: int) -> Architecture:
    """The shape of a model: from the recipe (`scratch`, with so many tokens), from what is known here, from a
    folder, or from the Hub. Raises ConfigError where it is in none of these.
    """
    if scratch is not None:
        return from_config({"vocab_size": vocabulary, **scratch})
    config = config_at_hand(name)
    if config is None:
        check_folder(name)
        from transformers import AutoConfig

        try:
            config = AutoConfig.from_pretrained(name).to_dict()
        except OSError as error:
            raise ConfigError(f"model_name_or_path: {name}: {str(error).splitlines()[0]}") from error
    return from_config(config)


def config_at_hand(name: str) -> Mapping[str, Any] | None:
    """Of a model in a folder (of an adapter, its base) or of KNOWN; None where it is only on the Hub."""
    adapter = Path(name) / "adapter_config.json"
    if adapter.is_file():
        return config_at_hand(json.loads(adapter.read_text())["base_model_name_or_path"])
    path = Path(name) / "config.json"
    return json.loads(path.read_text()) if path.is_file() else KNOWN.get(name)
