"""Fractions and percentages."""

import random
from fractions import Fraction
from math import gcd, lcm

from tinyreason.synthetic.arithmetic.columns import added, divided, multiplied, subtracted
from tinyreason.synthetic.arithmetic.decimals import decimal, finite_decimal
from tinyreason.synthetic.arithmetic.naturals import euclid
from tinyreason.synthetic.arithmetic.wording import asked, expression_problem
from tinyreason.synthetic.problem import Problem

SIMPLIFY = (
    "Write {} in lowest terms.",
    "Simplify the fraction {}.",
    "Reduce {} to lowest terms.",
)
LARGER = (
    "Which fraction is larger, {0} or {1}?",
    "Which is greater: {0} or {1}?",
    "Compare {0} and {1}. Which of them is larger?",
)
PART_OF = ("What is {0} of {1}?", "Find {0} of {1}.", "How much is {0} of {1}?")
AS_DECIMAL = ("Write {} as a decimal.", "What is {} as a decimal number?", "Turn {} into a decimal.")
PERCENT_OF = ("What is {0}% of {1}?", "Find {0} percent of {1}.", "How much is {0}% of {1}?")
WHAT_PERCENT = (
    "What percent of {1} is {0}?",
    "{0} is how many percent of {1}?",
    "How many percent of {1} are {0}?",
)
RISE = (
    "A price of {0} dollars rises by {1}%. What is the new price in dollars?",
    "Increase {0} by {1}%.",
    "What is {0} after an increase of {1} percent?",
)
FALL = (
    "A price of {0} dollars falls by {1}%. What is the new price in dollars?",
    "Decrease {0} by {1}%.",
    "What is {0} after a decrease of {1} percent?",
)


def _fraction(rng: random.Random, largest: int = 12) -> Fraction:
    """Between 0 and 2, and no whole number."""
    denominator = rng.randint(2, largest)
    numerators = [n for n in range(1, 2 * denominator) if gcd(n, denominator) == 1]
    return Fraction(rng.choice(numerators), denominator)


def _reduced(numerator: int, denominator: int) -> list[str]:
    common = gcd(numerator, denominator)
    if common == 1:
        return []
    return [f"{part}/{common}={part // common}" for part in (numerator, denominator)]


def fraction_sum(rng: random.Random) -> Problem:
    left, right, operator = _fraction(rng), _fraction(rng), rng.choice("+-")
    if operator == "-" and left < right:
        left, right = right, left
    if left == right:
        right += 1
        operator = "+"
    shared = lcm(left.denominator, right.denominator)
    lines, numerators = [], []
    for part in (left, right):
        factor = shared // part.denominator
        lines += [
            f"{part.denominator}*{factor}={shared}",
            f"{part.numerator}*{factor}={part.numerator * factor}",
        ]
        lines = lines if factor > 1 else lines[:-2]
        numerators.append(part.numerator * factor)
    total = numerators[0] + numerators[1] if operator == "+" else numerators[0] - numerators[1]
    lines += [f"{numerators[0]}{operator}{numerators[1]}={total}", *_reduced(total, shared)]
    result = Fraction(total, shared)
    lines.append(f"{left}{operator}{right}={result}")
    template = "fraction/add" if operator == "+" else "fraction/subtract"
    return expression_problem(rng, template, f"{left} {operator} {right}", lines, result)


def fraction_product(rng: random.Random) -> Problem:
    left, right = _fraction(rng), _fraction(rng)
    upper, lower = left.numerator * right.numerator, left.denominator * right.denominator
    lines = [
        f"{left.numerator}*{right.numerator}={upper}",
        f"{left.denominator}*{right.denominator}={lower}",
        *_reduced(upper, lower),
        f"{left}*{right}={left * right}",
    ]
    return expression_problem(rng, "fraction/multiply", f"{left} * {right}", lines, left * right)


def fraction_quotient(rng: random.Random) -> Problem:
    left, right = _fraction(rng), _fraction(rng)
    upper, lower = left.numerator * right.denominator, left.denominator * right.numerator
    lines = [
        f"{left.numerator}*{right.denominator}={upper}",
        f"{left.denominator}*{right.numerator}={lower}",
        *_reduced(upper, lower),
        f"({left})/({right})={left / right}",
    ]
    return expression_problem(rng, "fraction/divide", f"({left}) / ({right})", lines, left / right)


def simplification(rng: random.Random) -> Problem:
    value, factor = _fraction(rng, 20), rng.randint(2, 24)
    upper, lower = value.numerator * factor, value.denominator * factor
    lines = [*euclid(upper, lower), *_reduced(upper, lower), f"{upper}/{lower}={value}"]
    lines = lines[1:] if upper < lower else lines  # the first step of Euclid would only swap the two
    question, program = asked(rng, SIMPLIFY, f"{upper}/{lower}"), f"answer = Rational({upper}, {lower})"
    return Problem("fraction/simplify", f"{upper}/{lower}", question, "\n".join(lines), str(value), program)


