"""What is sampled is what is scored, the KL is to the policy that training began with, and what is logged."""

import contextlib
import inspect
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import trl
from datasets import Dataset
from replay import CASES, HALF, QUESTIONS, REFILL, generation, make_trainer
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from tinyreason import chatml
from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import ConfigError

METRICS = {
    *("loss", "reward", "rewards/accuracy/mean", "accuracy", "kl", "entropy", "grad_norm"),
    *("clip_ratio/low_mean", "clip_ratio/high_mean", "completions/clipped_ratio", "groups_with_signal"),
    *("completions/mean_right_length", "completions/mean_wrong_length", "tokens_per_second"),
}
OWN_METRICS = {"ppo": {"explained_variance"}, "dapo": {"resample/rounds"}}


def sampling_trainer(folder: Path, output: Path, **settings: Any) -> Any:
    """64 completions that the model of `folder` samples itself, 40 tokens at most: some of them end."""
    trainer = make_trainer(
        "grpo", HALF, folder, output, per_device_train_batch_size=64, num_generations=32, **settings
    )
    trainer.__class__ = ALGORITHMS["grpo"].trainer  # samples, where the other one replays
    return trainer


def sample(trainer: Any) -> dict[str, torch.Tensor]:
    """One generation, in the order in which it was sampled."""
    trainer.model.train()
    rows = [dict(trainer.train_dataset[group]) for group in range(2) for _ in range(32)]
    return trainer._generate_and_score_completions(rows)


def test_the_sampled_tokens_are_the_scored_ones_up_to_the_first_end(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = sampling_trainer(model_folder, tmp_path, num_iterations=2, temperature=0.7)
    generated: list[torch.Tensor] = []
    generate: Callable = trainer.model.generate

    def remember(*args: Any, **kwargs: Any) -> torch.Tensor:
        generated.append(generate(*args, **kwargs))
        return generated[-1]

    monkeypatch.setattr(trainer.model, "generate", remember)
    batch = sample(trainer)
    end, ended = trainer.processing_class.eos_token_id, 0
    width = batch["prompt_ids"].shape[1]
    for row, raw in enumerate(generated[0].tolist()):
        prompt = batch["prompt_ids"][row][batch["prompt_mask"][row].bool()].tolist()
        assert prompt == trainer.processing_class(chatml.render_prompt(QUESTIONS[row // 32]))["input_ids"]
        sampled = raw[width:]
        kept = sampled[: sampled.index(end) + 1] if end in sampled else sampled
        mask = batch["completion_mask"][row].bool()
        assert batch["completion_ids"][row][mask].tolist() == kept
        assert mask.tolist() == [True] * len(kept) + [False] * (len(mask) - len(kept))
        ended += end in sampled
        # the log-probabilities are those of the distribution that was sampled from: at this temperature
        with torch.no_grad():
            logits = trainer.model(torch.tensor([prompt + kept])).logits[0, len(prompt) - 1 : -1]
        logps = (logits / 0.7).log_softmax(dim=-1).gather(1, torch.tensor(kept).unsqueeze(1)).squeeze(1)
        assert torch.allclose(batch["old_per_token_logps"][row][mask], logps, atol=1e-6)
    assert 0 < ended < 64


def test_the_logged_entropy_is_that_of_the_sampling_distribution(model_folder: Path, tmp_path: Path) -> None:
    trainer = sampling_trainer(model_folder, tmp_path, temperature=0.7)
    trainer.current_gradient_accumulation_steps = 1
    batch = sample(trainer)
    trainer.compute_loss(trainer.model, batch)
    ids = torch.cat([batch["prompt_ids"], batch["completion_ids"]], dim=1)
    mask = torch.cat([batch["prompt_mask"], batch["completion_mask"]], dim=1)
    with torch.no_grad():
        logits = trainer.model(ids, attention_mask=mask).logits[:, batch["prompt_ids"].shape[1] - 1 : -1]
    logps = (logits / 0.7).log_softmax(dim=-1)
    entropy = -(logps.exp() * logps).sum(dim=-1)[batch["completion_mask"].bool()].mean()
    assert trainer._metrics["train"]["entropy"] == [pytest.approx(entropy.item(), abs=1e-6)]


def logged_kl(trainer: Any, *, perturbed: bool) -> float:
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.train()
    inputs = trainer._prepare_inputs(generation(trainer))
    if perturbed:
        with torch.no_grad():
            for parameter in trainer.model.parameters():
                if parameter.requires_grad:
                    parameter.add_(0.05 * torch.randn_like(parameter))
    trainer.compute_loss(trainer.model, inputs)
    return trainer._metrics["train"]["kl"][-1]


@pytest.mark.parametrize("beta", [0.0, 0.04])
def test_the_kl_is_zero_before_the_first_step_and_positive_after_it(
    beta: float, model_folder: Path, tmp_path: Path
) -> None:
    trainer = make_trainer("grpo", HALF, model_folder, tmp_path, beta=beta)
    assert abs(logged_kl(trainer, perturbed=False)) < 1e-6
    assert logged_kl(trainer, perturbed=True) > 1e-3


def test_the_kl_starts_at_zero_from_an_adapter_too(model_folder: Path, tmp_path: Path) -> None:
    """The reference is the adapter as it was, not the model below it."""
    peft = pytest.importorskip("peft")
    trainer = make_trainer("grpo", HALF, model_folder, tmp_path, peft_config=peft.LoraConfig(r=4))
    with torch.no_grad():
        for name, parameter in trainer.model.named_parameters():
            if "lora_B" in name:
                parameter.add_(0.1)
    trainer.model.save_pretrained(tmp_path / "adapter")
    trained = make_trainer("grpo", HALF, model_folder, tmp_path, adapter=tmp_path / "adapter")
    assert abs(logged_kl(trained, perturbed=False)) < 1e-6
    assert logged_kl(trained, perturbed=True) > 1e-4


@pytest.mark.parametrize("name", ["grpo", "rloo"])
def test_the_kl_is_k3_weighted_by_the_ratio(name: str, model_folder: Path, tmp_path: Path) -> None:
    """Token by token, where the policy has moved since it sampled."""
    trainer = make_trainer(name, HALF, model_folder, tmp_path, num_iterations=2)
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.train()
    inputs = trainer._prepare_inputs(generation(trainer))
    with torch.no_grad():
        for parameter in trainer.model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    trainer.compute_loss(trainer.model, inputs)
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], dim=1)
    mask = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], dim=1)
    with torch.no_grad():
        logits = trainer.model(ids, attention_mask=mask).logits[:, inputs["prompt_ids"].shape[1] - 1 : -1]
    logps = logits.log_softmax(dim=-1).gather(2, inputs["completion_ids"].unsqueeze(2)).squeeze(2)
    known = inputs["completion_mask"].bool()
    now, old = logps[known].tolist(), inputs["old_per_token_logps"][known].tolist()
    start = inputs["ref_per_token_logps"][known].tolist()
    estimates = [
        math.exp(n - o) * (math.exp(r - n) - (r - n) - 1) for n, o, r in zip(now, old, start, strict=True)
    ]
    expected = sum(estimates) / len(estimates)
    assert trainer._metrics["train"]["kl"][-1] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", ["grpo", "rloo"])
