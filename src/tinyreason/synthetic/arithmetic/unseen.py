"""The templates of arithmetic that are never trained on: known operations in another structure."""

import random
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.arithmetic import chains
from tinyreason.synthetic.arithmetic.columns import added, divided, multiplied, subtracted
from tinyreason.synthetic.arithmetic.decimals import price
from tinyreason.synthetic.arithmetic.naturals import euclid
from tinyreason.synthetic.arithmetic.wording import asked
from tinyreason.synthetic.problem import Problem

MEAN = (
    "What is the average of {}?",
    "Find the mean of the numbers {}.",
    "Calculate the arithmetic mean of {}.",
)
BEFORE_FALL = (
    "After a discount of {0}% a coat costs {1} dollars. What did it cost before, in dollars?",
    "A number was decreased by {0}% and is now {1}. What was it?",
    "{1} is what is left of a number after {0}% of it was taken away. Find the number.",
)
SHARE = (
    "{0} is divided in the ratio {1}:{2}. What is the larger part?",
    "Two people share {0} dollars in the ratio {1}:{2}. How many dollars is the larger share?",
    "Split {0} into two parts that are in the ratio {1}:{2}. Find the larger part.",
)
GREATEST_DIVISOR_OF_THREE = (
    "What is the greatest common divisor of {0}, {1} and {2}?",
    "Which is the largest number that divides {0}, {1} and {2}?",
    "Find gcd({0}, {1}, {2}).",
)
MINUTES = (
    "How many minutes are there from {0} to {1} on the same day?",
    "A train leaves at {0} and arrives at {1} on the same day. How many minutes does it travel?",
    "A film starts at {0} and ends at {1} that day. How many minutes does it last?",
)
CONSECUTIVE = (
    "What is the sum of all whole numbers from {0} to {1}?",
    "Add up all the whole numbers from {0} to {1}, both included.",
    "Find {0} + {2} + ... + {1}, the sum of consecutive whole numbers.",
)
PART_OF_PART = (
    "What is {0} of {1} of {2}?",
    "Find {0} of {1} of {2}.",
    "How much is {0} of {1} of the number {2}?",
)
REMAINDER_ABOVE = (
    "What is the smallest number larger than {0} that leaves the remainder {2} when divided by {1}?",
    "Find the first number above {0} whose remainder on division by {1} is {2}.",
    "Which is the least whole number greater than {0} with remainder {2} when it is divided by {1}?",
)
BOX_OF_TWO_STEPS = (
    "Which number belongs in the box? {}",
    "Find the number for the box: {}",
    "What must the box hold? {}",
)
PRICE_PER_HUNDRED = (
    "{0} g of tea cost {1} dollars. How many dollars do 100 g cost?",
    "A bag of {0} g of rice costs {1} dollars. What is the price of 100 g in dollars?",
    "For {0} g of cheese one pays {1} dollars. What do 100 g cost, in dollars?",
)


