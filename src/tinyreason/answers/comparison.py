"""Compares two answers by their structure: numbers, choices, words, lists, tuples, intervals, assignments.

What is left, one symbolic expression against another, goes to the function that the caller passes in: the
worker passes Math-Verify, the parent passes `refuse_symbols`, so that whatever needs no computer algebra is
decided without it.

Policy: a list without brackets and a set are unordered, and repeats count in a list; brackets of intervals
and tuples matter; a variable's name (`x =`, `x \\in`) and a unit are ignored where the gold has none.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from tinyreason.answers.latex import FUNCTION_WORDS, canonical, plain, split_top_level
from tinyreason.answers.numerals import read_quantity, same_quantity, same_short_numbers
from tinyreason.answers.structures import Structure, is_list, read_structure

Compare = Callable[[str, str], bool]

LARGEST_LIST = 64  # items that are compared one by one
LONGEST_STRUCTURES = 4_000  # characters of both; what is longer is compared as text
DEEPEST = 6  # brackets within brackets

NO_SECOND_CHOICE = r"(?!or\b|and\b|\(?[A-J]\)?\s*(?:[).,:/&]|$|or\b|and\b))"
CHOICE = re.compile(
    rf"\(\s*(?P<bracketed>[A-J])\s*\)(?:\s*[.:]?\s*{NO_SECOND_CHOICE}(?P<rest>[^\s+*/^=<>-].*))?"
    rf"|(?P<letter>[A-J])(?:\s*[.:)]\s*{NO_SECOND_CHOICE}(?P<text>\S.*)"
    rf"|\s+{NO_SECOND_CHOICE}(?P<words>[A-Za-z]{{2}}.*)|[.:)])?",
    re.DOTALL,
)
ONLY_WORDS = re.compile(r"[A-Za-z][A-Za-z\s'.,!-]*")
EQUALS = re.compile(r"(?<![<>!:\\])=(?![<>])")
RELATION = re.compile(r"[<>]|\\(?:le|ge|ne)(?![A-Za-z])")
MEMBER = re.compile(r"[A-Za-z](?:_\{?\w\}?)?\s*\\in(?![A-Za-z])\s*")
SYMBOL = r"(?:[A-Za-z]|\\[A-Za-z]+)(?:_(?:\w|\{[^{}]*\}))?'*"
NAME = re.compile(
    rf"{SYMBOL}(?:\s*\([A-Za-z,\s]*\)|(?:\s*:\s*{SYMBOL})+)?|[A-Z]{{2,4}}|\(\s*{SYMBOL}(?:\s*,\s*{SYMBOL})+\s*\)"
)
LEAD = re.compile(
    r"(?:(?:so|thus|hence|therefore|simply|just|the|our|my|final|correct)\s+)*"
    r"(?:(?:answer|result|option|choice)(?:\s*(?:is|equals|[:=]))?|so|thus|hence|therefore|simply|just)[\s:]+",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:([ap])\.?\s?m\b\.?)?", re.IGNORECASE)
SPELLINGS = {  # canonical and in lower case
    "\\varnothing": "\\emptyset",
    "\\{\\}": "\\emptyset",
    "emptyset": "\\emptyset",
    "theemptyset": "\\emptyset",
    "\\mathbbr": "(-\\infty,\\infty)",
    "allrealnumbers": "(-\\infty,\\infty)",
    "allreals": "(-\\infty,\\infty)",
    "dne": "does not exist",
}
DOTS = re.compile(r"\.\.\.|\\[lc]?dots(?![A-Za-z])")
MATRIX = re.compile(r"\\begin\s*\{")
LETTERS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
COEFFICIENT = re.compile(r".*\d[A-Za-z]")  # a gold "2m" is 2 times m, an answer "2m" may be two metres
UNIT_TAIL = re.compile(r"(?<=[\w})])\s+[A-Za-z]{2,}(?:\s+[A-Za-z]+){0,4}(?:\s*\^\s*\{?\s*\d\s*\}?)?$")


class NeedsAlgebraError(Exception):
    """The pair cannot be decided without computer algebra."""


def refuse_symbols(gold: str, answer: str) -> bool:
    raise NeedsAlgebraError


class Decision(NamedTuple):
    """Whether the answer equals the gold, and the rule that says so."""

    equal: bool
    rule: str


SAME_NUMBER, ANOTHER_NUMBER = Decision(True, "numbers"), Decision(False, "numbers")


def decide(gold: str, answer: str, compare: Compare) -> Decision:
    """Whether the answer equals the gold; `compare(gold, answer)` decides pairs of symbolic expressions."""
    verdict = same_short_numbers(gold, answer)
    if verdict is not None:
        return SAME_NUMBER if verdict else ANOTHER_NUMBER
    gold, answer = plain(gold), plain(answer)
    lead = LEAD.match(answer)
    if lead is not None and not LEAD.match(gold):
        answer = answer[lead.end() :]
    if ":" in gold:
        answer = answer.replace(" to ", ":")
    return _decide(gold, answer, compare, DEEPEST)


def _decide(gold: str, answer: str, compare: Compare, depth: int) -> Decision:
    if not gold or not answer:
        return Decision(False, "nothing to compare")
    verdict = _equal_choices(gold, answer)
    if verdict is not None:
        return Decision(verdict, "choice letter")
    verdict = _equal_times(gold, answer)
    if verdict is not None:
        return Decision(verdict, "times of day")
    gold, answer = map(_usual_spelling, _last_sides(gold, answer))
    answer_quantity = read_quantity(answer)
    gold_quantity = None if COEFFICIENT.fullmatch(gold) else read_quantity(gold)
    if gold_quantity and answer_quantity:
        return Decision(same_quantity(gold_quantity, answer_quantity), "numbers")
    if canonical(gold) == canonical(answer):
        return Decision(True, "same notation")
    verdict = _equal_structures(gold, answer, compare, depth)
    if verdict is not None:
        return Decision(verdict, "items of a list, tuple, set or interval")
    verdict = _equal_words(gold, answer)
    if verdict is not None:
        return Decision(verdict, "words")
    if _plainly_different(gold, answer, gold_is_number=gold_quantity is not None):
        return Decision(False, "different kinds")
    return Decision(compare(gold, _without_unit(gold, answer)), "computer algebra")


def _equal(gold: str, answer: str, compare: Compare, depth: int) -> bool:
    return _decide(gold, answer, compare, depth).equal


def _last_sides(gold: str, answer: str) -> tuple[str, str]:
    """Without the variable's name, or the chain of equations, that only one side has, or that both share."""
    if "\\in" in gold or "\\in" in answer:
        names = {canonical(match[0]) for match in (MEMBER.match(gold), MEMBER.match(answer)) if match}
        if len(names) < 2:
            gold, answer = MEMBER.sub("", gold, count=1), MEMBER.sub("", answer, count=1)
    if "=" not in gold and "=" not in answer:
        return gold, answer
    if is_list(gold) or is_list(answer):
        return gold, answer
    gold_sides, answer_sides = split_top_level(gold, EQUALS), split_top_level(answer, EQUALS)
    if len(gold_sides) == 1 or canonical(gold_sides[0]) == canonical(answer_sides[0]):
        answer = answer_sides[-1]
    if len(answer_sides) == 1 and not NAME.fullmatch(gold_sides[0]):
        return gold, answer
    if len(answer_sides) == 1 or canonical(gold_sides[0]) == canonical(answer_sides[0]):
        gold = gold_sides[-1]
    return gold, answer


