"""What the machine can do, as far as a recipe's precision depends on it."""


def cpu_has_bfloat16() -> bool:
    """Whether the CPU multiplies bfloat16 matrices in hardware; where it does not,
    bfloat16 is slower than float32.
    """
    import torch

    capabilities = torch.cpu.get_capabilities()
    return capabilities.get("avx512_bf16", False) or capabilities.get("amx_bf16", False)
