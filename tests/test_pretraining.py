"""Pretraining: the rows and their mixture, what is masked, the optimizer, and exact resumption."""

import itertools
import json
import math
import time
from collections import Counter
from pathlib import Path

import numpy
import pytest
import torch
from conftest import CPU, ROOT, TINY_MODEL, run_and_kill, run_recipe, torchrun
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from tinyreason.config import ConfigError, CorpusArguments, MixtureArguments, ModelArguments, Source
from tinyreason.corpus import Corpus, Seen, Tokens, build_source
from tinyreason.hardware import peak_of
from tinyreason.models import load_model, load_tokenizer
from tinyreason.pretraining import (
    MixedRows,
    PretrainingConfig,
    PretrainingTrainer,
    flops_per_token,
    load_rows,
    scale_residual_projections,
)
from tinyreason.pretraining.rows import BLOCK, IGNORED, Rows, as_inputs, interleaved

END = 0
LENGTH = 64


@pytest.fixture(scope="module")
def corpus_folder(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources, one longer than the other."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = folder / "few.jsonl"
    rows.write_text(
        "".join(
            json.dumps({"question": f"How much is {n} + {n}?", "reasoning": "Add.", "answer": str(2 * n)})
            + "\n"
            for n in range(200)
        )
    )
    sources = {"many": Source(dataset="synthetic", max_documents=300), "few": Source(dataset=str(rows))}
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    corpus = Corpus(CorpusArguments(sources), tokenizer, {}, seen=Seen(), save_tokens=2**20)
    for name, source in sources.items():
        build_source(corpus, source, folder / name)
    return folder


def mixture(folder: Path, **weights: float) -> MixtureArguments:
    return MixtureArguments(corpus=str(folder), mixture=weights, context_length=LENGTH)


def scratch(tokenizer_folder: Path, **architecture) -> ModelArguments:
    return ModelArguments(
        architecture={**TINY_MODEL, **architecture}, tokenizer_name_or_path=str(tokenizer_folder)
    )


@pytest.mark.parametrize("shares", [[1.0], [0.4, 0.35, 0.15, 0.1], [1 / 3, 2 / 3], [0.9999, 0.0001]])
def test_every_beginning_of_the_rows_has_the_shares(shares):
    turns, ranks, each = interleaved(shares)
    assert each.sum() == BLOCK
    assert numpy.abs(each - numpy.array(shares) * BLOCK).max() < 1
    for count in (10, 100, 1000, BLOCK):
        drawn = numpy.bincount(turns[:count], minlength=len(shares))
        assert numpy.abs(drawn - numpy.array(shares) * count).max() <= 1
    for source in range(len(shares)):
        assert ranks[turns == source].tolist() == list(range(each[source]))


def test_a_source_is_read_whole_before_it_is_read_again_in_another_order(corpus_folder):
    sources = {name: Tokens(corpus_folder / name, "train", LENGTH) for name in ("many", "few")}
    many, few = (len(tokens) for tokens in sources.values())
    share = few / (few + many) * 2  # twice as often as it is long
    shares = {"many": 1 - share, "few": share}
    count = int(2 * few / share)
    rows = MixedRows(sources, shares, end=END, count=count, seed=3)
    assert len(rows) == count
    drawn = [rows[row]["input_ids"].numpy().tobytes() for row in range(count)]
    own = {sources["few"][row].tobytes() for row in range(few)}
    assert len(own) == few
    order = [row for row in drawn if row in own]
    assert set(order[:few]) == set(order[few : 2 * few]) == own
    assert order[:few] != order[few : 2 * few]
    backwards = MixedRows(sources, shares, end=END, count=count, seed=3)
    assert [backwards[row]["input_ids"].numpy().tobytes() for row in reversed(range(count))] == drawn[::-1]
    other = MixedRows(sources, shares, end=END, count=count, seed=4)
    assert [other[row]["input_ids"].numpy().tobytes() for row in range(count)] != drawn


def test_the_mixture_counts_tokens(corpus_folder, tokenizer_folder):
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    train, validation, drawn = load_rows(mixture(corpus_folder, many=3, few=1), tokenizer, count=400, seed=0)
    end = tokenizer.pad_token_id
    own = {row: name for name in ("many", "few") for row in all_rows(corpus_folder / name)}
    counts = Counter(own[train[row]["input_ids"].numpy().tobytes()] for row in range(400))
    assert counts == {"many": 300, "few": 100}
    assert drawn["few"]["tokens_drawn"] == 100 * LENGTH
    assert drawn["few"]["epochs"] == pytest.approx(100 / len(all_rows(corpus_folder / "few")))
    held_out = {
        rows[row]["input_ids"].numpy().tobytes() for rows in validation.values() for row in range(len(rows))
    }
    assert set(validation) == {"many", "few"}
    assert not held_out & set(own)
    assert isinstance(validation["few"], Rows)
    assert (validation["few"][0]["labels"] != IGNORED).sum() < LENGTH
    assert end in validation["few"][0]["input_ids"]


def all_rows(folder: Path) -> list[bytes]:
    tokens = Tokens(folder, "train", LENGTH)
    return [tokens[row].tobytes() for row in range(len(tokens))]


def test_positions_start_again_and_no_first_token_is_predicted_from_the_document_before():
    inputs = as_inputs(numpy.array([5, 6, END, 7, END, 8, 9, 9]), END)
    assert inputs["position_ids"].tolist() == [0, 1, 2, 0, 1, 0, 1, 2]
    assert inputs["labels"].tolist() == [IGNORED, 6, END, IGNORED, END, IGNORED, 9, 9]
    assert inputs["input_ids"].tolist() == [5, 6, END, 7, END, 8, 9, 9]


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("family", ["qwen3", "llama", "qwen3_moe"])
def test_documents_in_one_row_do_not_see_each_other(
    family, attention, tokenizer_folder, corpus_folder, tmp_path
):
    """Through the trainer's own batch and loss: a row against each of its documents alone."""
    model = tiny(tokenizer_folder, family, attention)
    trainer = trainer_of(model, corpus_folder, tokenizer_folder, tmp_path)
    end = trainer.processing_class.pad_token_id
    ids = torch.randint(5, 400, (2, 20)).numpy()
    ids[:, 6] = ids[:, 13] = end
    trainer.train_dataset = [as_inputs(row, end) for row in ids]
    together = trainer.compute_loss(trainer.model, next(iter(trainer.get_train_dataloader()))).item()
    losses = []
    for row, first, last in itertools.product((0, 1), (0, 7, 14), (7, 14, 20)):
        if last - first in (6, 7):
            alone = torch.from_numpy(ids[row, first:last])[None]
            loss = trainer.model(input_ids=alone, labels=alone).loss.item()
            losses.append((loss, last - first - 1))
    assert len(losses) == 6
    mean = sum(loss * count for loss, count in losses) / sum(count for _, count in losses)
    assert together == pytest.approx(mean, abs=1e-5)


def tiny(tokenizer_folder: Path, family: str = "qwen3", attention: str = "sdpa"):
    args = scratch(tokenizer_folder, model_type=family)
    if family == "qwen3_moe":
        args.architecture.pop("head_dim")
        args.architecture |= {"num_local_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
    args.attn_implementation = attention
    return load_model(args, load_tokenizer(args, "boxed"), seed=0, trainable=True)


def trainer_of(
    model, corpus_folder: Path, tokenizer_folder: Path, output: Path, **settings
) -> PretrainingTrainer:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    settings = {"max_steps": 4, "per_device_train_batch_size": 2, "use_cpu": True, "bf16": False, **settings}
    training = PretrainingConfig(output_dir=str(output), save_strategy="no", disable_tqdm=True, **settings)
    train, validation, _ = load_rows(mixture(corpus_folder, many=1), tokenizer, count=64, seed=0)
    return PretrainingTrainer(
        model=model, args=training, processing_class=tokenizer, train_dataset=train, eval_dataset=validation
    )


@pytest.mark.parametrize("family", ["qwen3", "llama", "qwen3_moe"])
def test_weight_decay_is_on_matrices_only(family, tokenizer_folder, corpus_folder, tmp_path):
    trainer = trainer_of(tiny(tokenizer_folder, family), corpus_folder, tokenizer_folder, tmp_path)
    groups = trainer.create_optimizer().param_groups
    dimensions = {group["weight_decay"]: {p.dim() for p in group["params"]} for group in groups}
    assert dimensions == {0.1: {2, 3} if "moe" in family else {2}, 0.0: {1}}
    assert {group["betas"] for group in groups} == {(0.9, 0.95)}
    assert trainer.args.max_grad_norm == 1.0


def test_the_learning_rate_warms_up_and_falls_to_a_tenth(tokenizer_folder, corpus_folder, tmp_path):
    trainer = trainer_of(
        tiny(tokenizer_folder), corpus_folder, tokenizer_folder, tmp_path,
        max_steps=20, warmup_steps=5, learning_rate=1e-3, logging_steps=1,
    )  # fmt: skip
    trainer.train()
    rates = [entry["learning_rate"] for entry in trainer.state.log_history if "learning_rate" in entry]
    wanted = [1e-3 * step / 5 for step in range(5)]
    wanted += [1e-3 * (0.1 + 0.9 * (1 + math.cos(math.pi * step / 15)) / 2) for step in range(15)]
    assert rates == pytest.approx(wanted)


def test_rows_are_drawn_in_their_order_and_speed_is_logged(tokenizer_folder, corpus_folder, tmp_path):
    trainer = trainer_of(
        tiny(tokenizer_folder), corpus_folder, tokenizer_folder, tmp_path,
        logging_steps=1, eval_strategy="steps", eval_steps=2, gradient_accumulation_steps=2,
    )  # fmt: skip
    first = next(iter(trainer.get_train_dataloader()))["input_ids"]
    assert torch.equal(first, torch.stack([trainer.train_dataset[row]["input_ids"] for row in range(2)]))
    trainer.train()
    logs = [entry for entry in trainer.state.log_history if "loss" in entry]
    assert [entry["num_input_tokens_seen"] for entry in logs] == [4 * LENGTH * step for step in (1, 2, 3, 4)]
    assert ["tokens_per_second" in entry for entry in logs] == [False, True, True, True]
    assert all("mfu" not in entry for entry in logs)
    assert {key for entry in trainer.state.log_history for key in entry if key.endswith("_loss")} == {
        "eval_many_loss", "train_loss",
    }  # fmt: skip


def test_an_evaluation_does_not_count_as_slow_training(tokenizer_folder, corpus_folder, tmp_path):
    class Slow(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, row: int):
            time.sleep(0.5)
            return trainer.train_dataset[row]

    settings = {"logging_steps": 1, "eval_strategy": "steps", "eval_steps": 1}
    trainer = trainer_of(tiny(tokenizer_folder), corpus_folder, tokenizer_folder, tmp_path, **settings)
    trainer.eval_dataset = {"slow": Slow()}
    trainer.train()
    rates = [e["tokens_per_second"] for e in trainer.state.log_history if "tokens_per_second" in e]
    assert min(rates) > 2 * LENGTH / 0.5  # were the evaluation's second counted, at most half of that


def test_new_residual_projections_shrink_with_depth_and_nothing_else_changes(tokenizer_folder):
    for family in ("qwen3", "llama", "qwen3_moe"):
        before, after = (tiny(tokenizer_folder, family) for _ in range(2))
        scale_residual_projections(after, seed=7)
        wanted = after.config.initializer_range / math.sqrt(2 * after.config.num_hidden_layers)
        changed = {
            name
            for (name, old), new in zip(before.named_parameters(), after.parameters(), strict=True)
            if not torch.equal(old, new)
        }
        assert changed == {
            name for name, _ in after.named_parameters() if "o_proj" in name or "down_proj" in name
        }
        for name, parameter in after.named_parameters():
            if name in changed:
                assert parameter.std().item() == pytest.approx(wanted, rel=0.1)


def test_flops_are_six_a_multiplying_parameter_and_twelve_for_attention(tokenizer_folder):
    dense = tiny(tokenizer_folder)
    assert flops_per_token(dense, 64) == 6 * dense.num_parameters() + 12 * 2 * 32 * 64
    llama = tiny(tokenizer_folder, "llama")
    llama.config.tie_word_embeddings = False
    table = llama.get_input_embeddings().weight.numel()
    assert flops_per_token(llama, 64) == 6 * (llama.num_parameters() - table) + 12 * 2 * 32 * 64
    sparse = tiny(tokenizer_folder, "qwen3_moe")
    idle = 2 * 2 * 3 * 32 * 32  # layers x idle experts x projections x width x expert width
    assert flops_per_token(sparse, 64) == 6 * (sparse.num_parameters() - idle) + 12 * 2 * 32 * 64


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("NVIDIA H100 80GB HBM3", 989), ("NVIDIA H200", 989), ("NVIDIA A100-SXM4-40GB", 312),
        ("Tesla T4", 65),
        ("NVIDIA L4", 121), ("NVIDIA L40S", None), ("AMD Instinct MI300X", 1307), ("NVIDIA H100 PCIe", None),
        ("NVIDIA H100 80GB HBM3 MIG 1g.10gb", None),
    ],
)  # fmt: skip
def test_the_peak_of_a_card_is_found_by_its_name(name, peak):
    assert peak_of(name) == peak


