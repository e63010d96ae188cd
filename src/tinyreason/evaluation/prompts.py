"""The prompts of an evaluation: ours, or those of the model's own chat template."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from tinyreason import chatml
from tinyreason.evaluation.protocol import Protocol

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Row = Mapping[str, str]


def render(
    rows: Sequence[Row],
    protocol: Protocol,
    examples: Mapping[str, Sequence[Row]],
    tokenizer: "PreTrainedTokenizerBase",
) -> list[str]:
    """One prompt a row; the worked `examples` of its source are turns that came before."""
    if protocol.prompt == "tinyreason":
        answer_format = protocol.answer_format
        return [
            chatml.render_prompt(row["question"], answer_format, examples.get(row["source"], ()))
            for row in rows
        ]
    return [_native(row, protocol, examples.get(row["source"], ()), tokenizer) for row in rows]


def _native(
    row: Row, protocol: Protocol, examples: Sequence[Row], tokenizer: "PreTrainedTokenizerBase"
) -> str:
    """Our instruction as the system's, or before the first question where the template has no system."""
    instruction = chatml.SYSTEM_PROMPTS[protocol.answer_format]
    line = chatml.ANSWER_LINES[protocol.answer_format]
    turns = [
        turn
        for example in examples
        for turn in (
            {"role": "user", "content": example["question"]},
            {
                "role": "assistant",
                "content": f"{example['reasoning']}\n{line.format(answer=example['answer'])}",
            },
        )
    ]
    turns.append({"role": "user", "content": row["question"]})
    first, *others = turns
    asked = {**first, "content": f"{instruction}\n\n{first['content']}"}
    with contextlib.suppress(TemplateError):
        prompt = _applied(tokenizer, [{"role": "system", "content": instruction}, *turns])
        if instruction in prompt:  # some templates pass over a system turn
            return prompt
    return _applied(tokenizer, [asked, *others])


def _applied(tokenizer: "PreTrainedTokenizerBase", messages: list[dict[str, str]]) -> str:
    return tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
