"""Evaluation: the same prompt and the same grader as training, on problems that were never trained on.

One JSONL row an item, one JSON summary that carries everything needed to judge it. Two models meet on the
same items only.
"""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from tinyreason import answers, chatml, statistics
from tinyreason.generation import Completion, generate, sampling
from tinyreason.hashing import text_hash
from tinyreason.run import environment, write_json

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

PROTOCOL = f"tinyreason-1, chatml {chatml.VERSION}"  # primed with <think>, answers.is_correct


def evaluate(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: Sequence[Mapping[str, str]],
    *,
    answer_format: chatml.AnswerFormat,
    examples: Mapping[str, Sequence[Mapping[str, str]]],
    k: int,
    temperature: float,
    max_new_tokens: int,
    batch_size: int,
    seed: int,
    description: str,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(summary, item rows) of `k` completions a problem; at temperature 0 and k 1 this is greedy pass@1.

    `examples` are worked problems that stand before those of a source, by its name.
    """
    from transformers import set_seed

    set_seed(seed)
    prompts = [
        chatml.render_prompt(row["question"], answer_format, examples.get(row["source"], ())) for row in rows
    ]
    config = sampling(tokenizer, max_new_tokens=max_new_tokens, temperature=temperature, samples=k)
    started = time.monotonic()
    completions = generate(model, tokenizer, prompts, config, batch_size=batch_size, description=description)
    items = [item(row, prompt, group) for row, prompt, group in zip(rows, prompts, completions, strict=True)]
    settings = {
        "protocol": PROTOCOL,
        "answer_format": answer_format,
        "shots": max(map(len, examples.values()), default=0),
        "k": k,
        "temperature": temperature,
        "max_new_tokens": max_new_tokens,
        "seed": seed,
    }
    return {
        **settings,
        **scores(items),
        **by_source(items),
        "seconds": round(time.monotonic() - started, 1),
        **environment(),
    }, items


def item(row: Mapping[str, str], prompt: str, group: Sequence[Completion]) -> dict[str, Any]:
    """One problem with its graded completions."""
    samples = [
        {
            "completion": completion.text,
            "answer": verdict.answer if verdict.strict else None,
            "correct": verdict.correct and verdict.strict,
            "flexible": verdict.correct,
            "rule": verdict.rule,
            "tokens": completion.tokens,
            "truncated": completion.truncated,
        }
        for completion in group
        for verdict in [answers.explain(chatml.assistant_turn(completion.text), row["answer"])]
    ]
    question = row["question"]
    return {
        "id": text_hash(question),
        "source": row["source"],
        "question": question,
        "gold": row["answer"],
        "prompt": prompt,
        "samples": samples,
    }


def scores(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of a result. `ci95` is Wilson's interval over problems,
    for pass@1 rounded to whole problems.
    """
    samples = [sample for entry in items for sample in entry["samples"]]
    k = len(items[0]["samples"])
    accuracy = _mean(sample["correct"] for sample in samples)
    passed = [statistics.pass_at_k(k, sum(s["correct"] for s in entry["samples"]), k) for entry in items]
    return {
        "n": len(items),
        "accuracy": accuracy,
        "ci95": list(statistics.wilson_interval(round(accuracy * len(items)), len(items))),
        "flexible_accuracy": _mean(sample["flexible"] for sample in samples),
        "pass_at_k": _mean(passed),
        "maj_at_k": _mean(majority_correct(entry) for entry in items),
        "truncated": _mean(sample["truncated"] for sample in samples),
        "no_answer": _mean(sample["answer"] is None for sample in samples),
        "no_verdict": _mean(sample["rule"] in answers.NO_VERDICT for sample in samples),
        "mean_tokens": _mean(sample["tokens"] for sample in samples),
    }


def by_source(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """{"by_source": the figures of each source}, {} where there is only one."""
    parts = parts_of(items)
    return {"by_source": {name: scores(part) for name, part in parts.items()}} if len(parts) > 1 else {}


def parts_of(items: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The items of each source, in their order."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for entry in items:
        parts.setdefault(entry["source"], []).append(entry)
    return parts


def majority_correct(entry: Mapping[str, Any]) -> bool:
    """Whether the most frequent answer of an item is right; with one sample, whether that one is."""
    found = [sample["answer"] for sample in entry["samples"]]
    winner = statistics.majority_vote(found, lambda one, other: answers.answers_match(gold=one, answer=other))
    return winner is not None and entry["samples"][found.index(winner)]["correct"]


def compare(items: Sequence[Mapping[str, Any]], against: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The paired test of two models on the same items: exact McNemar,
    and a bootstrap interval of the difference.

    An item is solved where its majority answer is right, which for one greedy completion is that completion.
    Of several sources each is compared too, under `by_source`.
    """
    if [entry["id"] for entry in items] != [entry["id"] for entry in against]:
        raise ValueError(
            "the two results are not on the same items; evaluate both with the same --dataset and --max_rows"
        )
    solved = [majority_correct(entry) for entry in items]
    solved_against = [majority_correct(entry) for entry in against]
    fixed = sum(now and not before for now, before in zip(solved, solved_against, strict=True))
    broken = sum(before and not now for now, before in zip(solved, solved_against, strict=True))
    parts, parts_against = parts_of(items), parts_of(against)
    return {
        "n": len(items),
        "accuracy": _mean(solved),
        "against_accuracy": _mean(solved_against),
        "difference": _mean(solved) - _mean(solved_against),
        "ci95": list(statistics.paired_bootstrap(solved_against, solved, rng=numpy.random.default_rng(0))),
        "fixed": fixed,
        "broken": broken,
        "p_value": statistics.mcnemar_exact(fixed, broken),
        "fixed_ids": [
            e["id"] for e, now, before in zip(items, solved, solved_against, strict=True) if now > before
        ],
        "broken_ids": [
            e["id"] for e, now, before in zip(items, solved, solved_against, strict=True) if now < before
        ],
        **(
            {"by_source": {name: compare(part, parts_against[name]) for name, part in parts.items()}}
            if len(parts) > 1
            else {}
        ),
    }


def write_result(
    folder: Path, name: str, summary: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> None:
    """`folder/name.jsonl`, the items, and then `folder/name.json`, whose presence says that all is there."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in items)
    (folder / f"{name}.jsonl").write_text("".join(lines))
    write_json(folder / f"{name}.json", summary)


def _mean(values) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)
