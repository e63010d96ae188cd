"""Every notation of a rational number means that number, and no notation of it means another."""

import re
from collections.abc import Callable
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tinyreason.answers import answers_match, grader_counts, is_correct

ONES_IN_ORDER = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
"""
ONES = ONES_IN_ORDER.split()
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

rationals = st.one_of(
    st.integers(-(10**7), 10**7).map(Fraction),
    st.integers(-(10**40), 10**40).map(Fraction),
    st.fractions(max_denominator=999),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=4).map(
        Fraction
    ),
)


def words(number: int) -> str:
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + ("-" + ONES[number % 10] if number % 10 else "")
    for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = f" {words(number % size)}" if number % size else ""
            return f"{words(number // size)} {name}{rest}"
    raise AssertionError(number)


def fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def latex_fraction(value: Fraction) -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def decimal(value: Fraction) -> str | None:
    """The terminating decimal, or None."""
    for places in range(12):
        scaled = abs(value) * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
            return ("-" if value < 0 else "") + whole + ("." + part if part else "")
    return None


def mixed(value: Fraction) -> str | None:
    whole, part = divmod(abs(value), 1)
    return (
        f"{'-' if value < 0 else ''}{whole}\\frac{{{part.numerator}}}{{{part.denominator}}}"
        if whole and part
        else None
    )


def of_decimal(change: Callable[[str], str]) -> Callable[[Fraction], str | None]:
    return lambda value: None if decimal(value) is None else change(decimal(value))


def with_commas(text: str) -> str:
    whole, dot, part = text.partition(".")
    return f"{int(whole):,}".replace("-0", "0") + dot + part if whole != "-0" else text


def scientific(value: Fraction) -> str | None:
    text = decimal(value)
    return None if text is None or "." in text else f"{text}e0"


def repeating(value: Fraction) -> str | None:
    """Long division: the digits before the remainder comes again, and the period."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    digits, seen = "", {}
    while rest and rest not in seen and len(digits) < 400:
        seen[rest] = len(digits)
        digit, rest = divmod(10 * rest, value.denominator)
        digits += str(digit)
    if rest not in seen:
        return None
    start = seen[rest]
    return f"{'-' if value < 0 else ''}{whole}.{digits[:start]}\\overline{{{digits[start:]}}}"


def in_words(value: Fraction) -> str | None:
    small = value.denominator == 1 and abs(value) < 10**9
    return ("minus " if value < 0 else "") + words(abs(value.numerator)) if small else None


FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
NOTATIONS: dict[str, Callable[[Fraction], str | None]] = {
    "fraction": fraction,
    "LaTeX fraction": latex_fraction,
    "dfrac": lambda value: latex_fraction(value).replace("frac", "dfrac"),
    "decimal": decimal,
    "trailing zeros": of_decimal(lambda text: text + ("00" if "." in text else ".00")),
    "no leading zero": of_decimal(lambda text: re.sub(r"^(-?)0\.", r"\1.", text)),
    "commas": of_decimal(with_commas),
    "braced commas": of_decimal(lambda text: with_commas(text).replace(",", "{,}")),
    "thin spaces": of_decimal(lambda text: with_commas(text).replace(",", "\\,")),
    "unicode minus": of_decimal(lambda text: text.replace("-", "\u2212")),
    "full width": of_decimal(lambda text: text.translate(FULL_WIDTH)),
    "plus sign": of_decimal(lambda text: text if text.startswith("-") else "+" + text),
    "currency": of_decimal(lambda text: text.replace("-", "-$") if "-" in text else "$" + text),
    "unit": of_decimal(lambda text: text + " apples"),
    "unit in LaTeX": of_decimal(lambda text: text + "\\text{ km}"),
    "a name": of_decimal(lambda text: "x = " + text),
    "math": of_decimal(lambda text: f"\\( {text} \\)"),
    "bold": of_decimal(lambda text: f"**{text}**"),
    "full stop": of_decimal(lambda text: text + "."),
    "mixed": mixed,
    "repeating": repeating,
    "scientific": scientific,
    "words": in_words,
}  # fmt: skip
notations = st.sampled_from(sorted(NOTATIONS))


@settings(max_examples=2000, deadline=None, derandomize=True, database=None)
@given(rationals, notations, st.sampled_from(["fraction", "LaTeX fraction", "decimal"]))
def test_any_rational_in_any_notation_equals_itself(value: Fraction, notation: str, gold: str) -> None:
    written, gold_written = NOTATIONS[notation](value), NOTATIONS[gold](value)
    assume(written is not None and gold_written is not None)
    asked = grader_counts()
    assert answers_match(gold=gold_written, answer=written)
    assert is_correct(f"<think>\n1\n</think>\n\\boxed{{{written}}}", gold_written)
    assert grader_counts() == asked


@settings(max_examples=2000, deadline=None, derandomize=True, database=None)
@given(rationals, rationals, notations, st.sampled_from(["fraction", "LaTeX fraction", "decimal"]))
def test_two_rationals_are_never_equal(value: Fraction, other: Fraction, notation: str, gold: str) -> None:
    assume(value != other)
    written, gold_written = NOTATIONS[notation](value), NOTATIONS[gold](other)
    assume(written is not None and gold_written is not None)
    assert not answers_match(gold=gold_written, answer=written)


@settings(max_examples=2000, deadline=None, derandomize=True, database=None)
@given(st.integers(-9999, 9999), st.sampled_from([-1, 1, -10, 10, 100]), notations)
def test_near_misses_are_wrong(value: int, difference: int, notation: str) -> None:
    written = NOTATIONS[notation](Fraction(value))
    assume(written is not None)
    assert not answers_match(gold=str(value + difference), answer=written)