def test_a_kl_that_is_only_logged_changes_no_weight(name: str, model_folder: Path, tmp_path: Path) -> None:
    weights, kls = [], []
    for log_kl in (True, False):
        trainer = make_trainer(
            name,
            HALF,
            model_folder,
            tmp_path,
            log_kl=log_kl,
            max_steps=3,
            logging_steps=1,
            num_iterations=2,
        )
        trainer.train()
        weights.append(trainer.model.state_dict())
        kls.append([line["kl"] for line in trainer.state.log_history if "kl" in line])
    # TRL's RLOOTrainer takes a KL of 0 from its rewards, which makes them as precise as this double model:
    # thirds differ by 4e-8, in steps of 1e-6
    tolerance = 1e-9 if name == "rloo" else 0.0
    for key, weight in weights[0].items():
        assert torch.allclose(weight, weights[1][key], rtol=0.0, atol=tolerance)
    assert abs(kls[0][0]) < 1e-6
    assert all(kl > 0 for kl in kls[0][1:])
    assert kls[1] == []


@pytest.mark.parametrize("name", ["grpo", "rloo"])
def test_the_kl_is_the_same_estimate_with_a_penalty_and_without(
    name: str, model_folder: Path, tmp_path: Path
) -> None:
    """k3 weighted by the ratio, after a step on completions that the policy before it sampled."""
    found = []
    for beta in (0.0, 1e-9):
        trainer = make_trainer(
            name, HALF, model_folder, tmp_path, beta=beta, max_steps=2, num_iterations=2, logging_steps=1
        )
        trainer.train()
        found.append([line["kl"] for line in trainer.state.log_history if "kl" in line])
    assert found[0] == pytest.approx(found[1], rel=1e-6)
    assert found[0][1] > 0


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_algorithm_logs_the_same_metrics_at_every_step(
    name: str, model_folder: Path, tmp_path: Path
) -> None:
    trainer = make_trainer(
        name,
        HALF,
        model_folder,
        tmp_path,
        max_steps=2,
        num_iterations=2,
        logging_steps=1,
        learning_rate=1e-3,
    )
    trainer.train()
    first, second = trainer.state.log_history[:2]
    wanted = METRICS | OWN_METRICS.get(name, set())
    if name == "cispo":  # clips on one side, and TRL calls it so
        wanted = wanted - {"clip_ratio/low_mean", "clip_ratio/high_mean"} | {"cispo_clip_ratio"}
    assert wanted <= first.keys(), wanted - first.keys()
    assert first.keys() == second.keys()  # the second step is on the same completions
    assert second["reward"] == first["reward"]
    assert first["accuracy"] == 3 / 8
    assert first["completions/clipped_ratio"] == 1 / 8
    assert first["groups_with_signal"] == 1.0
    texts = [(text, right) for texts, rights in HALF for text, right in zip(texts, rights, strict=True)]
    lengths = [len(trainer.processing_class(text)["input_ids"]) for text, right in texts if right]
    assert first["completions/mean_right_length"] == pytest.approx(sum(lengths) / 3)
    assert json.dumps(trainer.state.log_history, allow_nan=False)


