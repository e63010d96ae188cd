"""Which checkpoint a run goes on from. One that was cut off while it was being written is passed over."""

import json
import logging
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tinyreason.config import ConfigError
from tinyreason.models import ADAPTER, weights_fault

if TYPE_CHECKING:
    from transformers import TrainingArguments

logger = logging.getLogger(__name__)

PUSHED = "last-checkpoint"  # its name on the Hub, given by Transformers
RUN_FILES = ("recipe.yaml", "run.json", "*.jsonl", "rollouts/*")
WHOLE_CHECKPOINT = ("trainer_state.json", "scheduler.pt")
WAITING = "generation_buffer"  # RL: what a process has sampled and not yet trained on, a file of each
OPTIMIZERS = ("optimizer.pt", "optimizer.bin")  # the second is FSDP's


def last_checkpoint(training: "TrainingArguments") -> str | None:
    """The checkpoint to resume from: `resume_from_checkpoint` where it names one, else the newest whole one.

    `auto` (as the default, None) looks in output_dir, then on the Hub if checkpoints are pushed to it
    (`hub_strategy: checkpoint`); `never` starts afresh. One that was cut off while it was being written is
    passed over with a warning. Raises ConfigError for a named checkpoint that is not whole.
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
    folder = Path(training.output_dir)
    if training.push_to_hub and training.hub_strategy == "checkpoint":
        with training.main_process_first(desc="checkpoint from the Hub"):
            if newest_whole(folder) is None:
                fetch_from_hub(training)
    return newest_whole(folder)


def newest_whole(folder: Path) -> str | None:
    """The last checkpoint of a run folder that nothing is wrong with."""
    found = folder.glob("checkpoint-*")
    steps = {int(path.name.split("-")[1]): path for path in found if path.name.split("-")[1].isdigit()}
    for _, path in sorted(steps.items(), reverse=True):
        fault = checkpoint_fault(path)
        if not fault:
            return str(path)
        logger.warning("%s is passed over: %s", path, fault)
    return None


def fetch_from_hub(training: "TrainingArguments") -> None:
    """Puts the checkpoint that an earlier machine pushed into output_dir, with the files of the run.

    Raises ConfigError where it cannot be told whether there is one: the first push of a run that starts
    afresh would replace it.
    """
    import httpx
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    folder, repo = Path(training.output_dir), training.hub_model_id
    if repo is None or "/" not in repo:
        raise ConfigError(f"hub_model_id: {repo} names no account to go on from; write USER/NAME")
    try:
        found = HfApi(token=training.hub_token).repo_info(repo, revision=training.hub_revision)
        snapshot_download(
            repo,
            revision=found.sha,
            token=training.hub_token,
            allow_patterns=[f"{PUSHED}/*", *RUN_FILES],
            local_dir=folder,
        )
    except (RepositoryNotFoundError, RevisionNotFoundError):
        return
    except (OSError, httpx.HTTPError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(
            f"hub_model_id: whether {repo} holds a checkpoint to go on from could not be read ({reason}); "
            "try again, or start afresh with --resume_from_checkpoint never"
        ) from error
    state = folder / PUSHED / "trainer_state.json"
    if state.is_file():
        place = folder / f"checkpoint-{json.loads(state.read_text())['global_step']}"
        shutil.rmtree(place, ignore_errors=True)  # one that is not whole
        (folder / PUSHED).rename(place)


def checkpoint_fault(path: Path) -> str | None:
    """What is wrong with a checkpoint, None where it is whole: every file there,
    every archive readable to its end.
    """
    for name in WHOLE_CHECKPOINT:
        if not (path / name).is_file():
            return f"{name} is missing"
    for names in (OPTIMIZERS, ("config.json", ADAPTER)):
        if not any((path / name).is_file() for name in names):
            return f"{names[0]} is missing"
    try:
        json.loads((path / "trainer_state.json").read_text())
    except ValueError:
        return "trainer_state.json is cut off"
    archives = [file for pattern in ("*.pt", "*.pth", "optimizer.bin") for file in path.glob(pattern)]
    broken = [file.name for file in archives if not zipfile.is_zipfile(file)]
    return f"{broken[0]} is cut off" if broken else weights_fault(path)
