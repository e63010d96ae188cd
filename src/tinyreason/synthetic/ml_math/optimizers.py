"""Steps of optimizers, in exact decimals."""

import random
from fractions import Fraction

from tinyreason.synthetic.ml_math.linear_algebra import whole_length_vector
from tinyreason.synthetic.ml_math.notation import (
    Number,
    decimal,
    decimals,
    integers,
    posed,
    vector_code,
)
from tinyreason.synthetic.notation import code, nonzero, total, vector
from tinyreason.synthetic.problem import Problem

SGD = (
    "The weights are $<w>$, their gradient is $<g>$. What are the weights after a step of SGD with "
    "learning "
    "rate $<r>$?",
    "Do one step of gradient descent from $w = <w>$ with the gradient $<g>$ and learning rate $<r>$.",
    "With $w = <w>$, $\\nabla L = <g>$ and $\\eta = <r>$, what is $w - \\eta\\nabla L$?",
)
DESCENT = (
    "Minimize $f(w) = <f>$ by gradient descent from $w = <w>$ with learning rate $<r>$. What is "
    "$w$ after two steps?",
    "Gradient descent on $f(w) = <f>$ starts at $w = <w>$, $\\eta = <r>$. Where is it after two steps?",
    "Start at $w = <w>$ and do two steps of gradient descent on $f(w) = <f>$ with learning rate $<r>$. "
    "What is $w$ then?",
)
MOMENTUM = (
    "SGD with momentum: $v \\leftarrow <m>v + g$, $w \\leftarrow w - <r>v$, from $v = 0$ and $w = "
    "<w>$. The "
    "gradients of two steps are $<g>$ and $<h>$. What is $w$ after them?",
    "Start with $w = <w>$ and velocity $v = 0$. Each step sets $v \\leftarrow <m>v + g$ and "
    "$w \\leftarrow w - <r>v$. What is $w$ after steps with the gradients $<g>$ and $<h>$?",
    "A weight $w = <w>$ is trained by momentum SGD ($v \\leftarrow <m>v + g$, $w \\leftarrow w - "
    "<r>v$, $v = 0$ "
    "at first) with gradients $<g>$, then $<h>$. Find $w$.",
)
ADAM = (
    "Adam ($\\beta_1 = 0.9$, $\\beta_2 = 0.999$, $\\epsilon = 0$, learning rate $<r>$) does its "
    "first step on "
    "the weights $<w>$ with the gradient $<g>$. What are the weights then?",
    "The first step of Adam, with bias correction and $\\epsilon = 0$: weights $<w>$, gradient "
    "$<g>$, learning "
    "rate $<r>$, $\\beta_1 = 0.9$, $\\beta_2 = 0.999$. What are the new weights?",
    "What does Adam's first update ($\\eta = <r>$, $\\beta_1 = 0.9$, $\\beta_2 = 0.999$, "
    "$\\epsilon = 0$) make of "
    "$w = <w>$ if the gradient is $<g>$?",
)
MOMENTS = (
    "Adam has $\\beta_1 = <b>$, $\\beta_2 = <c>$ and starts with $m = v = 0$. After a first "
    "gradient of $<g>$, what is "
    "$(m, v)$, without bias correction?",
    "What are Adam's moments $(m, v)$, not bias-corrected, after its first step with gradient $<g>$, "
    "$\\beta_1 = <b>$, $\\beta_2 = <c>$?",
    "Give $(m, v)$ after the first step of Adam: $m = (1-\\beta_1)g$, $v = (1-\\beta_2)g^2$ with "
    "$g = <g>$, "
    "$\\beta_1 = <b>$, $\\beta_2 = <c>$.",
)
DECAY = (
    "AdamW without its gradient part: with weight decay $<d>$ and learning rate $<r>$, what does a "
    "step make "
    "of the weights $<w>$ if the gradient is 0?",
    "Decoupled weight decay multiplies by $1 - \\eta\\lambda$. With $\\eta = <r>$ and $\\lambda = "
    "<d>$, what "
    "becomes of $w = <w>$?",
    "Apply decoupled weight decay $\\lambda = <d>$ with learning rate $<r>$ once to the weights $<w>$.",
)
PENALTY = (
    "The loss gradient is $<g>$ at $w = <w>$, and $\\frac{\\lambda}{2}\\|w\\|^2$ with $\\lambda = "
    "<d>$ is added "
    "to the loss. What is $w$ after an SGD step with learning rate $<r>$?",
    "SGD with L2 penalty: $w \\leftarrow w - \\eta(g + \\lambda w)$ with $w = <w>$, $g = <g>$, "
    "$\\lambda = <d>$, $\\eta = <r>$. What is the new $w$?",
    "A step of SGD with learning rate $<r>$ and L2 weight decay $<d>$ (added to the gradient) is done at "
    "$w = <w>$ with gradient $<g>$. Find the new weights.",
)
CLIP = (
    "The gradient $<g>$ is clipped to the norm $<c>$. What is it then?",
    "Clip $g = <g>$ by its global norm with maximum norm $<c>$.",
    "Gradient clipping with max norm $<c>$ is applied to $<g>$. Give the clipped gradient.",
)
AVERAGE = (
    "An exponential moving average $a \\leftarrow <b>a + <d>x$ starts at $a = <a>$. What is it "
    "after $x = <x>$ "
    "and then $x = <y>$?",
    "The average weight is $a = <a>$ and is updated by $a \\leftarrow <b>a + <d>x$. Which value "
    "has it after "
    "the two weights $<x>$ and $<y>$?",
    "Update $a \\leftarrow <b>a + <d>x$ twice from $a = <a>$, with $x = <x>$, then $x = <y>$. What is $a$?",
)
RATES = tuple(Fraction(n, 1000) for n in (1, 2, 5, 10, 20, 50, 100, 200, 300, 500))
LARGE_RATES = tuple(Fraction(n, 100) for n in (1, 5, 10, 20, 25, 30, 50))


