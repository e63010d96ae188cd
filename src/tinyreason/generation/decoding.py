"""Batched generation for evaluation and measuring: many completions are decoded together, and one that ends
leaves its place to the next.

A batch costs as much as its longest completion, so none stays in it that has ended. Every sampling setting is
given explicitly: a published checkpoint's generation_config may hold a repetition penalty that the rollouts
never had. A completion depends on its prompt, the seed and its number alone, not on those beside it, but for
the rounding of sums, which another batch size may order differently.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinyreason.generation.attention import sharing_keys
from tinyreason.generation.batch import Batch, Decoding

if TYPE_CHECKING:
    from transformers import GenerationConfig, PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True)
class Completion:
    """What a model wrote after a prompt. `tokens` counts the end token; `truncated` means that none came."""

    text: str
    tokens: int
    truncated: bool


def streaming_config(
    tokenizer: "PreTrainedTokenizerBase",
    *,
    max_new_tokens: int,
    temperature: float,
    lookup: int | None,
) -> "GenerationConfig":
    """The same decoding for `model.generate`, which can stream a single completion. `lookup` tokens at once
    are guessed from what was there before, None for none.
    """
    from transformers import GenerationConfig

    heat = (
        {"do_sample": True, "temperature": temperature}
        if temperature
        else {"do_sample": False, "temperature": 1.0}
    )
    return GenerationConfig(
        max_new_tokens=max_new_tokens,
        top_k=0,
        top_p=1.0,
        repetition_penalty=1.0,
        num_beams=1,
        prompt_lookup_num_tokens=lookup,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **heat,
    )


def generate(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: Sequence[str],
    decoding: Decoding,
    *,
    batch_size: int,
    ends: Sequence[int] = (),
) -> Iterator[tuple[int, int, Completion]]:
    """(index of its prompt, number of the sample, completion), in the order in which they end.

    `batch_size` completions are decoded together, those of the longest prompts first. `ends` are the tokens
    that end a turn, the tokenizer's own end where none is given. The model's last position ends a completion
    too.
    """
    ids = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    longest_first = sorted(range(len(ids)), key=lambda index: -len(ids[index]))
    waiting = [(index, number) for index in longest_first for number in range(decoding.samples)]
    ends = list(ends) or [tokenizer.eos_token_id]
    model.eval()
    with sharing_keys(model):
        batch = Batch(model, ids, decoding, ends)
        while waiting or batch.places:
            free = batch_size - len(batch.places)
            batch.move(waiting[:free])
            waiting = waiting[free:]
            for (index, number), tokens in batch.run():
                length = next((place + 1 for place, token in enumerate(tokens) if token in ends), None)
                text = tokenizer.decode(tokens[:length], skip_special_tokens=True)
                yield index, number, Completion(text, length or len(tokens), length is None)
