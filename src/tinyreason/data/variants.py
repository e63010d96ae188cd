"""Problems of GSM8K with other numbers: the same words, a new answer, so nobody can have read them.

The calculator marks of a solution, `<<48/2=24>>`, are a program for its answer. Where it is plain what each
of its numbers is, one of the question, of an earlier step or of the world, numbers of the question are drawn
anew and the program is run again. A problem in doubt has no variant: a wrong answer is worse than a missing
problem. After Mirzadeh et al. 2024 (arXiv 2410.05229), who write templates by hand.
"""

import ast
import operator
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise

from tinyreason.answers.words import DENOMINATORS, fraction_from_words, number_from_words
from tinyreason.arithmetic import value as arithmetic_value
from tinyreason.hashing import text_hash

MARK = re.compile(r"<<([^<>=\n]+)=([^<>=\n]+)>>")
# whole numbers that stand alone: no part of a decimal, fraction, time, date or percentage
NUMERAL = re.compile(r"(?<![\w.,/:%-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w%/:-]|[.,]\d)")
ANY_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent)")
YEAR = re.compile(r"(?<!\$)(?:1[5-9]|20)\d\d")
# after a number that is not free to be another: a share, an angle, a time, a stretch of a day or of a year
BOUND = re.compile(
    r"\s*(?:%|percent|degree|[ap]\.?m\b|o'clock|at night|in the (?:morning|afternoon|evening)|\d|"
    r"(?:(?:more|extra|additional|straight|consecutive|full) )?"
    r"(?:second|minute|hour|day|night|week|month|season|semester)s?\b)",
    re.IGNORECASE,
)
# three times more is 3 or 4 times, half of it shared equally is a half or a quarter each, and of loads that
# are carried whole the last may be a small one
TWO_READINGS = re.compile(
    r"times (?:more|less|fewer|\w+er)\b|half [^.]*equally|\bcarry\b[^?]*how many", re.IGNORECASE
)
COMPARED = re.compile(r"\s*(?:\S+ ){0,2}(?:times|more|less|fewer|(?:old|young|long|short|tall|heavi)er)\b")
SPOKEN = {
    **{"twice": 2, "double": 2, "doubled": 2, "couple": 2, "pair": 2, "both": 2, "thrice": 3, "triple": 3},
    **{"tripled": 3, "quadruple": 4, "quadrupled": 4, "dozen": 12, "hundred": 100, "thousand": 1000},
    **{"weekday": 5, "workday": 5, "workweek": 5},
}
# what everybody knows, where both units are in the question
RATIOS = {
    **{("second", "minute"): 60, ("minute", "hour"): 60, ("hour", "day|daily"): 24, ("day|daily", "week"): 7},
    **{("week", "month"): 4, ("week", "year|annual"): 52, ("day|daily", "year|annual"): 365},
    **{("month", "year|annual"): 12, ("inch", "foot|feet"): 12, ("foot|feet", "yard"): 3},
    **{("ounce", "pound"): 16, (r"cents?\b|penny|pennies", r"dollar|\$"): 100},
}
UNITS = {7, 12, 16, 24, 30, 36, 52, 60, 100, 180, 360, 365, 1000, 2000}  # such ratios, in any words
SMALLEST = 5  # what is below is too often something else as well
DRAWS = 2000
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
OPERATORS |= {ast.UAdd: operator.pos, ast.USub: operator.neg}


class NoVariantError(ValueError):
    """Why a problem cannot be asked with other numbers."""


@dataclass(frozen=True)
class Given:
    """The numbers of a question: `free` may be drawn anew, `said` are the others, in digits or words, `known`
    are those, what follows from them, and what everybody knows. `written` counts the ones in digits.
    """

    free: tuple[int, ...]
    written: Counter[Fraction]
    said: frozenset[Fraction]
    known: frozenset[Fraction]


@dataclass(frozen=True)
class Program:
    """The steps of a solution: `lines` are (expression, where each of its numbers comes from), a place being
    the value of a free numeral or the number of an earlier step. `uses` counts the places, `constants` are
    the other numbers, each with its step.
    """

    lines: list[tuple[ast.expr, Mapping[int, tuple[str, int]]]]
    uses: Counter[tuple[str, int]]
    constants: list[tuple[int, Fraction]]

    def run(self, numerals: Mapping[int, int]) -> list[list[Fraction]]:
        """What each operation of each step gives, the step's result last, where each free numeral has the
        value that it is mapped to.
        """
        known = {("numeral", value): Fraction(number) for value, number in numerals.items()}
        steps: list[list[Fraction]] = []
        for number, (expression, places) in enumerate(self.lines):
            operations: list[Fraction] = []
            values = {offset: known[place] for offset, place in places.items()}
            known["step", number] = _value(expression, values, operations)
            steps.append([*operations, known["step", number]])
        return steps


