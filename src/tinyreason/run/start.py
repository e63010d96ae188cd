"""The frame of every recipe: what is checked and written before it starts, and how it ends when something is
wrong.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from safetensors import SafetensorError

from tinyreason.chatml import AnswerFormat
from tinyreason.config import RECIPE, AlarmArguments, ConfigError, RecipeArguments, write_recipe
from tinyreason.data import DataError
from tinyreason.models import trained_with
from tinyreason.monitors import CheckError, StoppedError
from tinyreason.run.checkpoints import WAITING, last_checkpoint

if TYPE_CHECKING:
    from transformers import TrainingArguments

# what may differ between a run and its continuation; anything else makes it another run
MAY_CHANGE = {
    *("disable_tqdm", "logging_steps", "max_steps", "num_train_epochs", "output_dir", "report_to"),
    *("resume_from_checkpoint", "save_steps", "save_total_limit"),
    *(field.name for field in fields(AlarmArguments)),
    *("hub_always_push", "hub_model_id", "hub_private_repo", "hub_strategy", "push_to_hub"),
}
# what Transformers says of a name that the Hub does not know, or that it cannot be asked for
HUB_ERRORS = (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError)
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# torch and safetensors raise errors of their own when a write fails, known by their words alone
FULL_DISK_WORDS = ("No space left", "File too large", "PytorchStreamWriter failed", "unexpected pos")


@contextlib.contextmanager
def plain_errors(*, resumable: bool = False) -> Iterator[None]:
    """One sentence and an exit code for what the user can mend;
    any other error is a bug and keeps its traceback. `resumable` is a command that goes on after Ctrl-C.
    """
    try:
        yield
    except (ConfigError, DataError, CheckError, StoppedError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        then = ": the same command goes on from what is saved" if resumable else ""
        print(f"\ninterrupted{then}", file=sys.stderr)
        sys.exit(130)
    except (OSError, RuntimeError, SafetensorError) as error:
        reason = next(iter(str(error).splitlines()), "")
        if isinstance(error.__cause__, HUB_ERRORS):
            sys.exit(f"error: {reason}")
        if not full_disk(error):
            raise
        sys.exit(f"error: the disk is full ({reason}); earlier checkpoints are whole: free space and go on")


def full_disk(error: Exception) -> bool:
    """Whether a write failed for want of space."""
    number = error.errno if isinstance(error, OSError) else None
    return number in FULL_DISK or any(words in str(error) for words in FULL_DISK_WORDS)


def start_run(training: "TrainingArguments", *instances: Any) -> str | None:
    """Writes recipe.yaml and returns the checkpoint to resume from, None for a fresh start. What is pushed
    while it trains is private unless the recipe says otherwise.

    Raises ConfigError where output_dir holds the checkpoints of another recipe, or of RL in another number of
    processes; all stays as it is.
    """
    send_no_telemetry()
    if training.push_to_hub and training.hub_private_repo is None:
        training.hub_private_repo = True  # rollouts and dropped rows go there too
    checkpoint = last_checkpoint(training)
    if checkpoint is not None:
        refuse_other_processes(checkpoint, training.world_size)
    path = Path(training.output_dir) / RECIPE
    proposed = path.with_name(f"recipe.new.{os.getpid()}.yaml")  # each process has its own
    write_recipe(proposed, *instances, command=f"run again: {Path(sys.argv[0]).as_posix()} --config {path}")
    try:
        if checkpoint is not None and path.is_file():
            refuse_other_recipe(path, proposed)
        os.replace(proposed, path)
    finally:
        proposed.unlink(missing_ok=True)
    if checkpoint is not None:
        print(f"resuming from {checkpoint}")
    return checkpoint


def refuse_other_processes(checkpoint: str, processes: int) -> None:
    """Raises ConfigError where another number of processes wrote what waits in an RL checkpoint to be trained
    on: some would be lost, or a process has none.
    """
    saved = len(list(Path(checkpoint).glob(f"{WAITING}_*.pt")))
    if saved not in (0, processes):
        raise ConfigError(
            f"{checkpoint}: number of processes: {saved} wrote the completions that wait in it, this run has "
            f"{processes}; start {saved}, or choose another --output_dir and train this checkpoint on as "
            "model_name_or_path"
        )


def refuse_other_recipe(path: Path, proposed: Path) -> None:
    """Raises ConfigError where a run and the recipe to continue it differ in more than MAY_CHANGE."""
    earlier, current = (yaml.safe_load(file.read_text()) for file in (path, proposed))
    changed = {key for key in {*earlier, *current} - MAY_CHANGE if earlier.get(key) != current.get(key)}
    if changed:
        key = sorted(changed)[0]
        raise ConfigError(
            f"{path.parent}: holds a run with another recipe ({', '.join(sorted(changed))}; {key} was "
            f"{earlier.get(key)}, is {current.get(key)}); choose another --output_dir, or start it afresh "
            "with --resume_from_checkpoint never"
        )


def trained_answer_format(name: str) -> AnswerFormat:
    """The answer format a run folder was trained with; boxed for a model that is not from a run folder."""
    return trained_with(name).get("answer_format", RecipeArguments.answer_format)


def send_no_telemetry() -> None:
    """No library reports home unless the user has set its own switch."""
    from huggingface_hub import constants

    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    if "HF_HUB_DISABLE_TELEMETRY" not in os.environ:
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        constants.HF_HUB_DISABLE_TELEMETRY = True  # it reads the variable only when it is imported
