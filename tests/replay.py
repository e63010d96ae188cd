"""Trainers whose completions are given instead of sampled: a few problems, four answers each, all of them
real text that the real grader grades.

Run as a script it makes two optimizer steps of plain gradient descent, so that what a parameter changes by is
its gradient, and saves the parameters: under torchrun in as many processes as asked.
"""

import sys
from pathlib import Path
from typing import Any

import torch
from conftest import TINY_MODEL
from datasets import Dataset

from tinyreason import chatml
from tinyreason.algorithms import ALGORITHMS
from tinyreason.config import ModelArguments
from tinyreason.models import load_model, load_tokenizer
from tinyreason.rewards import build_rewards

LIMIT = 40  # tokens of a completion
CUT = "Ann has 3 pens and 3 pens and 3 pens and"  # no end of turn: truncated
RIGHT, SHORT = chatml.render_target("3 + 4 = 7.", "7"), chatml.render_target("7", "7")
LONG = chatml.render_target("Ann has 3 pens. 3 + 4 = 7. So 7 pens.", "7")
WRONG, WRONG_LONG = (
    chatml.render_target("3 + 4 = 8.", "8"),
    chatml.render_target("Ann has 3 pens. It is 3.", "3"),
)
# name -> for each problem its four completions and which of them are right; a generation is of two problems
CASES = {
    "one right, half right": [
        ([WRONG, LONG, WRONG_LONG, CUT], [0, 1, 0, 0]),
        ([RIGHT, WRONG_LONG, LONG, WRONG], [1, 0, 1, 0]),
    ],
    "all right, all wrong": [
        ([RIGHT, SHORT, LONG, RIGHT], [1, 1, 1, 1]),
        ([WRONG, CUT, WRONG_LONG, WRONG], [0, 0, 0, 0]),
    ],
    "three right and short, two right and long": [
        ([RIGHT, SHORT, LONG, CUT], [1, 1, 1, 0]),
        ([LONG, WRONG, RIGHT, WRONG_LONG], [1, 0, 1, 0]),
    ],
}
# of four problems: the first generation has a group that agrees, and what can replace it comes later
REFILL = [
    ([RIGHT, SHORT, LONG, RIGHT], [1, 1, 1, 1]),
    ([RIGHT, WRONG_LONG, LONG, WRONG], [1, 0, 1, 0]),
    ([WRONG, CUT, WRONG_LONG, WRONG], [0, 0, 0, 0]),
    ([SHORT, WRONG, CUT, LONG], [1, 0, 0, 1]),
]
QUESTIONS = [
    "Ann has 3 pens and gets 4. How many?",
    "Bob has 3 apples and buys 4 more. How many apples?",
    "Cas has 3 and 4.",
    "Dee finds 4 coins and has 3. How many coins has Dee?",
]
HALF, LONG_RIGHT = CASES["one right, half right"], CASES["three right and short, two right and long"]
# label -> algorithm, case, settings: what the cut of a batch must not change
PLANS = {
    "grpo": ("grpo", HALF, {"beta": 0.04}),
    "dr_grpo": ("dr_grpo", HALF, {}),
    "dr_grpo-group_mean": ("dr_grpo", HALF, {"length_norm": "group_mean"}),
    "ppo": ("ppo", HALF, {}),
    "ppo-ungrouped": ("ppo", HALF, {"num_generations": 1}),
    "gspo": ("gspo", HALF, {}),
    "dapo": ("dapo", HALF, {}),
    "dapo-refilled": ("dapo", REFILL, {"max_resample_rounds": 8}),
    "grpo_lead": ("grpo_lead", LONG_RIGHT, {}),
    "grpo_lead-paper": ("grpo_lead", LONG_RIGHT, {"variant": "paper"}),
    "rloo": ("rloo", HALF, {}),
    "cispo": ("cispo", HALF, {}),
}


