"""The whole main job on a laptop, offline: data, tokenizer, SFT, GRPO, evaluation, report.

python scripts/demo.py [--output_dir runs/demo]

With --control: trains the SFT model of a finished demo on for as long as GRPO took, and reports that too.

Every stage is a recipe run as a user would run it, so an interrupted demo goes on where it stopped.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

from tinyreason.config import ConfigError, parse
from tinyreason.evaluation import compare, read_items, without_lists
from tinyreason.figures import format_seconds
from tinyreason.hardware import cpu_has_bfloat16
from tinyreason.run import write_json

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "recipes"
CONFIGS = ROOT / "configs" / "tiny"
STAGES = ("grpo", "sft", "sft_continued")
SCORES = ("n", "accuracy", "ci95", "flexible", "unparsed", "truncated", "mean_tokens")


@dataclass
class DemoArguments:
    """Where the demo goes and which part of it runs."""

    output_dir: str = field(default="runs/demo", metadata={"help": "Folder of the demo."})
    control: bool = field(default=False, metadata={"help": "Only the control, after a finished demo."})


def run_script(path: Path, *flags: object) -> None:
    """Runs a Python file in a process of its own, on all cores; ends the demo where it fails."""
    # offline: a hub library that cannot reach its hub would spend minutes on finding out
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    finished = subprocess.run([sys.executable, str(path), *map(str, flags)], env=environment, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


def clear(run: Path) -> None:
    """Removes what a demo writes, and nothing else."""
    for stage in ("tokenizer", *STAGES):
        shutil.rmtree(run / stage, ignore_errors=True)
    for name in ("summary.json", "report.html", "report.md"):
        (run / name).unlink(missing_ok=True)


def train(run: Path) -> None:
    """Tokenizer, SFT and GRPO."""
    precision = ["--bf16", cpu_has_bfloat16()]
    print("1/5  synthetic problems and a tokenizer", flush=True)
    config = ["--config", CONFIGS / "tokenizer_cpu.yaml"]
    run_script(RECIPES / "tokenizer.py", *config, "--output_dir", run / "tokenizer")
    print("2/5  supervised fine-tuning of a model from scratch", flush=True)
    config = ["--config", CONFIGS / "sft_cpu.yaml", "--tokenizer_name_or_path", run / "tokenizer"]
    run_script(RECIPES / "sft.py", *config, "--output_dir", run / "sft", *precision)
    print("3/5  reinforcement learning with the grader as reward", flush=True)
    config = ["--config", CONFIGS / "grpo_cpu.yaml", "--model_name_or_path", run / "sft"]
    run_script(RECIPES / "grpo.py", *config, "--output_dir", run / "grpo", *precision)


def evaluate(run: Path) -> None:
    """SFT and GRPO on the same held-out problems, then on those with unseen words."""
    print("4/5  evaluation on problems that were never trained on", flush=True)
    models = ["--model", run / "grpo"]  # and the SFT model that it was trained from
    for split in ("test", "unseen"):
        run_script(RECIPES / "evaluate.py", *models, *decoding(split))


def decoding(split: str) -> list[object]:
    """The flags that every evaluation of the demo shares."""
    return ["--dataset", "synthetic", "--split", split, "--max_completion_length", 96, "--batch_size", 250]


def control(run: Path) -> None:
    """The SFT model trained on, same recipe, for as many steps as SFT makes in the seconds GRPO took."""
    sft, grpo = (read(run / stage / "run.json") for stage in ("sft", "grpo"))
    steps = round(grpo["seconds"] * sft["steps"] / sft["seconds"])
    print(f"control: {steps} more steps of SFT, as long as GRPO's {grpo['seconds']:.0f} s", flush=True)
    config = ["--config", CONFIGS / "sft_cpu.yaml", "--model_name_or_path", run / "sft"]
    config += ["--architecture", "null", "--tokenizer_name_or_path", "null"]
    flags = ["--max_steps", steps, "--seed", 2, "--bf16", cpu_has_bfloat16()]
    run_script(RECIPES / "sft.py", *config, "--output_dir", run / "sft_continued", *flags)
    for split in ("test", "unseen"):
        run_script(RECIPES / "evaluate.py", "--model", run / "sft_continued", *decoding(split))


def report(run: Path, started: float | None) -> None:
    """report.html, summary.json, some solutions, and what to do next."""
    print("5/5  report", flush=True)
    stages = [run / name for name in STAGES if evaluated(run / name)]
    run_script(ROOT / "scripts" / "report.py", *stages, "--output_dir", run)
    summary = summarize(run, None if started is None else time.monotonic() - started)
    write_json(run / "summary.json", summary)
    print(samples(run / "grpo"), run / "summary.json", sep="\n\n")
    if summary["seconds"] is not None:
        print(f"the whole demo took {format_seconds(summary['seconds'])}")
    print(f"\nchat with it:  .venv/bin/python scripts/chat.py --model {run / 'grpo'}")


def evaluated(stage: Path) -> bool:
    """Whether a stage is there as a whole: a control that was cut off is no result."""
    return (stage / "eval" / "synthetic-unseen.json").is_file()


def summarize(run: Path, seconds: float | None) -> dict[str, Any]:
    """The figures of the demo in one object; `seconds` is its wall time, None where only the control ran:
    then it is that of the earlier summary. Differences are GRPO minus the other.
    """
    runs = {name: read(run / name / "run.json") for name in STAGES if evaluated(run / name)}
    tests, unseen = (
        {name: read(run / name / "eval" / file) for name in runs}
        for file in ("synthetic.json", "synthetic-unseen.json")
    )
    items = {name: read_items(run / name / "eval" / "synthetic.jsonl") for name in runs}
    paired = {name: without_lists(compare(items["grpo"], items[name])) for name in runs if name != "grpo"}
    found = {
        "seconds": read(run / "summary.json")["seconds"] if seconds is None else round(seconds, 1),
        "stage_seconds": {name: stage["seconds"] for name, stage in runs.items()},
        **{name: {key: test[key] for key in SCORES} for name, test in tests.items()},
        "paired": paired["sft"],
        "unseen_templates": {
            **{name: test["accuracy"] for name, test in unseen.items()},
            "n": unseen["sft"]["n"],
            "ci95": {name: test["ci95"] for name, test in unseen.items()},
        },
        **{key: runs["grpo"][key] for key in ("parameters", "commit", "versions", "device", "seed")},
    }
    if "sft_continued" in paired:
        found["paired_against_sft_continued"] = paired["sft_continued"]
        found["grpo_beats_sft_continued"] = paired["sft_continued"]["verdict"] == "improved"
    return found


def read(path: Path) -> dict[str, Any]:
    """The object in the file."""
    return json.loads(path.read_text())


def samples(stage: Path) -> str:
    """The first three held-out problems as the model solves them, right or wrong."""
    blocks = ["The first three held-out problems as the GRPO model solves them:"]
    for item in read_items(stage / "eval" / "synthetic.jsonl")[:3]:
        verdict = "right" if item["correct"] else "wrong"
        completion = indent(item["completion"].strip(), "   | ")
        answer = f"   answer {item['answer']}, gold {item['gold']}: {verdict}"
        blocks.append(f"{item['question']}\n{completion}\n{answer}")
    return "\n\n".join(blocks)


def main() -> None:
    """The demo, or its control."""
    (args,) = parse([DemoArguments], description=__doc__)
    run = Path(args.output_dir)
    started = time.monotonic()
    if args.control:
        if not (run / "summary.json").is_file():
            raise ConfigError(f"{run}: holds no finished demo; run make demo first")
        control(run)
        report(run, None)
        return
    if (run / "summary.json").is_file():  # a finished demo is run anew, an interrupted one goes on
        clear(run)
    train(run)
    evaluate(run)
    report(run, started)


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
