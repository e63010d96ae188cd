"""PPO's value head: it learns, is saved and resumed, and works with adapters, quantised ones included."""

import math
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import torch
from replay import HALF, generation, make_trainer


def trained(folder: Path, output: Path, **settings: Any) -> Any:
    settings = {"max_steps": 4, "logging_steps": 1, "learning_rate": 1e-4, "num_iterations": 2, **settings}
    trainer = make_trainer("ppo", HALF, folder, output, **settings)
    trainer.train()
    return trainer


def test_the_values_learn_what_a_completion_earns(model_folder: Path, tmp_path: Path) -> None:
    trainer = trained(model_folder, tmp_path, max_steps=100, value_learning_rate=5e-2, learning_rate=1e-6)
    found = [line["explained_variance"] for line in trainer.state.log_history if "explained_variance" in line]
    assert found[0] == pytest.approx(0, abs=1e-6)
    assert found[-1] > 0.25


def test_a_resumed_run_has_the_weights_and_the_head_of_an_uninterrupted_one(
    model_folder: Path, tmp_path: Path
) -> None:
    whole = trained(model_folder, tmp_path / "whole", save_strategy="steps", save_steps=3)
    checkpoint = tmp_path / "whole" / "checkpoint-3"  # inside a generation: two steps each
    again = make_trainer(
        "ppo", HALF, model_folder, tmp_path / "again", max_steps=4, learning_rate=1e-4, num_iterations=2
    )
    again.train(resume_from_checkpoint=str(checkpoint))
    for one, other in ((whole.model, again.model), (whole.value_head, again.value_head)):
        for name, parameter in one.state_dict().items():
            assert torch.equal(parameter, other.state_dict()[name]), name
    moments = [trainer.value_optimizer.state_dict()["state"] for trainer in (whole, again)]
    assert torch.equal(moments[0][0]["exp_avg"], moments[1][0]["exp_avg"])
    assert whole.value_head.weight.abs().max() > 0


def test_the_rollouts_hold_the_mean_advantage_of_each_completion(model_folder: Path, tmp_path: Path) -> None:
    trainer = make_trainer("ppo", HALF, model_folder, tmp_path)
    trainer.model.train()
    batch = trainer._generate_and_score_completions(generation(trainer))
    (part,) = (tmp_path / "rollouts").glob("*.parquet")
    kept = torch.tensor(pyarrow.parquet.read_table(part)["advantage"].to_pylist())
    lengths = batch["completion_mask"].sum(dim=1)
    means = [row[:length].mean() for row, length in zip(batch["advantages"], lengths, strict=True)]
    assert torch.allclose(kept, torch.stack(means), atol=1e-5)
    assert len({round(float(value), 4) for value in kept}) > 2


@pytest.mark.parametrize("four_bit", [False, True])
def test_ppo_trains_an_adapter_and_its_head(four_bit: bool, model_folder: Path, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft")
    pytest.importorskip("bitsandbytes")
    lora = peft.LoraConfig(r=4, target_modules="all-linear", init_lora_weights=True)
    trainer = make_trainer(
        "ppo",
        HALF,
        model_folder,
        tmp_path,
        peft_config=lora,
        four_bit=four_bit,
        max_steps=3,
        learning_rate=1e-3,
    )
    before = {name: parameter.clone() for name, parameter in trainer.model.named_parameters()}
    trainer.train()
    changed = {
        n for n, parameter in trainer.model.named_parameters() if not torch.equal(parameter, before[n])
    }
    assert changed
    assert all("lora_" in name and ".ref." not in name for name in changed)
    assert trainer.value_head.weight.isfinite().all()
    assert trainer.value_head.weight.abs().max() > 0


@pytest.fixture(scope="module")
def plain(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[torch.Tensor]:
    """The parameters that training without any option ends with."""
    return list(
        trained(model_folder, tmp_path_factory.mktemp("plain"), learning_rate=1e-2).model.parameters()
    )


@pytest.mark.parametrize(
    "settings",
    [
        *({"gamma": 0.9}, {"lam": 0.5}, {"vf_coef": 0.1}, {"cliprange_value": 1e-4}),
        *({"value_learning_rate": 1e-2}, {"epsilon": 0.01}),
    ],
)
def test_every_option_changes_what_is_learnt(
    settings: dict, plain: list[torch.Tensor], model_folder: Path, tmp_path: Path
) -> None:
    other = trained(model_folder, tmp_path, learning_rate=1e-2, **settings)
    pairs = zip(plain, other.model.parameters(), strict=True)
    assert any(not torch.equal(one, two) for one, two in pairs)
    assert all(math.isfinite(line["loss"]) for line in other.state.log_history if "loss" in line)


def test_a_completion_without_a_verdict_teaches_neither_policy_nor_critic(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = make_trainer("ppo", HALF, model_folder, tmp_path)
    unknown = torch.tensor([1])
    monkeypatch.setattr(
        trainer, "shape_rewards", lambda rewards, *_: rewards.index_fill(0, unknown, torch.nan)
    )
    trainer.model.train()
    trainer.current_gradient_accumulation_steps = 1
    with torch.no_grad():
        trainer.value_head.bias.fill_(0.25)
    batch = trainer._generate_and_score_completions(generation(trainer))
    assert batch["advantages"][1].abs().max() == 0
    assert batch["completion_mask"][1].sum() > 0
    known = batch["completion_mask"].bool()
    known[1] = False
    trainer.compute_loss(trainer.model, batch)
    expected = (0.25 - batch["returns"][known]).square().mean()
    assert trainer._metrics["train"]["value/loss"] == [pytest.approx(expected.item())]


def test_the_value_loss_is_divided_by_the_tokens_of_an_optimizer_step(
    model_folder: Path, tmp_path: Path
) -> None:
    """A generation of two steps: each has half of its tokens, as the policy loss counts them."""
    trainer = make_trainer(
        "ppo", HALF, model_folder, tmp_path, per_device_train_batch_size=4, steps_per_generation=2
    )
    trainer.model.train()
    trainer.current_gradient_accumulation_steps = 1
    inputs = trainer._prepare_inputs(generation(trainer))
    losses = []
    for weight in (0.0, 1.0):
        trainer.args.vf_coef = weight
        losses.append(trainer.compute_loss(trainer.model, inputs).item())
    mask = inputs["completion_mask"].bool()
    expected = inputs["returns"][mask].square().sum() / (inputs["num_items_in_batch"] / 2)
    assert losses[1] - losses[0] == pytest.approx(expected.item(), rel=1e-6)
