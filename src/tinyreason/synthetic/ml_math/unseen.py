"""The templates of machine-learning mathematics that are never trained on."""

import random
from fractions import Fraction
from math import comb

from tinyreason.synthetic.ml_math.notation import (
    decimal,
    dot,
    dot_line,
    integer_matrix,
    integers,
    matrix,
    matrix_code,
    posed,
    times_vector,
    vector_code,
)
from tinyreason.synthetic.ml_math.optimizers import signed_decimal
from tinyreason.synthetic.notation import code, logarithm, nonzero, number, signed, vector
from tinyreason.synthetic.problem import Problem

RMS_NORM = (
    "Divide $<x>$ by its root mean square (RMSNorm without scale, $\\epsilon = 0$).",
    "What does RMSNorm ($\\gamma = 1$, $\\epsilon = 0$) make of $<x>$?",
    "Compute $x / \\sqrt{\\frac{1}{n}\\sum_i x_i^2}$ for $x = <x>$.",
)
PASS_AT_K = (
    "<c> of <n> sampled programs are correct. What is the unbiased estimate of pass@<k>, "
    "$1 - \\binom{n-c}{k}/\\binom{n}{k}$?",
    "A problem was solved in <c> of <n> samples. If <k> of them are picked at random, with what "
    "probability is "
    "at least one correct?",
    "Estimate pass@<k> without bias from $n = <n>$ samples with $c = <c>$ correct ones.",
)
GENERALIZED = (
    "Generalized advantage estimation with $\\gamma = <g>$ and $\\lambda = <l>$: the rewards are "
    "$<r>$, the "
    "values $<v>$, and the episode ends after them. What is the advantage of the first step?",
    "Rewards $<r>$, value estimates $<v>$, $\\gamma = <g>$, $\\lambda = <l>$, value 0 after the "
    "end. Compute "
    "the GAE of the first step.",
    "What is $\\sum_t (\\gamma\\lambda)^t \\delta_t$, $\\delta_t = r_t + \\gamma V_{t+1} - V_t$, "
    "for $r = <r>$, "
    "$V = <v>$, $\\gamma = <g>$, $\\lambda = <l>$, where the value after the last step is 0?",
)
CACHE = (
    "How many bytes does the KV cache of one sequence of <t> tokens take with <l> layers, <h> "
    "key-value heads "
    "of dimension <d> and 2 bytes a number?",
    "A model caches keys and values in bfloat16 (2 bytes): <l> layers, <h> key-value heads, head "
    "dimension <d>. "
    "How many bytes are cached for <t> tokens?",
    "KV cache in 16 bit: <t> tokens, <l> layers, <h> key-value heads, head dimension <d>. How many bytes?",
)
SMOOTHING = (
    "Label smoothing with $\\epsilon = <e>$ over <n> classes mixes the one-hot target with the uniform "
    "distribution: $(1-\\epsilon)y + \\epsilon/<n>$. What is the target of the right class?",
    "The one-hot target of <n> classes is smoothed with $\\epsilon = <e>$ (share $\\epsilon$ "
    "spread evenly over all "
    "classes). Which probability does the right class get?",
    "With <n> classes and label smoothing <e>, spread evenly over all classes, what is the "
    "smoothed probability "
    "of the true class?",
)
NEWTON = (
    "Do one Newton step $w - H^{-1}g$ from $w = <w>$ with gradient $g = <g>$ and Hessian $H = <H>$.",
    "What is $w - H^{-1}g$ for $w = <w>$, $g = <g>$, $H = <H>$?",
    "Newton's method is at $w = <w>$, where the gradient is $<g>$ and the Hessian $<H>$. Where does it go?",
)
HINGE = (
    "The hinge loss is $\\max(0, 1-y \\cdot w^T x)$. What is it summed over the rows of $<X>$ with "
    "the labels "
    "$<y>$ at $w = <w>$?",
    "A linear classifier has $w = <w>$. The rows of $X = <X>$ have the labels $y = <y>$. What is the total "
    "hinge loss $\\sum_i \\max(0, 1-y_i w^T x_i)$?",
    "Sum the hinge losses $\\max(0, 1-y_i w^T x_i)$ for $w = <w>$, labels $<y>$ and inputs in the "
    "rows of $<X>$.",
)
PREFERENCE = (
    "Two answers have the rewards $<a>$ and $<b>$. With which probability does the Bradley-Terry "
    "model prefer "
    "the first, $\\sigma(r_1-r_2)$?",
    "Under the Bradley-Terry model $P(1 \\succ 2) = \\sigma(r_1-r_2)$, what is it for $r_1 = <a>$, "
    "$r_2 = <b>$?",
    "A reward model gives $r_1 = <a>$ and $r_2 = <b>$. What is $\\sigma(r_1-r_2)$, exactly?",
)
CORRECTED_MOMENT = (
    "Adam with $\\beta_1 = <b>$ sees the gradients $<g>$ and then $<h>$, starting from $m = 0$. "
    "What is the "
    "bias-corrected first moment $\\hat{m}$ after both?",
    "What is Adam's $\\hat{m} = m/(1-\\beta_1^2)$ after two steps with the gradients $<g>$ and $<h>$, "
    "$\\beta_1 = <b>$ and $m = 0$ at first?",
    "The gradients of two steps are $<g>$ and $<h>$. Find the bias-corrected first moment of Adam with "
    "$\\beta_1 = <b>$ after the second step.",
)
BALANCED = (
    "A test gives <tn> true negatives and <fp> false positives, <tp> true positives and <fn> false "
    "negatives. "
    "What is the mean of sensitivity and specificity?",
    "Compute the balanced accuracy for TP = <tp>, FN = <fn>, TN = <tn>, FP = <fp>.",
    "With <tp> true positives, <fn> false negatives, <tn> true negatives and <fp> false positives, "
    "what is the "
    "balanced accuracy?",
)
# whole numbers with a whole root mean square, up to sign, order and factor
WHOLE_ROOT_MEAN = (
    ((1, 7), 5),
    ((7, 17), 13),
    ((1, 1, 5, 3), 3),
    ((1, 1, 1, 1), 1),
    ((1, 5, 7, 5), 5),
    ((2, 4, 4, 8), 5),
)


