"""The bytes that are planned against those that real training allocates, phase by phase."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import trl
from datasets import Dataset
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase, Trainer
from trl.trainer import utils as trl_utils

from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import ModelArguments, RewardArguments
from tinyreason.models import adapters_in_float32, load_model
from tinyreason.models.adapters import new_adapter, quantization
from tinyreason.planner import from_config
from tinyreason.planner.memory import Job, activation_bytes, phases, weight_bytes
from tinyreason.rewards import build_rewards

SMALL = {
    "model_type": "qwen2", "hidden_size": 128, "num_hidden_layers": 6, "num_attention_heads": 8,
    "num_key_value_heads": 2, "intermediate_size": 448, "vocab_size": 1024, "max_position_embeddings": 1024,
    "tie_word_embeddings": True,
}  # fmt: skip


class Allocations(TorchDispatchMode):
    """Counts the bytes of all tensors made inside that are still alive, and the most there were."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: dict[int, int] = {}
        self.alive = self.peak = 0

    def count(self, tensor: torch.Tensor) -> None:
        storage = tensor.untyped_storage()
        if storage._cdata not in self.sizes:
            self.sizes[storage._cdata] = storage.nbytes()
            self.alive += storage.nbytes()
            weakref.finalize(storage, self.forget, storage._cdata)

    def forget(self, key: int) -> None:
        self.alive -= self.sizes.pop(key)

    def __torch_dispatch__(self, func: Callable, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor):
                self.count(tensor)
        self.peak = max(self.peak, self.alive)
        return made

    def peak_of(self, call: Callable, *args: Any, **kwargs: Any) -> tuple[Any, int]:
        """What the call returns, and the most there was meanwhile."""
        gc.collect()
        self.peak = self.alive
        return call(*args, **kwargs), self.peak


class KernelOnACpu(torch.autograd.Function):
    """Allocates as TRL's Triton kernel for log-probabilities does, which wants a GPU: it keeps the logits and
    makes one gradient of their size. A token at a time, so that nothing else counts.
    """

    @staticmethod
    def forward(ctx: Any, logits: torch.Tensor, index: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        ctx.save_for_backward(logits, index)
        found = torch.empty(index.shape, dtype=torch.float32)
        for row in range(len(index)):
            for token in range(index.shape[1]):
                found[row, token] = logits[row, token].float().log_softmax(-1)[index[row, token]]
        return found, torch.zeros_like(found)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor, _: torch.Tensor) -> tuple[torch.Tensor, None]:
        logits, index = ctx.saved_tensors
        made = torch.empty_like(logits, memory_format=torch.contiguous_format)
        for row in range(len(index)):
            for token in range(index.shape[1]):
                made[row, token] = -logits[row, token].float().softmax(-1) * gradient[row, token]
                made[row, token, index[row, token]] += gradient[row, token]
        return made, None


def small_model(tmp_path: Path, bits: int, rank: int | None, **other: int) -> Any:
    """A model of SMALL with weights of so many bits, as the loader prepares it."""
    dtype = "float32" if bits == 32 else "bfloat16"
    config = AutoConfig.for_model(**SMALL | other)
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
    [
        *((16, True, 4), (4, True, 4), (32, True, 4), (32, False, 4)),
        *((16, True, None), (32, True, None), (32, False, None)),
    ],
)
def test_activations_are_those_that_a_training_step_allocates(
    bits: int, autocast: bool, rank: int | None, checkpointing: bool, tmp_path: Path
) -> None:
    if rank is not None:
        pytest.importorskip("peft")
    model = small_model(tmp_path, bits, rank, num_hidden_layers=4)
    if checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
        if rank is not None:
            model.enable_input_require_grads()
    model.train()
    backbone = model.get_base_model().model if rank is not None else model.model
    peaks = []
    for tokens in (256, 512):  # the difference is what tokens take
        ids = torch.zeros(2, tokens, dtype=torch.long)
        gc.collect()
        with Allocations() as allocations:
            with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
                hidden = backbone(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False)[0]
            hidden.sum().backward()
        model.zero_grad()
        peaks.append(allocations.peak)
    shape = from_config(SMALL | {"num_hidden_layers": 4})
    job = Job(
        stage="sft", shape=shape, base_bits=bits, autocast=autocast, rank=rank, adapter_parameters=0,
        optimizer_bytes=8, micro_batch=2, tokens=256, checkpointing=checkpointing,
    )  # fmt: skip
    assert activation_bytes(job) == pytest.approx(peaks[1] - peaks[0], rel=0.1)


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


ROWS, PROMPT, COMPLETION, MICRO = 8, 112, 16, 4
STEPS = {"max_steps": 2, "report_to": "none", "save_strategy": "no", "disable_tqdm": True, "use_cpu": True}


