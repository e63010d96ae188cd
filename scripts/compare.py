"""All algorithms from one SFT model, with as many sampled completions and several seeds each, tested on the
same held-out problems against each other and against SFT continued for as long.

python scripts/compare.py --config configs/tiny/grpo_cpu.yaml --algorithms all --seeds 3

Writes comparison.json, comparison.md and comparison.svg to runs/compare. What is finished is not run again,
so an interrupted comparison goes on where it stopped; with other settings it is refused. Other flags go to
recipes/grpo.py. The learning rate decays with the share of the completions that was sampled, since DAPO's
number of steps is not known before.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tinyreason.algorithms import ALGORITHMS
from tinyreason.checks import classes_of
from tinyreason.config import ConfigError, choose, parse
from tinyreason.evaluation import read_items
from tinyreason.report import Trial, algorithms_plot, algorithms_table, compare_algorithms
from tinyreason.run import environment, plain_errors, write_json

ROOT = Path(__file__).resolve().parent.parent
BASELINE, CONTROL = "grpo", "sft continued"


def run_recipe(name: str, *flags: object) -> None:
    """A recipe in a process of its own; the comparison ends where it fails."""
    command = [sys.executable, str(ROOT / "recipes" / name), *map(str, flags)]
    print("$", *command[1:], flush=True)
    environment = {**os.environ, "TOKENIZERS_PARALLELISM": "true"}
    finished = subprocess.run(command, env=environment, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


def options_of(flags: list[str]) -> dict[str, list[str]]:
    """`--key word word` as {key: [word, word]}."""
    options: dict[str, list[str]] = {}
    for flag in flags:
        if flag.startswith("--"):
            words = options[flag.removeprefix("--")] = []
        elif options:
            words.append(flag)
        else:
            raise ConfigError(f"{flag}: belongs to no flag; write --key {flag}, or leave it out")
    return options


class Comparison:
    """The runs of a comparison: all RL runs get the recipe file `config` and what `flags` change in it. The
    budget is what the `first` algorithm makes of `max_steps`.
    """

    def __init__(self, folder: Path, config: str, flags: list[str], first: str) -> None:
        self.folder = folder
        self.config = config
        self.options = options_of(flags)
        self.recipe, *_, model, training = self.parsed(first)
        if model.model_name_or_path is None or not (Path(model.model_name_or_path) / "run.json").is_file():
            raise ConfigError(
                f"model_name_or_path: {model.model_name_or_path} is no SFT run; train one first"
            )
        if training.max_steps <= 0:
            raise ConfigError(f"max_steps: {training.max_steps} is no budget; give the steps of {first}")
        self.sft = Path(model.model_name_or_path)
        self.budget = training.max_steps * self.completions_per_step(training)
        self.limit = training.max_completion_length
        self.settings = {
            "config": yaml.safe_load(Path(config).read_text()),
            "options": self.options,
            "budget": self.budget,
            "sft_run": json.loads((self.sft / "run.json").read_text()),
        }
        self.keep_settings()
        self.commits: set[str] = set()  # of the code that trained

    def keep_settings(self) -> None:
        """Writes down what the runs of the folder share; ConfigError where they share something else."""
        path = self.folder / "settings.json"
        before = json.loads(path.read_text()) if path.is_file() else self.settings
        other = [name for name, value in self.settings.items() if before[name] != value]
        if other:
            raise ConfigError(
                f"{self.folder}: holds a comparison with another {' and '.join(other)} (settings.json); "
                "give another output_dir"
            )
        write_json(path, self.settings)

    def parsed(self, algorithm: str) -> tuple:
        """What recipes/grpo.py would make of the options."""
        flags = self.flags(algorithm=algorithm)
        return parse(classes_of("rl", flags), flags)

    def flags(self, **changes: object) -> list[str]:
        """The command line of an RL run; `changes` win over the options."""
        options = self.options | {key: [str(value)] for key, value in changes.items()}
        return [
            "--config",
            self.config,
            *(word for key, words in options.items() for word in (f"--{key}", *words)),
        ]

    def completions_per_step(self, training: Any) -> float:
        """Fewer than a generation has where it is trained on more than once."""
        per_generation = training.steps_per_generation * training.num_iterations
        return training.generation_batch_size * training.gradient_accumulation_steps / per_generation

    def reinforce(self, algorithm: str, seed: int) -> Trial:
        """One RL run within the budget, evaluated."""
        folder = self.folder / f"{algorithm}-{seed}"
        steps = round(self.budget / self.completions_per_step(self.parsed(algorithm)[-1]))
        if not (folder / "model.safetensors").is_file():
            budget = {"max_steps": steps, "max_completions": round(self.budget)}
            run_recipe("grpo.py", *self.flags(algorithm=algorithm, seed=seed, output_dir=folder, **budget))
        return self.evaluated(folder, seed)

    def continue_sft(self, seed: int, seconds: float) -> Trial:
        """The SFT recipe once more from its own model, for as many steps as it makes in so many seconds."""
        sft = self.settings["sft_run"]
        steps = round(seconds * sft["steps"] / sft["seconds"])
        folder = self.folder / f"{CONTROL.replace(' ', '_')}-{steps}-{seed}"
        if not (folder / "model.safetensors").is_file():
            model = ["--model_name_or_path", self.sft, "--architecture", "null"]
            model += ["--tokenizer_name_or_path", "null"]
            run_recipe(
                "sft.py",
                *("--config", self.sft / "recipe.yaml", *model, "--output_dir", folder),
                *("--max_steps", steps, "--seed", seed, "--resume_from_checkpoint", "auto"),
            )
        return self.evaluated(folder, seed)

    def evaluated(self, folder: Path, seed: int) -> Trial:
        """What a run took, and its greedy answers to the held-out problems."""
        run = json.loads((folder / "run.json").read_text())
        self.commits.add(run["commit"])
        lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        solved, mean_tokens = self.answers(folder)
        sampled = [line["completions_sampled"] for line in lines if "completions_sampled" in line]
        return Trial(
            seed=seed,
            solved=solved,
            mean_tokens=mean_tokens,
            seconds=run["seconds"],
            steps=run["steps"],
            tokens=run["tokens_seen"],
            completions=int(sampled[-1]) if sampled else 0,
        )

    def answers(self, folder: Path) -> tuple[dict[str, bool], float]:
        """Problem id -> whether it is solved, and the mean length; evaluated where there is no result yet."""
        name = Path(self.recipe.dataset).stem
        summary = folder / "eval" / f"{name}.json"
        known = json.loads(summary.read_text()) if summary.is_file() else {}
        if known.get("max_new_tokens") != self.limit:
            data = ["--dataset", self.recipe.dataset, "--dataset_seed", self.recipe.dataset_seed]
            data += ["--data_dir", self.recipe.data_dir] if self.recipe.data_dir else []
            run_recipe(
                "evaluate.py",
                *("--model", folder, "--no_base", *data),
                *("--max_completion_length", self.limit, "--batch_size", 250),
            )
        items = read_items(folder / "eval" / f"{name}.jsonl")
        mean_tokens = sum(item["tokens"] for item in items) / len(items)
        return {item["id"]: item["correct"] for item in items}, mean_tokens


def compare(comparison: Comparison, algorithms: list[str], seeds: range) -> dict[str, Any]:
    """All runs, seed by seed, then the control for as long as the slowest algorithm took."""
    arms: dict[str, list[Trial]] = {name: [] for name in algorithms}
    sft, _ = comparison.answers(comparison.sft)
    for seed in seeds:
        for name in algorithms:
            arms[name].append(comparison.reinforce(name, seed))
    longest = max(sum(run.seconds for run in runs) / len(runs) for runs in arms.values())
    arms[CONTROL] = [comparison.continue_sft(seed, longest) for seed in seeds]
    return compare_algorithms(sft, arms, baseline=BASELINE, control=CONTROL)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--config", required=True, help="recipe whose max_steps are the budget")
    parser.add_argument("--algorithms", nargs="+", default=["all"], help="names from algorithms.py, or all")
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 1 on")
    parser.add_argument("--output_dir", type=Path, default=Path("runs/compare"), help="where everything goes")
    args, flags = parser.parse_known_args()
    names = list(ALGORITHMS) if args.algorithms == ["all"] else args.algorithms
    for name in names:
        choose(ALGORITHMS, name, what="algorithm")
    comparison = Comparison(args.output_dir, args.config, flags, names[0])
    result = compare(comparison, names, range(1, args.seeds + 1))
    facts = {**comparison.settings, "training_commits": sorted(comparison.commits), **environment()}
    write_json(args.output_dir / "comparison.json", {**result, **facts})
    (args.output_dir / "comparison.svg").write_text(algorithms_plot(result))
    table = algorithms_table(result)
    (args.output_dir / "comparison.md").write_text(table)
    print(table, *(args.output_dir / f"comparison.{kind}" for kind in ("json", "md", "svg")), sep="\n")


if __name__ == "__main__":
    with plain_errors(resumable=True):
        main()