def rms_norm(rng: random.Random) -> Problem:
    pattern, root = rng.choice(WHOLE_ROOT_MEAN)
    factor = rng.randint(1, 6)
    values = [factor * rng.choice((-1, 1)) * value for value in pattern]
    rng.shuffle(values)
    squares = [value * value for value in values]
    answer = vector([Fraction(value, factor * root) for value in values])
    lines = [
        f"Mean square: ({'+'.join(map(str, squares))})/{len(values)} = {(factor * root) ** 2}",
        f"Its root: {factor * root}",
        answer,
    ]
    program = f"x = {vector_code(values)}\nanswer = tuple(x / sqrt(x.dot(x) / {len(values)}))"
    return posed(rng, "normalization/rms", RMS_NORM, lines, answer, program, x=vector(values))


def pass_at_k(rng: random.Random) -> Problem:
    n = rng.randint(5, 14)
    c, k = rng.randint(2, n - 2), rng.randint(2, min(4, n - 1))
    misses, draws = comb(n - c, k), comb(n, k)
    answer = number(1 - Fraction(misses, draws))
    lines = [
        f"Ways to pick only wrong ones: \\binom{{{n - c}}}{{{k}}} is {misses}",
        f"All ways: \\binom{{{n}}}{{{k}}} is {draws}",
        f"1-{misses}/{draws} = {answer}",
    ]
    program = f"answer = 1 - binomial({n} - {c}, {k}) / binomial({n}, {k})"
    return posed(rng, "metric/pass_at_k", PASS_AT_K, lines, answer, program, n=n, c=c, k=k)


