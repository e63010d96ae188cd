"""Memory of each phase of training at its fullest moment, from shapes alone, in bytes.

What a layer allocates was counted: in real training steps of small models, in two widths of everything, which
gives whole bytes a token and a channel. `tests/test_memory.py` counts again, in whole steps of the trainers
too. Attention is one that keeps no scores (SDPA, FlashAttention 2), the optimizer torch's or bitsandbytes'.
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
    ("lora", 32): (Kept(8, 18, 6, 4, 14), Kept(14, 32, 6, 4, 2)),
    ("lora", 64): (Kept(16, 16, 8, 8, 28), Kept(24, 20, 8, 8, 24)),
    ("lora", 4): (Kept(14, 20, 6, 4, 14), Kept(24, 22, 6, 4, 12)),
    ("full", 16): (Kept(8, 18, 4, 4, 0), Kept(12, 18, 4, 4, 0)),
    ("full", 32): (Kept(8, 28, 4, 4, 0), Kept(12, 26, 4, 4, 0)),
    ("full", 64): (Kept(16, 28, 8, 8, 0), Kept(24, 24, 8, 8, 0)),
}
# (adapters, base weights, autocast) -> bytes a token for each channel of the feed-forward and of the hidden
# state, in the fullest moment of a layer without gradients
PASSED = {
    ("lora", 16, True): (8, 12),
    ("lora", 16, False): (12, 12),
    ("lora", 32, True): (8, 18),
    ("lora", 32, False): (16, 16),
    ("lora", 4, True): (16, 16),
    ("lora", 4, False): (16, 16),
    ("full", 16, True): (6, 8),
    ("full", 16, False): (6, 8),
    ("full", 32, True): (6, 16),
    ("full", 32, False): (12, 16),
}
# of a logit while the next token is drawn: as the model gives it, in float32, divided, and its probability
SAMPLED_BYTES = 14


@dataclass(frozen=True)
class Job:
    """What memory depends on. `base_bits`: 4, 16 or 32; `autocast`: computing in 16 bits; batches count
    sequences of `tokens` tokens, in RL prompt and completion together. `rescored`: a pass over what was
    sampled comes before it is trained on.
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
    rescored: bool = False
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
    reference = 0.0
    if job.reference:
        reference = job.adapter_parameters * 4 if job.rank else weight_bytes(job)
    return {
        "weights": weight_bytes(job),
        "adapter": job.adapter_parameters * 4 if job.rank else 0.0,
        "optimizer": job.trained * job.optimizer_bytes,
        "reference": reference,
        "vLLM": job.vllm_bytes,
    }


def copy_bytes(job: Job) -> float:
    """What autocast casts to 16 bits and keeps until the end of a pass: trained weights, and the output
    embedding of a base that has it in float32.
    """
    if not job.autocast:
        return 0.0
    if job.rank is None:
        return 2 * job.trained if job.base_bits == 32 else 0.0
    head = 2 * job.shape.vocabulary * job.shape.hidden if job.residual_bytes == 4 else 0
    return 2 * job.trained + head


def kept(job: Job) -> tuple[float, float]:
    """Bytes a token of one layer: until the backward pass, and at the peak of its own."""
    bits = 64 if job.base_bits == 32 and not job.autocast else job.base_bits
    held, peak = KEPT["lora" if job.rank else "full", bits]
    return held.per_token(job.shape, job.rank or 0), peak.per_token(job.shape, job.rank or 0)


def passed(job: Job, *, autocast: bool) -> float:
    """Bytes a token of a pass without gradients."""
    feed_forward, hidden = PASSED["lora" if job.rank else "full", job.base_bits, autocast]
    return feed_forward * job.shape.feed_forward + hidden * job.shape.hidden


def cache_bytes(job: Job) -> float:
    """Keys and values of a token: in the format of the stream, since sampling runs without autocast."""
    return 2 * job.shape.layers * job.shape.key * job.residual_bytes


def held_bytes(job: Job) -> float:
    """What all layers keep for the backward pass: with checkpointing the stream between them."""
    layer = job.residual_bytes * job.shape.hidden if job.checkpointing else kept(job)[0]
    return job.micro_batch * job.tokens * job.shape.layers * layer


def activation_bytes(job: Job) -> float:
    """Of the layers, at the peak of the backward pass."""
    held, peak = kept(job)
    of_one = peak if job.checkpointing else max(peak - held, 0.0)
    return held_bytes(job) + job.micro_batch * job.tokens * of_one


def logits(job: Job) -> int:
    """Of the completions of a micro-batch, and of the token before each."""
    return job.micro_batch * (job.completion + 1) * job.shape.vocabulary


def training_step(job: Job) -> list[dict[str, float]]:
    """At the head, when all layers hold what they keep, and in a layer's backward pass.

    In RL logits come in float32, into which Accelerate casts them, and so does their gradient; in SFT TRL
    makes them in chunks.
    """
    each = 4 if job.rank else job.base_bits // 8
    there = {**resident(job), "gradients": job.trained * each, "16-bit copies": copy_bytes(job)}
    chunk = min(LOGIT_CHUNK, job.micro_batch * job.tokens) * job.shape.vocabulary
    head = 16 * chunk if job.stage == "sft" else 8 * logits(job)
    return [
        {**there, "activations": held_bytes(job), "logits": head},
        {**there, "activations": activation_bytes(job)},
    ]


def rollout(job: Job) -> list[dict[str, float]]:
    """While the prompts are read, and when the last token is drawn; with vLLM all of it is in its share."""
    if job.vllm_bytes:
        return [resident(job)]
    rows, prompt = job.rollout_rows, job.tokens - job.completion
    cache, pass_bytes = cache_bytes(job), passed(job, autocast=False)
    drawn = rows * job.shape.vocabulary * SAMPLED_BYTES
    return [
        {**resident(job), "KV cache": rows * prompt * cache, "activations": rows * prompt * pass_bytes},
        {**resident(job), "KV cache": rows * job.tokens * cache, "logits": drawn},
    ]


def log_probabilities(job: Job) -> list[dict[str, float]]:
    """Of what was sampled, a micro-batch at a time: TRL still has the logits of the one before."""
    there = {**resident(job), "16-bit copies": copy_bytes(job)}
    before = 4 * logits(job) if job.rollout_rows > job.micro_batch else 0
    made = (6 if job.autocast else 4) * logits(job)
    activations = job.micro_batch * job.tokens * passed(job, autocast=job.autocast)
    return [{**there, "logits": before + made}, {**there, "logits": before, "activations": activations}]


def phases(job: Job) -> dict[str, dict[str, float]]:
    """Phase -> what takes memory in its fullest moment."""
    moments = {"training step": training_step(job)}
    if job.rescored:
        moments = {"log-probabilities": log_probabilities(job), **moments}
    if job.stage == "rl":
        moments = {"rollout": rollout(job), **moments}
    return {name: max(parts, key=lambda part: sum(part.values())) for name, parts in moments.items()}
