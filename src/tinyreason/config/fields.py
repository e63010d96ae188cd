"""Text to typed values: what YAML or a command line says, as the type of a dataclass field wants it.

Text without quotes has no type of its own, it takes that of its field: `2e-5` is a float where a float is
wanted and the commit hash `1234567` stays text. Only inside free-form mappings does it follow the YAML 1.2
core schema (where `1e-1` is a number and `no` is a word), which PyYAML's own loaders do not.
"""

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar

from tinyreason.config.text import ConfigError, Plain, flow_value, is_null

T = TypeVar("T")

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
WHOLE = re.compile(r"[-+]?[0-9]+(_[0-9]+)*")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(_[0-9]+)*(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
INFINITE = re.compile(r"[-+]?\.?inf", re.IGNORECASE)


@dataclass(frozen=True)
class Slot:
    """One settable field: the dataclass it belongs to, and its type with forward references resolved."""

    owner: type
    field: Field
    kind: Any

    def default(self) -> Any:
        """MISSING where the field must be given."""
        if self.field.default_factory is not MISSING:
            return self.field.default_factory()
        return self.field.default


def slots_of(cls: type) -> dict[str, Slot]:
    """The fields of a dataclass that its constructor takes, in their order."""
    kinds = typing.get_type_hints(cls)
    return {f.name: Slot(cls, f, kinds[f.name]) for f in fields(cls) if f.init}


def choose(table: Mapping[str, T], name: str, *, what: str = "name") -> T:
    """The entry called `name`; ConfigError listing the known names in the table's order if there is none."""
    if name not in table:
        raise ConfigError(f"unknown {what} {name!r}; choose from {', '.join(table)}")
    return table[name]


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union, else the type alone. Text beside an Enum only spells it, so it is left out."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return (kind,)
    members = typing.get_args(kind)
    return tuple(m for m in members if m is not str) if any(map(is_enum, members)) else members


def is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def shape(kind: Any) -> type:
    """list, dict or str: how a value of this type is written down."""
    origin = typing.get_origin(kind) or kind
    if origin in (list, tuple):
        return list
    return dict if origin is dict or (is_dataclass(kind) and isinstance(kind, type)) else str


def describe(kind: Any) -> str:
    """The type as `--help` and error messages show it."""
    members = alternatives(kind)
    if len(members) > 1:
        return " | ".join(describe(member) for member in members)
    [only] = members
    if typing.get_origin(only) is Literal:
        return "|".join(str(choice) for choice in typing.get_args(only))
    if only is types.NoneType:
        return "null"
    return str(only).replace("typing.", "") if typing.get_origin(only) else only.__name__


def convert(value: Any, kind: Any) -> Any:
    """`value`, made of Plain, str, list and dict, as `kind`; ConfigError with value and fix if it is not.

    TypeError for an annotation that no recipe could fill, such as a callable."""
    members = alternatives(kind)
    if len(members) > 1:
        return convert_union(value, members)
    [only] = members
    origin = typing.get_origin(only) or only
    if origin in CONVERTERS:
        return CONVERTERS[origin](value, typing.get_args(only))
    if is_enum(only):
        return choose({str(member.value): member for member in only}, str(value), what="value")
    if is_dataclass(only):
        return convert_dataclass(value, only)
    raise TypeError(f"a field of type {kind} cannot be set from a recipe")


def convert_union(value: Any, members: tuple[Any, ...]) -> Any:
    if types.NoneType in members:
        if is_null(value):
            return None
        refuse_python_none(value)
    members = tuple(member for member in members if member is not types.NoneType)
    if len(members) == 1:
        return convert(value, members[0])
    if isinstance(value, str) and str in members:
        mappings = [member for member in members if shape(member) is dict]
        if mappings:
            return convert(flow_value(value), mappings[0]) if value.startswith("{") else existing_file(value)
        if not isinstance(value, Plain):
            return value  # quoted, so not a boolean or a number
    # text comes last: it takes anything that is not also a number, a boolean, ...
    written = list if isinstance(value, list) else dict if isinstance(value, dict) else str
    fitting = sorted((m for m in members if shape(m) is written), key=lambda member: member is str)
    if len(fitting) == 1:
        return convert(value, fitting[0])
    for member in fitting:
        try:
            return convert(value, member)
        except ConfigError:
            continue
    raise ConfigError(f"{value!r} is none of {', '.join(describe(member) for member in members)}")


def refuse_python_none(value: Any) -> None:
    if isinstance(value, Plain) and value == "None":
        raise ConfigError("None is Python's word; write null for no value, or 'None' in quotes for the text")


def existing_file(text: str) -> str:
    if not Path(text).is_file():
        raise ConfigError(
            f"{text!r} is neither a mapping nor an existing file; write {{key: value}} or a file's path"
        )
    return str(text)


def to_none(value: Any, _: tuple) -> None:
    if not is_null(value):
        raise ConfigError(f"{value!r} is not null; write null")


def to_boolean(value: Any, _: tuple) -> bool:
    if not isinstance(value, str) or value.lower() not in BOOLEANS:
        raise ConfigError(f"{value!r} is not true or false; write one of the two")
    return BOOLEANS[value.lower()]


def to_integer(value: Any, _: tuple) -> int:
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    number = isinstance(value, str) and NUMBER.fullmatch(value)
    example = f" such as {float(value):.0f}" if number else ""
    raise ConfigError(f"{value!r} is not a whole number; write one{example}")


def to_float(value: Any, _: tuple) -> float:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value)
    if isinstance(value, str) and INFINITE.fullmatch(value):
        return float(value.replace(".", ""))
    raise ConfigError(f"{value!r} is not a number; write one such as 0.1 or 2e-5")


