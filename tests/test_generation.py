"""Batched generation gives every prompt what it would get alone."""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import torch
from conftest import TINY_MODEL
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from tinyreason.config import ConfigError, ModelArguments
from tinyreason.generation import VLLM, Completion, Decoding, generate, streaming_config
from tinyreason.models import load_model

# lengths that differ, and a beginning that all but one have in common
PROMPTS = [f"Tom has {n} pens" + ", and a cup" * (n % 5) + "." for n in range(20)]
OTHERS = ["x", *PROMPTS]


@pytest.fixture(scope="module")
def pair(tokenizer_folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """A model whose completions end at many different lengths, some of them never."""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    model = load_model(ModelArguments(architecture=TINY_MODEL), tokenizer, seed=3)
    with torch.no_grad():
        for weights in model.model.layers.parameters():
            weights.mul_(3)
    return model, tokenizer


@pytest.fixture
def ending(pair):
    """Makes the end a likely token: completions of 1 to 30 tokens."""
    model, tokenizer = pair
    bias = torch.zeros(len(tokenizer))
    bias[tokenizer.eos_token_id] = 0.2
    handle = model.lm_head.register_forward_hook(lambda module, inputs, output: output + bias)
    yield
    handle.remove()


def completions(pair, prompts, *, batch_size: int = 4, ends=(), **decoding) -> list[list[Completion]]:
    model, tokenizer = pair
    found: list[dict[int, Completion]] = [{} for _ in prompts]
    settings = Decoding(**{"max_new_tokens": 30, **decoding})
    for index, number, completion in generate(
        model, tokenizer, prompts, settings, batch_size=batch_size, ends=ends
    ):
        assert number not in found[index]
        found[index][number] = completion
    return [[group[number] for number in sorted(group)] for group in found]


def by_transformers(pair, prompt: str) -> str:
    model, tokenizer = pair
    config = streaming_config(tokenizer, max_new_tokens=30, temperature=0.0, lookup=None)
    ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")
    output = model.generate(**ids, generation_config=config)
    return tokenizer.decode(output[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)


@pytest.mark.parametrize("prompts", [PROMPTS, OTHERS], ids=["beginning in common", "nothing in common"])
@pytest.mark.parametrize("batch_size", [1, 3, 8, 64])
def test_greedy_completions_are_those_of_transformers_at_any_batch_size(
    pair, ending, prompts: list[str], batch_size: int
) -> None:
    found = completions(pair, prompts, batch_size=batch_size)
    assert [group[0].text for group in found] == [by_transformers(pair, prompt) for prompt in prompts]
    lengths = Counter(group[0].tokens for group in found)
    assert len(lengths) > 8, lengths


def test_samples_are_those_of_the_seed_and_the_prompt_whatever_else_is_sampled(pair, ending) -> None:
    settings = {"temperature": 1.0, "samples": 3}
    found = completions(pair, PROMPTS, batch_size=8, **settings)
    assert all(len(group) == 3 for group in found)
    assert all(len({c.text for c in group}) == 3 for group in found if max(c.tokens for c in group) > 5)
    assert completions(pair, PROMPTS, batch_size=5, **settings) == found
    assert completions(pair, PROMPTS[7:9], batch_size=1, **settings) == found[7:9]
    assert completions(pair, PROMPTS, batch_size=8, seed=1, **settings) != found


def test_tokens_are_sampled_as_often_as_the_model_says(pair) -> None:
    model, tokenizer = pair
    count = 4000
    [group] = completions(
        pair, ["Tom"], batch_size=500, temperature=0.7, samples=count, max_new_tokens=1, ends=[-1]
    )
    ids = tokenizer("Tom", add_special_tokens=False, return_tensors="pt")
    with torch.no_grad():
        chances = (model(**ids).logits[0, -1] / 0.7).softmax(dim=0)
    # tokens that share a text, such as the control tokens, which decoding leaves out, are counted together
    expected: Counter[str] = Counter()
    for token, chance in enumerate(chances.tolist()):
        expected[tokenizer.decode([token], skip_special_tokens=True)] += chance
    sampled = Counter(completion.text for completion in group)
    # chi-squared over the texts expected ten times or more, the others as one: mean f, deviation sqrt(2f)
    common = [text for text, chance in expected.items() if chance * count >= 10]
    pairs = [(sampled[text], expected[text] * count) for text in common]
    rest = count - sum(wanted for _, wanted in pairs)
    pairs.append((count - sum(seen for seen, _ in pairs), rest))
    distance = sum((seen - wanted) ** 2 / wanted for seen, wanted in pairs)
    freedom = len(pairs) - 1
    assert freedom > 20
    assert abs(distance - freedom) < 4 * (2 * freedom) ** 0.5


def test_a_completion_ends_at_the_end_token_or_counts_as_truncated(pair) -> None:
    [[cut]] = completions(pair, ["Tom"], max_new_tokens=5)
    assert (cut.tokens, cut.truncated) == (5, True)
    _, tokenizer = pair
    [[ended]] = completions(pair, ["Tom"], max_new_tokens=5, ends=range(len(tokenizer)))
    assert (ended.tokens, ended.truncated) == (1, False)
    assert cut.text.startswith(ended.text)


def test_a_completion_ends_at_the_models_last_position(pair) -> None:
    positions = TINY_MODEL["max_position_embeddings"]
    _, tokenizer = pair
    prompt = "Tom has 3 pens. " * 400
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    fitting = tokenizer.decode(ids[: positions - 4])
    length = len(tokenizer(fitting, add_special_tokens=False)["input_ids"])
    [[last], [other]] = completions(pair, [fitting, "Tom"], ends=[-1])
    assert (last.tokens, last.truncated) == (positions - length, True)
    assert other.tokens == 30


def test_what_prompts_have_in_common_is_read_once(pair) -> None:
    model, tokenizer = pair
    read = []
    handle = model.register_forward_pre_hook(
        lambda module, args, kwargs: read.append(kwargs["input_ids"].numel()), with_kwargs=True
    )
    try:
        completions(pair, PROMPTS, batch_size=40, max_new_tokens=1, samples=2, temperature=1.0)
    finally:
        handle.remove()
    ids = tokenizer(PROMPTS, add_special_tokens=False)["input_ids"]
    shared = next(place for place, tokens in enumerate(zip(*ids, strict=False)) if len(set(tokens)) > 1)
    padded = max(map(len, ids)) - shared
    assert read == [shared, len(PROMPTS) * padded]
    assert shared > 2


def test_the_model_attends_as_before_when_generation_ends_or_is_left(pair) -> None:
    model, tokenizer = pair
    assert model.config._attn_implementation == "sdpa"
    completions(pair, PROMPTS[:2])
    assert model.config._attn_implementation == "sdpa"
    running = generate(model, tokenizer, PROMPTS, Decoding(30), batch_size=4)
    next(running)
    assert model.config._attn_implementation != "sdpa"
    running.close()
    assert model.config._attn_implementation == "sdpa"


def test_a_row_that_has_ended_may_stay_among_rows_that_go_on_to_the_last_position(pair) -> None:
    """Learned positions end where the model's context does."""
    _, tokenizer = pair
    settings = {"n_positions": 24, "n_embd": 32, "n_layer": 2, "n_head": 2, "vocab_size": len(tokenizer)}
    model = GPT2LMHeadModel(GPT2Config(**settings)).eval()
    prompts = ["x " * length for length in range(2, 18)]  # they reach the end one after the other
    found = completions((model, tokenizer), prompts, batch_size=16)
    assert all(one.truncated for [one] in found)
    assert found == completions((model, tokenizer), prompts, batch_size=1)


class StandInLLM:
    """Stands where vLLM's class does, by its signature of 0.30: a real model, decoded greedily one by one."""

    def __init__(
        self, model: str, *, revision: str | None, dtype: str, skip_tokenizer_init: bool, seed: int
    ) -> None:
        assert skip_tokenizer_init
        self.model = AutoModelForCausalLM.from_pretrained(model, revision=revision, dtype=dtype).eval()
        self.asked: list[StandInParams] = []

    def generate(self, prompts: list[dict], sampling_params: list, *, use_tqdm: bool) -> list:
        self.asked += sampling_params
        return [
            SimpleNamespace(outputs=[self.completed(prompt["prompt_token_ids"], params)])
            for prompt, params in zip(prompts, sampling_params, strict=True)
        ]

    def completed(self, ids: list[int], params: "StandInParams") -> SimpleNamespace:
        config = GenerationConfig(
            max_new_tokens=params.max_tokens,
            do_sample=False,
            eos_token_id=params.stop_token_ids,
            pad_token_id=0,
        )
        output = self.model.generate(torch.tensor([ids]), generation_config=config)[0, len(ids) :].tolist()
        stopped = output[-1] in params.stop_token_ids
        return SimpleNamespace(token_ids=output, finish_reason="stop" if stopped else "length")


@dataclass
class StandInParams:
    """The arguments of vLLM's SamplingParams that are used."""

    temperature: float
    top_p: float
    top_k: int
    min_p: float
    repetition_penalty: float
    seed: int | None
    max_tokens: int
    ignore_eos: bool
    stop_token_ids: list[int]
    detokenize: bool


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("vllm")
    module.LLM, module.SamplingParams = StandInLLM, StandInParams
    monkeypatch.setitem(sys.modules, "vllm", module)


def test_vllm_is_asked_for_the_same_decoding(stand_in, pair, tmp_path: Path) -> None:
    model, tokenizer = pair
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    args = ModelArguments(model_name_or_path=str(tmp_path), dtype="float32")
    ends = list(range(100, 110))
    found = {index: one for index, _, one in VLLM(args, tokenizer, ends)(OTHERS, Decoding(30))}
    own = {
        index: one
        for index, _, one in generate(model, tokenizer, OTHERS, Decoding(30), batch_size=8, ends=ends)
    }
    assert found == own
    assert {one.truncated for one in found.values()} == {True, False}


def test_vllm_gets_a_seed_for_each_sample_and_no_setting_of_its_own(stand_in, pair, tmp_path: Path) -> None:
    model, tokenizer = pair
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    args = ModelArguments(model_name_or_path=str(tmp_path), dtype="float32")
    decoder = VLLM(args, tokenizer, [5, 7])
    places = [(index, number) for index, number, _ in decoder(PROMPTS[:3], Decoding(4, 0.7, 2, seed=3))]
    assert places == [(index, number) for index in range(3) for number in range(2)]
    asked = decoder.model.asked
    assert len({params.seed for params in asked}) == 6
    assert all(0 <= params.seed < 2**63 for params in asked)
    assert {(params.temperature, params.top_p, params.top_k, params.max_tokens) for params in asked} == {
        (0.7, 1.0, 0, 4)
    }
    assert all(params.ignore_eos and params.stop_token_ids == [5, 7] for params in asked)


def test_what_vllm_cannot_do_is_said(pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(ConfigError, match="use_vllm: vLLM is not installed; pip install"):
        VLLM(ModelArguments(model_name_or_path=str(tmp_path)), pair[1], [])
    module = ModuleType("vllm")
    module.LLM = StandInLLM
    monkeypatch.setitem(sys.modules, "vllm", module)
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": "some/base"}')
    with pytest.raises(ConfigError, match="is an adapter; leave use_vllm out"):
        VLLM(ModelArguments(model_name_or_path=str(tmp_path)), pair[1], [])
