"""Decimals: the four operations on whole numbers of tenths or hundredths, comparing, rounding and prices."""

import random
from fractions import Fraction

from tinyreason.synthetic.arithmetic.columns import added, divided, multiplied, subtracted
from tinyreason.synthetic.arithmetic.wording import asked, expression_problem
from tinyreason.synthetic.problem import Problem

LARGEST_OF = (
    "Which is the largest of the numbers {}?",
    "Which of these numbers is the greatest: {}?",
    "Find the largest number among {}.",
)
SMALLEST_OF = (
    "Which is the smallest of the numbers {}?",
    "Which of these numbers is the least: {}?",
    "Find the smallest number among {}.",
)
ROUND_DECIMAL = (
    "Round {0} to {1}.",
    "What is {0} rounded to {1}?",
    "Give {0} to {1}.",
)
ROUND_NATURAL = (
    "Round {0} to the nearest {1}.",
    "What is {0} rounded to the nearest {1}?",
    "To the nearest {1}, what is {0}?",
)
GOODS = ("pens", "apples", "notebooks", "tickets", "lamps", "cups", "stickers", "batteries")
UNIT_PRICE = (
    "{0} {3} cost {1} dollars. How many dollars do {2} {3} cost at the same price each?",
    "If {0} {3} cost {1} dollars, what is the price of {2} {3} in dollars?",
    "A shop sells {0} {3} for {1} dollars. What do {2} {3} cost there, in dollars?",
)
CHANGE = (
    "{0} {3} cost {1} dollars each. How many dollars of change are there from {2} dollars?",
    "Mia buys {0} {3} at {1} dollars each and pays with {2} dollars. What is her change in dollars?",
    "Someone with {2} dollars buys {0} {3} for {1} dollars each. How many dollars are left?",
)
PLACES = {1: "one decimal place", 2: "two decimal places", 3: "three decimal places"}


def decimal(units: int, places: int, *, padded: bool = False) -> str:
    """The number units / 10^places: 350 and 2 is 3.5, padded 3.50."""
    sign, digits = "-" if units < 0 else "", str(abs(units)).zfill(places + 1)
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    rest = rest if padded else rest.rstrip("0")
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def price(cents: int) -> str:
    """Dollars as on a price tag: 19 or 5.10."""
    return decimal(cents, 2, padded=bool(cents % 100))


def _units(rng: random.Random, largest: int) -> int:
    """A number that does not end in 0, so that a decimal of so many units needs all its places."""
    while (units := rng.randint(2, largest)) % 10 == 0:
        pass
    return units


def decimal_sum(rng: random.Random) -> Problem:
    kinds = rng.choice(((1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3)))
    places, operator = max(kinds), rng.choice("+-")
    units = [_units(rng, 10 ** (own + 2)) * 10 ** (places - own) for own in kinds]
    left, right = units if operator == "+" else sorted(units, reverse=True)
    result = left + right if operator == "+" else left - right
    lines = added(left, right) if operator == "+" else subtracted(left, right)
    shown, answer = f"{decimal(left, places)} {operator} {decimal(right, places)}", decimal(result, places)
    lines.append(
        f"{decimal(left, places, padded=True)}{operator}{decimal(right, places, padded=True)}={answer}"
    )
    template = "decimal/add" if operator == "+" else "decimal/subtract"
    return expression_problem(rng, template, shown, lines, answer)


def decimal_product(rng: random.Random) -> Problem:
    first_places, second_places = rng.choice(((1, 0), (2, 0), (1, 1), (2, 1), (1, 2)))
    first, second = _units(rng, 400), _units(rng, 99)
    left, right = decimal(first, first_places), decimal(second, second_places)
    answer = decimal(first * second, first_places + second_places)
    lines = [*multiplied(first, second), f"{left}*{right}={answer}"]
    return expression_problem(rng, "decimal/multiply", f"{left} * {right}", lines, answer)


def decimal_quotient(rng: random.Random) -> Problem:
    places, divisor_places = rng.choice(((1, 0), (2, 0), (2, 1), (1, 1)))
    quotient, divisor = _units(rng, 800), rng.randint(2, 19)
    if divisor % 10 == 0:
        divisor += 1
    number = quotient * divisor
    left, right = decimal(number, places + divisor_places), decimal(divisor, divisor_places)
    answer = decimal(quotient, places)
    lines = divided(number, divisor)
    lines.append(f"{left}/{right}={answer}")
    return expression_problem(rng, "decimal/divide", f"{left} / {right}", lines, answer)


