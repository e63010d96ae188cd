"""What README and docs say exists, and every percentage in them stands in a committed result file."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RESULTS = sorted((ROOT / "docs" / "results").rglob("*.json"))


def numbers(content: Any) -> Iterator[float]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for value in content:
            yield from numbers(value)
    elif isinstance(content, int | float):
        yield float(content)


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"```\n(.*?)```", page.read_text(), flags=re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_percentage_is_in_a_result_file(page: Path) -> None:
    held = {f"{100 * value:.1f} %" for path in RESULTS for value in numbers(json.loads(path.read_text()))}
    said = set(re.findall(r"\d+\.\d %", page.read_text()))
    assert said <= held, said - held


def test_the_pages_give_figures() -> None:
    assert RESULTS
    assert all(re.search(r"\d+\.\d %", page.read_text()) for page in PAGES)


def test_every_file_and_target_named_in_the_readme_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    files = re.findall(r"(?:recipes|scripts|configs/tiny|docs)/[\w.]+\.(?:py|yaml|md)", text)
    assert len(files) > 8
    assert [name for name in files if not (ROOT / name).is_file()] == []
    targets = set(re.findall(r"\bmake ([a-z-]+)", text))
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert targets <= known


def test_the_two_commands_come_first() -> None:
    assert commands(ROOT / "README.md")[:2] == ["make demo", "make test"]
