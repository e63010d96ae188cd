"""The settings of the algorithms: what each stands for, what is refused before a model is loaded, and that
every option of ours changes what is trained on.
"""

from pathlib import Path

import pytest
import torch
from conftest import run_recipe
from replay import HALF, LONG_RIGHT, generation, make_trainer

from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import AlgorithmArguments, ConfigError, ModelArguments, RecipeArguments, parse

CPU = ["--use_cpu", "true", "--bf16", "false", "--output_dir", "runs/none"]


def parsed(name: str, *flags: str) -> tuple:
    algorithm = ALGORITHMS[name]
    classes = [RecipeArguments, AlgorithmArguments, algorithm.rewards, ModelArguments, algorithm.config]
    return parse(classes, [*CPU, "--algorithm", name, "--model_name_or_path", "some/model", *flags])


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("grpo", {"loss_type": "grpo", "scale_rewards": "group", "epsilon": 0.2, "beta": 0.0}),
        ("dr_grpo", {"loss_type": "dr_grpo", "scale_rewards": "none", "length_norm": "constant"}),
        ("ppo", {"num_generations": 1, "gamma": 0.99, "lam": 0.95, "vf_coef": 0.5, "cliprange_value": None}),
        ("gspo", {"importance_sampling_level": "sequence", "epsilon": 3e-4, "epsilon_high": 4e-4}),
        (
            "dapo",
            {"loss_type": "dapo", "epsilon": 0.2, "epsilon_high": 0.28, "mask_truncated_completions": True},
        ),
        ("grpo_lead", {"variant": "symmetric", "length_alpha": 0.1}),
        ("rloo", {"num_generations": 8, "beta": 0.0, "normalize_advantages": False}),
        ("cispo", {"loss_type": "cispo", "epsilon_high": 5.0}),
    ],
)
def test_the_name_alone_gives_the_algorithm(name: str, settings: dict) -> None:
    training = parsed(name)[-1]
    assert {key: vars(training)[key] for key in settings} == settings


def test_the_name_gives_the_rewards_of_the_algorithm_too() -> None:
    assert parsed("dapo")[2].reward_funcs == ["accuracy", "soft_overlong"]
    assert parsed("grpo")[2].reward_funcs == ["accuracy"]
    assert parsed("grpo_lead", "--variant", "paper")[-1].length_alpha == 0.05
    assert parsed("dr_grpo", "--length_norm", "group_mean")[-1].loss_type == "grpo"


@pytest.mark.parametrize(
    ("name", "flags", "words"),
    [
        ("grpo", ["--num_generations", "1"], "give 2 or more (8 is usual), or choose algorithm: ppo"),
        ("rloo", ["--num_generations", "1"], "give 2 or more"),
        ("grpo", ["--num_generations", "6"], "num_generations: 6 does not divide the 8 completions"),
        ("ppo", ["--num_generations", "3"], "num_generations: 3 does not divide the 8 completions"),
        ("gspo", ["--num_iterations", "1"], "num_iterations: 1 makes one step of each generation"),
        ("gspo", ["--gradient_accumulation_steps", "4", "--steps_per_generation", "2"], "give 3 or more"),
        ("ppo", ["--per_device_train_batch_size", "1"], "samples one completion at a time"),
        ("dapo", ["--max_resample_rounds", "-1"], "0 turns dynamic sampling off"),
        ("grpo", ["--max_completions", "0"], "give 1 or more"),
        (
            "grpo",
            ["--max_completions", "100", "--lr_scheduler_type", "reduce_lr_on_plateau"],
            "choose linear or cosine",
        ),
        *(
            (name, ["--importance_sampling_level", "sequence"], "choose from token")
            for name in ("dr_grpo", "ppo", "dapo", "grpo_lead", "cispo")
        ),
        ("grpo_lead", ["--loss_type", "dapo"], "choose from grpo"),
        *(
            (name, ["--multi_objective_aggregation", "normalize_then_sum"], "choose from sum_then_normalize")
            for name in ("dr_grpo", "dapo", "grpo_lead")
        ),
        ("dr_grpo", ["--scale_rewards", "group"], "scale_rewards: unknown value 'group'; choose from none"),
        ("dr_grpo", ["--loss_type", "grpo"], "give length_norm: group_mean"),
        (
            "dapo",
            ["--scale_rewards", "batch"],
            "scale_rewards: unknown value 'batch'; choose from group, none",
        ),
        ("dapo", ["--loss_type", "grpo"], "loss_type: unknown value 'grpo'; choose from dapo"),
        ("grpo", ["--loss_type", "grop"], "loss_type: unknown value 'grop'; choose from grpo, dr_grpo"),
        ("grpo_lead", ["--reward_funcs", "format"], "lacks accuracy"),
        ("grpo_lead", ["--variant", "seed"], "variant: unknown value 'seed'; choose from symmetric, paper"),
    ],
)
def test_what_cannot_work_is_refused_with_the_fix(name: str, flags: list[str], words: str) -> None:
    with pytest.raises(ConfigError) as error:
        parsed(name, *flags)
    assert words in str(error.value)


def test_more_than_one_step_of_a_generation_is_what_gspo_needs() -> None:
    assert parsed("gspo", "--num_iterations", "1", "--steps_per_generation", "4")
    assert parsed("gspo", "--num_iterations", "1", "--generation_batch_size", "32")


def test_a_refusal_comes_before_the_model_is_looked_for() -> None:
    flags = ["--algorithm", "grpo", "--num_generations", 1, "--model_name_or_path", "runs/there/is/none"]
    output = run_recipe("recipes/grpo.py", *CPU, *flags, code=1)
    assert "num_generations: 1" in output
    assert "runs/there" not in output
    assert "Traceback" not in output


def test_an_unknown_algorithm_is_refused_with_the_known_ones() -> None:
    output = run_recipe(
        "recipes/grpo.py", *CPU, "--algorithm", "grop", "--model_name_or_path", "some/model", code=1
    )
    assert "unknown algorithm 'grop'; choose from grpo, dr_grpo, ppo, gspo, dapo, grpo_lead" in output


@pytest.mark.parametrize(
    ("name", "case", "settings"),
    [
        ("dr_grpo", HALF, {"length_norm": "group_mean"}),
        ("grpo_lead", LONG_RIGHT, {"variant": "paper"}),
        ("grpo_lead", LONG_RIGHT, {"length_alpha": 0.5}),
    ],
)
def test_an_option_changes_the_advantages(
    name: str, case: list, settings: dict, model_folder: Path, tmp_path: Path
) -> None:
    found = []
    for given in ({}, settings):
        trainer = make_trainer(name, case, model_folder, tmp_path, **given)
        trainer.model.train()
        found.append(trainer._generate_and_score_completions(generation(trainer))["advantages"])
    assert not torch.allclose(*found, atol=1e-3)
