"""What is installed here, what of it really loads, and the one command that mends the rest: make doctor.

Imports the standard library alone and runs on Python 3.8, so that it can answer before anything is installed.
Every package is imported in a process of its own, because a broken GPU library can hang or crash the
interpreter that loads it. Exit status 1 means that a core part is broken; optional packages never change it.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
LOAD_LIMIT = 180  # seconds for one package to load; a cold disk and a large GPU library take a minute
SCARCE_DISK = 10  # GiB; a CUDA build of torch with its libraries takes about 6
GIB = 2**30

# distribution -> the statement that loads it: a bare import of TRL or Transformers loads next to nothing
CORE = {
    "torch": "import torch",
    "transformers": "from transformers import AutoModelForCausalLM, AutoTokenizer",
    "trl": "from trl import GRPOTrainer, SFTTrainer",
    "datasets": "import datasets",
    "accelerate": "import accelerate",
    "math-verify": "import math_verify",
    "antlr4-python3-runtime": "import antlr4",
    "numpy": "import numpy",
    "pyarrow": "import pyarrow.parquet",
    "PyYAML": "import yaml",
    "Jinja2": "import jinja2",
    "safetensors": "import safetensors",
    "tqdm": "import tqdm",
    "rich": "import rich.console",
    "tinyreason": "import tinyreason",
}
# distribution -> the extra of setup.cfg that brings it, and the statement that loads it
OPTIONAL = {
    "peft": ("qlora", "from peft import LoraConfig"),
    # a bare import succeeds without the native library for this GPU; only a call tells
    "bitsandbytes": (
        "qlora",
        "import torch; from bitsandbytes.functional import quantize_4bit; "
        "quantize_4bit(torch.ones(64, device='cuda' if torch.cuda.is_available() else 'cpu'))",
    ),
    "vllm": ("vllm", "from vllm import LLM"),
    "unsloth": ("unsloth", "import unsloth"),
    "flash-attn": ("flash", "from flash_attn import flash_attn_func"),
    "wandb": ("wandb", "import wandb"),
    "trackio": ("trackio", "import trackio"),
    "tensorboard": ("tensorboard", "from torch.utils.tensorboard import SummaryWriter"),
    "nvidia-ml-py": ("energy", "import pynvml"),
    "gradio": ("web", "import gradio"),
    "datasketch": ("corpus", "import datasketch"),
    "tensorstore": ("maxtext", "import tensorstore"),
    "lm_eval": ("bench", "from lm_eval import simple_evaluate"),
}
# nothing is fetched and no library reports home while it is tried
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "UNSLOTH_DISABLE_STATISTICS": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "WANDB_ERROR_REPORTING": "false",
}
DEVICE_PROBE = """
import json, torch
version, cuda = torch.version, torch.cuda.is_available()
build = "CUDA " + version.cuda if version.cuda else "ROCm " + version.hip if version.hip else "CPU"
gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())] if cuda else []
bf16 = cuda and torch.cuda.is_bf16_supported(including_emulation=False)
print(json.dumps({"build": build, "gpus": gpus, "bf16": bf16, "mps": torch.backends.mps.is_available()}))
"""


class Package(NamedTuple):
    """`version` is None when not installed; `error` is a failed import's last line, "" where it loads."""

    name: str
    version: str | None
    error: str
    seconds: float


def run_python(code: str) -> tuple[str, str]:
    """Runs code in a fresh interpreter: what it printed, and in one line why it failed or ""."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **QUIET},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LOAD_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "", f"did not load within {LOAD_LIMIT} seconds"
    if done.returncode == 0:
        return done.stdout.strip(), ""
    lines = done.stderr.strip().splitlines() or [f"ended with status {done.returncode} and no message"]
    return "", lines[-1].strip()


def installed_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def examine(name: str, statement: str) -> Package:
    version = installed_version(name)
    if version is None:
        return Package(name, None, "", 0.0)
    start = time.monotonic()
    _, error = run_python(statement)
    return Package(name, version, error, time.monotonic() - start)


def examine_all(statements: dict[str, str]) -> list[Package]:
    with ThreadPoolExecutor(max_workers=min(4, core_count())) as pool:
        return list(pool.map(examine, statements, statements.values()))


def read_pins() -> dict[str, str]:
    """distribution -> version, from constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", "\n".join(lines), flags=re.MULTILINE))


def other_versions(pins: dict[str, str]) -> dict[str, str]:
    """Installed packages whose version is not the pinned one; a build tag ("+cpu") makes no difference."""
    found = {name: installed_version(name) for name in pins}
    return {
        name: version for name, version in found.items() if version and version.split("+")[0] != pins[name]
    }


def core_count() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> str:
    if os.name != "posix":
        return "unknown"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.1f} GiB"


