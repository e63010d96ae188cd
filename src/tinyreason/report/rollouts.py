"""Which problems the page shows, and where in a completion the extracted answer stands.

The ten are picked by a rule, not by a person: a page that shows only successes would be an advertisement.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from tinyreason.report.run_folder import Demo, is_right

SHOWN = 10
RULE = (
    "Chosen by rule, in the order of the test file: the first five that GRPO fixed, the first three it "
    "broke, the first two that both get wrong. "
    "Where a group has too few, the next problems not yet taken fill in."
)
OUTCOMES = {
    (False, True): "GRPO fixed it",
    (True, False): "GRPO broke it",
    (False, False): "both wrong",
    (True, True): "both right",
}
QUOTAS = {"GRPO fixed it": 5, "GRPO broke it": 3, "both wrong": 2}


@dataclass(frozen=True)
class Pair:
    """One problem as both models solved it; `number` counts from 1 in the test file."""

    number: int
    outcome: str
    sft: dict[str, Any]
    grpo: dict[str, Any]


def choose_rollouts(demo: Demo) -> list[Pair]:
    """Ten problems by RULE, fewer where the test set has fewer."""
    pairs = [
        Pair(number, OUTCOMES[is_right(before), is_right(after)], before, after)
        for number, (before, after) in enumerate(zip(demo.sft.test_rows, demo.grpo.test_rows, strict=True), 1)
    ]
    chosen = []
    for outcome, quota in QUOTAS.items():
        chosen += [pair for pair in pairs if pair.outcome == outcome][:quota]
    taken = {pair.number for pair in chosen}
    spare = [pair for pair in pairs if pair.number not in taken]
    chosen += spare[: SHOWN - len(chosen)]
    order = [*QUOTAS, "both right"]
    return sorted(chosen, key=lambda pair: (order.index(pair.outcome), pair.number))


def find_answer(completion: str, answer: str | None) -> tuple[int, int] | None:
    """Start and end of the extracted answer in the text, or None where it is not there to be seen.

    The last occurrence after </think>, one that fills a \\boxed{..} before any other. Completions start
    inside the reasoning, so a text without </think> is all reasoning and has no answer to mark.
    """
    reasoning_end = completion.find("</think>")
    if not answer or reasoning_end < 0:
        return None
    boxed = completion.rfind("\\boxed{" + answer + "}", reasoning_end)
    start = (
        boxed + len("\\boxed{") if boxed >= 0 else completion.rfind(answer, reasoning_end + len("</think>"))
    )
    return (start, start + len(answer)) if start >= 0 else None


def problem_card(pair: Pair) -> str:
    """One problem as HTML: question, gold, both completions side by side, each with its verdict in words."""
    solutions = _solution("sft", "SFT", pair.sft) + _solution("grpo", "GRPO", pair.grpo)
    return (
        f'<article class="problem"><header><h3>Problem {pair.number}</h3><span>{pair.outcome}</span></header>'
        f"<p>{escape(pair.grpo['question'])}</p><p>Gold answer: <b>{escape(pair.grpo['gold'])}</b></p>"
        f'<div class="answers">{solutions}</div></article>'
    )


def _solution(style: str, title: str, row: dict[str, Any]) -> str:
    style_of_verdict, verdict = ("right", "✓ right") if row["correct"] else ("wrong", "✗ wrong")
    answer = "no answer" if row["answer"] is None else f"answer {row['answer']}"
    cut = f", cut off at {row['tokens']} tokens" if row["truncated"] else ""
    return (
        f'<section class="{style}"><h4>{title} <span class="{style_of_verdict}">{verdict}</span> '
        f"<span>{escape(answer + cut)}</span></h4>"
        f'<p class="completion">{_marked(row["completion"], row["answer"])}</p></section>'
    )


def _marked(completion: str, answer: str | None) -> str:
    """The whole completion, escaped, reasoning dimmed, the answer in <mark>."""
    reasoning_end = completion.find("</think>")
    split = reasoning_end if reasoning_end >= 0 else len(completion)
    reasoning, rest = completion[:split], completion[split:]
    found = find_answer(completion, answer)
    if found:
        start, end = found[0] - split, found[1] - split
        marked = f"{escape(rest[:start])}<mark>{escape(rest[start:end])}</mark>{escape(rest[end:])}"
    else:
        marked = escape(rest)
    return f'<span class="reasoning">{escape(reasoning)}</span>{marked}'
