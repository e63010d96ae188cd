"""Turns a MaxText checkpoint of the Llama family into a Hugging Face folder that `from_pretrained` loads.

python scripts/convert_maxtext.py --checkpoint run/checkpoints/54363 --config base.yml model.yml \\
    --tokenizer tokenizer --out runs/converted

--config takes the YAML files of the run, the one that wins last, and keys as in '{vocab_size: 32000}'. The
checkpoint is Orbax's and on this machine; reading it needs `pip install -e '.[maxtext]'`. Exit code 1 where
the model cannot be converted or its logits are not finite.
"""

import sys
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Literal

from tinyreason.config import ConfigError, parse
from tinyreason.models.maxtext import PROMPT, examine, save_llama
from tinyreason.models.maxtext_files import open_weights, read_config
from tinyreason.run import plain_errors


@dataclass
class ScriptArguments:
    """What is converted."""

    checkpoint: str = field(metadata={"help": "Folder of one step, or its items folder."})
    tokenizer: str = field(metadata={"help": "Folder or hub id of the one that the model was trained with."})
    out: str = field(metadata={"help": "Folder that the model is written to."})
    dtype: Literal["float32", "bfloat16"] = field(default="float32", metadata={"help": "Of the weights."})


def config_and_rest(words: list[str]) -> tuple[list[str], list[str]]:
    """The words behind --config, and the other flags: MaxText's keys are not ours (its dtype is another)."""
    if "--config" not in words:
        raise ConfigError("--config: is missing; give the YAML files of the MaxText run")
    place = words.index("--config")
    sources = list(takewhile(lambda word: not word.startswith("--"), words[place + 1 :]))
    return sources, words[:place] + words[place + 1 + len(sources) :]


def main() -> None:
    words = sys.argv[1:]
    sources, flags = ([], words) if {"-h", "--help"} & set(words) else config_and_rest(words)
    (args,) = parse([ScriptArguments], flags, description=__doc__)
    config, out = read_config(sources), Path(args.out)
    save_llama(open_weights(Path(args.checkpoint)), config, args.tokenizer, out, args.dtype)
    found = examine(out)
    print(f"{out}: {found.parameters:,} parameters, the largest is {found.largest:.4g}")
    print(f"{PROMPT!r} goes on with {found.next_token!r}")
    if not found.finite:
        raise ConfigError(f"{out}: its logits are not finite; look for NaN in the checkpoint")


if __name__ == "__main__":
    with plain_errors():
        main()
