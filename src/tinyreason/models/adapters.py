"""LoRA and QLoRA: adapters that are new, trained on, or merged into the base they were trained on.

Adapter weights are float32 everywhere: in 16 bits the updates of an RL learning rate are lost in the rounding
of a weight, and float16 training cannot unscale their gradients.
"""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinyreason.config import ConfigError, ModelArguments
from tinyreason.models.folders import check_weights, model_file, trained_with

if TYPE_CHECKING:
    from peft import PeftModel
    from torch import nn
    from transformers import BitsAndBytesConfig, PreTrainedModel, PreTrainedTokenizerBase

WEIGHTS, MERGED_FROM = "adapter_model.safetensors", "merged_from.json"


def quantization(model_args: ModelArguments) -> "BitsAndBytesConfig | None":
    """NF4 with double quantisation, computed in the recipe's dtype (Dettmers et al. 2023, arXiv 2305.14314);
    None where the weights stay as they are.
    """
    if not model_args.load_in_4bit:
        return None
    try:
        from bitsandbytes.nn import modules
    except ImportError as error:
        raise ConfigError("load_in_4bit: needs bitsandbytes; pip install -e '.[qlora]'") from error
    from transformers import BitsAndBytesConfig

    # on a CPU with AVX512-BF16 its evaluation kernel repacks the weights in place, and training goes on with
    # wrong gradients and without a word
    modules.has_avx512bf16 = lambda: False
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=model_args.dtype,
    )


def new_adapter(model: "PreTrainedModel", model_args: ModelArguments, *, seed: int) -> "PeftModel":
    """The model with fresh LoRA adapters, which change nothing before the first step."""
    from transformers import set_seed

    peft = import_peft()
    set_seed(seed)
    config = peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=model_args.lora_r,
        lora_alpha=model_args.lora_alpha,
        lora_dropout=model_args.lora_dropout,
        target_modules=model_args.lora_target_modules,
    )
    try:
        return peft.get_peft_model(model, config, revision=model.config._commit_hash)
    except ValueError as error:
        raise ConfigError(f"lora_target_modules: {error}") from error


def earlier_adapter(
    model: "PreTrainedModel",
    model_args: ModelArguments,
    config: dict[str, Any],
    *,
    trainable: bool,
) -> "PeftModel":
    """The base `model` with the adapter of `model_name_or_path`, to go on from or to use."""
    name, revision = model_args.model_name_or_path, model_args.model_revision
    if trainable:
        check_same_adapter(model_args, config)
    return import_peft().PeftModel.from_pretrained(model, name, revision=revision, is_trainable=trainable)


def check_same_adapter(model_args: ModelArguments, config: dict[str, Any]) -> None:
    """Raises ConfigError where the recipe asks for another adapter than the one that it trains on."""
    name = model_args.model_name_or_path
    if not model_args.use_peft:
        raise ConfigError(
            f"{name}: is an adapter; give use_peft: true to train it on, or merge_adapter: true"
        )
    four_bit = trained_with(name, model_args.model_revision).get("load_in_4bit", model_args.load_in_4bit)
    found = {
        "lora_r": (model_args.lora_r, config["r"]),
        "lora_alpha": (model_args.lora_alpha, config["lora_alpha"]),
        "lora_target_modules": (sorted(model_args.lora_target_modules), sorted(config["target_modules"])),
        "load_in_4bit": (model_args.load_in_4bit, four_bit),
    }
    for key, (wanted, trained) in found.items():
        if wanted != trained:
            raise ConfigError(
                f"{key}: {wanted}, but the adapter in {name} was trained with {trained}; give that, or "
                "merge_adapter: true for a new adapter on the merged model"
            )


def merged(model_args: ModelArguments, config: dict[str, Any], tokenizer: "PreTrainedTokenizerBase") -> str:
    """The folder of the whole model that base and adapter make together, written where it is not there yet:
    `merged/` in the adapter's folder, runs/merged/ for one from the Hub.

    What was trained on four bits is merged into the base as those four bits have it, which is what the
    adapter was trained on; the original weights would differ by the error of the quantisation.
    """
    from accelerate import PartialState

    name, revision = model_args.model_name_or_path, model_args.model_revision
    folder = Path(name) / "merged" if Path(name).is_dir() else Path("runs/merged") / name.replace("/", "--")
    four_bit = bool(trained_with(name, revision).get("load_in_4bit", False))
    origin = merged_from(model_args, config, four_bit=four_bit)
    mark = folder / MERGED_FROM
    with PartialState().local_main_process_first():
        if not mark.is_file() or json.loads(mark.read_text()) != origin:
            mark.unlink(missing_ok=True)
            model = merge(model_args, config, four_bit=four_bit)
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            mark.write_text(json.dumps(origin, indent=2) + "\n")
    check_weights(str(folder))
    return str(folder)


def merged_from(model_args: ModelArguments, config: dict[str, Any], *, four_bit: bool) -> dict[str, Any]:
    """What a merged model is made of: another adapter, base or type makes another one."""
    weights = model_file(model_args.model_name_or_path, WEIGHTS, model_args.model_revision)
    return {
        "adapter": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "base": config["base_model_name_or_path"],
        "base_revision": config.get("revision"),
        "dtype": model_args.dtype,
        "dequantized": four_bit,
    }


def merge(model_args: ModelArguments, config: dict[str, Any], *, four_bit: bool) -> "PreTrainedModel":
    """Base and adapter as one model, on the base as four bits have it or as it was before."""
    from dataclasses import replace

    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(
        config["base_model_name_or_path"],
        revision=config.get("revision"),
        dtype=model_args.dtype,
        quantization_config=quantization(replace(model_args, load_in_4bit=four_bit)),
    )
    if four_bit:
        base = base.dequantize()
    peft_model = import_peft().PeftModel.from_pretrained(
        base, model_args.model_name_or_path, revision=model_args.model_revision
    )
    return peft_model.merge_and_unload(safe_merge=True)


def adapters_in_float32(model: "nn.Module") -> None:
    """Undoes TRL's cast of a quantised model's adapters to bfloat16; before the optimizer is made."""
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and "lora_" in name:
            parameter.data = parameter.data.float()


def trainable_share(model: "nn.Module") -> str:
    """Such as "18,464,768 of 1,562,179,072 parameters are trained (1.18 %)", packed ones unpacked."""
    trained, total = 0, 0
    for parameter in model.parameters():
        count = parameter.numel()
        if parameter.__class__.__name__ == "Params4bit":
            count *= 2  # two weights a byte
        total += count
        trained += count if parameter.requires_grad else 0
    return f"{trained:,} of {total:,} parameters are trained ({trained / total:.2%})"


def import_peft() -> Any:
    """The peft package; ConfigError where it is not installed."""
    try:
        import peft
    except ImportError as error:
        raise ConfigError("use_peft: needs peft; pip install -e '.[qlora]'") from error
    return peft
