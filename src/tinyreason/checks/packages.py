"""The optional packages that a recipe needs on the machine that runs it."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

TRACKERS = ("wandb", "trackio", "tensorboard")
FLASH = ("flash_attn", "kernels")  # Transformers takes the kernels of the second where the first is not there


def missing_packages(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The key that needs a package which is not installed, and the command that brings it."""
    needed = (
        ("use_peft", values["use_peft"], ("peft",), "qlora"),
        ("load_in_4bit", values["load_in_4bit"], ("bitsandbytes",), "qlora"),
        ("optim", "8bit" in values["optim"], ("bitsandbytes",), "qlora"),
        ("attn_implementation", values["attn_implementation"] == "flash_attention_2", FLASH, "flash"),
        ("backend", values["backend"] == "unsloth", ("unsloth",), "unsloth"),
        ("use_vllm", values.get("use_vllm", False), ("vllm",), "vllm"),
        *(("report_to", name in values["report_to"], (name,), name) for name in TRACKERS),
    )
    for key, asked, packages, extra in needed:
        if asked and not any(map(find_spec, packages)):
            flag = "--no-build-isolation " if extra == "flash" else ""  # it compiles against torch
            yield key, f"{packages[0]} is not installed; pip install {flag}-e '.[{extra}]', or leave it out"