def save_model(folder: Path, tokenizer_folder: Path) -> None:
    """A tiny random model with its tokenizer, to start from and to be the reference."""
    args = ModelArguments(architecture=TINY_MODEL, tokenizer_name_or_path=str(tokenizer_folder))
    tokenizer = load_tokenizer(args, "boxed")
    model = load_model(args, tokenizer, seed=3)
    with torch.no_grad():  # a fresh model is all but uniform: spread its logits
        for parameter in model.parameters():
            parameter.mul_(3.0 if parameter.dim() > 1 else 1.0)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def replayed(name: str, case: list, tokenizer: Any) -> type:
    """The algorithm's trainer with the case's completions, whichever process asks for them."""
    completions = {
        chatml.render_prompt(question): [tokenizer(text)["input_ids"] for text in texts]
        for question, (texts, _) in zip(QUESTIONS, case, strict=False)
    }

    class Replayed(ALGORITHMS[name].trainer):
        def _generate_single_turn(self, prompt_ids: list[list[int]], *_: Any, **__: Any) -> list | tuple:
            first = self.accelerator.process_index * len(prompt_ids)
            prompts = [tokenizer.decode(ids) for ids in prompt_ids]
            members = [(first + row) % 4 for row in range(len(prompts))]
            ids = [completions[text][member] for text, member in zip(prompts, members, strict=True)]
            return ids if name == "rloo" else (ids, None)  # what TRL's two trainers return differs

    return Replayed


def load_replayed(folder: Path, adapter: Path | None, four_bit: bool) -> Any:
    """The model in double precision, or under an adapter that is trained on, or in four bits."""
    from transformers import AutoModelForCausalLM

    if four_bit:
        from transformers import BitsAndBytesConfig

        nf4 = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
        return AutoModelForCausalLM.from_pretrained(folder, quantization_config=nf4, dtype=torch.float32)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64, attn_implementation="sdpa")
    if adapter is None:
        return model
    from peft import PeftModel

    return PeftModel.from_pretrained(model, adapter, is_trainable=True)


def make_trainer(
    name: str,
    case: list,
    folder: Path,
    output: Path,
    *,
    peft_config: Any = None,
    adapter: Path | None = None,
    four_bit: bool = False,
    **settings: Any,
) -> Any:
    """A trainer of the model in `folder` on the CPU; `settings` go to the config."""
    tokenizer = load_tokenizer(ModelArguments(model_name_or_path=str(folder)), "boxed")
    model = load_replayed(folder, adapter, four_bit)
    algorithm = ALGORITHMS[name]
    config = algorithm.config(
        **{
            "output_dir": str(output),
            "num_generations": 4,
            "per_device_train_batch_size": 8,
            "max_completion_length": LIMIT,
            "use_cpu": True,
            "bf16": False,
            "gradient_checkpointing": False,
            "disable_tqdm": True,
            "save_strategy": "no",
            "shuffle_dataset": False,
            **settings,
        }
    )
    reward_args = algorithm.rewards()
    rewards = build_rewards(
        reward_args, line="boxed", max_completion_length=LIMIT, weights=config.reward_weights
    )
    rows = [{"prompt": chatml.render_prompt(q), "question": q, "answer": "7"} for q in QUESTIONS[: len(case)]]
    if config.num_generations == 1:  # a row for each completion instead
        rows = [row for row in rows for _ in range(4)]
    return replayed(name, case, tokenizer)(
        model=model,
        args=config,
        processing_class=tokenizer,
        reward_funcs=rewards,
        train_dataset=Dataset.from_list(rows),
        peft_config=peft_config,
    )


def generation(trainer: Any) -> list[dict[str, Any]]:
    """The rows of one generation, as the data loader gives them to a single process."""
    return [dict(trainer.train_dataset[group]) for group in range(2) for _ in range(4)]


def main(folder: str, output: str, batch: str, accumulation: str) -> None:
    """Each of PLANS with so many completions a micro-batch and process, and the parameters it ends with."""
    for label, (name, case, settings) in PLANS.items():
        trainer = make_trainer(
            name,
            case,
            Path(folder),
            Path(output) / label,
            **{
                "per_device_train_batch_size": int(batch),
                "gradient_accumulation_steps": int(accumulation),
                "optim": "sgd",
                "learning_rate": 0.01,
                "lr_scheduler_type": "constant",
                "max_grad_norm": 0.0,
                "max_steps": 2,
                "num_iterations": 2,
                **settings,
            },
        )
        trainer.train()
        state = dict(trainer.model.state_dict())
        if name == "ppo":
            state |= {f"value_head.{key}": value for key, value in trainer.value_head.state_dict().items()}
        if trainer.accelerator.is_main_process:
            torch.save(state, Path(output) / f"{label}.pt")
        trainer.accelerator.wait_for_everyone()


if __name__ == "__main__":
    main(*sys.argv[1:])
