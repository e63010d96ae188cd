"""Intervals, pass@k, votes and paired tests against values worked out by hand or by brute force."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from tinyreason.statistics import (
    holm,
    majority_vote,
    mcnemar_exact,
    paired_bootstrap,
    pass_at_k,
    randomization_test,
    t_interval,
    verdict,
    wilson_interval,
)


# 8 of 10 by hand, z = 1.959964, z² = 3.841459: centre (.8 + .192073) / 1.384146 = .716740,
# half width 1.959964 / 1.384146 x sqrt(.016 + .00960365) = .226578
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (8, 10, 0.490162, 0.943318),
        (50, 100, 0.403832, 0.596168),  # symmetric about one half
        (0, 10, 0.0, 0.277533),  # z² / (n + z²) = 3.841459 / 13.841459
        (10, 10, 0.722467, 1.0),
        (1, 1, 0.206549, 1.0),
    ],
)
def test_the_wilson_interval_has_the_values_worked_out_by_hand(successes, n, low, high):
    assert wilson_interval(successes, n) == pytest.approx((low, high), abs=1e-6)


def test_the_wilson_interval_widens_with_the_confidence():
    assert wilson_interval(50, 100, confidence=0.99) == pytest.approx((0.375280, 0.624720), abs=1e-6)


def test_the_wilson_interval_stays_within_zero_and_one_for_every_small_count():
    for n in range(1, 60):
        for successes in range(n + 1):
            low, high = wilson_interval(successes, n)
            assert 0.0 <= low <= successes / n <= high <= 1.0
    assert wilson_interval(0, 7)[0] == 0.0
    assert wilson_interval(7, 7)[1] == 1.0


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (3, 2), (-1, 5)])
def test_the_wilson_interval_refuses_counts_that_cannot_be(successes, n):
    with pytest.raises(ValueError, match=f"{successes} successes of {n}"):
        wilson_interval(successes, n)


def test_a_confidence_given_in_percent_is_refused():
    with pytest.raises(ValueError, match="95 is not between 0 and 1"):
        wilson_interval(5, 10, confidence=95)


def test_pass_at_k_is_the_share_of_all_subsets_that_hold_a_right_sample():
    for n, correct in product(range(1, 8), range(8)):
        if correct > n:
            continue
        for k in range(1, n + 1):
            subsets = list(combinations([1] * correct + [0] * (n - correct), k))
            assert pass_at_k(n, correct, k) == pytest.approx(sum(map(any, subsets)) / len(subsets))


def test_pass_at_one_is_the_share_of_right_samples_and_pass_at_n_asks_for_any():
    assert pass_at_k(10, 3, 1) == pytest.approx(0.3)
    assert pass_at_k(10, 1, 10) == 1.0
    assert pass_at_k(10, 0, 10) == 0.0
    assert pass_at_k(4, 2, 2) == pytest.approx(5 / 6)  # 1 - C(2,2) / C(4,2)


def test_pass_at_k_of_many_samples_keeps_its_small_differences():
    assert pass_at_k(100_000, 1, 1) == pytest.approx(1e-5, rel=1e-12)


@pytest.mark.parametrize(("n", "correct", "k"), [(4, 5, 1), (4, -1, 1), (4, 2, 5), (4, 2, 0)])
def test_pass_at_k_refuses_counts_that_cannot_be(n, correct, k):
    with pytest.raises(ValueError, match=f"n={n}, correct={correct}, k={k}"):
        pass_at_k(n, correct, k)


def same_number(first: str, other: str) -> bool:
    return float(first) == float(other)


@pytest.mark.parametrize(
    ("answers", "winner"),
    [
        (["3", "4", "4"], "4"),
        (["3", "4.0", "4"], "4.0"),  # 4.0 and 4 are one cluster, named as it was first written
        (["3", "4"], "3"),  # a tie goes to the first seen
        (["4", "3", "3.0", "4.0"], "4"),
        ([None, None, "7"], "7"),  # None is nobody's vote, however often
        ([None, None], None),
        ([], None),
    ],
)
def test_the_majority_is_counted_by_meaning(answers, winner):
    assert majority_vote(answers, same_number) == winner


@pytest.mark.parametrize(
    ("fixed", "broken", "p_value"),
    [
        (0, 0, 1.0),
        (5, 0, 2 / 32),
        (0, 5, 2 / 32),
        (8, 2, 2 * (1 + 10 + 45) / 1024),
        (3, 3, 1.0),  # twice the tail is 2 x 42/64, cut off at 1
    ],
)
def test_mcnemar_has_the_values_counted_by_hand(fixed, broken, p_value):
    assert mcnemar_exact(fixed, broken) == pytest.approx(p_value, rel=1e-14)


def test_mcnemar_is_symmetric_and_agrees_with_the_plain_sum():
    for fixed, broken in product(range(0, 40, 3), repeat=2):
        n = fixed + broken
        tail = sum(comb(n, count) for count in range(min(fixed, broken) + 1))
        assert mcnemar_exact(fixed, broken) == pytest.approx(min(1.0, 2 * tail / 2**n), rel=1e-14)
        assert mcnemar_exact(fixed, broken) == mcnemar_exact(broken, fixed)


def test_mcnemar_neither_overflows_nor_rounds_to_zero_for_thousands_of_items():
    # at one half the binomial is nearly normal: z = (250 - .5) / sqrt(1250) = 7.057, p = 2 (1 - Phi(z))
    assert mcnemar_exact(2750, 2250) == pytest.approx(1.70e-12, rel=0.05)
    assert mcnemar_exact(1000, 0) == 2.0**-999


def test_mcnemar_refuses_negative_counts():
    with pytest.raises(ValueError, match="fixed=-1, broken=3"):
        mcnemar_exact(-1, 3)


def test_the_bootstrap_interval_has_the_width_of_the_standard_error():
    before = [True] * 300 + [False] * 200
    after = [False] * 40 + [True] * 260 + [True] * 120 + [False] * 80  # 40 broken, 120 fixed of 500
    low, high = paired_bootstrap(before, after, rng=np.random.default_rng(1))
    difference = 80 / 500
    standard_error = ((160 / 500 - difference**2) / 500) ** 0.5  # .024265
    assert low == pytest.approx(difference - 1.96 * standard_error, abs=0.003)
    assert high == pytest.approx(difference + 1.96 * standard_error, abs=0.003)


def test_the_bootstrap_agrees_with_drawing_the_items_themselves():
    draw = np.random.default_rng(2)
    before, after = draw.integers(0, 5, 60) / 4, draw.integers(1, 6, 60) / 4  # shares of right samples
    items = draw.integers(0, 60, (10_000, 60))
    plain = np.quantile((after - before)[items].mean(axis=1), [0.05, 0.95])
    ours = paired_bootstrap(before, after, rng=np.random.default_rng(3), confidence=0.9)
    assert ours == pytest.approx(tuple(plain), abs=0.01)


def test_the_same_generator_gives_the_same_interval_and_no_difference_gives_none():
    before, after = [0, 1, 0, 1, 1, 0], [1, 1, 0, 0, 1, 1]
    first = paired_bootstrap(before, after, rng=np.random.default_rng(4))
    assert first == paired_bootstrap(before, after, rng=np.random.default_rng(4))
    assert first[0] < first[1]
    assert paired_bootstrap(before, before, rng=np.random.default_rng(4)) == (0.0, 0.0)


def test_the_bootstrap_refuses_lists_that_are_not_paired():
    with pytest.raises(ValueError, match="2 items before, 3 after"):
        paired_bootstrap([0, 1], [0, 1, 1], rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="0 items before"):
        paired_bootstrap([], [], rng=np.random.default_rng(0))


def test_the_randomization_test_agrees_with_all_sign_flips() -> None:
    before, after = [0, 1, 0, 1, 0, 0, 1, 0, 0, 1], [1, 1, 2 / 3, 1 / 3, 1, 0, 1, 2 / 3, 1 / 3, 1]
    differences = np.subtract(after, before)
    flips = [abs(np.dot(signs, differences)) for signs in product((-1, 1), repeat=10)]
    exact = np.mean([flip >= abs(differences.sum()) - 1e-9 for flip in flips])
    found = randomization_test(before, after, rng=np.random.default_rng(0))
    assert found == pytest.approx(exact, abs=0.005)


def test_the_randomization_test_of_right_and_wrong_is_mcnemars() -> None:
    before, after = [0] * 30 + [1] * 14, [1] * 30 + [0] * 14
    found = randomization_test(before, after, rng=np.random.default_rng(0))
    assert found == pytest.approx(mcnemar_exact(30, 14), rel=0.05)


def test_the_randomization_test_finds_nothing_in_equal_models_as_often_as_it_says() -> None:
    """One model against the mean of three that are as good: 5 % of the p-values are below 0.05, or fewer."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(600):
        chances = rng.beta(1, 1, size=200)
        one, three = rng.random(200) < chances, (rng.random((3, 200)) < chances).mean(axis=0)
        found.append(randomization_test(one, three, rng=rng, samples=999))
    for level in (0.05, 0.2, 0.5):
        share = np.mean(np.array(found) < level)
        assert 0.5 * level < share < level + 3 * (level * (1 - level) / 600) ** 0.5


