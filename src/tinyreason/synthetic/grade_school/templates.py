"""What a template is made of: numbers, the texts that tell them, the steps that solve the problem, and the
clauses that may lengthen it. It is written down as a sheet:

    count 2-9; price 3-12                                        numbers, as in quantities
    ? {A} bought {count} pens for {$price} each.                 a text, as in wording: a story and,
      >> How much did {he} pay?                                  after >>, its question
    ? At {$price} each, {A} bought {count} pens. >> What did {he} pay?
    ! 2-9: {A} has {noise} brothers.                             an aside, whose number does not matter
    cost = count * price: the pens cost {=~dollar}               a step of the solution
    + coupon 1-5                                                 a change, which begins with its numbers
      ? A coupon took {$coupon} off the price.
      paid = it - coupon: {A} paid {=~dollar}
    > paid 20|50                                                 an end
      ? >> How much change did {A} get from {$paid}?
      change = paid - it: {A} got {=~dollar} back

Any of the changes may follow the beginning, in any order, then one of the ends, then one of the ends that
are set under this end. A line that begins with no mark goes on from the one before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from tinyreason.synthetic.grade_school.formulas import Formula, formula
from tinyreason.synthetic.grade_school.quantities import Quantities, quantities
from tinyreason.synthetic.grade_school.wording import Text, numbers_told, text

ASKS = ">>"
STEP = re.compile(r"[a-z]\w* = ")
MOST_CHANGES = 3


@dataclass(frozen=True)
class Step:
    """A result with its formula. `told` is its line in the solution; without an equation in it, it is no
    step of calculation but a whole number of parts or a rest, which the next step needs.
    """

    name: str
    formula: Formula
    told: Text | None


@dataclass(frozen=True)
class Aside:
    """A sentence with a number that does not matter."""

    noise: Quantities
    told: Text


@dataclass(frozen=True)
class Telling:
    """A story and a question, of which a clause may lack one. `names` are the numbers of the story."""

    story: Text
    ask: Text
    names: frozenset[str]


@dataclass(frozen=True)
class Piece:
    """The beginning of a problem, or a clause that goes on from `it`, the result of the piece before."""

    numbers: Quantities
    tellings: tuple[Telling, ...]
    steps: tuple[Step, ...]
    asides: tuple[Aside, ...]
    changes: tuple["Piece", ...]
    ends: tuple["Piece", ...]


@dataclass(frozen=True)
class Plan:
    """A problem but for its numbers and words. `steps` are those that its last result needs, each with the
    name that `it` stands for; `given` are the numbers that they take. Only the last question is asked, so
    `tellings`, the ways to tell each piece, leaves out those that tell a given number in a question before.
    """

    template: "Template"
    pieces: tuple[Piece, ...]
    tellings: tuple[tuple[Telling, ...], ...]
    steps: tuple[tuple[Step, str], ...]
    given: tuple[str, ...]

    @property
    def length(self) -> int:
        """The equations of its solution."""
        return sum(step.told is not None for step, _ in self.steps)


@dataclass(frozen=True)
class Template:
    """Every number is a whole multiple of 1/`parts`; hundredths are cents."""

    name: str
    base: Piece
    asides: tuple[Aside, ...]
    parts: int

    def plans(self) -> Iterator[Plan]:
        """The problem itself and every way to lengthen it."""
        endings = [(), *(way for end in self.base.ends for way in _ways(end))]
        for count in range(min(len(self.base.changes), MOST_CHANGES) + 1):
            for changes in permutations(self.base.changes, count):
                for ending in endings:
                    yield self._plan((self.base, *changes, *ending))

    def _plan(self, pieces: tuple[Piece, ...]) -> Plan:
        results = ["", *(piece.steps[-1].name for piece in pieces)]
        steps = [(step, it) for it, piece in zip(results, pieces, strict=False) for step in piece.steps]
        needed = {results[-1]}
        for step, it in reversed(steps):
            if step.name in needed:
                needed |= {it if name == "it" else name for name in step.formula.names}
        numbers = [[drawn.name for drawn in piece.numbers.drawn if not drawn.hidden] for piece in pieces]
        given = [[name for name in names if name in needed] for names in numbers]
        return Plan(
            template=self,
            pieces=pieces,
            tellings=tuple(
                _fitting(piece, names, pieces[place:])
                for place, (piece, names) in enumerate(zip(pieces, given, strict=True), start=1)
            ),
            steps=tuple(pair for pair in steps if pair[0].name in needed),
            given=tuple(name for names in given for name in names),
        )


def template(
    name: str, sheet: str, *, changes: Sequence[Piece] = (), ends: Sequence[Piece] = (), parts: int = 1
) -> Template:
    """A template from its sheet and from clauses that it shares with others. PERSONAL_ASIDES fit where
    every text has an {A}.
    """
    base = piece(sheet, changes=changes, ends=ends)
    stories = [content.partition(ASKS)[0] for mark, content in _entries(sheet) if mark == "?"]
    personal = PERSONAL_ASIDES if all("{A}" in story for story in stories) else ()
    return Template(name, base, (*base.asides, *personal), parts)


def piece(sheet: str, *, changes: Sequence[Piece] = (), ends: Sequence[Piece] = ()) -> Piece:
    """A clause from its sheet and from further ones that may follow it."""
    marked: dict[str, list[str]] = {mark: [] for mark in "#?!=+>"}
    for mark, content in _entries(sheet):
        marked[mark].append(content)
    return Piece(
        numbers=quantities(" ".join(marked["#"])),
        tellings=tuple(map(_telling, marked["?"])),
        steps=tuple(map(_step, marked["="])),
        asides=tuple(map(_aside, marked["!"])),
        changes=(*map(piece, marked["+"]), *changes),
        ends=(*map(piece, marked[">"]), *ends),
    )


def _entries(sheet: str) -> list[tuple[str, str]]:
    """The mark and the content of every entry; "#" marks the numbers, "=" a step. What belongs to a clause
    is set further in than its mark.
    """
    entries: list[tuple[str, str]] = [("#", "")]
    clause_indent = 0
    for line in filter(str.strip, sheet.splitlines()):
        indent, words = len(line) - len(line.lstrip()), line.strip()
        mark, content = entries[-1]
        if mark in "+>" and indent > clause_indent:
            entries[-1] = (mark, f"{content}\n{line}")
        elif words[0] in "?!+>" and words[1:2] in ("", " "):
            entries.append((words[0], words[1:].strip()))
            clause_indent = indent
        elif len(entries) > 1 and STEP.match(words):
            entries.append(("=", words))
        else:
            entries[-1] = (mark, f"{content} {words}".strip())
    return entries


def _ways(end: Piece) -> Iterator[tuple[Piece, ...]]:
    yield (end,)
    for later in end.ends:
        for way in _ways(later):
            yield (end, *way)


def _fitting(piece: Piece, given: Sequence[str], later: Sequence[Piece]) -> tuple[Telling, ...]:
    if not any(telling.ask for follower in later for telling in follower.tellings):
        return piece.tellings
    fitting = tuple(telling for telling in piece.tellings if telling.names.issuperset(given))
    assert fitting, f"{piece.steps[-1].name}: no story tells all of {given}"
    return fitting


def _telling(source: str) -> Telling:
    story, _, ask = source.partition(ASKS)
    return Telling(text(story.strip()), text(ask.strip()), frozenset(numbers_told(story)))


def _step(source: str) -> Step:
    head, colon, told = source.partition(": ")
    name, _, right = head.partition(" = ")
    assert bool(colon) != ("//" in right or "%" in right), f"{source}: a line to tell, or // or %"
    return Step(name, formula(right), text(told) if colon else None)


def _aside(source: str) -> Aside:
    values, _, told = source.partition(": ")
    return Aside(quantities(f"noise {values}"), text(told))


PERSONAL_ASIDES = tuple(
    map(
        _aside,
        (
            "3-60: {A} lives at number {noise} on {his} street.",
            "2-9: {A} has {noise} cousins.",
            "4-9: {A}'s family [moved to {town9} {noise} years ago|has lived in {town9} for {noise} years].",
            "3-20: {A} has [seen|watched] {noise} movies this year.",
            "5-40: {A} got {noise} messages on {his} phone that morning.",
            "10-99: {A}'s favorite number is {noise}.",
            "12-80: {A} has a dog that weighs {noise} pounds.",
            "3-15: There are {noise} plants on {A}'s windowsill.",
            "10-95: {A}'s library card has the number {noise}.",
            "2-8: {A} speaks with {his} {relative9} on the phone {noise} times a month.",
        ),
    )
)
