"""The plan: counts of weights against real models, bytes against the allocations of real training steps."""

import json
import subprocess
import sys
import time
from dataclasses import MISSING
from pathlib import Path

import numpy
import pytest
import torch
import trl
from conftest import ROOT
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import ConfigError, ModelArguments
from tinyreason.config.fields import slots_of
from tinyreason.data import load_split, tokenize_solutions
from tinyreason.models.adapters import new_adapter
from tinyreason.planner import KNOWN, PlanArguments, from_config
from tinyreason.planner.lengths import LENGTHS, PERCENTILES, PROMPT_TOKENS, ROWS

QWEN = ROOT / "../shared/data/tokenizers/qwen2.5"


@pytest.mark.parametrize("name", KNOWN)
def test_the_number_of_weights_is_that_of_the_model(name: str) -> None:
    config = AutoConfig.for_model(**KNOWN[name])
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    shape = from_config(KNOWN[name])
    assert shape.parameters() == model.num_parameters()
    pytest.importorskip("peft")
    args = ModelArguments(model_name_or_path=name, use_peft=True, lora_r=8)
    with torch.device("meta"):
        adapted = new_adapter(AutoModelForCausalLM.from_config(config), args, seed=0)
    trained = sum(p.numel() for p in adapted.parameters() if p.requires_grad)
    assert shape.adapter_parameters(8, args.lora_target_modules) == trained


def test_an_unknown_family_is_said_to_be() -> None:
    with pytest.raises(ConfigError, match="the planner knows qwen2, llama, qwen3, not mamba"):
        from_config({"model_type": "mamba"})


def test_the_defaults_of_the_plan_are_those_of_the_recipes() -> None:
    """A key that a recipe leaves out means the same in both."""
    own = {key: slot.default() for key, slot in slots_of(PlanArguments).items()}
    for config in (trl.SFTConfig, ALGORITHMS["grpo"].config):
        theirs = {key: slot.default() for key, slot in slots_of(config).items()}
        for key in own.keys() & theirs.keys() - {"output_dir", "num_generations", "num_iterations"}:
            assert theirs[key] is not MISSING
            assert own[key] == theirs[key], key
    for name in ALGORITHMS:
        defaults = {key: slot.default() for key, slot in slots_of(ALGORITHMS[name].config).items()}
        args = PlanArguments(algorithm=name)
        assert args.num_generations == defaults["num_generations"]
        assert args.num_iterations == defaults["num_iterations"]


RECIPE = """# accelerate launch recipes/grpo.py --config this.yaml
algorithm: grpo
model_name_or_path: Qwen/Qwen2.5-1.5B-Instruct
load_in_4bit: true
use_peft: true
dtype: float16
fp16: true
bf16: false
optim: adamw_8bit
per_device_train_batch_size: 8
gradient_accumulation_steps: 8
max_steps: 100
vllm_server_port: 8000
"""


def run_plan(path: Path, *flags: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "scripts" / "plan.py"), "--config", str(path), *flags]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_answers_in_two_seconds_and_in_json(tmp_path: Path) -> None:
    path = tmp_path / "grpo_t4.yaml"
    path.write_text(RECIPE)
    start = time.monotonic()
    answer = run_plan(path, "--json")
    assert time.monotonic() - start < 2
    found = json.loads(answer.stdout)
    assert (answer.returncode, found["fits"], found["hardware"]) == (0, True, "t4")
    assert found["trainable_parameters"] == 18_464_768
    assert found["total_parameters"] == 1_562_179_072
    assert found["trainable_percent"] == pytest.approx(1.182, abs=1e-3)
    assert (found["effective_batch"], found["prompts_per_step"], found["steps"]) == (64, 8, 100)
    assert found["tokens"] == 100 * 64 * (256 + 512)
    assert set(found["phases"]) == {"rollout", "log-probabilities", "training step"}
    assert found["peak_gib"] == pytest.approx(max(sum(p.values()) for p in found["phases"].values()))
    assert "knob" in found


def test_the_script_tries_changes_and_says_what_to_turn(tmp_path: Path) -> None:
    path = tmp_path / "grpo_t4.yaml"
    path.write_text(RECIPE)
    large = run_plan(path, "--per_device_train_batch_size", "64", "--gradient_accumulation_steps", "1")
    assert large.returncode == 1
    assert (
        "does NOT fit; turn per_device_train_batch_size: 32 and gradient_accumulation_steps: 2"
        in large.stdout
    )
    assert run_plan(path, "--hardware", "a100").stdout.count("NVIDIA A100 40 GB") == 1
    typo = run_plan(path, "--hardwre", "l4")
    assert typo.returncode == 1
    assert "did you mean hardware?" in typo.stderr
    assert "choose from t4, l4" in run_plan(path, "--hardware", "t5").stderr


def test_a_model_that_is_not_there_yet_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "grpo_l4.yaml"
    path.write_text(RECIPE.replace("Qwen/Qwen2.5-1.5B-Instruct", "runs/nowhere/sft"))
    answer = run_plan(path)
    assert answer.returncode == 1
    assert answer.stderr.startswith(
        "error: runs/nowhere/sft: no such folder; train it first, or give a hub id"
    )
    assert answer.stderr.count("\n") == 1


@pytest.mark.skipif(not QWEN.is_dir(), reason="needs the Qwen2.5 tokenizer beside the repository")
@pytest.mark.parametrize("dataset", LENGTHS)
def test_the_lengths_of_the_named_datasets_are_those_of_their_rows(dataset: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(QWEN)
    rows = load_split(dataset, "train", data_dir=str(QWEN.parents[1])).rows
    assert len(rows) == ROWS[dataset]
    columns = tokenize_solutions(rows, tokenizer, "boxed")
    lengths = numpy.array([len(ids) for ids in columns["input_ids"]])
    targets = numpy.array([sum(label != -100 for label in labels) for labels in columns["labels"]])
    kept = LENGTHS[dataset]
    for found, known in ((lengths - targets, kept.prompt), (targets, kept.target), (lengths, kept.row)):
        assert numpy.ceil(numpy.percentile(found, PERCENTILES)).tolist() == list(known)
    assert max(kept.prompt) < PROMPT_TOKENS


def test_help_is_given_at_once() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "plan.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--hardware" in done.stdout
