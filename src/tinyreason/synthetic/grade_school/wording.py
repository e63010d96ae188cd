"""The small language in which the sentences of the problems are written.

`[bought|picked up]` is one of its alternatives, which may hold more of them. A slot in braces is filled in:
{A} {B} {C} {D} are people, {he} {him} {his} {B.he} their pronouns; {fruit} {fruits} {a fruit} a word of
VOCABULARY, {fruit2} another one of the kind; {count} a number, {count~fruit} and {count~child/children} a
number with its noun; {$price} money, {share%} a percentage, {1/part} and {top/bottom} a fraction, {times*}
"twice" or "3 times". In a step of a solution {=} is the equation, {=~fruit} the equation with its noun and
{=^is/are} the form that goes with its result.
What begins a sentence gets its capital letter afterwards.
"""

import random
import re
from collections.abc import Callable, Iterator

from tinyreason.synthetic.grade_school.formulas import Number
from tinyreason.synthetic.grade_school.numerals import Numerals, counted
from tinyreason.synthetic.grade_school.vocabulary import (
    IN_ORDER,
    PEOPLE,
    PRONOUNS,
    VOCABULARY,
    Noun,
    Person,
    noun,
)

TOKEN = re.compile(r"\{[^}]*\}|[\[\]|]|[^{\[\]|]+")
PERSON = re.compile(r"[A-D]")
PRONOUN = re.compile(r"(?:([A-D])\.)?(he|him|his)")
SENTENCE_START = re.compile(r"(?:^|(?<=[.?!] ))[a-z]")
Slot = Callable[["Scene"], str]
Text = tuple["str | Slot | Choice", ...]


class Choice(tuple[Text, ...]):
    """Alternatives, drawn with equal chance."""


class Scene:
    """What the words of one problem have in common: its numbers and its cast, which is drawn when it first
    appears. In a solution `equation` and `result` belong to the step that is being told.
    """

    def __init__(self, rng: random.Random, numbers: dict[str, Number], numerals: Numerals) -> None:
        self.rng, self.numbers, self.numerals = rng, numbers, numerals
        self.equation, self.result = "", 0
        self._people: dict[str, Person] = {}
        self._nouns: dict[str, Noun] = {}

    def person(self, letter: str) -> Person:
        """The same one for the same letter."""
        if letter not in self._people:
            names = {person.name for person in self._people.values()}
            self._people[letter] = self._another(PEOPLE, lambda person: person.name in names)
        return self._people[letter]

    def noun(self, role: str) -> Noun:
        """The same one for the same role: fruit, fruit2."""
        if role not in self._nouns:
            kind = role.rstrip("0123456789")
            if kind in IN_ORDER:
                places = sorted(self.rng.sample(range(len(VOCABULARY[kind])), 4))
                drawn = [VOCABULARY[kind][place] for place in places]
                self._nouns |= {f"{kind}{number}": word for number, word in enumerate(drawn, start=1)}
            else:
                taken = self._nouns.values()
                self._nouns[role] = self._another(VOCABULARY[kind], lambda word: word in taken)
        return self._nouns[role]

    def told(self, text: Text) -> str:
        """The text with its alternatives chosen and its slots filled."""
        told: list[str] = []
        self._tell(text, told)
        return "".join(told)

    def _tell(self, text: Text, told: list[str]) -> None:
        for part in text:
            if isinstance(part, str):
                told.append(part)
            elif isinstance(part, Choice):
                self._tell(self.rng.choice(part), told)
            else:
                told.append(part(self))

    def _another(self, words: tuple, taken: Callable[..., bool]):
        while taken(word := self.rng.choice(words)):
            pass
        return word


def text(source: str) -> Text:
    """Reads the notation above."""
    tokens = TOKEN.findall(source)
    assert "".join(tokens) == source, f"{source}: not readable"
    parts = _sequence(iter(tokens), source)[0]
    return parts


def capitalised(sentences: str) -> str:
    """Every sentence with a capital letter."""
    return SENTENCE_START.sub(lambda match: match[0].upper(), sentences)


def numbers_told(source: str) -> set[str]:
    """The names in the slots, of numbers and of other things."""
    return {name for inside in re.findall(r"\{([^}]*)\}", source) for name in re.findall(r"[a-z]\w*", inside)}


def _sequence(tokens: Iterator[str], source: str, *, inside: bool = False) -> list[Text]:
    """The alternatives up to the closing bracket; outside of brackets there is one, up to the end."""
    alternatives: list[list] = [[]]
    for token in tokens:
        if token == "[":
            alternatives[-1].append(Choice(_sequence(tokens, source, inside=True)))
        elif token == "|" and inside:
            alternatives.append([])
        elif token == "]" and inside:
            return [tuple(alternative) for alternative in alternatives]
        else:
            assert token not in "|]", f"{source}: {token} outside of brackets"
            alternatives[-1].append(_slot(token[1:-1]) if token.startswith("{") else token)
    assert not inside, f"{source}: a bracket is not closed"
    return [tuple(alternatives[0])]


def _slot(inside: str) -> Slot:
    number, tilde, word = inside.partition("~")
    if tilde:
        return _with_noun(number, word)
    if inside.startswith("=^"):
        singular, plural = inside[2:].split("/")
        return lambda scene: singular if scene.result == 1 else plural
    if match := PRONOUN.fullmatch(inside):
        letter, case = match[1] or "A", match[2]
        return lambda scene: PRONOUNS[scene.person(letter).gender][case]
    if PERSON.fullmatch(inside):
        return lambda scene: scene.person(inside).name
    if inside == "=":
        return lambda scene: scene.equation
    if inside.startswith("a ") and _is_noun(inside[2:]):
        role = inside[2:]
        return lambda scene: scene.noun(role).with_article
    if _is_noun(inside):
        return lambda scene: scene.noun(inside).singular
    if inside.endswith("s") and _is_noun(inside[:-1]):
        role = inside[:-1]
        return lambda scene: scene.noun(role).plural
    return _number(inside)


def _number(inside: str) -> Slot:
    if inside.startswith("$"):
        name = inside[1:]
        return lambda scene: scene.numerals.money(scene.numbers[name])
    if inside.endswith("%"):
        name = inside[:-1]
        return lambda scene: scene.numerals.percent(scene.numbers[name])
    if inside.endswith("*"):
        name = inside[:-1]
        return lambda scene: scene.numerals.times(scene.numbers[name])
    if "/" in inside:
        top, bottom = inside.split("/")
        if top == "1":
            return lambda scene: scene.numerals.part(1, scene.numbers[bottom])
        return lambda scene: scene.numerals.part(scene.numbers[top], scene.numbers[bottom])
    return lambda scene: scene.numerals.number(scene.numbers[inside])


def _with_noun(number: str, word: str) -> Slot:
    if _is_noun(word):
        find = lambda scene: scene.noun(word)  # noqa: E731 (one of two ways to the noun)
    else:
        fixed = noun(word)
        find = lambda scene: fixed  # noqa: E731

    def show(scene: Scene) -> str:
        if number == "=":
            digits, value = scene.equation, scene.result
        else:
            value = scene.numbers[number]
            digits = scene.numerals.number(value)
        found = find(scene)
        return counted(digits, value, found.singular, found.plural)

    return show


def _is_noun(role: str) -> bool:
    return role.rstrip("0123456789") in VOCABULARY
