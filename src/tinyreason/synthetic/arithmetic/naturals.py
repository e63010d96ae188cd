"""Natural numbers: the four operations of many digits, remainders, a missing operand, gcd, lcm and primes."""

import random
from math import gcd, isqrt, prod

from tinyreason.synthetic.arithmetic.columns import added, divided, multiplied, subtracted, worked
from tinyreason.synthetic.arithmetic.wording import asked, expression_problem, natural
from tinyreason.synthetic.problem import Problem

REMAINDER = (
    "What is the remainder when {0} is divided by {1}?",
    "Divide {0} by {1}. What remainder is left?",
    "{0} is divided by {1}. Find the remainder.",
)
QUOTIENT_AND_REMAINDER = (
    "Divide {0} by {1} and give the quotient and the remainder as (quotient, remainder).",
    "Write {0} = {1} * q + r with whole numbers q and r, r smaller than {1}. What is (q, r)?",
    "What are the quotient q and the remainder r of {0} divided by {1}? Answer as (q, r).",
)
MISSING = (
    "Which number belongs in the box? {}",
    "Find the missing number: {}",
    "What must stand in the box? {}",
    "Fill in the box: {}",
)
GREATEST_DIVISOR = (
    "What is the greatest common divisor of {0} and {1}?",
    "Find gcd({0}, {1}).",
    "Which is the largest number that divides both {0} and {1}?",
)
LEAST_MULTIPLE = (
    "What is the least common multiple of {0} and {1}?",
    "Find lcm({0}, {1}).",
    "Which is the smallest positive number that both {0} and {1} divide?",
)
NEXT_PRIME = (
    "What is the smallest prime number larger than {}?",
    "Find the first prime after {}.",
    "Which prime comes next after {}?",
)
LARGEST_FACTOR = (
    "What is the largest prime factor of {}?",
    "Find the greatest prime that divides {}.",
    "Which is the largest prime number in the factorization of {}?",
)
DIVISOR_COUNT = (
    "How many positive divisors does {} have?",
    "Count the positive divisors of {}.",
    "By how many positive whole numbers can {} be divided without a remainder?",
)


def addition(rng: random.Random) -> Problem:
    left, right = natural(rng, 2, 5), natural(rng, 2, 5)
    return expression_problem(rng, "natural/add", f"{left} + {right}", added(left, right), left + right)


def addition_of_three(rng: random.Random) -> Problem:
    first, second, third = (natural(rng, 2, 4) for _ in range(3))
    lines = added(first, second) + added(first + second, third)
    expression = f"{first} + {second} + {third}"
    return expression_problem(rng, "natural/add_three", expression, lines, first + second + third)


def subtraction(rng: random.Random) -> Problem:
    right, result = natural(rng, 2, 4), natural(rng, 1, 4)
    left = right + result
    return expression_problem(rng, "natural/subtract", f"{left} - {right}", subtracted(left, right), result)


def short_multiplication(rng: random.Random) -> Problem:
    left, right = natural(rng, 2, 4), rng.randint(2, 9)
    lines, expression = multiplied(left, right), f"{left} * {right}"
    return expression_problem(rng, "natural/multiply_digit", expression, lines, left * right)


def long_multiplication(rng: random.Random) -> Problem:
    left, right = natural(rng, 2, 3), rng.randint(11, 99)
    lines, expression = multiplied(left, right), f"{left} * {right}"
    return expression_problem(rng, "natural/multiply", expression, lines, left * right)


def division(rng: random.Random) -> Problem:
    divisor, quotient = rng.randint(2, 25), natural(rng, 1, 4)
    number = divisor * quotient
    lines = divided(number, divisor)
    return expression_problem(rng, "natural/divide", f"{number} / {divisor}", lines, quotient)


def _uneven(rng: random.Random) -> tuple[int, int]:
    divisor = rng.randint(3, 25)
    return divisor * natural(rng, 1, 3) + rng.randint(1, divisor - 1), divisor


def remainder(rng: random.Random) -> Problem:
    number, divisor = _uneven(rng)
    lines = divided(number, divisor)
    lines.append(f"{number}-{number // divisor * divisor}={number % divisor}")
    program = f"answer = Mod({number}, {divisor})"
    question = asked(rng, REMAINDER, number, divisor)
    answer = str(number % divisor)
    return Problem(
        "natural/remainder", f"{number} mod {divisor}", question, "\n".join(lines), answer, program
    )


def quotient_and_remainder(rng: random.Random) -> Problem:
    number, divisor = _uneven(rng)
    question = asked(rng, QUOTIENT_AND_REMAINDER, number, divisor)
    reasoning = "\n".join(divided(number, divisor))
    answer = f"({number // divisor}, {number % divisor})"
    program = f"answer = (floor(Rational({number}, {divisor})), Mod({number}, {divisor}))"
    return Problem("natural/divmod", f"{number} {divisor}", question, reasoning, answer, program)


# operator, whether the left operand is missing -> the operation on (result, known) that finds it
UNDO = {
    ("+", True): "{result}-{known}",
    ("+", False): "{result}-{known}",
    ("-", True): "{result}+{known}",
    ("-", False): "{known}-{result}",
    ("*", True): "{result}/{known}",
    ("*", False): "{result}/{known}",
    ("/", True): "{result}*{known}",
    ("/", False): "{known}/{result}",
}
NAMES = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