def test_a_corpus_of_another_tokenizer_or_too_small_a_source_is_refused(corpus_folder, tokenizer_folder):
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    long = MixtureArguments(corpus=str(corpus_folder), mixture={"few": 1}, context_length=100_000)
    with pytest.raises(ConfigError, match="has less than one row of 100000"):
        load_rows(long, tokenizer, count=1, seed=0)
    with pytest.raises(ConfigError, match="holds no finished tokens"):
        load_rows(mixture(corpus_folder, absent=1), tokenizer, count=1, seed=0)
    tokenizer.add_tokens(["another"])
    with pytest.raises(ConfigError, match="was made with another tokenizer"):
        load_rows(mixture(corpus_folder, few=1), tokenizer, count=1, seed=0)
    with pytest.raises(ConfigError, match="few has weight 0; write more than 0"):
        mixture(corpus_folder, few=0)


def test_a_killed_run_ends_with_the_weights_of_one_that_was_not(corpus_folder, tokenizer_folder, tmp_path):
    def flags(output: Path) -> list[object]:
        return [
            *("--corpus", corpus_folder, "--mixture", "{many: 0.7, few: 0.3}", "--context_length", LENGTH),
            *("--architecture", json.dumps(TINY_MODEL), "--tokenizer_name_or_path", tokenizer_folder),
            *("--max_steps", 60, "--save_steps", 10, "--logging_steps", 10, "--learning_rate", "1e-3"),
            *("--per_device_train_batch_size", 4, "--output_dir", output, "--seed", 3, *CPU),
        ]

    checkpoint = tmp_path / "killed/checkpoint-20/trainer_state.json"
    run_and_kill("recipes/pretrain.py", *flags(tmp_path / "killed"), until=checkpoint, fresh=True)
    printed = run_recipe("recipes/pretrain.py", *flags(tmp_path / "killed"))
    assert "resuming from" in printed
    assert "many: 70.0 %, 10,752 tokens, which reads its " in run_recipe(
        "recipes/pretrain.py", *flags(tmp_path / "whole")
    )
    one, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("killed", "whole"))
    assert one == other
    manifest = json.loads((tmp_path / "whole/run.json").read_text())
    assert manifest["tokens_seen"] == 60 * 4 * LENGTH
    assert manifest["data"]["few"]["tokens_drawn"] == pytest.approx(0.3 * 60 * 4 * LENGTH, abs=1)
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "whole")
    assert model.generation_config.eos_token_id != model.generation_config.pad_token_id


