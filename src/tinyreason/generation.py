"""Batched generation for evaluation and chat.

Every sampling setting is given explicitly: `generate` fills what is left out from the checkpoint's
generation_config, and a published one may hold a repetition penalty that the rollouts never had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import GenerationConfig, PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True)
class Completion:
    """What a model wrote after a prompt. `tokens` counts the end token; `truncated` means that none came."""

    text: str
    tokens: int
    truncated: bool


def sampling(
    tokenizer: "PreTrainedTokenizerBase", *, max_new_tokens: int, temperature: float, samples: int = 1
) -> "GenerationConfig":
    """Greedy at temperature 0, else sampling from the whole distribution:
    the one that rollouts are drawn from.
    """
    from transformers import GenerationConfig

    heat = (
        {"do_sample": True, "temperature": temperature}
        if temperature
        else {"do_sample": False, "temperature": 1.0}
    )
    return GenerationConfig(
        max_new_tokens=max_new_tokens,
        num_return_sequences=samples,
        top_k=0,
        top_p=1.0,
        repetition_penalty=1.0,
        num_beams=1,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **heat,
    )


def generate(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: Sequence[str],
    config: "GenerationConfig",
    *,
    batch_size: int,
    description: str = "generate",
) -> list[list[Completion]]:
    """For each prompt its `config.num_return_sequences` completions; `batch_size` counts prompts.

    Prompts of like length share a batch, so that little is spent on padding; the order of the result is the
    caller's.
    """
    import torch
    from tqdm import tqdm

    ids = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    completions: dict[int, list[Completion]] = {}
    model.eval()
    with tqdm(total=len(ids), desc=description, unit="problem") as bar, torch.inference_mode():
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            batch = tokenizer.pad(
                {"input_ids": [ids[index] for index in chosen]}, padding_side="left", return_tensors="pt"
            ).to(model.device)
            output = model.generate(**batch, generation_config=config)[
                :, batch["input_ids"].shape[1] :
            ].tolist()
            for position, index in enumerate(chosen):
                rows = output[
                    position * config.num_return_sequences : (position + 1) * config.num_return_sequences
                ]
                completions[index] = [_completion(tokenizer, row) for row in rows]
            bar.update(len(chosen))
    return [completions[index] for index in range(len(ids))]


def _completion(tokenizer: "PreTrainedTokenizerBase", ids: list[int]) -> Completion:
    end = tokenizer.eos_token_id
    truncated = end not in ids
    kept = ids if truncated else ids[: ids.index(end) + 1]
    return Completion(tokenizer.decode(kept, skip_special_tokens=True), len(kept), truncated)
