"""The resolved recipe of a run, as YAML that runs again."""

import os
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from tinyreason.config.fields import slots_of, to_anything
from tinyreason.config.text import Plain

RECIPE = "recipe.yaml"  # its name in a run folder
# GRPOConfig fills in either of the pair from the other and refuses to be given both.
DERIVED_PAIR = ("generation_batch_size", "steps_per_generation")
# Never written to a recipe, which is meant to be shared.
SECRETS = ("hub_token",)
# Attribute under which an instance remembers which of its fields the user gave.
GIVEN = "_given_fields"


def write_recipe(path: str | Path, *instances: Any, command: str | None = None) -> None:
    """The resolved recipe: every field that was given or differs from its class default.

    `command` runs it again and becomes the first line. The file is replaced in one step, so nobody meets half
    of it. Secrets are left out."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {}
    for instance in instances:
        values.update(resolved_values(instance))
    text = yaml.dump(
        values, Dumper=RecipeDumper, sort_keys=False, default_flow_style=None, allow_unicode=True
    )
    header = f"# {' '.join(command.split())}\n" if command else ""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(header + text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def resolved_values(instance: Any) -> dict[str, Any]:
    given = vars(instance).get(GIVEN, frozenset())
    values = {}
    for key, slot in slots_of(type(instance)).items():
        value = vars(instance)[key]
        if (key in given or value != slot.default()) and key not in SECRETS:
            values[key] = written(value)
    if set(DERIVED_PAIR) <= values.keys():
        del values[DERIVED_PAIR[1] if DERIVED_PAIR[0] in given else DERIVED_PAIR[0]]
    return values


def written(value: Any) -> Any:
    """The value as YAML's own types."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        # an attribute may be gone: TrainingArguments deletes accelerator_config.use_configured_state
        present = [f.name for f in fields(value) if f.init and f.name in vars(value)]
        return {name: written(vars(value)[name]) for name in present}
    return value


class RecipeDumper(yaml.SafeDumper):
    """Quotes every text that `parse` would otherwise take for a number, a boolean or null."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.Node:
        is_text = text != "None" and isinstance(to_anything(Plain(text)), str)
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_text else "'")


RecipeDumper.add_representer(str, RecipeDumper.represent_text)