def generalized_advantage(rng: random.Random) -> Problem:
    steps = rng.randint(2, 3)
    rewards, values = [rng.randint(0, 5) for _ in range(steps)], [rng.randint(-3, 6) for _ in range(steps)]
    g, part = (
        rng.choice((Fraction(1), Fraction(9, 10), Fraction(1, 2))),
        rng.choice((Fraction(1, 2), Fraction(4, 5))),
    )
    following = [*values[1:], 0]
    deltas = [r + g * after - v for r, after, v in zip(rewards, following, values, strict=True)]
    lines = [
        f"\\delta: {r}+{decimal(g)} \\cdot {signed(after)}-{signed(v)} = {decimal(delta)}"
        for r, after, v, delta in zip(rewards, following, values, deltas, strict=True)
    ]
    advantage = deltas[-1]
    lines.append(f"\\gamma\\lambda: {decimal(g)} \\cdot {decimal(part)} = {decimal(g * part)}")
    for delta in reversed(deltas[:-1]):
        whole = delta + g * part * advantage
        lines.append(
            f"{decimal(delta)}+{decimal(g * part)} \\cdot {signed_decimal(advantage)} = {decimal(whole)}"
        )
        advantage = whole
    program = (
        f"g, l, r, v = {code(g)}, {code(part)}, {rewards}, {[*values, 0]}\n"
        "answer = sum((g*l)**t * (r[t] + g*v[t + 1] - v[t]) for t in range(len(r)))"
    )
    shown = {"r": vector(rewards), "v": vector(values), "g": decimal(g), "l": decimal(part)}
    return posed(rng, "advantage/generalized", GENERALIZED, lines, decimal(advantage), program, **shown)


def cache_bytes(rng: random.Random) -> Problem:
    t, layers = rng.choice((64, 100, 128, 256, 512, 1000, 1024)), rng.randint(2, 40)
    h, d = rng.choice((2, 4, 8)), rng.choice((16, 32, 64, 128))
    token = 2 * layers * h * d
    lines = [
        f"Numbers for a token, keys and values: 2 \\cdot {layers} \\cdot {h} \\cdot {d} = {token}",
        f"Bytes: 2 \\cdot {token} = {2 * token}",
        f"{t} \\cdot {2 * token} = {2 * token * t}",
    ]
    program = f"answer = {t}*{layers}*({h}*{d} + {h}*{d})*2"
    return posed(rng, "memory/cache", CACHE, lines, 2 * token * t, program, t=t, l=layers, h=h, d=d)


def label_smoothing(rng: random.Random) -> Problem:
    n, epsilon = rng.choice((2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 100)), Fraction(rng.randint(1, 40), 100)
    answer = decimal(1 - epsilon + epsilon / n)
    lines = [
        f"1-{decimal(epsilon)} = {decimal(1 - epsilon)}",
        f"{decimal(epsilon)}/{n} = {decimal(epsilon / n)}",
        f"{decimal(1 - epsilon)}+{decimal(epsilon / n)} = {answer}",
    ]
    program = f"e = {code(epsilon)}\nanswer = 1 - e + e/{n}"
    return posed(rng, "target/smoothing", SMOOTHING, lines, answer, program, e=decimal(epsilon), n=n)


def newton_step(rng: random.Random) -> Problem:
    while True:
        p, q, s = integers(rng, 3, 4)
        det = p * s - q * q
        if 0 < abs(det) <= 5:
            break
    hessian, step, w = [[p, q], [q, s]], integers(rng, 2, 4), integers(rng, 2, 6)
    g = times_vector(hessian, step)
    answer = vector([a - b for a, b in zip(w, step, strict=True)])
    lines = [
        f"Solve Hs = g: the determinant is {p} \\cdot {signed(s)}-{signed(q)} \\cdot {signed(q)} = {det}",
        f"First: ({s} \\cdot {signed(g[0])}-{signed(q)} \\cdot {signed(g[1])})/{signed(det)} = {step[0]}",
        f"Second: ({p} \\cdot {signed(g[1])}-{signed(q)} \\cdot {signed(g[0])})/{signed(det)} = {step[1]}",
        f"w-s: {answer}",
    ]
    program = f"answer = tuple({vector_code(w)} - {matrix_code(hessian)}.inv()*{vector_code(g)})"
    values = {"w": vector(w), "g": vector(g), "H": matrix(hessian)}
    return posed(rng, "optimizer/newton", NEWTON, lines, answer, program, **values)


