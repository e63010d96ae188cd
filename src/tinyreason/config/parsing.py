"""From `--config FILE --key value ...` to dataclass instances, with every mistake reported at once."""

import difflib
import sys
from collections.abc import Collection, Sequence
from dataclasses import MISSING
from types import NoneType
from typing import Any

from tinyreason.config.fields import Slot, alternatives, convert, describe, shape, slots_of
from tinyreason.config.text import COMMAND_LINE, ConfigError, Given, Plain, flow_value, is_null, read_sources
from tinyreason.config.writing import GIVEN, written

# Keys of earlier releases and of neighbouring projects: what to write instead.
REMOVED = {
    "batch_size": "write per_device_train_batch_size",
    "dispatch_batches": "write accelerator_config: {dispatch_batches: ...}",
    "epochs": "write num_train_epochs",
    "evaluation_strategy": "write eval_strategy",
    "group_by_length": "write train_sampling_strategy: group_by_length",
    "half_precision_backend": "leave it out, fp16 or bf16 is enough",
    "include_tokens_per_second": "write include_num_input_tokens_seen: non_padding",
    "jit_mode_eval": "leave it out",
    "logging_dir": "leave it out: logs go to output_dir",
    "lr": "write learning_rate",
    "max_new_tokens": "write max_completion_length (tokens)",
    "max_prompt_length": "leave it out: prompts are never cut, too long rows are dropped with the data",
    "max_seq_length": "write max_length (tokens)",
    "model": "write model_name_or_path",
    "model_name": "write model_name_or_path",
    "no_cuda": "write use_cpu",
    "overwrite_output_dir": "leave it out: a run continues in its output_dir; choose another to start anew",
    "push_to_hub_token": "write hub_token",
    "save_safetensors": "leave it out: weights are always saved as safetensors",
    "tokenizer": "write tokenizer_name_or_path",
    "tokenizer_name": "write tokenizer_name_or_path",
    "torch_dtype": "write dtype",
    "use_liger_loss": "write use_liger_kernel",
    "vllm_guided_decoding_regex": "write vllm_structured_outputs_regex",
    "wandb_log_unique_prompts": "write log_unique_prompts",
    "warmup_ratio": "write warmup_steps (below 1 it is a share of all steps)",
}
# Keys that would change nothing: the model is loaded before TRL's trainer is made, `train` sets the filter
INERT = {
    "logging_nan_inf_filter": "leave it out: a loss that is NaN is logged, but with fp16, which skips it",
    "model_init_kwargs": "write its keys in the recipe: dtype, attn_implementation, model_revision",
}


