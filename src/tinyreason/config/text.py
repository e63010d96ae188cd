"""What the user wrote: the keys of a YAML file and of a command line, as text that has no types yet.

PyYAML composes the tree and resolves nothing: its own rules are YAML 1.1's, where `2e-5` is a text, `no` is
false, `012` is ten and the second of two equal keys wins without a word.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

COMMAND_LINE = "command line"
NULLS = ("", "~", "null", "Null", "NULL")


class ConfigError(ValueError):
    """What is wrong with a recipe, one line each: the file or `command line`, the key, the value, the fix."""


class Plain(str):
    """Text that stood without quotes, so it may mean a number, a boolean or null: its field decides."""

    def __repr__(self) -> str:
        return str(self) or "null"


@dataclass(frozen=True)
class Given:
    """One key as the user wrote it. `value` is a tuple of words where it comes from the command line."""

    place: str
    key: str
    value: Any

    def shown(self) -> str:
        return " ".join(self.value) if isinstance(self.value, tuple) else repr(self.value)


def read_sources(argv: list[str], problems: list[str]) -> tuple[str | None, list[Given]]:
    """The recipe file's path and all keys in order of precedence, the last one wins."""
    flags = read_command_line(argv, problems)
    files = [entry for entry in flags if entry.key == "config"]
    if not files:
        return None, flags
    if len(files) > 1 or len(files[0].value) != 1:
        shown = " ".join(entry.shown() for entry in files)
        raise ConfigError(f"{COMMAND_LINE}: config: takes one file, got {shown!r}; write --config FILE once")
    [path] = files[0].value
    return path, read_file(path, problems) + [entry for entry in flags if entry.key != "config"]


def read_command_line(argv: list[str], problems: list[str]) -> list[Given]:
    flags: list[tuple[str, list[str]]] = []
    for word in argv:
        if word.startswith("--"):
            key, equals, value = word[2:].partition("=")
            if key != "config" and any(key == earlier for earlier, _ in flags):
                problems.append(f"{COMMAND_LINE}: {key}: {word!r} is its second flag; keep one of them")
            flags.append((key, [value] if equals else []))
        elif flags:
            flags[-1][1].append(word)
        else:
            problems.append(f"{COMMAND_LINE}: {word!r} has no key; write --config {word} or --key {word}")
    return [Given(COMMAND_LINE, key, tuple(words)) for key, words in flags]


def read_file(path: str, problems: list[str]) -> list[Given]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; give --config the path of a recipe") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read as text ({error}); give --config the path of a recipe"
        ) from error
    root = compose(text, path)
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError(f"{path}: is not a mapping; write one `key: value` a line")
    lines = {
        key_node.value: key_node.start_mark.line + 1 for key_node, _ in root.value if key_node.id == "scalar"
    }
    return [
        Given(f"{path}:{lines[key]}", key, value) for key, value in read_node(root, path, problems).items()
    ]


def is_null(value: Any) -> bool:
    return isinstance(value, Plain) and value in NULLS


def flow_value(text: str) -> Any:
    """A list or mapping in YAML flow style, which includes JSON."""
    problems: list[str] = []
    value = read_node(compose(text, f"{text!r}"), f"{text!r}", problems)
    if problems:
        raise ConfigError("; ".join(problems))
    return value


def compose(text: str, place: str) -> yaml.Node | None:
    """The YAML tree of one document, nothing resolved; None if there is no document in it."""
    try:
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise ConfigError(f"{place}: is not valid YAML: {' '.join(str(error).split())}") from error


def read_node(node: yaml.Node, place: str, problems: list[str], above: tuple[yaml.Node, ...] = ()) -> Any:
    """The tree as Plain, str, list and dict. Keys that stand twice are added to `problems`."""
    line = f"{place}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.ScalarNode):
        return Plain(node.value) if node.style is None else node.value
    if any(node is outer for outer in above):
        raise ConfigError(f"{line}: an anchor contains itself; write its value out")
    above = (*above, node)
    if isinstance(node, yaml.SequenceNode):
        return [read_node(item, place, problems, above) for item in node.value]
    result = {}
    for key_node, value_node in node.value:
        key = read_node(key_node, place, problems, above)
        value = read_node(value_node, place, problems, above)
        line = f"{place}:{key_node.start_mark.line + 1}"
        if not isinstance(key, str):
            problems.append(f"{line}: key {key!r} is not text; write `key: value`")
        elif key in result:
            problems.append(
                f"{line}: {key}: {value!r} is given to a key that stands above too; keep one of them"
            )
        else:
            result[key] = value
    return result
