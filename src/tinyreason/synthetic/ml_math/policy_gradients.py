"""What GRPO, PPO and their kin compute for a token or for the completions of a group."""

import random
from fractions import Fraction
from math import gcd

from tinyreason.synthetic.ml_math.attention import centred_vector, normalization_code
from tinyreason.synthetic.ml_math.notation import decimal, posed
from tinyreason.synthetic.ml_math.optimizers import signed_decimal
from tinyreason.synthetic.notation import code, logarithm, number, reduced, signed, total, vector
from tinyreason.synthetic.problem import Problem

ADVANTAGES = (
    "The completions of a group have the rewards $<r>$. Give their GRPO advantages: reward minus "
    "mean, divided "
    "by the population standard deviation.",
    "GRPO normalizes the rewards $<r>$ of a group to mean 0 and population standard deviation 1. "
    "What are the "
    "advantages?",
    "What are the group-relative advantages $\\frac{r_i-\\mu}{\\sigma}$ for $r = <r>$, $\\sigma$ being the "
    "population standard deviation?",
)
ONE_ADVANTAGE = (
    "A group has <n> completions; the number of correct ones (reward 1) is <k>, the others have reward 0. "
    "What is the GRPO advantage of <which> completion, with the population standard deviation?",
    "Of <n> completions <k> received the reward 1, the rest 0. Rewards are normalized by mean and population "
    "standard deviation. What is the advantage of <which> completion?",
    "GRPO with <n> completions a prompt, <k> of them right (rewards 1 and 0), population standard deviation: "
    "which advantage does <which> completion have?",
)
CENTRED_ADVANTAGES = (
    "Dr. GRPO only subtracts the mean of the group. What are the advantages for the rewards $<r>$?",
    "The rewards of a group are $<r>$. Give the advantages $r_i - \\mu$ of Dr. GRPO.",
    "Without division by the standard deviation, what are the group advantages for the rewards $<r>$?",
)
LEAVE_ONE_OUT = (
    "RLOO: the baseline of a completion is the mean reward of the others. The rewards are $<r>$. "
    "What are the "
    "advantages?",
    "The rewards of a group are $<r>$. Subtract from each the mean of all the others.",
    "Compute the leave-one-out advantages $r_i - \\frac{1}{n-1}\\sum_{j \\ne i} r_j$ for $r = <r>$.",
)
CLIP = (
    "PPO: the probability ratio is $<r>$, the advantage $<a>$ and $\\epsilon = <e>$. What is "
    "$\\min(rA, \\mathrm{clip}(r, 1-\\epsilon, 1+\\epsilon)A)$?",
    "A token has the ratio $r = <r>$ and the advantage $A = <a>$. What is PPO's clipped objective "
    "for it with "
    "$\\epsilon = <e>$?",
    "Compute the clipped surrogate $\\min(rA, \\mathrm{clip}(r, 1-\\epsilon, 1+\\epsilon)A)$ for "
    "$r = <r>$, "
    "$A = <a>$, $\\epsilon = <e>$.",
)
KL_ESTIMATE = (
    "A token has the probability $<p>$ under the policy and $<q>$ under the reference. What is the "
    "k3 estimate "
    "of the KL divergence, $r - 1 - \\ln(r)$ with $r = \\pi_{ref}/\\pi$?",
    "GRPO penalizes $\\frac{\\pi_{ref}}{\\pi} - \\ln\\frac{\\pi_{ref}}{\\pi} - 1$. What is that for "
    "$\\pi = <p>$ and $\\pi_{ref} = <q>$?",
    "Find the k3 KL estimate $r - 1 - \\ln(r)$, $r = \\pi_{ref}/\\pi$, at $\\pi = <p>$, $\\pi_{ref} = <q>$.",
)
RETURN = (
    "The rewards of an episode are $<r>$ and $\\gamma = <g>$. What is the discounted return from "
    "the first step?",
    "Compute $\\sum_t \\gamma^t r_t$ for $r = <r>$, $t$ from 0, and $\\gamma = <g>$.",
    "An agent receives $<r>$ in this order. What is its return with discount factor <g>?",
)
PENALIZED = (
    "A completion has the score <s> and the log-probabilities $\\ln(\\pi) = <p>$ and "
    "$\\ln(\\pi_{ref}) = <q>$. "
    "What is its reward $s - \\beta(\\ln(\\pi)-\\ln(\\pi_{ref}))$ with $\\beta = <b>$?",
    "RLHF reward: score <s> minus $\\beta = <b>$ times the log ratio. Policy log-probability <p>, "
    "reference "
    "log-probability <q>. What is it?",
    "With $\\beta = <b>$, subtract the KL penalty $\\beta(\\ln(\\pi)-\\ln(\\pi_{ref}))$ from the "
    "score <s>, where "
    "$\\ln(\\pi) = <p>$ and $\\ln(\\pi_{ref}) = <q>$.",
)