def decimal_comparison(rng: random.Random) -> Problem:
    """The candidates share digits, so that the longest or the one with the largest digits need not win."""
    places = rng.randint(2, 3)
    pool: dict[int, None] = {}
    digits = rng.sample("0123456789", 3)
    while len(pool) < rng.randint(3, 4):
        tail = "".join(rng.sample(digits, rng.randint(1, places)))
        pool[int(tail.ljust(places, "0"))] = None
    whole = rng.randint(0, 9) * 10**places
    units = [whole + part for part in pool]
    largest = rng.random() < 0.5
    best, lines = units[0], []
    for other in units[1:]:
        high, low = max(best, other), min(best, other)
        padded = (decimal(high, places, padded=True), decimal(low, places, padded=True))
        lines.append(f"{padded[0]}-{padded[1]}={decimal(high - low, places)}")
        best = high if largest else low
    shown = ", ".join(decimal(unit, places) for unit in units)
    wordings, template = (LARGEST_OF, "max") if largest else (SMALLEST_OF, "min")
    program = (
        f"answer = {'Max' if largest else 'Min'}({', '.join(f'Rational({n!r})' for n in shown.split(', '))})"
    )
    question, answer = asked(rng, wordings, shown), decimal(best, places)
    return Problem(f"compare/decimal_{template}", shown, question, "\n".join(lines), answer, program)


def decimal_rounding(rng: random.Random) -> Problem:
    kept = rng.randint(1, 3)
    places = rng.randint(kept + 1, 4)
    units = _units(rng, 10 ** (places + 2))
    step = 10 ** (places - kept)
    if 2 * (units % step) == step:
        units += 1
    number, down = decimal(units, places), units // step
    rest = units % step
    kept_digits, half = decimal(down, kept, padded=True), decimal(step // 2, places)
    lines = [f"{number}-{kept_digits}={decimal(rest, places)}"]
    if 2 * rest > step:
        rounded = down + 1
        lines.append(f"more than {half}, so up")
        lines.append(f"{kept_digits}+{decimal(1, kept)}={decimal(rounded, kept, padded=True)}")
    else:
        rounded = down
        lines.append(f"less than {half}, so down: {kept_digits}")
    question = asked(rng, ROUND_DECIMAL, number, PLACES[kept])
    program = f"answer = floor(Rational('{number}') * 10**{kept} + Rational(1, 2)) / 10**{kept}"
    answer = decimal(rounded, kept, padded=True)
    return Problem("round/decimal", f"{number} {kept}", question, "\n".join(lines), answer, program)


def natural_rounding(rng: random.Random) -> Problem:
    step = rng.choice((10, 100, 1000))
    number = rng.randint(step, 50 * step)
    if number % step in (0, step // 2):
        number += 1
    rest = number % step
    down = number - rest
    lines = [f"{number}-{down}={rest}"]
    if 2 * rest > step:
        rounded = down + step
        lines += [f"more than {step // 2}, so up", f"{down}+{step}={rounded}"]
    else:
        rounded = down
        lines.append(f"less than {step // 2}, so down: {down}")
    question = asked(rng, ROUND_NATURAL, number, {10: "ten", 100: "hundred", 1000: "thousand"}[step])
    program = f"answer = floor(Rational({number}, {step}) + Rational(1, 2)) * {step}"
    return Problem("round/natural", f"{number} {step}", question, "\n".join(lines), str(rounded), program)


def unit_price(rng: random.Random) -> Problem:
    bought, wanted = rng.sample(range(2, 13), 2)
    cents = rng.choice((5, 10, 25)) * rng.randint(1, 60)
    cost, each, answer = price(cents * bought), price(cents), price(cents * wanted)
    lines = [f"{cost}/{bought}={each}", *multiplied(cents, wanted), f"{each}*{wanted}={answer}"]
    question = asked(rng, UNIT_PRICE, bought, cost, wanted, rng.choice(GOODS))
    program = f"answer = Rational('{cost}') / {bought} * {wanted}"
    key = f"{bought} {cost} {wanted}"
    return Problem("price/unit", key, question, "\n".join(lines), answer, program)


def change(rng: random.Random) -> Problem:
    count, cents = rng.randint(2, 9), 5 * rng.randint(5, 180)
    total = count * cents
    paid = rng.choice([n for n in (5, 10, 20, 50, 100) if 100 * n > total])
    each, cost, answer = price(cents), price(total), price(100 * paid - total)
    lines = [*multiplied(cents, count), f"{count}*{each}={cost}"]
    lines += [*subtracted(100 * paid, total), f"{paid}-{cost}={answer}"]
    question = asked(rng, CHANGE, count, each, paid, rng.choice(GOODS))
    program = f"answer = {paid} - {count} * Rational('{each}')"
    key = f"{count} {each} {paid}"
    return Problem("price/change", key, question, "\n".join(lines), answer, program)


SEEN = (
    *(decimal_sum, decimal_product, decimal_quotient, decimal_comparison, decimal_rounding),
    *(natural_rounding, unit_price, change),
)


def finite_decimal(value: Fraction) -> str:
    """A fraction whose denominator divides a power of ten, as a decimal: 3/8 is 0.375."""
    places = next(n for n in range(12) if (value * 10**n).denominator == 1)
    return decimal(int(value * 10**places), places)