def hinge_loss(rng: random.Random) -> Problem:
    x, w = integer_matrix(rng, 3, 2, 3), integers(rng, 2, 2)
    labels = [rng.choice((-1, 1)) for _ in x]
    margins = [label * dot(w, row) for label, row in zip(labels, x, strict=True)]
    losses = [max(0, 1 - margin) for margin in margins]
    lines = [
        f"Row {place}: {dot_line(w, row)}, times the label: {margin}, loss: {loss}"
        for place, (row, margin, loss) in enumerate(zip(x, margins, losses, strict=True), start=1)
    ]
    lines.append(f"{'+'.join(map(str, losses))} = {sum(losses)}")
    program = (
        f"X, y, w = {matrix_code(x)}, {labels}, {vector_code(w)}\n"
        "answer = sum(Max(0, 1 - y[i]*(X*w)[i]) for i in range(3))"
    )
    values = {"X": matrix(x), "y": vector(labels), "w": vector(w)}
    return posed(rng, "loss/hinge", HINGE, lines, sum(losses), program, **values)


def preference(rng: random.Random) -> Problem:
    first, second = rng.sample(range(1, 31), 2)
    answer = number(Fraction(first, first + second))
    lines = [f"\\sigma(r-s) is e^r/(e^r+e^s): {first}/({first}+{second}) = {answer}"]
    program = f"answer = simplify(1 / (1 + exp(log({second}) - log({first}))))"
    return posed(
        rng,
        "preference/bradley_terry",
        PREFERENCE,
        lines,
        answer,
        program,
        a=logarithm(first),
        b=logarithm(second),
    )


def corrected_moment(rng: random.Random) -> Problem:
    g, h, b = (
        nonzero(rng, 12),
        nonzero(rng, 12),
        rng.choice((Fraction(9, 10), Fraction(1, 2), Fraction(4, 5))),
    )
    first, second = (1 - b) * g, b * (1 - b) * g + (1 - b) * h
    scale = 1 - b * b
    answer = number(second / scale)
    lines = [
        f"{decimal(1 - b)} \\cdot {signed(g)} = {decimal(first)}",
        f"{decimal(b)} \\cdot {signed_decimal(first)}+{decimal(1 - b)} \\cdot {signed(h)} = "
        f"{decimal(second)}",
        f"1-{decimal(b)} \\cdot {decimal(b)} = {decimal(scale)}",
        f"{decimal(second)}/{decimal(scale)} = {answer}",
    ]
    program = (
        f"b, m = {code(b)}, Integer(0)\nfor g in ({g}, {h}):\n    m = b*m + (1 - b)*g\nanswer = m / "
        f"(1 - b**2)"
    )
    return posed(
        rng, "optimizer/adam_corrected", CORRECTED_MOMENT, lines, answer, program, g=g, h=h, b=decimal(b)
    )


def balanced_accuracy(rng: random.Random) -> Problem:
    tp, fn, tn, fp = (rng.randint(2, 40) for _ in range(4))
    hits, rejections = Fraction(tp, tp + fn), Fraction(tn, tn + fp)
    answer = number((hits + rejections) / 2)
    lines = [
        f"Sensitivity: {tp}/({tp}+{fn}) = {number(hits)}",
        f"Specificity: {tn}/({tn}+{fp}) = {number(rejections)}",
        f"({number(hits)}+{number(rejections)})/2 = {answer}",
    ]
    program = f"answer = (Rational({tp}, {tp} + {fn}) + Rational({tn}, {tn} + {fp})) / 2"
    return posed(rng, "metric/balanced", BALANCED, lines, answer, program, tp=tp, fn=fn, tn=tn, fp=fp)


UNSEEN = (
    *(rms_norm, pass_at_k, generalized_advantage, cache_bytes, label_smoothing, newton_step, hinge_loss),
    *(preference, corrected_moment, balanced_accuracy),
)
