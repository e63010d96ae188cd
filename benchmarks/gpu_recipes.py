"""The memory that the recipes take on a GPU, beside the plan: five steps of each with random weights of the
true shape, since neither memory nor speed depends on the values.

python benchmarks/gpu_recipes.py

SFT rows are as long as the recipe allows and completions as long as they may be, which is what is planned.
The recipes run side by side as far as their plans fit on the card together: the peak of a process is its own,
but its speed is not, which is therefore not measured. Writes docs/results/gpu-recipes.json and the table in
docs/measured.md. vLLM is left out. Without a GPU, `--dry_run true` tries the same runs with tiny models and
writes nothing.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments, parse, parse_known
from tinyreason.planner import KNOWN, PlanArguments, card_named, plan, stage_of
from tinyreason.planner.lengths import PROMPT_TOKENS
from tinyreason.report import write_between_marks
from tinyreason.run import environment, plain_errors, write_json
from tinyreason.tokenizer import train_tokenizer

RECIPES = [f"configs/*/{stage}_{card}.yaml" for card in ("t4", "l4", "a100") for stage in ("sft", "grpo")]
PAGE, RESULTS = Path("docs/measured.md"), Path("docs/results/gpu-recipes.json")
GIB = 2**30
STEPS = 5
TINY = {
    "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 128, "vocab_size": 1024,
}  # fmt: skip
ON_A_CPU = {
    "use_cpu": "true", "bf16": "false", "fp16": "false", "dtype": "float32", "attn_implementation": "sdpa",
    "max_steps": 1, "per_device_train_batch_size": 8, "gradient_accumulation_steps": 1,
}  # fmt: skip


@dataclass
class BenchmarkArguments:
    """Which recipes, and for how long."""

    recipes: list[str] = field(
        default_factory=lambda: list(RECIPES), metadata={"help": "Patterns of recipe files."}
    )
    seconds: float = field(default=520, metadata={"help": "After so long what still runs is ended."})
    output_dir: str = field(default="runs/gpu_recipes", metadata={"help": "Models, data and runs."})
    dry_run: bool = field(default=False, metadata={"help": "Tiny models on the CPU; no figures are written."})


class Room:
    """The memory of the card, of which each run takes what is planned for it and gives it back."""

    def __init__(self, gib: float) -> None:
        self.free = self.all = gib
        self.changed = threading.Condition()

    def take(self, gib: float) -> float:
        """Waits until there is so much; a run that needs more than the card has waits to be alone."""
        gib = min(gib, self.all)
        with self.changed:
            self.changed.wait_for(lambda: self.free >= gib)
            self.free -= gib
        return gib

    def give(self, gib: float) -> None:
        with self.changed:
            self.free += gib
            self.changed.notify_all()


class Benchmark:
    """Models and data for the recipes, and the runs."""

    def __init__(self, args: BenchmarkArguments) -> None:
        self.args, self.folder = args, Path(args.output_dir) / ("dry_run" if args.dry_run else "full")
        self.end = time.monotonic() + args.seconds
        card = 8.0 if args.dry_run else torch.cuda.get_device_properties(0).total_memory / GIB
        self.room = Room(0.9 * card)
        self.tokenizer = train_tokenizer(["What is 7 + 7?", chatml.render_prompt("")], 300)

    def model(self, name: str) -> Path:
        """A saved model of the shape of `name` with random weights, made once."""
        folder = self.folder / "models" / name.replace("/", "--")
        if not (folder / "config.json").is_file():
            config = AutoConfig.for_model(**KNOWN[name] | (TINY if self.args.dry_run else {}))
            with torch.device("cpu" if self.args.dry_run else "cuda"):
                model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
            beside = folder.with_name(folder.name + ".tmp")
            model.save_pretrained(beside)
            self.tokenizer.save_pretrained(beside)
            beside.rename(folder)
            del model
            torch.cuda.empty_cache()
        return folder

    def rows(self, tokens: int) -> Path:
        """Rows whose prompts take PROMPT_TOKENS tokens and prompt and solution together `tokens`."""
        path = self.folder / f"rows-{tokens}.jsonl"
        if path.is_file():
            return path
        question = "7 " * self.fill(lambda words: chatml.render_prompt("7 " * words), PROMPT_TOKENS)
        solution = self.fill(
            lambda words: chatml.render_prompt(question) + chatml.render_target("7 " * words, "7"), tokens
        )
        text = "".join(
            json.dumps({"question": f"{question}{n}", "reasoning": "7 " * (solution - 2), "answer": "7"})
            + "\n"
            for n in range(1000, 1400)
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{threading.get_ident()}.tmp")
        beside.write_text(text)
        return beside.rename(path)

    def fill(self, render: Callable[[int], str], tokens: int) -> int:
        """The most words with which what is rendered has at most so many tokens, less six for a number."""
        words = 0
        for step in (64, 8, 1):
            while len(self.tokenizer(render(words + step))["input_ids"]) <= tokens - 6:
                words += step
        return words

    def run(self, recipe: Path) -> dict[str, Any]:
        """Five steps of one recipe: planned and measured GiB, or why there is no measurement."""
        stage, card = stage_of(recipe), card_named(recipe)
        model_args, plan_args = parse_known([ModelArguments, PlanArguments], words(recipe, {}))
        changed = {"use_vllm": "false"} if plan_args.use_vllm else {}  # its share is what it is told to take
        _, plan_args = parse_known([ModelArguments, PlanArguments], words(recipe, changed))
        planned = plan(stage, model_args, plan_args, card)
        flags = changed | {
            "model_name_or_path": self.model(model_args.model_name_or_path), "data_dir": "null",
            "dataset": self.rows(plan_args.max_length or 1024), "max_rows": "null", "max_steps": STEPS,
            "output_dir": self.folder / "runs" / recipe.parent.name / recipe.stem, "report_to": "none",
            "resume_from_checkpoint": "never", "save_strategy": "no", "load_best_model_at_end": "false",
            "eval_strategy": "no", "max_validation_rows": "4", "logging_steps": 1,
        }  # fmt: skip
        if self.args.dry_run:
            flags |= ON_A_CPU | {"dataset": self.rows(320)}
            flags |= {"max_completion_length": 8} if stage == "rl" else {"max_length": 320}
        script = f"recipes/{'sft' if stage == 'sft' else 'grpo'}.py"
        found = {
            "recipe": str(recipe),
            "flags": changed,
            "planned_gib": round(planned.peak_gib, 2),
        }
        taken = self.room.take(planned.peak_gib + 1.5)
        try:
            subprocess.run(
                [sys.executable, script, *words(recipe, flags)],
                capture_output=True, text=True, check=True, timeout=max(self.end - time.monotonic(), 1),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {**found, "failed": "out of time"}
        except subprocess.CalledProcessError as error:
            return {**found, "failed": (error.stderr.strip().splitlines() or ["no message"])[-1][:300]}
        except OSError as error:
            return {**found, "failed": str(error)}
        finally:
            self.room.give(taken)
        memory = json.loads((flags["output_dir"] / "run.json").read_text())["card_memory_mib"]
        gib = {f"{name}_gib": round(size / 1024, 2) for name, size in (memory or {}).items()}
        return {**found, **gib}


def words(recipe: Path, flags: dict[str, Any]) -> list[str]:
    """The command line of a recipe with these flags."""
    pairs = ((f"--{key}", str(value)) for key, value in flags.items())
    return ["--config", str(recipe), *chain.from_iterable(pairs)]


def table(found: dict[str, Any]) -> str:
    """What docs/measured.md says."""
    lines = [
        f"`python benchmarks/gpu_recipes.py` on one {found['device']}, {found['steps']} steps of each recipe",
        "with random weights of the true shape: [gpu-recipes.json](results/gpu-recipes.json). GiB.",
        "",
        "| recipe | planned | allocated | reserved | allocated against planned |",
        "|---|---|---|---|---|",
    ]
    for row in found["recipes"]:
        name = row["recipe"].removeprefix("configs/").removesuffix(".yaml")
        name += " without vLLM" if row["flags"] else ""
        if "failed" in row:
            lines.append(f"| {name} | {row['planned_gib']} | not measured: {row['failed']} | | |")
            continue
        ratio = row["allocated_gib"] / row["planned_gib"] - 1
        figures = (row["planned_gib"], row["allocated_gib"], row["reserved_gib"], f"{ratio:+.0%}")
        lines.append(f"| {name} | {' | '.join(map(str, figures))} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    (args,) = parse([BenchmarkArguments], description=__doc__)
    recipes = [path for pattern in args.recipes for path in sorted(Path().glob(pattern))]
    if not recipes:
        raise ConfigError(f"recipes: {args.recipes} match no file")
    if not args.dry_run and not torch.cuda.is_available():
        raise ConfigError("there is no GPU here, so nothing can be measured; --dry_run true tries the runs")
    benchmark = Benchmark(args)
    for recipe in recipes:  # before the runs, which share them
        (model_args,) = parse_known([ModelArguments], ["--config", str(recipe)])
        benchmark.model(model_args.model_name_or_path)
    with ThreadPoolExecutor(2 if args.dry_run else 8) as pool:
        rows = list(pool.map(benchmark.run, recipes))
    found = {**environment(), "steps": STEPS, "recipes": rows}
    print(json.dumps(found, indent=2))
    if not args.dry_run:
        write_json(RESULTS, found)
        write_between_marks(PAGE, "gpu_recipes", table(found))
    if any("failed" in row for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    with plain_errors():
        main()