def to_text(value: Any, _: tuple) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{value!r} is not text; write a single value")
    if is_null(value):
        raise ConfigError("null is not text; write a value or leave the key out")
    refuse_python_none(value)
    return str(value)


def to_literal(value: Any, choices: tuple) -> Any:
    return choose({yaml_word(choice): choice for choice in choices}, str(value), what="value")


def yaml_word(choice: Any) -> str:
    return str(choice).lower() if isinstance(choice, bool) else str(choice)


def to_list(value: Any, arguments: tuple) -> list:
    if not isinstance(value, list):
        raise ConfigError(f"{value!r} is not a list; write [{value}]")
    [element] = arguments or (Any,)
    return [convert(item, element) for item in value]


def to_tuple(value: Any, arguments: tuple) -> tuple:
    if not isinstance(value, list) or len(value) != len(arguments):
        raise ConfigError(f"{value!r} is not a list of {len(arguments)} values; write them as [a, b]")
    return tuple(convert(item, kind) for item, kind in zip(value, arguments, strict=True))


def to_mapping(value: Any, arguments: tuple) -> dict:
    if not isinstance(value, dict):
        raise ConfigError(f"{value!r} is not a mapping; write {{key: value}}")
    key_kind, value_kind = arguments or (Any, Any)
    return {convert(key, key_kind): convert(item, value_kind) for key, item in value.items()}


def convert_dataclass(value: Any, cls: type) -> Any:
    if not isinstance(value, dict):
        raise ConfigError(f"{value!r} is not a mapping; write {{key: value}}")
    slots = slots_of(cls)
    values = {str(key): convert(item, choose(slots, key, what="key").kind) for key, item in value.items()}
    try:
        return cls(**values)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{value!r} is refused by {cls.__name__}: {error}") from error


def to_anything(value: Any, _: tuple = ()) -> Any:
    """Free-form values: what YAML 1.2's core schema makes of text without quotes."""
    if isinstance(value, list):
        return [to_anything(item) for item in value]
    if isinstance(value, dict):
        return {to_anything(key): to_anything(item) for key, item in value.items()}
    if not isinstance(value, Plain):
        return value
    if is_null(value):
        return None
    if value in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return BOOLEANS[value.lower()]
    for pattern, convert_text in ((WHOLE, to_integer), (NUMBER, to_float), (INFINITE, to_float)):
        if pattern.fullmatch(value):
            return convert_text(value, ())
    return to_text(value, ())


CONVERTERS = {
    types.NoneType: to_none,
    bool: to_boolean,
    int: to_integer,
    float: to_float,
    str: to_text,
    list: to_list,
    tuple: to_tuple,
    dict: to_mapping,
    Literal: to_literal,
    Any: to_anything,
}
