"""Every alarm sounds on the history that it is for, on none that is well, and ends a run if told so."""

import json
import logging
import math
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import CPU, run_recipe, sft_flags
from transformers import TrainerControl

from tinyreason.config import ALARMS, AlarmArguments, ConfigError, StopArguments
from tinyreason.monitors import DIAGNOSES, TrainingAlarms
from tinyreason.rollouts.loops import looping

STEPS = 40


def history(**changed: list[float]) -> list[dict]:
    """A run that is well, in which some names take other values."""
    well = {
        "loss": [0.0] * STEPS,
        "grad_norm": [0.3] * STEPS,
        "reward": [0.3 + 0.005 * step for step in range(STEPS)],
        "accuracy": [0.3 + 0.005 * step for step in range(STEPS)],
        "rewards/format/mean": [0.5 + 0.01 * step for step in range(STEPS)],
        "entropy": [0.5 - 0.005 * step for step in range(STEPS)],
        "kl": [0.001 * step for step in range(STEPS)],
        "groups_with_signal": [0.5] * STEPS,
        "completions/clipped_ratio": [0.1] * STEPS,
        "completions/looping": [0.01] * STEPS,
        "completions/mean_length": [100 + step for step in range(STEPS)],
    }
    return [{name: values[step] for name, values in (well | changed).items()} for step in range(STEPS)]


def heard(entries: list[dict], *, fp16: bool = False, **limits) -> tuple[set[str], TrainerControl]:
    """The alarms at the last entry, as the metrics have them."""
    callback, control = TrainingAlarms(AlarmArguments(**limits)), TrainerControl()
    state = SimpleNamespace(log_history=entries, global_step=len(entries), is_world_process_zero=True)
    logs = dict(entries[-1])
    args = SimpleNamespace(fp16=fp16)
    callback.on_log(args, state, control, logs=logs)
    if control.should_save:
        callback.on_save(args, state, control)
    return {name.removeprefix("alarm/") for name in logs if name.startswith("alarm/")}, control


RISING = [0.3 + 0.01 * step for step in range(STEPS)]
UNWELL = {
    "truncation": {"completions/clipped_ratio": [0.1] * 30 + [0.4] * 10},
    "dead_groups": {"groups_with_signal": [0.5] * 30 + [0.05] * 10},
    "format_without_correctness": {"accuracy": [0.3] * STEPS},
    "entropy_collapse": {"entropy": [0.5] * 30 + [0.04] * 10},
    "kl_jump": {"kl": [0.01] * 39 + [0.3]},
    "repetition": {"completions/looping": [0.01] * 30 + [0.2] * 10},
    "length_drift": {"completions/mean_length": [100.0] * 30 + [20.0] * 10},
    "not_finite": {"grad_norm": [0.3] * 39 + [math.nan]},
}


def test_a_run_that_is_well_raises_no_alarm() -> None:
    found, control = heard(history(), stop_on=list(ALARMS))
    assert found == set()
    assert not control.should_training_stop


@pytest.mark.parametrize("name", UNWELL)
def test_an_alarm_sounds_on_what_it_is_for_and_on_nothing_else(name: str) -> None:
    assert heard(history(**UNWELL[name]))[0] == {name}
    assert heard(history(**UNWELL[name])[: STEPS - 10])[0] <= {name} & {"format_without_correctness"}


def test_a_float16_run_may_skip_a_few_steps_but_not_go_on_so() -> None:
    for last, expected in (([math.inf], set()), ([math.inf] * 2, set()), ([math.nan] * 3, {"not_finite"})):
        norms = [0.3] * (STEPS - len(last)) + last
        assert heard(history(grad_norm=norms), fp16=True)[0] == expected
    assert heard(history(grad_norm=[0.3] * 39 + [math.inf]))[0] == {"not_finite"}
    assert heard(history(loss=[0.0] * 39 + [math.nan]), fp16=True)[0] == {"not_finite"}


def test_a_mean_of_nothing_is_passed_over() -> None:
    """TRL logs None where all values of a metric were NaN."""
    nothing = {name: [*values[:-1], None] for name, values in as_columns(history()).items()}
    assert heard(history(**nothing | {"grad_norm": [0.3] * 39 + [math.nan]}))[0] == {"not_finite"}
    assert heard(history(kl=[None] * STEPS, entropy=[None] * STEPS))[0] == set()


def as_columns(entries: list[dict]) -> dict[str, list]:
    return {name: [entry[name] for entry in entries] for name in entries[0]}


def test_a_reward_that_rises_without_the_held_out_accuracy_is_an_alarm() -> None:
    entries = history()
    known = [{"eval_accuracy": value} for value in (0.3, 0.31)]
    assert heard([known[0], *entries, known[1]])[0] == {"reward_without_accuracy"}
    assert heard([known[0], *entries, {"eval_accuracy": 0.4}])[0] == set()
    assert heard([known[0], *entries])[0] == set()


