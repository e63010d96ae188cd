"""The rules of the house, read from the files themselves: layers, sizes, imports, configs, the Makefile.

Every rule is a function that lists its offenders; a test plants an offender for each and sees it caught.
"""

import ast
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {
    4: "algorithms chat evaluation checks hub report web",
    3: "rollouts grpo dapo lead ppo corpus pretraining generation merging monitors rehearsal run",
    2: "config models data rewards tokenizer hardware planner",
    1: "answers arithmetic figures hashing chatml advantages statistics synthetic",
}
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names.split()}
HEAVY = {"torch", "transformers", "datasets", "trl"}
TENSOR_FORMULAS = {"advantages"}  # the one module of layer 1 that works on tensors
OPTIONAL = {
    *("peft", "bitsandbytes", "vllm", "unsloth", "flash_attn", "wandb", "gradio", "lm_eval"),
    *("datasketch", "tensorstore", "trackio", "tensorboard", "pynvml"),
}
LONGEST_FUNCTION = 60
LONGEST_FILE = 300
TEXT_FILES = ["*.py", "*.md", "*.yaml", "*.cfg", "*.toml", "*.txt", "*.sh", "*.ipynb", "Makefile"]


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=path)


def where(root: Path, path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(root)}:{node.lineno}"


def modules(root: Path) -> dict[str, Path]:
    """Dotted name -> file, for every module of the package."""
    found = {}
    for path in python_files(root, "src/tinyreason"):
        parts = path.relative_to(root / "src").with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def part_of(module: str) -> str:
    """tinyreason.answers.numbers -> answers; the package itself -> ""."""
    return module.split(".")[1] if "." in module else ""


def imported_names(node: ast.AST) -> list[str]:
    """The absolute names that an import statement may bind: `from a.b import c` gives a.b.c."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def own_imports(tree: ast.Module, known: dict[str, Path]) -> Iterator[tuple[ast.AST, str]]:
    """Every import of a module of ours, inside functions too, with the module that it reaches."""
    for node in ast.walk(tree):
        for name in imported_names(node):
            if name.split(".")[0] == "tinyreason":
                yield node, name if name in known else name.rpartition(".")[0]


def unknown_parts(root: Path) -> list[str]:
    return sorted({part_of(name) for name in modules(root)} - set(LAYER_OF) - {""})


def upward_imports(root: Path) -> list[str]:
    known = modules(root)
    return [
        f"{where(root, path, node)}: {part_of(module) or 'tinyreason'} imports {part_of(target)}"
        for module, path in known.items()
        for node, target in own_imports(tree_of(path), known)
        if LAYER_OF.get(part_of(target), 0) > LAYER_OF.get(part_of(module), 0)
    ]


def cycles(root: Path) -> list[str]:
    """Modules that import themselves through others: what is left once those without imports go, in turns."""
    known = modules(root)
    graph = {
        module: {target for _, target in own_imports(tree_of(path), known)} & known.keys()
        for module, path in known.items()
    }
    while done := {module for module, targets in graph.items() if not targets}:
        graph = {module: targets - done for module, targets in graph.items() if module not in done}
    return sorted(graph)


def relative_imports(root: Path) -> list[str]:
    return [
        where(root, path, node)
        for path in python_files(root, "src", "recipes", "scripts")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]


def heavy_imports_below(root: Path) -> list[str]:
    return [
        f"{where(root, path, node)}: {name}"
        for module, path in modules(root).items()
        if LAYER_OF.get(part_of(module)) == 1
        for node in ast.walk(tree_of(path))
        for name in imported_names(node)
        if name.split(".")[0] in HEAVY - ({"torch"} if part_of(module) in TENSOR_FORMULAS else set())
    ]


def module_level(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported: all but functions and what only type checkers read."""
    for child in ast.iter_child_nodes(node):
        for_checkers = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not for_checkers and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from module_level(child)


def optional_imports_at_module_level(root: Path) -> list[str]:
    return [
        f"{where(root, path, node)}: {name}"
        for path in python_files(root, "src", "recipes", "scripts")
        for node in module_level(tree_of(path))
        for name in imported_names(node)
        if name.split(".")[0] in OPTIONAL
    ]


