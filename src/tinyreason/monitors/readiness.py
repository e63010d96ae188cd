"""Whether RL can learn from a model: groups whose completions are all right or all wrong teach nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma
from statistics import fmean
from typing import Any

MANY, FEW = 0.3, 0.1  # shares of groups with both right and wrong completions: enough to learn well, at all
CUT_OFF = 0.3  # share of completions that end at the limit
UNMARKED = 0.5  # share of completions without a marked answer
LARGER = (16, 32, 64)  # group sizes to think about


@dataclass(frozen=True)
class Readiness:
    """Shares in [0, 1] over `prompts` training prompts with `samples` completions each: of right completions,
    of prompts with a right one, of prompts with both right and wrong ones (`mixed`) or with right ones alone,
    of completions cut off and of those with a marked answer. `larger` is group size -> the mixed share to be
    expected of it.
    """

    prompts: int
    samples: int
    pass_at_1: float
    pass_at_g: float
    mixed: float
    all_right: float
    truncated: float
    marked: float
    larger: dict[int, float]

    @property
    def ready(self) -> bool:
        """Whether there is enough to learn from."""
        return self.mixed >= FEW

    def verdict(self) -> str:
        """One sentence."""
        signal = f"{self.mixed:.0%} of the groups of {self.samples} hold right and wrong answers"
        if self.mixed >= MANY:
            return f"RL can learn from this model: {signal}."
        if self.mixed >= FEW:
            return f"RL will learn slowly from this model: only {signal}."
        return f"RL cannot learn from this model: only {signal}, and the others teach nothing."

    def advice(self) -> list[str]:
        """What to change, the first things first; nothing where all is well."""
        found = []
        if self.truncated > CUT_OFF:
            found.append(
                f"{self.truncated:.0%} of the completions are cut off: raise max_completion_length, or train "
                "SFT until they end."
            )
        elif 1 - self.marked > UNMARKED:
            found.append(f"{1 - self.marked:.0%} of the completions mark no answer: train SFT on the format.")
        if self.mixed >= MANY:
            return found
        if self.all_right > 1 - self.pass_at_g:
            found.append(f"{self.all_right:.0%} of the prompts are always solved: take harder problems.")
        else:
            sizes = ", ".join(f"{share:.0%} at {size}" for size, share in self.larger.items())
            found.append(
                f"{1 - self.pass_at_g:.0%} of the prompts are never solved: train SFT first or on more, take "
                "easier problems, or raise num_generations"
                + (f" (mixed groups to be expected: {sizes})." if sizes else ".")
            )
        return found


def readiness(groups: Sequence[Sequence[Mapping[str, Any]]]) -> Readiness:
    """From graded completions {correct, answer, truncated}, as many for each prompt."""
    size = len(groups[0])
    right = [sum(sample["correct"] for sample in group) for group in groups]
    samples = [sample for group in groups for sample in group]
    return Readiness(
        prompts=len(groups),
        samples=size,
        pass_at_1=sum(right) / len(samples),
        pass_at_g=fmean(count > 0 for count in right),
        mixed=fmean(0 < count < size for count in right),
        all_right=fmean(count == size for count in right),
        truncated=fmean(sample["truncated"] for sample in samples),
        marked=fmean(sample["answer"] is not None for sample in samples),
        larger=expected_mixed(right, size),
    )


def expected_mixed(right: Sequence[int], size: int) -> dict[int, float]:
    """Group size -> the share of groups that hold both kinds, to be expected where of groups of `size` these
    numbers of completions were right. {} where none or all were: they say too little of other sizes.

    The rates of the prompts are taken to be Beta distributed around the mean (Skellam 1948, "A probability
    distribution derived from the binomial distribution"), as unequal as makes the numbers most likely. The
    rates that were seen in a few samples would say too little: 0 of 8 is not never.
    """
    mean = sum(right) / (size * len(right))
    if not 0 < mean < 1:
        return {}
    counts = Counter(right)

    def log_likelihood(total: float) -> float:
        a, b = mean * total, (1 - mean) * total
        return sum(
            groups * (log_beta(a + count, b + size - count) - log_beta(a, b))
            for count, groups in counts.items()
        )

    total = max((10 ** (power / 20) for power in range(-40, 81)), key=log_likelihood)
    a, b = mean * total, (1 - mean) * total
    return {
        many: 1 - exp(log_beta(a, b + many) - log_beta(a, b)) - exp(log_beta(a + many, b) - log_beta(a, b))
        for many in LARGER
        if many > size
    }


def log_beta(a: float, b: float) -> float:
    """The logarithm of the Beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)
