"""How long the rows of the named datasets are: counted once, so that a recipe can be judged without them."""

from dataclasses import dataclass

PERCENTILES = (50, 90, 95, 99, 100)


@dataclass(frozen=True)
class Lengths:
    """Tokens of Qwen2.5's tokenizer at each of PERCENTILES, of training rows as `chatml` renders them: of the
    prompt, of the worked solution after it, and of both.
    """

    prompt: tuple[int, ...]
    target: tuple[int, ...]
    row: tuple[int, ...]


LENGTHS = {
    "gsm8k": Lengths((87, 120, 131, 159, 243), (87, 152, 178, 222, 347), (176, 263, 294, 351, 479)),
    "synthetic": Lengths((59, 68, 70, 73, 79), (27, 52, 59, 72, 81), (89, 118, 127, 142, 156)),
}
# training rows less the validation rows; of the two large ones before anything is dropped, as their cards say
ROWS = {"synthetic": 30_000, "gsm8k": 7_112, "mathinstruct": 248_937, "metamathqa": 375_250}
PROMPT_TOKENS = 256  # taken for every prompt; GSM8K and the synthetic problems have none so long


def rows_of(dataset: str) -> int:
    """Training rows, 0 where they are not known."""
    names = dataset.split("+")
    return sum(ROWS[name] for name in names) if all(name in ROWS for name in names) else 0


def share_beyond(percentiles: tuple[int, ...], limit: int) -> int:
    """At least so many percent are longer than `limit` tokens."""
    return max(
        (100 - p for p, tokens in zip(PERCENTILES, percentiles, strict=True) if tokens > limit), default=0
    )
