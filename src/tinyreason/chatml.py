"""The prompt: the only place that knows how a conversation is rendered.

ChatML, with the reasoning between `<think>` and `</think>` and the answer behind it. A prompt ends in the
prefill `<think>\\n`, so what a model writes begins inside the reasoning and supervision begins at the same
token as sampling. `chat_template` says the same in Jinja, for the tokenizer that is saved with a model; a
test holds the two together byte for byte.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

AnswerFormat = Literal["boxed", "final_answer"]

VERSION = "1"  # of the bytes rendered here; results name it, because another prompt is another experiment
MARK = "tinyreason chatml"  # in the template of every tokenizer that was trained with it
PAD, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CONTROL = (PAD, START, END)
PREFILL = "<think>\n"
CLOSE = "\n</think>\n"
SYSTEM_PROMPTS: dict[AnswerFormat, str] = {
    "boxed": "Please reason step by step, and put your final answer within \\boxed{}.",
    "final_answer": "You are a helpful assistant that solves math problems step-by-step.",
}
ANSWER_LINES: dict[AnswerFormat, str] = {
    "boxed": "\\boxed{{{answer}}}",
    "final_answer": "**Final Answer:** {answer}",
}


def render_prompt(
    question: str, answer_format: AnswerFormat = "boxed", examples: Sequence[Mapping[str, str]] = ()
) -> str:
    """The text a model continues: system, user, and an assistant turn opened inside its reasoning. The rows
    {question, reasoning, answer} of `examples` are turns that came before.
    """
    turns = [
        _asked(row["question"]) + render_target(row["reasoning"], row["answer"], answer_format) + "\n"
        for row in examples
    ]
    return f"{START}system\n{SYSTEM_PROMPTS[answer_format]}{END}\n" + "".join(turns) + _asked(question)


def _asked(question: str) -> str:
    return f"{START}user\n{plain(question.strip())}{END}\n{START}assistant\n{PREFILL}"


def render_target(reasoning: str, answer: str, answer_format: AnswerFormat = "boxed") -> str:
    """What a model should write after `render_prompt`, end-of-turn token included."""
    line = ANSWER_LINES[answer_format].format(answer=plain(answer.strip()))
    return plain(reasoning.strip()) + CLOSE + line + END


def render_conversation(row: Mapping[str, str], answer_format: AnswerFormat = "boxed") -> str:
    """A row {question, reasoning, answer} as prompt and target in one."""
    target = render_target(row["reasoning"], row["answer"], answer_format)
    return render_prompt(row["question"], answer_format) + target


def plain(text: str) -> str:
    """The text with its control tokens taken apart, `<|im_end|>` as `<| im_end |>`: what somebody wrote never
    opens or ends a turn.
    """
    for token in CONTROL:
        text = text.replace(token, apart(token))
    return text


def apart(token: str) -> str:
    """The control token as its letters, which no tokenizer takes for one."""
    return f"<| {token[2:-2]} |>"


def assistant_turn(completion: str) -> str:
    """The whole turn of a completion that was sampled after `render_prompt`:
    the form in which answers are graded.
    """
    return PREFILL + completion


def opens_reasoning(prompt: str) -> bool:
    """Whether what comes after a prompt begins inside the reasoning, as after ours and some native ones."""
    return prompt.rstrip().endswith(PREFILL.rstrip())


def split_reasoning(turn: str) -> tuple[str | None, str]:
    """(reasoning, rest) of an assistant turn; the reasoning is None where none is closed,
    and then all is rest.
    """
    head, mark, rest = turn.rpartition("</think>")
    if not mark:
        return None, turn
    return head.removeprefix("<think>").strip(), rest.strip()


def chat_template(answer_format: AnswerFormat = "boxed") -> str:
    """The Jinja form of this module, saved with every tokenizer; `{% generation %}` marks the target."""
    system = SYSTEM_PROMPTS[answer_format].replace("\\", "\\\\")
    return (
        "{#- " + f"{MARK} {VERSION}" + " -#}"
        "{%- if messages[0].role != 'system' -%}"
        "{{- '" + START + "system\\n" + system + END + "\\n' -}}"
        "{%- endif -%}"
        "{%- for message in messages -%}"
        "{%- set content = message.content"
        + "".join(f".replace('{t}', '{apart(t)}')" for t in CONTROL)
        + " -%}"
        "{{- '" + START + "' + message.role + '\\n' -}}"
        "{%- if message.role == 'assistant' -%}"
        "{%- set prefill = '" + PREFILL.replace("\n", "\\n") + "' -%}"
        "{%- if content.startswith(prefill) -%}{{- prefill -}}{%- endif -%}"
        "{%- generation -%}"
        "{{- content.removeprefix(prefill) + '" + END + "' -}}"
        "{%- endgeneration -%}"
        "{{- '\\n' -}}"
        "{%- else -%}"
        "{{- content.strip() + '" + END + "\\n' -}}"
        "{%- endif -%}"
        "{%- endfor -%}"
        "{%- if add_generation_prompt -%}"
        "{{- '" + START + "assistant\\n" + PREFILL.replace("\n", "\\n") + "' -}}"
        "{%- endif -%}"
    )