def _equal_choices(gold: str, answer: str) -> bool | None:
    """`(B)`, `B` and `(B) a hyperbola` are one choice. Undecided unless one of the two is a letter alone."""
    if not (gold[0] in "(ABCDEFGHIJ" and answer[0] in "(ABCDEFGHIJ"):
        return None
    gold_match, answer_match = CHOICE.fullmatch(gold), CHOICE.fullmatch(answer)
    if gold_match is None or answer_match is None:
        return None
    gold_letter, gold_text = _letter_and_text(gold_match)
    answer_letter, answer_text = _letter_and_text(answer_match)
    return None if gold_text and answer_text else gold_letter == answer_letter


def _letter_and_text(choice: re.Match[str]) -> tuple[str, str | None]:
    return choice["bracketed"] or choice["letter"], choice["rest"] or choice["text"] or choice["words"]


def _equal_times(gold: str, answer: str) -> bool | None:
    """`4:30 p.m.` and `4:30`. Undecided unless one of the two says a.m. or p.m.: 4:30 may be a ratio."""
    if gold[-1] not in "mM" and answer[-1] not in "mM":
        return None
    gold_time, answer_time = CLOCK.fullmatch(gold), CLOCK.fullmatch(answer)
    if gold_time is None or answer_time is None:
        return None
    halves = {time[3].lower() for time in (gold_time, answer_time) if time[3]}
    hours = [(int(time[1]), int(time[2] or 0)) for time in (gold_time, answer_time)]
    return hours[0] == hours[1] and len(halves) == 1


def _usual_spelling(text: str) -> str:
    return SPELLINGS.get(canonical(text).lower(), text) if len(text) < 20 else text


def _equal_words(gold: str, answer: str) -> bool | None:
    """Words are compared as words: "Odd." is "odd". Undecided where either may be an expression."""
    if not (ONLY_WORDS.fullmatch(gold) and ONLY_WORDS.fullmatch(answer)):
        return None
    gold_words, answer_words = _words(gold), _words(answer)
    if gold_words == answer_words:
        return len(gold) > 2 or gold_words == ["no"]  # "x" is not "X"
    prose = any(len(word) > 3 and word not in FUNCTION_WORDS for word in gold_words)
    return False if prose else None


