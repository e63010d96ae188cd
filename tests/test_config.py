"""What a recipe may say, what it gets told when it is wrong, and that a saved recipe runs again unchanged."""

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

import pytest
import yaml
from accelerate.parallelism_config import ParallelismConfig
from transformers.debug_utils import DebugOption
from transformers.trainer_utils import IntervalStrategy, SchedulerType
from trl import GRPOConfig, RLOOConfig, SFTConfig

from tinyreason.config import (
    ConfigError,
    ModelArguments,
    RecipeArguments,
    choose,
    parse,
    read_values,
    write_recipe,
)
from tinyreason.config.fields import alternatives, convert, shape, slots_of
from tinyreason.config.parsing import INERT, REMOVED
from tinyreason.config.text import flow_value

CPU = "use_cpu: true\nbf16: false\noutput_dir: runs/here\n"


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Inner:
    width: int = 1
    ratio: float | None = None

    def __post_init__(self) -> None:
        if self.width < 1:
            raise ValueError(f"width {self.width} is below 1")


@dataclass
class Outer:
    count: int = 1
    rate: float = 0.5
    flag: bool = False
    name: str = "a"
    maybe: int | None = 3
    word: str | None = None
    several: list[int] | None = None
    words: list[str] = field(default_factory=list)
    pair: tuple[float, float] | None = None
    table: dict | None = None
    switches: dict[str, bool] | None = None
    choice: Literal["one", "two"] = "one"
    size: Literal[1, 2] = 1
    colour: Colour = Colour.RED
    either: str | bool = False
    number: int | float | str = 1
    inner: Inner | None = None
    anything: Any = None
    computed: int = field(default=0, init=False)


