"""Intervals and tests for accuracies, with numpy and the standard library alone.

Counting problems, not sampling tricks: McNemar's p-value and every pass@k here is a ratio of exact integers,
so nothing overflows or cancels, whatever the number of items. Only the bootstrap and the randomisation test
are random, and their generator is an argument.
"""

from collections.abc import Callable, Iterable, Sequence
from math import comb, sqrt
from statistics import NormalDist

import numpy as np

SIGNIFICANT = 0.05  # below it a difference is called one; the intervals are of 95 % for the same reason


def verdict(difference: float, p_value: float, n: int) -> str:
    """What may be said of a difference: the words follow the test, never the other way round."""
    if p_value >= SIGNIFICANT:
        return f"no significant difference at n = {n}"
    return "improved" if difference > 0 else "worse"


def wilson_interval(successes: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a share, (low, high) within [0, 1]; it stays honest at 0 and at n successes.

    Without continuity correction. Wilson 1927, "Probable inference, the law of succession, and statistical
    inference"; Brown, Cai and DasGupta 2001, eq. 4.
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(
            f"wilson_interval: {successes} successes of {n}; needs 0 <= successes <= n and n >= 1"
        )
    z = _two_sided_quantile(confidence)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half_width = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # at the two ends the formula gives 0 and 1 exactly, the floating point gives 1e-17
    low = 0.0 if successes == 0 else centre - half_width
    high = 1.0 if successes == n else centre + half_width
    return low, high


def _two_sided_quantile(confidence: float) -> float:
    """1.96 for a confidence of 0.95."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: {confidence} is not between 0 and 1; 0.95 is usual")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def pass_at_k(n: int, correct: int, k: int) -> float:
    """The chance that k of n samples, drawn without replacement, hold a right one: 1 - C(n-c, k) / C(n, k).

    Unbiased for the pass rate of k fresh samples, which 1 - (1 - c/n)^k is not. Chen et al. 2021, "Evaluating
    large language models trained on code", eq. 1.
    """
    if not 0 <= correct <= n or not 1 <= k <= n:
        raise ValueError(
            f"pass_at_k: n={n}, correct={correct}, k={k}; needs 0 <= correct <= n and 1 <= k <= n"
        )
    return (comb(n, k) - comb(n - correct, k)) / comb(n, k)


def majority_vote(answers: Iterable[str | None], same: Callable[[str, str], bool]) -> str | None:
    """The answer given most often, as it was first written; None where nobody answered.

    `same(first, other)` says whether two answers mean the same and is asked against the first member of each
    cluster. None does not vote; of equally large clusters the first one seen wins. Wang et al. 2023, "Self-
    consistency".
    """
    clusters: list[tuple[str, int]] = []
    for answer in answers:
        if answer is None:
            continue
        for index, (first, votes) in enumerate(clusters):
            if same(first, answer):
                clusters[index] = (first, votes + 1)
                break
        else:
            clusters.append((answer, 1))
    # max keeps the earliest of equals
    return max(clusters, key=lambda cluster: cluster[1])[0] if clusters else None


def mcnemar_exact(fixed: int, broken: int) -> float:
    """Two-sided p-value that two models are equally good,
    from the items on which exactly one of them is right.

    Twice the binomial tail P(X <= min(fixed, broken)) at one half, at most 1; items on which both agree say
    nothing. Without any discordant item the p-value is 1. McNemar 1947; the exact form: Liddell 1983,
    "Simplified exact analysis of case-referent studies".
    """
    if fixed < 0 or broken < 0:
        raise ValueError(f"mcnemar_exact: fixed={fixed}, broken={broken}; both are counts, 0 or more")
    discordant = fixed + broken
    tail, ways = 0, 1  # ways is C(discordant, count), carried along: comb() anew in every round is quadratic
    for count in range(min(fixed, broken) + 1):
        tail += ways
        ways = ways * (discordant - count) // (count + 1)
    return min(1.0, 2 * tail / 2**discordant)


def paired_bootstrap(
    before: Sequence[float],
    after: Sequence[float],
    *,
    rng: np.random.Generator,
    samples: int = 10_000,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Percentile interval (low, high) of mean(after) - mean(before) over items resampled in pairs.

    `before[i]` and `after[i]` are the scores of one item: right or wrong, or a share of right samples. A
    resample matters only through how often each distinct difference occurs, so those counts are drawn at once
    from their multinomial: the same distribution as drawing items, in samples x 3 numbers instead of samples
    x n. Efron and Tibshirani 1993, chapter 13; Koehn 2004 for the pairing.
    """
    if len(before) != len(after) or len(before) == 0:
        raise ValueError(
            f"paired_bootstrap: {len(before)} items before, {len(after)} after; needs the same 1 or more"
        )
    differences = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    values, counts = np.unique(differences, return_counts=True)
    n = len(differences)
    means = rng.multinomial(n, counts / n, size=samples) @ values / n
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def randomization_test(
    before: Sequence[float], after: Sequence[float], *, rng: np.random.Generator, samples: int = 100_000
) -> float:
    """Two-sided p-value that the mean of after - before is 0 but for chance, items being paired.

    Under that hypothesis each item's difference had either sign: the p-value is the share of sign flips whose
    mean is as far from 0 as the one found, itself among them, so it is never below 1 / (samples + 1). Scores
    may be shares of several runs. A flip matters only through how often each size of difference is positive,
    a binomial number. Fisher 1935, "The design of experiments", section 21; Smucker, Allan and Carterette
    2007 for its use on paired evaluations.
    """
    if len(before) != len(after) or len(before) == 0:
        raise ValueError(
            f"randomization_test: {len(before)} items before, {len(after)} after; needs the same 1 or more"
        )
    differences = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    sizes, counts = np.unique(np.abs(differences).round(9), return_counts=True)
    sums = (2 * rng.binomial(counts, 0.5, size=(samples, len(counts))) - counts) @ sizes
    as_far = np.abs(sums) >= abs(differences.sum()) - 1e-6
    return (1 + int(as_far.sum())) / (1 + samples)


def t_interval(values: Sequence[float], *, confidence: float = 0.95) -> tuple[float, float]:
    """The interval (low, high) of a mean of few independent values, such as one for each seed: Student's t.

    Student 1908, "The probable error of a mean". Two values or more.
    """
    n = len(values)
    if n < 2:
        raise ValueError(f"t_interval: {n} values; an interval of their mean needs 2 or more")
    half_width = _t_quantile(confidence, n - 1) * np.std(values, ddof=1) / sqrt(n)
    return float(np.mean(values) - half_width), float(np.mean(values) + half_width)


def _t_quantile(confidence: float, freedom: int) -> float:
    """4.303 for a confidence of 0.95 and 2 degrees of freedom. With t = sqrt(f) tan(a) the chance to stay
    below t in either direction is the share of the integral of cos^(f-1) from 0 to a.
    """
    angles = np.linspace(0, np.pi / 2, 200_001)
    heights = np.cos(angles) ** (freedom - 1)
    below = np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])
    return float(sqrt(freedom) * np.tan(np.interp(confidence * below[-1], below, angles)))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of a family of tests, adjusted so that one error in all of them is as likely as in one.

    Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted
