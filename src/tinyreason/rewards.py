"""Rewards for reinforcement learning, by the names that `reward_funcs:` uses in a recipe.

Correctness is `answers.grade`, the function that evaluation uses, so the two cannot drift. All have TRL's
signature: lists with one entry a completion, dataset columns by name; None where a completion cannot be
scored, which the trainer leaves out of the advantages. A completion is what was sampled after the prefill;
the prefill is put back first, so a reasoning block that was never closed is seen as one and earns nothing.
"""

import math
from collections.abc import Callable
from functools import lru_cache, partial

from tinyreason import answers, chatml
from tinyreason.arithmetic import equations
from tinyreason.config import ConfigError, RewardArguments

Scores = list[float | None]
Ids = list[list[int]]


class Reward:
    """A score under its recipe name; logs the share of completions that it could not score, and of those
    that were graded wrong because the grader ran out of time or failed.

    TRL logs the mean and the deviation as `rewards/<name>/mean` and `/std`.
    """

    def __init__(self, name: str, score: Callable[..., Scores]) -> None:
        self.__name__ = name
        self._score = score

    def __call__(
        self, *, log_metric: Callable[[str, float], None] | None = None, **columns: object
    ) -> Scores:
        before = answers.grader_counts()
        scores = self._score(**columns)
        after = answers.grader_counts()
        if log_metric is not None:
            no_verdict = after.timed_out - before.timed_out + after.failed - before.failed
            log_metric(f"rewards/{self.__name__}/unscorable", scores.count(None) / len(scores))
            log_metric(f"rewards/{self.__name__}/no_verdict", no_verdict / len(scores))
        return scores


def accuracy(completions: list[str], answer: list[str], **_: object) -> Scores:
    """1.0 for a marked answer that equals the gold answer, else 0.0; None where the gold cannot be read."""
    return [
        None if verdict is None else float(verdict) for verdict in graded(tuple(completions), tuple(answer))
    ]


def answer_format(
    completions: list[str],
    answer: list[str],
    *,
    line: chatml.AnswerFormat,
    requires_correct: bool,
    **_: object,
) -> Scores:
    """1.0 for reasoning, its end, and the answer line of the recipe with nothing beside it, else 0.0.

    With `requires_correct` a wrong answer earns nothing however it looks: paid for its form alone, a model
    learns the form.
    """
    verdicts = graded(tuple(completions), tuple(answer)) if requires_correct else [True] * len(completions)
    return [
        None if verdict is None else float(verdict and _is_formatted(completion, line))
        for completion, verdict in zip(completions, verdicts, strict=True)
    ]


def cosine_length(
    completions: list[str],
    answer: list[str],
    completion_ids: Ids,
    *,
    max_length: int,
    correct: list[float],
    wrong: list[float],
    **_: object,
) -> Scores:
    """Half a cosine over the length in tokens, from `correct[0]` for a right answer of no length to
    `correct[1]` for one of `max_length`, and the same with `wrong`. Yeo et al. 2025 (arXiv 2502.03373).
    """
    scores: Scores = []
    for verdict, ids in zip(graded(tuple(completions), tuple(answer)), completion_ids, strict=True):
        first, last = correct if verdict else wrong
        progress = min(1.0, len(ids) / max_length)
        score = last + 0.5 * (first - last) * (1 + math.cos(math.pi * progress))
        scores.append(None if verdict is None else score)
    return scores


def steps(completions: list[str], **_: object) -> Scores:
    """The share of the arithmetic equations in the reasoning that hold; 0.0 without any.

    Equal equations count once, so repeating a true one earns nothing.
    """
    verdicts = [equations(_reasoning(completion)).values() for completion in completions]
    return [sum(holds) / len(holds) if holds else 0.0 for holds in verdicts]


def build_rewards(
    recipe: RewardArguments,
    *,
    line: chatml.AnswerFormat,
    max_completion_length: int,
    weights: list[float] | None,
) -> list[Reward]:
    """The rewards that `reward_funcs` names; `weights` are only checked, TRL applies them.

    Raises ConfigError for another number of weights than of names.
    """
    from trl.rewards import get_repetition_penalty_reward, get_soft_overlong_punishment

    table = {
        "accuracy": accuracy,
        "format": partial(answer_format, line=line, requires_correct=recipe.format_requires_correct),
        "cosine_length": partial(
            cosine_length,
            max_length=max_completion_length,
            correct=recipe.cosine_correct,
            wrong=recipe.cosine_wrong,
        ),
        "steps": steps,
        # Yeo et al. 2025 (arXiv 2502.03373): minus the share of n-grams of token ids that were there before
        "repetition": get_repetition_penalty_reward(recipe.repetition_ngram_size),
        # DAPO, Yu et al. 2025 (arXiv 2503.14476), equation 13: down to -1 over the last tokens
        "soft_overlong": get_soft_overlong_punishment(
            max_completion_length, recipe.soft_punish_cache or max_completion_length // 5
        ),
    }
    names = recipe.reward_funcs
    fault = weights_fault(names, weights)
    if fault:
        raise ConfigError(f"reward_weights: {weights}: {fault}")
    return [Reward(name, table[name]) for name in names]


def weights_fault(names: list[str], weights: list[float] | None) -> str | None:
    """What is wrong with the weights of these rewards, None where nothing is."""
    if weights is None or len(weights) == len(names):
        return None
    return f"{len(weights)} weights for {len(names)} rewards; give one for each of {', '.join(names)}"


@lru_cache(maxsize=1)
def graded(completions: tuple[str, ...], golds: tuple[str, ...]) -> list[bool | None]:
    """The batch's verdicts, made once for all rewards of a step."""
    return answers.grade([chatml.assistant_turn(completion) for completion in completions], golds)


def _is_formatted(completion: str, line: chatml.AnswerFormat) -> bool:
    turn = chatml.assistant_turn(completion)
    reasoning, rest = chatml.split_reasoning(turn)
    answer = answers.extract_answer(turn)
    return bool(reasoning) and answer is not None and rest == chatml.ANSWER_LINES[line].format(answer=answer)


def _reasoning(completion: str) -> str:
    """What stands before the end of the reasoning; all of it where there is no end."""
    reasoning, rest = chatml.split_reasoning(chatml.assistant_turn(completion))
    return rest if reasoning is None else reasoning
