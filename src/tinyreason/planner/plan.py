"""What a recipe will take, before it runs: memory phase by phase against a card, batches, steps, tokens."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tinyreason.config import ConfigError, ModelArguments
from tinyreason.hardware import CARDS
from tinyreason.planner.architectures import Architecture, architecture_of
from tinyreason.planner.lengths import PROMPT_TOKENS, rows_of
from tinyreason.planner.memory import Job, phases

GIB = 2**30
CONTEXT_GIB = 0.6  # what driver and kernels hold beside torch's own memory
SCRATCH_VOCABULARY = 32_000
Stage = Literal["pretrain", "sft", "rl"]
STAGES: dict[str, Stage] = {"pretrain": "pretrain", "sft": "sft", "grpo": "rl"}  # by the recipe's name


def stage_of(path: Path) -> Stage:
    """By the recipe that the first line of the file names."""
    found = re.search(r"recipes/(\w+)\.py", path.read_text().partition("\n")[0])
    if not found or found[1] not in STAGES:
        names = ", ".join(f"recipes/{name}.py" for name in STAGES)
        raise ConfigError(f"{path}: its first line names none of {names}")
    return STAGES[found[1]]


def card_named(path: Path) -> str | None:
    """The card in a file's name, as in grpo_t4.yaml; None where it names none of CARDS."""
    name = path.stem.rpartition("_")[2]
    return name if name in CARDS else None


@dataclass
class PlanArguments:
    """The keys of a training recipe that the plan depends on, under their own names and defaults (TRL's)."""

    algorithm: str = "grpo"
    dataset: str = "synthetic"
    max_rows: int | None = None
    max_length: int | None = 1024
    max_completion_length: int = 512
    num_generations: int | None = None
    num_iterations: int | None = None
    generation_batch_size: int | None = None
    steps_per_generation: int | None = None
    per_device_train_batch_size: int = 8
    gradient_accumulation_steps: int = 1
    gradient_checkpointing: bool = True
    bf16: bool | None = None
    fp16: bool = False
    optim: str = "adamw_torch_fused"
    max_steps: int = -1
    num_train_epochs: float = 3.0
    beta: float = 0.0
    log_kl: bool = True
    use_vllm: bool = False
    vllm_mode: str = "colocate"
    vllm_gpu_memory_utilization: float = 0.3

    def __post_init__(self) -> None:
        self.num_generations = self.num_generations or (1 if self.algorithm == "ppo" else 8)
        self.num_iterations = self.num_iterations or (2 if self.algorithm == "gspo" else 1)


@dataclass(frozen=True)
class Plan:
    """`phases` are in GiB; `knob` is what to turn where it does not fit."""

    hardware: str
    total_parameters: int
    trainable_parameters: int
    trainable_percent: float
    peak_gib: float
    card_gib: float
    fits: bool
    knob: str | None
    phases: dict[str, dict[str, float]]
    effective_batch: int
    prompts_per_step: int
    steps: int
    tokens: int
    assumptions: list[str]


def plan(stage: Stage, model_args: ModelArguments, args: PlanArguments, hardware: str) -> Plan:
    """The plan on one card of `CARDS`; ConfigError for pretraining, whose memory was not measured."""
    if stage == "pretrain":
        raise ConfigError("only recipes/sft.py and recipes/grpo.py can be planned")
    card = CARDS[hardware]
    shape = architecture_of(model_args.model_name_or_path, model_args.architecture, SCRATCH_VOCABULARY)
    job = job_of(stage, model_args, args, shape, card.memory_gib)
    sizes = {
        name: {part: size / GIB for part, size in parts.items() if size}
        for name, parts in phases(job).items()
    }
    peak = max(sum(parts.values()) for parts in sizes.values())
    total = shape.parameters() + job.adapter_parameters
    fits = peak + CONTEXT_GIB <= card.memory_gib
    sequences = args.per_device_train_batch_size * args.gradient_accumulation_steps
    steps = steps_of(stage, args, sequences)
    return Plan(
        hardware=hardware,
        total_parameters=total,
        trainable_parameters=job.trained,
        trainable_percent=100 * job.trained / total,
        peak_gib=peak,
        card_gib=card.memory_gib,
        fits=fits,
        knob=None if fits else knob(stage, model_args, args),
        phases=sizes,
        effective_batch=sequences,
        prompts_per_step=sequences // args.num_generations if stage == "rl" else sequences,
        steps=steps,
        tokens=steps * sequences * job.tokens,
        assumptions=assumptions(stage, args.dataset),
    )