@pytest.fixture
def recipe(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "recipe.yaml"
        path.write_text(text)
        return str(path)

    return write


GOOD = [
    # key, as written in YAML, value
    ("count", "1_000", 1000),
    ("count", "012", 12),  # YAML 1.1 says ten
    ("rate", "2e-5", 2e-5),  # YAML 1.1 says text
    ("rate", "3", 3.0),
    ("rate", ".inf", float("inf")),
    ("rate", "'0.25'", 0.25),
    ("flag", "true", True),
    ("flag", "off", False),
    ("name", "no", "no"),  # YAML 1.1 says false
    ("name", "1234567", "1234567"),  # a commit hash
    ("name", "1e5", "1e5"),
    ("name", "2024-01-02", "2024-01-02"),
    ("name", "''", ""),
    ("maybe", "null", None),
    ("maybe", "", None),
    ("maybe", "7", 7),
    ("word", "~", None),
    ("word", "'null'", "null"),
    ("word", "'None'", "None"),
    ("several", "[1, 2]", [1, 2]),
    ("several", "null", None),
    ("words", "[1, a b]", ["1", "a b"]),
    ("pair", "[-5, 1e1]", (-5.0, 10.0)),
    ("table", "{a: 1e-1, b: '1e-1', c: {d: [3, x, null, no, True]}, 0: -.5}", None),
    ("switches", "{a: yes, b: false}", {"a": True, "b": False}),
    ("choice", "two", "two"),
    ("size", "2", 2),
    ("colour", "blue", Colour.BLUE),
    ("either", "true", True),
    ("either", "'true'", "true"),
    ("either", "all", "all"),
    ("number", "2", 2),
    ("number", "2.5", 2.5),
    ("number", "x", "x"),
    ("inner", "{width: 2, ratio: 1e-3}", Inner(2, 0.001)),
    ("anything", "[1, a]", [1, "a"]),
]


@pytest.mark.parametrize(("key", "text", "value"), GOOD)
def test_yaml_values_take_the_type_of_their_field(recipe, key, text, value):
    [outer] = parse([Outer], ["--config", recipe(f"{key}: {text}\n")])
    if key == "table":
        value = {"a": 0.1, "b": "1e-1", "c": {"d": [3, "x", None, "no", True]}, 0: -0.5}
    assert vars(outer)[key] == value
    assert type(vars(outer)[key]) is type(value)


COMMANDS = [
    (["--count", "3"], "count", 3),
    (["--count=-3"], "count", -3),
    (["--rate", "-1e-3"], "rate", -0.001),
    (["--flag"], "flag", True),
    (["--flag", "false"], "flag", False),
    (["--either"], "either", True),
    (["--name="], "name", ""),
    (["--name", "a=b c"], "name", "a=b c"),
    (["--name", "[x"], "name", "[x"),
    (["--name", "none"], "name", "none"),  # not optional, so it is a word
    (["--maybe", "none"], "maybe", None),
    (["--word", "None"], "word", None),
    (["--word=null"], "word", None),
    (["--several", "1", "2"], "several", [1, 2]),
    (["--several", "1"], "several", [1]),
    (["--several", "[1, 2]"], "several", [1, 2]),
    (["--several", "null"], "several", None),
    (["--several=[]"], "several", []),
    (["--pair", "0", "1"], "pair", (0.0, 1.0)),
    (["--table", '{"a": 1e-1, "b": "1"}'], "table", {"a": 0.1, "b": "1"}),
    (["--inner", "{width: 4}"], "inner", Inner(4)),
]


@pytest.mark.parametrize(("argv", "key", "value"), COMMANDS)
def test_the_command_line_means_the_same_as_yaml(argv, key, value):
    [outer] = parse([Outer], argv)
    assert vars(outer)[key] == value
    assert type(vars(outer)[key]) is type(value)


BAD = [
    # recipe, what the message must say: place, key, value, fix
    ("count: 2.5", ["recipe.yaml:1", "count", "2.5", "whole number"]),
    ("count: 1e3", ["count", "1e3", "such as 1000"]),
    ("count: true", ["count", "true", "whole number"]),
    ("count: [1]", ["count", "[1]", "whole number"]),
    ("count: null", ["count", "null", "whole number"]),
    ("rate: fast", ["rate", "fast", "2e-5"]),
    ("rate: nan", ["rate", "nan", "not a number"]),
    ("flag: maybe", ["flag", "maybe", "true or false"]),
    ("flag: 1", ["flag", "1", "true or false"]),
    ("name: [a]", ["name", "[a]", "single value"]),
    ("name: null", ["name", "null", "leave the key out"]),
    ("word: None", ["word", "None", "write null"]),
    ("maybe: None", ["maybe", "None", "write null"]),
    ("several: 1", ["several", "1", "write [1]"]),
    ("several: [1, x]", ["several", "x", "whole number"]),
    ("pair: [1]", ["pair", "[1]", "2 values"]),
    ("table: x", ["table", "x", "{key: value}"]),
    ("table: [x]", ["table", "[x]", "{key: value}"]),
    ("switches: {a: 3}", ["switches", "3", "true or false"]),
    ("choice: three", ["choice", "three", "choose from one, two"]),
    ("size: 3", ["size", "3", "choose from 1, 2"]),
    ("colour: green", ["colour", "green", "choose from red, blue"]),
    ("inner: {height: 2}", ["inner", "height", "choose from width, ratio"]),
    ("inner: {width: 0}", ["inner", "Inner", "width 0 is below 1"]),
    ("name: a\ncuont: 1", ["recipe.yaml:2", "cuont", "1", "did you mean count?"]),
    ("computed: 1", ["computed", "unknown key"]),
    ("zzz: 1", ["zzz", "1", "--help"]),
    ("count: 1\nrate: 1\ncount: 2", ["recipe.yaml:3", "count", "2", "keep one"]),
    ("table: {a: 1, a: 2}", ["a", "2", "keep one"]),
    ("[1]: 2", ["recipe.yaml:1", "[1]", "key: value"]),
    ("table: &a {b: *a}", ["recipe.yaml:1", "contains itself", "write"]),
    ("- count", ["recipe.yaml", "not a mapping", "key: value"]),
    ("# nothing", ["recipe.yaml", "not a mapping"]),
    ("count: [1", ["recipe.yaml", "not valid YAML", "line"]),
    ("count: 1\n---\ncount: 2", ["recipe.yaml", "not valid YAML"]),
]


@pytest.mark.parametrize(("text", "parts"), BAD)
def test_a_wrong_recipe_is_told_the_file_the_key_the_value_and_the_fix(recipe, text, parts):
    with pytest.raises(ConfigError) as caught:
        parse([Outer], ["--config", recipe(text)])
    assert [part for part in parts if part not in str(caught.value)] == []
    assert "\n" not in str(caught.value)


BAD_COMMANDS = [
    (["--count", "x"], ["command line", "count", "x", "whole number"]),
    (["--count", "1", "2"], ["count", "1 2", "leave out '2'"]),
    (["--count=1", "2"], ["count", "1 2", "leave out '2'"]),
    (["--count"], ["count", "has no value", "--count int"]),
    (["--coun", "1"], ["coun", "1", "did you mean count?"]),  # no abbreviations
    (["--count", "1", "--count", "2"], ["count", "second flag", "keep one"]),
    (["recipe.yaml"], ["recipe.yaml", "--config recipe.yaml"]),
    (["--table", "x"], ["table", "x", "{key: value}"]),
    (["--table", "{a: 1, a: 2}"], ["table", "keep one"]),
    (["--config"], ["config", "--config FILE"]),
    (["--config", "a", "b"], ["config", "a b", "--config FILE"]),
    (["--config=a", "--config", "b"], ["config", "a b", "once"]),
    (["--config", "no/such.yaml"], ["no/such.yaml", "no such file"]),
    (["--config", "/"], ["/", "cannot be read"]),
    (["--config="], ["cannot be read", "--config"]),
]


@pytest.mark.parametrize(("argv", "parts"), BAD_COMMANDS)
def test_a_wrong_command_line_is_told_the_key_the_value_and_the_fix(argv, parts):
    with pytest.raises(ConfigError) as caught:
        parse([Outer], argv)
    assert [part for part in parts if part not in str(caught.value)] == []


def test_a_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(ConfigError, match=r"weights\.bin: cannot be read as text"):
        parse([Outer], ["--config", str(tmp_path / "weights.bin")])


def test_all_mistakes_are_reported_together_one_a_line(recipe):
    path = recipe("count: x\nrate: y\ncuont: 1\n")
    with pytest.raises(ConfigError) as caught:
        parse([Outer], ["--config", path, "--flag", "z"])
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["count", "rate", "cuont", "flag"]
    assert lines[0].startswith(f"{path}:1: ")
    assert lines[3].startswith("command line: ")


def test_the_command_line_wins_over_the_file_and_the_file_over_the_class(recipe):
    path = recipe("count: 2\nrate: 2\n")
    assert parse([Outer], [f"--config={path}", "--rate", "3"]) == (Outer(count=2, rate=3.0),)
    assert parse([Outer], ["--rate", "3", "--config", path]) == (Outer(count=2, rate=3.0),)
    assert parse([Outer], []) == (Outer(),)


def test_a_required_field_must_be_given():
    @dataclass
    class Needy:
        where: str

    with pytest.raises(ConfigError, match="where: is missing; write where: str"):
        parse([Needy], [])
    assert parse([Needy], ["--where", "here"]) == (Needy("here"),)


def test_two_classes_may_not_share_a_field():
    with pytest.raises(ValueError, match="count is a field of both Outer and Outer"):
        parse([Outer, Outer], [])


def test_a_field_may_not_hide_the_config_flag():
    @dataclass
    class Hiding:
        config: str = ""

    with pytest.raises(ValueError, match="hides the flag --config"):
        parse([Hiding], [])


def test_choose_lists_the_known_names_in_the_order_of_the_table():
    assert choose({"grpo": 1, "dapo": 2}, "dapo") == 2
    with pytest.raises(ConfigError, match="unknown algorithm 'dpo'; choose from grpo, dapo"):
        choose({"grpo": 1, "dapo": 2}, "dpo", what="algorithm")


def test_the_first_pass_reads_single_keys_and_minds_no_others(recipe):
    path = recipe("algorithm: dapo\nbackend: 12\nmystery: [1]\n")
    keys = ("algorithm", "backend")
    assert read_values(["--config", path], keys) == {"algorithm": "dapo", "backend": "12"}
    assert read_values(["--config", path, "--algorithm=grpo"], keys)["algorithm"] == "grpo"
    assert read_values(["--mystery", "1"], keys) == {}
    for argv in (["--algorithm"], ["--algorithm", "a", "b"]):
        with pytest.raises(ConfigError, match=r"algorithm: .* is not a name"):
            read_values(argv, keys)


# With TRL's own classes.

SAMPLES = {
    # a member of a field's type: as written, value
    bool: ("true", True),
    int: ("3", 3),
    float: ("2e-1", 0.2),
    str: ("text", "text"),
    list[str]: ("[a, 1]", ["a", "1"]),
    list[float]: ("[1, 2e-1]", [1.0, 0.2]),
    dict: ("{a: 1e-1}", {"a": 0.1}),
    dict[str, Any]: ("{a: 1e-1}", {"a": 0.1}),
    dict[str, bool]: ("{a: true}", {"a": True}),
    ParallelismConfig: ("{}", ParallelismConfig()),
    tuple[float, float]: ("[-1, 1]", (-1.0, 1.0)),
    list[DebugOption]: ("[underflow_overflow]", [DebugOption.UNDERFLOW_OVERFLOW]),
    Literal[False]: ("false", False),
    type(None): ("null", None),
}


@pytest.mark.parametrize("cls", [SFTConfig, GRPOConfig, RLOOConfig])
def test_every_member_of_every_field_type_of_the_trainers_can_be_written(cls):
    for key, slot in slots_of(cls).items():
        members = alternatives(slot.kind)
        for member in members:
            if member is str and any(shape(other) is dict for other in members):
                continue  # a file's name, tested below
            enum = isinstance(member, type) and issubclass(member, Enum)
            pairs = [(choice.value, choice) for choice in member] if enum else [SAMPLES[member]]
            for text, value in pairs:
                assert (key, convert(flow_value(f"[{text}]")[0], slot.kind)) == (key, value)


SFT_GOOD = [
    ("learning_rate: 2e-5", "learning_rate", 2e-5),
    ("warmup_steps: 0.1", "warmup_steps", 0.1),
    ("warmup_steps: 100", "warmup_steps", 100),
    ("report_to: wandb", "report_to", ["wandb"]),
    ("report_to: [wandb, tensorboard]", "report_to", ["wandb", "tensorboard"]),
    ("report_to: none", "report_to", []),
    ("report_to: null", "report_to", []),
    ("eval_strategy: no", "eval_strategy", IntervalStrategy.NO),
    ("lr_scheduler_type: cosine", "lr_scheduler_type", SchedulerType.COSINE),
    ("lr_scheduler_kwargs: {num_cycles: 1}", "lr_scheduler_kwargs", {"num_cycles": 1}),
    ("lr_scheduler_kwargs: '{\"num_cycles\": 1}'", "lr_scheduler_kwargs", {"num_cycles": 1}),
    ("max_length: null", "max_length", None),
    ("include_num_input_tokens_seen: true", "include_num_input_tokens_seen", "all"),
    ("save_steps: 50", "save_steps", 50),
]


@pytest.mark.parametrize(("line", "key", "value"), SFT_GOOD)
def test_lines_that_trl_recipes_use_are_understood(recipe, line, key, value):
    [training] = parse([SFTConfig], ["--config", recipe(CPU + line)])
    assert vars(training)[key] == value
    assert type(vars(training)[key]) in (type(value), float)


def test_no_reporter_on_the_command_line_means_none():
    for word in ("none", "null"):
        [training] = parse([SFTConfig], ["--use_cpu", "--report_to", word])
        assert training.report_to == []
    assert parse([SFTConfig], ["--use_cpu", "--report_to", "wandb", "trackio"])[0].report_to == [
        "wandb",
        "trackio",
    ]


def test_a_mapping_may_stand_in_a_json_file_which_must_exist(recipe, tmp_path):
    (tmp_path / "accelerator.json").write_text(json.dumps({"split_batches": True}))
    there = f"accelerator_config: {tmp_path / 'accelerator.json'}"
    [training] = parse([SFTConfig], ["--config", recipe(CPU + there)])
    assert training.accelerator_config.split_batches is True
    with pytest.raises(ConfigError, match=r"missing\.json is neither a mapping nor an existing file"):
        parse([SFTConfig], ["--config", recipe(CPU + "accelerator_config: missing.json")])


TRL_BAD = [
    ("max_steps: 2.5", ["max_steps", "2.5", "whole number"]),
    ("learnig_rate: 1e-3", ["learnig_rate", "1e-3", "did you mean learning_rate?"]),
    ("optim: adamm", ["optim", "adamm", "adamw_torch"]),
    ("logging_steps: 2.5", ["GRPOConfig", "--logging_steps must be an integer", "2.5"]),
    ("reward_weights: 1.0", ["reward_weights", "1.0", "write [1.0]"]),
    ("reward_weights: [1.0, high]", ["reward_weights", "high", "not a number"]),
    ("generation_kwargs: fast", ["generation_kwargs", "fast", "neither a mapping"]),
    ("report_to: {wandb: true}", ["report_to", "wandb", "list[str]"]),
    ("num_generations: 3", ["GRPOConfig", "must be divisible by num_generations (3)"]),
    ("accelerator_config: {fast: true}", ["GRPOConfig", "fast"]),
]


@pytest.mark.parametrize(("line", "parts"), TRL_BAD)
def test_mistakes_in_trl_recipes_are_told_before_anything_is_loaded(recipe, line, parts):
    with pytest.raises(ConfigError) as caught:
        parse([GRPOConfig], ["--config", recipe(CPU + line)])
    assert [part for part in [*parts, "recipe.yaml"] if part not in str(caught.value)] == []
    assert "\n" not in str(caught.value)


def test_a_machine_that_cannot_do_what_the_recipe_asks_is_named_with_the_file(recipe):
    with pytest.raises(ConfigError, match=r"recipe\.yaml: SFTConfig: At most one of fp16 and bf16"):
        parse([SFTConfig], ["--config", recipe("use_cpu: true\nfp16: true\nbf16: true\n")])


def test_a_key_that_would_change_nothing_is_refused(recipe):
    with pytest.raises(ConfigError, match="changes nothing; write its keys in the recipe: dtype"):
        parse([SFTConfig], ["--config", recipe(CPU + "model_init_kwargs: {dtype: float32}")])


@pytest.mark.parametrize("key", sorted(REMOVED))
def test_removed_keys_are_unknown_to_the_trainers_and_their_replacements_are_known(key):
    classes = (RecipeArguments, ModelArguments, GRPOConfig)
    known = {name for cls in (*classes, SFTConfig) for name in slots_of(cls)}
    assert key not in known
    advice = REMOVED[key]
    if advice.startswith("write "):
        assert advice.removeprefix("write ").split()[0].rstrip(":") in known
    with pytest.raises(ConfigError, match=f"command line: {key}: 7 .*{re.escape(advice)}"):
        parse(classes, [f"--{key}", "7"])


ROUND_TRIPS = [
    (SFTConfig, ""),
    (SFTConfig, "learning_rate: 2e-5\nreport_to: wandb\nlr_scheduler_type: cosine\nmax_length: null"),
    (SFTConfig, "accelerator_config: {split_batches: true}\neos_token: '<|im_end|>'\nrun_name: '1e-1'"),
    (SFTConfig, "eval_strategy: steps\nsave_steps: 20\nload_best_model_at_end: true\neval_steps: 10"),
    (SFTConfig, "include_num_input_tokens_seen: non_padding\nrun_name: 'null'\nneftune_noise_alpha: .inf"),
    (GRPOConfig, "gradient_accumulation_steps: 4"),
    (GRPOConfig, "generation_batch_size: 32\nreward_weights: [1.0, 2e-1]"),
    (GRPOConfig, "steps_per_generation: 4\nnum_iterations: 2\nscale_rewards: none"),
    (GRPOConfig, "generation_kwargs: {stop: '1e-1', top: 1e-1, none: None_, deep: [no, ~]}"),
    (GRPOConfig, "parallelism_config: {dp_shard_size: 1}"),
]


@pytest.mark.parametrize(("cls", "lines"), ROUND_TRIPS)
def test_a_saved_recipe_gives_equal_instances(recipe, tmp_path, cls, lines):
    classes = (RecipeArguments, ModelArguments, cls)
    text = CPU + "architecture: {model_type: qwen3, rope_theta: 1e4}\nmax_rows: 10\n" + lines
    instances = parse(classes, ["--config", recipe(text)])
    write_recipe(tmp_path / "run" / "saved.yaml", *instances)
    again = parse(classes, ["--config", str(tmp_path / "run" / "saved.yaml")])
    assert again == instances
    write_recipe(tmp_path / "run" / "twice.yaml", *again)
    assert [path.name for path in sorted((tmp_path / "run").iterdir())] == ["saved.yaml", "twice.yaml"]


def test_what_transformers_resolved_stands_in_the_saved_recipe(recipe, tmp_path):
    [training] = parse([SFTConfig], ["--config", recipe("use_cpu: true\nlogging_steps: 10\nhub_token: hf_x")])
    training.seed = 7
    write_recipe(tmp_path / "saved.yaml", training, command="python recipes/sft.py\n  --config saved.yaml")
    lines = (tmp_path / "saved.yaml").read_text().splitlines()
    assert lines[0] == "# python recipes/sft.py --config saved.yaml"
    assert "bf16: true" in lines  # None, resolved by TRL
    assert "output_dir: trainer_output" in lines  # None, resolved by Transformers
    assert "logging_steps: 10" in lines  # the class default, but given
    assert "seed: 7" in lines  # changed after parsing
    assert not [line for line in lines if "hf_x" in line or "learning_rate" in line]
    keys = [line.split(":")[0] for line in lines[1:] if not line.startswith(" ")]
    assert keys == [key for key in slots_of(SFTConfig) if key in keys]


def test_a_recipe_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "recipe.yaml"
    write_recipe(path, Outer(count=2))
    with pytest.raises(yaml.representer.RepresenterError):
        write_recipe(path, Outer(anything=object()))
    assert parse([Outer], ["--config", str(path)]) == (Outer(count=2),)
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_recipe(tmp_path / "folder", Outer())
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "recipe.yaml"]


