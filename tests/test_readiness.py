"""Whether RL can learn: the shares, the words, and the script on a real tiny model."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import CPU, run_recipe
from scipy.stats import betabinom

from tinyreason.monitors import readiness
from tinyreason.monitors.readiness import expected_mixed


def group(right: int, size: int = 8, *, marked: bool = True, truncated: bool = False) -> list[dict]:
    answer = "4" if marked else None
    return [{"correct": n < right, "answer": answer, "truncated": truncated} for n in range(size)]


def test_the_shares() -> None:
    found = readiness([group(0), group(8), group(2), group(4)])
    assert (found.prompts, found.samples) == (4, 8)
    assert (found.pass_at_1, found.pass_at_g, found.mixed, found.all_right) == (14 / 32, 0.75, 0.5, 0.25)
    assert list(found.larger) == [16, 32, 64]


def drawn(rates: np.ndarray, size: int) -> tuple[list[int], float]:
    """Right completions of groups of 8, and what share of groups of `size` is mixed at these rates."""
    rng = np.random.default_rng(0)
    mixed = 1 - rates**size - (1 - rates) ** size
    return rng.binomial(8, rates).tolist(), float(mixed.mean())


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.1, 0.5])
def test_larger_groups_are_expected_as_mixed_as_they_are(rate: float) -> None:
    """Of 4,000 prompts that are all as hard, and of as many that differ: most never, some always solved."""
    for rates in (np.full(4000, rate), np.random.default_rng(1).beta(0.2, 0.2 / rate - 0.2, 4000)):
        right, truth = drawn(rates, 64)
        assert expected_mixed(right, 8)[64] == pytest.approx(truth, abs=0.06)


def test_the_expectation_is_that_of_the_beta_binomial_distribution() -> None:
    found = expected_mixed([0, 0, 0, 1, 2, 8, 3, 0], 8)
    mean = 14 / 64
    totals = 10 ** (np.arange(-40, 81) / 20)
    likelihoods = [
        betabinom.logpmf([0, 0, 0, 1, 2, 8, 3, 0], 8, mean * n, (1 - mean) * n).sum() for n in totals
    ]
    best = totals[int(np.argmax(likelihoods))]
    a, b = mean * best, (1 - mean) * best
    for size, share in found.items():
        ends = betabinom.pmf([0, size], size, a, b)
        assert share == pytest.approx(1 - ends.sum())
    assert expected_mixed([0] * 9, 8) == expected_mixed([8] * 9, 8) == {}
    assert list(expected_mixed([1, 0], 32)) == [64]


@pytest.mark.parametrize(
    ("groups", "verdict", "advice"),
    [
        ([group(4)] * 5 + [group(0)] * 5, "RL can learn from this model: 50%", []),
        ([group(1)] * 2 + [group(0)] * 8, "RL will learn slowly from this model: only 20%", ["never solved"]),
        ([group(0)] * 10, "RL cannot learn from this model: only 0%", ["never solved"]),
        ([group(8)] * 10, "RL cannot learn", ["100% of the prompts are always solved: take harder problems"]),
        ([group(0, marked=False)] * 10, "RL cannot learn", ["mark no answer: train SFT", "never solved"]),
        (
            [group(0, marked=False, truncated=True)] * 10,
            "RL cannot learn",
            ["cut off: raise max_completion_length", "never solved"],
        ),
        ([group(4, truncated=True)] * 10, "RL can learn", ["cut off: raise max_completion_length"]),
    ],
)
def test_the_words_follow_the_figures(groups: list, verdict: str, advice: list[str]) -> None:
    found = readiness(groups)
    assert found.verdict().startswith(verdict)
    assert found.ready == ("cannot" not in found.verdict())
    assert len(found.advice()) == len(advice)
    assert all(words in said for words, said in zip(advice, found.advice(), strict=True))


def test_the_script_looks_at_the_model_of_a_recipe(
    sft_run: Path, model_folder: Path, rows_file: Path, tmp_path: Path
) -> None:
    flags = ["--dataset", rows_file, "--prompts", 20, "--max_completion_length", 48, *CPU]
    flags += ["--per_device_train_batch_size", 8, "--num_generations", 4, "--temperature", 0.3]
    trained = ["--model_name_or_path", sft_run, "--output_dir", tmp_path / "trained"]
    output = run_recipe("scripts/ready.py", *flags, *trained)
    assert "20 training problems, 4 completions each" in output
    found = json.loads((tmp_path / "trained/ready.json").read_text())
    assert found["ready"]
    assert 0.2 < found["pass_at_1"] < 0.9  # the SFT run answers half of the rows right
    assert found["verdict"] in output
    random = ["--model_name_or_path", model_folder, "--output_dir", tmp_path / "random"]
    output = run_recipe("scripts/ready.py", *flags, *random, code=1)
    assert "RL cannot learn from this model" in output
    assert "cut off: raise max_completion_length, or train SFT until they end" in output
