"""What README and docs say exists, their commands are commands, and every percentage in them stands in a
committed result file.
"""

import argparse
import ast
import json
import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, run_recipe

from tinyreason.algorithms import ALGORITHMS
from tinyreason.checks import classes_of
from tinyreason.config.arguments import CorpusArguments
from tinyreason.config.parsing import slots_of, typed_values

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


def blocks(page: Path, language: str) -> list[str]:
    """What is fenced as this language, "" as none."""
    fenced = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", page.read_text(), re.DOTALL | re.MULTILINE)
    return [block for name, block in fenced if name == language]


def commands(page: Path) -> list[str]:
    """The lines of the blocks that name no language: what a reader types."""
    lines = [line for block in blocks(page, "") for line in block.splitlines() if line.strip()]
    return [re.sub(r"\s# .*", "", line).strip() for line in lines]


def commands_in_sentences(page: Path) -> list[str]:
    """Those that a sentence names, in backquotes, with a recipe of ours for FILE and RECIPE."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)]
    found = [f"python {span}" if re.match(r"\w+/\w+\.py ", span) else span for span in spans]
    named = [re.sub(r"\b(FILE|RECIPE)\b", RECIPE, span) for span in found]
    return [re.sub(r"[\[\]]", "", span) if "pip" not in span else span for span in named if RUNS.match(span)]


RECIPE = "configs/qwen2.5-0.5b-instruct/grpo_t4.yaml"
RUNS = re.compile(r"(?:python|make|pip install|accelerate launch) \S")
TYPED = [
    (page, line)
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]
    for line in dict.fromkeys([*commands(page), *commands_in_sentences(page)])
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
STAGES = {"recipes/sft.py": "sft", "recipes/grpo.py": "rl", "recipes/pretrain.py": "pretrain"}


def script_and_flags(line: str) -> tuple[str, list[str]]:
    """Of a command that runs one of our scripts, by itself or through a launcher."""
    words = shlex.split(line.split("|")[-1])
    place = next(number for number, word in enumerate(words) if word.endswith(".py"))
    return words[place], words[place + 1 :]


def classes_parsed(script: str, flags: list[str]) -> tuple[list[type], list[str]]:
    """The classes that a script reads its flags into, and the flags with what may stand without one."""
    if script in STAGES:
        return classes_of(STAGES[script], flags), flags
    if script == "scripts/compare.py":  # its other flags are those of the recipe
        own = argparse.ArgumentParser()
        own.add_argument("--algorithms", nargs="+")
        own.add_argument("--seeds", type=int)
        _, rest = own.parse_known_args(flags)
        return classes_of("rl", rest), rest
    names = runpy.run_path(str(ROOT / script), run_name="imported")
    if script == "scripts/convert_maxtext.py":
        _, flags = names["config_and_rest"](flags)
    main = next(
        node for node in ast.parse((ROOT / script).read_text()).body if getattr(node, "name", "") == "main"
    )
    (call,) = (
        node for node in ast.walk(main) if isinstance(node, ast.Call) and ast.unparse(node.func) == "parse"
    )
    if script == "scripts/ready.py":
        return [*classes_of("rl", flags), names["ReadinessArguments"]], flags
    for word in call.args[1:]:
        if isinstance(word, ast.Call) and not flags[0].startswith("-"):
            flags = [f"--{word.args[0].value}", *flags]
    return [names[name.id] for name in call.args[0].elts], flags


@pytest.mark.parametrize(("page", "line"), TYPED, ids=lambda value: str(value).rsplit("/", 1)[-1])
def test_every_command_of_the_pages_is_one(page: Path, line: str) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        assert words[1] in TARGETS
    elif words[0] == "pip":
        extras = set(re.findall(r"^(\w+) =$", (ROOT / "setup.cfg").read_text(), flags=re.MULTILINE))
        assert set(re.search(r"\[(.*)\]", line)[1].split(",")) <= extras
    else:
        script, flags = script_and_flags(line)
        assert (ROOT / script).is_file()
        settings = [word for word in words if word.startswith("configs/")]
        assert [name for name in settings if not (ROOT / name).is_file()] == []
        if script in ("scripts/plan.py", "scripts/check.py"):
            run_recipe(script, *flags, code=int("--hardware t4" in line))  # one is asked what is wrong
        else:
            classes, flags = classes_parsed(script, flags)
            _, problems, _ = typed_values(classes, flags)
            assert problems == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_percentage_is_in_a_result_file(page: Path) -> None:
    held = {f"{100 * value:.1f} %" for path in RESULTS for value in numbers(json.loads(path.read_text()))}
    said = set(re.findall(r"\d+\.\d %", page.read_text()))
    assert said <= held, said - held


def test_the_pages_give_figures() -> None:
    assert RESULTS
    for page in ("README.md", "docs/measured.md"):
        assert re.search(r"\d+\.\d %", (ROOT / page).read_text())


def test_every_file_and_target_named_in_the_readme_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    files = re.findall(r"(?:recipes|scripts|configs/tiny|docs)/[\w.]+\.(?:py|yaml|md)", text)
    assert len(files) > 8
    assert [name for name in files if not (ROOT / name).is_file()] == []
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= TARGETS


def test_the_two_commands_come_first() -> None:
    assert commands(ROOT / "README.md")[:2] == ["make demo", "make test"]


def test_the_code_about_data_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    rows = [{"question": f"{n}+1?", "answer": str(n + 1), "reasoning": f"{n}+1={n + 1}"} for n in range(60)]
    (tmp_path / "my_problems.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    (code,) = blocks(ROOT / "docs/data.md", "python")
    exec(code)
    assert "\\boxed{" in capsys.readouterr().out


def test_the_code_about_the_grader_says_what_it_gives() -> None:
    (code,) = blocks(ROOT / "docs/grader.md", "python")
    names = {"turns": ["<think>\n</think>\n\\boxed{6}"], "golds": ["6"]}
    exec(code, names)
    said = re.findall(r"^(is_correct|answers_match)(\(.*\))  # True;", code, re.MULTILINE)
    assert len(said) == 3
    assert [eval(function + values, names) for function, values in said] == [True] * 3
    assert eval("grade(turns, golds)", names) == [True]
    assert eval('explain("\\\\boxed{x^2-1}", "(x-1)(x+1)")', names).correct


def test_the_code_about_rewards_is_a_reward() -> None:
    import tinyreason.rewards

    (code,) = blocks(ROOT / "docs/rewards.md", "python")
    names = dict(vars(tinyreason.rewards))
    exec(code, names)
    turn = "<think>\n</think>\n\\boxed{6}"
    ids = [[1, 2], [1, 2, 3], [1]]
    assert names["brief"]([turn] * 3, ["6", "6", "7"], ids, limit=2) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_every_key_in_yaml_is_one(page: Path) -> None:
    stages = [("sft", []), ("pretrain", []), *(("rl", ["--algorithm", name]) for name in ALGORITHMS)]
    known = {key for stage, flags in stages for owner in classes_of(stage, flags) for key in slots_of(owner)}
    known |= slots_of(CorpusArguments).keys()
    for block in blocks(page, "yaml"):
        assert yaml.safe_load(block).keys() <= known
