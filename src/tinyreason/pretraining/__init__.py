"""Pretraining: `rows.py` mixes the sources of a corpus, `trainer.py` is the Trainer that reads them."""

from tinyreason.pretraining.rows import MixedRows, Rows, describe_mixture, load_rows
from tinyreason.pretraining.trainer import (
    PretrainingConfig,
    PretrainingTrainer,
    flops_per_token,
    scale_residual_projections,
)

__all__ = [
    "MixedRows",
    "PretrainingConfig",
    "PretrainingTrainer",
    "Rows",
    "describe_mixture",
    "flops_per_token",
    "load_rows",
    "scale_residual_projections",
]