def long_functions(root: Path) -> list[str]:
    return [
        f"{where(root, path, node)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in python_files(root, "src", "recipes", "scripts")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]


def long_files(root: Path) -> list[str]:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(root, "src", "recipes", "scripts")
    }
    return [
        f"{path.relative_to(root)}: {length}" for path, length in lengths.items() if length > LONGEST_FILE
    ]


def guessed_attributes(root: Path) -> list[str]:
    return [
        where(root, path, node)
        for path in python_files(root, "src")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("getattr", "hasattr")
    ]


def configs_without_their_command(root: Path) -> list[str]:
    """Those whose first line is no comment with a command that runs this file by a recipe that exists. What
    is below accelerate/ is for Accelerate.
    """
    offenders = []
    recipes = [path for path in (root / "configs").rglob("*.yaml") if path.parent.name != "accelerate"]
    for path in sorted(recipes):
        name = path.relative_to(root).as_posix()
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        recipe = re.search(r"\brecipes/\w+\.py\b", first)
        if not (first.startswith("# ") and name in first and recipe and (root / recipe.group()).is_file()):
            offenders.append(f"{name}: {first}")
    return offenders


def home_paths(root: Path) -> list[str]:
    folders = ["src", "recipes", "scripts", "tests", "configs", "docs", "notebooks"]
    paths = [path for folder in folders for kind in TEXT_FILES for path in (root / folder).rglob(kind)]
    paths += [path for kind in TEXT_FILES for path in root.glob(kind)]
    return [
        f"{path.relative_to(root)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"(?<![\w.])/(home|Users|root)/\w|\b[A-Z]:\\Users\\", line)
    ]


