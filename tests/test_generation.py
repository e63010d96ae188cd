"""Batched generation gives every prompt what it would get alone."""

from pathlib import Path

import pytest
import torch
from conftest import TINY_MODEL
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase, set_seed

from tinyreason.config import ModelArguments
from tinyreason.generation import generate, sampling
from tinyreason.models import load_model

PROMPTS = ["Tom", "Tom has 3 pens. How many pens are there now?", "x" * 40, "Tom has 5 cups."]


@pytest.fixture(scope="module")
def pair(tokenizer_folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    return load_model(ModelArguments(architecture=TINY_MODEL), tokenizer, seed=3), tokenizer


def texts(pair, prompts: list[str], **settings) -> list[list[str]]:
    model, tokenizer = pair
    batch_size = settings.pop("batch_size", 4)
    config = sampling(tokenizer, max_new_tokens=12, **settings)
    return [
        [c.text for c in group]
        for group in generate(model, tokenizer, prompts, config, batch_size=batch_size)
    ]


def test_a_batch_gives_each_prompt_its_own_completion_in_the_callers_order(pair) -> None:
    together = texts(pair, PROMPTS, temperature=0.0)
    alone = [texts(pair, [prompt], temperature=0.0)[0] for prompt in PROMPTS]
    assert together == alone
    assert len({text for [text] in together}) > 1


def test_samples_of_a_prompt_stay_together(pair) -> None:
    set_seed(0)
    groups = texts(pair, PROMPTS, temperature=1.0, samples=3, batch_size=2)
    assert [len(group) for group in groups] == [3, 3, 3, 3]
    assert all(len(set(group)) > 1 for group in groups)


def test_the_models_own_sampling_defaults_do_not_leak_in(pair) -> None:
    model, _ = pair
    before = texts(pair, PROMPTS, temperature=0.0)
    model.generation_config.repetition_penalty = 5.0
    model.generation_config.top_k = 1
    try:
        assert texts(pair, PROMPTS, temperature=0.0) == before
        set_seed(0)
        assert len(set(texts(pair, ["Tom"], temperature=1.0, samples=8)[0])) > 1
    finally:
        model.generation_config.repetition_penalty = None
        model.generation_config.top_k = None


def test_a_completion_ends_at_the_end_token_or_counts_as_truncated(pair) -> None:
    model, tokenizer = pair
    config = sampling(tokenizer, max_new_tokens=5, temperature=0.0)
    [[cut]] = generate(model, tokenizer, ["Tom"], config, batch_size=1)
    assert (cut.tokens, cut.truncated) == (5, True)
    bias = torch.full((len(tokenizer),), -1e4)
    bias[tokenizer.eos_token_id] = 1e4
    handle = model.lm_head.register_forward_hook(lambda module, inputs, output: output + bias)
    try:
        [[ended]] = generate(model, tokenizer, ["Tom"], config, batch_size=1)
    finally:
        handle.remove()
    assert (ended.text, ended.tokens, ended.truncated) == ("", 1, False)
