"""mathLM from an empty folder on one GPU: tokenizer, corpus, pretraining, SFT, GRPO, evaluated on the test
problems of GSM8K; and the speed of pretraining beside a bare PyTorch loop on the same model.

python benchmarks/gpu_scratch.py --data_dir DIR

DIR holds gsm8k/; everything else is made by program, so nothing is downloaded. The script ends itself after
`seconds`; called again, it goes on where it was. The recipes are those of configs/mathlm-40m with SETTINGS on
top. Writes docs/results/gpu-scratch.json and the table in docs/measured.md. Without a GPU, `--dry_run true`
tries the same stages with a tiny model and writes nothing.
"""

import itertools
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import torch

from tinyreason.config import ConfigError, ModelArguments, parse, parse_known
from tinyreason.hardware import this_card
from tinyreason.models.loading import new_model
from tinyreason.pretraining import PretrainingConfig, PretrainingTrainer, flops_per_token
from tinyreason.pretraining.rows import as_inputs
from tinyreason.report import write_between_marks
from tinyreason.run import environment, plain_errors, write_json

CONFIGS = Path("configs/mathlm-40m")
PAGE, RESULTS = Path("docs/measured.md"), Path("docs/results/gpu-scratch.json")
TO_BEAT = 0.022  # TinyMathReason-1B after GRPO, as its card says
SOURCES = ("gsm8k", "grade_school", "arithmetic", "calculus", "ml_math")
# of the whole run: 524 million tokens, some 12 minutes at half a million a second
MIXTURE = "{grade_school: 72, arithmetic: 12, gsm8k: 8, calculus: 4, ml_math: 4}"
SETTINGS = {
    "pretrain": {
        "mixture": MIXTURE,
        "max_steps": 2000, "per_device_train_batch_size": 64, "gradient_accumulation_steps": 4,
        "learning_rate": 1e-3, "warmup_steps": 200, "save_steps": 200, "eval_steps": 500,
    },
    "sft": {"dataset": "gsm8k+grade_school", "learning_rate": 1e-4, "num_train_epochs": 2},
    "grpo": {"dataset": "gsm8k", "max_steps": 60, "save_steps": 20, "per_device_train_batch_size": 64},
}  # fmt: skip
ON_A_CPU = {"use_cpu": "true", "bf16": "false", "torch_compile": "false", "dataloader_num_workers": 0}
TINY = {
    "tokenizer": {"vocab_size": 600},
    "corpus": {"save_tokens": 100_000},
    "pretrain": {**ON_A_CPU, "mixture": MIXTURE, "context_length": 128, "max_steps": 4, "save_steps": 2,
                 "eval_steps": 4, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 2,
                 "warmup_steps": 1, "max_validation_rows": 4},
    "sft": {"use_cpu": "true", "bf16": "false", "dataset": "gsm8k+arithmetic", "max_steps": 2, "max_rows": 16,
            "max_validation_rows": 4, "per_device_train_batch_size": 4},
    "grpo": {"use_cpu": "true", "bf16": "false", "dataset": "arithmetic", "max_steps": 1, "max_rows": 16,
             "max_validation_rows": 4, "num_generations": 2, "per_device_train_batch_size": 4,
             "max_completion_length": 8},
}  # fmt: skip
FEW = 4  # problems of a dry run
TINY_LAYERS = {"hidden_size": 64, "num_hidden_layers": 2, "intermediate_size": 128, "head_dim": 16}


@dataclass
class BenchmarkArguments:
    """Where the data is, and for how long."""

    data_dir: str = field(metadata={"help": "Folder with gsm8k/train.jsonl and test.jsonl."})
    rows: int = field(default=300_000, metadata={"help": "Word problems to make."})
    seconds: float = field(
        default=540, metadata={"help": "After so long it ends itself, to be called again."}
    )
    output_dir: str = field(default="runs/gpu_scratch", metadata={"help": "Data, corpus and runs."})
    dry_run: bool = field(default=False, metadata={"help": "A tiny model on the CPU; nothing is written."})


