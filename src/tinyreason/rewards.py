"""Rewards for reinforcement learning. Correctness is answers.is_correct, the function evaluation uses, so the
two cannot drift.
"""

from tinyreason import answers, chatml


def correctness_reward(completions: list[str], answer: list[str], **_: object) -> list[float]:
    """1.0 for each completion whose marked answer equals its gold answer, else 0.0.

    A completion is what was sampled after the prefill; the prefill is put back first, so a reasoning block
    that was never closed is seen as one and earns nothing. The signature is TRL's: one list entry a
    completion, dataset columns by name.
    """
    turns = map(chatml.assistant_turn, completions)
    return [float(answers.is_correct(turn, gold)) for turn, gold in zip(turns, answer, strict=True)]