def signed_decimal(value: Number) -> str:
    return f"({decimal(value)})" if value < 0 else decimal(value)


def step_line(weight: Number, rate: Number, gradient: Number) -> str:
    """2-0.1 \\cdot (-3) = 2.3"""
    result = decimal(weight - rate * gradient)
    return f"{decimal(weight)}-{decimal(rate)} \\cdot {signed_decimal(gradient)} = {result}"


def sgd(rng: random.Random) -> Problem:
    w, g, rate = integers(rng, 2, 5), integers(rng, 2, 9), rng.choice(LARGE_RATES)
    lines = [step_line(a, rate, b) for a, b in zip(w, g, strict=True)]
    answer = decimals([a - rate * b for a, b in zip(w, g, strict=True)])
    program = f"answer = tuple({vector_code(w)} - {code(rate)}*{vector_code(g)})"
    return posed(rng, "optimizer/sgd", SGD, lines, answer, program, w=vector(w), g=vector(g), r=decimal(rate))


def two_steps_of_descent(rng: random.Random) -> Problem:
    a, b, start, rate = rng.randint(1, 4), nonzero(rng, 9), nonzero(rng, 5), rng.choice(LARGE_RATES[1:5])
    shown = total(f"{a}w^{{2}}" if a > 1 else "w^{2}", f"{b}w" if abs(b) > 1 else "w" if b == 1 else "-w")
    lines, w = [f"f'(w) = {total(f'{2 * a}w', str(b))}"], Fraction(start)
    for _ in range(2):
        slope = 2 * a * w + b
        lines.append(f"{2 * a} \\cdot {signed_decimal(w)}{'+' if b > 0 else ''}{b} = {decimal(slope)}")
        lines.append(step_line(w, rate, slope))
        w -= rate * slope
    program = (
        f"x = symbols('x')\nd = diff({a}*x**2 + ({b})*x, x)\nanswer = Rational({start})\n"
        f"for _ in range(2):\n    answer = answer - {code(rate)}*d.subs(x, answer)"
    )
    return posed(
        rng, "optimizer/descent", DESCENT, lines, decimal(w), program, f=shown, w=start, r=decimal(rate)
    )


def momentum(rng: random.Random) -> Problem:
    w, g, h = nonzero(rng, 5), nonzero(rng, 8), nonzero(rng, 8)
    factor, rate = rng.choice((Fraction(9, 10), Fraction(1, 2), Fraction(4, 5))), rng.choice(LARGE_RATES[:4])
    first = w - rate * g
    velocity = factor * g + h
    answer = decimal(first - rate * velocity)
    lines = [
        f"The first v is {g}: {step_line(w, rate, g)}",
        f"{decimal(factor)} \\cdot {signed_decimal(g)}+{signed_decimal(h)} = {decimal(velocity)}",
        step_line(first, rate, velocity),
    ]
    program = (
        f"w, v = Rational({w}), Rational(0)\nfor g in ({g}, {h}):\n    v = {code(factor)}*v + g\n"
        f"    w = w - {code(rate)}*v\nanswer = w"
    )
    values = {"m": decimal(factor), "r": decimal(rate), "w": w, "g": g, "h": h}
    return posed(rng, "optimizer/momentum", MOMENTUM, lines, answer, program, **values)


def adam_first_step(rng: random.Random) -> Problem:
    w, rate = integers(rng, 2, 5), rng.choice(RATES)
    g = [nonzero(rng, 9), nonzero(rng, 9)]
    signs = [1 if part > 0 else -1 for part in g]
    answer = decimals([a - rate * b for a, b in zip(w, signs, strict=True)])
    lines = [
        "With bias correction the first moments are g and g^2, so the step is \\eta g/|g|, the "
        "learning rate "
        "with the sign of g.",
        *(step_line(a, rate, b) for a, b in zip(w, signs, strict=True)),
    ]
    program = (
        "def step(w, g):\n    b1, b2 = Rational(9, 10), Rational(999, 1000)\n"
        "    m, v = (1 - b1)*g, (1 - b2)*g**2\n"
        f"    return w - {code(rate)}*(m/(1 - b1))/sqrt(v/(1 - b2))\n"
        f"answer = tuple(step(w, Rational(g)) for w, g in zip({w}, {g}))"
    )
    return posed(
        rng, "optimizer/adam_first", ADAM, lines, answer, program, w=vector(w), g=vector(g), r=decimal(rate)
    )


