"""Says whether RL can learn from a model, before a night is spent on it: samples completions of training
problems and looks how many groups hold both right and wrong ones.

python scripts/ready.py --config configs/tiny/grpo_cpu.yaml

Takes an RL recipe and its flags; --prompts is how many problems. Ends with exit code 1 where RL cannot learn.
"""

import sys
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tqdm import tqdm

from tinyreason.checks import check_run, classes_of
from tinyreason.config import ConfigError, parse
from tinyreason.data import load_prompts
from tinyreason.evaluation import graded
from tinyreason.figures import format_percent
from tinyreason.generation import Decoding, generate
from tinyreason.models import context_length, load_model, load_tokenizer
from tinyreason.monitors import Readiness, readiness
from tinyreason.run import environment, plain_errors, send_no_telemetry, write_json


@dataclass
class ReadinessArguments:
    """How much is looked at."""

    prompts: int = field(default=200, metadata={"help": "Training problems to sample."})
    batch_size: int = field(default=64, metadata={"help": "Completions that are decoded together."})

    def __post_init__(self) -> None:
        for name, number in vars(self).items():
            if number < 1:
                raise ConfigError(f"{name}: {number} is too few; give 1 or more")


def main() -> None:
    """Samples, grades, tells."""
    classes = [*classes_of("rl", sys.argv[1:]), ReadinessArguments]
    recipe, *others, model_args, training, ready = parse(classes, description=__doc__)
    check_run("rl", recipe, *others, model_args, training)
    send_no_telemetry()
    tokenizer = load_tokenizer(model_args, recipe.answer_format)
    context = context_length(model_args)
    room = None if context is None else context - training.max_completion_length
    data = load_prompts(recipe, tokenizer, max_length=room).train
    # drawn: data are often sorted by kind
    rows = data.shuffle(seed=training.seed).select(range(min(ready.prompts, len(data)))).to_list()
    size = training.num_generations if training.num_generations > 1 else 8  # PPO has no groups
    decoding = Decoding(training.max_completion_length, training.temperature, size, training.seed)
    model = load_model(model_args, tokenizer, seed=training.seed)
    groups = defaultdict(list)
    prompts = [row["prompt"] for row in rows]
    completions = generate(model, tokenizer, prompts, decoding, batch_size=ready.batch_size)
    for index, _, completion in tqdm(completions, total=size * len(rows), desc="sample", unit="completion"):
        groups[index].append(graded(completion, rows[index]["answer"], prompts[index]))
    found = readiness(list(groups.values()))
    print(describe(found))
    path = Path(training.output_dir) / "ready.json"
    write_json(path, {**asdict(found), "ready": found.ready, "verdict": found.verdict(), **environment()})
    print(path)
    sys.exit(0 if found.ready else 1)


def describe(found: Readiness) -> str:
    """The figures, the verdict and the advice."""
    shares = {
        "pass@1": found.pass_at_1,
        f"pass@{found.samples}": found.pass_at_g,
        "groups with right and wrong answers": found.mixed,
        "cut off": found.truncated,
        "with a marked answer": found.marked,
    }
    lines = [f"{found.prompts} training problems, {found.samples} completions each"]
    lines += [f"{name}: {format_percent(share)}" for name, share in shares.items()]
    return "\n".join([*lines, found.verdict(), *found.advice()])


if __name__ == "__main__":
    with plain_errors():
        main()
