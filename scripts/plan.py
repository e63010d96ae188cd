"""What a recipe takes on a card, before anything is loaded: memory phase by phase, batches, steps, tokens.

python scripts/plan.py --config configs/qwen2.5-1.5b-instruct/grpo_t4.yaml --hardware t4

Any other flag tries a change, as for the recipe. Exit code 1 where it does not fit.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tinyreason.config import ConfigError, ModelArguments, choose, parse_known
from tinyreason.hardware import CARDS
from tinyreason.planner import Plan, PlanArguments, as_dict, card_named, plan, stage_of


@dataclass
class ScriptArguments:
    """What is asked of the plan."""

    hardware: str | None = field(
        default=None, metadata={"help": "Card; null takes it from the file's name, as in grpo_t4.yaml."}
    )
    json: bool = field(default=False, metadata={"help": "One JSON object instead of text."})


def text(config: str, found: Plan) -> str:
    """The plan for a terminal."""
    verdict = "fits" if found.fits else f"does NOT fit; turn {found.knob}"
    lines = [
        f"{config} on {CARDS[found.hardware].label}: "
        f"{found.peak_gib:.1f} of {found.card_gib:.1f} GiB, {verdict}",
        f"{found.trainable_parameters:,} of {found.total_parameters:,} parameters are trained "
        f"({found.trainable_percent:.2f} %)",
        f"effective batch {found.effective_batch}"
        + (f" = {found.prompts_per_step} prompts" if found.prompts_per_step != found.effective_batch else "")
        + f", {found.steps:,} steps, at most {found.tokens:,} tokens",
    ]
    for phase, parts in found.phases.items():
        sizes = ", ".join(f"{name} {size:.2f}" for name, size in parts.items())
        lines.append(f"  {phase}: {sum(parts.values()):.2f} GiB = {sizes}")
    return "\n".join([*lines, *(f"  assumed: {line}" for line in found.assumptions)])


def main() -> None:
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        sys.exit(0)
    args, model_args, plan_args = parse_known([ScriptArguments, ModelArguments, PlanArguments], sys.argv[1:])
    config = sys.argv[sys.argv.index("--config") + 1]
    hardware = args.hardware or card_named(Path(config)) or ""
    choose(CARDS, hardware, what="hardware")
    found = plan(stage_of(Path(config)), model_args, plan_args, hardware)
    print(json.dumps(as_dict(config, found), indent=2) if args.json else text(config, found))
    sys.exit(0 if found.fits else 1)


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"error: {error}")