def advantages(rng: random.Random) -> Problem:
    rewards, mean, deviation = centred_vector(rng)
    gaps = [reward - mean for reward in rewards]
    answer = vector([Fraction(gap, deviation) for gap in gaps])
    squares = [gap * gap for gap in gaps]
    lines = [
        f"Mean: {mean}, differences: {vector(gaps)}",
        f"Variance: ({'+'.join(map(str, squares))})/{len(gaps)} = {deviation**2}",
        f"Standard deviation: {deviation}, advantages: {answer}",
    ]
    program = normalization_code(rewards) + "answer = tuple((v - m) / s for v in x)"
    return posed(rng, "advantage/group", ADVANTAGES, lines, answer, program, r=vector(rewards))


def advantage_of_one(rng: random.Random) -> Problem:
    """a^2 of a^2 + b^2 completions are right, or a multiple of both: their standard deviation is rational."""
    a, b = rng.choice([(a, b) for a in range(1, 6) for b in range(1, 6) if gcd(a, b) == 1])
    factor = rng.randint(1, max(1, 60 // (a * a + b * b)))
    k, n = a * a * factor, (a * a + b * b) * factor
    mean, deviation = Fraction(k, n), Fraction(a * b, a * a + b * b)
    correct = rng.random() < 0.5
    gap = int(correct) - mean
    answer = number(gap / deviation)
    lines = [
        f"Mean: {reduced(k, n)}",
        f"Variance: {number(mean)} \\cdot {number(1 - mean)} = {number(deviation**2)}, "
        f"standard deviation {number(deviation)}",
        f"{int(correct)}-{number(mean)} = {number(gap)}",
        f"Divided by {number(deviation)}: {answer}",
    ]
    program = (
        f"x = [Integer(1)]*{k} + [Integer(0)]*{n - k}\nm = sum(x) / {n}\n"
        f"s = sqrt(sum((v - m)**2 for v in x) / {n})\nanswer = ({int(correct)} - m) / s"
    )
    values = {"n": n, "k": k, "which": "a correct" if correct else "a wrong"}
    return posed(rng, "advantage/one", ONE_ADVANTAGE, lines, answer, program, **values)


def _rewards(rng: random.Random) -> list[int]:
    while len(set(rewards := [rng.randint(-2, 8) for _ in range(rng.randint(3, 5))])) == 1:
        pass
    return rewards


def _sum_line(values: list[int]) -> str:
    return f"{values[0]}{''.join(f'+{signed(value)}' for value in values[1:])} = {sum(values)}"


def centred_advantages(rng: random.Random) -> Problem:
    rewards = _rewards(rng)
    mean = Fraction(sum(rewards), len(rewards))
    answer = vector([reward - mean for reward in rewards])
    lines = [
        _sum_line(rewards),
        f"Mean: {reduced(sum(rewards), len(rewards))}",
        f"Subtract it: {answer}",
    ]
    program = f"x = [Integer(v) for v in {rewards}]\nm = sum(x) / len(x)\nanswer = tuple(v - m for v in x)"
    return posed(rng, "advantage/centred", CENTRED_ADVANTAGES, lines, answer, program, r=vector(rewards))


def leave_one_out(rng: random.Random) -> Problem:
    rewards = _rewards(rng)
    whole, others = sum(rewards), len(rewards) - 1
    advantages_ = [reward - Fraction(whole - reward, others) for reward in rewards]
    lines = [f"The sum: {_sum_line(rewards)}"]
    lines += [
        f"{reward}-({whole}-{signed(reward)})/{others} = {number(advantage)}"
        for reward, advantage in zip(rewards, advantages_, strict=True)
    ]
    program = (
        f"x = [Integer(v) for v in {rewards}]\n"
        "answer = tuple(v - sum(x[:i] + x[i + 1:]) / (len(x) - 1) for i, v in enumerate(x))"
    )
    return posed(
        rng, "advantage/leave_one_out", LEAVE_ONE_OUT, lines, vector(advantages_), program, r=vector(rewards)
    )


def clipped_objective(rng: random.Random) -> Problem:
    ratio = Fraction(rng.randint(30, 200), 100)
    advantage, epsilon = (
        Fraction(rng.choice((-1, 1)) * rng.randint(1, 30), 10),
        Fraction(rng.choice((10, 20, 30)), 100),
    )
    low, high = 1 - epsilon, 1 + epsilon
    clipped = min(max(ratio, low), high)
    answer = decimal(min(ratio * advantage, clipped * advantage))
    factor = signed_decimal(advantage)
    lines = [
        f"The ratio is clipped to [{decimal(low)}, {decimal(high)}]: {decimal(clipped)}",
        f"{decimal(ratio)} \\cdot {factor} = {decimal(ratio * advantage)}",
        f"{decimal(clipped)} \\cdot {factor} = {decimal(clipped * advantage)}",
        f"The smaller one is {answer}.",
    ]
    program = (
        f"r, a, e = {code(ratio)}, {code(advantage)}, {code(epsilon)}\n"
        "answer = Min(r*a, Min(Max(r, 1 - e), 1 + e)*a)"
    )
    values = {"r": decimal(ratio), "a": decimal(advantage), "e": decimal(epsilon)}
    return posed(rng, "policy/clip", CLIP, lines, answer, program, **values)


def divergence_estimate(rng: random.Random) -> Problem:
    while True:
        p, q = (Fraction(rng.randint(1, n - 1), n) for n in (rng.randint(2, 10), rng.randint(2, 10)))
        if p != q:
            break
    ratio = q / p
    log = logarithm(ratio) if ratio > 1 else logarithm(1 / ratio)
    answer = total(*((number(ratio - 1), f"-{log}") if ratio > 1 else (log, number(ratio - 1))))
    lines = [
        f"r: ({number(q)})/({number(p)}) = {number(ratio)}",
        f"{number(ratio)}-1 = {number(ratio - 1)}",
        answer,
    ]
    program = f"p, q = {code(p)}, {code(q)}\nanswer = q/p - 1 - log(q/p)"
    return posed(rng, "policy/k3", KL_ESTIMATE, lines, answer, program, p=number(p), q=number(q))


def discounted_return(rng: random.Random) -> Problem:
    rewards = [rng.randint(-3, 9) for _ in range(rng.randint(2, 4))]
    rewards[-1] = rewards[-1] or 1
    discount = rng.choice((Fraction(9, 10), Fraction(1, 2), Fraction(4, 5)))
    lines, value = ["Work backwards: G = r+\\gamma G', from the last reward."], Fraction(rewards[-1])
    for reward in reversed(rewards[:-1]):
        following = reward + discount * value
        lines.append(f"{reward}+{decimal(discount)} \\cdot {signed_decimal(value)} = {decimal(following)}")
        value = following
    program = f"g = {code(discount)}\nanswer = sum(r*g**t for t, r in enumerate({rewards}))"
    values = {"r": vector(rewards), "g": decimal(discount)}
    return posed(rng, "policy/return", RETURN, lines, decimal(value), program, **values)


def penalized_reward(rng: random.Random) -> Problem:
    score, beta = rng.randint(-3, 9), Fraction(rng.choice((1, 2, 4, 5, 10, 20)), 100)
    p = Fraction(-rng.randint(10, 99), 10)
    q = p - Fraction(rng.choice((-1, 1)) * rng.randint(1, 60), 10)
    q = q if q < 0 else Fraction(-1, 10)
    gap = p - q
    answer = decimal(score - beta * gap)
    lines = [
        f"{decimal(p)}-({decimal(q)}) = {decimal(gap)}",
        f"{score}-{decimal(beta)} \\cdot {signed_decimal(gap)} = {answer}",
    ]
    program = f"answer = {score} - {code(beta)}*({code(p)} - {code(q)})"
    values = {"s": score, "p": decimal(p), "q": decimal(q), "b": decimal(beta)}
    return posed(rng, "policy/penalty", PENALIZED, lines, answer, program, **values)


SEEN = (
    *(advantages, advantage_of_one, centred_advantages, leave_one_out),
    *(clipped_objective, divergence_estimate, discounted_return, penalized_reward),
)