def mean(rng: random.Random) -> Problem:
    count = rng.randint(3, 5)
    numbers = [rng.randint(2, 120) for _ in range(count)]
    numbers[-1] += -sum(numbers) % count
    lines, total = [], numbers[0]
    for number in numbers[1:]:
        lines += added(total, number)
        total += number
    lines += divided(total, count)
    shown = ", ".join(map(str, numbers))
    question, program = asked(rng, MEAN, shown), f"answer = Rational(sum([{shown}]), {count})"
    return Problem("mean/natural", shown, question, "\n".join(lines), str(total // count), program)


def before_discount(rng: random.Random) -> Problem:
    percent, before = 5 * rng.randint(1, 15), 20 * rng.randint(2, 60)
    left = 100 - percent
    now = before * left // 100
    lines = [f"100-{percent}={left}", f"{now}*100={now * 100}", *divided(now * 100, left)]
    question = asked(rng, BEFORE_FALL, percent, now)
    program = f"n = symbols('n')\nanswer = solve(n - n*Rational({percent}, 100) - {now}, n)[0]"
    return Problem("percent/before", f"{percent} {now}", question, "\n".join(lines), str(before), program)


def ratio_share(rng: random.Random) -> Problem:
    first, second = rng.choice(
        [(a, b) for a in range(1, 10) for b in range(1, 10) if a != b and gcd(a, b) == 1]
    )
    unit = rng.randint(3, 60)
    total, larger = unit * (first + second), max(first, second)
    lines = [f"{first}+{second}={first + second}", *divided(total, first + second), *multiplied(unit, larger)]
    question = asked(rng, SHARE, total, first, second)
    program = f"answer = Rational({total}, {first} + {second}) * Max({first}, {second})"
    key = f"{total} {first}:{second}"
    return Problem("ratio/share", key, question, "\n".join(lines), str(unit * larger), program)


def nested_chain(rng: random.Random) -> Problem:
    def fits(tree: chains.Tree) -> bool:
        return "((" in chains.text(tree).replace(" ", "") and chains.smallest(tree) >= 0

    tree = chains.drawn(rng, (4, 5), lambda: rng.randint(2, 20), fits)
    return chains.tree_problem(rng, "chain/nested", tree)


def greatest_divisor_of_three(rng: random.Random) -> Problem:
    common = rng.randint(2, 30)
    numbers = sorted((common * n for n in rng.sample(range(2, 16), 3)), reverse=True)
    first = gcd(numbers[0], numbers[1])
    lines = euclid(numbers[0], numbers[1]) + euclid(max(numbers[2], first), min(numbers[2], first))
    answer = str(gcd(first, numbers[2]))
    question = asked(rng, GREATEST_DIVISOR_OF_THREE, *numbers)
    program = f"answer = gcd([{', '.join(map(str, numbers))}])"
    key = " ".join(map(str, numbers))
    return Problem("divisor/gcd_three", key, question, "\n".join(lines), answer, program)


def clock(rng: random.Random) -> Problem:
    start, length = rng.randint(6 * 60, 14 * 60), rng.randint(65, 560)
    end = start + length
    shown = [f"{time // 60}:{time % 60:02d}" for time in (start, end)]
    lines = [f"{end // 60}*60={end // 60 * 60}", f"{end // 60 * 60}+{end % 60}={end}"]
    lines += [f"{start // 60}*60={start // 60 * 60}", f"{start // 60 * 60}+{start % 60}={start}"]
    lines += subtracted(end, start)
    question = asked(rng, MINUTES, *shown)
    program = f"answer = ({end // 60} - {start // 60}) * 60 + {end % 60} - {start % 60}"
    return Problem("time/minutes", " ".join(shown), question, "\n".join(lines), str(length), program)


def consecutive_sum(rng: random.Random) -> Problem:
    first, count = rng.randint(2, 60), rng.randint(8, 60)
    last = first + count - 1
    ends = first + last
    lines = [f"{last}-{first}+1={count}", *added(first, last), *multiplied(ends, count)]
    lines += divided(ends * count, 2)
    question = asked(rng, CONSECUTIVE, first, last, first + 1)
    program = f"answer = sum(range({first}, {last} + 1))"
    answer = str(ends * count // 2)
    return Problem("sum/consecutive", f"{first}..{last}", question, "\n".join(lines), answer, program)


def part_of_part(rng: random.Random) -> Problem:
    inner, outer = (Fraction(rng.randint(1, n - 1), n) for n in (rng.randint(3, 9), rng.randint(3, 9)))
    number = inner.denominator * outer.denominator * rng.randint(2, 30)
    lines, share = [], number
    for part in (inner, outer):
        lines += divided(share, part.denominator)
        share //= part.denominator
        lines += multiplied(share, part.numerator) if part.numerator > 1 else []
        share *= part.numerator
    question = asked(rng, PART_OF_PART, outer, inner, number)
    program = f"answer = Rational('{outer}') * Rational('{inner}') * {number}"
    key = f"{outer} {inner} {number}"
    return Problem("fraction/of_part", key, question, "\n".join(lines), str(share), program)


def remainder_above(rng: random.Random) -> Problem:
    start, divisor = rng.randint(50, 999), rng.randint(4, 19)
    wanted = rng.randint(1, divisor - 1)
    lines = divided(start, divisor)
    base = start // divisor * divisor
    first = base + wanted
    lines += [f"{start}-{start % divisor}={base}"] if start != base else []
    lines.append(f"{base}+{wanted}={first}")
    if first <= start:
        lines.append(f"{first}+{divisor}={first + divisor}")
        first += divisor
    question = asked(rng, REMAINDER_ABOVE, start, divisor, wanted)
    program = f"answer = next(n for n in range({start} + 1, {start} + 99) if n % {divisor} == {wanted})"
    key = f"{start} {divisor} {wanted}"
    return Problem("remainder/above", key, question, "\n".join(lines), str(first), program)


def box_of_two_steps(rng: random.Random) -> Problem:
    factor, box, rest = rng.randint(2, 12), rng.randint(3, 80), rng.randint(2, 90)
    operator = rng.choice("+-")
    if operator == "-" and factor * box <= rest:
        operator = "+"
    total = factor * box + rest if operator == "+" else factor * box - rest
    shown = f"{factor} * □ {operator} {rest} = {total}"
    lines = (subtracted if operator == "+" else added)(total, rest) + divided(factor * box, factor)
    program = f"n = symbols('n')\nanswer = solve({factor}*n {operator} {rest} - {total}, n)[0]"
    question = asked(rng, BOX_OF_TWO_STEPS, shown)
    return Problem("missing/two_steps", shown, question, "\n".join(lines), str(box), program)


def price_per_hundred(rng: random.Random) -> Problem:
    parts, half = rng.choice([n for n in range(3, 25) if n != 4]), 5 * rng.randint(2, 60)
    grams, total, each = 50 * parts, price(half * parts), price(2 * half)
    lines = [f"{grams}/50={parts}", *divided(half * parts, parts)]
    lines += [f"{total}/{parts}={price(half)}", f"{price(half)}*2={each}"]
    question = asked(rng, PRICE_PER_HUNDRED, grams, total)
    program = f"answer = Rational('{total}') / {grams} * 100"
    return Problem("price/per_hundred", f"{grams} {total}", question, "\n".join(lines), each, program)


UNSEEN = (
    *(mean, before_discount, ratio_share, nested_chain, greatest_divisor_of_three, clock, consecutive_sum),
    *(part_of_part, remainder_above, box_of_two_steps, price_per_hundred),
)
