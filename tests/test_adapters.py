"""LoRA and QLoRA, really trained: four bits on the CPU, evaluation in between, saved, loaded, merged, trained
on.
"""

import json
import shutil
import sys
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from conftest import CPU, SHARED, run_recipe
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, Qwen2Config
from trl import SFTConfig, SFTTrainer

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments, write_recipe
from tinyreason.data import tokenize_solutions
from tinyreason.models import adapters_in_float32, as_trained, load_model, load_tokenizer, trainable_share
from tinyreason.models.adapters import new_adapter
from tinyreason.synthetic import textbook_problems

pytest.importorskip("peft")
pytest.importorskip("bitsandbytes")

TINY = {
    "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 128, "max_position_embeddings": 512, "tie_word_embeddings": True,
}  # fmt: skip
STORIES = SHARED / "models" / "stories260K"
QWEN_TOKENIZER = SHARED / "tokenizers" / "qwen2.5"
STORIES_THERE = pytest.mark.skipif(not STORIES.is_dir(), reason="needs the real model")
# with biases, as Qwen2.5 has them, and without: four-bit layers of the two kinds fail differently; and a
# model that somebody has trained
BASES = ["qwen2", "llama", pytest.param("stories260K", marks=STORIES_THERE)]


@pytest.fixture(scope="module", params=BASES)
def base(request: pytest.FixtureRequest, tokenizer_folder: Path, tmp_path_factory: Any) -> Path:
    """A model to put adapters on, spread wider than a fresh one, so that four bits make a difference."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "stories260K":
        shutil.copytree(STORIES, folder, dirs_exist_ok=True)
        AutoTokenizer.from_pretrained(tokenizer_folder).save_pretrained(
            folder
        )  # in place of one without ChatML
        return folder
    args = ModelArguments(
        architecture={"model_type": request.param, **TINY}, tokenizer_name_or_path=str(tokenizer_folder)
    )
    tokenizer = load_tokenizer(args, "boxed")
    model = load_model(args, tokenizer, seed=1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3.0 if parameter.dim() > 1 else 1.0)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def qlora(folder: Path, **changed: Any) -> ModelArguments:
    values = {"use_peft": True, "load_in_4bit": True, "lora_r": 4, **changed}
    return ModelArguments(model_name_or_path=str(folder), **values)


def trained(args: ModelArguments, output: Path, **settings: Any) -> SFTTrainer:
    """Six steps of SFT, saved as a run folder."""
    tokenizer = load_tokenizer(args, "boxed")
    columns = tokenize_solutions(textbook_problems("validation", seed=0)[:24], tokenizer, "boxed")
    training = SFTConfig(
        output_dir=str(output),
        use_cpu=True,
        bf16=False,
        max_steps=6,
        per_device_train_batch_size=4,
        learning_rate=1e-2,
        logging_steps=1,
        save_strategy="no",
        disable_tqdm=True,
        dataset_kwargs={"skip_prepare_dataset": True},
        **settings,
    )
    rows = Dataset.from_dict(columns)
    model = load_model(args, tokenizer, seed=2, trainable=True)
    trainer = SFTTrainer(
        model=model, args=training, processing_class=tokenizer, train_dataset=rows, eval_dataset=rows
    )
    adapters_in_float32(trainer.model)
    trainer.train()
    trainer.save_model()
    write_recipe(output / "recipe.yaml", args)
    return trainer


def logits(model: Any, tokenizer: Any) -> torch.Tensor:
    batch = tokenizer(chatml.render_prompt("Ann has 3 pens."), return_tensors="pt")
    with torch.no_grad():
        return model.eval()(**batch).logits


def test_four_bits_train_the_same_with_evaluation_in_between(base: Path, tmp_path: Path) -> None:
    whole = trained(qlora(base), tmp_path / "whole").state.log_history
    often = trained(qlora(base), tmp_path / "often", eval_strategy="steps", eval_steps=1).state.log_history
    losses = [[line["loss"] for line in lines if "loss" in line] for lines in (whole, often)]
    assert losses[0] == losses[1]
    assert losses[0][-1] < losses[0][0]
    assert sum("eval_loss" in line for line in often) == 6


def test_what_is_saved_loads_and_merges_to_the_same_model(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    trainer = trained(qlora(base), folder)
    tokenizer = trainer.processing_class
    expected = logits(trainer.model, tokenizer)
    used = as_trained(str(folder), "float32")
    assert used.load_in_4bit
    assert torch.equal(logits(load_model(used, tokenizer, seed=0), tokenizer), expected)
    merged_args = ModelArguments(model_name_or_path=str(folder), merge_adapter=True)
    merged = load_model(merged_args, tokenizer, seed=0)
    assert not any("lora" in name for name, _ in merged.named_parameters())
    assert torch.allclose(logits(merged, tokenizer), expected, atol=1e-4)
    # into the original weights it would be another model
    other = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    assert (logits(other, tokenizer) - expected).abs().max() > 0.05


def test_a_new_adapter_on_a_merged_model_finds_its_base_again(base: Path, tmp_path: Path) -> None:
    first = tmp_path / "first"
    trained(qlora(base), first)
    args = qlora(first, merge_adapter=True, load_in_4bit=False)
    second = trained(args, tmp_path / "second")
    saved = json.loads((tmp_path / "second" / "adapter_config.json").read_text())
    assert saved["base_model_name_or_path"] == str(first / "merged")
    again = load_model(as_trained(str(tmp_path / "second"), "float32"), second.processing_class, seed=0)
    found = logits(again, second.processing_class)
    assert torch.allclose(found, logits(second.model, second.processing_class), atol=1e-5)
    made = (first / "merged" / "model.safetensors").stat().st_mtime_ns
    load_model(args, second.processing_class, seed=0)
    assert (first / "merged" / "model.safetensors").stat().st_mtime_ns == made  # not merged again
    trained(qlora(base, lora_alpha=64), first)
    load_model(replace(args, lora_alpha=64), second.processing_class, seed=0)
    assert (first / "merged" / "model.safetensors").stat().st_mtime_ns > made  # the adapter is another


def test_an_earlier_adapter_is_trained_on_and_only_as_it_is(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "first"
    first = trained(qlora(base), folder)
    tokenizer = first.processing_class
    args = qlora(folder)
    model = load_model(args, tokenizer, seed=0, trainable=True)
    assert torch.equal(logits(model, tokenizer), logits(first.model, tokenizer))
    names = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert names
    assert all("lora_" in name for name in names)
    for changed, words in (
        ({"lora_r": 8}, "lora_r: 8, but the adapter"),
        ({"lora_target_modules": ["q_proj"]}, "lora_target_modules"),
        ({"load_in_4bit": False}, "load_in_4bit: False, but the adapter"),
        ({"use_peft": False, "load_in_4bit": False}, "give use_peft: true"),
    ):
        with pytest.raises(ConfigError, match=words):
            load_model(replace(args, **changed), tokenizer, seed=0, trainable=True)


def test_adapters_are_float32_where_trl_casts_them(base: Path, tmp_path: Path) -> None:
    trainer = trained(qlora(base), tmp_path)
    kinds = {
        parameter.dtype for name, parameter in trainer.model.named_parameters() if parameter.requires_grad
    }
    assert kinds == {torch.float32}


def test_what_cannot_be_trained_is_refused(base: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(base)
    for changed, words in (
        ({"use_peft": False}, "four-bit weights cannot be trained"),
        ({"lora_target_modules": ["nowhere"]}, "lora_target_modules: "),
        ({"merge_adapter": True}, "is no adapter"),
    ):
        with pytest.raises(ConfigError, match=words):
            load_model(qlora(base, **changed), tokenizer, seed=0, trainable=True)


def test_the_share_that_is_trained_follows_from_the_config_alone() -> None:
    """Qwen2.5-1.5B without its weights; PEFT prints the same 1.18 %."""
    config = Qwen2Config(
        hidden_size=1536, intermediate_size=8960, num_hidden_layers=28, num_attention_heads=12,
        num_key_value_heads=2, vocab_size=151_936, tie_word_embeddings=True,
    )  # fmt: skip
    args = ModelArguments(model_name_or_path="none/such", use_peft=True)
    with torch.device("meta"):
        model = new_adapter(AutoModelForCausalLM.from_config(config), args, seed=0)
    assert trainable_share(model) == "18,464,768 of 1,562,179,072 parameters are trained (1.18%)"
    attention = replace(args, lora_target_modules=["q_proj", "k_proj", "v_proj", "o_proj"])
    with torch.device("meta"):
        model = new_adapter(AutoModelForCausalLM.from_config(config), attention, seed=0)
    assert trainable_share(model).startswith("4,358,144 of")


def test_sft_then_rl_with_adapters_from_the_command_line(
    model_folder: Path, rows_file: Path, tmp_path: Path
) -> None:
    """QLoRA SFT, interrupted and gone on; RL trains the same adapter on, with the KL from 0; evaluated."""
    flags = [*CPU, "--dataset", rows_file, "--load_in_4bit", "true", "--use_peft", "true", "--lora_r", 4]
    sft = [*flags, "--model_name_or_path", model_folder, "--output_dir", tmp_path / "sft", "--save_steps", 2]
    run_recipe("recipes/sft.py", *sft, "--max_steps", 2)
    output = run_recipe("recipes/sft.py", *sft, "--max_steps", 4)
    assert "resuming from" in output
    assert " parameters are trained (" in output
    rl = [*flags, "--model_name_or_path", tmp_path / "sft", "--output_dir", tmp_path / "rl"]
    rl += ["--max_steps", 2, "--max_completion_length", 8, "--logging_steps", 1, "--learning_rate", "1e-3"]
    run_recipe("recipes/grpo.py", *rl)
    lines = [json.loads(line) for line in (tmp_path / "rl" / "metrics.jsonl").read_text().splitlines()]
    assert abs(lines[0]["kl"]) < 1e-6
    assert json.loads((tmp_path / "rl" / "adapter_config.json").read_text())["r"] == 4
    output = run_recipe(
        "recipes/evaluate.py",
        *("--model", tmp_path / "rl", "--dataset", rows_file, "--max_completion_length", 8, "--max_rows", 4),
    )
    assert "rows-custom, 4 problems" in output
    stages = [tmp_path / "rl", tmp_path / "sft", model_folder]
    assert [line.split(" |")[0] for line in output.splitlines() if line.startswith("| /")] == [
        f"| {stage}" for stage in stages
    ]


@pytest.mark.skipif(not QWEN_TOKENIZER.is_dir(), reason="needs the real tokenizer")
def test_four_bits_with_the_tokenizer_of_qwen(tmp_path: Path) -> None:
    """151,936 rows of embeddings, of which the tokenizer has fewer: trained, saved and loaded alike."""
    tokenizer = AutoTokenizer.from_pretrained(QWEN_TOKENIZER)
    config = Qwen2Config(**TINY, vocab_size=151_936)
    torch.manual_seed(0)
    assert len(tokenizer) < config.vocab_size
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path / "base")
    tokenizer.save_pretrained(tmp_path / "base")
    trainer = trained(qlora(tmp_path / "base"), tmp_path / "run")
    losses = [line["loss"] for line in trainer.state.log_history if "loss" in line]
    assert losses[-1] < losses[0] - 0.1
    expected = logits(trainer.model, trainer.processing_class)
    again = load_model(as_trained(str(tmp_path / "run"), "float32"), trainer.processing_class, seed=0)
    assert torch.equal(logits(again, trainer.processing_class), expected)
    assert again.generation_config.eos_token_id == tokenizer.convert_tokens_to_ids("<|im_end|>")


class FastLanguageModel:
    """Takes what Unsloth takes, which wants dtypes of torch; makes of it what Transformers and PEFT make."""

    @staticmethod
    def from_pretrained(
        name: str, *, revision: str | None, max_seq_length: int, dtype: torch.dtype, load_in_4bit: bool,
        random_state: int,
    ) -> tuple[Any, None]:  # fmt: skip
        assert isinstance(dtype, torch.dtype)
        return AutoModelForCausalLM.from_pretrained(name, dtype=dtype), None

    @staticmethod
    def get_peft_model(model: Any, *, random_state: int, **config: Any) -> Any:
        from peft import LoraConfig, get_peft_model

        return get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **config))


def test_unsloth_is_asked_in_its_own_terms(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = ModuleType("unsloth")
    stand_in.__spec__ = ModuleSpec("unsloth", None)
    stand_in.FastLanguageModel = FastLanguageModel
    monkeypatch.setitem(sys.modules, "unsloth", stand_in)
    args = qlora(model_folder, backend="unsloth", load_in_4bit=False, dtype="bfloat16")
    tokenizer = load_tokenizer(args, "boxed")
    model = load_model(args, tokenizer, seed=0, trainable=True)
    assert model.dtype == torch.bfloat16
    assert model.peft_config["default"].r == 4
    assert model.generation_config.eos_token_id == tokenizer.eos_token_id
    with pytest.raises(ConfigError, match="backend: unsloth loads a model by name for LoRA or QLoRA"):
        load_model(replace(args, use_peft=False), tokenizer, seed=0, trainable=True)