PAIR = [
    # of two keys that exclude each other: the one given, else the one that holds for any world size
    ("generation_batch_size: 32", "generation_batch_size: 32"),
    ("steps_per_generation: 4", "steps_per_generation: 4"),
    ("gradient_accumulation_steps: 2", "steps_per_generation: 2"),
]


@pytest.mark.parametrize(("given", "saved"), PAIR)
def test_the_batch_size_that_was_given_is_the_one_that_is_saved(recipe, tmp_path, given, saved):
    write_recipe(tmp_path / "saved.yaml", *parse([GRPOConfig], ["--config", recipe(CPU + given)]))
    lines = (tmp_path / "saved.yaml").read_text().splitlines()
    assert [line for line in lines if line.startswith(("generation_batch_size", "steps_per"))] == [saved]


TEXTS = [
    "null",
    "None",
    "none",
    "~",
    "",
    "true",
    "no",
    "1e-1",
    "012",
    "0o7",
    ".inf",
    "1_0",
    "=",
    "<<",
    "2024-01-02",
]
TEXTS += [
    "{a",
    "[a]",
    "# x",
    "a: b",
    "\u00bd \U0001f600",
    "two\nlines\n",
    " padded ",
    "'",
    '"',
    "- a",
    "!x",
    "*x",
    "%",
]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_survives_the_round_trip(tmp_path, text):
    outer = Outer(name=text, word=text, either=text, words=[text], table={text: text}, anything=[text])
    write_recipe(tmp_path / "saved.yaml", outer)
    assert parse([Outer], ["--config", str(tmp_path / "saved.yaml")]) == (outer,)


