"""DAPO's dynamic sampling: groups that agree are replaced by fresh ones, the others stay as they are."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import torch
from replay import CASES, QUESTIONS, REFILL, generation, make_trainer

from tinyreason.dapo import replace_groups


def sample(folder: Path, output: Path, case: list, **settings: Any) -> tuple[Any, dict[str, torch.Tensor]]:
    trainer = make_trainer("dapo", case, folder, output, num_iterations=2, **settings)
    trainer.model.train()
    return trainer, trainer._generate_and_score_completions(generation(trainer))


def questions(trainer: Any, batch: dict[str, torch.Tensor]) -> list[str]:
    texts = trainer.processing_class.batch_decode(batch["prompt_ids"])
    return [next(question for question in QUESTIONS if question in text) for text in texts]


def test_a_group_that_agrees_is_replaced_and_the_other_one_stays(model_folder: Path, tmp_path: Path) -> None:
    _, plain = sample(model_folder, tmp_path, REFILL, max_resample_rounds=0)
    trainer, batch = sample(model_folder, tmp_path, REFILL, max_resample_rounds=9)
    asked = questions(trainer, batch)
    assert questions(trainer, plain)[:4] == [QUESTIONS[0]] * 4
    assert asked[0] in (QUESTIONS[1], QUESTIONS[3])
    assert asked == [asked[0]] * 4 + [QUESTIONS[1]] * 4
    assert (batch["advantages"][:4] != 0).any()
    for name in ("completion_ids", "completion_mask", "old_per_token_logps", "ref_per_token_logps"):
        width = min(plain[name].shape[1], batch[name].shape[1])
        assert torch.equal(plain[name][4:, :width], batch[name][4:, :width]), name
    assert torch.equal(plain["advantages"][4:], batch["advantages"][4:])
    assert batch["num_items_in_batch"] == batch["completion_mask"].sum()
    metrics = trainer._metrics["train"]
    rounds = metrics["resample/rounds"][0]
    assert 1 <= rounds <= 9
    assert metrics["resample/groups"] == [rounds]  # one group was missing in each of them
    assert metrics["resample/groups_with_signal"] == [1.0]
    assert metrics["accuracy"] == [6 / 8]  # of the first round alone
    assert trainer._completions_sampled == 8 + 4 * rounds
    rollouts = pyarrow.parquet.read_table(tmp_path / "rollouts").to_pylist()
    assert len(rollouts) >= 8 + 4 * rounds


def test_the_rounds_are_spent_where_nothing_can_be_learnt(model_folder: Path, tmp_path: Path) -> None:
    dead = CASES["all right, all wrong"]
    trainer, batch = sample(model_folder, tmp_path, dead, max_resample_rounds=3)
    assert trainer._metrics["train"]["resample/rounds"] == [3]
    assert trainer._metrics["train"]["resample/groups_with_signal"] == [0.0]
    assert questions(trainer, batch) == [QUESTIONS[0]] * 4 + [QUESTIONS[1]] * 4


def test_fresh_prompts_are_different_ones_as_long_as_there_are(model_folder: Path, tmp_path: Path) -> None:
    trainer = make_trainer("dapo", REFILL, model_folder, tmp_path)
    for sampled in range(20):
        trainer._completions_sampled = sampled
        drawn = [row["question"] for row in trainer._fresh_rows(6)[::4]]
        assert set(drawn[:4]) == set(QUESTIONS)
        assert drawn[4:] == drawn[:2]


def test_evaluation_samples_each_prompt_once(model_folder: Path, tmp_path: Path) -> None:
    trainer = make_trainer("dapo", REFILL, model_folder, tmp_path)
    trainer.model.eval()
    trainer._generate_and_score_completions(generation(trainer))
    assert "resample/rounds" not in trainer._metrics["eval"]
    assert trainer._completions_sampled == 0


@pytest.mark.parametrize("wider", ["kept", "fresh"])
def test_groups_are_replaced_at_the_wider_padding(wider: str) -> None:
    def batch(value: int, prompt: int, completion: int) -> dict[str, torch.Tensor]:
        return {
            "prompt_ids": torch.full((4, prompt), value),
            "completion_ids": torch.full((4, completion), value),
            "advantages": torch.full((4,), float(value)),
        }

    kept, fresh = (batch(1, 3, 5), batch(2, 2, 4)) if wider == "kept" else (batch(1, 2, 4), batch(2, 3, 5))
    result = replace_groups(kept, fresh, torch.tensor([1]), torch.tensor([0]), 2)
    narrow = 2 if wider == "kept" else 0  # the rows that had to be padded
    assert result["advantages"].tolist() == [1, 1, 2, 2]
    assert [row.tolist() for row in result["prompt_ids"][narrow : narrow + 2]] == [
        [0, *[2 if wider == "kept" else 1] * 2]
    ] * 2
    assert result["completion_ids"][narrow].tolist()[-1] == 0
    assert (result["completion_ids"][2 - narrow] != 0).all()


def test_a_resumed_run_draws_the_same_fresh_prompts(model_folder: Path, tmp_path: Path) -> None:
    settings = {"max_steps": 4, "learning_rate": 1e-4, "num_iterations": 2, "max_resample_rounds": 2}
    whole = make_trainer(
        "dapo", REFILL, model_folder, tmp_path / "whole", save_strategy="steps", save_steps=1, **settings
    )
    whole.train()
    for step in (1, 2):  # inside a generation, and before the next
        again = make_trainer("dapo", REFILL, model_folder, tmp_path / f"again-{step}", **settings)
        again.train(resume_from_checkpoint=str(tmp_path / "whole" / f"checkpoint-{step}"))
        assert again._completions_sampled == whole._completions_sampled
        for name, parameter in whole.model.state_dict().items():
            assert torch.equal(parameter, again.model.state_dict()[name]), name