def test_the_randomization_test_is_never_zero_and_without_difference_one() -> None:
    rng = np.random.default_rng(0)
    assert randomization_test([0] * 200, [1] * 200, rng=rng, samples=999) == 1 / 1000
    assert randomization_test([0.5] * 9, [0.5] * 9, rng=rng) == 1
    with pytest.raises(ValueError, match="2 items before, 1 after"):
        randomization_test([0, 1], [1], rng=rng)


def test_the_t_interval_of_few_values_is_wide() -> None:
    # quantiles of Student's t for 95 %: 12.706 with one degree of freedom, 4.303 with two, 2.262 with nine
    for values, quantile in (([0.0, 1.0], 12.706), ([0.0, 1.0, 2.0], 4.303), (list(range(10)), 2.262)):
        half = quantile * np.std(values, ddof=1) / len(values) ** 0.5
        low, high = t_interval(values)
        assert low == pytest.approx(np.mean(values) - half, rel=1e-3)
        assert high == pytest.approx(np.mean(values) + half, rel=1e-3)
    with pytest.raises(ValueError, match="2 or more"):
        t_interval([0.5])


def test_holm_multiplies_the_smallest_p_value_most_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


# Beside the libraries that are used elsewhere


@pytest.mark.parametrize(("successes", "n"), [(0, 50), (29, 1319), (659, 1319), (3, 3)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_the_wilson_interval_is_that_of_statsmodels(successes: int, n: int, confidence: float) -> None:
    expected = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    assert wilson_interval(successes, n, confidence=confidence) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("fixed", "broken"), [(30, 17), (9, 425), (5, 0), (0, 0), (100, 100)])
def test_mcnemar_is_that_of_statsmodels(fixed: int, broken: int) -> None:
    expected = mcnemar([[7, broken], [fixed, 11]], exact=True).pvalue if fixed + broken else 1.0
    assert mcnemar_exact(fixed, broken) == pytest.approx(expected, rel=1e-9)


def test_holm_is_that_of_statsmodels() -> None:
    p_values = [0.011, 0.4, 0.001, 0.03, 0.03, 0.9]
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_the_t_interval_is_that_of_scipy() -> None:
    values = [0.31, 0.35, 0.29, 0.36]
    expected = scipy.stats.t.interval(
        0.95, df=3, loc=np.mean(values), scale=np.std(values, ddof=1) / len(values) ** 0.5
    )
    assert t_interval(values) == pytest.approx(expected, abs=1e-5)


def test_the_paired_bootstrap_and_the_randomization_test_are_those_of_scipy() -> None:
    draw = np.random.default_rng(5)
    before = (draw.random(400) < 0.4).astype(float)
    after = np.where(draw.random(400) < 0.15, 1.0, before)

    def difference(one: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
        return other.mean(axis=axis) - one.mean(axis=axis)

    expected = scipy.stats.bootstrap(
        (before, after), difference, paired=True, method="percentile", n_resamples=10_000, rng=draw
    ).confidence_interval
    found = paired_bootstrap(before, after, rng=np.random.default_rng(0))
    assert found == pytest.approx((expected.low, expected.high), abs=0.004)
    other = np.where(draw.random(400) < 0.03, 1 - before, before)
    theirs = scipy.stats.permutation_test(
        (before, other), difference, permutation_type="samples", n_resamples=20_000, rng=draw
    )
    ours = randomization_test(before, other, rng=np.random.default_rng(0))
    assert ours == pytest.approx(theirs.pvalue, abs=0.02)


def test_the_word_follows_the_test() -> None:
    assert verdict(0.1, 0.049, 100) == "improved"
    assert verdict(-0.1, 0.049, 100) == "worse"
    assert verdict(0.1, 0.05, 1319) == "no significant difference at n = 1319"