class Scratch:
    """The stages. One that ended well leaves a mark, and is passed over when the script is called again."""

    def __init__(self, args: BenchmarkArguments) -> None:
        self.args, self.folder = args, Path(args.output_dir)
        self.end = time.monotonic() + args.seconds
        self.changes = TINY if args.dry_run else SETTINGS
        [model_args] = parse_known([ModelArguments], ["--config", str(CONFIGS / "pretrain.yaml")])
        self.architecture = model_args.architecture | (TINY_LAYERS if args.dry_run else {})

    def run(self) -> dict[str, Any]:
        """Everything, and its figures."""
        self.prepare()
        speed = self.speed()
        self.recipe("pretrain", architecture=json.dumps(self.architecture), corpus=self.folder / "corpus",
                    tokenizer_name_or_path=self.folder / "tokenizer")  # fmt: skip
        for name, base in (("sft", "pretrain"), ("grpo", "sft")):
            self.recipe(name, model_name_or_path=self.folder / base, data_dir=self.args.data_dir)
        self.evaluate("grpo")
        scores = {name: self.score(name) for name in ("pretrain", "sft", "grpo")}
        run = json.loads((self.folder / "pretrain/run.json").read_text())
        figures = {"parameters": run["parameters"], "tokens": run["tokens_seen"], "seconds": run["seconds"]}
        return {**environment(), **figures, "speed": speed, "gsm8k": scores}

    def prepare(self) -> None:
        """Problems, tokenizer, corpus."""
        tiny, data = self.args.dry_run, self.folder / "grade_school"
        self.stage("synthesize", "scripts/synthesize.py", domain="grade_school", output_dir=data,
                   rows=300 if tiny else self.args.rows)  # fmt: skip
        sources = {name: {"dataset": str(data) if name == "grade_school" else name} for name in SOURCES}
        few = {name: {**source, "max_documents": 200 if tiny else 20_000} for name, source in sources.items()}
        self.recipe("tokenizer", sources=json.dumps(few), data_dir=self.args.data_dir)
        self.recipe("corpus", sources=json.dumps(few if tiny else sources), data_dir=self.args.data_dir,
                    decontaminate="[gsm8k]", tokenizer_name_or_path=self.folder / "tokenizer")  # fmt: skip

    def recipe(self, name: str, **flags: Any) -> None:
        """A recipe of configs/mathlm-40m with the flags of this benchmark on top."""
        changed = {"output_dir": self.folder / name, **self.changes.get(name, {}), **flags}
        self.stage(name, f"recipes/{name}.py", config=CONFIGS / f"{name}.yaml", **changed)

    def stage(self, name: str, script: str, **flags: Any) -> None:
        """Runs a script unless it ended well before; ends everything where the time is over."""
        mark = self.folder / f"{name}.done"
        if mark.is_file():
            return
        words = itertools.chain.from_iterable((f"--{key}", str(value)) for key, value in flags.items())
        print(f"== {name}", flush=True)
        process = subprocess.Popen([sys.executable, script, *words])
        try:
            code = process.wait(max(self.end - time.monotonic(), 1))
        except subprocess.TimeoutExpired:
            process.terminate()  # the checkpoints that it has written are whole
            process.wait()
            sys.exit(f"out of time in {script}; the same command goes on")
        if code:
            sys.exit(f"{script} failed with exit code {code}")
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()

    def evaluate(self, name: str) -> None:
        """A model and the stages before it, greedy, on GSM8K's test problems."""
        few = {"max_rows": FEW, "max_completion_length": 8}
        whole = {"batch_size": 256, "max_completion_length": 256}
        self.stage(f"evaluate-{name}", "recipes/evaluate.py", model=self.folder / name,
                   dataset="gsm8k", split="test", data_dir=self.args.data_dir,
                   **(few if self.args.dry_run else whole))  # fmt: skip

    def score(self, name: str) -> dict[str, Any]:
        """The figures of a model that was evaluated."""
        result = f"gsm8k-{FEW}rows" if self.args.dry_run else "gsm8k"
        found = json.loads((self.folder / name / f"eval/{result}.json").read_text())
        return {key: found[key] for key in ("n", "accuracy", "ci95", "flexible", "truncated")}

    def speed(self) -> dict[str, Any]:
        """Tokens a second of our Trainer and of a bare loop, one after the other on the same tokens."""
        path = self.folder / "speed.json"
        if not path.is_file():
            bench = Speed(self.architecture, self.folder / "speed", dry_run=self.args.dry_run)
            ours, bare = bench.trainer(), bench.bare_loop()
            card = this_card()
            peak = card.peak_tflops * 1e12 if card and card.peak_tflops else None
            mfu = {"mfu": ours * bench.flops / peak, "bare_mfu": bare * bench.flops / peak} if peak else {}
            write_json(path, {"tokens_per_second": ours, "bare_loop": bare, "ratio": ours / bare, **mfu})
        return json.loads(path.read_text())


