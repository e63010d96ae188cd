"""How a number is written in a question and in its solution: 1200 or 1,200, 7 or seven, $2.50, two thirds."""

import random
from dataclasses import dataclass
from fractions import Fraction

from tinyreason.synthetic.grade_school.formulas import Number

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
WORDS += ("twelve",)
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth"}
PARTS |= {10: "tenth", 12: "twelfth"}


@dataclass(frozen=True)
class Numerals:
    """One hand's habits, kept through a question."""

    spelt: bool  # numbers to twelve as words
    commas: bool  # 1,200
    dollar_sign: bool  # $5, not 5 dollars
    percent_sign: bool  # 20%, not 20 percent
    fraction: str  # "a third", "one third" or "1/3"

    def number(self, number: Number) -> str:
        """As it stands before a noun."""
        if self.spelt and number in range(2, len(WORDS)):
            return WORDS[int(number)]
        return f"{number:,}" if self.commas and isinstance(number, int) else plain(number)

    def money(self, amount: Number) -> str:
        """Dollars, with cents where there are some."""
        if isinstance(amount, Fraction):
            return f"${cents(amount)}"
        digits = f"{amount:,}" if self.commas else str(amount)
        return f"${digits}" if self.dollar_sign else counted(digits, amount, "dollar", "dollars")

    def percent(self, number: Number) -> str:
        return f"{plain(number)}%" if self.percent_sign else f"{plain(number)} percent"

    def part(self, top: int, bottom: int) -> str:
        """half, a third, two thirds, or 2/3."""
        if self.fraction == "1/3" and (top, bottom) != (1, 2):
            return f"{top}/{bottom}"
        if top > 1:
            return f"{WORDS[top]} {PARTS[bottom]}s"
        if bottom == 2:
            return "half"
        article = "one" if self.fraction == "one third" else "an" if bottom == 8 else "a"
        return f"{article} {PARTS[bottom]}"

    def times(self, number: int) -> str:
        return "twice" if number == 2 else f"{self.number(number)} times"


SOLUTION = Numerals(spelt=False, commas=False, dollar_sign=True, percent_sign=True, fraction="a third")


def drawn_numerals(rng: random.Random) -> Numerals:
    """The habits of a question."""
    return Numerals(
        spelt=rng.random() < 0.15,
        commas=rng.random() < 0.5,
        dollar_sign=rng.random() < 0.85,
        percent_sign=rng.random() < 0.8,
        fraction=rng.choice(("a third", "a third", "one third", "1/3")),
    )


def plain(number: Number) -> str:
    """18, 4.5 or 0.75: a number whose decimals end."""
    if isinstance(number, int):
        return str(number)
    text = f"{float(number):.4f}".rstrip("0").rstrip(".")
    assert Fraction(text) == number, f"{number}: more than four decimals"
    return text


def cents(number: Number) -> str:
    """18 or 4.50, as money is written."""
    return str(number) if isinstance(number, int) else f"{float(number):.2f}"


def counted(digits: str, number: Number, singular: str, plural: str) -> str:
    """1 apple, 2 apples, 0.5 apples."""
    return f"{digits} {singular if number == 1 else plural}"
