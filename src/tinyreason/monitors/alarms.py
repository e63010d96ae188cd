"""What is looked at during training: an alarm has a name, says what it saw and what to do, and stands in the
metrics as `alarm/NAME`. Those in `stop_on` end the run.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from transformers import TrainerCallback

from tinyreason.config import AlarmArguments, StopArguments

logger = logging.getLogger(__name__)

FORGETTING = 0.3  # nats a token
KL_NOISE = 0.05  # nats a token; a jump below it is none
OVERFLOWS = 2  # while the loss scale of a float16 run comes down
FLAT = 0.02  # an accuracy that rises by less has not risen


class ForgettingAlarm(TrainerCallback):
    """Says when the validation loss of a part of the data is `FORGETTING` above the lowest that it had in
    this run, while the model learns the others. `eval_on_start: true` makes the start count.
    """

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        """Looks at every validation loss as it is logged."""
        for key in [key for key in logs if key.startswith("eval_") and key.endswith("_loss")]:
            losses = [entry[key] for entry in state.log_history if key in entry]
            lowest = min(filter(math.isfinite, losses), default=logs[key])
            if logs[key] - lowest <= FORGETTING:
                continue
            logs["alarm/forgetting"] = 1.0
            if state.is_world_process_zero:
                logger.warning(
                    "forgetting: at step %d %s is %.2f, its lowest was %.2f; mix in more of it, lower the "
                    "learning rate or stop earlier",
                    *(state.global_step, key, logs[key], lowest),
                )


class History:
    """What was logged so far, by name; without NaN, infinite values, and None, which TRL logs for a mean of
    nothing. `overflows` is how many steps in a row may have infinite gradients: float16 skips them.
    """

    def __init__(self, entries: Sequence[Mapping[str, Any]], window: int, overflows: int = 0) -> None:
        self.entries, self.window, self.overflows = entries, window, overflows

    def values(self, name: str) -> list[float]:
        """All of one name."""
        return [entry[name] for entry in self.entries if name in entry and finite(entry[name])]

    def now(self, name: str) -> float | None:
        """The mean of the last window, None where it is not full."""
        values = self.values(name)[-self.window :]
        return sum(values) / len(values) if len(values) == self.window else None

    def start(self, name: str) -> float | None:
        """The mean of the first window, None where the last one is not wholly after it."""
        values = self.values(name)
        return sum(values[: self.window]) / self.window if len(values) >= 2 * self.window else None

    def rise(self, name: str) -> float | None:
        """From the first window to the last."""
        start = self.start(name)
        return None if start is None else self.now(name) - start


def finite(value: float | None) -> bool:
    """Whether it is a number that can be compared."""
    return value is not None and math.isfinite(value)


Diagnosis = Callable[[History, AlarmArguments], str | None]


def truncation(history: History, limits: AlarmArguments) -> str | None:
    share = history.now("completions/clipped_ratio")
    if share is None or share <= limits.alarm_truncation:
        return None
    return f"{share:.0%} of the completions are cut off; raise max_completion_length, or train SFT to end"


def dead_groups(history: History, limits: AlarmArguments) -> str | None:
    share = history.now("groups_with_signal")
    if share is None or 1 - share <= limits.alarm_dead_groups:
        return None
    return (
        f"in {1 - share:.0%} of the groups all completions earn the same, so nothing is learnt from them; "
        "take problems of another difficulty, or raise num_generations"
    )


def format_without_correctness(history: History, limits: AlarmArguments) -> str | None:
    form, accuracy = history.rise("rewards/format/mean"), history.rise("accuracy")
    if form is None or accuracy is None or form < limits.alarm_gain or accuracy >= FLAT:
        return None
    return (
        f"the format reward rose by {form:.2f}, the accuracy by {accuracy:.2f}; lower its weight in "
        "reward_weights, or keep format_requires_correct"
    )


def entropy_collapse(history: History, limits: AlarmArguments) -> str | None:
    start, now = history.start("entropy"), history.now("entropy")
    if start is None or now >= limits.alarm_entropy * start:
        return None
    return (
        f"the entropy fell from {start:.3g} to {now:.3g} nats a token, so the samples of a group are "
        "alike; lower learning_rate, or raise epsilon_high"
    )


def kl_jump(history: History, limits: AlarmArguments) -> str | None:
    values = history.values("kl")[-limits.alarm_window - 1 :]
    if len(values) <= limits.alarm_window:
        return None
    *before, now = values
    usual = sum(before) / len(before)
    if now < KL_NOISE or now <= limits.alarm_kl * usual:
        return None
    return f"the KL went from {usual:.3g} to {now:.3g} nats a token in one step; lower learning_rate"


def repetition(history: History, limits: AlarmArguments) -> str | None:
    share = history.now("completions/looping")
    if share is None or share <= limits.alarm_repetition:
        return None
    return f"{share:.0%} of the completions end in a loop; add the repetition reward, or raise temperature"


def length_drift(history: History, limits: AlarmArguments) -> str | None:
    start, now = history.start("completions/mean_length"), history.now("completions/mean_length")
    if start is None or start / limits.alarm_length <= now <= start * limits.alarm_length:
        return None
    return (
        f"completions went from {start:.0f} to {now:.0f} tokens; look whether the longer or shorter ones are "
        "right (completions/mean_right_length); dr_grpo has no bias towards either"
    )


def reward_without_accuracy(history: History, limits: AlarmArguments) -> str | None:
    reward, held_out = history.rise("reward"), history.values("eval_accuracy")
    if reward is None or reward < limits.alarm_gain or len(held_out) < 2:
        return None
    if held_out[-1] - held_out[0] >= FLAT:
        return None
    return (
        f"the reward rose by {reward:.2f}, held-out accuracy went from {held_out[0]:.1%} to "
        f"{held_out[-1]:.1%}; the model learns the training problems or the reward, not mathematics"
    )


def not_finite(history: History, limits: AlarmArguments) -> str | None:
    for name, allowed in (("loss", 0), ("grad_norm", history.overflows)):
        last = [entry[name] for entry in history.entries if name in entry][-1 - allowed :]
        if len(last) > allowed and not any(map(finite, last)):
            return f"{name} is {last[-1]}; lower learning_rate, or train in bf16 or float32"
    return None


DIAGNOSES: dict[str, Diagnosis] = {
    diagnosis.__name__: diagnosis
    for diagnosis in (
        *(truncation, dead_groups, format_without_correctness, entropy_collapse, kl_jump, repetition),
        *(length_drift, reward_without_accuracy, not_finite),
    )
}


class StoppedError(RuntimeError):
    """One sentence: which alarms ended the run, when, and how to go on."""


class TrainingAlarms(TrainerCallback):
    """The diagnoses of an RL run, after every logged step."""

    def __init__(
        self, limits: AlarmArguments, diagnoses: Mapping[str, Diagnosis] = MappingProxyType(DIAGNOSES)
    ) -> None:
        self.limits, self.diagnoses = limits, diagnoses
        self.sounding: set[str] = set()
        self.ended_by: list[str] = []  # the alarms that ended the run

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        """Says what is new, and asks for a checkpoint where the run is to end and has weights to keep."""
        if "loss" not in logs and "eval_accuracy" not in logs:
            return
        history = History(state.log_history, self.limits.alarm_window, OVERFLOWS if args.fp16 else 0)
        found = {name: diagnose(history, self.limits) for name, diagnose in self.diagnoses.items()}
        found = {name: words for name, words in found.items() if words is not None}
        for name, words in found.items():
            logs[f"alarm/{name}"] = 1.0
            if name not in self.sounding and state.is_world_process_zero:
                logger.warning("%s: at step %d %s", name, state.global_step, words)
        self.sounding = set(found)
        self.ended_by = [name for name in found if name in self.limits.stop_on]
        if self.ended_by:
            control.should_save = not self.ruined
            control.should_training_stop = self.ruined

    @property
    def ruined(self) -> bool:
        """Whether it ended with weights that are no numbers: those take no good checkpoint's place."""
        return not_finite.__name__ in self.ended_by

    def on_save(self, args, state, control, **kwargs) -> None:
        """Ends the run only now: in the checkpoint it has not ended, so it can go on."""
        if self.ended_by:
            control.should_training_stop = True

    def raise_if_ended(self, step: int) -> None:
        """Raises StoppedError where an alarm ended the run, at this step."""
        if self.ended_by:
            raise StoppedError(
                f"stop_on: {', '.join(self.ended_by)} ended the run at step {step}; with another limit, or "
                "without it in stop_on, the same command goes on from the last checkpoint; with other "
                "settings it is another run, of another output_dir, which may start from that checkpoint"
            )


def number_alarm(stop: StopArguments) -> TrainingAlarms:
    """Of SFT and pretraining: the one diagnosis that needs no completions."""
    diagnoses = {name: DIAGNOSES[name] for name in stop.KNOWN}
    return TrainingAlarms(AlarmArguments(stop_on=stop.stop_on), diagnoses)