def test_a_run_ends_where_a_number_is_none(corpus_folder, tokenizer_folder, tmp_path):
    output = run_recipe(
        *("recipes/pretrain.py", "--corpus", corpus_folder, "--mixture", "{many: 1}", "--max_steps", 6),
        *("--architecture", json.dumps(TINY_MODEL), "--tokenizer_name_or_path", tokenizer_folder),
        *("--context_length", LENGTH, "--logging_steps", 1, "--learning_rate", "1e30", *CPU),
        *("--per_device_train_batch_size", 4, "--output_dir", tmp_path),
        code=1,
    )
    assert "not_finite: at step 2 grad_norm is nan; lower learning_rate" in output
    assert "error: stop_on: not_finite ended the run at step 2" in output
    assert not (tmp_path / "model.safetensors").exists()


def test_an_evaluation_of_experts_is_of_the_tokens_alone_and_may_come_before_training(
    tokenizer_folder, corpus_folder, tmp_path
):
    model = tiny(tokenizer_folder, "qwen3_moe")
    trainer = trainer_of(model, corpus_folder, tokenizer_folder, tmp_path)
    tokens_alone = trainer.evaluate()["eval_many_loss"]
    model.config.output_router_logits = True
    model.config.router_aux_loss_coef = model.router_aux_loss_coef = 5.0
    assert trainer.evaluate()["eval_many_loss"] == pytest.approx(tokens_alone, abs=1e-5)


