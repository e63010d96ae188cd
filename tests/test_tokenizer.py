"""A tokenizer trained here is the one that comes back from disk, whatever model it is saved beside."""

from pathlib import Path

from transformers import AutoTokenizer, LlamaConfig, PreTrainedTokenizerFast, Qwen3Config, Qwen3MoeConfig

from tinyreason import chatml
from tinyreason.synthetic import domain
from tinyreason.tokenizer import fingerprint, train_tokenizer

TEXTS = ["Tom has 1234 pens.", "x = \\frac{12}{7}\n\n  y", "Ünïcödé 🙂 \t end", "<|im_end|>a<think>b</think>"]


def test_every_text_survives_a_round_trip(tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    for text in TEXTS:
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_digits_stand_alone(tokenizer_folder: Path) -> None:
    tokens = AutoTokenizer.from_pretrained(tokenizer_folder).tokenize("1234+56")
    assert tokens == ["1", "2", "3", "4", "+", "5", "6"]


def test_a_model_config_beside_it_does_not_change_the_tokens(tokenizer_folder: Path, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    tokenizer.save_pretrained(tmp_path)
    Qwen3Config().save_pretrained(tmp_path)  # AutoTokenizer now goes by the model type
    again = AutoTokenizer.from_pretrained(tmp_path)
    assert [again(text)["input_ids"] for text in TEXTS] == [tokenizer(text)["input_ids"] for text in TEXTS]


def test_think_tags_are_single_tokens_that_decoding_keeps(tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    ids = tokenizer("<think>a</think><|im_end|>")["input_ids"]
    assert tokenizer.tokenize("<think></think>") == ["<think>", "</think>"]
    assert tokenizer.decode(ids, skip_special_tokens=True) == "<think>a</think>"


def test_end_and_padding_are_two_tokens(tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    assert (tokenizer.eos_token, tokenizer.pad_token) == (chatml.END, chatml.PAD)
    assert tokenizer.eos_token_id != tokenizer.pad_token_id


def test_ten_thousand_lines_are_tokenised_alike_after_a_reload_beside_any_model(tmp_path: Path) -> None:
    """Transformers rebuilds the pre-tokeniser of some model types from their class."""
    made = [p for name in ("calculus", "ml_math") for p in domain(name).problems("train", seed=0, count=1500)]
    lines = [line for problem in made for line in (problem.question, *problem.reasoning.split("\n"))]
    lines = [*TEXTS, *lines][:10_000]
    assert len(lines) == 10_000
    trained = train_tokenizer(lines, 2000)
    assert isinstance(trained, PreTrainedTokenizerFast)
    for config in (Qwen3Config(), Qwen3MoeConfig(), LlamaConfig()):
        folder = tmp_path / config.model_type
        trained.save_pretrained(folder)
        config.save_pretrained(folder)
        again = AutoTokenizer.from_pretrained(folder)
        assert again(lines)["input_ids"] == trained(lines)["input_ids"]
        assert fingerprint(again) == fingerprint(trained)
    # a backslash belongs to the punctuation before it, so a command is at best two tokens after a $
    assert trained.tokenize("$\\frac{1}{2}$")[:3] == ["$", "\\", "frac"]
