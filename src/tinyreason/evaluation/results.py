"""The files of a result: `NAME.jsonl`, an item a line, and `NAME.json`, the summary, whose presence says that
all is there. `NAME.completions.jsonl` only ever grows: every completion that was made, under a key of all
that it depends on. One that is there is used again, and graded anew.
"""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tinyreason.evaluation.scores import Item
from tinyreason.generation import Completion
from tinyreason.run import environment, write_json

TESTS = ("paired", "paired_others")  # of a summary: what the result was compared with


class Made(NamedTuple):
    """A completion, the seconds that it took, and the environment it was made in."""

    completion: Completion
    seconds: float
    environment: Mapping[str, Any]


class Kept:
    """The completions of `folder/name` that are there, by key, and where new ones are written down."""

    def __init__(self, folder: Path, name: str) -> None:
        self.summary, self.items = folder / f"{name}.json", folder / f"{name}.jsonl"
        self.store = folder / f"{name}.completions.jsonl"
        self.made: dict[str, Made] = {}
        known: Mapping[str, Any] = {}
        for line in self.store.read_bytes().split(b"\n") if self.store.is_file() else ():
            try:
                entry = json.loads(line)
            except ValueError:  # the last line of a run that was killed
                continue
            if "environment" in entry:  # of the lines that follow
                known = entry["environment"]
            else:
                completion = Completion(entry["text"], entry["tokens"], entry["truncated"])
                self.made[entry["key"]] = Made(completion, entry["seconds"], known)

    def begin(self) -> None:
        """From now on completions come, and their time counts."""
        self.environment = environment()
        self.last = time.monotonic()
        self.store.parent.mkdir(parents=True, exist_ok=True)
        # after a line that was cut off; an empty one is passed over
        ending = "\n" if self.store.is_file() else ""
        self._append(ending, {"environment": self.environment})

    def add(self, key: str, completion: Completion) -> None:
        """Writes a new one down at once."""
        now = time.monotonic()
        seconds, self.last = now - self.last, now
        self.made[key] = Made(completion, seconds, self.environment)
        self._append("", {"key": key, **vars(completion), "seconds": seconds})

    def finish(self, summary: Mapping[str, Any], items: Sequence[Item]) -> None:
        """Writes items and summary; an earlier result stays whole until then. Of a result that comes out as
        it was before, what it was compared with is still true and stays in the summary.
        """
        if self.summary.is_file() and self.items.is_file() and read_items(self.items) == list(items):
            before = json.loads(self.summary.read_text())
            summary = {**summary, **{name: before[name] for name in TESTS if name in before}}
        beside = self.items.with_name(f"{self.items.name}.{os.getpid()}.tmp")
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in items)
        beside.write_text("".join(lines), encoding="utf-8")
        self.summary.unlink(missing_ok=True)
        os.replace(beside, self.items)
        write_json(self.summary, summary)

    def _append(self, before: str, entry: Mapping[str, Any]) -> None:
        with self.store.open("a", encoding="utf-8") as file:
            file.write(before + json.dumps(entry, ensure_ascii=False) + "\n")


def result_folder(model: str, output_dir: str | None, revision: str | None = None) -> Path:
    """eval/ of a local model's own folder; the results of one from the Hub go to runs/eval/. Below
    `output_dir`, where it is given, each model has a folder of its name, and of its revision if it has one.
    """
    name = model.replace("/", "--") + (f"@{revision}" if revision else "")
    if output_dir is not None:
        return Path(output_dir) / name
    return Path(model) / "eval" if Path(model).is_dir() else Path("runs/eval") / name


def read_items(path: Path) -> list[Item]:
    """The items of a result."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
