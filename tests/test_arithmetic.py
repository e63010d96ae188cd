# ruff: noqa: RUF001 (other minus signs)
"""Arithmetic equations: found in prose and LaTeX, evaluated exactly, everything else passed over."""

import time
from fractions import Fraction

import pytest

from tinyreason.arithmetic import equations, value

FOUND = [  # text, the equations and whether they hold
    ("12 + 7 = 19. Then 7 - 9 = 2", {"12+7=19": True, "7-9=2": False}),
    ("<<48/2=24>>24 clips", {"48/2=24": True}),
    (r"$3 \times (2 + 4) = 18$", {"3*(2+4)=18": True}),
    (r"\frac{1}{2} + \frac{1}{2} = 1", {"(1)/(2)+(1)/(2)=1": True}),
    ("1,000 * 2 = 2,000 = 4000/2", {"1,000*2=2,000": True, "2,000=4000/2": True}),
    ("3 x 4 = 12, 8 ÷ 2 = 4, 5 − 2 = 3", {"3*4=12": True, "8/2=4": True, "5-2=3": True}),
    ("10 / 3 = 3.33", {"10/3=3.33": True}),
    ("10 / 3 = 3.34", {"10/3=3.34": False}),
    ("10 / 3 = 3", {"10/3=3": False}),
    ("$5 * 3 = $15 and 20% * 50 = 10", {"5*3=15": True, "20%*50=10": True}),
    ("4 / 10 * 100 = 40%", {"4/10*100=40%": True}),
    ("4 / 10 = 40%", {"4/10=40%": True}),
    ("-3 + 5 = 2", {"-3+5=2": True}),
    ("so -3 + 5 = 2", {"-3+5=2": True}),
    ("0.1 + 0.2 = 0.3", {"0.1+0.2=0.3": True}),
    ("3 * 4 = 12 apples", {"3*4=12": True}),
    ("1 + 1 = 2, 1+1=2", {"1+1=2": True}),
    ("1 / 0 = 5", {}),
    ("5 = 5, x = 3", {}),
    ("x + 3 = 7, 2x + 3 = 7, x - 3 = 4, apples-3 = 4", {}),
    ("3 * 4 = 12x, 3 * 4 = 12 y, 2 * 5 = 10^2", {}),
    ("2 + = 3, (2 + 1 = 3, 2 ** 3 = 8, 1..2 + 1 = 2", {}),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_equations_of_numbers_are_found_and_checked(text: str, found: dict) -> None:
    assert equations(text) == found


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2 - 3 - 4", -5),
        ("24 / 4 / 2", 3),
        ("-(2 - 5)", 3),
        ("1 / 3", Fraction(1, 3)),
        ("50%", Fraction(1, 2)),
        ("1,234.5", Fraction("1234.5")),
        ("2 3", None),
        ("(1", None),
        ("1)", None),
        ("", None),
        ("1 / (2 - 2)", None),
        ("x", None),
        ("(" * 99 + "1" + ")" * 99, 1),
        ("1" * 201, None),
    ],
)
def test_values_are_exact(expression: str, result: Fraction | None) -> None:
    assert value(expression) == result


@pytest.mark.parametrize(
    "text", ["1" * 10**6, "=" * 10**6, "1+" * 500_000, "1+1=2," * 150_000, "(" * 10**6, r"\frac{1" * 10**5]
)
def test_a_megabyte_takes_seconds_at_most(text: str) -> None:
    started = time.perf_counter()
    equations(text)
    assert time.perf_counter() - started < 10


def test_a_line_that_begins_with_a_sign_or_a_bracket_does_not_belong_to_the_line_before() -> None:
    found = equations("80+3=83\n-23-3=-26\n(2+3)*4=20\n-1+2=5")
    assert found == {"80+3=83": True, "-23-3=-26": True, "(2+3)*4=20": True, "-1+2=5": False}
