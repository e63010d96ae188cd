"""Evaluation: the same prompt and the same grader as training, on problems that were never trained on."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from tinyreason.evaluation.prompts import Row, render
from tinyreason.evaluation.protocol import Protocol
from tinyreason.evaluation.results import Kept
from tinyreason.evaluation.scores import Item, breakdown, graded, item, sampled_scores, scores
from tinyreason.generation import Completion, Decoding
from tinyreason.run import code_commit

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# of some prompts, as `generation.generate` yields them: (index of a prompt, number of a sample, completion)
Complete = Callable[[Sequence[str], Decoding], Iterator[tuple[int, int, Completion]]]


def evaluate(
    rows: Sequence[Row],
    protocol: Protocol,
    *,
    tokenizer: "PreTrainedTokenizerBase",
    load: Callable[[], Complete],
    identity: str,
    folder: Path,
    name: str,
    facts: Mapping[str, Any],
    examples: Mapping[str, Sequence[Row]],
) -> tuple[dict[str, Any], list[Item]]:
    """Evaluates one model and writes `folder/name.json` and `.jsonl`; returns what is in them.

    `load` gives what completes prompts, and is called only where completions are missing: those of an earlier
    run of the model `identity`, interrupted or finished, are used again. `examples` are worked problems that
    stand before those of a source, by its name; `facts` come first in the summary.
    """
    prompts = render(rows, protocol, examples, tokenizer)
    keys = [
        [_key(identity, protocol, prompt, number) for number in range(1 + protocol.k)] for prompt in prompts
    ]
    kept = Kept(folder, name)
    progress = _Progress(rows, prompts, f"evaluate {facts['model']}", len(rows) * (1 + protocol.k))
    _complete(prompts, keys, protocol, load, kept, progress)
    items = [
        item(row, prompt, verdicts[0], [verdicts[1 + number] for number in range(protocol.k)])
        for row, prompt, verdicts in zip(rows, prompts, progress.verdicts, strict=True)
    ]
    made = [kept.made[key] for each in keys for key in each]
    summary = {
        **facts,
        **protocol.settings(),
        **scores(items),
        **sampled_scores(items),
        "seconds": round(sum(one.seconds for one in made), 1),
        **breakdown(items),
        **made[-1].environment,
        "graded_by": code_commit(),
    }
    kept.finish(summary, items)
    return json.loads(kept.summary.read_text()), items


def _key(identity: str, protocol: Protocol, prompt: str, number: int) -> str:
    """All that a completion depends on: the greedy one, number 0, not on how samples are drawn."""
    drawn = (protocol.temperature, protocol.seed) if number else ()
    told = repr((identity, protocol.max_new_tokens, protocol.dtype, drawn, number, prompt))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _complete(
    prompts: Sequence[str],
    keys: Sequence[Sequence[str]],
    protocol: Protocol,
    load: Callable[[], Complete],
    kept: Kept,
    progress: "_Progress",
) -> None:
    """Makes the completions that are missing, greedy ones first, keeps and grades each as it comes."""
    for index, each in enumerate(keys):
        for number, key in enumerate(each):
            if key in kept.made:
                progress.grade(index, number, kept.made[key].completion)
    decodings = {0: Decoding(protocol.max_new_tokens)}
    if protocol.k:
        decodings[1] = Decoding(protocol.max_new_tokens, protocol.temperature, protocol.k, protocol.seed)
    complete = None
    for first, decoding in decodings.items():
        numbers = range(first, first + decoding.samples)
        missing = [
            index
            for index, each in enumerate(keys)
            if any(each[number] not in kept.made for number in numbers)
        ]
        if missing and complete is None:
            complete = load()
            kept.begin()
        if missing:
            for place, number, completion in complete([prompts[index] for index in missing], decoding):
                index = missing[place]
                if keys[index][numbers[number]] not in kept.made:
                    kept.add(keys[index][numbers[number]], completion)
                progress.grade(index, numbers[number], completion)
    progress.close()


class _Progress:
    """The verdicts so far, number of the completion -> graded, for each row; and the bar that tells them."""

    def __init__(self, rows: Sequence[Row], prompts: Sequence[str], description: str, total: int) -> None:
        self.rows, self.prompts = rows, prompts
        self.verdicts: list[dict[int, dict[str, Any]]] = [{} for _ in rows]
        self.right = self.done = 0
        self.bar = tqdm(total=total, desc=description, unit="completion")

    def grade(self, index: int, number: int, completion: Completion) -> None:
        """Grades one more; the bar shows the accuracy of the greedy ones so far."""
        if number in self.verdicts[index]:  # of a row of which only some samples were there
            return
        self.bar.update()
        verdict = graded(completion, self.rows[index]["answer"], self.prompts[index])
        self.verdicts[index][number] = verdict
        if number == 0:
            self.done += 1
            self.right += verdict["correct"]
            self.bar.set_postfix_str(f"{self.right / self.done:.1%} right", refresh=False)

    def close(self) -> None:
        self.bar.close()
