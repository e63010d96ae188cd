"""The files of a result: `NAME.jsonl`, an item a line, and `NAME.json`, the summary, whose presence says that
all is there. While it is made, what is done stands in `NAME.partial.jsonl`, a completion a line.

A completion is used again where model, prompt and decoding are the same, and graded anew.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tinyreason.evaluation.scores import Item
from tinyreason.generation import Completion
from tinyreason.hashing import text_hash
from tinyreason.run import write_json

Number = tuple[str, int]  # hash of a prompt; 0 for the greedy completion, from 1 on for the samples


class Kept:
    """The completions of `folder/name` that are there already, and where new ones are written down.

    `key` names everything that a completion depends on beside its prompt; others are not used.
    """

    def __init__(self, folder: Path, name: str, key: str) -> None:
        self.summary, self.items = folder / f"{name}.json", folder / f"{name}.jsonl"
        self.partial = folder / f"{name}.partial.jsonl"
        self.key = key
        self.completions: dict[Number, Completion] = {}
        self.seconds = 0.0  # that they took
        for number, completion, seconds in (*self._finished(), *self._begun()):
            self.completions[number] = completion
            self.seconds = max(self.seconds, seconds)
        self.started = time.monotonic()

    def begin(self) -> None:
        """From now on time counts, and completions come."""
        self.partial.parent.mkdir(parents=True, exist_ok=True)
        self.started = time.monotonic() - self.seconds

    def add(self, number: Number, completion: Completion) -> None:
        """Writes a new one down at once."""
        self.completions[number] = completion
        self.seconds = time.monotonic() - self.started
        line = {"key": self.key, "number": number, **vars(completion), "seconds": self.seconds}
        with self.partial.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def finish(self, summary: Mapping[str, Any], items: Sequence[Item]) -> None:
        """Writes items and summary; an earlier result stays whole until then."""
        beside = self.items.with_name(self.items.name + ".tmp")
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in items)
        beside.write_text("".join(lines), encoding="utf-8")
        self.summary.unlink(missing_ok=True)
        os.replace(beside, self.items)
        write_json(self.summary, summary)
        self.partial.unlink(missing_ok=True)

    def _finished(self) -> Iterator[tuple[Number, Completion, float]]:
        if not self.summary.is_file():
            return
        summary = json.loads(self.summary.read_text())
        if summary.get("key") != self.key:
            return
        for entry in read_items(self.items):
            prompt = text_hash(entry["prompt"])
            for number, found in enumerate((entry, *entry["samples"])):
                yield (prompt, number), _completion(found, "completion"), summary["seconds"]

    def _begun(self) -> Iterator[tuple[Number, Completion, float]]:
        if not self.partial.is_file():
            return
        for line in self.partial.read_text(encoding="utf-8").split("\n"):
            try:
                entry = json.loads(line)
            except ValueError:  # the last line of a run that was killed
                continue
            if entry["key"] == self.key:
                yield tuple(entry["number"]), _completion(entry, "text"), entry["seconds"]


def result_folder(model: str, output_dir: str | None) -> Path:
    """eval/ of a local model's own folder; the results of one from the Hub go to runs/eval/. Below
    `output_dir`, where it is given, each model has a folder of its name.
    """
    name = model.replace("/", "--")
    if output_dir is not None:
        return Path(output_dir) / name
    return Path(model) / "eval" if Path(model).is_dir() else Path("runs/eval") / name


def read_items(path: Path) -> list[Item]:
    """The items of a result."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _completion(entry: Mapping[str, Any], text: str) -> Completion:
    return Completion(entry[text], entry["tokens"], entry["truncated"])
