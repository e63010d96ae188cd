"""The rules: what in a recipe cannot work, or works otherwise than it reads. Each looks at all values at once
and yields, for each mistake, the key to change and why, with the fix.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tinyreason.data.splits import DATASETS, is_known, parts_of
from tinyreason.hardware import Card
from tinyreason.planner import KNOWN, Architecture, from_config
from tinyreason.planner.lengths import LENGTHS, PROMPT_TOKENS, share_beyond
from tinyreason.rewards import weights_fault

Found = Iterator[tuple[str, str]]
# learning rates that such runs use, for models of 100M weights and more; below, far higher ones are usual
LARGE = 100_000_000
BANDS = {
    ("pretrain", False): (1e-5, 1e-2),
    ("sft", False): (1e-6, 1e-4),
    ("sft", True): (1e-5, 1e-3),
    ("rl", False): (1e-7, 1e-5),
    ("rl", True): (1e-6, 1e-4),
}
# rewards that differ among wrong answers
SHAPING = ("cosine_length", "steps", "repetition", "soft_overlong")


@dataclass(frozen=True)
class Recipe:
    """All values of a recipe, the stage (pretrain, sft, rl) and the card, None for a CPU or an unknown."""

    stage: str
    values: Mapping[str, Any]
    card: Card | None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def shape(self) -> Architecture | None:
        """Of the model, where its name says it."""
        name = self["model_name_or_path"]
        return from_config(KNOWN[name]) if name in KNOWN else None

    @property
    def flash(self) -> bool:
        """Whether attention is FlashAttention 2; `auto` takes it to be installed."""
        wanted = self["attn_implementation"]
        return wanted == "flash_attention_2" or (wanted == "auto" and self.card.flash_attention_2)

    @property
    def bfloat16(self) -> bool:
        """Whether it computes in bfloat16: TRL does unless it is told otherwise."""
        return self["bf16"] or (self["bf16"] is None and not self["fp16"])


def number_format(recipe: Recipe) -> Found:
    """bfloat16 where the card has none; float16 weights that are trained."""
    card = recipe.card
    if card and not card.bfloat16:
        if recipe.bfloat16:
            yield "bf16", f"{card.label} only emulates bfloat16, slowly; write fp16: true and bf16: false"
        if recipe["dtype"] == "bfloat16":
            yield "dtype", f"{card.label} only emulates bfloat16, slowly; write dtype: float16"
    if recipe["dtype"] == "float16" and not recipe["use_peft"]:
        yield "dtype", "gradients of float16 weights cannot be unscaled; write float32, or use_peft: true"
    if recipe["dtype"] == "float16" and not recipe["fp16"]:
        yield "fp16", "float16 weights need fp16: true, which scales the loss"


def quantization(recipe: Recipe) -> Found:
    """Four and eight bits."""
    card = recipe.card
    if recipe["load_in_4bit"] and not recipe["use_peft"]:
        yield "load_in_4bit", "four-bit weights cannot be trained; write use_peft: true"
    if card and not card.bitsandbytes:
        if recipe["load_in_4bit"]:
            yield "load_in_4bit", f"bitsandbytes does not run on {card.label}; leave it out (16-bit LoRA)"
        if "8bit" in recipe["optim"]:
            yield "optim", f"bitsandbytes does not run on {card.label}; write adamw_torch_fused"
    if recipe.stage == "rl" and recipe["use_vllm"] and recipe["load_in_4bit"]:
        yield "use_vllm", "TRL gives vLLM the packed weights, which generates nonsense; write use_vllm: false"


def attention(recipe: Recipe) -> Found:
    """FlashAttention 2."""
    if recipe["attn_implementation"] != "flash_attention_2":
        return
    if recipe.card and not recipe.card.flash_attention_2:
        yield "attn_implementation", f"{recipe.card.label} does not have it; write sdpa"
    if recipe["dtype"] == "float32":
        yield "attn_implementation", "it computes in 16 bits only; write dtype: bfloat16, or sdpa"


def packing(recipe: Recipe) -> Found:
    """Several rows in one."""
    if recipe.stage != "sft":
        return
    prepared = (recipe["dataset_kwargs"] or {}).get("skip_prepare_dataset", False)
    if recipe["packing"] and prepared:
        yield "packing", "dataset_kwargs: {skip_prepare_dataset: true} leaves rows as they are; drop one"
    if recipe["packing"] and recipe["packing_strategy"] == "wrapped":
        yield "packing_strategy", "wrapped lets the problems of a row see each other; write bfd"
    if recipe["padding_free"] and not recipe["packing"] and recipe["max_length"] is not None:
        yield "padding_free", "TRL refuses it with a max_length; write max_length: null, or packing: true"
    key = "packing" if recipe["packing"] else "padding_free"
    if recipe[key] and recipe.card and not recipe.flash:
        yield key, "without FlashAttention 2 a shared row costs memory and time by its square; write false"


def lengths(recipe: Recipe) -> Found:
    """Rows and completions beyond the model's context."""
    if recipe.shape is None:
        return
    context = recipe.shape.context
    if recipe.stage == "sft" and (recipe["max_length"] or 0) > context:
        yield "max_length", f"the model has {context} positions; write {context} or less"
    room = context - PROMPT_TOKENS
    if recipe.stage == "rl" and recipe["max_completion_length"] > room:
        yield "max_completion_length", f"the model has {context} positions, prompts need some; write {room}"


