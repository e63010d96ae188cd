"""Tokenizer and model: from a hub id, a local folder, an earlier stage's run folder, or from scratch.

Whatever the source, both come back speaking this project's ChatML: `<|im_end|>` ends a turn in the tokenizer,
the config and the generation config alike, and the pad token is another one (a pad that is also the end makes
a model that never stops).
"""

from typing import TYPE_CHECKING, Any

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments, choose
from tinyreason.hardware import attention, chosen_backend, device
from tinyreason.models.adapters import earlier_adapter, merged, new_adapter, quantization
from tinyreason.models.folders import (
    adapter_config,
    base_of,
    check_folder,
    check_weights,
    tokenizer_of,
    trained_with,
)

if TYPE_CHECKING:
    from peft import PeftModel
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
    source, revision = tokenizer_of(name, model_args.model_revision)
    tokenizer = AutoTokenizer.from_pretrained(source, revision=revision)
    missing = missing_tokens(tokenizer)
    if missing:
        raise ConfigError(f"tokenizer {name}: its vocabulary lacks {', '.join(missing)}; choose a ChatML one")
    tokenizer.eos_token, tokenizer.pad_token = chatml.END, chatml.PAD
    tokenizer.chat_template = chatml.chat_template(answer_format)
    return tokenizer


def missing_tokens(tokenizer: "PreTrainedTokenizerBase") -> list[str]:
    """The ChatML tokens that a vocabulary lacks."""
    vocabulary = tokenizer.get_vocab()
    return [token for token in (chatml.START, chatml.END, chatml.PAD) if token not in vocabulary]


def load_model(
    model_args: ModelArguments, tokenizer: "PreTrainedTokenizerBase", *, seed: int, trainable: bool = False
) -> "PreTrainedModel | PeftModel":
    """The causal language model with the tokenizer's end and pad tokens; `seed` draws new weights,
    those of adapters too.

    An adapter comes with the base it stands on. `trainable` makes what the recipe trains: with `use_peft` an
    earlier adapter to go on from, or a new one. What is only used is on the card where there is one.
    """
    if trainable and model_args.load_in_4bit and not model_args.use_peft:
        raise ConfigError("load_in_4bit: four-bit weights cannot be trained; give use_peft: true (QLoRA)")
    if trainable and chosen_backend(model_args.backend) == "unsloth":
        from tinyreason.models.with_unsloth import load_model_with_unsloth

        return speaking_chatml(load_model_with_unsloth(model_args, seed=seed), tokenizer)
    if model_args.architecture is not None:
        model, adapter = new_model(model_args, len(tokenizer), seed), None
    else:
        model, adapter = pretrained_model(model_args, tokenizer)
    rows = model.get_input_embeddings().num_embeddings
    if rows < len(tokenizer):
        raise ConfigError(
            f"{model_args.model_name_or_path}: {rows} embedding rows, but {len(tokenizer)} tokens; "
            "use the model's own tokenizer"
        )
    speaking_chatml(model, tokenizer)
    if trainable and model_args.load_in_4bit:
        from peft import prepare_model_for_kbit_training

        # norms and embeddings in float32; the trainer turns checkpointing on
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if adapter is not None:
        model = earlier_adapter(model, model_args, adapter, trainable=trainable)
    elif trainable and model_args.use_peft:
        model = new_adapter(model, model_args, seed=seed)
    # the trainer chooses the device of what it trains; four-bit weights are on theirs from the start
    return model if trainable or model_args.load_in_4bit else model.to(device())


def pretrained_model(
    model_args: ModelArguments, tokenizer: "PreTrainedTokenizerBase"
) -> "tuple[PreTrainedModel, dict[str, Any] | None]":
    """The weights that are in a folder or on the Hub, and the config of the adapter to put on them."""
    from transformers import AutoModelForCausalLM

    name, revision = model_args.model_name_or_path, model_args.model_revision
    check_folder(name)
    check_weights(name)
    adapter = adapter_config(name, revision)
    if adapter and model_args.merge_adapter:
        name, revision, adapter = merged(model_args, adapter, tokenizer), None, None
    elif adapter:
        name, revision = base_of(adapter)
        check_weights(name)
    elif model_args.merge_adapter:
        raise ConfigError(f"merge_adapter: {name} is no adapter; leave it out")
    model = AutoModelForCausalLM.from_pretrained(
        name,
        revision=revision,
        dtype=model_args.dtype,
        attn_implementation=attention(model_args.attn_implementation, model_args.dtype),
        quantization_config=quantization(model_args),
    )
    return model, adapter


def context_length(model_args: ModelArguments) -> int | None:
    """Positions that the model has, None where its config names no number."""
    from transformers import AutoConfig

    if model_args.architecture is not None:
        config = architecture_config(model_args.architecture, vocab_size=1)
    else:
        name, revision = model_args.model_name_or_path, model_args.model_revision
        check_folder(name)
        adapter = adapter_config(name, revision)
        if adapter:
            name, revision = base_of(adapter)
        config = AutoConfig.from_pretrained(name, revision=revision)
    return positions(config)


def positions(config: "PretrainedConfig") -> int | None:
    """Positions that a model of this config has, None where it names no number."""
    name = config.attribute_map.get("max_position_embeddings", "max_position_embeddings")
    return config.to_dict().get(name)


def as_trained(name: str, dtype: str, revision: str | None = None) -> ModelArguments:
    """How a model is loaded to be used: its base in four bits where its adapter was trained on four."""
    is_adapter = adapter_config(name, revision) is not None
    four_bit = is_adapter and trained_with(name, revision).get("load_in_4bit", False)
    return ModelArguments(
        model_name_or_path=name, model_revision=revision, dtype=dtype, load_in_4bit=four_bit
    )


def speaking_chatml(model: Any, tokenizer: "PreTrainedTokenizerBase") -> Any:
    """The model, whose generation ends and pads as the tokenizer does."""
    for config in (model.config, model.generation_config):
        config.eos_token_id, config.pad_token_id = tokenizer.eos_token_id, tokenizer.pad_token_id
        config.bos_token_id = tokenizer.bos_token_id
    return model


def new_model(model_args: ModelArguments, vocab_size: int, seed: int) -> "PreTrainedModel":
    """A model of random weights."""
    from transformers import AutoModelForCausalLM, set_seed

    set_seed(seed)
    return AutoModelForCausalLM.from_config(
        architecture_config(model_args.architecture, vocab_size),
        dtype=model_args.dtype,
        attn_implementation=attention(model_args.attn_implementation, model_args.dtype),
    )


def architecture_config(architecture: dict[str, Any], vocab_size: int) -> "PretrainedConfig":
    """The config of a new model; a key that its class does not know is an error."""
    from transformers import CONFIG_MAPPING

    config_class = choose(CONFIG_MAPPING, architecture["model_type"], what="architecture model_type")
    values = {key: value for key, value in architecture.items() if key != "model_type"}
    known = config_class().to_dict()
    for key in values:
        choose(known, key, what=f"architecture key for {architecture['model_type']}")
    return config_class(**values, vocab_size=vocab_size)