class Speed:
    """The same model, batch and number of steps for both loops."""

    def __init__(self, architecture: dict[str, Any], folder: Path, *, dry_run: bool) -> None:
        self.folder, self.cpu = folder, dry_run
        self.args = ModelArguments(architecture=architecture, attn_implementation="sdpa")
        self.length, self.batch, self.steps = (32, 2, 6) if dry_run else (1024, 64, 60)
        self.vocabulary = 600 if dry_run else 32_768
        rows = numpy.random.default_rng(0).integers(
            1, self.vocabulary, (self.steps * self.batch, self.length)
        )
        rows[:, 170::170] = 0  # documents as long as a problem and its solution
        self.rows = [as_inputs(row, 0) for row in rows]
        self.flops = flops_per_token(self.model(), self.length)

    def model(self) -> Any:
        return new_model(self.args, self.vocabulary, seed=0)

    def trainer(self) -> float:
        """The recipe's Trainer: the median of what it logs."""
        training = PretrainingConfig(
            output_dir=str(self.folder), max_steps=self.steps, per_device_train_batch_size=self.batch,
            logging_steps=2 if self.cpu else 10, save_strategy="no", disable_tqdm=True, use_cpu=self.cpu,
            bf16=not self.cpu, torch_compile=not self.cpu, dataloader_num_workers=0 if self.cpu else 2,
        )  # fmt: skip
        trainer = PretrainingTrainer(model=self.model(), args=training, train_dataset=self.rows)
        trainer.train()
        rates = [
            entry["tokens_per_second"] for entry in trainer.state.log_history if "tokens_per_second" in entry
        ]
        return statistics.median(rates)

    def bare_loop(self) -> float:
        """What is left without a Trainer, as in nanoGPT's: autocast, fused AdamW, clipping, compile."""
        device = "cpu" if self.cpu else "cuda"
        model = self.model().to(device)
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, betas=(0.9, 0.95), fused=True)
        compiled = model if self.cpu else torch.compile(model)
        times = []
        for step in range(self.steps):
            rows = self.rows[step * self.batch : (step + 1) * self.batch]
            batch = {key: torch.stack([row[key] for row in rows]).to(device) for key in rows[0]}
            with torch.autocast(device, dtype=torch.bfloat16, enabled=not self.cpu):
                loss = compiled(**batch, use_cache=False).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            if step % (2 if self.cpu else 10) == 0:
                loss.item()  # waits for the card, as a log does
                times.append(time.perf_counter())
        each = [after - before for before, after in itertools.pairwise(times)]
        return (2 if self.cpu else 10) * self.batch * self.length / statistics.median(each)


def table(found: dict[str, Any]) -> str:
    """What docs/measured.md says."""
    speed = found["speed"]
    lines = [
        f"`python benchmarks/gpu_scratch.py` on one {found['device']}:",
        f"{found['parameters']:,} parameters, {found['tokens']:,} tokens in {found['seconds']:,.0f} s of",
        f"pretraining, {speed['tokens_per_second']:,.0f} a second, {speed['ratio']:.2f} times a bare loop's"
        + (f" (MFU {speed['mfu']:.1%} and {speed['bare_mfu']:.1%})" if "mfu" in speed else ""),
        "([gpu-scratch.json](results/gpu-scratch.json)).",
        "",
        "| GSM8K test, greedy | accuracy | 95 % interval |",
        "|---|---|---|",
    ]
    for name, score in found["gsm8k"].items():
        low, high = score["ci95"]
        figures = f"{score['accuracy']:.1%} | {low:.1%} to {high:.1%}"
        lines.append(f"| {name} ({score['n']}) | {figures} |")
    return "\n".join([*lines, "", f"TinyMathReason-1B's card has {TO_BEAT:.1%}."]) + "\n"


def main() -> None:
    (args,) = parse([BenchmarkArguments], description=__doc__)
    if not args.dry_run and not torch.cuda.is_available():
        raise ConfigError("there is no GPU here, so nothing can be measured; --dry_run true tries the stages")
    found = Scratch(args).run()
    print(json.dumps(found, indent=2))
    if not args.dry_run:
        write_json(RESULTS, found)
        write_between_marks(PAGE, "gpu_scratch", table(found))


if __name__ == "__main__":
    with plain_errors():
        main()