def data(recipe: Recipe) -> Found:
    """A dataset that nobody knows; limits that much of it does not fit into."""
    if recipe.stage == "pretrain":
        return
    for name in parts_of(recipe["dataset"]):
        if not is_known(name):
            yield "dataset", f"{name} is none of {', '.join(DATASETS)}, and no path of a file or folder"
        if name not in LENGTHS or recipe["dry_run"]:
            continue
        key, percentiles, most, what = {
            "sft": ("max_length", LENGTHS[name].row, 1, "rows of {} are longer and would be left out"),
            "rl": ("max_completion_length", LENGTHS[name].target, 50, "worked solutions of {} are longer"),
        }[recipe.stage]
        share = share_beyond(percentiles, recipe[key] or percentiles[-1])
        if share >= most:
            enough = percentiles[-1]
            yield key, f"{share} % or more of the {what.format(name)}; write {enough}, the longest"


def pretraining(recipe: Recipe) -> Found:
    """Rows that would not be there, or not be the same after a resume."""
    if recipe.stage != "pretrain":
        return
    if recipe["max_steps"] <= 0:
        yield "max_steps", "says how many rows are drawn from the mixture; write a number"
    if recipe["train_sampling_strategy"] != "sequential":
        yield "train_sampling_strategy", "the rows come mixed and in a fixed order; write sequential"
    for key in ("use_peft", "load_in_4bit"):
        if recipe[key]:
            yield key, "pretraining trains all weights; write false"
    positions = (recipe["architecture"] or {}).get("max_position_embeddings", recipe["context_length"])
    if recipe["context_length"] > positions:
        yield "context_length", f"the architecture has {positions} positions; write {positions} or less"


def learning_rate(recipe: Recipe) -> Found:
    """Outside of what such runs use."""
    if recipe.shape is None or recipe.shape.parameters() < LARGE:
        return
    low, high = BANDS[recipe.stage, recipe["use_peft"]]
    if not low <= recipe["learning_rate"] <= high:
        kind = "adapters" if recipe["use_peft"] else "all weights"
        yield "learning_rate", f"{recipe.stage} of {kind} uses {low:g} to {high:g}"


def weights(recipe: Recipe) -> Found:
    """Another number of them than of rewards."""
    if recipe.stage == "rl":
        fault = weights_fault(recipe["reward_funcs"], recipe["reward_weights"])
        if fault:
            yield "reward_weights", fault


def shaping(recipe: Recipe) -> Found:
    """Rewards that pay wrong answers differently, made as large as being right by the group's deviation."""
    if recipe.stage != "rl" or recipe.values.get("scale_rewards") != "group":
        return
    if recipe["algorithm"] == "dapo" and recipe["max_resample_rounds"] > 0:
        return  # groups without a right answer are replaced
    shaped = [name for name in recipe["reward_funcs"] if name in SHAPING]
    if "format" in recipe["reward_funcs"] and not recipe["format_requires_correct"]:
        shaped.append("format")
    if shaped:
        always = recipe["algorithm"] == "grpo_lead"
        fix = "take dr_grpo, since grpo_lead always scales" if always else "write scale_rewards: none"
        yield (
            "reward_funcs",
            f"where all answers are wrong, {' and '.join(shaped)} alone decide, at full size; {fix}, or pay "
            "inside right answers only",
        )


def sampling(recipe: Recipe) -> Found:
    """Rollouts from another distribution than the one that is scored."""
    if recipe.stage != "rl":
        return
    neutral = {"top_p": (1.0,), "top_k": (0, None), "min_p": (None, 0.0), "repetition_penalty": (1.0,)}
    for key, values in neutral.items():
        if recipe[key] not in values:
            yield key, f"TRL's log-probabilities leave it out of account; write {values[0]}"
    for key in recipe["generation_kwargs"] or {}:
        if key in (*neutral, "temperature"):
            yield "generation_kwargs", f"{key} in it is left out of the log-probabilities; take it out"


def best_checkpoint(recipe: Recipe) -> Found:
    """load_best_model_at_end needs an evaluation at every checkpoint, and all checkpoints."""
    if not recipe["load_best_model_at_end"]:
        return
    if recipe["push_to_hub"] and recipe["hub_strategy"] == "checkpoint":
        yield (
            "load_best_model_at_end",
            "only the last checkpoint is on the Hub, so a run that goes on from there may not have the best; "
            "write false",
        )
    metric = recipe["metric_for_best_model"] or "loss"
    if "+" in recipe.values.get("dataset", "") and metric.removeprefix("eval_") == "loss":
        yield "metric_for_best_model", "each part of a mixture has its own; write eval_PART_loss"
    evaluated, saved = str(recipe["eval_strategy"]), str(recipe["save_strategy"])
    if evaluated.rpartition(".")[2].lower() != saved.rpartition(".")[2].lower():
        yield "load_best_model_at_end", "needs eval_strategy and save_strategy alike; write both: steps"
    elif recipe["save_steps"] % (recipe["eval_steps"] or recipe["logging_steps"]):
        yield "save_steps", "is no multiple of eval_steps, so a checkpoint would have no evaluation"


RULES: tuple[Callable[[Recipe], Found], ...] = (
    number_format,
    quantization,
    attention,
    packing,
    lengths,
    data,
    pretraining,
    learning_rate,
    weights,
    shaping,
    sampling,
    best_checkpoint,
)