def test_two_processes_do_the_steps_of_one(corpus_folder, tokenizer_folder, tmp_path):
    """With experts, whose balance each process knows of its own rows alone: it has no weight here."""
    architecture = {key: value for key, value in TINY_MODEL.items() if key != "head_dim"}
    architecture |= {"model_type": "qwen3_moe", "num_local_experts": 4, "num_experts_per_tok": 2}
    architecture |= {"moe_intermediate_size": 32, "output_router_logits": True, "router_aux_loss_coef": 0.0}
    flags = [
        *("--corpus", corpus_folder, "--mixture", "{many: 0.7, few: 0.3}", "--context_length", LENGTH),
        *("--architecture", json.dumps(architecture), "--tokenizer_name_or_path", tokenizer_folder),
        *("--max_steps", 6, "--save_strategy", "no", "--logging_steps", 1, "--learning_rate", "1e-3", *CPU),
    ]
    recipe = ROOT / "recipes/pretrain.py"
    batch = {1: ["--per_device_train_batch_size", 4], 2: ["--per_device_train_batch_size", 2]}
    run_recipe(recipe, *flags, *batch[1], "--output_dir", tmp_path / "1")
    process = torchrun(2, recipe, *flags, *batch[2], "--output_dir", tmp_path / "2")
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 0, printed[-3000:]
    one, two = (load_file(tmp_path / name / "model.safetensors") for name in "12")
    for name, weight in one.items():
        torch.testing.assert_close(two[name], weight, rtol=1e-4, atol=1e-5)
    manifests = [json.loads((tmp_path / name / "run.json").read_text()) for name in "12"]
    assert [manifest["tokens_seen"] for manifest in manifests] == [6 * 4 * LENGTH] * 2


def test_the_balance_of_experts_weighs_the_same_however_a_step_is_divided(
    tokenizer_folder, corpus_folder, tmp_path
):
    """Two equal micro-batches must have the gradient of one of them."""
    gradients = []
    for accumulation in (1, 2):
        model = tiny(tokenizer_folder, "qwen3_moe")
        model.config.output_router_logits = True
        model.config.router_aux_loss_coef = model.router_aux_loss_coef = 5.0
        settings = {"gradient_accumulation_steps": accumulation, "max_steps": 1, "max_grad_norm": 0}
        settings |= {"optim": "sgd", "learning_rate": 1.0, "weight_decay": 0}
        trainer = trainer_of(model, corpus_folder, tokenizer_folder, tmp_path, **settings)
        rows = [trainer.train_dataset[row] for row in range(2)] * accumulation
        trainer.train_dataset = rows
        before = [parameter.detach().clone() for parameter in model.parameters()]
        trainer.train()
        gradients.append([old - new for old, new in zip(before, model.parameters(), strict=True)])
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