def missing_operand(rng: random.Random) -> Problem:
    operator, left_is_missing = rng.choice(tuple(UNDO))
    left, right, result = _equation(rng, operator)
    wanted, known = (left, right) if left_is_missing else (right, left)
    first, sign, second = _parsed(UNDO[operator, left_is_missing].format(result=result, known=known))
    shown = f"□ {operator} {right} = {result}" if left_is_missing else f"{left} {operator} □ = {result}"
    equation = shown.replace("□", "n").replace(" = ", " - ")
    program = f"n = symbols('n')\nanswer = solve({equation}, n)[0]"
    lines = "\n".join(worked(first, sign, second))
    template = f"missing/{NAMES[operator]}"
    return Problem(template, shown, asked(rng, MISSING, shown), lines, str(wanted), program)


def _equation(rng: random.Random, operator: str) -> tuple[int, int, int]:
    if operator in "+-":
        small, other = natural(rng, 2, 4), natural(rng, 2, 4)
        return (small, other, small + other) if operator == "+" else (small + other, small, other)
    small, other = rng.randint(2, 19), natural(rng, 2, 3)
    return (small, other, small * other) if operator == "*" else (small * other, small, other)


def _parsed(step: str) -> tuple[int, str, int]:
    sign = next(operator for operator in "+-*/" if operator in step)
    left, right = step.split(sign)
    return int(left), sign, int(right)


def euclid(left: int, right: int) -> list[str]:
    """84-1*60=24, 60-2*24=12, 24-2*12=0: the last number subtracted is the greatest common divisor."""
    lines = []
    while right:
        lines.append(f"{left}-{left // right}*{right}={left % right}")
        left, right = right, left % right
    return lines


def _pair_with_common_divisor(rng: random.Random, largest: int) -> tuple[int, int]:
    common = rng.randint(2, largest)
    first, second = rng.sample(range(2, 20), 2)
    return common * max(first, second), common * min(first, second)


def greatest_divisor(rng: random.Random) -> Problem:
    left, right = _pair_with_common_divisor(rng, 40)
    common = gcd(left, right)
    question = asked(rng, GREATEST_DIVISOR, left, right)
    program = f"answer = gcd({left}, {right})"
    return Problem(
        "divisor/gcd", f"{left} {right}", question, "\n".join(euclid(left, right)), str(common), program
    )


def least_multiple(rng: random.Random) -> Problem:
    left, right = _pair_with_common_divisor(rng, 12)
    common = gcd(left, right)
    lines = [*euclid(left, right), *divided(left, common), *multiplied(left // common, right)]
    question = asked(rng, LEAST_MULTIPLE, left, right)
    answer, program = str(left * right // common), f"answer = lcm({left}, {right})"
    return Problem("divisor/lcm", f"{left} {right}", question, "\n".join(lines), answer, program)


def smallest_divisor(number: int) -> int:
    return next((n for n in range(2, isqrt(number) + 1) if number % n == 0), number)


def next_prime(rng: random.Random) -> Problem:
    start = rng.randint(10, 2000)
    lines, number = [], start + 1
    while (divisor := smallest_divisor(number)) != number:
        lines.append(f"{divisor}*{number // divisor}={number}")
        number += 1
    for prime in range(2, isqrt(number) + 1):
        if smallest_divisor(prime) == prime:
            lines.append(f"{number}-{number // prime}*{prime}={number % prime}")
    question, program = asked(rng, NEXT_PRIME, start), f"answer = nextprime({start})"
    return Problem("prime/next", str(start), question, "\n".join(lines), str(number), program)


def largest_prime_factor(rng: random.Random) -> Problem:
    number = 0
    while not 30 <= number <= 6000:
        number = prod(rng.choices((2, 2, 2, 3, 3, 5, 7, 11, 13, 17, 19, 23), k=rng.randint(2, 5)))
    lines, rest = [], number
    while (divisor := smallest_divisor(rest)) != rest:
        lines.append(f"{rest}/{divisor}={rest // divisor}")
        rest //= divisor
    question, program = asked(rng, LARGEST_FACTOR, number), f"answer = max(primefactors({number}))"
    return Problem("prime/largest_factor", str(number), question, "\n".join(lines), str(rest), program)


def divisor_count(rng: random.Random) -> Problem:
    number = rng.randint(12, 600)
    lines, rest, exponents = [], number, dict[int, int]()
    while rest > 1:
        divisor = smallest_divisor(rest)
        lines.append(f"{rest}/{divisor}={rest // divisor}")
        exponents[divisor] = exponents.get(divisor, 0) + 1
        rest //= divisor
    lines += [f"{power}+1={power + 1}" for power in exponents.values()]
    count = 1
    for power in exponents.values():
        lines += [f"{count}*{power + 1}={count * (power + 1)}"] if count > 1 else []
        count *= power + 1
    question, program = asked(rng, DIVISOR_COUNT, number), f"answer = len(divisors({number}))"
    return Problem("divisor/count", str(number), question, "\n".join(lines), str(count), program)


SEEN = (
    *(addition, addition_of_three, subtraction, short_multiplication, long_multiplication, division),
    *(remainder, quotient_and_remainder, greatest_divisor, least_multiple, next_prime),
    *(largest_prime_factor, divisor_count),
    *(missing_operand, missing_operand),  # four templates in one
)
