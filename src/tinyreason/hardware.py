"""What the cards can do, and what of it is there: memory, number formats, attention, backend.

Memory is what the driver reports, in GiB, a little below the number on the box.
"""

import logging
import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

from tinyreason.config import ConfigError, read_values

logger = logging.getLogger(__name__)

UNSLOTH = "pip install -e '.[unsloth]'"


@dataclass(frozen=True)
class Card:
    """A hardware target. `bfloat16` means in hardware: a T4 answers yes to torch, and emulates it slowly.
    `peak_tflops` is what its maker names for dense 16-bit matrices, None where that is not known here.
    """

    label: str
    memory_gib: float
    vendor: Literal["nvidia", "amd", "none"]
    bfloat16: bool
    flash_attention_2: bool
    bitsandbytes: bool
    peak_tflops: float | None


CARDS = {
    "t4": Card(
        *("NVIDIA T4", 14.7, "nvidia"),
        bfloat16=False, flash_attention_2=False, bitsandbytes=True, peak_tflops=65,
    ),
    "l4": Card(
        *("NVIDIA L4", 22.0, "nvidia"),
        bfloat16=True, flash_attention_2=True, bitsandbytes=True, peak_tflops=121,
    ),
    "a100": Card(
        *("NVIDIA A100 40 GB", 39.4, "nvidia"),
        bfloat16=True, flash_attention_2=True, bitsandbytes=True, peak_tflops=312,
    ),
    "h100": Card(
        *("NVIDIA H100", 79.1, "nvidia"),
        bfloat16=True, flash_attention_2=True, bitsandbytes=True, peak_tflops=989,
    ),
    "mi300x": Card(
        *("AMD MI300X", 191.5, "amd"),
        bfloat16=True, flash_attention_2=False, bitsandbytes=False, peak_tflops=1307,
    ),
}  # fmt: skip
PEAKS = {name: card.peak_tflops for name, card in CARDS.items()} | {"h200": 989.0}


def cpu_has_bfloat16() -> bool:
    """Whether the CPU multiplies bfloat16 matrices in hardware; where it does not,
    bfloat16 is slower than float32.
    """
    import torch

    capabilities = torch.cpu.get_capabilities()
    return capabilities.get("avx512_bf16", False) or capabilities.get("amx_bf16", False)


def this_card() -> Card | None:
    """The first card of this machine, None where there is none."""
    import torch

    if not torch.cuda.is_available():
        return None
    nvidia = torch.version.hip is None
    return Card(
        label=torch.cuda.get_device_name(),
        memory_gib=torch.cuda.get_device_properties(0).total_memory / 2**30,
        vendor="nvidia" if nvidia else "amd",
        bfloat16=torch.cuda.is_bf16_supported(including_emulation=False),
        flash_attention_2=nvidia and torch.cuda.get_device_capability() >= (8, 0),
        bitsandbytes=nvidia,
        peak_tflops=peak_of(torch.cuda.get_device_name()),
    )


def peak_of(name: str) -> float | None:
    """By the driver's name: "NVIDIA H100 80GB HBM3" is an h100. An H100 PCIe or NVL is clocked lower, and of
    a card that is divided (MIG) a process has a part.
    """
    words = set(re.findall(r"\w+", name.lower()))
    return (
        None
        if words & {"pcie", "nvl", "mig"}
        else next((PEAKS[word] for word in words if word in PEAKS), None)
    )


def energy_used(cards: int) -> float | None:
    """What the first `cards` cards of this process have used since their driver was loaded, in joules, by the
    counter that NVIDIA's have since Volta; None where there is no such counter, or no pynvml to read it.
    """
    import torch

    if not cards or not has_cuda() or find_spec("pynvml") is None:
        return None
    import pynvml

    try:
        pynvml.nvmlInit()
        used = 0
        for index in range(cards):
            uuid = f"GPU-{torch.cuda.get_device_properties(index).uuid}"
            used += pynvml.nvmlDeviceGetTotalEnergyConsumption(pynvml.nvmlDeviceGetHandleByUUID(uuid))
    except pynvml.NVMLError:
        return None
    return used / 1000


def device() -> str:
    """Where a model that is not trained runs: the card, Apple's too, else the CPU."""
    import torch

    return torch.accelerator.current_accelerator().type if torch.accelerator.is_available() else "cpu"


def attention(wanted: str | None, dtype: str) -> str | None:
    """`auto` resolved: flash_attention_2 where it is installed, the card has it and the weights are in 16
    bits, else sdpa.
    """
    if wanted != "auto":
        return wanted
    card = this_card()
    fits = card is not None and card.flash_attention_2 and dtype != "float32" and find_spec("flash_attn")
    return "flash_attention_2" if fits else "sdpa"


def chosen_backend(wanted: str) -> Literal["transformers", "unsloth"]:
    """`auto` resolved: an installed package alone changes nothing.

    Raises ConfigError where Unsloth is asked for and not installed.
    """
    if wanted == "transformers":
        return "transformers"
    installed = find_spec("unsloth") is not None
    if wanted == "unsloth":
        if not installed:
            raise ConfigError(f"backend: unsloth is not installed; {UNSLOTH}, or write backend: auto")
        return "unsloth"
    return "unsloth" if installed and has_cuda() else "transformers"


def has_cuda() -> bool:
    """Whether there is an NVIDIA card; torch says cuda of an AMD one too."""
    card = this_card()
    return card is not None and card.vendor == "nvidia"


def import_backend() -> None:
    """Imports Unsloth where the recipe of the command line chooses it, and logs what `auto` became. Unsloth
    patches Transformers and TRL, and has to come before them: every training recipe calls this first.
    """
    try:
        wanted = read_values(None, ["backend"]).get("backend", "transformers")
        backend = chosen_backend(wanted)
    except ConfigError as error:
        sys.exit(f"error: {error}")
    if wanted == "auto":
        unsloth = "installed" if find_spec("unsloth") else "not installed"
        card = "a CUDA card" if has_cuda() else "no CUDA card"
        logger.warning("backend: auto is %s: Unsloth is %s, with %s", backend, unsloth, card)
    if backend == "unsloth":
        import_unsloth()


def import_unsloth() -> Any:
    """The unsloth package."""
    import unsloth

    return unsloth
