"""How a model is evaluated: what the score means, under a name that changes when it does."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tinyreason import chatml
from tinyreason.data import DATASETS, parts_of

VERSION = 1  # of all protocols: of what follows, the grader and the prompt
STANDARD_TOKENS = {"math": 1024, "math500": 1024, "numinamath": 1024}  # most a completion; elsewhere 512
Prompt = Literal["tinyreason", "native"]


@dataclass(frozen=True)
class Protocol:
    """The settings of a result. `prompt` is ours, or the model's own chat template around our instruction;
    `rows` is how many, None for all. `k` samples a problem at `temperature` are drawn beside the
    greedy completion.
    """

    dataset: str
    split: str = "test"
    prompt: Prompt = "tinyreason"
    answer_format: chatml.AnswerFormat = "boxed"
    shots: int = 0
    rows: int | None = None
    max_new_tokens: int = 512
    k: int = 0
    temperature: float = 1.0
    seed: int = 0
    dataset_seed: int = 0
    dtype: str = "float32"

    @property
    def name(self) -> str:
        """Such as gsm8k-v1, greedy on the whole test split in float32; -bfloat16 or -native where that is so,
        and gsm8k-custom where a setting that changes the score is not the standard one, or the data are a
        file.
        """
        standard = Protocol(self.dataset, max_new_tokens=standard_tokens(self.dataset))
        free = ("prompt", "k", "temperature", "seed", "dtype")  # named, or of no effect on greedy decoding
        wanted, found = (
            {name: value for name, value in asdict(protocol).items() if name not in free}
            for protocol in (standard, self)
        )
        known = wanted == found and all(name in DATASETS for name in parts_of(self.dataset))
        suffixes = [
            f"v{VERSION}" if known else "custom",
            *([self.dtype] if self.dtype != "float32" else []),
            *(["native"] if self.prompt == "native" else []),
        ]
        return "-".join([Path(self.dataset).stem, *suffixes])

    def settings(self) -> dict[str, Any]:
        """Everything, with the version of the prompt."""
        return {"protocol": self.name, **asdict(self), "chatml": chatml.VERSION}


def standard_tokens(dataset: str) -> int:
    """The most tokens of a completion where the user names no number."""
    return STANDARD_TOKENS.get(dataset, 512)
