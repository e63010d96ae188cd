"""The plan: counts of weights against real models, bytes against the allocations of real training steps."""

import gc
import json
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from dataclasses import MISSING
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
import trl
from conftest import ROOT
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
from trl.trainer.sft_trainer import _chunked_cross_entropy_loss

from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import ConfigError, ModelArguments
from tinyreason.config.fields import slots_of
from tinyreason.data import load_split, tokenize_solutions
from tinyreason.models import load_model
from tinyreason.models.adapters import new_adapter, quantization
from tinyreason.planner import KNOWN, PlanArguments, from_config
from tinyreason.planner.lengths import LENGTHS, PERCENTILES, PROMPT_TOKENS, ROWS
from tinyreason.planner.memory import Job, activation_bytes, head_bytes, weight_bytes

QWEN = ROOT / "../shared/data/tokenizers/qwen2.5"
SMALL = {
    "model_type": "qwen2", "hidden_size": 128, "num_hidden_layers": 6, "num_attention_heads": 8,
    "num_key_value_heads": 2, "intermediate_size": 448, "vocab_size": 1024, "max_position_embeddings": 1024,
    "tie_word_embeddings": True,
}  # fmt: skip


class Allocations(TorchDispatchMode):
    """Counts the bytes of all tensors made inside that are still alive, and the most there were."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: dict[int, int] = {}
        self.peak = 0

    def __torch_dispatch__(self, func: Callable, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor):
                storage = tensor.untyped_storage()
                if storage._cdata not in self.alive:
                    self.alive[storage._cdata] = storage.nbytes()
                    weakref.finalize(storage, self.alive.pop, storage._cdata, None)
        self.peak = max(self.peak, sum(self.alive.values()))
        return made


def small_model(tmp_path: Path, bits: int, rank: int | None) -> Any:
    """A model of SMALL with weights of so many bits, as the loader prepares it."""
    dtype = "float32" if bits == 32 else "bfloat16"
    config = AutoConfig.for_model(**SMALL)
    model = AutoModelForCausalLM.from_config(config, dtype=dtype, attn_implementation="sdpa")
    if bits == 4:
        from peft import prepare_model_for_kbit_training

        model.save_pretrained(tmp_path)
        args = ModelArguments(model_name_or_path=str(tmp_path), load_in_4bit=True, dtype=dtype)
        model = AutoModelForCausalLM.from_pretrained(
            tmp_path, dtype=dtype, quantization_config=quantization(args)
        )
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if rank is not None:
        model = new_adapter(model, ModelArguments(model_name_or_path="x", use_peft=True, lora_r=rank), seed=0)
    return model


@pytest.mark.parametrize("checkpointing", [True, False])
@pytest.mark.parametrize(
    ("bits", "autocast", "rank"),
    [(16, True, 4), (4, True, 4), (16, True, None), (32, True, None), (32, False, None)],
)
def test_activations_are_those_that_a_training_step_allocates(
    bits: int, autocast: bool, rank: int | None, checkpointing: bool, tmp_path: Path
) -> None:
    if rank is not None:
        pytest.importorskip("peft")
    model = small_model(tmp_path, bits, rank)
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
        if rank is not None:
            model.enable_input_require_grads()
    model.train()
    backbone = model.get_base_model().model if rank is not None else model.model
    peaks = []
    for tokens in (512, 1024):  # the difference is what tokens take
        ids = torch.zeros(2, tokens, dtype=torch.long)
        gc.collect()
        with Allocations() as allocations:
            with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
                hidden = backbone(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False)[0]
            hidden.sum().backward()
        model.zero_grad()
        peaks.append(allocations.peak)
    shape = from_config(SMALL)
    job = Job(
        stage="sft", shape=shape, base_bits=bits, autocast=autocast, rank=rank, adapter_parameters=0,
        optimizer_bytes=8, micro_batch=2, tokens=512, checkpointing=checkpointing,
    )  # fmt: skip
    assert activation_bytes(job) == pytest.approx(peaks[1] - peaks[0], rel=0.1)


@pytest.mark.parametrize("vocabulary", [4096, 16_384])
def test_the_logits_of_sft_are_those_of_one_chunk(vocabulary: int) -> None:
    hidden = torch.randn(1, 1024, 64, dtype=torch.bfloat16, requires_grad=True)
    weight = torch.randn(vocabulary, 64, dtype=torch.bfloat16)
    labels = torch.randint(0, vocabulary, (1, 1024))
    with Allocations() as allocations:
        _chunked_cross_entropy_loss(hidden, weight, 256, labels=labels)[0].backward()
    shape = from_config({**SMALL, "hidden_size": 64, "vocab_size": vocabulary})
    job = Job(
        stage="sft", shape=shape, base_bits=16, autocast=True, rank=4, adapter_parameters=0,
        optimizer_bytes=8, micro_batch=1, tokens=1024, checkpointing=True,
    )  # fmt: skip
    assert head_bytes(job, gradient=True) == pytest.approx(allocations.peak, rel=0.1)


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


def test_quantised_weights_take_the_bytes_that_are_planned(tmp_path: Path, tokenizer_folder: Path) -> None:
    """Of a real model in four bits, prepared for training: every tensor that stays."""
    pytest.importorskip("bitsandbytes")
    config = {**SMALL, "hidden_size": 256, "intermediate_size": 1024}
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config))
    model.save_pretrained(tmp_path)
    args = ModelArguments(model_name_or_path=str(tmp_path), load_in_4bit=True, use_peft=True)
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    loaded = load_model(args, tokenizer, seed=0, trainable=True).get_base_model()
    bytes_there = 0
    for name, parameter in loaded.named_parameters():
        if "lora_" not in name:
            bytes_there += parameter.numel() * parameter.element_size()
            if parameter.__class__.__name__ == "Params4bit":
                state = parameter.quant_state
                tables = (state.absmax, state.state2.absmax)
                bytes_there += sum(table.numel() * table.element_size() for table in tables)
    job = Job(
        stage="sft", shape=from_config(config), base_bits=4, autocast=True, rank=16, adapter_parameters=0,
        optimizer_bytes=8, micro_batch=1, tokens=1, checkpointing=True,
    )  # fmt: skip
    assert weight_bytes(job) == pytest.approx(bytes_there, rel=0.01)


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
