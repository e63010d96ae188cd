"""Finds every mistake of recipes before they run: keys, types, and what cannot work together or on a card.

python scripts/check.py configs/tiny configs/tiny/grpo_cpu.yaml

Files or folders. The card is that of the file's name, as in grpo_t4.yaml, or `--hardware t4`; any other
`--key value` tries a change. Exit code 0 where all is well, 1 otherwise.
"""

import sys
from itertools import takewhile
from pathlib import Path

from tinyreason.checks import check_file
from tinyreason.config import ConfigError, choose
from tinyreason.hardware import CARDS
from tinyreason.planner import STAGES, card_named, stage_of
from tinyreason.run import plain_errors


def recipes_in(paths: list[str]) -> list[Path]:
    """The files, and the training recipes of the folders."""
    found = []
    for path in map(Path, paths):
        if not path.exists():
            raise ConfigError(f"{path}: no such file or folder")
        inside = [file for file in sorted(path.rglob("*.yaml")) if file.name.startswith(tuple(STAGES))]
        found += inside if path.is_dir() else [path]
    return found


def main() -> None:
    words = sys.argv[1:]
    files = list(takewhile(lambda word: not word.startswith("--"), words))
    flags = words[len(files) :]
    if not files or "--help" in flags:
        print(__doc__)
        sys.exit(0 if files or words else 1)
    hardware = None
    if "--hardware" in flags:
        place = flags.index("--hardware")
        hardware = (flags[place + 1 : place + 2] or [""])[0]
        choose(CARDS, hardware, what="hardware")
        del flags[place : place + 2]
    problems = []
    recipes = recipes_in(files)
    for path in recipes:
        problems += check_file(path, stage_of(path), flags, hardware or card_named(path))
    checked = "1 recipe" if len(recipes) == 1 else f"{len(recipes)} recipes"
    print("\n".join(problems) or f"{checked} checked, no mistakes")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    with plain_errors():
        main()
