"""From completions to figures: items, each graded, and the scores of many of them."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from tinyreason import answers, chatml, statistics
from tinyreason.data import TRAITS
from tinyreason.generation import Completion
from tinyreason.hashing import text_hash

Item = dict[str, Any]


def item(
    row: Mapping[str, str], prompt: str, greedy: dict[str, Any], samples: Sequence[dict[str, Any]]
) -> Item:
    """One problem with its graded completions: the greedy one, and under `samples` those that were drawn."""
    question = row["question"]
    return {
        "id": text_hash(question),
        "source": row["source"],
        **{trait: row[trait] for trait in TRAITS if trait in row},
        "question": question,
        "gold": row["answer"],
        "prompt": prompt,
        **greedy,
        "samples": list(samples),
    }


def graded(completion: Completion, gold: str, prompt: str) -> dict[str, Any]:
    """A completion of a prompt and its verdict; `answer` is the one that is marked, None where none is."""
    inside = chatml.opens_reasoning(prompt)
    turn = chatml.assistant_turn(completion.text) if inside else completion.text
    verdict = answers.explain(turn, gold)
    return {
        "completion": completion.text,
        "answer": verdict.answer if verdict.strict else None,
        "correct": verdict.correct and verdict.strict,
        "flexible": verdict.correct,
        "rule": verdict.rule,
        "tokens": completion.tokens,
        "truncated": completion.truncated,
    }


def scores(items: Sequence[Item]) -> dict[str, Any]:
    """The figures of greedy decoding: shares in [0, 1], `ci95` Wilson's interval of `accuracy`, which is the
    strict score. `unparsed` is the share without a marked answer, `no_verdict` that of answers on which the
    grader gave up.
    """
    correct = sum(entry["correct"] for entry in items)
    tokens = sum(entry["tokens"] for entry in items)
    return {
        "n": len(items),
        "correct": correct,
        "accuracy": correct / len(items),
        "ci95": list(statistics.wilson_interval(correct, len(items))),
        "strict": correct / len(items),
        "flexible": fmean(entry["flexible"] for entry in items),
        "unparsed": fmean(entry["answer"] is None for entry in items),
        "no_verdict": fmean(entry["rule"] in answers.NO_VERDICT for entry in items),
        "truncated": fmean(entry["truncated"] for entry in items),
        "tokens": tokens,
        "mean_tokens": tokens / len(items),
    }


def sampled_scores(items: Sequence[Item]) -> dict[str, Any]:
    """The figures of the samples: the share of right ones, the unbiased pass@k of every power of two and of
    all, and how often the most frequent answer is right. {} where there are none.
    """
    k = len(items[0]["samples"])
    if k == 0:
        return {}
    right = [sum(sample["correct"] for sample in entry["samples"]) for entry in items]
    sizes = sorted({2**power for power in range(k.bit_length()) if 2**power <= k} | {k})
    return {
        "sampled": {
            "k": k,
            "accuracy": sum(right) / (k * len(items)),
            "pass_at_k": {
                str(size): fmean(statistics.pass_at_k(k, count, size) for count in right) for size in sizes
            },
            "maj_at_k": fmean(majority_correct(entry["samples"]) for entry in items),
            "truncated": fmean(sample["truncated"] for entry in items for sample in entry["samples"]),
            "tokens": sum(sample["tokens"] for entry in items for sample in entry["samples"]),
        }
    }


def majority_correct(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the most frequent answer of some samples is right."""
    found = [sample["answer"] for sample in samples]
    winner = statistics.majority_vote(found, lambda one, other: answers.answers_match(gold=one, answer=other))
    return winner is not None and samples[found.index(winner)]["correct"]


def breakdown(items: Sequence[Item]) -> dict[str, Any]:
    """{"breakdown": {trait: {value: its figures}}} of source, level, type and steps, of those that tell some
    items apart.
    """
    found = {}
    for trait in ("source", *TRAITS):
        parts = by_trait(items, trait)
        if len(parts) > 1:
            found[trait] = {value: scores(part) for value, part in parts.items()}
    return {"breakdown": found} if found else {}


def by_trait(items: Sequence[Item], trait: str) -> dict[str, list[Item]]:
    """The items of each value of a trait, by value, numbers by size; "none" are those without."""
    parts: dict[str, list[Item]] = {}
    for entry in items:
        parts.setdefault(entry.get(trait, "none"), []).append(entry)
    return dict(sorted(parts.items(), key=lambda part: part[0].zfill(9) if part[0].isdigit() else part[0]))
