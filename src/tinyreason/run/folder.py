"""What a training run leaves behind, and how it is cut back to the checkpoint that a run goes on from."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback, TrainerState

from tinyreason.data import Split, write_dropped
from tinyreason.hardware import energy_used
from tinyreason.models import adapters_in_float32, trainable_share
from tinyreason.monitors import ForgettingAlarm, TrainingAlarms
from tinyreason.run.trackers import RecipeTracker

if TYPE_CHECKING:
    from transformers import Trainer, TrainingArguments

METRICS, MANIFEST, ROLLOUTS = "metrics.jsonl", "run.json", "rollouts"
DROPPED = "dropped.jsonl"
PACKAGES = ("torch", "transformers", "trl", "datasets", "accelerate", "tinyreason")


class RunFolder(TrainerCallback):
    """Writes metrics.jsonl line by line and run.json at every checkpoint;
    cuts both back when a run is resumed.
    """

    def __init__(
        self,
        training: "TrainingArguments",
        splits: Mapping[str, Split],
        corpus: Mapping[str, Mapping[str, Any]] | None = None,
        contamination: Mapping[str, Any] | None = None,
    ) -> None:
        """`splits` or, for pretraining, what is read of each source of a corpus; `contamination` is how much
        of the test sets is in the training data.
        """
        self.folder = Path(training.output_dir)
        self.splits = splits
        used = {name: {**split.provenance, "rows_used": len(split.rows)} for name, split in splits.items()}
        data = used if corpus is None else corpus
        self.facts: dict[str, Any] = {"seed": training.seed, "processes": training.world_size, "data": data}
        if contamination is not None:
            self.facts["contamination"] = contamination
        self.started = time.monotonic()
        self.seconds_before = 0.0
        # of several machines one sees only its own
        self.cards = training.n_gpu * training.world_size if one_machine(training.world_size) else 0
        self.counter: float | None = None
        self.energy_before: float | None = 0.0

    def on_train_begin(self, args, state, control, model=None, **kwargs) -> None:
        """Starts the files, or cuts them back to the checkpoint that is being resumed."""
        if not state.is_world_process_zero:
            return
        self.facts["parameters"] = model.num_parameters()
        self.facts["model_commit"] = model.config._commit_hash  # None for a local model, or a new one
        self.folder.mkdir(parents=True, exist_ok=True)
        write_dropped(self.folder / DROPPED, self.splits)
        cut_back(self.folder, state.global_step)
        if state.global_step and (self.folder / MANIFEST).is_file():
            earlier = json.loads((self.folder / MANIFEST).read_text())
            self.seconds_before, self.energy_before = earlier["seconds"], earlier.get("energy_kwh")
        self.started = time.monotonic()
        self.counter = energy_used(self.cards)

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        """One line a logging step: the step and everything the trainer reports."""
        if state.is_world_process_zero:
            with (self.folder / METRICS).open("a") as file:
                file.write(json.dumps({"step": state.global_step, **logs}) + "\n")

    def on_save(self, args, state, control, **kwargs) -> None:
        """After each checkpoint."""
        self.write_manifest(state)

    def write_manifest(self, state) -> None:
        """run.json: where the run came from, how far it is, and what it took.
        Peak memory is of this process, in MiB; `card_memory_mib` is what torch took at most of its card;
        `energy_kwh` is what the cards used, null where a part of the run has no counter.
        """
        if state.is_world_process_zero:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            progress = {
                "steps": state.global_step,
                "tokens_seen": state.num_input_tokens_seen,
                "seconds": round(self.seconds_before + time.monotonic() - self.started, 1),
                "peak_memory_mib": peak,
                "card_memory_mib": card_memory(),
                "energy_kwh": self.energy(),
            }
            write_json(self.folder / MANIFEST, {**environment(), **self.facts, **progress})

    def energy(self) -> float | None:
        """Of all cards of the run, from its first step on, in kWh."""
        now = energy_used(self.cards)
        if None in (now, self.counter, self.energy_before):
            return None
        return round(self.energy_before + (now - self.counter) / 3.6e6, 6)


def train(trainer: "Trainer", folder: RunFolder, checkpoint: str | None) -> None:
    """Trains from `checkpoint` on and saves model, tokenizer and run.json. Raises StoppedError where an alarm
    ended the run.

    Alarms come before what writes or sends the metrics, since they stand in them.

    A checkpoint at which training ended is only loaded: the Trainer would take one step more.
    """
    adapters_in_float32(trainer.model)
    # a loss that is no number ruins the weights, so it is to be seen; with fp16 its step is skipped
    trainer.args.logging_nan_inf_filter = trainer.args.fp16
    trainer.add_callback(RecipeTracker(trainer))
    trainer.callback_handler.callbacks.sort(
        key=lambda callback: not isinstance(callback, ForgettingAlarm | TrainingAlarms)
    )
    if trainer.is_world_process_zero():
        print(trainable_share(trainer.model))
    state = None if checkpoint is None else TrainerState.load_from_json(f"{checkpoint}/trainer_state.json")
    if state is not None and ended(state, trainer.args):
        trainer._load_from_checkpoint(checkpoint)
        trainer.state = state
        folder.on_train_begin(trainer.args, state, trainer.control, model=trainer.model)
    else:
        trainer.train(resume_from_checkpoint=checkpoint)
    alarms = [each for each in trainer.callback_handler.callbacks if isinstance(each, TrainingAlarms)]
    if not any(each.ruined for each in alarms):
        trainer.save_model()
        folder.write_manifest(trainer.state)
    leave_group(trainer)
    for each in alarms:
        each.raise_if_ended(trainer.state.global_step)


def leave_group(trainer: "Trainer") -> None:
    """Ends the communication of several processes, which at the exit of Python might abort.

    On a CPU the threads of gloo need Python's lock to let go of their last message, and whoever destroys the
    group waits for them and keeps it: so they get a moment.
    """
    if trainer.args.world_size > 1:
        trainer.accelerator.wait_for_everyone()
        time.sleep(0.2)
    trainer.accelerator.end_training()


def ended(state: TrainerState, training: "TrainingArguments") -> bool:
    """Whether training stopped at this checkpoint by itself, and the recipe does not ask for more now."""
    if training.max_steps > 0:
        if state.global_step >= training.max_steps:
            return True
        asks_for_more = training.max_steps > state.max_steps
    else:
        asks_for_more = training.num_train_epochs > state.num_train_epochs
    return state.stateful_callbacks["TrainerControl"]["args"]["should_training_stop"] and not asks_for_more


def cut_back(folder: Path, step: int) -> None:
    """Removes what came after `step`: lines of metrics.jsonl (an earlier end's summary too) and rollouts."""
    metrics = folder / METRICS
    if metrics.is_file():
        lines = [line for line in metrics.read_text().splitlines(keepends=True) if line.endswith("\n")]
        entries = [(json.loads(line), line) for line in lines]
        kept = [line for entry, line in entries if 0 < entry["step"] <= step and "train_loss" not in entry]
        metrics.write_text("".join(kept))
    for part in (folder / ROLLOUTS).glob("step-*"):
        if int(part.name.split("-")[1]) >= step:
            part.unlink()


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Written beside its place and moved there, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    beside.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    os.replace(beside, path)


def write_rollouts(folder: Path, step: int, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """One Parquet part: completions sampled for optimizer step `step` + 1;
    `name` tells the parts of a step apart.
    """
    import pyarrow
    import pyarrow.parquet

    folder.mkdir(parents=True, exist_ok=True)
    table = pyarrow.table({"step": [step] * len(columns["completion"]), **columns})
    path = folder / f"step-{step:06d}-{name}.parquet"
    pyarrow.parquet.write_table(table, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def environment() -> dict[str, Any]:
    """The birth certificate of a result: commit of the code, versions, device."""
    import torch

    device = (
        torch.cuda.get_device_name()
        if torch.cuda.is_available()
        else f"cpu, {torch.get_num_threads()} threads"
    )
    return {"commit": code_commit(), "versions": {name: version(name) for name in PACKAGES}, "device": device}


def one_machine(processes: int) -> bool:
    """Whether all of them run here."""
    return processes == int(os.environ.get("LOCAL_WORLD_SIZE", processes))


def card_memory() -> dict[str, int] | None:
    """The most that tensors took of this process's card, and that torch reserved for them, in MiB."""
    import torch

    if not torch.cuda.is_available():
        return None
    taken = {"allocated": torch.cuda.max_memory_allocated(), "reserved": torch.cuda.max_memory_reserved()}
    return {name: size // 2**20 for name, size in taken.items()}


def code_commit() -> str:
    """The commit of the checkout this package runs from, with `-dirty` where files differ from it;
    `unknown` outside of one.
    """
    command = [
        "git",
        "-C",
        str(Path(__file__).parent),
        "describe",
        "--always",
        "--dirty",
        "--abbrev=12",
        "--exclude=*",
    ]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