def _words(text: str) -> list[str]:
    words = [word for word in re.findall(r"[a-z]+", text.lower()) if word not in ("a", "an", "the")]
    return [word.removesuffix("s") if len(word) > 3 else word for word in words]


def _equal_structures(gold: str, answer: str, compare: Compare, depth: int) -> bool | None:
    if depth == 0 or len(gold) + len(answer) > LONGEST_STRUCTURES:
        return None
    gold_structure, answer_structure = read_structure(gold), read_structure(answer)
    if gold_structure is None and answer_structure is None:
        return None
    if MATRIX.search(gold) or MATRIX.search(answer):
        return None
    if gold_structure is None or answer_structure is None:
        return _equal_to_atom(gold, gold_structure, answer, answer_structure, compare, depth)
    if "\\cup" in (gold_structure.opening, answer_structure.opening) or _relations(gold, answer):
        return _items_equal(gold_structure, answer_structure, compare, depth) or None
    if answer_structure.opening == "(" and _names_in_order(gold_structure):  # x=3, y=4 is the point (3,4)
        gold_structure = replace(gold_structure, opening="(", closing=")")
    if gold_structure.unordered != answer_structure.unordered and answer_structure.opening:
        return False
    ordered = answer_structure.opening and not gold_structure.unordered
    if ordered and gold_structure.brackets != answer_structure.brackets:
        return False
    return _items_equal(gold_structure, answer_structure, compare, depth)


def _equal_to_atom(
    gold: str,
    gold_structure: Structure | None,
    answer: str,
    answer_structure: Structure | None,
    compare: Compare,
    depth: int,
) -> bool | None:
    """One side is a list, a tuple or a set, the other is not: equal only if the one holds just the other."""
    if _relations(gold, answer):
        return None
    structure = gold_structure or answer_structure
    if len(structure.items) == 1 and structure.opening not in ("[", "\\langle"):
        if gold_structure:
            return _equal(structure.items[0], answer, compare, depth - 1)
        return _equal(gold, structure.items[0], compare, depth - 1)
    if structure.opening == "\\cup" or "\\setminus" in gold + answer or "\\cap" in gold + answer:
        return None
    # "100,200" was read as one number, and may be a list
    gold_structure, answer_structure = (read_structure(side, every_comma=True) for side in (gold, answer))
    if gold_structure is None or answer_structure is None:
        return False
    return _items_equal(gold_structure, answer_structure, compare, depth)


def _names_in_order(structure: Structure) -> bool:
    sides = [split_top_level(item, EQUALS) for item in structure.items]
    names = [side[0] for side in sides if len(side) == 2 and NAME.fullmatch(side[0])]
    return len(names) == len(sides) > 1 and names == sorted(set(names))


def _relations(gold: str, answer: str) -> bool:
    return bool(RELATION.search(gold) or RELATION.search(answer))


def _items_equal(gold: Structure, answer: Structure, compare: Compare, depth: int) -> bool:
    if len(gold.items) != len(answer.items) or len(gold.items) > LARGEST_LIST:
        return [canonical(item) for item in gold.items] == [canonical(item) for item in answer.items]
    if not gold.unordered:
        pairs = zip(gold.items, answer.items, strict=True)
        return all(_equal(gold_item, answer_item, compare, depth - 1) for gold_item, answer_item in pairs)
    left = list(answer.items)
    for gold_item in gold.items:
        found = _position_of(gold_item, left, compare, depth)
        if found is None:
            return False
        del left[found]
    return True


def _position_of(gold_item: str, items: list[str], compare: Compare, depth: int) -> int | None:
    key = canonical(gold_item)
    for position, item in enumerate(items):
        if canonical(item) == key:
            return position
    for position, item in enumerate(items):
        if _equal(gold_item, item, compare, depth - 1):
            return position
    return None


def _plainly_different(gold: str, answer: str, *, gold_is_number: bool) -> bool:
    """Pairs that computer algebra must not see: it would call them equal, or waste its time."""
    if bool(DOTS.search(gold)) != bool(DOTS.search(answer)):
        return True
    gold_related, answer_related = bool(RELATION.search(gold)), bool(RELATION.search(answer))
    if gold_related != answer_related and read_structure(answer if gold_related else gold) is None:
        return True
    only_gold_is_equation = len(split_top_level(gold, EQUALS)) > 1 == len(split_top_level(answer, EQUALS))
    if only_gold_is_equation and not answer_related:
        return True
    prose = any(word.lower() not in FUNCTION_WORDS for word in LETTERS.findall(answer))
    return gold_is_number and prose


def _without_unit(gold: str, answer: str) -> str:
    """`12 \\pi inches` is `12 \\pi` for a gold without words."""
    match = UNIT_TAIL.search(answer)
    if match is None or UNIT_TAIL.search(gold) or set(match[0].split()) & FUNCTION_WORDS:
        return answer
    return answer[: match.start()]
