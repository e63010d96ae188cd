"""Evaluation: the same prompt and the same grader as training, on problems that were never trained on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from tinyreason.evaluation.prompts import Row, render
from tinyreason.evaluation.protocol import Protocol
from tinyreason.evaluation.results import Kept
from tinyreason.evaluation.scores import Item, breakdown, graded, item, sampled_scores, scores
from tinyreason.generation import Completion, Decoding
from tinyreason.hashing import text_hash
from tinyreason.run import environment

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
    key = text_hash(f"{identity} {protocol.decoding_key}")
    kept = Kept(folder, name, key)
    hashes = [text_hash(prompt) for prompt in prompts]
    progress = _Progress(rows, hashes, protocol, kept, f"evaluate {facts['model']}")
    _complete(prompts, hashes, protocol, load, kept, progress)
    items = [
        item(row, prompt, verdicts[0], [verdicts[1 + number] for number in range(protocol.k)])
        for row, prompt, verdicts in zip(rows, prompts, progress.verdicts, strict=True)
    ]
    summary = {
        **facts,
        **protocol.settings(),
        **scores(items),
        **sampled_scores(items),
        "seconds": round(kept.seconds, 1),
        **breakdown(items),
        **environment(),
        "key": key,
    }
    kept.finish(summary, items)
    return summary, items


def _complete(
    prompts: Sequence[str],
    hashes: Sequence[str],
    protocol: Protocol,
    load: Callable[[], Complete],
    kept: Kept,
    progress: "_Progress",
) -> None:
    """Makes the completions that are missing, greedy ones first, keeps and grades each as it comes."""
    decodings = {0: Decoding(protocol.max_new_tokens)}
    if protocol.k:
        decodings[1] = Decoding(protocol.max_new_tokens, protocol.temperature, protocol.k, protocol.seed)
    complete = None
    for first, decoding in decodings.items():
        numbers = range(first, first + decoding.samples)
        missing = [
            index
            for index, prompt in enumerate(hashes)
            if any((prompt, number) not in kept.completions for number in numbers)
        ]
        if missing and complete is None:
            complete = load()
            kept.begin()
        if missing:
            for place, number, completion in complete([prompts[index] for index in missing], decoding):
                index = missing[place]
                kept.add((hashes[index], numbers[number]), completion)
                progress.grade(index, numbers[number], completion)
    progress.close()


class _Progress:
    """The verdicts so far, number of the completion -> graded, for each row; and the bar that tells them."""

    def __init__(
        self, rows: Sequence[Row], hashes: Sequence[str], protocol: Protocol, kept: Kept, description: str
    ) -> None:
        self.rows, self.kind = rows, protocol.prompt
        self.verdicts: list[dict[int, dict[str, Any]]] = [{} for _ in rows]
        self.right = self.done = 0
        self.bar = tqdm(total=len(rows) * (1 + protocol.k), desc=description, unit="completion")
        for index, prompt in enumerate(hashes):
            for number in range(1 + protocol.k):
                completion = kept.completions.get((prompt, number))
                if completion is not None:
                    self.grade(index, number, completion)

    def grade(self, index: int, number: int, completion: Completion) -> None:
        """Grades one more; the bar shows the accuracy of the greedy ones so far."""
        if number not in self.verdicts[index]:
            self.bar.update()
        verdict = graded(completion, self.rows[index]["answer"], self.kind)
        self.verdicts[index][number] = verdict
        if number == 0:
            self.done += 1
            self.right += verdict["correct"]
            self.bar.set_postfix_str(f"{self.right / self.done:.1%} right", refresh=False)

    def close(self) -> None:
        self.bar.close()