HOOKS = {
    "_calculate_rewards": ["inputs", "prompts", "completions", "completion_ids_list"],
    "_generate_and_score_completions": ["inputs"],
    "_prepare_inputs": ["generation_batch"],
    "_compute_loss": ["model", "inputs"],
    "_get_train_sampler": ["dataset"],
    "training_step": ["model", "inputs", "num_items_in_batch"],
    "log": ["logs", "start_time"],
}


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("trainer", [trl.GRPOTrainer, trl.RLOOTrainer])
def test_trl_still_has_the_methods_that_are_overridden(trainer: type, hook: str) -> None:
    """TRL changes its inner methods between minor versions without saying so."""
    found = inspect.signature(vars(trainer)[hook]).parameters
    assert list(found) == ["self", *HOOKS[hook]]


def test_a_model_from_scratch_has_no_policy_to_measure_the_kl_to(model_folder: Path, tmp_path: Path) -> None:
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(model_folder))
    model.config.name_or_path = ""
    for settings, refused in (({}, True), ({"log_kl": False}, False), ({"log_kl": False, "beta": 0.1}, True)):
        config = ALGORITHMS["grpo"].config(output_dir=str(tmp_path), use_cpu=True, bf16=False, **settings)
        with pytest.raises(ConfigError, match="from scratch") if refused else contextlib.nullcontext():
            ALGORITHMS["grpo"].trainer(
                model=model,
                args=config,
                processing_class=AutoTokenizer.from_pretrained(model_folder),
                reward_funcs=[lambda **_: []],
                train_dataset=Dataset.from_list([{"prompt": "a"}]),
            )


def test_a_budget_of_completions_ends_a_run_with_its_generation(model_folder: Path, tmp_path: Path) -> None:
    trainer = make_trainer(
        "grpo",
        HALF,
        model_folder,
        tmp_path,
        max_steps=50,
        max_completions=20,
        num_iterations=2,
        logging_steps=1,
    )
    trainer.train()
    # 8 a generation, each trained on twice: 24 are the first number not below 20
    assert trainer.state.global_step == 6
    assert trainer.state.log_history[-2]["completions_sampled"] == 24


@pytest.mark.parametrize("size", [1, 4])
def test_ppo_says_of_a_generation_without_groups_whether_it_has_signal(
    size: int, model_folder: Path, tmp_path: Path
) -> None:
    trainer = make_trainer(
        "ppo", CASES["all right, all wrong"], model_folder, tmp_path, num_generations=size, max_steps=1
    )
    trainer.train()
    line = trainer.state.log_history[0]
    assert line["groups_with_signal"] == (1.0 if size == 1 else 0.0)
    assert ("frac_reward_zero_std" in line) == (size == 4)


def test_a_budget_that_is_spent_inside_a_step_ends_the_run_after_it(
    model_folder: Path, tmp_path: Path
) -> None:
    trainer = make_trainer(
        "grpo",
        REFILL,
        model_folder,
        tmp_path,
        max_steps=50,
        max_completions=24,
        gradient_accumulation_steps=2,
        steps_per_generation=1,
        logging_steps=1,
    )
    trainer.train()
    assert trainer.state.global_step == 2
    assert trainer._completions_sampled == 32


def test_the_learning_rate_decays_with_the_budget(model_folder: Path, tmp_path: Path) -> None:
    """The same as without one where every step samples alike, and sooner where more is sampled."""
    rates = []
    for name, case, settings in (
        ("grpo", HALF, {}),
        ("grpo", HALF, {"max_completions": 40}),
        ("dapo", CASES["all right, all wrong"], {"max_completions": 40, "max_resample_rounds": 1}),
        ("gspo", HALF, {"max_completions": 20}),
    ):
        trainer = make_trainer(name, case, model_folder, tmp_path, max_steps=5, logging_steps=1, **settings)
        trainer.train()
        lines = [line for line in trainer.state.log_history if "learning_rate" in line]
        rates.append([line["learning_rate"] / trainer.args.learning_rate for line in lines])
    assert rates[0] == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2])
    assert rates[1] == pytest.approx(rates[0])
    assert rates[2] == pytest.approx([1.0, 0.6, 0.2])  # 16 completions a step
    assert rates[3] == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2])  # 4 a step, as two are made of every 8
