"""Pretraining from random weights, or on from a model, on a corpus that recipes/corpus.py wrote.

accelerate launch recipes/pretrain.py --config configs/tiny/pretrain_cpu.yaml
"""

from tinyreason.checks import check_run, classes_of
from tinyreason.config import ConfigError, parse
from tinyreason.models import load_model, load_tokenizer
from tinyreason.monitors import ForgettingAlarm, number_alarm
from tinyreason.pretraining import (
    PretrainingTrainer,
    describe_mixture,
    load_rows,
    scale_residual_projections,
)
from tinyreason.rehearsal import command_line
from tinyreason.run import RunFolder, plain_errors, start_run, train


def main() -> None:
    """Rows, model, trainer, train, save."""
    words = command_line("pretrain")
    mixture, stop, model_args, training = parse(classes_of("pretrain", words), words, description=__doc__)
    check_run("pretrain", mixture, stop, model_args, training)
    checkpoint = start_run(training, mixture, stop, model_args, training)
    tokenizer = load_tokenizer(model_args, "boxed")
    rows = training.max_steps * training.gradient_accumulation_steps * training.train_batch_size
    data, validation, drawn = load_rows(
        mixture, tokenizer, count=rows * training.world_size, seed=training.seed
    )
    print(describe_mixture(drawn))
    if not validation and training.eval_strategy != "no":
        raise ConfigError("eval_strategy: no source has a whole row of validation tokens; write no")
    model = load_model(model_args, tokenizer, seed=training.seed, trainable=True)
    if model_args.architecture is not None:
        scale_residual_projections(model, seed=training.seed)
    folder = RunFolder(training, {}, corpus=drawn)
    trainer = PretrainingTrainer(
        model=model,
        args=training,
        processing_class=tokenizer,
        train_dataset=data,
        eval_dataset=validation or None,
        callbacks=[folder, ForgettingAlarm(), number_alarm(stop)],
    )
    train(trainer, folder, checkpoint)


if __name__ == "__main__":
    with plain_errors(resumable=True):
        main()
