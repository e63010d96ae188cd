"""Expressions of several operations: precedence, brackets, signs and powers, worked from the inside out."""

import random
from collections.abc import Callable

from tinyreason.synthetic.arithmetic.columns import APPLY, multiplied, worked
from tinyreason.synthetic.arithmetic.wording import asked, expression_problem
from tinyreason.synthetic.notation import signed
from tinyreason.synthetic.problem import Problem

# an operator with its two sides, or a number
Tree = int | tuple[str, "Tree", "Tree"]
LARGEST = 2000  # of every number on the way
BINDING = {"+": 1, "-": 1, "*": 2, "/": 2}
SQUARE_ROOT = (
    "What is the square root of {}?",
    "Find sqrt({}).",
    "Which positive number times itself gives {}?",
)


def value(tree: Tree) -> int | None:
    """None where a division leaves a remainder or a number is larger than LARGEST."""
    if isinstance(tree, int):
        return tree
    operator, left, right = tree[0], value(tree[1]), value(tree[2])
    if left is None or right is None or (operator == "/" and (right == 0 or left % right)):
        return None
    result = APPLY[operator](left, right)
    return result if abs(result) <= LARGEST else None


def text(tree: Tree) -> str:
    """As it is written, with the brackets that it needs; behind an operator a negative number has its own."""
    if isinstance(tree, int):
        return str(tree)
    operator, left, right = tree
    left_text, right_text = text(left), text(right)
    if not isinstance(left, int) and BINDING[left[0]] < BINDING[operator]:
        left_text = f"({left_text})"
    if isinstance(right, int):
        right_text = signed(right)
    elif BINDING[right[0]] <= BINDING[operator]:
        right_text = f"({right_text})"
    return f"{left_text} {operator} {right_text}"


def lines(tree: Tree) -> list[str]:
    if isinstance(tree, int):
        return []
    operator, left, right = tree
    return [*lines(left), *lines(right), *worked(value(left), operator, value(right))]


def smallest(tree: Tree) -> int:
    """The smallest number in the expression or on the way to its value."""
    if isinstance(tree, int):
        return tree
    return min(value(tree), smallest(tree[1]), smallest(tree[2]))


def random_tree(rng: random.Random, operations: int, leaf: Callable[[], int]) -> Tree:
    if operations == 0:
        return leaf()
    left_operations = rng.randrange(operations)
    left = random_tree(rng, left_operations, leaf)
    right = random_tree(rng, operations - 1 - left_operations, leaf)
    operator = rng.choice("+-**")
    if isinstance(left, int) and isinstance(right, int) and right > 1 and rng.random() < 0.3:
        return ("/", left * right, right)
    whole: Tree = ("/", left, right)
    return whole if rng.random() < 0.3 and value(whole) is not None else (operator, left, right)


def drawn(
    rng: random.Random, operations: tuple[int, int], leaf: Callable[[], int], fits: Callable[[Tree], bool]
) -> Tree:
    while True:
        tree = random_tree(rng, rng.randint(*operations), leaf)
        if value(tree) is not None and fits(tree):
            return tree


def tree_problem(rng: random.Random, template: str, tree: Tree) -> Problem:
    return expression_problem(rng, template, text(tree), lines(tree), value(tree))


def precedence(rng: random.Random) -> Problem:
    def fits(tree: Tree) -> bool:
        written = text(tree)
        mixed = any(sign in written for sign in "+-") and any(sign in written for sign in "*/")
        return mixed and "(" not in written and smallest(tree) >= 0

    return tree_problem(
        rng,
        "chain/precedence",
        drawn(rng, (2, 3), lambda: rng.choice((rng.randint(2, 9), rng.randint(10, 60))), fits),
    )


def brackets(rng: random.Random) -> Problem:
    tree = drawn(
        rng, (2, 4), lambda: rng.randint(2, 30), lambda tree: "(" in text(tree) and smallest(tree) >= 0
    )
    return tree_problem(rng, "chain/brackets", tree)


def _nonzero(rng: random.Random) -> int:
    return rng.choice((-1, 1)) * rng.randint(2, 30)


def signed_chain(rng: random.Random) -> Problem:
    tree = drawn(
        rng, (2, 3), lambda: _nonzero(rng), lambda tree: not isinstance(tree, int) and _has_negative(tree)
    )
    return tree_problem(rng, "signed/chain", tree)


def _has_negative(tree: Tree) -> bool:
    if isinstance(tree, int):
        return tree < 0
    return _has_negative(tree[1]) or _has_negative(tree[2])


def signed_sum(rng: random.Random) -> Problem:
    left, right = rng.choice((-1, 1)) * rng.randint(2, 300), rng.choice((-1, 1)) * rng.randint(2, 300)
    operator = rng.choice("+-")
    if left > 0 and right > 0:
        # both positive: only a difference that goes below zero is a problem of signs
        operator, left, right = "-", min(left, right), max(left, right) + 1
    return tree_problem(rng, "signed/add_subtract", (operator, left, right))


def signed_product(rng: random.Random) -> Problem:
    left, right = rng.choice(((1, -1), (-1, 1), (-1, -1)))
    left, right = left * rng.randint(2, 60), right * rng.randint(2, 30)
    if rng.random() < 0.5:
        return tree_problem(rng, "signed/multiply", ("*", left, right))
    return tree_problem(rng, "signed/divide", ("/", left * right, right))


def power(rng: random.Random) -> Problem:
    base = rng.choice((-1, 1)) * rng.randint(2, 12)
    exponent = rng.choice([n for n in range(2, 11) if abs(base) ** n <= 20_000])
    written = f"{signed(base)}^{exponent}"
    work, result = [], base
    for _ in range(exponent - 1):
        work += [f"{signed(result)}*{signed(base)}={result * base}"]
        result *= base
    return expression_problem(rng, "power/natural", written, work, result)


def power_chain(rng: random.Random) -> Problem:
    base, exponent = rng.choice([(b, n) for b in range(2, 13) for n in range(2, 6) if b**n <= 1000])
    number, operator = rng.randint(2, 60), rng.choice("+-*")
    work, result = [], base
    for _ in range(exponent - 1):
        work.append(f"{result}*{base}={result * base}")
        result *= base
    if operator == "-" and rng.random() < 0.5:
        written, left, right = f"{number} - {base}^{exponent}", number, result
    else:
        written, left, right = f"{base}^{exponent} {operator} {number}", result, number
    work += worked(left, operator, right)
    return expression_problem(rng, "power/chain", written, work, APPLY[operator](left, right))


def square_root(rng: random.Random) -> Problem:
    root = rng.randint(11, 199)
    tens = root // 10 * 10
    work = [f"{tens}*{tens}={tens * tens}"]
    if root != tens:
        work += [f"{tens + 10}*{tens + 10}={(tens + 10) ** 2}", *multiplied(root, root)]
    square = root * root
    question, program = asked(rng, SQUARE_ROOT, square), f"answer = sqrt({square})"
    return Problem("power/square_root", str(square), question, "\n".join(work), str(root), program)


SEEN = (precedence, brackets, signed_chain, signed_sum, signed_product, power, power_chain, square_root)
