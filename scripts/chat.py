"""Talk to a model: the reasoning dimmed, as it is written, then the answer that the grader reads.

python scripts/chat.py --model runs/demo/grpo
python scripts/chat.py --model RUN --prompt "Ann has 26 pens. Ann buys 15 more. How many pens does Ann have?"
cat questions.txt | python scripts/chat.py --model runs/demo/grpo --json

Works with a model, an adapter or a run folder, quantised where it was trained so, on a card or a CPU.
Questions from a pipe, one a line, are answered each on its own. In the terminal the conversation goes on, its
oldest turns left out where the model's context ends. Ctrl-C interrupts an answer, Ctrl-D leaves.
"""

import json
import os
import re
import sys
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from tinyreason.chat import Conversation, Reply, Speaker, in_parts
from tinyreason.config import ConfigError, parse
from tinyreason.models import as_trained
from tinyreason.run import plain_errors, send_no_telemetry

HELP = """/think          shows or hides the reasoning
/reset          begins a new conversation
/system TEXT    another system prompt, without TEXT the one of training; begins a new conversation
/temperature X  0 is greedy
/help           this
Ctrl-C interrupts an answer, Ctrl-D leaves"""


@dataclass
class ChatArguments:
    """Which model, and how it decodes."""

    model: str = field(metadata={"help": "Hub id, local folder or run folder."})
    prompt: str | None = field(default=None, metadata={"help": "One question to answer, and no more."})
    json: bool = field(
        default=False, metadata={"help": "One JSON object a question, with reasoning and time."}
    )
    system: str | None = field(
        default=None, metadata={"help": "Another system prompt than that of training."}
    )
    temperature: float = field(default=0.1, metadata={"help": "0 is greedy."})
    max_completion_length: int = field(default=1024, metadata={"help": "Most tokens a turn."})
    draft: str | None = field(
        default=None,
        metadata={"help": "Speculative decoding: a smaller model of the same tokenizer, or lookup."},
    )
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})

    def __post_init__(self) -> None:
        if self.temperature < 0 or self.max_completion_length < 1:
            raise ConfigError("temperature is 0 or more, max_completion_length 1 or more")


class Chat:
    """The terminal's side of a conversation."""

    def __init__(self, args: ChatArguments) -> None:
        self.args = args
        self.speaker = Speaker(as_trained(args.model, args.dtype), args.draft)
        self.console = Console(highlight=False, soft_wrap=True, emoji=False)
        self.temperature, self.shows_reasoning = args.temperature, True
        self.conversation = self.begin(args.system)

    def begin(self, system: str | None) -> Conversation:
        """A new conversation."""
        found = self.speaker.conversation()
        found.system = system
        return found

    def answer(self, question: str) -> Reply:
        """Writes the model's turn; Ctrl-C ends it."""
        ids, most = self.conversation.prompt(question, self.args.max_completion_length)
        reply = self.speaker.reply(ids, most=most, temperature=self.temperature)
        try:
            for reasoning, text in in_parts(reply):
                if not self.args.json and (self.shows_reasoning or not reasoning):
                    style = "dim" if reasoning else "bold"
                    self.console.print(harmless(text), style=style, end="", markup=False)
        except KeyboardInterrupt:
            reply.stop()
            if not sys.stdin.isatty():
                raise
        self.conversation.add(question, reply.text)
        return reply

    def ask_once(self, question: str) -> None:
        """One question without what came before it."""
        self.conversation = self.begin(self.args.system)
        try:
            reply = self.answer(question)
        except ConfigError as error:  # of this question; the next one may be shorter
            found = json.dumps({"question": question, "error": str(error)}, ensure_ascii=False)
            print(found if self.args.json else f"error: {error}", flush=True)
            return
        if self.args.json:
            print(json.dumps(as_json(question, reply), ensure_ascii=False), flush=True)
        else:
            self.say_answer(reply)

    def say_answer(self, reply: Reply) -> None:
        """What the grader reads, and whether the turn had an end."""
        end = " (cut off)" if reply.truncated and not reply.stopped.is_set() else ""
        self.console.print()
        self.console.print(harmless(f"answer: {reply.answer}{end}"), style="bold", markup=False)

    def command(self, words: str) -> None:
        """One of HELP."""
        name, _, rest = words.partition(" ")
        if name == "/think":
            self.shows_reasoning = not self.shows_reasoning
            self.console.print(f"the reasoning is {'shown' if self.shows_reasoning else 'hidden'}")
        elif name == "/reset":
            self.conversation = self.begin(self.conversation.system)
            self.console.print("a new conversation")
        elif name == "/system":
            self.conversation = self.begin(rest.strip() or None)
            said = rest.strip() or "of training"
            self.console.print(f"a new conversation, with the system prompt {said}", markup=False)
        elif name == "/temperature":
            try:
                self.temperature = max(0.0, float(rest))
            except ValueError:
                self.console.print(f"{rest!r} is no number", markup=False)
            self.console.print(f"temperature {self.temperature:g}")
        else:
            self.console.print(HELP)

    def talk(self) -> None:
        """Question by question until Ctrl-D."""
        import readline  # noqa: F401  # gives input() a history

        self.console.print(f"{self.args.model}; /help for the commands", style="dim", markup=False)
        while True:
            try:
                words = input("question> ").strip()
            except EOFError:
                self.console.print()
                return
            except KeyboardInterrupt:
                self.console.print("\nCtrl-D leaves", style="dim")
                continue
            try:
                if words.startswith("/"):
                    self.command(words)
                elif words:
                    self.say_answer(self.answer(words))
            except ConfigError as error:
                self.console.print(str(error), markup=False)


def harmless(text: str) -> str:
    """Without control characters: a model may have learnt to steer a terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)


def as_json(question: str, reply: Reply) -> dict[str, Any]:
    """All that is known of a turn."""
    return {
        "question": question,
        "reasoning": reply.reasoning,
        "answer": reply.answer,
        "completion": reply.text,
        "tokens": reply.tokens,
        "truncated": reply.truncated,
        "seconds": round(reply.seconds, 3),
    }


def main() -> None:
    """One question, those of a pipe, or a conversation."""
    (args,) = parse([ChatArguments], description=__doc__)
    send_no_telemetry()
    chat = Chat(args)
    if args.prompt is not None:
        chat.ask_once(args.prompt)
    elif sys.stdin.isatty():
        chat.talk()
    else:
        sys.stdin.reconfigure(errors="replace")  # a line that is no UTF-8 must not end the others
        for line in sys.stdin:
            if line.strip():
                chat.ask_once(line.strip())


if __name__ == "__main__":
    with plain_errors():
        try:
            main()
        except BrokenPipeError:  # whoever read the answers has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