def test_a_recipe_of_defaults_is_a_mapping_too(tmp_path):
    write_recipe(tmp_path / "saved.yaml", Outer())
    assert parse([Outer], ["--config", str(tmp_path / "saved.yaml")]) == (Outer(),)


# Our own arguments.


def test_the_model_comes_from_a_name_or_from_scratch():
    assert parse([ModelArguments], ["--model_name_or_path", "a/b"])[0].architecture is None
    scratch = parse([ModelArguments], ["--architecture", "{model_type: qwen3, hidden_size: 64}"])[0]
    assert scratch.architecture == {"model_type": "qwen3", "hidden_size": 64}
    assert scratch.dtype == "float32"


MODEL_BAD = [
    ([], "exactly one of the two"),
    (["--model_name_or_path", "a", "--architecture", "{model_type: qwen3}"], "exactly one of the two"),
    (["--architecture", "{hidden_size: 64}"], "no model_type; add one"),
    (
        ["--model_name_or_path", "a", "--dtype", "fp8"],
        "unknown dtype 'fp8'; choose from float32, bfloat16, float16",
    ),
]


@pytest.mark.parametrize(("argv", "message"), MODEL_BAD)
def test_a_model_that_cannot_be_is_refused(argv, message):
    with pytest.raises(ConfigError, match=f"command line: ModelArguments: .*{message}"):
        parse([ModelArguments], argv)


def test_help_shows_every_field_and_constructs_nothing(capsys):
    classes = (RecipeArguments, ModelArguments, GRPOConfig)
    started = time.perf_counter()
    with pytest.raises(SystemExit) as caught:
        parse(classes, ["--max_steps", "x", "--help"], description="Reinforcement learning.")
    seconds = time.perf_counter() - started
    shown = capsys.readouterr().out
    assert caught.value.code == 0
    assert seconds < 0.5
    assert shown.startswith("Reinforcement learning.\n")
    assert "  --answer_format boxed|final_answer ('boxed')\n      How the answer is marked" in shown
    assert "  --lr_scheduler_type SchedulerType ('linear')\n" in shown
    flags = [line.split()[0] for line in shown.splitlines() if line.startswith("  --")]
    keys = [key for cls in classes for key in slots_of(cls) if key not in INERT]
    assert flags == ["--config", *(f"--{key}" for key in keys)]


def test_importing_the_module_loads_no_heavy_library():
    code = "import sys, tinyreason.config; print(sorted({'torch', 'transformers', 'trl'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
