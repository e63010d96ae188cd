"""Backward passes through small graphs."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.notation import (
    dot_line,
    integer_matrix,
    matrix,
    matrix_code,
    matrix_product,
    posed,
    transposed,
)
from tinyreason.synthetic.notation import nonzero, number, signed
from tinyreason.synthetic.problem import Problem

NEURON = (
    "Let $L = (wx+b-y)^2$ with $w = <w>$, $x = <x>$, $b = <b>$, $y = <y>$. What is "
    "$\\frac{\\partial L}{\\partial w}$?",
    "A linear neuron with $w = <w>$, $b = <b>$ sees $x = <x>$, its target is $y = <y>$, the loss is "
    "$(wx+b-y)^2$. Find $\\frac{\\partial L}{\\partial w}$.",
    "Backpropagate through $L = (wx+b-y)^2$ at $w = <w>$, $x = <x>$, $b = <b>$, $y = <y>$: give "
    "$\\frac{\\partial L}{\\partial w}$.",
)
TWO_LAYERS = (
    "Let $h = \\mathrm{ReLU}(ax+b)$, $o = ch$, $L = \\frac{1}{2}(o-y)^2$ with $a = <a>$, $b = "
    "<b>$, $c = <c>$, "
    "$x = <x>$, $y = <y>$. What is $\\frac{\\partial L}{\\partial a}$?",
    "A network computes $o = c \\cdot \\mathrm{ReLU}(ax+b)$ with the loss $\\frac{1}{2}(o-y)^2$. "
    "For $a = <a>$, "
    "$b = <b>$, $c = <c>$, $x = <x>$, $y = <y>$, find $\\frac{\\partial L}{\\partial a}$.",
    "Backpropagate $L = \\frac{1}{2}(c\\,\\mathrm{ReLU}(ax+b)-y)^2$ to $a$ at $a = <a>$, $b = "
    "<b>$, $c = <c>$, "
    "$x = <x>$, $y = <y>$.",
)
GRAPH = (
    "Let $f = <f>$ with $x = <x>$, $y = <y>$, $z = <z>$. What is $\\frac{\\partial f}{\\partial <v>}$?",
    "Backpropagate through $f = <f>$ at $(x, y, z) = (<x>, <y>, <z>)$. What is the gradient of $<v>$?",
    "For $x = <x>$, $y = <y>$, $z = <z>$ and $f = <f>$, find $\\frac{\\partial f}{\\partial <v>}$.",
)
SIGMOID = (
    "Let $p = \\sigma(wx+b)$ with $w = <w>$, $x = <x>$, $b = <b>$. What is $\\frac{\\partial "
    "p}{\\partial w}$?",
    "A sigmoid neuron has $w = <w>$, $b = <b>$ and the input $x = <x>$. Find the derivative of its "
    "output by $w$.",
    "Compute $\\frac{\\partial}{\\partial w}\\sigma(wx+b)$ at $w = <w>$, $x = <x>$, $b = <b>$.",
)
LINEAR_WEIGHTS = (
    "A linear layer computes $Y = XW$ with $X = <X>$. The gradient of the loss by $Y$ is $G = "
    "<G>$. What is "
    "the gradient by $W$?",
    "Let $Y = XW$, $X = <X>$ and $\\frac{\\partial L}{\\partial Y} = <G>$. Find $\\frac{\\partial "
    "L}{\\partial W}$.",
    "Backpropagate $\\frac{\\partial L}{\\partial Y} = <G>$ through $Y = XW$ to $W$, where $X = <X>$.",
)
LINEAR_INPUT = (
    "A linear layer computes $Y = XW$ with $W = <W>$. The gradient of the loss by $Y$ is $G = "
    "<G>$. What is "
    "the gradient by $X$?",
    "Let $Y = XW$, $W = <W>$ and $\\frac{\\partial L}{\\partial Y} = <G>$. Find $\\frac{\\partial "
    "L}{\\partial X}$.",
    "Backpropagate $\\frac{\\partial L}{\\partial Y} = <G>$ through $Y = XW$ to $X$, where $W = <W>$.",
)
# formula, its sympy code
GRAPHS = (
    ("(x+y)z", "(x + y)*z"),
    ("(xy+z)^{2}", "(x*y + z)**2"),
    ("(x+y)(y+z)", "(x + y)*(y + z)"),
    ("x^{2}y+z", "x**2*y + z"),
    ("(x-yz)^{2}", "(x - y*z)**2"),
)


def neuron(rng: random.Random) -> Problem:
    w, x, b, y = nonzero(rng, 5), nonzero(rng, 5), rng.randint(-5, 5), rng.randint(-9, 9)
    gap = w * x + b - y
    lines = [
        f"wx+b-y: {w} \\cdot {signed(x)}+{signed(b)}-{signed(y)} = {gap}",
        f"2(wx+b-y)x: 2 \\cdot {signed(gap)} \\cdot {signed(x)} = {2 * gap * x}",
    ]
    program = f"w = symbols('w')\nanswer = diff((w*({x}) + ({b}) - ({y}))**2, w).subs(w, {w})"
    return posed(rng, "backpropagation/neuron", NEURON, lines, 2 * gap * x, program, w=w, x=x, b=b, y=y)


def two_layers(rng: random.Random) -> Problem:
    """The unit is switched off in one problem of five, and the gradient is 0."""
    off = rng.random() < 0.2
    while True:
        a, b, c, x = nonzero(rng, 4), rng.randint(-6, 6), nonzero(rng, 4), nonzero(rng, 4)
        before = a * x + b
        if (before < 0) == off and before:
            break
    y, hidden = rng.randint(-9, 9), max(before, 0)
    gap = c * hidden - y
    answer = 0 if off else gap * c * x
    lines = [f"ax+b: {a} \\cdot {signed(x)}+{signed(b)} = {before}"]
    if off:
        lines.append("It is negative, so the ReLU is off and the gradient is 0.")
    else:
        lines += [
            f"It is positive, so h = {before}.",
            f"o-y: {c} \\cdot {hidden}-{signed(y)} = {gap}",
            f"(o-y)cx: {gap} \\cdot {signed(c)} \\cdot {signed(x)} = {answer}",
        ]
    program = (
        f"a = symbols('a', real=True)\nf = (({c})*Max(0, a*({x}) + ({b})) - ({y}))**2/2\n"
        f"answer = diff(f, a).subs(a, {a})"
    )
    return posed(rng, "backpropagation/relu", TWO_LAYERS, lines, answer, program, a=a, b=b, c=c, x=x, y=y)


def graph(rng: random.Random) -> Problem:
    shape, variable = rng.randrange(len(GRAPHS)), rng.choice("xyz")
    x, y, z = (nonzero(rng, 5) for _ in range(3))
    shown, source = GRAPHS[shape]
    inner, slopes = _graph_slopes(shape, x, y, z)
    slope, answer = slopes[variable]
    lines = [inner, f"Chain rule: {slope} = {answer}"] if inner else [slope + f" = {answer}"]
    program = (
        f"x, y, z = symbols('x y z')\nanswer = diff({source}, {variable}).subs({{x: {x}, y: {y}, z: {z}}})"
    )
    values = {"f": shown, "x": x, "y": y, "z": z, "v": variable}
    return posed(rng, "backpropagation/graph", GRAPH, lines, answer, program, **values)


def _graph_slopes(shape: int, x: int, y: int, z: int) -> tuple[str, dict[str, tuple[str, int]]]:
    """The line of the forward pass, and for every variable its local slopes multiplied, and their value."""
    p, q, r = signed(x), signed(y), signed(z)
    if shape == 0:
        inner = f"x+y: {x}+{q} = {x + y}"
        return inner, {
            "x": (f"1 \\cdot {r}", z),
            "y": (f"1 \\cdot {r}", z),
            "z": (f"1 \\cdot {signed(x + y)}", x + y),
        }
    if shape == 1:
        u = x * y + z
        inner, outer = f"u = xy+z: {x} \\cdot {q}+{r} = {u}", f"2 \\cdot {signed(u)}"
        return inner, {
            "x": (f"{outer} \\cdot {q}", 2 * u * y),
            "y": (f"{outer} \\cdot {p}", 2 * u * x),
            "z": (f"{outer} \\cdot 1", 2 * u),
        }
    if shape == 2:
        u, v = x + y, y + z
        inner = f"u = x+y: {x}+{q} = {u}, v = y+z: {y}+{r} = {v}"
        return inner, {
            "x": (f"{v} \\cdot 1", v),
            "y": (f"{v} \\cdot 1+{signed(u)} \\cdot 1", u + v),
            "z": (f"{u} \\cdot 1", u),
        }
    if shape == 3:
        inner = f"x^2: {p} \\cdot {p} = {x * x}"
        return inner, {
            "x": (f"2 \\cdot {p} \\cdot {q}", 2 * x * y),
            "y": (f"{x * x} \\cdot 1", x * x),
            "z": ("1 \\cdot 1", 1),
        }
    u = x - y * z
    inner, outer = f"u = x-yz: {x}-{q} \\cdot {r} = {u}", f"2 \\cdot {signed(u)}"
    return inner, {
        "x": (f"{outer} \\cdot 1", 2 * u),
        "y": (f"{outer} \\cdot {signed(-z)}", -2 * u * z),
        "z": (f"{outer} \\cdot {signed(-y)}", -2 * u * y),
    }


def sigmoid(rng: random.Random) -> Problem:
    """At wx + b = 0, where the sigmoid is 1/2 and its slope 1/4."""
    w, x = nonzero(rng, 9), nonzero(rng, 12)
    answer = number(Fraction(x, 4))
    lines = [
        f"wx+b: {w} \\cdot {signed(x)}+{signed(-w * x)} = 0, so p = \\frac{{1}}{{2}}.",
        f"p(1-p)x: \\frac{{1}}{{2}} \\cdot \\frac{{1}}{{2}} \\cdot {signed(x)} = {answer}",
    ]
    program = f"w = symbols('w')\nanswer = diff(1/(1 + exp(-(w*({x}) + ({-w * x})))), w).subs(w, {w})"
    return posed(rng, "backpropagation/sigmoid", SIGMOID, lines, answer, program, w=w, x=x, b=-w * x)


def _product_lines(left: list[list[int]], right: list[list[int]]) -> list[str]:
    return [
        f"Row {i}, column {j}: {dot_line(row, column)}"
        for i, row in enumerate(left, start=1)
        for j, column in enumerate(transposed(right), start=1)
    ]


def linear_weights(rng: random.Random) -> Problem:
    x, g = integer_matrix(rng, 2, 2, 5), integer_matrix(rng, 2, 2, 4)
    lines = ["The gradient by W is X^T G.", *_product_lines(transposed(x), g)]
    answer = matrix(matrix_product(transposed(x), g))
    program = (
        "a, b, c, d = v = symbols('a b c d')\n"
        f"Y = {matrix_code(x)}*Matrix([[a, b], [c, d]])\nL = sum(Y.multiply_elementwise({matrix_code(g)}))\n"
        "answer = Matrix(2, 2, [diff(L, s) for s in v])"
    )
    return posed(
        rng, "backpropagation/weights", LINEAR_WEIGHTS, lines, answer, program, X=matrix(x), G=matrix(g)
    )


def linear_input(rng: random.Random) -> Problem:
    w, g = integer_matrix(rng, 2, 2, 5), integer_matrix(rng, 2, 2, 4)
    lines = ["The gradient by X is G W^T.", *_product_lines(g, transposed(w))]
    answer = matrix(matrix_product(g, transposed(w)))
    program = (
        "a, b, c, d = v = symbols('a b c d')\n"
        f"Y = Matrix([[a, b], [c, d]])*{matrix_code(w)}\nL = sum(Y.multiply_elementwise({matrix_code(g)}))\n"
        "answer = Matrix(2, 2, [diff(L, s) for s in v])"
    )
    return posed(rng, "backpropagation/input", LINEAR_INPUT, lines, answer, program, W=matrix(w), G=matrix(g))


SEEN = (neuron, two_layers, graph, sigmoid, linear_weights, linear_input)