RULES = [
    unknown_parts,
    upward_imports,
    cycles,
    relative_imports,
    heavy_imports_below,
    optional_imports_at_module_level,
    long_functions,
    long_files,
    guessed_attributes,
    configs_without_their_command,
    home_paths,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_has_no(rule: Callable[[Path], list[str]]):
    assert rule(ROOT) == []


def test_the_guide_for_contributors_names_the_same_layers():
    rows = re.findall(r"^\| (\d) \| ([^|]*) \|", (ROOT / "CONTRIBUTING.md").read_text(), flags=re.MULTILINE)
    assert {int(layer): names.replace("`", "") for layer, names in rows} == LAYERS


LIGHT_MODULES = sorted(name for name in modules(ROOT) if LAYER_OF.get(part_of(name)) == 1)


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_importing_a_module_of_the_lowest_layer_loads_nothing_heavy(module: str):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    allowed = {"torch"} if part_of(module) in TENSOR_FORMULAS else set()
    loaded = set(done.stdout.split())
    assert module in loaded
    assert not loaded & (HEAVY - allowed)


# rule -> a file that breaks it, beside a sound house
OFFENDERS = [
    (unknown_parts, "src/tinyreason/helpers.py", ""),
    (upward_imports, "src/tinyreason/answers/words.py", "def f():\n    from tinyreason.report import page\n"),
    (upward_imports, "src/tinyreason/data.py", "from tinyreason.report.page import render\n"),
    (cycles, "src/tinyreason/answers/__init__.py", "from tinyreason.answers.words import spell\n"),
    (relative_imports, "src/tinyreason/data.py", "from .answers import is_correct\n"),
    (
        heavy_imports_below,
        "src/tinyreason/chatml.py",
        "def f():\n    from transformers import AutoTokenizer\n",
    ),
    (heavy_imports_below, "src/tinyreason/chatml.py", "import torch\n"),
    (heavy_imports_below, "src/tinyreason/advantages.py", "import trl.trainer\n"),
    (
        optional_imports_at_module_level,
        "recipes/sft.py",
        "try:\n    import wandb\nexcept ImportError:\n    pass\n",
    ),
    (long_functions, "scripts/long.py", "class A:\n    def f(self):\n" + "        pass\n" * 60),
    (long_files, "src/tinyreason/data.py", "x = 1\n" * 301),
    (guessed_attributes, "src/tinyreason/data.py", 'x = getattr(int, "real", None)\n'),
    (configs_without_their_command, "configs/tiny/sft.yaml", "max_steps: 3\n"),
    (
        configs_without_their_command,
        "configs/tiny/sft.yaml",
        "# recipes/sft.py --config configs/other.yaml\n",
    ),
    (
        configs_without_their_command,
        "configs/tiny/ppo.yaml",
        "# recipes/ppo.py --config configs/tiny/ppo.yaml\n",
    ),
    (home_paths, "docs/page.md", "saved in " + "/home" + "/someone/runs\n"),
]
SOUND = {
    "src/tinyreason/__init__.py": "",
    "src/tinyreason/answers/__init__.py": "",
    "src/tinyreason/answers/words.py": "from tinyreason.answers import numbers\n",
    "src/tinyreason/answers/numbers.py": "from tinyreason.answers import is_correct\n",
    "src/tinyreason/advantages.py": "import torch\n",
    "src/tinyreason/data.py": "from tinyreason.answers.words import spell\nimport tinyreason.chatml\n",
    "src/tinyreason/chatml.py": "",
    "src/tinyreason/report/page.py": "def f():\n    import wandb\n",
    "recipes/sft.py": "from tinyreason.data import load_solutions\n",
    "configs/tiny/ok.yaml": "# python recipes/sft.py --config configs/tiny/ok.yaml\nmax_steps: 3\n",
}


def build_house(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_a_sound_house_breaks_no_rule(tmp_path):
    build_house(tmp_path, SOUND)
    assert {rule.__name__: rule(tmp_path) for rule in RULES if rule(tmp_path)} == {}


@pytest.mark.parametrize(("rule", "file", "text"), OFFENDERS)
def test_an_offender_is_caught_by_its_rule_and_by_no_other(rule, file, text, tmp_path):
    build_house(tmp_path, {**SOUND, file: text})
    assert [other.__name__ for other in RULES if other(tmp_path)] == [rule.__name__]


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@needs_make
def test_make_alone_lists_every_target_in_one_line():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    targets = " ".join(phony).split()
    assert re.findall(r"^  make (\S+) +\S", done.stdout, flags=re.MULTILINE) == targets


@needs_make
def test_make_with_an_old_python_says_what_it_needs_and_leaves_nothing_behind(tmp_path):
    for name in ("Makefile", "setup.cfg", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    command = ["make", "test", "PYTHON=false"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "tinyreason needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


@needs_make
@pytest.mark.parametrize("model", ["mathlm-5m", "mathlm-40m", "tinymathreason-1b"])
def test_make_mathlm_prints_every_stage_of_a_model_and_evaluates_what_it_trained(model):
    done = subprocess.run(
        ["make", "--no-print-directory", "mathlm", f"MODEL={model}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    folder = ROOT / "configs" / model
    for line in done.stdout.splitlines():  # to be pasted as they are
        words = shlex.split(line.removeprefix("# or "), comments=True)
        script = next(place for place, word in enumerate(words) if word.startswith("recipes/"))
        assert all(
            flag.startswith("--") and value
            for flag, value in zip(*[iter(words[script + 1 :])] * 2, strict=True)
        )
        for config in re.findall(r"--config (\S+)", line):
            assert (ROOT / config).is_file()
    stages = [stage for stage in ("sft", "grpo") if list(folder.glob(f"{stage}*.yaml"))]
    for before, stage in zip(["pretrain", *stages], stages, strict=False):
        assert f"recipes/{stage}.py --config configs/{model}/{stage}" in done.stdout
        assert f"--model runs/{model}/{stage} --against runs/{model}/{before} --dataset gsm8k" in done.stdout
    assert done.stdout.count(" --against ") == len(stages)


@needs_make
def test_make_mathlm_knows_the_models_that_are_trained_from_scratch():
    done = subprocess.run(["make", "mathlm", "MODEL=nothing"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "choose from mathlm-40m mathlm-5m tinymathreason-1b" in done.stderr
