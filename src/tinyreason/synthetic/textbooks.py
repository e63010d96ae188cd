"""Grade-school word problems of one to three steps of + - * /, every number from 2 to 100, with worked
solutions.

The problems come from two textbooks, told apart by the names of their heroes, and the solutions, always
right, are written in one of two habits. The careful habit writes one equation a line and takes large numbers
apart (72-57 becomes 72-50=22, 22-7=15); the hasty habit puts the whole calculation into one expression. Most
solutions of the first book are careful, most of the second hasty. So a model that imitates them picks up both
habits, and which of them leads to right answers it can only learn from being told whether its own answers
were right.
"""

import random
from collections.abc import Callable, Iterator

from tinyreason.synthetic.wording import SEEN, UNSEEN, Wording

LARGEST = 100  # of every number in a problem and in its solution
SIZES = {"test": 1000, "validation": 300, "train": 30_000}  # rows, in the order in which they are drawn
UNSEEN_SIZE = 250
SECOND_BOOK = 1 / 3  # of the problems
HASTY_SHARE = {"careful": 0.1, "hasty": 0.8}  # of the solutions, by the book of the hero
CALCULATE: dict[str, Callable[[int, int], int]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x // y,
}
Step = tuple[str, int, int]  # operator, left, right: one equation of the careful solution


def textbook_problems(split: str, *, seed: int) -> list[dict[str, str]]:
    """The rows {question, reasoning, answer, source} of train, validation,
    test or unseen; no question is in two of them.

    Test and validation are drawn first, so that they do not depend on how large the training set is.
    """
    if split == "unseen":
        return list(_distinct(random.Random(f"unseen {seed}"), UNSEEN, UNSEEN_SIZE))
    sizes = list(SIZES.values())
    before = sum(sizes[: list(SIZES).index(split)])
    drawn = _distinct(random.Random(f"seen {seed}"), SEEN, before + SIZES[split])
    return list(drawn)[before:]


def _distinct(rng: random.Random, wording: Wording, count: int) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    while len(seen) < count:
        row = problem(rng, wording)
        if row["question"] not in seen:
            seen.add(row["question"])
            yield row


def problem(rng: random.Random, wording: Wording) -> dict[str, str]:
    """One problem: four in five are chains of one to three steps,
    the others tell their numbers in another order.
    """
    book = "hasty" if rng.random() < SECOND_BOOK else "careful"
    hero, friend = rng.sample(wording.hasty if book == "hasty" else wording.careful, 2)
    people = {"a": hero, "b": friend, "o": rng.choice(wording.objects)}
    kind = rng.choices((_chain, _total, _price, _rest), weights=(12, 1, 1, 1))[0]
    question, steps, expression = kind(rng, wording, people)
    answer = calculate(steps[-1])
    reasoning = f"{expression}={answer}"
    if rng.random() >= HASTY_SHARE[book]:
        reasoning = "\n".join(equation(part) for step in steps for part in parts(step))
    return {"question": question, "reasoning": reasoning, "answer": str(answer), "source": "synthetic"}


def calculate(step: Step) -> int:
    """The exact result of one step; every division is made to come out even."""
    operator, left, right = step
    return CALCULATE[operator](left, right)


def equation(step: Step) -> str:
    """The step as it is written down, such as 72-50=22."""
    operator, left, right = step
    return f"{left}{operator}{right}={calculate(step)}"


def parts(step: Step) -> list[Step]:
    """The equations in which a careful hand writes a step, tens before ones."""
    operator, left, right = step
    split = _tens_and_ones({"+": right, "-": right, "*": left, "/": left // right}[operator])
    if len(split) == 1:
        return [step]
    tens, ones = split
    if operator in "+-":
        return [(operator, left, tens), (operator, calculate((operator, left, tens)), ones)]
    if operator == "*":
        return [("*", tens, right), ("*", ones, right), ("+", tens * right, ones * right)]
    return [("/", tens * right, right), ("/", ones * right, right), ("+", tens, ones)]


def _tens_and_ones(number: int) -> list[int]:
    return [part for part in (number // 10 * 10, number % 10) if part]


def _chain(rng: random.Random, wording: Wording, people: dict[str, str]) -> tuple[str, list[Step], str]:
    number = rng.randint(2, LARGEST)
    sentences = [rng.choice(wording.starts).format(n=number, **people)]
    steps: list[Step] = []
    expression = str(number)
    for _ in range(rng.choices((1, 2, 3), weights=(6, 8, 5))[0]):
        operator, right = _next_step(rng, number)
        sentences.append(rng.choice(wording.steps[operator]).format(n=right, **people))
        expression = _extended(expression, operator, right)
        steps.append((operator, number, right))
        number = calculate(steps[-1])
    sentences.append(rng.choice(wording.questions).format(**people))
    return " ".join(sentences), steps, expression


def _next_step(rng: random.Random, number: int) -> tuple[str, int]:
    """An operator and its right side that keep the result between 2 and LARGEST."""
    rights = {
        "+": range(2, LARGEST - number + 1),
        "-": range(2, number - 1),
        "*": range(2, min(9, LARGEST // number) + 1),
        "/": [n for n in range(2, 10) if number % n == 0 and number // n >= 2],
    }
    operator = rng.choice([operator for operator, values in rights.items() if len(values)])
    return operator, rng.choice(rights[operator])


def _extended(expression: str, operator: str, right: int) -> str:
    """The expression with one step more, in brackets where the new operator would bind tighter."""
    loose = any(sign in expression for sign in "+-") and not expression.endswith(")")
    if operator in "*/" and loose:
        expression = f"({expression})"
    return f"{expression}{operator}{right}"


def _total(rng: random.Random, wording: Wording, people: dict[str, str]) -> tuple[str, list[Step], str]:
    first = rng.randint(2, LARGEST // 2 - 2)
    more = rng.randint(2, LARGEST - 2 * first)
    question = rng.choice(wording.totals).format(n=first, m=more, **people)
    return question, [("+", first, more), ("+", first, first + more)], f"{first}+{first}+{more}"


def _price(rng: random.Random, wording: Wording, people: dict[str, str]) -> tuple[str, list[Step], str]:
    count = rng.randint(2, 9)
    price = rng.randint(2, (LARGEST - 2) // count)
    paid = rng.randint(count * price + 2, LARGEST)
    question = rng.choice(wording.prices).format(n=price, m=count, p=paid, **people)
    return question, [("*", price, count), ("-", paid, price * count)], f"{paid}-{price}*{count}"


def _rest(rng: random.Random, wording: Wording, people: dict[str, str]) -> tuple[str, list[Step], str]:
    bags = rng.randint(2, 9)
    each = rng.randint(2, (LARGEST - 2) // bags)
    loose = rng.randint(2, LARGEST - bags * each)
    question = rng.choice(wording.rests).format(n=bags, m=each, p=loose, **people)
    return question, [("*", each, bags), ("+", each * bags, loose)], f"{each}*{bags}+{loose}"