def variant(question: str, solution: str, answer: str) -> tuple[str, str]:
    """The question with other numbers, and its answer; always the same ones.

    Every result keeps its sign and stays whole where it was, and numbers and results that stood in an order
    keep it: whoever had fewer has fewer. Raises NoVariantError.
    """
    given = read_numbers(question)
    program = read_program(solution, given)
    before = program.run({value: value for value in given.free})
    results = [step[-1] for step in before]
    if str(results[-1]) != answer.replace(",", ""):
        raise NoVariantError("the last step is not the answer")
    _check_uses(question, given, program)
    _check_constants(given, program, results)
    old = [*map(Fraction, given.free), *given.said, *results]
    rng = random.Random(text_hash(question))
    for _ in range(DRAWS):
        drawn = {value: rng.randint(max(2, value // 2), 2 * value) for value in given.free}
        try:
            after = program.run(drawn)
        except ZeroDivisionError:
            continue
        new = [*map(Fraction, drawn.values()), *given.said, *(step[-1] for step in after)]
        changed = new[-1] != old[-1] and all(value != number for value, number in drawn.items())
        if changed and _of_one_kind(before, after) and _in_one_order(old, new):
            return NUMERAL.sub(partial(_written, drawn), question), str(new[-1])
    raise NoVariantError("no other numbers fit")


def read_numbers(question: str) -> Given:
    """Raises NoVariantError where none is free. One that is there twice, in whatever spelling, is not: which
    of the two a step means cannot be told, and the other would stay.
    """
    if TWO_READINGS.search(question):
        raise NoVariantError("it can be read in two ways")
    written = Counter(Fraction(_number(text)) for text in ANY_NUMBER.findall(question))
    mentions = written + _spoken(question)
    percentages = [Fraction(text) for text in PERCENT.findall(question)]
    parts = [*(number / 100 for number in percentages), *(part for part in mentions if 0 < part < 1)]
    hundreds = [100 + sign * number for number in percentages for sign in (-1, 0, 1)]
    known = {Fraction(1), Fraction(2), *_shares(parts), *hundreds}
    for units, number in RATIOS.items():
        if all(re.search(rf"(?<![a-z])(?:{unit})", question.lower()) for unit in units):
            known.add(Fraction(number))
    free = []
    for match in NUMERAL.finditer(question):
        value = int(_number(match[0]))
        once = mentions[Fraction(value)] == 1 and value not in UNITS and value not in known
        bound = BOUND.match(question, match.end()) or YEAR.fullmatch(question, match.start(), match.end())
        if value >= SMALLEST and once and not bound:
            free.append(value)
    if not free:
        raise NoVariantError("no number of the question may change")
    said = frozenset(mentions) - frozenset(map(Fraction, free))
    return Given(tuple(free), written, said, said | known)


def read_program(solution: str, given: Given) -> Program:
    """The steps between the calculator marks. Raises NoVariantError where a number may come from two places
    or from none, or a step is not what it says.
    """
    lines, results, constants = [], [], []
    uses: Counter[tuple[str, int]] = Counter()
    for text, result in MARK.findall(solution):
        expression, places = _parsed(text), {}
        for node in (node for node in ast.walk(expression) if isinstance(node, ast.Constant)):
            value = Fraction(str(node.value))
            earlier = [number for number, known in enumerate(results) if known == value]
            given_too = value in given.free or value in given.known or value in UNITS
            if earlier and len(earlier) + given_too > 1:
                raise NoVariantError("a number may come from two places")
            if earlier:
                places[node.col_offset] = ("step", earlier[0])
            elif value in given.free:
                places[node.col_offset] = ("numeral", int(value))
            elif value in given.known:
                constants.append((len(lines), value))
            else:
                raise NoVariantError("a number comes from nowhere")
        value = _value(expression, {}, [])
        if value != arithmetic_value(result.replace("$", "")):
            raise NoVariantError("a step does not hold")
        lines.append((expression, places))
        results.append(value)
        uses.update(places.values())
    if not lines:
        raise NoVariantError("no calculator marks")
    return Program(lines, uses, constants)


def _check_uses(question: str, given: Given, program: Program) -> None:
    """Raises NoVariantError where something is left over, or a number is used for more than it is."""
    if any(("step", number) not in program.uses for number in range(len(program.lines) - 1)):
        raise NoVariantError("a step is in no later one")
    seen = {Fraction(value) for kind, value in program.uses if kind == "numeral"}
    seen |= {constant for _, constant in program.constants}
    for number in given.written:
        if seen.isdisjoint({number, 100 - number, 100 + number, *_shares([number / 100])}):
            raise NoVariantError("a number of the question is in no step")
    for match in NUMERAL.finditer(question):
        value = int(_number(match[0]))
        others = given.said | set(map(Fraction, given.free)) - {value}
        if program.uses["numeral", value] > 1 and (
            COMPARED.match(question, match.end()) or value in _combined(others, others)
        ):
            raise NoVariantError("a number may stand for two")
        if any(value != other and Fraction(value, other) in given.said for other in given.free):
            raise NoVariantError("a number may follow from another")


def _check_constants(given: Given, program: Program, results: list[Fraction]) -> None:
    """Raises NoVariantError where a constant may be a part or a multiple of a number that changes or, if the
    question does not say it, calculated from that and any other.
    """
    counts = Counter(constant for _, constant in program.constants)
    for step, constant in program.constants:
        # one in digits that is used as often as it is written is that number, however it looks
        if constant in (0, 1) or counts[constant] <= given.written[constant]:
            continue
        others = set() if constant in given.said else {*given.said, *results[:step], *given.free}
        for value in map(Fraction, given.free):
            parts = max(constant / value, value / constant)
            if parts in range(2, 11) or constant in _combined({value}, others - {value, constant}):
                raise NoVariantError("a constant may come from a number that changes")


def _combined(ones: Iterable[Fraction], others: Iterable[Fraction]) -> set[Fraction]:
    """What an operation makes of two numbers, but for products with 1 and the like."""
    pairs = [(Fraction(one), other) for one in ones for other in others]
    sums = {abs(one + sign * other) for one, other in pairs for sign in (1, -1)}
    factors = [(one, other) for one, other in pairs if 0 not in (one, other) and 1 not in (one, other)]
    return sums | {number for one, other in factors for number in (one * other, one / other, other / one)}


def _spoken(question: str) -> Counter[Fraction]:
    """How often each number is there in words: "two thirds" is 2/3, and 2, 3 and 1/3 as well."""
    words = [word.removesuffix("s") for word in re.findall(r"[a-z]+", question.lower())]
    found: Counter[Fraction] = Counter()
    for place, word in enumerate(words):
        numbers = [SPOKEN[word]] if word in SPOKEN else []
        for reading in (fraction_from_words(words[place:]), number_from_words(words[place:])):
            numbers += reading[:1] if reading else ()
        if denominator := DENOMINATORS.get(word):
            numbers += [denominator, Fraction(1, denominator)]
        found.update(set(map(Fraction, numbers)))
    return found


def _shares(parts: Iterable[Fraction]) -> set[Fraction]:
    """The parts, and what is left of the whole or is there with it."""
    return {share for part in parts for share in (part, 1 - part, 1 + part)}


def _parsed(text: str) -> ast.expr:
    plain = _number(text).strip()
    if "%" in plain or not plain.isascii() or arithmetic_value(plain) is None:
        raise NoVariantError("a step cannot be read")
    return ast.parse(plain, mode="eval").body


def _number(text: str) -> str:
    """Without what Python does not know: thousands, currency, zeros in front, as in 0.5 written .5 or 05."""
    return re.sub(r"(?<![\d.])0+(?=\d)", "", text.replace(",", "").replace("$", ""))


def _value(node: ast.expr, values: Mapping[int, Fraction], operations: list[Fraction]) -> Fraction:
    """With these `values` at their places; what each operation on the way gives is added to `operations`."""
    if isinstance(node, ast.BinOp):
        left, right = (_value(side, values, operations) for side in (node.left, node.right))
        operations.append(OPERATORS[type(node.op)](left, right))
        return operations[-1]
    if isinstance(node, ast.UnaryOp):
        return OPERATORS[type(node.op)](_value(node.operand, values, operations))
    return values.get(node.col_offset, Fraction(str(node.value)))


def _of_one_kind(old: list[list[Fraction]], new: list[list[Fraction]]) -> bool:
    """Whether every operation gives a number of the same sign, and of no finer parts than before."""
    pairs = [pair for steps in zip(old, new, strict=True) for pair in zip(*steps, strict=True)]
    return all(
        (one > 0) - (one < 0) == (two > 0) - (two < 0) and one.denominator % two.denominator == 0
        for one, two in pairs
    )


def _in_one_order(old: list[Fraction], new: list[Fraction]) -> bool:
    order = sorted(range(len(old)), key=old.__getitem__)
    return all(
        (old[one] < old[two]) == (new[one] < new[two]) and new[one] <= new[two]
        for one, two in pairwise(order)
    )


def _written(drawn: Mapping[int, int], numeral: re.Match[str]) -> str:
    """With thousands as they were written; one that is not drawn stays."""
    number = int(_number(numeral[0]))
    value = drawn.get(number, number)
    return f"{value:,}" if "," in numeral[0] else str(value)
