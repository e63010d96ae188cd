"""An adapter merged into its base, by the script: the same model as before, and one that stops."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import run_recipe
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments, write_recipe
from tinyreason.data import tokenize_solutions
from tinyreason.merging import adapter_logits, logits, merge_run, problems
from tinyreason.models import adapters_in_float32, as_trained, load_model, load_tokenizer

pytest.importorskip("peft")
pytest.importorskip("bitsandbytes")

TINY = {
    "model_type": "qwen2", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "intermediate_size": 128, "max_position_embeddings": 512,
    "tie_word_embeddings": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Spread wider than a fresh model, so that four bits make a difference; with settings of its own."""
    folder = tmp_path_factory.mktemp("base")
    args = ModelArguments(architecture=TINY, tokenizer_name_or_path=str(tokenizer_folder))
    tokenizer = load_tokenizer(args, "boxed")
    model = load_model(args, tokenizer, seed=1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3.0 if parameter.dim() > 1 else 1.0)
    model.generation_config.update(do_sample=True, temperature=0.7)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def train(base: Path, folder: Path, steps: int) -> Path:
    """A QLoRA adapter that learns to answer everything in one word, as a run folder."""
    args = ModelArguments(model_name_or_path=str(base), use_peft=True, load_in_4bit=True, lora_r=4)
    tokenizer = load_tokenizer(args, "boxed")
    model = load_model(args, tokenizer, seed=2, trainable=True)
    adapters_in_float32(model)
    rows = [{**row, "reasoning": "It is.", "answer": "1"} for row in problems()]
    examples = tokenize_solutions(rows, tokenizer, "boxed")
    optimizer = torch.optim.Adam([each for each in model.parameters() if each.requires_grad], lr=1e-2)
    model.train()
    for step in range(steps):
        number = step % len(rows)
        ids = torch.tensor([examples["input_ids"][number]])
        labels = torch.tensor([examples["labels"][number]])
        model(input_ids=ids, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    write_recipe(folder / "recipe.yaml", args)
    (folder / "run.json").write_text('{"steps": 1}')
    return folder


@pytest.fixture(scope="module")
def run(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(base, tmp_path_factory.mktemp("run"), steps=80)


def expected(run: Path) -> tuple[list[str], list[torch.Tensor], Any]:
    args = as_trained(str(run), "float32")
    tokenizer = load_tokenizer(args, "boxed")
    texts = [chatml.render_conversation(row) for row in problems()]
    return texts, adapter_logits(args, tokenizer, texts)[0], tokenizer


def largest(ones: list[torch.Tensor], others: list[torch.Tensor]) -> float:
    return max(float((one - other).abs().max()) for one, other in zip(ones, others, strict=True))


def test_what_was_trained_is_what_is_merged(base: Path, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "merged"
    output = run_recipe("scripts/merge.py", run, "--out", out)
    assert "dequantised from four bits, float32" in output
    assert "turns: all 8 end" in output
    texts, trained, _ = expected(run)
    model = AutoModelForCausalLM.from_pretrained(out)
    tokenizer = AutoTokenizer.from_pretrained(out)
    assert largest(logits(model, tokenizer, texts), trained) < 1e-3
    assert largest(logits(AutoModelForCausalLM.from_pretrained(base), tokenizer, texts), trained) > 1
    assert tokenizer.chat_template == AutoTokenizer.from_pretrained(run).chat_template
    settings = GenerationConfig.from_pretrained(out)
    assert (settings.temperature, settings.eos_token_id) == (0.7, tokenizer.eos_token_id)
    assert tokenizer.eos_token == "<|im_end|>"
    assert {path.suffix for path in out.iterdir()} == {".safetensors", ".json", ".jinja", ".yaml"}
    assert "quantization_config" not in json.loads((out / "config.json").read_text())
    assert (out / "run.json").read_text() == (run / "run.json").read_text()
    made = json.loads((out / "merged_from.json").read_text())
    assert made["model"] == str(run)
    assert made["difference"] < 1e-3 < made["base_difference"]
    flags = ["--prompt", problems()[0]["question"], "--temperature", 0, "--json"]
    said = [run_recipe("scripts/chat.py", "--model", model, *flags) for model in (run, out)]
    turns = [json.loads(text[text.index("{") :])["completion"] for text in said]
    assert turns[0] == turns[1] != ""  # quantised with its adapter, and merged
    refused = run_recipe("scripts/merge.py", run, "--out", out, code=1)
    assert "is not empty; give another folder" in refused


def test_the_original_weights_cost_what_is_printed(run: Path, tmp_path: Path) -> None:
    output = run_recipe("scripts/merge.py", run, "--out", tmp_path / "merged", "--onto", "original")
    made = json.loads((tmp_path / "merged" / "merged_from.json").read_text())
    assert not made["dequantized"]
    assert made["difference"] > 0.05
    assert f"logits: at most {made['difference']:.3g} from those of base and adapter" in output
    texts, trained, tokenizer = expected(run)
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    assert largest(logits(model, tokenizer, texts), trained) == pytest.approx(made["difference"], rel=1e-3)


def scaled(run: Path, folder: Path, factor: float) -> Path:
    """The adapter with what it adds scaled."""
    folder.mkdir()
    for path in run.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    weights = load_file(folder / "adapter_model.safetensors")
    weights = {name: each * (factor if "lora_B" in name else 1) for name, each in weights.items()}
    save_file(weights, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    return folder


def test_an_adapter_that_is_rounded_away_or_does_nothing_is_not_merged(run: Path, tmp_path: Path) -> None:
    small = scaled(run, tmp_path / "small", 1e-3)
    flags = ["--out", tmp_path / "merged", "--dtype", "bfloat16"]
    output = run_recipe("scripts/merge.py", small, *flags, code=1)
    assert "bfloat16 rounds the adapter away: give --dtype float32" in output
    nothing = scaled(run, tmp_path / "nothing", 0.0)
    output = run_recipe("scripts/merge.py", nothing, "--out", tmp_path / "merged", code=1)
    assert "the adapter changes no logit of its base; nothing was written" in output
    assert not (tmp_path / "merged").exists()


def test_a_model_that_goes_on_is_told_of(base: Path, tmp_path: Path) -> None:
    early = train(base, tmp_path / "early", steps=1)
    flags = ["--out", tmp_path / "merged", "--max_completion_length", 64]
    output = run_recipe("scripts/merge.py", early, *flags, code=1)
    assert "of 8 turns do not end within 64 tokens" in output


def test_a_checkpoint_takes_the_record_of_its_run_along(run: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "run" / "checkpoint-80"
    shutil.copytree(run, checkpoint)
    for name in ("recipe.yaml", "run.json"):
        (checkpoint / name).rename(checkpoint.parent / name)
    merge_run(str(checkpoint), tmp_path / "merged")
    for name in ("recipe.yaml", "run.json"):
        assert (tmp_path / "merged" / name).read_text() == (checkpoint.parent / name).read_text()


def test_a_whole_model_has_nothing_to_merge(base: Path, tmp_path: Path) -> None:
    output = run_recipe("scripts/merge.py", base, "--out", tmp_path / "merged", code=1)
    assert "is no adapter, but a whole model already" in output
    with pytest.raises(ConfigError, match="runs/none: no such folder"):
        merge_run("runs/none", tmp_path / "merged")
