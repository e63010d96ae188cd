"""Completions to be read: which problems the page shows, and where in a completion its answer stands.

Problems are picked by a rule, not by a person: a page that shows only successes would be an advertisement.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from tinyreason import chatml
from tinyreason.report.results import Result

# what stands before an answer that is in no box
ANNOUNCED = re.compile(r"(?:####|answer(?: is)?:?\**|=)[\s$*:]*$", re.IGNORECASE)
# outcome of the first of two models beside the other, and of how many such problems are shown
QUOTAS = {"fixed": 5, "broken": 3, "both wrong": 2}
SHOWN = sum(QUOTAS.values())
RULE = (
    "Chosen by rule, in the order of the test file: the first five that {0} solves and {1} does not, the "
    "first three the other way round, the first two that neither solves. Where there are too few, the next "
    "problems not yet taken fill in."
)
OUTCOMES = {
    (True, False): "fixed", (False, True): "broken", (False, False): "both wrong", (True, True): "both right",
}  # fmt: skip


def chosen(result: Result, other: Result) -> list[tuple[int, str]]:
    """The numbers, counted from 1, and the outcomes of the problems that are shown, by RULE."""
    outcomes = [
        (number, OUTCOMES[one["correct"], two["correct"]])
        for number, (one, two) in enumerate(zip(result.items, other.items, strict=True), 1)
    ]
    found = [
        entry
        for outcome, quota in QUOTAS.items()
        for entry in [entry for entry in outcomes if entry[1] == outcome][:quota]
    ]
    found += [entry for entry in outcomes if entry not in found][: SHOWN - len(found)]
    order = [*QUOTAS, "both right"]
    return sorted(found, key=lambda entry: (order.index(entry[1]), entry[0]))


def solutions(result: Result, other: Result) -> str:
    """Ten problems as HTML, each with the completions of both models."""
    words = {"fixed": f"only {result.label} is right", "broken": f"only {other.label} is right"}
    cards = [
        _card(number, words.get(outcome, outcome), [(other, other.items), (result, result.items)])
        for number, outcome in chosen(result, other)
    ]
    rule = escape(RULE.format(result.label, other.label))
    return f"<p>{rule} The answer that was graded is <mark>marked</mark>.</p>{''.join(cards)}"


def _card(number: int, outcome: str, solved: Sequence[tuple[Result, list[dict[str, Any]]]]) -> str:
    problem = solved[0][1][number - 1]
    sections = "".join(_solution(result, items[number - 1]) for result, items in solved)
    return (
        f'<article class="problem"><header><h3>Problem {number}</h3><span>{escape(outcome)}</span></header>'
        f"<p>{escape(problem['question'])}</p><p>Gold answer: <b>{escape(problem['gold'])}</b></p>"
        f'<div class="answers">{sections}</div></article>'
    )


def _solution(result: Result, item: dict[str, Any]) -> str:
    style, verdict = ("right", "✓ right") if item["correct"] else ("wrong", "✗ wrong")
    answer = "no answer" if item["answer"] is None else f"answer {item['answer']}"
    cut = f", cut off at {item['tokens']} tokens" if item["truncated"] else ""
    inside = chatml.opens_reasoning(item["prompt"])
    text = "".join(
        f"<mark>{escape(words)}</mark>"
        if kind == "answer"
        else f'<span class="{kind}">{escape(words)}</span>'
        for kind, words in spans(item["completion"], item["answer"], inside=inside)
    )
    return (
        f'<section class="{result.style}"><h4>{escape(result.label)} <span class="{style}">{verdict}</span> '
        f'<span>{escape(answer + cut)}</span></h4><p class="completion">{text}</p></section>'
    )


def spans(completion: str, answer: str | None, *, inside: bool = True) -> list[tuple[str, str]]:
    """The completion in parts with their kinds: the reasoning, the answer that was graded, and the rest.
    `inside` says that it began within the reasoning, as after our prompt.
    """
    reasoning_end = completion.find("</think>")
    split = reasoning_end if reasoning_end >= 0 else len(completion) if inside else 0
    found = find_answer(completion, answer, split)
    ends = [split, *(found or ()), len(completion)]
    kinds = ["rest", "answer", "rest"] if found else ["rest"]
    parts = [("reasoning", completion[:split])]
    parts += [
        (kind, completion[start:end]) for kind, start, end in zip(kinds, ends[:-1], ends[1:], strict=True)
    ]
    return [(kind, words) for kind, words in parts if words]


def find_answer(completion: str, answer: str | None, start: int) -> tuple[int, int] | None:
    """Start and end of the extracted answer in the text from `start` on, None where it is not there to be
    seen: the last time that it fills a \\boxed{..}, else the first time behind a word that announces it, else
    the last time; never inside a longer number.
    """
    if not answer or start >= len(completion):
        return None
    places = [
        match.start()
        for match in re.finditer(rf"(?<![\w.]){re.escape(answer)}(?!\w|\.\d)", completion)
        if match.start() >= start
    ] or [match.start() for match in re.finditer(re.escape(answer), completion) if match.start() >= start]
    boxed = [place for place in places if re.search(r"\\boxed\{\s*$", completion[start:place])]
    announced = [place for place in places if ANNOUNCED.search(completion[start:place])]
    found = boxed[-1:] or announced[:1] or places[-1:]
    return (found[0], found[0] + len(answer)) if found else None
