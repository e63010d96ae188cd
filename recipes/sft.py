"""Supervised fine-tuning on worked solutions, the loss on the assistant's turn alone.

accelerate launch recipes/sft.py --config configs/tiny/sft_cpu.yaml
"""

from tinyreason.hardware import import_backend

import_backend()  # before the libraries that it patches

from trl import SFTTrainer

from tinyreason.checks import check_run, classes_of
from tinyreason.config import parse
from tinyreason.data import contamination, contamination_sentences, load_solutions
from tinyreason.models import context_length, load_model, load_tokenizer
from tinyreason.monitors import ForgettingAlarm, check_supervised_tokens, number_alarm
from tinyreason.rehearsal import command_line
from tinyreason.run import RunFolder, plain_errors, start_run, train


def main() -> None:
    """Data, model, trainer, check, train, save."""
    words = command_line("sft")
    recipe, stop, model_args, training = parse(classes_of("sft", words), words, description=__doc__)
    check_run("sft", recipe, stop, model_args, training)
    checkpoint = start_run(training, recipe, stop, model_args, training)
    training.include_num_input_tokens_seen = "non_padding"  # TRL's own count starts again at a resume
    tokenizer = load_tokenizer(model_args, recipe.answer_format)
    limits = [length for length in (training.max_length, context_length(model_args)) if length is not None]
    data = load_solutions(recipe, tokenizer, max_length=min(limits, default=None))
    print(data.lengths)
    found = contamination(recipe, data)
    print(*contamination_sentences(found), sep="\n")
    folder = RunFolder(training, data.splits, contamination=found)
    trainer = SFTTrainer(
        model=load_model(model_args, tokenizer, seed=training.seed, trainable=True),
        args=training,
        processing_class=tokenizer,
        train_dataset=data.train,
        eval_dataset=data.validation_by_source,
        callbacks=[folder, ForgettingAlarm(), number_alarm(stop)],
    )
    print(check_supervised_tokens(trainer, data.splits["train"].rows, recipe.answer_format))
    train(trainer, folder, checkpoint)


if __name__ == "__main__":
    with plain_errors(resumable=True):
        main()
