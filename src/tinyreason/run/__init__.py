"""The run folder: what a training run leaves behind and how it goes on after an interruption.

`output_dir/` holds recipe.yaml, run.json, metrics.jsonl, rollouts/, checkpoint-*, the model and eval/. Every
recipe continues by itself from the last checkpoint that is whole; what was logged after it is cut back, so
that nothing stands there twice. `start.py` frames a recipe, `checkpoints.py` finds where to go on,
`folder.py` writes.
"""

from tinyreason.run.checkpoints import WAITING, checkpoint_fault, last_checkpoint
from tinyreason.run.folder import (
    MANIFEST,
    METRICS,
    ROLLOUTS,
    RunFolder,
    code_commit,
    cut_back,
    environment,
    train,
    write_json,
    write_rollouts,
)
from tinyreason.run.start import plain_errors, send_no_telemetry, start_run, trained_answer_format

__all__ = [
    "MANIFEST",
    "METRICS",
    "ROLLOUTS",
    "WAITING",
    "RunFolder",
    "checkpoint_fault",
    "code_commit",
    "cut_back",
    "environment",
    "last_checkpoint",
    "plain_errors",
    "send_no_telemetry",
    "start_run",
    "train",
    "trained_answer_format",
    "write_json",
    "write_rollouts",
]
