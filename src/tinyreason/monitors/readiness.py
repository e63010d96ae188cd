"""Whether RL can learn from a model: groups whose completions are all right or all wrong teach nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
                f"easier problems, or raise num_generations (expected: {sizes})."
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
        larger={
            many: fmean(mixed_chance(count / size, many) for count in right) for many in LARGER if many > size
        },
    )


def mixed_chance(rate: float, size: int) -> float:
    """That a group of `size` completions, right at this rate, holds both kinds: 1 - p^G - (1 - p)^G."""
    return 1 - rate**size - (1 - rate) ** size
