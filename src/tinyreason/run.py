"""The run folder: what a training run leaves behind and how it goes on after an interruption.

`output_dir/` holds recipe.yaml, run.json, metrics.jsonl, rollouts/, checkpoint-*, the model and eval/. Every
recipe continues by itself from the last checkpoint that is whole; what was logged after it is cut back, so
that nothing stands there twice.
"""

import contextlib
import errno
import json
import logging
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from safetensors import SafetensorError
from transformers import TrainerCallback

from tinyreason.chatml import AnswerFormat
from tinyreason.config import ConfigError, RecipeArguments, write_recipe
from tinyreason.data import DataError, Split, write_dropped
from tinyreason.models import weights_fault
from tinyreason.monitors import CheckError

if TYPE_CHECKING:
    from transformers import Trainer, TrainingArguments

logger = logging.getLogger(__name__)

METRICS, MANIFEST, ROLLOUTS, RECIPE, DROPPED = (
    "metrics.jsonl",
    "run.json",
    "rollouts",
    "recipe.yaml",
    "dropped.jsonl",
)
PACKAGES = ("torch", "transformers", "trl", "datasets", "accelerate", "tinyreason")
WHOLE_CHECKPOINT = ("trainer_state.json", "optimizer.pt", "scheduler.pt", "config.json")
# what may differ between a run and its continuation; anything else makes it another run
MAY_CHANGE = {
    *("disable_tqdm", "logging_steps", "max_steps", "num_train_epochs", "report_to"),
    *("resume_from_checkpoint", "save_steps", "save_total_limit"),
}
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_DISK_WORDS = ("No space left", "File too large", "PytorchStreamWriter failed", "unexpected pos")


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """One sentence and an exit code in place of a traceback, for what the user can mend; any other error is a
    bug.
    """
    try:
        yield
    except (ConfigError, DataError, CheckError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        print("\ninterrupted: the same command goes on from the last checkpoint", file=sys.stderr)
        sys.exit(130)
    except (OSError, RuntimeError, SafetensorError) as error:
        if not full_disk(error):
            raise
        reason = str(error).splitlines()[0]
        sys.exit(f"error: the disk is full ({reason}); earlier checkpoints are whole: free space and go on")


def full_disk(error: Exception) -> bool:
    """Whether a write failed for want of space: torch and safetensors raise errors of their own, known by
    their words.
    """
    number = error.errno if isinstance(error, OSError) else None
    return number in FULL_DISK or any(words in str(error) for words in FULL_DISK_WORDS)


def start_run(training: "TrainingArguments", *instances: Any) -> str | None:
    """Writes recipe.yaml and returns the checkpoint to resume from, None for a fresh start.

    Raises ConfigError where output_dir holds the checkpoints of another recipe.
    """
    send_no_telemetry()
    path = Path(training.output_dir) / RECIPE
    checkpoint = last_checkpoint(training)
    earlier = yaml.safe_load(path.read_text()) if checkpoint is not None and path.is_file() else None
    write_recipe(path, *instances, command=f"run again: {Path(sys.argv[0]).as_posix()} --config {path}")
    if earlier is not None:
        refuse_other_recipe(path, earlier)
    if checkpoint is not None:
        print(f"resuming from {checkpoint}")
    return checkpoint


def refuse_other_recipe(path: Path, earlier: Mapping[str, Any]) -> None:
    """Puts the earlier recipe back and raises ConfigError where the one just written is not the same."""
    current = yaml.safe_load(path.read_text())
    changed = {key for key in {*earlier, *current} - MAY_CHANGE if earlier.get(key) != current.get(key)}
    if changed:
        path.write_text(yaml.safe_dump(dict(earlier), sort_keys=False))
        key = sorted(changed)[0]
        raise ConfigError(
            f"{path.parent}: holds a run with another recipe ({', '.join(sorted(changed))}; {key} was "
            f"{earlier.get(key)}, is {current.get(key)}); choose another --output_dir, or start it afresh "
            "with --resume_from_checkpoint never"
        )


def trained_answer_format(name: str) -> AnswerFormat:
    """The answer format a run folder was trained with; boxed for a model that is not from a run folder."""
    path = Path(name) / RECIPE
    recipe = yaml.safe_load(path.read_text()) if path.is_file() else {}
    return recipe.get("answer_format", RecipeArguments.answer_format)


def send_no_telemetry() -> None:
    """No library reports home unless the user has set its own switch."""
    from huggingface_hub import constants

    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    if "HF_HUB_DISABLE_TELEMETRY" not in os.environ:
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        constants.HF_HUB_DISABLE_TELEMETRY = True  # it reads the variable only when it is imported


def last_checkpoint(training: "TrainingArguments") -> str | None:
    """The checkpoint to resume from: `resume_from_checkpoint` where it names one, else the newest whole one,
    else None.

    `auto` (as the default, None) looks in output_dir; `never` starts afresh. One that was cut off while it
    was being written is passed over with a warning. Raises ConfigError for a named checkpoint that is not
    whole.
    """
    wanted = training.resume_from_checkpoint
    if wanted == "never":
        return None
    if wanted not in (None, "auto"):
        fault = checkpoint_fault(Path(wanted))
        if fault:
            raise ConfigError(
                f"resume_from_checkpoint: {wanted} cannot be used: {fault}; name another or write auto"
            )
        return wanted
    found = Path(training.output_dir).glob("checkpoint-*")
    steps = {int(path.name.split("-")[1]): path for path in found if path.name.split("-")[1].isdigit()}
    for _, path in sorted(steps.items(), reverse=True):
        fault = checkpoint_fault(path)
        if not fault:
            return str(path)
        logger.warning("%s is passed over: %s", path, fault)
    return None


def checkpoint_fault(path: Path) -> str | None:
    """What is wrong with a checkpoint, None where it is whole: every file there, every archive readable to
    its end.
    """
    for name in WHOLE_CHECKPOINT:
        if not (path / name).is_file():
            return f"{name} is missing"
    try:
        json.loads((path / "trainer_state.json").read_text())
    except ValueError:
        return "trainer_state.json is cut off"
    archives = [file for pattern in ("*.pt", "*.pth") for file in path.glob(pattern)]
    broken = [file.name for file in archives if not zipfile.is_zipfile(file)]
    return f"{broken[0]} is cut off" if broken else weights_fault(path)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Written beside its place and moved there, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    os.replace(beside, path)


def write_rollouts(folder: Path, step: int, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """One Parquet part: completions sampled for optimizer step `step` + 1; `name` tells the parts of a step
    apart.
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


def code_commit() -> str:
    """The commit of the checkout this package runs from, with `-dirty` where files differ from it; `unknown`
    outside of one.
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


class RunFolder(TrainerCallback):
    """Writes metrics.jsonl line by line and run.json at every checkpoint; cuts both back when a run is
    resumed.
    """

    def __init__(self, training: "TrainingArguments", splits: Mapping[str, Split]) -> None:
        self.folder = Path(training.output_dir)
        self.splits = splits
        data = {name: {**split.provenance, "rows_used": len(split.rows)} for name, split in splits.items()}
        self.facts: dict[str, Any] = {"seed": training.seed, "data": data}
        self.started = time.monotonic()
        self.seconds_before = 0.0

    def on_train_begin(self, args, state, control, model=None, **kwargs) -> None:
        """Starts the files, or cuts them back to the checkpoint that is being resumed."""
        if not state.is_world_process_zero:
            return
        self.facts["parameters"] = model.num_parameters()
        self.folder.mkdir(parents=True, exist_ok=True)
        write_dropped(self.folder / DROPPED, self.splits)
        cut_back(self.folder, state.global_step)
        if state.global_step and (self.folder / MANIFEST).is_file():
            self.seconds_before = json.loads((self.folder / MANIFEST).read_text())["seconds"]
        self.started = time.monotonic()

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        """One line a logging step: the step and everything the trainer reports."""
        if state.is_world_process_zero:
            with (self.folder / METRICS).open("a") as file:
                file.write(json.dumps({"step": state.global_step, **logs}) + "\n")

    def on_save(self, args, state, control, **kwargs) -> None:
        """After each checkpoint."""
        self.write_manifest(state)

    def write_manifest(self, state) -> None:
        """run.json: where the run came from, how far it is, and what it took. Peak memory is of this process,
        in MiB.
        """
        if state.is_world_process_zero:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            progress = {
                "steps": state.global_step,
                "tokens_seen": state.num_input_tokens_seen,
                "seconds": round(self.seconds_before + time.monotonic() - self.started, 1),
                "peak_memory_mib": peak,
            }
            write_json(self.folder / MANIFEST, {**environment(), **self.facts, **progress})


def cut_back(folder: Path, step: int) -> None:
    """Removes what came after `step`: lines of metrics.jsonl, rollouts that were not sampled yet,
    half-written parts.
    """
    metrics = folder / METRICS
    if metrics.is_file():
        lines = [line for line in metrics.read_text().splitlines(keepends=True) if line.endswith("\n")]
        kept = [line for line in lines if 0 < json.loads(line)["step"] <= step]
        metrics.write_text("".join(kept))
    for part in (folder / ROLLOUTS).glob("step-*"):
        if int(part.name.split("-")[1]) >= step:
            part.unlink()


def save_run(trainer: "Trainer", folder: RunFolder) -> None:
    """The finished model, its tokenizer and the last run.json."""
    trainer.save_model()
    folder.write_manifest(trainer.state)
