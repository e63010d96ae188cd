"""The checks before step 1 pass on what is right and name what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from conftest import TINY_MODEL
from datasets import Dataset
from transformers import AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer

from tinyreason import chatml
from tinyreason.config import ModelArguments
from tinyreason.data import tokenize_solutions
from tinyreason.models import load_model
from tinyreason.monitors import CheckError, ForgettingAlarm, check_rewards, check_supervised_tokens
from tinyreason.rewards import accuracy
from tinyreason.synthetic import textbook_problems

ROWS = textbook_problems("validation", seed=0)[:40]
BROKEN = [
    ("all masked", lambda ids, labels: [-100] * len(ids), "every label is masked"),
    ("prompt supervised", lambda ids, labels: ids, "the question is among them"),
    ("end masked", lambda ids, labels: [*labels[:-1], -100], "the end of turn"),
    ("answer masked", lambda ids, labels: [*labels[:-5], -100, -100, -100, -100, labels[-1]], "the answer"),
]


def trainer_of(
    tokenizer_folder: Path, output: Path, relabel=lambda ids, labels: labels, **packed: Any
) -> SFTTrainer:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    columns = tokenize_solutions(ROWS, tokenizer, "boxed")
    columns["labels"] = [relabel(*pair) for pair in zip(columns["input_ids"], columns["labels"], strict=True)]
    prepared = {} if packed else {"dataset_kwargs": {"skip_prepare_dataset": True}}
    training = SFTConfig(output_dir=str(output), use_cpu=True, bf16=False, **prepared, **packed)
    model = load_model(ModelArguments(architecture=TINY_MODEL), tokenizer, seed=0)
    dataset = Dataset.from_dict(columns)
    return SFTTrainer(model=model, args=training, processing_class=tokenizer, train_dataset=dataset)


def test_what_is_supervised_is_the_target(tokenizer_folder: Path, tmp_path: Path) -> None:
    text = check_supervised_tokens(trainer_of(tokenizer_folder, tmp_path), ROWS, "boxed")
    assert text == chatml.render_target(ROWS[0]["reasoning"], ROWS[0]["answer"])


@pytest.mark.parametrize(
    ("relabel", "fault"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_wrong_mask_is_named(relabel, fault: str, tokenizer_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=fault):
        check_supervised_tokens(trainer_of(tokenizer_folder, tmp_path, relabel), ROWS, "boxed")


PACKED = [{"packing": True, "max_length": 256}, {"padding_free": True, "max_length": None}]


@pytest.mark.parametrize("packed", PACKED, ids=["packing", "padding free"])
def test_rows_that_share_a_line_are_told_apart(packed: dict, tokenizer_folder: Path, tmp_path: Path) -> None:
    targets = {chatml.render_target(row["reasoning"], row["answer"]) for row in ROWS}
    trainer = trainer_of(tokenizer_folder, tmp_path, **packed)
    assert check_supervised_tokens(trainer, ROWS, "boxed") in targets
    batch = trainer.data_collator([trainer.train_dataset[index] for index in range(2)])
    assert len(batch["labels"]) == 1
    for _, relabel, _ in BROKEN:
        with pytest.raises(CheckError, match="is the target of no row"):
            check_supervised_tokens(trainer_of(tokenizer_folder, tmp_path, relabel, **packed), ROWS, "boxed")


def test_packed_rows_may_have_characters_that_the_tokenizer_composes(
    tokenizer_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS[0], "reasoning", "Cafe\u0301: 2 A\u030a")
    trainer = trainer_of(tokenizer_folder, tmp_path, **PACKED[0])
    assert check_supervised_tokens(trainer, ROWS, "boxed")


def test_rows_in_another_order_than_the_dataset_are_noticed(tokenizer_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="the answer"):
        check_supervised_tokens(trainer_of(tokenizer_folder, tmp_path), ROWS[::-1], "boxed")


@pytest.mark.parametrize("answer_format", ["boxed", "final_answer"])
def test_our_reward_pays_for_gold_and_for_nothing_else(answer_format: chatml.AnswerFormat) -> None:
    golds = ["0", "7", "-3", "1,000", "1/2", "0.5", "\\frac{1}{2}", "50%", "x+1", "3\\sqrt{13}", "(1, 2)"]
    check_rewards(accuracy, [*ROWS, *({"answer": gold} for gold in golds)], answer_format)


@pytest.mark.parametrize(
    ("reward", "fault"),
    [
        (lambda completions, answer: [0.0] * len(answer), "earns 0.0 where it must earn 1.0"),
        (lambda completions, answer: [1.0] * len(answer), "a wrong answer earns 1.0"),
        (lambda completions, answer: [None] * len(answer), "earns None"),
        (
            lambda completions, answer: [
                float(g in c and g + "7" not in c) for c, g in zip(completions, answer, strict=True)
            ],
            "unclosed reasoning",
        ),
    ],
    ids=["always 0", "always 1", "never scored", "substring"],
)
def test_a_reward_that_pays_wrongly_stops_the_run(reward, fault: str) -> None:
    with pytest.raises(CheckError, match=fault):
        check_rewards(reward, ROWS, "boxed")


class Kept(TrainerCallback):
    """What is logged, as the metrics get it."""

    def __init__(self) -> None:
        self.lines: list[dict] = []

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        self.lines.append(dict(logs))


def test_what_is_forgotten_is_said_and_what_is_learnt_is_not(
    tokenizer_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Trained on sums alone, the model unlearns words, which the earlier rows taught it."""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    words = [
        {"question": f"Say {n}.", "reasoning": "pens and books and kites", "answer": "0"} for n in range(8)
    ]
    sums = [{"question": f"{n}+1?", "reasoning": f"{n}+1={n + 1}", "answer": f"{n + 1}"} for n in range(8)]
    data = {
        name: Dataset.from_dict(tokenize_solutions(rows, tokenizer, "boxed"))
        for name, rows in (("words", words), ("sums", sums))
    }
    model = load_model(ModelArguments(architecture=TINY_MODEL), tokenizer, seed=0)
    kept = Kept()
    for taught, steps in (("words", 40), ("sums", 40)):
        training = SFTConfig(
            output_dir=str(tmp_path), use_cpu=True, bf16=False, max_steps=steps, learning_rate=1e-2,
            eval_strategy="steps", eval_steps=10, eval_on_start=True, save_strategy="no", disable_tqdm=True,
            dataset_kwargs={"skip_prepare_dataset": True},
        )  # fmt: skip
        caplog.clear()
        kept.lines.clear()
        SFTTrainer(
            model=model, args=training, processing_class=tokenizer, train_dataset=data[taught],
            eval_dataset=data, callbacks=[ForgettingAlarm(), kept],
        ).train()  # fmt: skip
    said = [record.getMessage() for record in caplog.records if "forgetting" in record.getMessage()]
    assert said
    assert all("eval_words_loss" in message for message in said)
    marked = [line for line in kept.lines if "alarm/forgetting" in line]
    assert len(marked) == len(said)
    assert all("eval_words_loss" in line for line in marked)
