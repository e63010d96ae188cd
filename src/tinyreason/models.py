"""Tokenizer and model: from a hub id, a local folder, an earlier stage's run folder, or from scratch.

Whatever the source, both come back speaking this project's ChatML: `<|im_end|>` ends a turn in the tokenizer,
the config and the generation config alike, and the pad token is another one (a pad that is also the end makes
a model that never stops).
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments, choose

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerBase


def load_tokenizer(
    model_args: ModelArguments, answer_format: chatml.AnswerFormat
) -> "PreTrainedTokenizerBase":
    """The tokenizer with our chat template, `<|im_end|>` as its end and `<|endoftext|>` as its padding.

    Raises ConfigError where the vocabulary lacks one of the ChatML tokens: new rows would have to be trained
    for them.
    """
    from transformers import AutoTokenizer

    name = model_args.tokenizer_name_or_path or model_args.model_name_or_path
    if name is None:
        raise ConfigError("architecture: a model from scratch needs tokenizer_name_or_path as well")
    check_folder(name)
    tokenizer = AutoTokenizer.from_pretrained(name, revision=model_args.model_revision)
    missing = [
        token for token in (chatml.START, chatml.END, chatml.PAD) if token not in tokenizer.get_vocab()
    ]
    if missing:
        raise ConfigError(f"tokenizer {name}: its vocabulary lacks {', '.join(missing)}; choose a ChatML one")
    tokenizer.eos_token, tokenizer.pad_token = chatml.END, chatml.PAD
    tokenizer.chat_template = chatml.chat_template(answer_format)
    return tokenizer


def load_model(
    model_args: ModelArguments, tokenizer: "PreTrainedTokenizerBase", *, seed: int
) -> "PreTrainedModel":
    """The causal language model with the tokenizer's end and pad tokens; `seed` draws new weights."""
    from transformers import AutoModelForCausalLM, set_seed

    if model_args.architecture is not None:
        set_seed(seed)
        model = AutoModelForCausalLM.from_config(
            architecture_config(model_args.architecture, len(tokenizer)),
            dtype=model_args.dtype,
            attn_implementation=model_args.attn_implementation,
        )
    else:
        check_folder(model_args.model_name_or_path)
        check_weights(model_args.model_name_or_path)
        model = AutoModelForCausalLM.from_pretrained(
            model_args.model_name_or_path,
            revision=model_args.model_revision,
            dtype=model_args.dtype,
            attn_implementation=model_args.attn_implementation,
        )
    rows = model.get_input_embeddings().num_embeddings
    if rows < len(tokenizer):
        raise ConfigError(
            f"{model_args.model_name_or_path}: {rows} embedding rows, but {len(tokenizer)} tokens; "
            "use the model's own tokenizer"
        )
    for config in (model.config, model.generation_config):
        config.eos_token_id, config.pad_token_id = tokenizer.eos_token_id, tokenizer.pad_token_id
        config.bos_token_id = tokenizer.bos_token_id
    return model


def architecture_config(architecture: dict[str, Any], vocab_size: int) -> "PretrainedConfig":
    """The config of a new model; a key that its class does not know is an error."""
    from transformers import CONFIG_MAPPING

    config_class = choose(CONFIG_MAPPING, architecture["model_type"], what="architecture model_type")
    values = {key: value for key, value in architecture.items() if key != "model_type"}
    known = config_class().to_dict()
    for key in values:
        choose(known, key, what=f"architecture key for {architecture['model_type']}")
    return config_class(**values, vocab_size=vocab_size)


def check_folder(name: str) -> None:
    """Raises ConfigError for a local path without a model, before it is taken for a hub id."""
    path = Path(name)
    looks_local = path.is_absolute() or name.startswith((".", "~")) or path.exists() or len(path.parts) > 2
    looks_local = looks_local or path.parts[0] == "runs"
    if looks_local and not path.is_dir():
        raise ConfigError(
            f"{name}: no such folder; train it first, or give a hub id such as Qwen/Qwen2.5-0.5B"
        )
    if looks_local and not any((path / file).is_file() for file in ("config.json", "tokenizer_config.json")):
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
    return None if weights else "model.safetensors is missing"


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
