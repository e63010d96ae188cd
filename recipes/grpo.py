"""Reinforcement learning with verifiable rewards: the algorithm that `algorithm:` names, the grader as the
reward.

accelerate launch recipes/grpo.py --config configs/tiny/grpo_cpu.yaml
"""

from tinyreason.hardware import import_backend

import_backend()  # before the libraries that it patches

from tinyreason.algorithms import ALGORITHMS
from tinyreason.checks import check_run, classes_of
from tinyreason.config import parse
from tinyreason.data import contamination, contamination_sentences, load_prompts
from tinyreason.models import context_length, load_model, load_tokenizer
from tinyreason.monitors import TrainingAlarms, check_rewards
from tinyreason.rehearsal import command_line
from tinyreason.rewards import accuracy, build_rewards
from tinyreason.run import RunFolder, plain_errors, start_run, train


def main() -> None:
    """Data, reward check, model, trainer, train, save."""
    words = command_line("rl")
    recipe, chosen, reward_args, alarms, model_args, training = parse(
        classes_of("rl", words), words, description=__doc__
    )
    check_run("rl", recipe, chosen, reward_args, alarms, model_args, training)
    rewards = build_rewards(
        reward_args,
        line=recipe.answer_format,
        max_completion_length=training.max_completion_length,
        weights=training.reward_weights,
    )
    checkpoint = start_run(training, recipe, chosen, reward_args, alarms, model_args, training)
    tokenizer = load_tokenizer(model_args, recipe.answer_format)
    context = context_length(model_args)
    room = None if context is None else context - training.max_completion_length
    data = load_prompts(recipe, tokenizer, max_length=room)
    print(data.lengths)
    check_rewards(accuracy, data.splits["train"].rows, recipe.answer_format)
    found = contamination(recipe, data)
    print(*contamination_sentences(found), sep="\n")
    folder = RunFolder(training, data.splits, contamination=found)
    trainer = ALGORITHMS[chosen.algorithm].trainer(
        model=load_model(model_args, tokenizer, seed=training.seed, trainable=True),
        args=training,
        processing_class=tokenizer,
        reward_funcs=rewards,
        train_dataset=data.train,
        eval_dataset=data.validation,
        callbacks=[folder, TrainingAlarms(alarms)],
    )
    train(trainer, folder, checkpoint)


if __name__ == "__main__":
    with plain_errors(resumable=True):
        main()
