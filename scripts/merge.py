"""Merges a LoRA or QLoRA adapter into the base that it was trained on: one model that needs no PEFT.

python scripts/merge.py runs/qwen2.5-1.5b-instruct/sft --out runs/merged

The base is the one that the adapter names, by its recorded commit, dequantised where training had it in four
bits. The logits are compared with those of base and adapter, and the saved model, loaded as anybody would
load it, must end its turns on eight problems. Only safetensors are written.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from tinyreason.config import ConfigError, parse, positional
from tinyreason.merging import PROBLEMS, Onto, merge_run, unended
from tinyreason.models import MERGED_FROM
from tinyreason.monitors import CheckError
from tinyreason.run import plain_errors, send_no_telemetry


@dataclass
class MergeArguments:
    """Which adapter, and where to."""

    run: str = field(metadata={"help": "Run folder, checkpoint or Hub id of an adapter."})
    out: str = field(metadata={"help": "A new folder."})
    onto: Onto = field(
        default="trained",
        metadata={"help": "trained: the base as training had it; original: as it was before quantisation."},
    )
    dtype: str | None = field(default=None, metadata={"help": "null takes that of the recipe."})
    max_completion_length: int = field(
        default=1024, metadata={"help": "Tokens in which the eight turns must end."}
    )

    def __post_init__(self) -> None:
        if self.max_completion_length < 1:
            raise ConfigError(
                f"max_completion_length: {self.max_completion_length} is too few; give 1 or more"
            )


def main() -> None:
    """Merges, checks, and says what it found."""
    (args,) = parse([MergeArguments], positional("run"), description=__doc__)
    send_no_telemetry()
    output = Path(args.out)
    found = merge_run(args.run, output, onto=args.onto, dtype=args.dtype)
    made = json.loads((output / MERGED_FROM).read_text())
    state = ", dequantised from four bits" if made["dequantized"] else ""
    print(f"base: {made['base']} at {made['base_revision'] or 'no recorded commit'}{state}, {made['dtype']}")
    print(
        f"logits: at most {found.difference:.3g} from those of base and adapter, which are up to "
        f"{found.base_difference:.3g} from the base's; another first choice in {found.changed:.2%} of places"
    )
    going_on = unended(output, most=args.max_completion_length)
    if going_on:
        raise CheckError(
            f"{output}: {going_on} of {PROBLEMS} turns do not end within {args.max_completion_length} "
            "tokens; the model is written, but whoever runs it will wait: train longer, or allow more tokens"
        )
    print(f"turns: all {PROBLEMS} end")
    print(output)


if __name__ == "__main__":
    with plain_errors():
        main()
