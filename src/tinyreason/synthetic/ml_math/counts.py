"""How many parameters, outputs, steps, tokens and operations: the arithmetic of models and "
"training runs."""

import random
from itertools import pairwise

from tinyreason.synthetic.ml_math.notation import posed
from tinyreason.synthetic.notation import number
from tinyreason.synthetic.problem import Problem

LINEAR = (
    "How many parameters does a linear layer from <n> to <m> features <bias> have?",
    "A linear layer <bias> maps <n> inputs to <m> outputs. How many parameters is that?",
    "Count the parameters of a dense layer with <n> inputs and <m> outputs <bias>.",
)
PERCEPTRON = (
    "An MLP has layers of the sizes <sizes>, every linear layer with a bias. What is its parameter count?",
    "Count the weights and biases of a fully connected network with the layer sizes <sizes>.",
    "A network connects layers of <sizes> units fully, with biases. What is its number of parameters?",
)
CONVOLUTION = (
    "A 2D convolution has <n> input channels, <m> output channels, a <k>x<k> kernel and a bias. How many "
    "parameters is that?",
    "How many parameters does a Conv2d layer from <n> to <m> channels with kernel size <k> and bias have?",
    "Count weights and biases of a convolution with <k>x<k> kernels, <n> channels in and <m> channels out.",
)
OUTPUT_SIZE = (
    "A convolution with kernel <k>, stride <s> and padding <p> is applied to an input of width "
    "<n>. How wide is "
    "the output?",
    "An image of width <n> goes through a convolution with kernel size <k>, padding <p> and stride "
    "<s>. What is "
    "the width of the result?",
    "Input width <n>, kernel <k>, stride <s>, padding <p>: what is the output width of the convolution?",
)
EMBEDDING = (
    "How many parameters does an embedding of <v> tokens in <d> dimensions have?",
    "A vocabulary of <v> tokens is embedded in <d> dimensions. How many parameters does the table have?",
    "Count the parameters of a token embedding: vocabulary <v>, width <d>.",
)
ATTENTION = (
    "Grouped-query attention without biases: width <d>, <h> query heads and <g> key-value heads of "
    "dimension "
    "<k>. How many parameters do the four projections have together?",
    "An attention layer has hidden size <d>, <h> query heads, <g> key-value heads and head "
    "dimension <k>, no "
    "biases. Count the parameters of q, k, v and output projection.",
    "How many weights do the query, key, value and output projections have for hidden size <d>, "
    "head dimension "
    "<k>, <h> query heads and <g> key-value heads (no biases)?",
)
SWIGLU = (
    "A SwiGLU feed-forward layer (gate, up and down projection, no biases) has width <d> and inner "
    "width <f>. "
    "How many parameters is that?",
    "Count the weights of a gated MLP with three projections between <d> and <f> dimensions, without biases.",
    "Hidden size <d>, intermediate size <f>: how many parameters does a SwiGLU block without biases have?",
)
LORA = (
    "LoRA of rank <r> is put on a linear layer from <n> to <m> features. How many trainable "
    "parameters are added?",
    "How many parameters do the two LoRA matrices of rank <r> for a <m>x<n> weight matrix have together?",
    "A <m>x<n> weight matrix gets a LoRA adapter of rank <r>. Count its trainable parameters.",
)
LORA_LAYERS = (
    "A model has <l> layers; in each, LoRA of rank <r> goes on <c> square projections of width "
    "<d>. How many "
    "trainable parameters is that?",
    "LoRA with rank <r> adapts <c> projections (<d>x<d>) in each of <l> layers. Count the "
    "trainable parameters.",
    "Count the LoRA parameters: rank <r>, <l> layers, <c> matrices of size <d>x<d> a layer.",
)
FLOPS = (
    "Estimate the training FLOPs by $6ND$ for $N = <n>$ million parameters and $D = <d>$ billion "
    "tokens, in "
    "units of $10^{15}$ FLOPs.",
    "By the rule $C = 6ND$, how many petaFLOPs ($10^{15}$) does it take to train <n> million "
    "parameters on <d> "
    "billion tokens?",
    "A model of <n> million parameters is trained on <d> billion tokens. How many units of "
    "$10^{15}$ FLOPs is "
    "that by $6ND$?",
)
STEPS = (
    "A data set has <n> rows. The batch size per device is <b>, on <g> devices, with <a> gradient "
    "accumulation "
    "steps. How many optimizer steps are <e> epochs, counting a last incomplete batch?",
    "Training runs <e> epochs over <n> examples with <b> examples a device, <g> devices and gradient "
    "accumulation <a>. How many optimizer steps is that if a last smaller batch counts as a step?",
    "How many optimizer steps do <e> epochs of <n> rows take with per-device batch <b>, <g> "
    "devices and <a> "
    "accumulation steps, when each epoch ends with a step for the rest?",
)
TOKENS = (
    "Each of <g> devices processes <b> sequences of <t> tokens, <a> times before an optimizer "
    "step. How many "
    "tokens is one step?",
    "Per-device batch <b>, sequence length <t>, <g> devices, gradient accumulation <a>: how many "
    "tokens does "
    "an optimizer step see?",
    "How many tokens are in one optimizer step with <b> sequences of length <t> a device, <a> accumulation "
    "steps and <g> devices?",
)
MEMORY = (
    "How many GB (of $10^9$ bytes) do the weights of a model with <n> million parameters take in <t>?",
    "A model has <n> million parameters stored in <t>. How many gigabytes ($10^9$ bytes) is that?",
    "Weights in <t>, <n> million parameters: how many GB ($10^9$ bytes) do they need?",
)
POWERS = (32, 64, 96, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1280, 1536, 2048, 3072, 4096)