def adam_moments(rng: random.Random) -> Problem:
    g = nonzero(rng, 40)
    b = rng.choice((Fraction(9, 10), Fraction(95, 100), Fraction(4, 5)))
    c = rng.choice((Fraction(999, 1000), Fraction(99, 100), Fraction(95, 100)))
    answer = decimals([(1 - b) * g, (1 - c) * g * g])
    lines = [
        f"{decimal(1 - b)} \\cdot {signed_decimal(g)} = {decimal((1 - b) * g)}",
        f"{decimal(1 - c)} \\cdot {g * g} = {decimal((1 - c) * g * g)}",
    ]
    program = f"g, b, c = Rational({g}), {code(b)}, {code(c)}\nanswer = ((1 - b)*g, (1 - c)*g**2)"
    return posed(
        rng, "optimizer/adam_moments", MOMENTS, lines, answer, program, g=g, b=decimal(b), c=decimal(c)
    )


def weight_decay(rng: random.Random) -> Problem:
    w, rate = integers(rng, 2, 20), rng.choice(RATES)
    decay = rng.choice((Fraction(1, 100), Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)))
    factor = 1 - rate * decay
    answer = decimals([factor * part for part in w])
    lines = [
        f"1-{decimal(rate)} \\cdot {decimal(decay)} = {decimal(factor)}",
        *(f"{decimal(factor)} \\cdot {signed_decimal(part)} = {decimal(factor * part)}" for part in w),
    ]
    program = f"answer = tuple({vector_code(w)} * (1 - {code(rate)}*{code(decay)}))"
    values = {"w": vector(w), "r": decimal(rate), "d": decimal(decay)}
    return posed(rng, "optimizer/weight_decay", DECAY, lines, answer, program, **values)


def penalized_step(rng: random.Random) -> Problem:
    w, g, rate = integers(rng, 2, 5), integers(rng, 2, 9), rng.choice(LARGE_RATES)
    decay = rng.choice((Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)))
    slopes = [b + decay * a for a, b in zip(w, g, strict=True)]
    answer = decimals([a - rate * slope for a, slope in zip(w, slopes, strict=True)])
    lines = []
    for a, b, slope in zip(w, g, slopes, strict=True):
        lines.append(f"{b}+{decimal(decay)} \\cdot {signed_decimal(a)} = {decimal(slope)}")
        lines.append(step_line(a, rate, slope))
    program = (
        f"w, g = {vector_code(w)}, {vector_code(g)}\nanswer = tuple(w - {code(rate)}*(g + {code(decay)}*w))"
    )
    values = {"w": vector(w), "g": vector(g), "d": decimal(decay), "r": decimal(rate)}
    return posed(rng, "optimizer/penalty", PENALTY, lines, answer, program, **values)


def clipping(rng: random.Random) -> Problem:
    while True:
        g, length = whole_length_vector(rng)
        limit = rng.choice((Fraction(1, 2), Fraction(1), Fraction(2), Fraction(5)))
        if limit < length:
            break
    answer = vector([value * limit / length for value in g])
    squares = [value * value for value in g]
    lines = [
        f"{'+'.join(map(str, squares))} = {sum(squares)}, the norm is {length}.",
        f"Multiply by {decimal(limit)}/{length}: {answer}",
    ]
    program = f"g = {vector_code(g)}\nanswer = tuple(g * {code(limit)} / g.norm())"
    return posed(rng, "optimizer/clipping", CLIP, lines, answer, program, g=vector(g), c=decimal(limit))


def moving_average(rng: random.Random) -> Problem:
    a, x, y = rng.randint(-9, 9), rng.randint(-9, 9), rng.randint(-9, 9)
    keep = rng.choice((Fraction(9, 10), Fraction(99, 100), Fraction(4, 5), Fraction(1, 2)))
    lines, value = [], Fraction(a)
    share = 1 - keep
    for new in (x, y):
        summands = (
            f"{decimal(keep)} \\cdot {signed_decimal(value)}+{decimal(share)} \\cdot {signed_decimal(new)}"
        )
        value = keep * value + share * new
        lines.append(f"{summands} = {decimal(value)}")
    program = (
        f"answer = Rational({a})\nfor v in ({x}, {y}):\n    answer = {code(keep)}*answer + {code(share)}*v"
    )
    values = {"b": decimal(keep), "d": decimal(share), "a": a, "x": x, "y": y}
    return posed(rng, "optimizer/average", AVERAGE, lines, decimal(value), program, **values)


SEEN = (
    *(sgd, two_steps_of_descent, momentum, adam_first_step, adam_moments, weight_decay, penalized_step),
    *(clipping, moving_average),
)
