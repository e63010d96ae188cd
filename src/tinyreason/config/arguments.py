"""The keys of a recipe that are ours, not TRL's or Transformers'."""

import re
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tinyreason.config.fields import choose
from tinyreason.config.text import ConfigError

DTYPES = ("float32", "bfloat16", "float16")
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass
class RecipeArguments:
    """The keys that are ours, not TRL's or Transformers'."""

    dataset: str = field(
        default="synthetic", metadata={"help": "synthetic, gsm8k, or a path to a .jsonl or .parquet file."}
    )
    data_dir: str | None = field(
        default=None, metadata={"help": "Folder to read named datasets from instead of the Hub."}
    )
    dataset_revision: str | None = field(
        default=None,
        metadata={"help": "Branch, tag or commit of a Hub dataset; the commit read is recorded."},
    )
    max_rows: int | None = field(default=None, metadata={"help": "Training rows to use; null uses all."})
    max_validation_rows: int | None = field(
        default=None, metadata={"help": "Validation rows to use; null uses all."}
    )
    answer_format: Literal["boxed", "final_answer"] = field(
        default="boxed", metadata={"help": r"How the answer is marked: \boxed{18} or **Final Answer:** 18."}
    )
    dry_run: bool = field(
        default=False,
        metadata={"help": "The same code on any CPU in a minute: a tiny random model, a few rows and steps."},
    )
    # not `data_seed`, which is the Trainer's own name for the order of the batches
    dataset_seed: int = field(default=0, metadata={"help": "Seed by which rows are drawn and split."})


@dataclass
class Source:
    """Where documents of a corpus come from: exactly one of `dataset` and `text`."""

    dataset: str | None = field(
        default=None, metadata={"help": "Problems as in `dataset` of a recipe, rendered as conversations."}
    )
    text: str | None = field(
        default=None,
        metadata={"help": "A .txt, .jsonl, .json or .parquet file, a folder of them, or a Hub dataset."},
    )
    revision: str | None = field(default=None, metadata={"help": "Branch, tag or commit on the Hub."})
    config: str | None = field(default=None, metadata={"help": "Which part of a Hub dataset of texts."})
    folder: str | None = field(default=None, metadata={"help": "Which folder, where its parts are those."})
    column: str = field(default="text", metadata={"help": "The column of a table that holds the text."})
    max_documents: int | None = field(default=None, metadata={"help": "Documents to use; null uses all."})
    max_tokens: int | None = field(default=None, metadata={"help": "Tokens to use; null uses all."})
    drop_near_duplicates: bool = field(
        default=True, metadata={"help": "Leave out texts much like an earlier one; datasets are exempt."}
    )

    def __post_init__(self) -> None:
        if (self.dataset is None) == (self.text is None):
            raise ConfigError(f"dataset is {self.dataset}, text is {self.text}; give exactly one of the two")


@dataclass
class CorpusArguments:
    """The texts that a tokenizer or a model is trained on."""

    sources: dict[str, Source] = field(metadata={"help": "A name for each source, and where it is."})
    data_dir: str | None = field(
        default=None, metadata={"help": "Folder to read named datasets from instead of the Hub."}
    )
    dataset_seed: int = field(default=0, metadata={"help": "Seed by which rows are drawn and split."})
    answer_format: Literal["boxed", "final_answer"] = field(
        default="boxed", metadata={"help": "How the answer of a rendered problem is marked."}
    )

    def __post_init__(self) -> None:
        if not self.sources:
            raise ConfigError("sources: there is none; give a name and where its documents are")
        for name in self.sources:
            if not re.fullmatch(r"\w[\w.-]*", name):
                raise ConfigError(f"sources: {name!r} names a folder; write letters, digits, - and _")


@dataclass
class MixtureArguments:
    """What a model is pretrained on: rows of tokens from the sources of a corpus, by weight."""

    corpus: str = field(metadata={"help": "Folder that recipes/corpus.py wrote."})
    mixture: dict[str, float] = field(
        metadata={"help": "Source -> its weight, counted in tokens; they need not add up to 1."}
    )
    context_length: int = field(default=512, metadata={"help": "Tokens a row."})
    max_validation_rows: int | None = field(
        default=200, metadata={"help": "Validation rows of each source; null uses all."}
    )
    dry_run: bool = field(
        default=False, metadata={"help": "The same code on any CPU in a minute: tiny model and corpus."}
    )

    def __post_init__(self) -> None:
        for name, weight in self.mixture.items():
            if weight <= 0:
                raise ConfigError(f"mixture: {name} has weight {weight}; write more than 0, or leave it out")
        if not self.mixture:
            raise ConfigError("mixture: is empty; give a source of the corpus and its weight")