def linear(rng: random.Random) -> Problem:
    n, m, has_bias = rng.randint(2, 128), rng.randint(2, 128), rng.random() < 0.7
    lines = [f"{n} \\cdot {m} = {n * m}"]
    lines += [f"{n * m}+{m} = {n * m + m}"] if has_bias else []
    values = {"n": n, "m": m, "bias": "with bias" if has_bias else "without bias"}
    answer = n * m + has_bias * m
    program = f"answer = {n}*{m}{f' + {m}' if has_bias else ''}"
    return posed(rng, "parameters/linear", LINEAR, lines, answer, program, **values)


def perceptron(rng: random.Random) -> Problem:
    sizes = [rng.choice((2, 3, 4, 5, 8, 10, 16, 20, 32, 64)) for _ in range(rng.choice((3, 3, 4)))]
    counts = [(n + 1) * m for n, m in pairwise(sizes)]
    lines = [f"{n} \\cdot {m}+{m} = {(n + 1) * m}" for n, m in pairwise(sizes)]
    lines.append(f"{'+'.join(map(str, counts))} = {sum(counts)}")
    shown = f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]}"
    program = f"s = {sizes}\nanswer = sum(s[i]*s[i + 1] + s[i + 1] for i in range(len(s) - 1))"
    return posed(rng, "parameters/mlp", PERCEPTRON, lines, sum(counts), program, sizes=shown)


def convolution(rng: random.Random) -> Problem:
    n, m = rng.choice((1, 3, 4, 8, 16, 32, 64)), rng.choice((4, 8, 10, 16, 24, 32, 64))
    k = rng.choice((1, 3, 5, 7))
    weights = n * m * k * k
    lines = [f"{k} \\cdot {k} \\cdot {n} \\cdot {m} = {weights}", f"{weights}+{m} = {weights + m}"]
    program = f"answer = ({n}*{k}**2 + 1)*{m}"
    return posed(rng, "parameters/convolution", CONVOLUTION, lines, weights + m, program, n=n, m=m, k=k)


