"""Decides whether an answer is right: the only place that does."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tinyreason.answers import symbolic
from tinyreason.answers.comparison import Decision, NeedsAlgebraError, decide, refuse_symbols
from tinyreason.answers.extraction import LONGEST_ANSWER, WORD, Absent, Found, extract_answer, find_answer

# the rules of answers that were graded wrong because the grader could not tell
NO_VERDICT = ("computer algebra: timed out", "computer algebra: failed", "the grader failed")
MOST_WORDS = 50  # of a gold; what is longer is no answer that a model would repeat
SAME_TEXT = Decision(True, "same text")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """Why a turn is right or wrong.

    `answer` was read from `turn[start:end]` of `span`, where `notation` marks it; all three are None without
    an answer, and `rule` then says why there is none. `strict` is False for an answer that nothing marks: it
    counts in the flexible score alone.
    """

    correct: bool
    rule: str
    answer: str | None = None
    span: tuple[int, int] | None = None
    notation: str | None = None
    strict: bool = True
    milliseconds: float = 0.0


def is_correct(turn: str, gold: str, *, marked_only: bool = True) -> bool:
    """Whether the whole assistant turn, prefill included, ends in an answer that matches the gold.

    Strict by default: only a marked answer counts. `marked_only=False` also accepts the last choice letter,
    expression or number where nothing is marked: the flexible score of models that were never taught a
    format, never a reward. What is not text is never correct. Bounded as `answers_match`.
    """
    found, _ = _found(turn, marked_only)
    return isinstance(found, Found) and answers_match(gold=gold, answer=found.answer)


def answers_match(*, gold: str, answer: str) -> bool:
    """Whether a bare answer equals the gold: numbers exactly, everything else by structure and Math-Verify
    behind it. A gold may come marked: `\\boxed{7}`, `#### 7`.

    Not symmetric: a unit, a percent sign or a variable's name is ignored where the gold has none. An empty
    side matches nothing, nor does what is not text. Takes at most a second, after the first worker process
    for symbolic pairs has started; past that the verdict is False and counted in `grader_counts()`.
    """
    gold = read_gold(gold)
    if gold is None or not isinstance(answer, str):
        return False
    decision = _without_algebra(gold, answer)
    return symbolic.ask(gold, answer) == "equal" if decision is None else decision.equal


def grade(turns: Sequence[str], golds: Sequence[str], *, marked_only: bool = True) -> list[bool | None]:
    """`is_correct` for every turn with its gold, in order; None where the gold cannot be read.

    Symbolic pairs run on all worker processes at once, equal pairs once; the others never leave this process.
    """
    found = [_found(turn, marked_only)[0] for turn in turns]
    pairs = [
        (gold, answer.answer if isinstance(answer, Found) else None) if gold is not None else None
        for answer, gold in zip(found, map(read_gold, golds), strict=True)
    ]
    decisions = {pair: _without_algebra(*pair) for pair in pairs if pair is not None}
    verdicts = {pair: decision.equal for pair, decision in decisions.items() if decision is not None}
    symbolic_pairs = [pair for pair in decisions if pair not in verdicts]
    if symbolic_pairs:
        replies = symbolic.ask_all(symbolic_pairs)
        verdicts |= {pair: reply == "equal" for pair, reply in zip(symbolic_pairs, replies, strict=True)}
    return [None if pair is None else verdicts[pair] for pair in pairs]


def explain(turn: str, gold: str) -> Verdict:
    """The flexible verdict with its reasons; it is that of the strict score too where it says `strict`."""
    started = time.perf_counter()
    verdict = _verdict(turn, gold)
    return replace(verdict, milliseconds=1000 * (time.perf_counter() - started))


def read_gold(gold: str) -> str | None:
    """The bare gold answer: what the gold marks (`\\boxed{7}`, `#### 7`, a whole solution), or all of it.

    None where no answer could equal it: what is empty, broken LaTeX, an essay, or not text.
    """
    return _read_gold(gold) if isinstance(gold, str) else None


@lru_cache(maxsize=16_384)
def _read_gold(gold: str) -> str | None:
    bare = (extract_answer(gold) or gold).strip()
    boxed = extract_answer(f"\\boxed{{{bare}}}")
    return None if boxed != bare or len(WORD.findall(bare)) > MOST_WORDS else bare


def _verdict(turn: str, gold: str) -> Verdict:
    gold = read_gold(gold)
    if gold is None:
        return Verdict(False, "the gold cannot be read")
    found, offset = _found(turn, False)
    if not isinstance(found, Found):
        return Verdict(False, found.reason)
    decision = _without_algebra(gold, found.answer)
    if decision is None:
        reply = symbolic.ask(gold, found.answer)
        decision = Decision(reply == "equal", f"computer algebra: {reply}")
    place = (found.start + offset, found.end + offset)
    notation = found.notation.strip(" *:").lower()
    return Verdict(decision.equal, decision.rule, found.answer, place, notation, strict=found.marked)


def _found(turn: str, marked_only: bool) -> tuple[Found | Absent, int]:
    if not isinstance(turn, str):
        return Absent("the turn is not text"), 0
    try:
        return find_answer(turn, marked_only=marked_only)
    except Exception:
        return Absent(_failed(turn)), 0


def _without_algebra(gold: str, answer: str | None) -> Decision | None:
    """The decision where no computer algebra is needed for it; else None."""
    if answer is None:
        return Decision(False, "no answer")
    answer = answer.strip()
    if gold == answer:
        return SAME_TEXT
    if len(gold) > LONGEST_ANSWER or len(answer) > LONGEST_ANSWER:
        return Decision(False, "too long")
    try:
        return decide(gold, answer, refuse_symbols)
    except NeedsAlgebraError:
        return None
    except Exception:
        return Decision(False, _failed(f"{answer[:200]} for {gold[:200]}"))


def _failed(what: str) -> str:
    """Counts and logs an error of the grader itself: a run is not ended by it, and it is no silent zero."""
    symbolic.count(failed=1)
    logger.exception("the grader failed, graded wrong: %.400r", what)
    return "the grader failed"
