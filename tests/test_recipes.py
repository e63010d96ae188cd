"""The recipes as users run them, in real processes: trained, killed, continued, handed over, evaluated."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pyarrow.parquet
import pytest
import torch
import yaml
from conftest import CPU, run_and_kill, run_recipe, sft_flags

from tinyreason.chatml import render_prompt
from tinyreason.data import load_split
from tinyreason.evaluation import read_items


def grpo_flags(rows: Path, model: Path, output: Path) -> list[object]:
    """24 steps in three epochs: the 8 prompts are one generation, whose four batches are trained on twice."""
    batch = ["--per_device_train_batch_size", 8, "--num_generations", 4, "--steps_per_generation", 4]
    steps = [
        "--num_iterations",
        2,
        "--max_steps",
        24,
        "--save_steps",
        3,
        "--logging_steps",
        1,
        "--max_rows",
        8,
    ]
    rest = ["--max_completion_length", 12, "--learning_rate", "1e-3", "--beta", 0.04, "--seed", 5]
    return [
        "--dataset",
        rows,
        "--model_name_or_path",
        model,
        "--output_dir",
        output,
        *batch,
        *steps,
        *rest,
        *CPU,
    ]


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def metrics(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def losses(folder: Path) -> dict[int, float]:
    return {line["step"]: line["loss"] for line in metrics(folder) if "loss" in line}


@pytest.fixture(scope="module")
def grpo_run(rows_file: Path, sft_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grpo")
    run_recipe("recipes/grpo.py", *grpo_flags(rows_file, sft_run, folder))
    return folder


def test_sft_killed_in_a_later_epoch_ends_with_the_weights_of_an_uninterrupted_run(
    sft_run: Path, rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    flags = sft_flags(rows_file, tokenizer_folder, tmp_path)
    run_and_kill("recipes/sft.py", *flags, until=tmp_path / "checkpoint-15/trainer_state.json", fresh=True)
    assert not (tmp_path / "model.safetensors").exists()
    assert "resuming from" in run_recipe("recipes/sft.py", *flags)
    assert weights(tmp_path) == weights(sft_run)
    assert losses(tmp_path) == losses(sft_run)


@pytest.mark.parametrize("step", [3, 15])  # inside a generation of the first epoch, and of the second
def test_grpo_killed_at_any_step_ends_with_the_weights_of_an_uninterrupted_run(
    step: int, grpo_run: Path, sft_run: Path, rows_file: Path, tmp_path: Path
) -> None:
    flags = grpo_flags(rows_file, sft_run, tmp_path)
    run_and_kill("recipes/grpo.py", *flags, until=tmp_path / f"checkpoint-{step}/trainer_state.json")
    assert "resuming from" in run_recipe("recipes/grpo.py", *flags)
    assert weights(tmp_path) == weights(grpo_run)
    assert losses(tmp_path) == losses(grpo_run)
    names = [sorted(part.name for part in (run / "rollouts").iterdir()) for run in (tmp_path, grpo_run)]
    assert names[0] == names[1]


def test_grpo_trains_on_right_and_wrong_rollouts(grpo_run: Path, sft_run: Path) -> None:
    rewards = [line["reward"] for line in metrics(grpo_run) if "reward" in line]
    assert 0 < sum(rewards) / len(rewards) < 1
    assert weights(grpo_run) != weights(sft_run)


def test_sft_learns(sft_run: Path) -> None:
    found = losses(sft_run)
    assert found[40] < 0.6 * found[1]


def test_run_folder_says_where_the_run_came_from(sft_run: Path) -> None:
    manifest = json.loads((sft_run / "run.json").read_text())
    assert manifest["steps"] == 40
    assert manifest["tokens_seen"] > 0
    assert manifest["parameters"] > 0
    assert 80 < manifest["data"]["train"]["rows_used"] < 120  # the file, less its validation and test rows
    assert len(manifest["data"]["train"]["files"][0]["sha256"]) == 64
    assert manifest["versions"]["trl"]


def test_rollouts_hold_every_completion_with_its_reward(grpo_run: Path) -> None:
    parts = sorted((grpo_run / "rollouts").glob("*.parquet"))
    assert len(parts) == 3  # 24 steps, one generation for every eight
    table = pyarrow.parquet.read_table(parts[-1]).to_pydict()
    assert set(table["step"]) == {16}
    assert len(table["completion"]) == 32
    assert set(table["reward"]) <= {0.0, 1.0}
    assert all(tokens <= 12 for tokens in table["tokens"])
    for part in parts:  # GRPO: (reward - mean) / (std + 1e-4), four completions a prompt
        rows = pyarrow.parquet.read_table(part)
        rewards, advantages = (
            torch.tensor(rows[name].to_pylist()).view(-1, 4) for name in ("reward", "advantage")
        )
        spread = rewards.std(dim=1, keepdim=True)
        expected = (rewards - rewards.mean(dim=1, keepdim=True)) / (spread + 1e-4)
        assert torch.allclose(advantages, expected, atol=1e-4)


def test_every_reward_is_weighted_logged_and_kept_with_its_rollouts(
    rows_file: Path, sft_run: Path, tmp_path: Path
) -> None:
    weights_of = {
        "accuracy": 1.0,
        "format": 0.5,
        "cosine_length": 0.25,
        "steps": 0.125,
        "repetition": 2.0,
        "soft_overlong": 3.0,
    }
    flags = ["--reward_funcs", *weights_of, "--reward_weights", *map(str, weights_of.values())]
    flags += ["--scale_rewards", "none"]  # shaping at the size of its weights
    run_recipe("recipes/grpo.py", *grpo_flags(rows_file, sft_run, tmp_path), *flags)
    first = metrics(tmp_path)[0]
    assert all(first[f"rewards/{name}/unscorable"] == 0.0 for name in weights_of)
    assert first["reward"] == pytest.approx(
        sum(weight * first[f"rewards/{name}/mean"] for name, weight in weights_of.items()), abs=1e-4
    )
    rollouts = pyarrow.parquet.read_table(tmp_path / "rollouts").to_pylist()
    assert len(rollouts) == 96
    for row in rollouts:
        assert row["reward"] == pytest.approx(
            sum(weight * row[name] for name, weight in weights_of.items()), abs=1e-4
        )


def test_a_finished_run_started_again_changes_nothing(
    sft_run: Path, rows_file: Path, tokenizer_folder: Path
) -> None:
    before, lines = weights(sft_run), losses(sft_run)
    run_recipe("recipes/sft.py", *sft_flags(rows_file, tokenizer_folder, sft_run))
    assert weights(sft_run) == before
    assert losses(sft_run) == lines


def test_the_saved_recipe_runs_again_unchanged(sft_run: Path, tmp_path: Path) -> None:
    output = run_recipe("recipes/sft.py", "--config", sft_run / "recipe.yaml", "--output_dir", tmp_path)
    assert "resuming" not in output
    assert weights(tmp_path) == weights(sft_run)
    saved, again = (yaml.safe_load((run / "recipe.yaml").read_text()) for run in (sft_run, tmp_path))
    assert {**saved, "output_dir": None} == {**again, "output_dir": None}


def test_another_recipe_does_not_continue_a_run(
    sft_run: Path, rows_file: Path, tokenizer_folder: Path
) -> None:
    flags = [*sft_flags(rows_file, tokenizer_folder, sft_run), "--weight_decay", "0.5"]
    before = (sft_run / "recipe.yaml").read_text()
    output = run_recipe("recipes/sft.py", *flags, code=1)
    assert "weight_decay was None, is 0.5" in output
    assert "Traceback" not in output
    assert yaml.safe_load((sft_run / "recipe.yaml").read_text()) == yaml.safe_load(before)


def test_a_stage_hands_over_equal_logits_and_grpo_starts_without_divergence(grpo_run: Path) -> None:
    from tinyreason import chatml
    from tinyreason.config import ModelArguments
    from tinyreason.models import load_model, load_tokenizer

    first = next(line for line in metrics(grpo_run) if "kl" in line)
    assert abs(first["kl"]) < 1e-3
    model_args = ModelArguments(model_name_or_path=str(grpo_run))
    tokenizer = load_tokenizer(model_args, "boxed")
    ids = tokenizer(chatml.render_prompt("Tom has 3 pens. How many?"), return_tensors="pt")["input_ids"]
    last = ModelArguments(model_name_or_path=str(grpo_run / "checkpoint-24"))
    pair = [load_model(args, tokenizer, seed=0).eval() for args in (model_args, last)]
    with torch.no_grad():
        one, other = (model(ids).logits for model in pair)
    assert torch.equal(one, other)
    assert pair[0].generation_config.eos_token_id == tokenizer.eos_token_id == pair[0].config.eos_token_id


def test_evaluation_compares_a_model_with_those_named_and_with_the_stage_before(
    sft_run: Path, grpo_run: Path, rows_file: Path, model_folder: Path
) -> None:
    flags = ["--model", grpo_run, "--against", model_folder, "--dataset", rows_file, "--split", "train"]
    flags += ["--max_rows", 20, "--max_completion_length", 48]
    output = run_recipe("recipes/evaluate.py", *flags)
    found = json.loads((grpo_run / "eval" / "rows-train-20rows.json").read_text())
    items = read_items(grpo_run / "eval" / "rows-train-20rows.jsonl")
    assert found["n"] == len(items) == 20
    assert found["correct"] == sum(item["correct"] for item in items)
    assert found["protocol"] == "rows-custom"
    assert found["data"]["files"][0]["rows"] == 120
    assert (found["use_vllm"], found["revision"], len(found["weights"])) == (False, None, 16)
    assert found["paired"]["against"] == str(model_folder)
    assert [test["against"] for test in found["paired_others"]] == [str(sft_run)]
    for test in (found["paired"], *found["paired_others"]):
        assert f"against {test['against']}: {test['verdict']}" in output
        other = json.loads((Path(test["against"]) / "eval" / "rows-train-20rows.json").read_text())
        assert test["difference"] == pytest.approx(found["accuracy"] - other["accuracy"])
        whole = json.loads(
            (grpo_run / "eval" / f"rows-train-20rows-against-{Path(test['against']).name}.json").read_text()
        )
        lists = [whole[name] for name in ("fixed_ids", "broken_ids", "both_wrong_ids")]
        assert [len(ids) for ids in lists] == [test["fixed"], test["broken"], test["both_wrong"]]
        assert set().union(*lists) <= {item["id"] for item in items}
    alone = run_recipe("recipes/evaluate.py", *flags[:2], *flags[4:], "--no_base")
    assert "against" not in alone
    assert "paired" not in json.loads((grpo_run / "eval" / "rows-train-20rows.json").read_text())


def test_samples_and_worked_examples(sft_run: Path, rows_file: Path) -> None:
    flags = ["--model", sft_run, "--dataset", rows_file, "--k", 4, "--shots", 2, "--temperature", 0.8]
    output = run_recipe("recipes/evaluate.py", *flags, "--split", "validation", "--max_completion_length", 48)
    result = sft_run / "eval" / "rows-validation-2shot.json"
    found = json.loads(result.read_text())
    sampled = found["sampled"]
    assert list(sampled["pass_at_k"]) == ["1", "2", "4"]
    assert sampled["accuracy"] == pytest.approx(sampled["pass_at_k"]["1"])
    assert sampled["pass_at_k"]["1"] <= sampled["pass_at_k"]["2"] <= sampled["pass_at_k"]["4"] <= 1
    assert "4 samples at temperature 0.8: pass@1" in output
    assert found["shots"] == 2
    items = read_items(result.with_suffix(".jsonl"))
    assert {len(item["samples"]) for item in items} == {4}
    shown = load_split(str(rows_file), "train").rows[:2]
    assert [item["prompt"] for item in items] == [
        render_prompt(item["question"], "boxed", shown) for item in items
    ]
    refused = run_recipe("recipes/evaluate.py", *flags, "--split", "train", code=1)
    assert "shots: are training problems; evaluate on another split" in refused


def test_worked_examples_that_are_not_there_are_not_left_out_silently(sft_run: Path, tmp_path: Path) -> None:
    rows = tmp_path / "bare.jsonl"
    rows.write_text("".join(f'{{"question": "What is {n}+{n}?", "answer": "{2 * n}"}}\n' for n in range(90)))
    flags = ["--model", sft_run, "--dataset", rows, "--split", "validation", "--shots", 2]
    output = run_recipe("recipes/evaluate.py", *flags, code=1)
    assert "shots: bare.jsonl has 0 worked training problems; ask for no more" in output


def test_a_model_is_one_however_its_folder_is_written(
    grpo_run: Path, sft_run: Path, model_folder: Path, rows_file: Path, tmp_path: Path
) -> None:
    instruct = tmp_path / "instruct"
    shutil.copytree(model_folder, instruct)
    template = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[assistant]"
    (instruct / "chat_template.jinja").write_text(template)
    flags = ["--dataset", rows_file, "--split", "train", "--max_rows", 6, "--max_completion_length", 8]
    flags += ["--output_dir", tmp_path / "out"]
    spelt = f"{sft_run.parent}/./{sft_run.name}/"
    output = run_recipe("recipes/evaluate.py", "--model", grpo_run, "--against", spelt, *flags)
    assert output.count(f"{grpo_run} against ") == 1
    assert output.count(f"| {sft_run} |") == 1
    named = ["--model", instruct, "--against", f"{instruct}/../instruct", "--no_base"]
    assert " against " not in run_recipe("recipes/evaluate.py", *named, *flags)
    other = tmp_path / "other"
    shutil.copytree(instruct, other)
    named = ["--model", instruct, "--against", other, "--no_base", "--prompt", "native"]
    output = run_recipe("recipes/evaluate.py", *named, *flags)
    assert f"{instruct}, own prompt against {other}, own prompt: no significant difference" in output
    spread = read_items(tmp_path / "out" / str(sft_run).replace("/", "--") / "rows-train-6rows.jsonl")
    rows = load_split(str(rows_file), "train").rows
    assert [item["question"] for item in spread] == [
        rows[number * len(rows) // 6]["question"] for number in range(6)
    ]


def test_a_stage_that_is_gone_is_named_with_what_to_do(
    sft_run: Path, rows_file: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(sft_run, run)
    (run / "recipe.yaml").write_text("model_name_or_path: runs/long/gone\nanswer_format: boxed\n")
    flags = ["--model", run, "--dataset", rows_file, "--split", "train", "--max_rows", 2]
    output = run_recipe("recipes/evaluate.py", *flags, code=1)
    assert "error: runs/long/gone, from which the model was trained: " in output
    assert "no such folder" in output
    assert "or give --no_base" in output


def test_a_killed_evaluation_goes_on_and_ends_as_one_that_was_not(sft_run: Path, rows_file: Path) -> None:
    flags = ["--model", sft_run, "--dataset", rows_file, "--split", "train", "--batch_size", 4, "--k", 2]
    flags += ["--max_completion_length", 40]
    result = sft_run / "eval" / "rows-train.json"
    result.unlink(missing_ok=True)
    store = result.with_suffix(".completions.jsonl")
    store.unlink(missing_ok=True)
    run_and_kill("recipes/evaluate.py", *flags, until=store, lines=2)
    assert not result.is_file()
    environment, first, *others = store.read_text().splitlines(keepends=True)
    marked = json.dumps({**json.loads(first), "text": "kept"}) + "\n"
    store.write_text(environment + marked + "".join(others))
    run_recipe("recipes/evaluate.py", *flags)
    found, items = json.loads(result.read_text()), read_items(result.with_suffix(".jsonl"))
    assert found["n"] == len(items)
    run_recipe("recipes/evaluate.py", *flags, "--output_dir", result.parent / "anew")
    anew = read_items(result.parent / "anew" / str(sft_run).replace("/", "--") / "rows-train.jsonl")
    different = [item for item, other in zip(items, anew, strict=True) if item != other]
    assert [item["completion"] for item in different] == ["kept"]


def test_a_report_on_real_runs(grpo_run: Path, sft_run: Path, rows_file: Path, tmp_path: Path) -> None:
    flags = ["--dataset", rows_file, "--split", "train", "--max_rows", 9, "--max_completion_length", 12]
    run_recipe("recipes/evaluate.py", "--model", grpo_run, *flags)
    output = run_recipe("scripts/report.py", grpo_run, "--output_dir", tmp_path, "--price", 2)
    assert f"{grpo_run.name} against {sft_run.name}: " in output
    assert (tmp_path / "report.md").read_text() in output
    page = (tmp_path / "report.html").read_text()
    assert "9 problems" in page
    assert "does not have it" not in page
    steps = json.loads(re.search('<script type="application/json">(.*?)</script>', page)[1])
    rollouts = [rollout for step in steps for group in step["groups"] for rollout in group["rollouts"]]
    assert len(steps) == 3
    assert all(rollout["advantage"] is not None for rollout in rollouts)
    assert {rollout["right"] for rollout in rollouts} == {True, False}
    assert {len(group["rollouts"]) for step in steps for group in step["groups"]} == {4}


def test_a_model_can_be_talked_to(sft_run: Path) -> None:
    flags = ["--model", sft_run, "--max_completion_length", 48]
    output = run_recipe("scripts/chat.py", *flags, typed="Tom has 3 pens. Tom buys 4 more. How many pens?\n")
    assert output.count("answer: ") == 1
