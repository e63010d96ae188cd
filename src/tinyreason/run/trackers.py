"""Experiment trackers (`report_to`): the name of a run, and the recipe beside TRL's own settings."""

from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from transformers import TrainerCallback
from transformers.integrations import TensorBoardCallback

from tinyreason.config import RECIPE

if TYPE_CHECKING:
    from transformers import Trainer


class RecipeTracker(TrainerCallback):
    """Gives every tracker the recipe, under `recipe`: TRL tells them its own settings alone, not the data,
    the model or the adapter.
    """

    def __init__(self, trainer: "Trainer") -> None:
        """Comes after the trackers' own callbacks, and names the run by its folder where nobody named it."""
        self.trainer = trainer
        training = trainer.args
        training.run_name = training.run_name or "-".join(Path(training.output_dir).resolve().parts[-2:])

    def on_train_begin(self, args, state, control, **kwargs) -> None:
        """The trackers have begun."""
        path = Path(args.output_dir) / RECIPE
        if not state.is_world_process_zero or not path.is_file():
            return
        text = path.read_text()
        recipe = yaml.safe_load(text)
        if "wandb" in args.report_to:
            import wandb

            wandb.config.update({"recipe": recipe}, allow_val_change=True)
        if "trackio" in args.report_to:
            import trackio

            trackio.config.update({"recipe": recipe}, allow_val_change=True)
        for callback in self.trainer.callback_handler.callbacks:
            if isinstance(callback, TensorBoardCallback):
                callback.tb_writer.add_text("recipe", f"```yaml\n{text}```")
