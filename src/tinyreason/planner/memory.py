"""Peak memory of each phase of training, from shapes alone, in bytes.

What a layer keeps for its backward pass was counted: the allocations of real training steps of small models,
in two widths of everything, which gives whole bytes a token and a channel. `tests/test_planner.py` counts
again. Attention is one that keeps no scores (SDPA, FlashAttention 2), the optimizer torch's or bitsandbytes'.
"""

from dataclasses import dataclass
from typing import Literal

from tinyreason.planner.architectures import Architecture

LOGIT_CHUNK = 256  # tokens whose logits TRL's SFT loss holds at once
# NF4: half a byte a weight, a byte for 64 of them, four bytes for 64 x 256 of those
NF4_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256)


@dataclass(frozen=True)
class Kept:
    """Bytes a token that one layer allocates: for each channel of the feed-forward, the hidden state, queries
    and keys, for each rank of the adapters, and for the two norms and the head's softmax, per head.
    """

    feed_forward: float
    hidden: float
    query: float
    key: float
    rank: float

    def per_token(self, shape: Architecture, rank: int) -> float:
        """For all channels of a layer."""
        return (
            self.feed_forward * shape.feed_forward
            + self.hidden * shape.hidden
            + self.query * shape.query
            + self.key * shape.key
            + self.rank * rank
            + 4 * shape.heads
            + 8
        )


# (adapters, base weights) -> kept until the backward pass; at the peak of one layer's own backward pass
KEPT = {
    ("lora", 16): (Kept(8, 18, 6, 4, 14), Kept(14, 30, 6, 4, 2)),
    ("lora", 4): (Kept(14, 20, 6, 4, 14), Kept(24, 22, 6, 4, 12)),
    ("full", 16): (Kept(8, 18, 4, 4, 0), Kept(12, 18, 4, 4, 0)),
    ("full", 32): (Kept(8, 28, 4, 4, 0), Kept(12, 26, 4, 4, 0)),
    ("full", 64): (Kept(16, 28, 8, 8, 0), Kept(24, 24, 8, 8, 0)),
}


@dataclass(frozen=True)
class Job:
    """What memory depends on. `base_bits`: 4, 16 or 32; `autocast`: computing in 16 bits; batches count
    sequences of `tokens` tokens, in RL prompt and completion together.
    """

    stage: Literal["sft", "rl"]
    shape: Architecture
    base_bits: int
    autocast: bool
    rank: int | None
    adapter_parameters: int
    optimizer_bytes: float
    micro_batch: int
    tokens: int
    checkpointing: bool
    completion: int = 0
    rollout_rows: int = 0
    reference: bool = False
    vllm_bytes: float = 0.0

    @property
    def trained(self) -> int:
        """Weights with a gradient."""
        return self.adapter_parameters if self.rank else self.shape.parameters()

    @property
    def residual_bytes(self) -> int:
        """Of a channel of the stream between layers, as norms and embeddings have it."""
        return 2 if self.base_bits == 16 else 4


def weight_bytes(job: Job) -> float:
    """The base, quantised or not."""
    shape = job.shape
    if job.base_bits != 4:
        return shape.parameters() * job.base_bits / 8
    return shape.linear_weights() * NF4_BYTES + (shape.embedding_weights() + shape.other_weights()) * 4


def resident(job: Job) -> dict[str, float]:
    """What is there in every phase, by name."""
    bytes_each = 4 if job.rank else job.base_bits / 8
    copies = job.autocast * 2 * (job.trained if bytes_each == 4 else 0)
    reference = 0.0
    if job.reference:
        reference = job.adapter_parameters * 4 if job.rank else weight_bytes(job)
    return {
        "weights": weight_bytes(job),
        "adapter": job.adapter_parameters * 4 if job.rank else 0.0,
        "gradients": job.trained * bytes_each,
        "optimizer": job.trained * job.optimizer_bytes,
        "16-bit copies of trained weights": copies,
        "reference": reference,
        "vLLM": job.vllm_bytes,
    }


def kept(job: Job) -> tuple[float, float]:
    """Bytes a token of one layer: until the backward pass, and at the peak of its own."""
    bits = 64 if job.base_bits == 32 and not job.autocast else job.base_bits
    held, peak = KEPT["lora" if job.rank else "full", bits]
    return held.per_token(job.shape, job.rank or 0), peak.per_token(job.shape, job.rank or 0)


def activation_bytes(job: Job) -> float:
    """Of the layers, at the peak of the backward pass."""
    tokens, held_and_peak = job.micro_batch * job.tokens, kept(job)
    if job.checkpointing:
        stream = job.shape.layers * job.residual_bytes * job.shape.hidden
        return tokens * (stream + held_and_peak[1])
    extra = held_and_peak[1] - held_and_peak[0]
    return tokens * (job.shape.layers * held_and_peak[0] + max(extra, 0.0))


def head_bytes(job: Job, *, gradient: bool) -> float:
    """Logits and what the loss makes of them; and the output embedding, where it is cast to 16 bits."""
    vocabulary = job.shape.vocabulary
    cast = 2 * vocabulary * job.shape.hidden if job.autocast and job.residual_bytes == 4 else 0
    if job.stage == "sft":
        return 16 * min(LOGIT_CHUNK, job.micro_batch * job.tokens) * vocabulary + cast
    logit = 2 if job.autocast else 4
    return job.micro_batch * (job.completion + 1) * vocabulary * logit * (2 if gradient else 1) + cast


def phases(job: Job) -> dict[str, dict[str, float]]:
    """Phase -> what takes memory in it. The peak of a phase is the sum of its parts."""
    base = resident(job)
    training = {**base, "activations": activation_bytes(job), "logits": head_bytes(job, gradient=True)}
    if job.stage == "sft":
        return {"training step": training}
    shape, rows = job.shape, job.rollout_rows
    half = 2 if job.base_bits != 32 or job.autocast else 4
    rollout = dict(base)
    if not job.vllm_bytes:
        prompt = job.tokens - job.completion
        rollout["KV cache"] = rows * job.tokens * 2 * shape.layers * shape.key * half
        rollout["activations"] = rows * prompt * (3 * shape.feed_forward + 4 * shape.hidden) * half
        rollout["logits"] = rows * shape.vocabulary * 12
    scored = job.micro_batch * job.tokens * (3 * shape.feed_forward + 4 * shape.hidden) * half
    log_probabilities = {**base, "activations": scored, "logits": head_bytes(job, gradient=False)}
    return {"rollout": rollout, "log-probabilities": log_probabilities, "training step": training}
