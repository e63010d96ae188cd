"""How compactly tokenizers write mathematics: tokens a byte and a maths symbol, on the test texts of GSM8K
and MATH, which none of ours is trained on.

python benchmarks/tokenizer.py --tokenizers runs/mathlm-5m/tokenizer PATH/qwen2.5 --data_dir DIR

A maths symbol is a LaTeX command or a character of Unicode's mathematical kind. Writes
docs/results/tokenizer.json.
"""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinyreason.config import parse
from tinyreason.data import load_split
from tinyreason.run import environment, plain_errors, write_json

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

RESULTS = Path("docs/results/tokenizer.json")
COMMAND = re.compile(r"\\[A-Za-z]+")


@dataclass
class TokenizerBenchmark:
    """Which tokenizers, and where the texts are."""

    tokenizers: list[str] = field(metadata={"help": "Folders or Hub ids."})
    data_dir: str | None = field(default=None, metadata={"help": "Folder with gsm8k/ and math/."})
    output: str = field(default=str(RESULTS), metadata={"help": "The result file."})


def symbols_in(text: str) -> list[tuple[int, int]]:
    """Where maths symbols begin and end."""
    commands = [match.span() for match in COMMAND.finditer(text)]
    single = [
        (place, place + 1)
        for place, letter in enumerate(text)
        if ord(letter) > 127 and unicodedata.category(letter) == "Sm"
    ]
    return commands + single


def figures(tokenizer: "PreTrainedTokenizerBase", texts: list[str]) -> dict[str, Any]:
    """Of one tokenizer on some texts."""
    tokens = symbols = symbol_tokens = whole = 0
    for text in texts:
        spans = tokenizer(text, return_offsets_mapping=True, add_special_tokens=False)["offset_mapping"]
        tokens += len(spans)
        for begin, end in symbols_in(text):
            inside = sum(first < end and last > begin for first, last in spans)
            symbols += 1
            symbol_tokens += inside
            whole += inside == 1
    size = sum(len(text.encode()) for text in texts)
    found = {"tokens": tokens, "bytes": size, "tokens_per_byte": tokens / size, "symbols": symbols}
    if symbols:
        found |= {"tokens_per_symbol": symbol_tokens / symbols, "symbols_in_one_token": whole / symbols}
    return found


def main() -> None:
    from transformers import AutoTokenizer

    (args,) = parse([TokenizerBenchmark], description=__doc__)
    texts = {
        name: [
            f"{row['question']}\n{row['reasoning']}"
            for row in load_split(name, "test", data_dir=args.data_dir).rows
        ]
        for name in ("gsm8k", "math")
    }
    result = {}
    for name in args.tokenizers:
        tokenizer = AutoTokenizer.from_pretrained(name)
        result[Path(name).parent.name + "/" + Path(name).name] = {
            "vocabulary": len(tokenizer),
            **{dataset: figures(tokenizer, found) for dataset, found in texts.items()},
        }
    write_json(Path(args.output), {**environment(), "tokenizers": result})
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    with plain_errors():
        main()
