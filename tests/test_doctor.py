"""scripts/doctor.py: run as a user runs it, in this environment and in one that holds nothing."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
DOCTOR = ROOT / "scripts/doctor.py"


@pytest.fixture
def doctor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("doctor", DOCTOR)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    clone = tmp_path / "clone"
    (clone / "scripts").mkdir(parents=True)
    shutil.copy(DOCTOR, clone / "scripts")
    shutil.copy(ROOT / "constraints.txt", clone)
    return clone


def plant_package(site: Path, name: str, version: str, source: str) -> None:
    """A package that Python finds installed in `site`, with the given source."""
    (site / name).mkdir(parents=True)
    (site / name / "__init__.py").write_text(source)
    information = site / f"{name}-{version}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def run_doctor(python: Path | str, script: Path, python_path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": python_path}
    return subprocess.run(
        [str(python), str(script)], env=environment, capture_output=True, text=True, timeout=900
    )


def make_bare_venv(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / "bin/python"


def line_of(output: str, package: str) -> str:
    return next(line for line in output.splitlines() if line.startswith(f"  {package} "))


def test_every_core_package_loads_here_and_a_broken_optional_one_is_named_but_is_no_failure(doctor, tmp_path):
    pin = doctor.read_pins()["gradio"]
    plant_package(tmp_path, "gradio", pin, 'raise ImportError("the library libnowhere.so is missing")')
    done = run_doctor(sys.executable, DOCTOR, str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    for name in doctor.CORE:
        assert "loads in" in line_of(done.stdout, name)
    assert "BROKEN: ImportError: the library libnowhere.so is missing" in line_of(done.stdout, "gradio")
    assert re.search(r"^torch .* build, (device|\d+ x) ", done.stdout, flags=re.MULTILINE)
    command = done.stdout.splitlines()[-1]
    assert f"{sys.executable} -m pip install --force-reinstall " in command
    assert re.search(r"'\.\[dev,(.*,)?web.*\]'$", command)


@pytest.mark.parametrize(("flag", "status"), [("--help", 0), ("-h", 0), ("--fix", 2)])
def test_help_is_given_instead_of_the_report(flag, status):
    done = subprocess.run([sys.executable, str(DOCTOR), flag], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "make doctor" in done.stdout
    assert "cores" not in done.stdout


def test_a_bare_interpreter_in_a_fresh_clone_is_told_to_install(fresh_clone, tmp_path):
    done = run_doctor(make_bare_venv(tmp_path / "bare"), fresh_clone / "scripts/doctor.py")
    assert done.returncode == 1, done.stderr
    assert line_of(done.stdout, "torch").split() == ["torch", "MISSING"]
    assert line_of(done.stdout, "vllm").split(maxsplit=1)[1] == "not installed (extra vllm)"
    assert done.stdout.splitlines()[-1].strip() == "make install"


def test_a_bare_interpreter_beside_a_venv_is_told_to_ask_the_venv(fresh_clone, tmp_path):
    make_bare_venv(fresh_clone / ".venv")
    done = run_doctor(make_bare_venv(tmp_path / "bare"), fresh_clone / "scripts/doctor.py")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].strip() == "make doctor"


def test_a_core_package_that_does_not_load_is_a_failure_with_its_last_error_line(fresh_clone, tmp_path):
    plant_package(tmp_path / "site", "torch", "2.13.0", 'import sys\nsys.exit("libcudart is too old")')
    done = run_doctor(
        make_bare_venv(tmp_path / "bare"), fresh_clone / "scripts/doctor.py", str(tmp_path / "site")
    )
    assert done.returncode == 1, done.stderr
    assert "BROKEN: libcudart is too old" in line_of(done.stdout, "torch")


def test_a_package_that_hangs_is_given_up(doctor, monkeypatch):
    monkeypatch.setattr(doctor, "LOAD_LIMIT", 0.5)
    assert doctor.run_python("import time; time.sleep(60)") == ("", "did not load within 0.5 seconds")


def test_a_sound_installation_has_nothing_to_mend_and_a_gap_is_filled_without_reinstalling(doctor):
    sound = [doctor.Package("torch", "2.13.0", "", 1.0)]
    absent = [doctor.Package("vllm", None, "", 0.0)]
    assert doctor.mending_command(sound, absent, {}) is None
    assert not doctor.is_broken(sound)
    gap = [*sound, doctor.Package("trl", None, "", 0.0)]
    assert doctor.is_broken(gap)
    expected = f"{sys.executable} -m pip install -c constraints.txt -e '.[dev]'"
    assert doctor.mending_command(gap, absent, {}) == expected
    assert doctor.mending_command(sound, absent, {"numpy": "2.4.0"}) == expected


def test_a_broken_package_of_another_version_is_brought_to_its_pin_first(doctor):
    broken = [doctor.Package("flash-attn", "2.7.0", "ImportError: undefined symbol", 1.0)]
    command = doctor.mending_command([], broken, {"flash-attn": "2.7.0"})
    assert "--force-reinstall" not in command
    assert command.endswith("--no-build-isolation -c constraints.txt -e '.[dev,flash]'")


def test_the_doctor_runs_on_python_3_8_with_the_standard_library_alone():
    tree = ast.parse(DOCTOR.read_text(), feature_version=(3, 8))
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def declared_requirements() -> dict[str, list[Requirement]]:
    """Section ("core" or the name of an extra) -> its requirements in setup.cfg."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    sections = {"core": config["options"]["install_requires"], **config["options.extras_require"]}
    return {
        name: [Requirement(line) for line in text.strip().splitlines()] for name, text in sections.items()
    }


def test_the_doctor_knows_every_declared_package(doctor):
    declared = declared_requirements()
    core = {canonicalize_name(requirement.name) for requirement in declared.pop("core")}
    assert {canonicalize_name(name) for name in doctor.CORE} == core | {"tinyreason"}
    optional = {
        (canonicalize_name(requirement.name), extra)
        for extra, requirements in declared.items()
        for requirement in requirements
        if extra != "dev"
    }
    assert {(canonicalize_name(name), extra) for name, (extra, _) in doctor.OPTIONAL.items()} == optional


def test_every_pin_lies_within_its_declared_range(doctor):
    pins = {canonicalize_name(name): version for name, version in doctor.read_pins().items()}
    assert len(pins) > 60
    for requirements in declared_requirements().values():
        for requirement in requirements:
            name = canonicalize_name(requirement.name)
            if name != "flash-attn":  # compiled against the torch that is there, so not pinned
                assert pins[name] in requirement.specifier, requirement