def fraction_comparison(rng: random.Random) -> Problem:
    left = _fraction(rng, 20)
    while (right := _fraction(rng, 20)) == left or abs(right - left) > Fraction(1, 5):
        pass
    lines = [
        f"{left.numerator}*{right.denominator}={left.numerator * right.denominator}",
        f"{right.numerator}*{left.denominator}={right.numerator * left.denominator}",
        f"{left} {'>' if left > right else '<'} {right}",
    ]
    question = asked(rng, LARGER, left, right)
    program = f"answer = Max(Rational('{left}'), Rational('{right}'))"
    answer = str(max(left, right))
    return Problem("compare/fraction", f"{left} {right}", question, "\n".join(lines), answer, program)


def part_of_number(rng: random.Random) -> Problem:
    part = _fraction(rng)
    share = rng.randint(2, 99)
    number = share * part.denominator
    lines = divided(number, part.denominator)
    lines += multiplied(share, part.numerator) if part.numerator > 1 else []
    question = asked(rng, PART_OF, part, number)
    answer, program = str(share * part.numerator), f"answer = Rational('{part}') * {number}"
    return Problem("fraction/of_number", f"{part} {number}", question, "\n".join(lines), answer, program)


def fraction_as_decimal(rng: random.Random) -> Problem:
    denominator = rng.choice((4, 5, 8, 16, 20, 25, 40, 50, 80, 125))
    numerator = rng.choice([n for n in range(1, 4 * denominator) if gcd(n, denominator) == 1])
    value = Fraction(numerator, denominator)
    answer = finite_decimal(value)
    whole, rest = divmod(numerator, denominator)
    lines = [f"{numerator}-{whole}*{denominator}={rest}"] if whole else []
    while rest:
        lines.append(f"{rest}*10-{rest * 10 // denominator}*{denominator}={rest * 10 % denominator}")
        rest = rest * 10 % denominator
    lines.append(f"{value}={answer}")
    question, program = asked(rng, AS_DECIMAL, value), f"answer = Rational('{value}')"
    return Problem("fraction/as_decimal", str(value), question, "\n".join(lines), answer, program)


def _percent_steps(percent: int, number: int) -> tuple[list[str], str]:
    """The lines that find percent % of the number, and the result."""
    share = decimal(percent * number, 2)
    return [*multiplied(number, percent), f"{number * percent}/100={share}"], share


def percent_of(rng: random.Random) -> Problem:
    percent, number = rng.choice((rng.randint(2, 99), 5 * rng.randint(1, 30))), rng.randint(4, 400)
    if percent == 100:
        percent = 120
    lines, share = _percent_steps(percent, number)
    question, program = (
        asked(rng, PERCENT_OF, percent, number),
        f"answer = Rational({percent}, 100) * {number}",
    )
    return Problem("percent/of", f"{percent} {number}", question, "\n".join(lines), share, program)


def what_percent(rng: random.Random) -> Problem:
    number = rng.choice((8, 16, 20, 25, 40, 50, 60, 75, 80, 120, 125, 150, 160, 200, 250, 300, 400, 500, 800))
    percents = [n for n in range(1, 151) if n * number % 100 == 0 and n != 100]
    percent = rng.choice(percents)
    part = percent * number // 100
    lines = [f"{part}*100={part * 100}", *divided(part * 100, number)]
    question, program = asked(rng, WHAT_PERCENT, part, number), f"answer = Rational({part}, {number}) * 100"
    return Problem("percent/what", f"{part} {number}", question, "\n".join(lines), str(percent), program)


def percent_change(rng: random.Random) -> Problem:
    percent, number, rises = 5 * rng.randint(1, 15), 4 * rng.randint(5, 200), rng.random() < 0.5
    lines, share = _percent_steps(percent, number)
    cents = percent * number
    total = 100 * number + cents if rises else 100 * number - cents
    sign, answer = "+" if rises else "-", decimal(total, 2)
    if cents % 100 == 0:
        lines += (added if rises else subtracted)(number, cents // 100)
    else:
        lines.append(f"{number}{sign}{share}={answer}")
    question = asked(rng, RISE if rises else FALL, number, percent)
    program = f"answer = {number} * (1 {sign} Rational({percent}, 100))"
    template = "percent/rise" if rises else "percent/fall"
    return Problem(template, f"{number} {percent}", question, "\n".join(lines), answer, program)


SEEN = (
    *(fraction_sum, fraction_product, fraction_quotient, simplification, fraction_comparison),
    *(part_of_number, fraction_as_decimal, percent_of, what_percent, percent_change),
)
