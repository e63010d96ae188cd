"""Numbers written in English words: zero to the hundreds of millions, halves to hundredths."""

from fractions import Fraction

ONES_IN_ORDER = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
"""
TENS_IN_ORDER = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: number for number, word in enumerate(ONES_IN_ORDER.split())}
TENS = {word: 10 * number for number, word in enumerate(TENS_IN_ORDER.split(), start=2)}
SCALES = {"thousand": 10**3, "million": 10**6}
DENOMINATORS_IN_ORDER = "half third quarter fifth sixth seventh eighth ninth tenth"
DENOMINATORS = {
    **{word: number for number, word in enumerate(DENOMINATORS_IN_ORDER.split(), start=2)},
    **{"fourth": 4, "hundredth": 100, "halve": 2},
}
MAGNITUDES = {"hundred": 100, **SCALES, "billion": 10**9, "trillion": 10**12}


def fraction_from_words(words: list[str]) -> tuple[Fraction, int] | None:
    """The number, whole or not, that the lower-case words begin with and how many words it takes, or None.

    "three quarters", "a half", "two and a half", "twenty one".
    """
    if words[:1] == ["half"]:
        return Fraction(1, 2), 1
    if words[:1] == ["a"] and (denominator := _denominator(words[1:])):
        return Fraction(1, denominator), 2
    found = number_from_words(words)
    if found is None:
        return None
    value, used = found
    if denominator := _denominator(words[used:]):
        return Fraction(value, denominator), used + 1
    part = fraction_from_words(words[used + 1 :]) if words[used : used + 1] == ["and"] else None
    if part is not None and part[0] < 1:
        return value + part[0], used + 1 + part[1]
    return Fraction(value), used


def _denominator(words: list[str]) -> int | None:
    return DENOMINATORS.get(words[0].removesuffix("s")) if words else None


def number_from_words(words: list[str]) -> tuple[int, int] | None:
    """The number that the lower-case words begin with and how many words it takes, or None.

    Grammatical numbers only: "twenty one" is 21, "two five" is 2 followed by a word that belongs to nothing.
    """
    total, position, ceiling = 0, 0, 10**9
    while (group := _below_thousand(words[position:])) is not None:
        value, used = group
        position += used
        scale = SCALES.get(words[position], 1) if position < len(words) else 1
        if scale >= ceiling or (value == 0 and position > used):
            return None
        total += value * scale
        if scale == 1:
            return total, position
        position += 1
        ceiling = scale
        if words[position : position + 1] == ["and"]:
            position += 1
            if _below_thousand(words[position:]) is None:
                return total, position - 1
    return (total, position) if position else None


def _below_thousand(words: list[str]) -> tuple[int, int] | None:
    if not words:
        return None
    first, *rest = words
    if first == "a" and rest[:1] in (["dozen"], ["hundred"], ["thousand"], ["million"]):
        first = "one"
    if first not in ONES and first not in TENS:
        return None
    if first in ONES and rest[:1] == ["hundred"]:
        tail = rest[2:] if rest[1:2] == ["and"] else rest[1:]
        below = _below_hundred(tail)
        used = 2 + (len(rest) - 1 - len(tail) + below[1] if below else 0)
        return 100 * ONES[first] + (below[0] if below else 0), used
    if first in ONES and rest[:1] == ["dozen"]:
        return 12 * ONES[first], 2
    return _below_hundred([first, *rest])


def _below_hundred(words: list[str]) -> tuple[int, int] | None:
    if not words:
        return None
    if words[0] in TENS:
        unit = ONES.get(words[1], 0) if len(words) > 1 else 0
        return (TENS[words[0]] + unit, 2) if 1 <= unit <= 9 else (TENS[words[0]], 1)
    return (ONES[words[0]], 1) if words[0] in ONES else None
