"""What is checked before step 1, because a run that trains on nothing or pays for nothing looks healthy for
hours. A check that fails stops the run with a sentence that says what is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tinyreason import chatml

if TYPE_CHECKING:
    from trl import SFTTrainer

Reward = Callable[..., list[float]]


class CheckError(ValueError):
    """One sentence: which check failed, on which row, and what that would have done to the run."""


def check_supervised_tokens(
    trainer: "SFTTrainer",
    rows: Sequence[Mapping[str, str]],
    answer_format: chatml.AnswerFormat,
    *,
    count: int = 8,
) -> str:
    """Decodes what the first rows are trained on, as the collator batches it,
    and returns the first row's text.

    The supervised text must be the target, answer and end of turn included, and the question must not be in
    it. Rows that share a line of the batch, by packing or without padding, each stand between prompts.
    """
    count = min(count, len(trainer.train_dataset))
    labels = trainer.data_collator([trainer.train_dataset[index] for index in range(count)])["labels"]
    tokenizer = trainer.processing_class
    if trainer.args.packing or trainer.args.padding_free:
        decoded = [tokenizer.decode(span) for line in labels.tolist() for span in supervised_spans(line)]
        wanted = [chatml.render_target(row["reasoning"], row["answer"], answer_format) for row in rows]
        # as they come back: a tokenizer may compose characters
        targets = {tokenizer.decode(ids) for ids in tokenizer(wanted, add_special_tokens=False)["input_ids"]}
        for text in decoded or [""]:
            if text not in targets:
                raise CheckError(f"supervised tokens: {text[-200:]!r} is the target of no row")
        return decoded[0]
    decoded = [tokenizer.decode([token for token in line if token != -100]) for line in labels.tolist()]
    for number, (text, row) in enumerate(zip(decoded, rows, strict=False), start=1):
        fault = supervision_fault(text, row, answer_format)
        if fault:
            raise CheckError(
                f"supervised tokens of training row {number}: {fault}; they read {text[-200:]!r}"
            )
    return decoded[0]


def supervised_spans(labels: Sequence[int]) -> list[list[int]]:
    """The runs of tokens between those that are masked."""
    runs = groupby(labels, key=lambda token: token != -100)
    return [list(run) for supervised, run in runs if supervised]


def supervision_fault(text: str, row: Mapping[str, str], answer_format: chatml.AnswerFormat) -> str | None:
    """What is wrong with the supervised text of a row, None where it is right."""
    answer_line = chatml.ANSWER_LINES[answer_format].format(answer=row["answer"])
    if not text:
        return "none, every label is masked, so nothing would be learnt"
    if not text.endswith(chatml.END):
        return f"the end of turn {chatml.END} is missing, so the model would never stop"
    if row["question"].strip() in text:
        return "the question is among them, so the model would learn to ask"
    if not text.endswith(answer_line + chatml.END):
        return f"the answer {answer_line!r} is not at their end"
    return None


def check_rewards(
    reward: Reward, rows: Sequence[Mapping[str, str]], answer_format: chatml.AnswerFormat
) -> None:
    """The reward must pay 1 for every gold answer in the recipe's format, and 0 for the same turn gone wrong.

    Wrong are: another digit behind the answer, the answer inside a reasoning block that never closes, no
    answer.
    """
    golds = [row["answer"] for row in rows]
    right = [completion("", gold, answer_format) for gold in golds]
    expect(reward, right, golds, 1.0, "a gold answer in the recipe's format")
    expect(
        reward, [completion("", gold + "7", answer_format) for gold in golds], golds, 0.0, "a wrong answer"
    )
    unclosed = [text.replace(chatml.CLOSE, "\n") for text in right[:100]]
    expect(reward, unclosed, golds[:100], 0.0, "an answer in an unclosed reasoning block")
    expect(reward, ["..." + chatml.CLOSE] * len(golds[:100]), golds[:100], 0.0, "no answer")


def completion(reasoning: str, answer: str, answer_format: chatml.AnswerFormat) -> str:
    """What a model that answers so would have sampled; decoding leaves out the end-of-turn token."""
    return chatml.render_target(reasoning, answer, answer_format).removesuffix(chatml.END)


def expect(reward: Reward, completions: list[str], golds: list[str], wanted: float, case: str) -> None:
    """Raises CheckError with the first completion that earns something else than `wanted`."""
    paid: list[Any] = reward(completions=completions, answer=golds)
    for text, gold, value in zip(completions, golds, paid, strict=True):
        if value != wanted:
            raise CheckError(
                f"reward check: {case} earns {value} where it must earn {wanted}: "
                f"gold {gold!r}, completion {text!r}"
            )