def parse(classes: Sequence[type], argv: Sequence[str] | None = None, *, description: str = "") -> tuple:
    """One instance of each dataclass. ConfigError holds every mistake of file and command line at once.

    `--help` prints the fields and exits without constructing anything."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if "-h" in argv or "--help" in argv:
        print(help_text(classes, known_slots(classes), description))
        raise SystemExit(0)
    values, problems, source = typed_values(classes, argv)
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(build(cls, values, source) for cls in classes)


def positional(name: str) -> list[str]:
    """The command line, whose first words may stand without their flag: `report.py A B` for `--runs A B`."""
    words = sys.argv[1:]
    return [f"--{name}", *words] if words and not words[0].startswith("-") else words


def parse_known(classes: Sequence[type], argv: Sequence[str]) -> tuple:
    """As `parse`, for classes that know only some keys of a recipe: the file's other keys are passed over,
    flags are not.
    """
    values, problems, source = typed_values(classes, argv, pass_over=True)
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(build(cls, values, source) for cls in classes)


def typed_values(
    classes: Sequence[type], argv: Sequence[str], *, pass_over: bool = False
) -> tuple[dict[str, Any], list[str], str]:
    """What is given, with its type; what is wrong with the rest; and the file, or `command line`. `pass_over`
    says nothing of a file's unknown keys.
    """
    problems: list[str] = []
    slots = known_slots(classes)
    path, given = read_sources(list(argv), problems)
    values = {}
    for entry in given:
        if pass_over and entry.key not in slots and entry.place != COMMAND_LINE:
            continue
        try:
            values[entry.key] = typed_value(entry, slots)
        except ConfigError as error:
            problems.append(f"{entry.place}: {entry.key}: {error}")
    source = path or COMMAND_LINE
    for key, slot in slots.items():
        if slot.default() is MISSING and all(entry.key != key for entry in given):
            problems.append(f"{source}: {key}: is missing; write {key}: {describe(slot.kind)}")
    return values, problems, source


def read_values(argv: Sequence[str] | None, keys: Collection[str]) -> dict[str, str]:
    """The first pass: the text given to the named keys, which decide the classes that type the others.

    Keys that are not given are left out. All other mistakes are left for `parse` to report."""
    _, given = read_sources(list(sys.argv[1:] if argv is None else argv), [])
    return {entry.key: single_word(entry) for entry in given if entry.key in keys}


def single_word(entry: Given) -> str:
    words = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    if len(words) != 1 or not isinstance(words[0], str) or not words[0]:
        raise ConfigError(f"{entry.place}: {entry.key}: {entry.shown()} is not a name; write a single word")
    return str(words[0])


def known_slots(classes: Sequence[type]) -> dict[str, Slot]:
    slots: dict[str, Slot] = {}
    for cls in classes:
        for key, slot in slots_of(cls).items():
            if key in slots:
                raise ValueError(f"{key} is a field of both {slots[key].owner.__name__} and {cls.__name__}")
            if key in ("config", "help"):
                raise ValueError(f"{cls.__name__}.{key} hides the flag --{key}; rename the field")
            if key not in INERT:
                slots[key] = slot
    return slots


def typed_value(entry: Given, slots: dict[str, Slot]) -> Any:
    if entry.key not in slots:
        raise ConfigError(explain_unknown(entry, slots))
    slot = slots[entry.key]
    value = shaped_words(entry.value, slot) if isinstance(entry.value, tuple) else entry.value
    if is_null(value) and slot.default() == "none":
        return "none"  # report_to: Transformers would make a list of one None of a null
    return convert(value, slot.kind)


def explain_unknown(entry: Given, slots: dict[str, Slot]) -> str:
    if entry.key in REMOVED:
        return f"{entry.shown()} is given to a key that does not exist; {REMOVED[entry.key]}"
    if entry.key in INERT:
        return f"{entry.shown()} is given to a key that changes nothing; {INERT[entry.key]}"
    near = difflib.get_close_matches(entry.key, slots, n=1)
    fix = f"did you mean {near[0]}?" if near else "leave it out, --help lists the known keys"
    return f"{entry.shown()} is given to an unknown key; {fix}"


def shaped_words(words: tuple[str, ...], slot: Slot) -> Any:
    """The words behind a flag in the form in which YAML would have given them."""
    members = alternatives(slot.kind)
    shapes = {shape(member) for member in members if member is not NoneType}
    values = [Plain(word) if word else word for word in words]
    if not values and bool in members:
        return Plain("true")
    if not values:
        raise ConfigError(f"has no value; write --{slot.field.name} {describe(slot.kind)}")
    if len(values) > 1 and list in shapes:
        return values
    if len(values) > 1:
        raise ConfigError(f"takes one value, got {' '.join(words)!r}; leave out {words[1]!r}")
    [value] = values
    if value.lower() in ("none", "null") and NoneType in members:
        return Plain("null")
    if (list in shapes and value.startswith("[")) or (dict in shapes and value.startswith("{")):
        return flow_value(value)
    return [value] if shapes == {list} else value


def build(cls: type, values: dict[str, Any], source: str) -> Any:
    own = {key: values[key] for key in slots_of(cls) if key in values}
    try:
        instance = cls(**own)
    except (ValueError, TypeError, NotImplementedError, ImportError, OSError) as error:
        raise ConfigError(f"{source}: {cls.__name__}: {' '.join(str(error).split())}") from error
    vars(instance)[GIVEN] = frozenset(own)
    return instance


def help_text(classes: Sequence[type], slots: dict[str, Slot], description: str) -> str:
    lines = [description, "", "  --config FILE", "      YAML recipe; a flag wins over its value."]
    for cls in classes:
        lines += ["", f"{cls.__name__}:"]
        for key, slot in slots.items():
            if slot.owner is cls:
                lines += [f"  --{key} {describe(slot.kind)} ({shown_default(slot)})", *first_sentence(slot)]
    return "\n".join(lines).strip()


def shown_default(slot: Slot) -> str:
    default = written(slot.default())
    return "must be given" if default is MISSING else "null" if default is None else repr(default)


def first_sentence(slot: Slot) -> list[str]:
    """One indented line, none for a field without help. `%%` is how argparse spells a percent sign."""
    text = " ".join(slot.field.metadata.get("help", "").replace("%%", "%").split())
    return [f"      {text.split('. ')[0].rstrip('.')}."] if text else []