def job_of(
    stage: str, model_args: ModelArguments, args: PlanArguments, shape: Architecture, card_gib: float
) -> Job:
    """The recipe as the sizes that memory depends on."""
    rl = stage == "rl"
    bits = 4 if model_args.load_in_4bit else {"float32": 32}.get(model_args.dtype, 16)
    adapter = shape.adapter_parameters(model_args.lora_r, model_args.lora_target_modules)
    accumulated, micro_batch = args.gradient_accumulation_steps, args.per_device_train_batch_size
    per_generation = args.generation_batch_size or micro_batch * (args.steps_per_generation or accumulated)
    reference = rl and (args.log_kl or args.beta > 0)
    inner_steps = accumulated % (per_generation // micro_batch * args.num_iterations) != 0
    return Job(
        stage=stage,
        shape=shape,
        base_bits=bits,
        autocast=args.fp16 or args.bf16 in (None, True),
        rank=model_args.lora_r if model_args.use_peft else None,
        adapter_parameters=adapter if model_args.use_peft else 0,
        optimizer_bytes=optimizer_bytes(args.optim, bits if not model_args.use_peft else 32),
        micro_batch=micro_batch,
        tokens=PROMPT_TOKENS + args.max_completion_length if rl else args.max_length or shape.context,
        checkpointing=args.gradient_checkpointing,
        completion=args.max_completion_length if rl else 0,
        rollout_rows=per_generation if rl else 0,
        reference=reference,
        rescored=reference or (rl and inner_steps),
        vllm_bytes=vllm_bytes(args, card_gib) if rl else 0.0,
    )


def vllm_bytes(args: PlanArguments, card_gib: float) -> float:
    """The share of the card that a colocated vLLM takes for its weights and its cache."""
    colocated = args.use_vllm and args.vllm_mode == "colocate"
    return args.vllm_gpu_memory_utilization * card_gib * GIB if colocated else 0.0


def optimizer_bytes(optim: str, bits: int) -> float:
    """Of a trained weight: two moments in its own format, or in eight bits each; momentum alone, or none."""
    if "8bit" in optim:
        return 2.0
    return {"sgd": 0.0, "adafactor": 0.1}.get(optim, 2 * bits / 8)


def steps_of(stage: str, args: PlanArguments, sequences: int) -> int:
    """Optimizer steps: given, or so many epochs; 0 where the number of rows is not known."""
    if args.max_steps > 0:
        return args.max_steps
    rows = args.max_rows or rows_of(args.dataset)
    per_row = args.num_generations * args.num_iterations if stage == "rl" else 1
    return -(-int(rows * args.num_train_epochs) * per_row // sequences)


def knob(stage: str, model_args: ModelArguments, args: PlanArguments) -> str:
    """The setting that saves most at no cost in quality, of those not yet turned."""
    if not args.gradient_checkpointing:
        return "gradient_checkpointing: true"
    if args.per_device_train_batch_size > 1:
        half, twice = args.per_device_train_batch_size // 2, args.gradient_accumulation_steps * 2
        return f"per_device_train_batch_size: {half} and gradient_accumulation_steps: {twice}, the same batch"
    if not model_args.use_peft:
        return "use_peft: true"
    if not model_args.load_in_4bit:
        return "load_in_4bit: true"
    return "max_completion_length" if stage == "rl" else "max_length"


def assumptions(stage: str, dataset: str) -> list[str]:
    """What the plan takes for granted."""
    lines = [f"{CONTEXT_GIB} GiB beside it are for the driver and its kernels"]
    if stage == "rl":
        lines.append(f"prompts of {PROMPT_TOKENS} tokens, completions as long as they may be")
    else:
        lines.append("every row as long as max_length")
    if "mathinstruct" in dataset or "metamathqa" in dataset:
        lines.append("the rows of the files, of which programs and repeated solutions are left out")
    return lines


def as_dict(config: str, found: Plan) -> dict[str, Any]:
    """The plan as one JSON object."""
    return {"config": config, **vars(found)}
