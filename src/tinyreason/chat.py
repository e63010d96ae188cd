"""A conversation with a model: the prompt that fits into its context, and its turn while it is written."""

import time
from collections.abc import Iterable, Iterator
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from tinyreason import answers, chatml
from tinyreason.config import ConfigError, ModelArguments
from tinyreason.generation import streaming_config
from tinyreason.models import as_trained, context_length, load_model, load_tokenizer
from tinyreason.run import trained_answer_format

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

LOOKUP = "lookup"  # the draft that is taken from what the prompt and the turn say already
LOOKUP_TOKENS = 10  # that are guessed at once
MARK = chatml.CLOSE.strip()


class Conversation:
    """What has been said. `system` takes the place of the system prompt that the model was trained with."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", context: int | None) -> None:
        """`context` is how many positions the model has, None where nobody knows."""
        self.tokenizer, self.context = tokenizer, context
        self.system: str | None = None
        self.turns: list[dict[str, str]] = []

    def prompt(self, question: str, most: int) -> tuple[list[int], int]:
        """The tokens before the model's next turn, and how many that may have: `most`, or what is left.

        The oldest questions are left out, with what was answered to them, until half the context or `most` is
        free. Raises ConfigError where the question alone leaves nothing.
        """
        system = [] if self.system is None else [{"role": "system", "content": self.system}]
        asked = {"role": "user", "content": question}
        turns = list(self.turns)
        while True:
            ids = self.tokenizer.apply_chat_template(
                [*system, *turns, asked], add_generation_prompt=True, return_dict=False
            )
            free = most if self.context is None else self.context - len(ids)
            if self.context is None or free >= min(most, self.context // 2) or not turns:
                break
            del turns[:2]
        if free < 1:
            raise ConfigError(
                f"the question has {len(ids)} tokens, the model {self.context} positions; shorten it"
            )
        self.turns = turns
        return ids, min(most, free)

    def add(self, question: str, completion: str) -> None:
        """A question and what was answered to it."""
        self.turns.append({"role": "user", "content": question})
        self.turns.append({"role": "assistant", "content": chatml.assistant_turn(completion)})


class Speaker:
    """A model that writes turns. `draft` is a smaller model of the same tokenizer, or "lookup": it guesses
    tokens, and the model checks several at once (Leviathan et al. 2023, arXiv 2211.17192).
    """

    def __init__(self, model_args: ModelArguments, draft: str | None = None) -> None:
        """Raises ConfigError where the draft has another tokenizer."""
        name = model_args.model_name_or_path
        self.answer_format = trained_answer_format(name)
        self.tokenizer = load_tokenizer(model_args, self.answer_format)
        self.model = load_model(model_args, self.tokenizer, seed=0).eval()
        self.context = context_length(model_args)
        self.guessing: dict[str, Any] = {}
        self.lookup: int | None = None
        if draft == LOOKUP:
            self.lookup = LOOKUP_TOKENS
        elif draft is not None:
            self.guessing = {"assistant_model": self._draft(draft, model_args.dtype)}

    def _draft(self, name: str, dtype: str) -> "PreTrainedModel":
        model_args = as_trained(name, dtype)
        tokenizer = load_tokenizer(model_args, self.answer_format)
        if tokenizer.get_vocab() != self.tokenizer.get_vocab():
            raise ConfigError(f"draft: {name} has another tokenizer; take a smaller model of the same family")
        model = load_model(model_args, tokenizer, seed=0).eval()
        sizes = [each.config.get_text_config().vocab_size for each in (model, self.model)]
        if sizes[0] != sizes[1]:
            raise ConfigError(f"draft: {name} has {sizes[0]} logits, the model {sizes[1]}; take another")
        return model

    def conversation(self) -> Conversation:
        """One with nothing said yet."""
        return Conversation(self.tokenizer, self.context)

    def reply(self, ids: list[int], *, most: int, temperature: float) -> "Reply":
        """Begins the turn after a prompt."""
        return Reply(self, ids, most, temperature)


class Reply:
    """A turn that is being written. Iterated over it gives the text as it comes; `stop` ends it, after which
    `text`, `tokens`, `seconds` and `truncated` are those of what was written.
    """

    def __init__(self, speaker: Speaker, ids: list[int], most: int, temperature: float) -> None:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        self.speaker, self.ids, self.stopped = speaker, ids, Event()
        self.text, self.tokens, self.truncated = "", 0, False
        self.error: BaseException | None = None
        self.streamer = TextIteratorStreamer(speaker.tokenizer, skip_prompt=True, skip_special_tokens=True)
        self.settings = {
            "generation_config": streaming_config(
                speaker.tokenizer, max_new_tokens=most, temperature=temperature, lookup=speaker.lookup
            ),
            "streamer": self.streamer,
            "stopping_criteria": StoppingCriteriaList([lambda *_, **__: self.stopped.is_set()]),
            **speaker.guessing,
        }
        self.started = time.monotonic()
        self.thread = Thread(target=self._write, name="turn", daemon=True)
        self.thread.start()

    def __iter__(self) -> Iterator[str]:
        for piece in self.streamer:
            self.text += piece
            yield piece
        self._end()
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        """Ends the turn after the token that is being written."""
        self.stopped.set()
        self._end()
        waiting = self.streamer.text_queue
        while not waiting.empty():
            piece = waiting.get()
            self.text += piece if piece is not self.streamer.stop_signal else ""

    def _end(self) -> None:
        self.thread.join()
        self.seconds = time.monotonic() - self.started

    @property
    def answer(self) -> str | None:
        """The answer that the grader reads, None where there is none."""
        return answers.extract_answer(chatml.assistant_turn(self.text))

    @property
    def reasoning(self) -> str | None:
        """What stands before the end of the reasoning, None where that did not come."""
        return chatml.split_reasoning(chatml.assistant_turn(self.text))[0]

    def _write(self) -> None:
        import torch

        prompt = torch.tensor([self.ids], device=self.speaker.model.device)
        try:
            output = self.speaker.model.generate(
                input_ids=prompt, attention_mask=torch.ones_like(prompt), **self.settings
            )
            written = output[0, len(self.ids) :].tolist()
            self.tokens = len(written)
            self.truncated = self.speaker.tokenizer.eos_token_id not in written
        except BaseException as error:  # whoever waits for the text must hear of it
            self.error = error
            self.streamer.end()


def in_parts(pieces: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """The pieces of a turn that began inside the reasoning, each with whether it is reasoning still; the mark
    between them is left out, however it is cut.
    """
    inside, held = True, ""
    for piece in pieces:
        held += piece
        if not inside:
            parts, held = [(False, held)], ""
        elif MARK in held:
            before, _, after = held.partition(MARK)
            inside, parts, held = False, [(True, before), (False, after)], ""
        else:
            size = max(n for n in range(len(MARK)) if held.endswith(MARK[:n]))
            parts, held = [(True, held[: len(held) - size])], held[len(held) - size :]
        yield from ((reasoning, text) for reasoning, text in parts if text)
    if held:
        yield True, held
