"""A formula such as `count * price`, declared once and used three ways: to compute, to be written into a
solution with its numbers, and to stand in a program.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

Number = int | Fraction
Numbers = Mapping[str, Number]
Value = Callable[[Numbers], Number]
NAME = re.compile(r"[a-z_]\w*")
OPERATORS: dict[type, Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: whole_if_whole(Fraction(left) / right),
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARISONS: dict[type, Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.NotEq: operator.ne,
}


@dataclass(frozen=True)
class Formula:
    """`written` is filled in with numbers, `program` with the name that stands for `it`, the result of the
    step before. `names` are the numbers that it takes.
    """

    value: Value
    written: str
    program: str
    names: tuple[str, ...]


def whole_if_whole(number: Fraction) -> Number:
    """6 for 12/2, 3/2 as it is."""
    return number.numerator if number.denominator == 1 else number


def formula(text: str) -> Formula:
    """Reads + - * /, the // and % of sharing with a rest, brackets, names and whole numbers."""
    tree = ast.parse(text.strip(), mode="eval").body
    exact = ast.unparse(
        ast.fix_missing_locations(_ExactDivision().visit(ast.parse(text.strip(), mode="eval")))
    )
    names = tuple(dict.fromkeys(NAME.findall(text)))
    written = NAME.sub(r"{\g<0>}", text.replace(" ", ""))
    return Formula(_value(tree), written, re.sub(r"\bit\b", "{it}", exact), names)


def condition(text: str) -> Callable[[Numbers], bool]:
    """Reads `left < right`, the same with <= or !=, and `gcd(left, right) < 2`."""
    tree = ast.parse(text.strip(), mode="eval").body
    assert isinstance(tree, ast.Compare), f"{text}: not a comparison"
    holds, left, right = COMPARISONS[type(tree.ops[0])], _value(tree.left), _value(tree.comparators[0])
    return lambda numbers: holds(left(numbers), right(numbers))


class _ExactDivision(ast.NodeTransformer):
    """24 / 5 is a float in Python, Rational(24, 5) is exact."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div):
            return ast.Call(ast.Name("Rational"), [node.left, node.right], [])
        return node


def _value(tree: ast.expr) -> Value:
    if isinstance(tree, ast.Constant):
        number = tree.value
        return lambda numbers: number
    if isinstance(tree, ast.Call):
        left, right = map(_value, tree.args)
        return lambda numbers: gcd(left(numbers), right(numbers))
    if isinstance(tree, ast.Name):
        name = tree.id
        return lambda numbers: numbers[name]
    assert isinstance(tree, ast.BinOp), ast.unparse(tree)
    operate, left, right = OPERATORS[type(tree.op)], _value(tree.left), _value(tree.right)
    return lambda numbers: operate(left(numbers), right(numbers))
