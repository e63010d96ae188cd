"""The comparison of algorithms: hand-made runs with known answers, and the script itself on a tiny model."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT, run_recipe

from tinyreason.report import Trial, algorithms_plot, algorithms_table, compare_algorithms

PROBLEMS = [f"problem {number}" for number in range(40)]


def run(seed: int, solved: int, first: int = 0) -> Trial:
    """A run that solves `solved` problems, from the one numbered `first` on."""
    right = {problem: first <= number < first + solved for number, problem in enumerate(PROBLEMS)}
    return Trial(seed, right, mean_tokens=20.0, seconds=10.0, steps=5, tokens=1000, completions=80)


def comparison() -> dict:
    arms = {
        "grpo": [run(1, 30), run(2, 30)],
        "ppo": [run(1, 30), run(2, 28)],
        "gspo": [run(1, 10), run(2, 8)],
        "sft continued": [run(1, 12), run(2, 12)],
    }
    return compare_algorithms(run(1, 12).solved, arms, baseline="grpo", control="sft continued")


def test_an_arm_is_tested_problem_by_problem_over_its_seeds() -> None:
    arms = comparison()["arms"]
    assert arms["ppo"]["accuracies"] == [0.75, 0.7]
    assert arms["ppo"]["accuracy"] == pytest.approx(0.725)
    against = arms["ppo"]["against_baseline"]
    assert (against["better"], against["worse"]) == (0, 2)  # two problems that one seed of ppo misses
    assert against["difference"] == pytest.approx(-0.025)
    assert against["p_value"] == pytest.approx(0.5, abs=0.01)
    assert arms["gspo"]["against_baseline"]["worse"] == 22
    assert arms["gspo"]["against_baseline"]["p_value"] < 1e-4
    assert arms["gspo"]["against_baseline"]["p_value_holm"] == 2 * arms["gspo"]["against_baseline"]["p_value"]
    assert "against_baseline" not in arms["grpo"]
    assert "against_baseline" not in arms["sft continued"]
    assert arms["grpo"]["against_sft"]["better"] == arms["grpo"]["against_control"]["better"] == 18


def test_the_table_says_who_beats_whom() -> None:
    text = algorithms_table(comparison())
    rows = [line.split(" | ")[0].removeprefix("| ") for line in text.splitlines() if line.startswith("| ")]
    assert rows[1:] == ["SFT", "grpo", "ppo", "sft continued", "gspo"]
    assert "Against SFT (p < 0.01): all but gspo beat it." in text
    assert "Against sft continued (p < 0.01): all but gspo beat it." in text
    assert "Against grpo (p < 0.01, Holm): gspo is worse." in text


def test_a_verdict_goes_with_the_difference_and_not_with_the_number_of_problems() -> None:
    """11 problems won by all three seeds weigh more than 30 lost by one of them."""
    baseline = {f"problem {number}": number >= 11 for number in range(100)}
    arm = []
    for seed in range(3):
        lost = range(11 + 10 * seed, 21 + 10 * seed)
        solved = {problem: int(problem.split()[1]) not in lost for problem in baseline}
        arm.append(Trial(seed, solved, mean_tokens=1, seconds=1, steps=1, tokens=1, completions=1))
    start = Trial(0, baseline, mean_tokens=1, seconds=1, steps=1, tokens=1, completions=1)
    result = compare_algorithms(
        baseline, {"grpo": [start, start, start], "ppo": arm}, baseline="grpo", control=None
    )
    test = result["arms"]["ppo"]["against_baseline"]
    assert (test["better"], test["worse"]) == (11, 30)
    assert test["difference"] == pytest.approx(0.01)
    assert test["p_value"] > 0.5
    assert "no difference is significant" in algorithms_table(result)


def test_the_plot_is_a_drawing_of_its_own_that_says_what_it_shows() -> None:
    drawing = ElementTree.fromstring(algorithms_plot(comparison()))
    title = drawing.find("{http://www.w3.org/2000/svg}title").text
    assert "ppo 75.0, 70.0" in title
    assert "SFT 30.0" in title
    assert len(drawing.findall("{http://www.w3.org/2000/svg}circle")) == 8


def test_no_name_in_the_plot_is_cut_off(browser) -> None:
    folder = ROOT / "docs/results/compare"
    drawn = algorithms_plot(json.loads((folder / "comparison.json").read_text()))
    page = browser.new_page()
    for drawing in (drawn, (folder / "comparison.svg").read_text()):
        page.set_content(drawing)
        lefts = page.eval_on_selector_all("text.label", "each => each.map(text => text.getBBox().x)")
        assert len(lefts) == 9
        assert min(lefts) > 0


def test_arms_on_other_problems_are_refused() -> None:
    with pytest.raises(ValueError, match="same problems"):
        compare_algorithms({"another": True}, {"grpo": [run(1, 3)]}, baseline="grpo", control=None)


def test_the_script_compares_within_one_budget_and_goes_on_where_it_was(
    rows_file: Path, sft_run: Path, tmp_path: Path
) -> None:
    config = tmp_path / "rl.yaml"
    config.write_text(
        f"dataset: {rows_file}\nmodel_name_or_path: {sft_run}\nuse_cpu: true\nbf16: false\n"
        "per_device_train_batch_size: 8\nnum_generations: 4\nmax_steps: 3\nmax_completion_length: 16\n"
        "gradient_checkpointing: false\nlearning_rate: 1.0e-3\noutput_dir: elsewhere\nlogging_steps: 1\n"
    )
    folder = tmp_path / "compare"
    flags = ["--config", config, "--algorithms", "dapo", "--seeds", 1, "--output_dir", folder]
    first = run_recipe("scripts/compare.py", *flags, "--disable_tqdm", "true")
    result = json.loads((folder / "comparison.json").read_text())
    arm = result["arms"]["dapo"]
    assert result["budget"] == 24
    assert 24 <= arm["completions"] < 24 + 40  # it ends with the generation in which the budget was spent
    assert 1 <= arm["steps"] <= 3
    assert result["n"] == len((sft_run / "eval" / "rows.jsonl").read_text().splitlines())
    assert (folder / "comparison.svg").is_file()
    assert "recipes/sft.py" in first
    summary = folder / "dapo-1" / "eval" / "rows.json"
    limit = json.loads(summary.read_text())["max_new_tokens"]
    summary.write_text(summary.read_text().replace(f'"max_new_tokens": {limit}', '"max_new_tokens": 7'))
    once_more = run_recipe("scripts/compare.py", *flags, "--disable_tqdm", "true")
    assert once_more.count("| dapo |") == 1
    assert once_more.count("recipes/") == once_more.count("recipes/evaluate.py") == 1
    assert json.loads(summary.read_text())["max_new_tokens"] == limit
    other = run_recipe("scripts/compare.py", *flags, "--disable_tqdm", "true", "--beta", "0.1", code=1)
    assert "holds a comparison with another options (settings.json); give another output_dir" in other


def test_the_script_refuses_a_word_that_belongs_to_no_flag(tmp_path: Path) -> None:
    flags = ["--config", "configs/tiny/grpo_cpu.yaml", "--seeds", 1, "--output_dir", tmp_path]
    assert "stray: belongs to no flag" in run_recipe("scripts/compare.py", *flags, "stray", code=1)
