"""The rollouts of an RL run as the page's browser takes them: of how many steps, groups and letters it can
hold.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tinyreason.report.runs import ReportError
from tinyreason.report.solutions import spans
from tinyreason.run import ROLLOUTS

STEPS, GROUPS = 60, 4  # most steps, and most groups of a step
LETTERS = 4000  # of a completion; of a longer one the beginning and the end
LIMIT = 6_000_000  # letters of all together
COLUMNS = {"step", "question", "gold", "completion", "answer", "reward", "correct", "tokens", "truncated"}
COLUMNS |= {"advantage", "group"}


def read_rollouts(folder: Path) -> tuple[list[dict[str, Any]], int]:
    """Some of the steps, evenly spaced with the first and the last among them, and how many there are; of
    each the figures of all its completions and its first groups. ([], 0) for a run without rollouts.
    """
    parts: dict[int, list[Path]] = {}
    for path in sorted((folder / ROLLOUTS).glob("step-*.parquet")):
        parts.setdefault(int(path.name.split("-")[1]), []).append(path)
    chosen = [list(parts)[place] for place in evenly(len(parts), min(STEPS, len(parts)))]
    steps = [read_step(step, parts[step]) for step in chosen]
    while len(steps) > 1 and len(json.dumps(steps)) > LIMIT:
        steps = [steps[place] for place in evenly(len(steps), len(steps) // 2)]
    return steps, len(parts)


def evenly(count: int, wanted: int) -> list[int]:
    """`wanted` places of `count`, from the first to the last."""
    return sorted({round(place * (count - 1) / max(1, wanted - 1)) for place in range(wanted)})


def read_step(step: int, paths: Sequence[Path]) -> dict[str, Any]:
    """What was sampled for optimizer step `step` + 1."""
    import pyarrow
    import pyarrow.parquet

    try:
        tables = [pyarrow.parquet.read_table(path) for path in paths]
    except pyarrow.ArrowInvalid as error:
        raise ReportError(f"{paths[0].parent}: step {step} cannot be read ({error})") from error
    table = pyarrow.concat_tables(tables, promote_options="default")
    rows = [{"advantage": None, **row} for row in table.to_pylist()]
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.get("group", row["question"]), []).append(row)
    return {
        "step": step + 1,
        "completions": len(rows),
        "problems": len(groups),
        "reward": mean([row["reward"] for row in rows]),
        "right": mean([row["correct"] for row in rows]),
        "truncated": mean([row["truncated"] for row in rows]),
        "groups": [
            {
                **{name: group[0][name] for name in ("question", "gold")},
                "rollouts": list(map(rollout, group)),
            }
            for group in list(groups.values())[:GROUPS]
        ],
    }


def rollout(row: Mapping[str, Any]) -> dict[str, Any]:
    """One completion; what is not a number is None."""
    right = known(row["correct"])
    return {
        "text": shortened(spans(row["completion"], row["answer"])),
        "answer": row["answer"],
        "right": None if right is None else bool(right),
        "reward": known(row["reward"]),
        "advantage": known(row["advantage"]),
        "tokens": row["tokens"],
        "truncated": row["truncated"],
        "rewards": {name: known(row[name]) for name in row if name not in COLUMNS},
    }


def shortened(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of a part that is too long the beginning and the end."""
    half = LETTERS // 2
    return [
        (kind, words)
        if len(words) <= LETTERS
        else (kind, f"{words[:half]}\n[… {len(words) - LETTERS:,} letters …]\n{words[-half:]}")
        for kind, words in parts
    ]


def known(value: float | None) -> float | None:
    """None for what is not a number, in five digits."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.5g}")


def mean(values: Sequence[float | None]) -> float | None:
    """Of those that are known."""
    numbers = [value for value in map(known, map(float, values)) if value is not None]
    return sum(numbers) / len(numbers) if numbers else None
