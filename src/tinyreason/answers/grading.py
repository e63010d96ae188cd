"""Decides whether an answer is right: the only place that does."""

from tinyreason.answers.comparison import NeedsAlgebraError, equal, refuse_symbols
from tinyreason.answers.extraction import LONGEST_ANSWER, extract_answer, extract_flexible
from tinyreason.answers.symbolic import symbolically_equal


def is_correct(turn: str, gold: str, *, marked_only: bool = True) -> bool:
    """Whether the whole assistant turn, prefill included, ends in an answer that matches the gold.

    Strict by default: only a marked answer counts. `marked_only=False` also accepts the last choice letter,
    expression or number where nothing is marked: the flexible score of models that were never taught a
    format, never a reward.
    """
    _check_text("turn", turn)
    _check_text("gold", gold)
    answer = extract_answer(turn) if marked_only else extract_flexible(turn)
    return answer is not None and answers_match(gold=gold, answer=answer)


def answers_match(*, gold: str, answer: str) -> bool:
    """Whether a bare answer equals the gold: numbers exactly,
    everything else by structure and Math-Verify behind it.

    Not symmetric: a unit, a percent sign or a variable's name is ignored where the gold has none. An empty
    side matches nothing. Takes at most a second, after the symbolic worker has started; past that the verdict
    is False and counted in `symbolic_counts()`.
    """
    _check_text("gold", gold)
    _check_text("answer", answer)
    gold, answer = gold.strip(), answer.strip()
    if not gold:
        return False
    if gold == answer:
        return True
    if len(gold) > LONGEST_ANSWER or len(answer) > LONGEST_ANSWER:
        return False
    try:
        return equal(gold, answer, refuse_symbols)
    except NeedsAlgebraError:
        return symbolically_equal(gold, answer)


def is_readable_gold(gold: str) -> bool:
    """Whether a turn that boxes this gold would be graded correct; False for an empty or broken one."""
    _check_text("gold", gold)
    return is_correct(f"\\boxed{{{gold}}}", gold)


def _check_text(name: str, value: str) -> None:
    if not isinstance(value, str):
        raise TypeError(
            f"{name} must be a string, got {type(value).__name__} {value!r:.60}; drop or convert such rows"
        )