def test_weights_that_are_no_numbers_are_not_saved() -> None:
    control = heard(history(**UNWELL["not_finite"]), stop_on=["not_finite", "truncation"])[1]
    assert (control.should_training_stop, control.should_save) == (True, False)
    control = heard(history(**UNWELL["truncation"]), stop_on=["not_finite", "truncation"])[1]
    assert (control.should_training_stop, control.should_save) == (True, True)


def test_every_alarm_can_be_stopped_on_and_no_other_name() -> None:
    assert set(DIAGNOSES) == set(ALARMS) == {*UNWELL, "reward_without_accuracy"}
    for name, changed in UNWELL.items():
        assert heard(history(**changed), stop_on=[name])[1].should_training_stop
        assert not heard(history(**changed), stop_on=[])[1].should_training_stop
    with pytest.raises(ConfigError, match="unknown alarm in stop_on 'overflow'; choose from truncation"):
        AlarmArguments(stop_on=["overflow"])


def test_the_limits_are_those_of_the_recipe() -> None:
    assert heard(history(), alarm_truncation=0.05)[0] == {"truncation"}
    assert heard(history(**UNWELL["truncation"]), alarm_truncation=0.5)[0] == set()
    assert heard(history(**UNWELL["kl_jump"]), alarm_kl=50.0)[0] == set()


def test_an_alarm_is_said_once_until_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    callback, control = TrainingAlarms(AlarmArguments()), TrainerControl()
    entries = history(**{"completions/clipped_ratio": [0.4] * 20 + [0.0] * 10 + [0.4] * 10})
    with caplog.at_level(logging.WARNING):
        for count in range(1, STEPS + 1):
            state = SimpleNamespace(
                log_history=entries[:count], global_step=count, is_world_process_zero=True
            )
            callback.on_log(SimpleNamespace(fp16=False), state, control, logs=dict(entries[count - 1]))
    said = [record.getMessage() for record in caplog.records]
    assert [words.split(":")[0] for words in said] == ["truncation", "truncation"]
    assert said[0].startswith("truncation: at step 10 40% of the completions are cut off; raise max_comp")


def test_a_loop_is_known_from_what_only_repeats_itself_a_little() -> None:
    assert looping("So 3+4=7. " + "Then 7. " * 6)
    assert looping("12" * 30)
    assert not looping("Then 7. " * 4)
    assert not looping("Then 7. " * 40 + "".join(f"x{n} = {n * n}; " for n in range(80)))
    assert not looping("-" * 200)
    assert not looping("2*3=6\n3*3=9\n4*3=12\n5*3=15\n6*3=18\n7*3=21\n")


def test_an_sft_run_ends_where_a_number_is_none(
    rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    flags = sft_flags(rows_file, tokenizer_folder, tmp_path)
    flags[flags.index("--learning_rate") + 1] = "1e30"
    flags[flags.index("--max_steps") + 1] = 4
    output = run_recipe("recipes/sft.py", *flags, code=1)
    assert "not_finite: at step 2 grad_norm is nan; lower learning_rate" in output
    assert "error: stop_on: not_finite ended the run at step 2; with another limit" in output
    assert not (tmp_path / "model.safetensors").exists()
    run_recipe("recipes/sft.py", *flags, "--stop_on", "[]")
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [math.isnan(line["loss"]) for line in lines if "loss" in line] == [False, False, True, True]
    assert [line["step"] for line in lines if "alarm/not_finite" in line] == [2, 3, 4]
    with pytest.raises(ConfigError, match="unknown alarm in stop_on 'truncation'; choose from not_finite"):
        StopArguments(stop_on=["truncation"])


def test_an_rl_run_ends_where_an_alarm_says_so(sft_run: Path, rows_file: Path, tmp_path: Path) -> None:
    flags = ["--dataset", rows_file, "--model_name_or_path", sft_run, "--output_dir", tmp_path, *CPU]
    flags += ["--per_device_train_batch_size", 8, "--num_generations", 4, "--max_steps", 12]
    flags += ["--max_completion_length", 4, "--logging_steps", 1, "--save_steps", 50]
    flags += ["--alarm_window", 3]
    output = run_recipe("recipes/grpo.py", *flags, "--stop_on", "truncation", "not_finite", code=1)
    assert re.search(r"truncation: at step 3 \d+% of the completions are cut off", output)
    assert "error: stop_on: truncation ended the run at step 3; with another limit" in output
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if line.get("alarm/truncation")] == [3]
    assert (tmp_path / "checkpoint-3/trainer_state.json").is_file()
    assert (tmp_path / "model.safetensors").is_file()
    output = run_recipe("recipes/grpo.py", *flags, "--stop_on", "not_finite")
    assert "resuming from" in output
    assert json.loads((tmp_path / "run.json").read_text())["steps"] == 12
