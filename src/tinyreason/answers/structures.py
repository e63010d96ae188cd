"""Lists, tuples, sets, intervals and unions in plain text: what their brackets are and what they hold."""

import re
from dataclasses import dataclass

from tinyreason.answers.latex import split_top_level

LIST_SEPARATOR = re.compile(r"[;,]\s*(?:and\b|or\b)?|\band\b|\bor\b")
LIST_SEPARATOR_OR_THOUSANDS = re.compile(r"[;,]\s+(?:and\b|or\b)?|;|,(?!\d{3}(?!\d))|\band\b|\bor\b")
UNION = re.compile(r"\\cup(?![A-Za-z])")
PLUS_MINUS = re.compile(r"\\(?:pm|mp)(?![A-Za-z])")
BRACKETS = {"(": ")", "[": "]", "\\{": "\\}", "{": "}", "\\langle": "\\rangle"}
CLOSING = re.compile(r"(\)|\]|\\\}|\}|\\rangle)$")


@dataclass(frozen=True)
class Structure:
    """`opening` is "" for a list without brackets and "\\cup" for a union."""

    opening: str
    closing: str
    items: tuple[str, ...]

    @property
    def brackets(self) -> tuple[str, str]:
        return self.opening, self.closing

    @property
    def unordered(self) -> bool:
        return self.opening in ("", "\\{", "{", "\\cup")


def is_list(text: str) -> bool:
    structure = read_structure(text)
    return structure is not None and structure.opening == ""


def read_structure(text: str, *, every_comma: bool = False) -> Structure | None:
    """The list, tuple, set, interval or union that the text is; None for a single expression."""
    if "\\cup" in text:
        parts = split_top_level(text, UNION)
        if len(parts) > 1:
            return Structure("\\cup", "", tuple(parts))
    items = _items(text, every_comma)
    if len(items) > 1:
        return Structure("", "", tuple(expanded for item in items for expanded in _plus_and_minus(item)))
    if len(PLUS_MINUS.findall(text)) == 1 and _enclosed(text) is None:
        return Structure("", "", tuple(_plus_and_minus(text)))
    enclosed = _enclosed(text)
    if enclosed is None:
        return None
    opening, inside, closing = enclosed
    inner = _items(inside, every_comma)
    inner = [expanded for item in inner for expanded in _plus_and_minus(item)] if opening != "(" else inner
    return Structure(opening, closing, tuple(inner))


def _items(text: str, every_comma: bool) -> list[str]:
    if "," not in text and ";" not in text and "and" not in text and "or" not in text:
        return [text]
    parts = split_top_level(text, LIST_SEPARATOR if every_comma else LIST_SEPARATOR_OR_THOUSANDS)
    return [part for part in parts if part]


def _plus_and_minus(text: str) -> list[str]:
    if len(PLUS_MINUS.findall(text)) != 1:
        return [text]
    return [PLUS_MINUS.sub("+", text).removeprefix("+").strip(), PLUS_MINUS.sub("-", text)]


def _enclosed(text: str) -> tuple[str, str, str] | None:
    """The opening bracket, the inside and the closing bracket where one pair holds the whole text."""
    opening = next((bracket for bracket in BRACKETS if text.startswith(bracket)), None)
    closing = CLOSING.search(text)
    if opening is None or closing is None or closing.start() < len(opening):
        return None
    depth = 0
    for match in re.finditer(r"\\[{}]|[{}()\[\]]|\\langle|\\rangle", text):
        depth += 1 if match[0] in BRACKETS else -1
        if depth == 0 and match.end() < len(text):
            return None
    inside = text[len(opening) : closing.start()].strip()
    half_open = {opening, closing[1]} == {"(", "]"} or {opening, closing[1]} == {"[", ")"}
    return (opening, inside, closing[1]) if half_open or BRACKETS[opening] == closing[1] else None
