"""What is behind the page: the models, and how much may be asked of them."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tinyreason import answers, chatml
from tinyreason.chat import Speaker
from tinyreason.config import ConfigError
from tinyreason.models import as_trained

if TYPE_CHECKING:
    from gradio import Request


@dataclass
class Settings:
    """What is shown, and how much may be asked."""

    model: str = field(metadata={"help": "Hub id, local folder or run folder."})
    against: str | None = field(default=None, metadata={"help": "A second model, for a tab with both."})
    run: str | None = field(
        default=None, metadata={"help": "A run folder whose rollouts are shown; null: the model's, if any."}
    )
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})
    temperature: float = field(default=0.1, metadata={"help": "To begin with; 0 is greedy."})
    max_completion_length: int = field(default=1024, metadata={"help": "Most tokens a turn."})
    max_question_length: int = field(default=2000, metadata={"help": "Most letters a question."})
    questions_a_minute: int = field(default=20, metadata={"help": "From one address."})

    def __post_init__(self) -> None:
        for name in ("max_completion_length", "max_question_length", "questions_a_minute"):
            if vars(self)[name] < 1:
                raise ConfigError(f"{name}: {vars(self)[name]} is too few; give 1 or more")
        if self.temperature < 0:
            raise ConfigError(f"temperature: {self.temperature} is below 0, which is greedy already")


Said = tuple[str, str, str]  # a question, the completion, what the grader said of it
TURNS = 16  # of a conversation that a model is told again
CROWD = 3  # times as many questions from all together: behind a proxy an address can be made up


class Rate:
    """How many questions came from an address in the last minute."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.times: dict[str, deque[float]] = {}

    def admits(self, address: str, now: float) -> bool:
        """Whether one more may come at `now` (seconds), which then counts."""
        self.times = {name: times for name, times in self.times.items() if now - times[-1] < 60}
        times = self.times.setdefault(address, deque(maxlen=self.limit))
        if len(times) == self.limit and now - times[0] < 60:
            return False
        times.append(now)
        return True


@dataclass(frozen=True)
class Turn:
    """What a model has written of its turn so far."""

    reasoning: str
    answer: str
    text: str

    @property
    def whole(self) -> str:
        """As the grader reads it."""
        return chatml.assistant_turn(self.text)


class Desk:
    """Takes questions for the models, one at a time, within the limits."""

    def __init__(self, settings: Settings) -> None:
        """Loads the models."""
        self.settings = settings
        self.rate, self.all = Rate(settings.questions_a_minute), Rate(CROWD * settings.questions_a_minute)
        names = [settings.model, *([settings.against] if settings.against else [])]
        self.speakers = [Speaker(as_trained(name, settings.dtype)) for name in names]

    def turns(
        self, number: int, said: Sequence[Said], question: str, most: float, temperature: float
    ) -> Iterator[Turn]:
        """The turn of a model as it grows, after what was said. Whoever stops listening stops it."""
        speaker = self.speakers[number]
        conversation = speaker.conversation()
        for asked, completion, _ in said[-TURNS:]:
            conversation.add(asked, completion)
        most = min(int(most), self.settings.max_completion_length)
        ids, most = conversation.prompt(question, most)
        reply = speaker.reply(ids, most=most, temperature=temperature)
        try:
            for _ in reply:
                yield whole_turn(reply.text)
        finally:
            reply.stop()

    def refused(self, question: str, gold: str, request: "Request") -> str | None:
        """Why a question is not taken, None where it is."""
        longest = self.settings.max_question_length
        if not question.strip():
            return "There is no question."
        for name, text in (("question", question), ("right answer", gold)):
            if len(text) > longest:
                return f"The {name} has {len(text):,} letters, {longest:,} are allowed."
        now = time.monotonic()
        who = request.username or (request.client.host if request.client else "")
        if not (self.rate.admits(who, now) and self.all.admits("", now)):
            return f"More than {self.rate.limit} questions in a minute; wait a little."
        return None


def whole_turn(text: str) -> Turn:
    """What has been written, in its two parts as the grader divides it."""
    reasoning, answer = chatml.split_reasoning(chatml.assistant_turn(text))
    if reasoning is None:
        reasoning, answer = text, ""
    return Turn(reasoning.strip(), answer.strip(), text)


def verdict(turn: Turn, gold: str) -> str:
    """What the grader says of a finished turn, against a right answer where one is given."""
    found = answers.extract_answer(turn.whole)
    if not gold.strip():
        return f"Answer: {found}" if found is not None else "No answer that the grader reads."
    explained = answers.explain(turn.whole, gold)
    word = "✓ right" if explained.correct and explained.strict else "✗ wrong"
    return (
        f"{word}: answer {found if found is not None else 'none'}, right is {gold.strip()} ({explained.rule})"
    )