def rl_trainer(model: Any, tokenizer: PreTrainedTokenizerBase, output: Path, **settings: Any) -> Trainer:
    """GRPO on prompts of PROMPT tokens, with completions that are as long as they may be."""
    text = tokenizer.decode(tokenizer("7 " * PROMPT)["input_ids"][:PROMPT])
    assert len(tokenizer(text)["input_ids"]) == PROMPT
    rows = {"prompt": [text] * 8, "question": ["7?"] * 8, "answer": ["7"] * 8}
    config = ALGORITHMS["grpo"].config(
        output_dir=str(output), per_device_train_batch_size=MICRO, num_generations=8, **STEPS, **settings,
        gradient_accumulation_steps=ROWS // MICRO, max_completion_length=COMPLETION, learning_rate=1e-5,
        generation_kwargs={"eos_token_id": None},
    )  # fmt: skip
    rewards = build_rewards(RewardArguments(), line="boxed", max_completion_length=COMPLETION, weights=None)
    return ALGORITHMS["grpo"].trainer(
        model=model, args=config, processing_class=tokenizer, reward_funcs=rewards,
        train_dataset=Dataset.from_dict(rows),
    )  # fmt: skip


def sft_trainer(model: Any, tokenizer: PreTrainedTokenizerBase, output: Path, **settings: Any) -> Trainer:
    """SFT on rows of PROMPT + COMPLETION tokens."""
    config = trl.SFTConfig(
        output_dir=str(output), per_device_train_batch_size=MICRO, gradient_accumulation_steps=2, **STEPS,
        **settings, dataset_kwargs={"skip_prepare_dataset": True},
    )  # fmt: skip
    rows = [[7] * (PROMPT + COMPLETION)] * ROWS
    dataset = Dataset.from_dict({"input_ids": rows, "labels": rows})
    return trl.SFTTrainer(model=model, args=config, processing_class=tokenizer, train_dataset=dataset)


def measured(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Phase -> the most bytes there were in it, in the step that already has the optimizer's state."""
    peaks: dict[str, int] = {}
    allocations = Allocations()
    for parameter in trainer.model.parameters():
        allocations.count(parameter)

    def watch(owner: Any, name: str, phase: str, *, gradients: bool) -> None:
        call = getattr(owner, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            if torch.is_grad_enabled() != gradients:
                return call(*args, **kwargs)
            found, peak = allocations.peak_of(call, *args, **kwargs)
            peaks[phase] = max(peak, peaks.get(phase, 0))
            return found

        monkeypatch.setattr(owner, name, watched)

    watch(trainer, "training_step", "training step", gradients=True)
    if isinstance(trainer, trl.GRPOTrainer):
        watch(trainer, "_generate", "rollout", gradients=True)
        watch(trainer, "_get_per_token_logps_and_entropies", "log-probabilities", gradients=False)
        prepare, step, ready = trainer._prepare_inputs, trainer.training_step, []

        def sampled_before(model: Any, inputs: Any, count: Any = None) -> Any:
            ready.append(prepare(inputs))
            return step(model, inputs, count)

        monkeypatch.setattr(trainer, "_prepare_inputs", lambda _: ready.pop())
        monkeypatch.setattr(trainer, "training_step", sampled_before)
    with allocations:
        trainer.train()
    return peaks


@pytest.mark.parametrize(
    ("stage", "bits", "rank", "vocabulary", "checkpointing"),
    [
        *(("sft", 16, 4, 32_768, True), ("sft", 4, 4, 1024, False), ("sft", 32, None, 1024, True)),
        *(("rl", 16, 4, 32_768, True), ("rl", 4, 4, 1024, True), ("rl", 32, None, 1024, False)),
        ("rl", 32, 4, 1024, True),
    ],
)
def test_whole_steps_take_what_is_planned_in_every_phase(
    stage: str, bits: int, rank: int | None, vocabulary: int, checkpointing: bool, tokenizer_folder: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Weights, optimizer, activations, cache and logits together, in the real trainers."""
    kernel = KernelOnACpu.apply
    monkeypatch.setattr(trl_utils, "_fused_logprob_entropy", lambda *args, **_: kernel(*args[:2]))
    monkeypatch.setattr(trl_utils, "_supports_trl_loss_kernel", lambda *_: True)
    model = small_model(tmp_path, bits, rank, vocab_size=vocabulary)
    model.config._name_or_path = "a base that only adapters are trained on"
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    make = sft_trainer if stage == "sft" else rl_trainer
    settings = {"log_kl": rank is not None} if stage == "rl" else {}
    trainer = make(
        model, tokenizer, tmp_path / "run", bf16=True, gradient_checkpointing=checkpointing, **settings
    )
    adapters_in_float32(trainer.model)
    trained = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    peaks = measured(trainer, monkeypatch)
    reference = stage == "rl" and rank is not None
    job = Job(
        stage=stage, base_bits=bits, rank=rank, shape=from_config(SMALL | {"vocab_size": vocabulary}),
        autocast=True,
        adapter_parameters=trained if rank else 0, optimizer_bytes=8, micro_batch=MICRO,
        tokens=PROMPT + COMPLETION, checkpointing=checkpointing,
        completion=COMPLETION if stage == "rl" else 0, rollout_rows=ROWS if stage == "rl" else 0,
        reference=reference, rescored=reference,
    )  # fmt: skip
    planned = {name: sum(parts.values()) for name, parts in phases(job).items()}
    assert planned == pytest.approx(peaks, rel=0.1)