def output_size(rng: random.Random) -> Problem:
    k, s = rng.choice((2, 3, 4, 5, 7)), rng.choice((1, 2, 2, 3, 4))
    p, n = rng.randint(0, k // 2), rng.randint(10, 256)
    room = n + 2 * p - k
    answer = room // s + 1
    lines = [
        f"{n}+2 \\cdot {p}-{k} = {room}",
        f"{room} = {s} \\cdot {answer - 1}+{room % s}, rounded down {answer - 1}",
        f"{answer - 1}+1 = {answer}",
    ]
    program = f"answer = floor(Rational({n} + 2*{p} - {k}, {s})) + 1"
    return posed(rng, "convolution/output", OUTPUT_SIZE, lines, answer, program, n=n, k=k, s=s, p=p)


def embedding(rng: random.Random) -> Problem:
    leading, zeros, d = rng.randint(2, 99), rng.choice((10, 100, 1000)), rng.choice(POWERS)
    v = leading * zeros
    lines = [f"{leading} \\cdot {d} = {leading * d}", f"{v} \\cdot {d} = {v * d}"]
    return posed(rng, "parameters/embedding", EMBEDDING, lines, v * d, f"answer = {v}*{d}", v=v, d=d)


def attention(rng: random.Random) -> Problem:
    groups, ratio, k = rng.choice((2, 4, 8)), rng.choice((1, 2, 4)), rng.choice((8, 16, 32, 64, 128))
    h, d = groups * ratio, rng.choice(POWERS[:13])
    query, key = d * h * k, d * groups * k
    lines = [
        f"Query: {d} \\cdot {h} \\cdot {k} = {query}, the output projection has as many.",
        f"Key: {d} \\cdot {groups} \\cdot {k} = {key}, the value projection has as many.",
        f"2 \\cdot {query}+2 \\cdot {key} = {2 * (query + key)}",
    ]
    program = f"d, h, g, k = {d}, {h}, {groups}, {k}\nanswer = d*h*k + d*g*k + d*g*k + h*k*d"
    values = {"d": d, "h": h, "g": groups, "k": k}
    return posed(rng, "parameters/attention", ATTENTION, lines, 2 * (query + key), program, **values)


def swiglu(rng: random.Random) -> Problem:
    d = 32 * rng.randint(2, 64)
    f = rng.choice((2 * d, 3 * d, 4 * d, 32 * rng.randint(2, 160)))
    lines = [f"{d} \\cdot {f} = {d * f}", f"3 \\cdot {d * f} = {3 * d * f}"]
    program = f"answer = {d}*{f} + {d}*{f} + {f}*{d}"
    return posed(rng, "parameters/swiglu", SWIGLU, lines, 3 * d * f, program, d=d, f=f)


def lora(rng: random.Random) -> Problem:
    r, n, m = rng.choice((1, 2, 4, 8, 16, 32, 64)), rng.choice(POWERS), rng.choice(POWERS)
    lines = [f"{n}+{m} = {n + m}", f"{r} \\cdot {n + m} = {r * (n + m)}"]
    program = f"answer = {r}*{n} + {m}*{r}"
    return posed(rng, "parameters/lora", LORA, lines, r * (n + m), program, r=r, n=n, m=m)


def lora_layers(rng: random.Random) -> Problem:
    r, d = rng.choice((1, 2, 4, 8, 16, 32)), rng.choice(POWERS[3:])
    layers, count = rng.randint(2, 40), rng.randint(2, 4)
    one = 2 * d * r
    lines = [
        f"One matrix: 2 \\cdot {d} \\cdot {r} = {one}",
        f"One layer: {count} \\cdot {one} = {count * one}",
        f"{layers} \\cdot {count * one} = {layers * count * one}",
    ]
    program = f"answer = {layers}*{count}*({r}*{d} + {d}*{r})"
    values = {"l": layers, "r": r, "c": count, "d": d}
    return posed(rng, "parameters/lora_layers", LORA_LAYERS, lines, layers * count * one, program, **values)


def training_operations(rng: random.Random) -> Problem:
    n, d = rng.randint(2, 99) * rng.choice((1, 10)), rng.randint(2, 50) * rng.choice((1, 10))
    lines = [
        "A million times a billion is 10^{15}.",
        f"{n} \\cdot {d} = {n * d}",
        f"6 \\cdot {n * d} = {6 * n * d}",
    ]
    program = f"answer = 6*({n}*10**6)*({d}*10**9) / Integer(10)**15"
    return posed(rng, "operations/training", FLOPS, lines, 6 * n * d, program, n=n, d=d)


def optimizer_steps(rng: random.Random) -> Problem:
    b, g, a = rng.choice((2, 4, 8, 16)), rng.choice((2, 4, 8)), rng.choice((2, 3, 4, 8))
    e, n = rng.randint(2, 5), rng.randint(100, 9000)
    batch = b * g * a
    steps = -(-n // batch)
    lines = [f"One step: {b} \\cdot {g} \\cdot {a} = {batch}"]
    if n % batch:
        lines.append(f"{n} = {n // batch} \\cdot {batch}+{n % batch}, so an epoch has {steps} steps.")
    else:
        lines.append(f"{n}/{batch} = {steps}")
    lines.append(f"{steps} \\cdot {e} = {steps * e}")
    program = f"answer = {e}*ceiling(Rational({n}, {b}*{g}*{a}))"
    shown_epochs = {"n": n, "b": b, "g": g, "a": a, "e": e}
    return posed(rng, "training/steps", STEPS, lines, steps * e, program, **shown_epochs)


def tokens_per_step(rng: random.Random) -> Problem:
    b, g, a = rng.randint(2, 32), rng.choice((2, 4, 8, 16)), rng.choice((2, 4, 8, 16))
    t = rng.choice((128, 256, 512, 1000, 1024, 2048, 4096))
    sequences = b * g * a
    lines = [f"{b} \\cdot {g} \\cdot {a} = {sequences}", f"{sequences} \\cdot {t} = {sequences * t}"]
    program = f"answer = {b}*{t}*{g}*{a}"
    return posed(rng, "training/tokens", TOKENS, lines, sequences * t, program, b=b, t=t, g=g, a=a)


FORMATS = {"float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}


def weight_memory(rng: random.Random) -> Problem:
    name, n = rng.choice(tuple(FORMATS)), rng.choice((rng.randint(10, 99) * 10, rng.randint(10, 140) * 100))
    size = FORMATS[name]
    millions = n * size
    answer = f"{millions // 1000}.{millions % 1000:03d}".rstrip("0").rstrip(".")
    lines = [
        f"{name} takes {size} byte{'s' if size > 1 else ''} a parameter.",
        f"{n} \\cdot {size} = {number(millions)} million bytes",
        f"{millions}/1000 = {answer}",
    ]
    program = f"answer = Rational({n}*10**6*{size}, 10**9)"
    return posed(rng, "memory/weights", MEMORY, lines, answer, program, n=n, t=name)


SEEN = (
    *(linear, perceptron, convolution, output_size, embedding, attention, swiglu, lora, lora_layers),
    *(training_operations, optimizer_steps, tokens_per_step, weight_memory),
)