@dataclass
class ModelArguments:
    """Which model is trained or evaluated; from a name, or from scratch."""

    model_name_or_path: str | None = field(
        default=None, metadata={"help": "Hub id, local folder, or the run folder of an earlier stage."}
    )
    model_revision: str | None = field(
        default=None, metadata={"help": "Branch, tag or commit of a Hub model."}
    )
    tokenizer_name_or_path: str | None = field(default=None, metadata={"help": "null takes the model's own."})
    architecture: dict | None = field(
        default=None,
        metadata={"help": "Transformers config values with model_type, for a model from scratch."},
    )
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})
    attn_implementation: str | None = field(
        default=None,
        metadata={
            "help": "eager, sdpa, flash_attention_2, or auto: flash_attention_2 where installed and the card "
            "has it, else sdpa; null lets Transformers choose."
        },
    )
    backend: Literal["transformers", "auto", "unsloth"] = field(
        default="transformers",
        metadata={"help": "auto: Unsloth where it is installed and the card is CUDA, else Transformers."},
    )
    load_in_4bit: bool = field(
        default=False, metadata={"help": "NF4 weights with double quantisation (QLoRA, with use_peft)."}
    )
    use_peft: bool = field(
        default=False,
        metadata={"help": "Train LoRA adapters; an adapter from an earlier stage is trained on."},
    )
    lora_r: int = field(default=16, metadata={"help": "Rank of the adapters."})
    lora_alpha: int = field(default=32, metadata={"help": "The adapters' output is scaled by alpha / r."})
    lora_dropout: float = field(default=0.0, metadata={"help": "Dropout before the adapters."})
    lora_target_modules: list[str] = field(
        default_factory=lambda: list(PROJECTIONS), metadata={"help": "Linear layers that get an adapter."}
    )
    merge_adapter: bool = field(
        default=False,
        metadata={"help": "An adapter from an earlier stage is merged into its base, and not trained on."},
    )

    def __post_init__(self) -> None:
        choose(dict.fromkeys(DTYPES), self.dtype, what="dtype")
        if (self.model_name_or_path is None) == (self.architecture is None):
            both = f"model_name_or_path is {self.model_name_or_path} and architecture is {self.architecture}"
            raise ConfigError(f"{both}; give exactly one of the two")
        if self.architecture is not None and "model_type" not in self.architecture:
            raise ConfigError(f"architecture: {self.architecture} has no model_type; add one such as qwen3")


@dataclass
class AlgorithmArguments:
    """The algorithm of an RL recipe; it decides the config class that types the rest."""

    algorithm: str = field(default="grpo", metadata={"help": "A name from the table in algorithms.py."})


REWARDS = ("accuracy", "format", "cosine_length", "steps", "repetition", "soft_overlong")


@dataclass
class RewardArguments:
    """What an RL recipe pays for. `reward_weights` is TRL's own: one weight for each name, null for all 1."""

    reward_funcs: list[str] = field(
        default_factory=lambda: ["accuracy"],
        metadata={"help": f"Of {', '.join(REWARDS)}."},
    )
    format_requires_correct: bool = field(
        default=True, metadata={"help": "format pays inside correct completions only."}
    )
    cosine_correct: list[float] = field(
        default_factory=lambda: [1.0, 0.5],
        metadata={"help": "cosine_length of a right answer: with no tokens, with max_completion_length."},
    )
    cosine_wrong: list[float] = field(
        default_factory=lambda: [-1.0, -0.5],
        metadata={"help": "cosine_length of a wrong answer: with no tokens, with max_completion_length."},
    )
    repetition_ngram_size: int = field(
        default=20, metadata={"help": "repetition: tokens in an n-gram; shorter ones repeat in good text."}
    )
    soft_punish_cache: int | None = field(
        default=None,
        metadata={"help": "soft_overlong: tokens before the limit that cost; null for a fifth of the limit."},
    )

    def __post_init__(self) -> None:
        names = self.reward_funcs
        if not names or len(set(names)) < len(names):
            raise ConfigError(f"reward_funcs: {names} must name one or more rewards, each once")
        for name in names:
            choose(dict.fromkeys(REWARDS), name, what="reward in reward_funcs")
        ends = {"cosine_correct": self.cosine_correct, "cosine_wrong": self.cosine_wrong}
        for name, values in ends.items():
            if len(values) != 2:
                raise ConfigError(f"{name}: {values} must be two numbers, as in [1.0, 0.5]")


ALARMS = (
    *("truncation", "dead_groups", "format_without_correctness", "entropy_collapse", "kl_jump", "repetition"),
    *("length_drift", "reward_without_accuracy", "not_finite"),
)


@dataclass
class StopArguments:
    """What ends a run of SFT or pretraining before its time."""

    KNOWN: ClassVar[tuple[str, ...]] = ("not_finite",)

    stop_on: list[str] = field(
        default_factory=lambda: ["not_finite"],
        metadata={"help": "Alarms that end the run: not_finite, or [] for none."},
    )

    def __post_init__(self) -> None:
        for name in self.stop_on:
            choose(dict.fromkeys(self.KNOWN), name, what="alarm in stop_on")


@dataclass
class AlarmArguments(StopArguments):
    """When an RL recipe raises an alarm. Shares and means are of the last `alarm_window` logged steps."""

    KNOWN: ClassVar[tuple[str, ...]] = ALARMS

    stop_on: list[str] = field(
        default_factory=lambda: ["not_finite"],
        metadata={"help": f"Alarms that end the run, of {', '.join(ALARMS)}."},
    )
    alarm_window: int = field(default=10, metadata={"help": "Logged steps that are looked at together."})
    alarm_truncation: float = field(default=0.3, metadata={"help": "Most completions cut off, as a share."})
    alarm_dead_groups: float = field(
        default=0.9, metadata={"help": "Most groups whose completions all earn the same, as a share."}
    )
    alarm_entropy: float = field(default=0.1, metadata={"help": "Least entropy, as a share of the first."})
    alarm_kl: float = field(
        default=10.0, metadata={"help": "Most KL of a step, in multiples of that of the steps before."}
    )
    alarm_repetition: float = field(
        default=0.1, metadata={"help": "Most completions that end in a loop, as a share."}
    )
    alarm_length: float = field(
        default=3.0, metadata={"help": "Most that completions may grow or shrink, as a factor."}
    )
    alarm_gain: float = field(
        default=0.1, metadata={"help": "Rise of a reward that must come with one of the accuracy."}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.alarm_window < 1:
            raise ConfigError(f"alarm_window: {self.alarm_window} steps say nothing; give 1 or more")