def hub_cache() -> Path:
    """Where huggingface_hub keeps downloads, by its own order of environment variables."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    hub = os.environ.get("HF_HOME") or os.path.join(home, "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or os.path.join(hub, "hub")).expanduser()


def free_disk(folder: Path) -> str:
    existing = next(place for place in [folder, *folder.parents] if place.exists())
    free = shutil.disk_usage(existing).free / GIB
    return f"{free:.1f} GiB free in {folder}" + (" (scarce)" if free < SCARCE_DISK else "")


def system() -> str:
    if sys.platform == "linux" and "microsoft" in platform.release().lower():
        support = "Windows (WSL): not tested"
    elif sys.platform == "linux":
        support = "supported and tested"
    elif sys.platform == "darwin":
        support = "not tested; torch uses MPS or the CPU"
    else:
        support = "not tested; on Windows use WSL"
    return f"{platform.system()} {platform.release()} {platform.machine()}: {support}"


def device() -> str:
    """torch's build and the device that it sees. Assumes that torch loads."""
    printed, error = run_python(DEVICE_PROBE)
    if error:
        return f"no device: {error}"
    seen = json.loads(printed.splitlines()[-1])
    if seen["gpus"]:
        precision = "bf16" if seen["bf16"] else "fp16, for it has no bf16"
        return f"{seen['build']} build, {len(seen['gpus'])} x {seen['gpus'][0]}, {precision}"
    return f"{seen['build']} build, device {'MPS' if seen['mps'] else 'CPU'}{unseen_gpu()}"


def unseen_gpu() -> str:
    for path, kind in (("/dev/nvidia0", "an NVIDIA"), ("/dev/kfd", "an AMD")):
        if os.path.exists(path):
            return f"; {kind} GPU is here, but this torch cannot use it"
    return ""


def describe(package: Package, pins: dict[str, str], absent: str) -> str:
    if package.version is None:
        return f"  {package.name:24}{absent}"
    pin = pins.get(package.name, package.version)
    told = "" if package.version.split("+")[0] == pin else f" (constraints.txt has {pin})"
    verdict = f"BROKEN: {package.error}" if package.error else f"loads in {package.seconds:.1f} s"
    return f"  {package.name:24}{package.version:14}{verdict}{told}"


def is_broken(core: list[Package]) -> bool:
    return sys.version_info < OLDEST_PYTHON or any(part.version is None or part.error for part in core)


def setup_command(core: list[Package]) -> str | None:
    """What to run first where this interpreter cannot hold the stack or holds none of it, or None."""
    venv = ROOT / ".venv"
    bare = find_spec("pip") is None or all(part.version is None for part in core)
    if (venv / "bin/python").exists() and Path(sys.prefix).resolve() != venv.resolve() and bare:
        return "make doctor"
    if sys.version_info < OLDEST_PYTHON:
        return "make install PYTHON=/path/to/python3.11"
    return "make install" if bare else None


def mending_command(core: list[Package], optional: list[Package], strays: dict[str, str]) -> str | None:
    """The pip command that mends what was found, or None.

    A package that fails in its pinned version has damaged files, its own or a dependency's: reinstall all."""
    broken = [part for part in [*core, *optional] if part.error]
    if not (broken or strays or any(part.version is None for part in core)):
        return None
    extras = {OPTIONAL[part.name][0] for part in optional if part.error or part.name in strays}
    flags = "--force-reinstall " if any(part.name not in strays for part in broken) else ""
    flags += "--no-build-isolation " if "flash" in extras else ""
    wanted = ",".join(["dev", *sorted(extras)])
    return f"{sys.executable} -m pip install {flags}-c constraints.txt -e '.[{wanted}]'"


def report_machine() -> None:
    print(f"python   {platform.python_version()} at {sys.executable}")
    print(f"system   {system()}")
    print(f"cores    {core_count()}, memory {memory()}")
    print(f"disk     {free_disk(ROOT)}")
    print(f"         {free_disk(hub_cache())}")


def report_packages(core: list[Package], optional: list[Package], pins: dict[str, str]) -> None:
    print("core")
    for package in core:
        print(describe(package, pins, "MISSING"))
    print("optional")
    for package in optional:
        print(describe(package, pins, f"not installed (extra {OPTIONAL[package.name][0]})"))


def main() -> int:
    if sys.argv[1:]:
        print(__doc__)
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    report_machine()
    pins = read_pins()
    core = examine_all(CORE)
    optional = examine_all({name: statement for name, (_, statement) in OPTIONAL.items()})
    torch = core[0]
    if torch.version and not torch.error:
        print(f"torch    {device()}")
    report_packages(core, optional, pins)
    first = setup_command(core)
    strays = {} if first else other_versions(pins)
    if strays:
        print("versions " + ", ".join(f"{name} {strays[name]}, not {pins[name]}" for name in strays))
    command = first or mending_command(core, optional, strays)
    print(f"to mend what is wrong, run:\n  {command}" if command else "nothing to mend")
    return 1 if is_broken(core) else 0


if __name__ == "__main__":
    sys.exit(main())
