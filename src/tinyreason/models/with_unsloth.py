"""Unsloth in place of Transformers and PEFT: the same adapters, its kernels. Needs an NVIDIA card."""

from typing import TYPE_CHECKING

from tinyreason.config import ConfigError, ModelArguments
from tinyreason.hardware import import_unsloth
from tinyreason.models.folders import adapter_config

if TYPE_CHECKING:
    from peft import PeftModel

CONTEXT = 4096  # tokens that its position table holds; longer rows make it grow


def load_model_with_unsloth(model_args: ModelArguments, *, seed: int) -> "PeftModel":
    """The model with new adapters, or with those it comes with.

    Raises ConfigError for what Unsloth is not used for here: full models, models from scratch, merging.
    """
    if model_args.architecture is not None or not model_args.use_peft or model_args.merge_adapter:
        raise ConfigError(
            "backend: unsloth loads a model by name for LoRA or QLoRA; give use_peft: true, or backend: "
            "transformers"
        )
    unsloth = import_unsloth()
    import torch

    dtypes = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
    name, revision = model_args.model_name_or_path, model_args.model_revision
    model, _ = unsloth.FastLanguageModel.from_pretrained(
        name,
        revision=revision,
        max_seq_length=CONTEXT,
        dtype=dtypes[model_args.dtype],
        load_in_4bit=model_args.load_in_4bit,
        random_state=seed,
    )
    if adapter_config(name, revision) is not None:
        return model
    return unsloth.FastLanguageModel.get_peft_model(
        model,
        r=model_args.lora_r,
        lora_alpha=model_args.lora_alpha,
        lora_dropout=model_args.lora_dropout,
        target_modules=model_args.lora_target_modules,
        random_state=seed,
    )
