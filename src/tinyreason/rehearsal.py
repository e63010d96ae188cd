"""A dry run: the recipe as it is, with flags on top that make it run on any CPU within a minute. The model is
two random layers of the same family, data and sizes are small, everything else is what will run on the card.
"""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinyreason import chatml
from tinyreason.config import ConfigError, CorpusArguments, ModelArguments, Source, parse_known
from tinyreason.corpus import Corpus, Seen, build_source
from tinyreason.models import load_model, load_tokenizer
from tinyreason.planner import PlanArguments, config_at_hand
from tinyreason.synthetic import textbook_problems

FOLDER = Path("runs/dry_run")
LAYERS = {
    "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 128, "max_position_embeddings": 1024, "tie_word_embeddings": True,
}  # fmt: skip
EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
SMALL = {
    "use_cpu": "true",
    "bf16": "false",
    "fp16": "false",
    "dtype": "float32",
    "attn_implementation": "sdpa",
    "backend": "transformers",
    "report_to": "none",
    "push_to_hub": "false",
    "resume_from_checkpoint": "never",
    "max_validation_rows": "4",
    "max_steps": "2",
    "logging_steps": "1",
    "save_steps": "1",
    "eval_steps": "1",
    "per_device_eval_batch_size": "2",
}
SMALL_OF = {
    "pretrain": {"per_device_train_batch_size": "2", "context_length": "64", "torch_compile": "false"},
    "sft": {"per_device_train_batch_size": "2", "max_length": "512", "max_rows": "24"},
    "rl": {
        "per_device_train_batch_size": "4",
        "max_completion_length": "16",
        "max_rows": "24",
        "use_vllm": "false",
    },
}


@dataclass
class DryRun:
    """The one key that decides."""

    dry_run: bool = False


def command_line(stage: str) -> list[str]:
    """The flags of this process; with `dry_run` the small settings too, where no flag says otherwise."""
    argv = sys.argv[1:]
    (asked,) = parse_known([DryRun], words_of(argv, "config") + words_of(argv, "dry_run"))
    if not asked.dry_run:
        return argv
    small = {key: value for key, value in small_settings(stage, argv).items() if not words_of(argv, key)}
    words = [word for key, value in small.items() for word in (f"--{key}", value)]
    print("dry run with", *words, flush=True)
    return argv + words


def words_of(argv: list[str], key: str) -> list[str]:
    """The flag --key with its values, [] where it is not given."""
    found: list[str] = []
    inside = False
    for word in argv:
        if word.startswith("--"):
            inside = word.partition("=")[0] == f"--{key}"
        if inside:
            found.append(word)
    return found


def small_settings(stage: str, argv: list[str]) -> dict[str, str]:
    """The flags of a dry run, as text."""
    file = words_of(argv, "config")
    if not file:
        raise ConfigError("dry_run: needs a recipe; give --config FILE")
    config = Path(file[-1].removeprefix("--config="))
    model_args, plan_args = parse_known([ModelArguments, PlanArguments], file)
    folder = FOLDER / config.parent.name / config.stem
    shutil.rmtree(folder, ignore_errors=True)
    small = {**SMALL, **SMALL_OF[stage]}
    small["gradient_accumulation_steps"] = str(min(plan_args.gradient_accumulation_steps, 2))
    small["output_dir"] = str(folder / "run")
    model = stand_in(model_args, folder / "model")
    if stage == "pretrain":
        return small | small_corpus(model, folder / "corpus", family_of(model_args))
    small |= {"model_name_or_path": str(model), "architecture": "null", "tokenizer_name_or_path": "null"}
    if stage == "rl" and plan_args.num_generations > 1:
        small["num_generations"] = "2"
    if plan_args.dataset != "synthetic" and not Path(plan_args.dataset).is_file():
        small["dataset"] = "synthetic"
    return small


def small_corpus(tokenizer: Path, folder: Path, family: str) -> dict[str, str]:
    """A corpus of 100 problems, and the flags that pretrain random layers of the family on it."""
    from transformers import AutoTokenizer

    source = Source(dataset="synthetic", max_documents=100)
    corpus = Corpus(
        CorpusArguments({"synthetic": source}),
        AutoTokenizer.from_pretrained(tokenizer),
        held_out={},
        seen=Seen(),
        save_tokens=2**20,
    )
    build_source(corpus, source, folder / "synthetic")
    return {
        "corpus": str(folder),
        "mixture": "{synthetic: 1}",
        "architecture": json.dumps(layers_of(family)),
        "model_name_or_path": "null",
        "tokenizer_name_or_path": str(tokenizer),
    }


def stand_in(model_args: ModelArguments, folder: Path) -> Path:
    """A saved model of two random layers, of the family that the recipe names, with the recipe's tokenizer
    where it is on disk, else one of our own.
    """
    from tinyreason.tokenizer import train_tokenizer

    name = model_args.tokenizer_name_or_path or model_args.model_name_or_path
    if not tokenizer_on_disk(name):
        texts = [chatml.render_conversation(row) for row in textbook_problems("validation", seed=0)]
        train_tokenizer(texts, 400).save_pretrained(folder)
        name = str(folder)
    scratch = ModelArguments(architecture=layers_of(family_of(model_args)), tokenizer_name_or_path=name)
    tokenizer = load_tokenizer(scratch, "boxed")
    load_model(scratch, tokenizer, seed=0).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def layers_of(family: str) -> dict[str, Any]:
    """The architecture of two small layers."""
    return {"model_type": family, **LAYERS, **(EXPERTS if family.endswith("_moe") else {})}


def tokenizer_on_disk(name: str) -> bool:
    """In a folder, or in the cache of what was downloaded."""
    from huggingface_hub import try_to_load_from_cache

    if Path(name).is_dir():
        return (Path(name) / "tokenizer_config.json").is_file()
    if len(Path(name).parts) > 2:  # a run folder that is not there yet
        return False
    return isinstance(try_to_load_from_cache(name, "tokenizer_config.json"), str)


def family_of(model_args: ModelArguments) -> str:
    """The model type in the recipe, of a known model, or of a folder; qwen2 where none of these says it."""
    config = model_args.architecture or config_at_hand(model_args.model_name_or_path)
    return config["model_type"] if config else "qwen2"
