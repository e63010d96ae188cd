"""Model and tokenizer come back speaking ChatML from every source, and what cannot work is said in a
sentence.
"""

import json
import shutil
from pathlib import Path

import pytest
import torch
from conftest import SHARED, TINY_MODEL
from transformers import AutoTokenizer

from tinyreason import chatml
from tinyreason.config import ConfigError, ModelArguments
from tinyreason.models import (
    identity,
    load_model,
    load_tokenizer,
    native_tokenizer,
    seen_from,
    stages_before,
)
from tinyreason.models.folders import BLOCK, BLOCKS, sampled_hash


@pytest.fixture
def model_folder(tokenizer_folder: Path, tmp_path: Path) -> Path:
    tokenizer = load_tokenizer(from_scratch(tokenizer_folder), "boxed")
    load_model(from_scratch(tokenizer_folder), tokenizer, seed=1).save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def from_scratch(tokenizer_folder: Path, **changed: object) -> ModelArguments:
    architecture = {**TINY_MODEL, **changed}
    return ModelArguments(architecture=architecture, tokenizer_name_or_path=str(tokenizer_folder))


def test_the_end_of_turn_is_the_end_everywhere(model_folder: Path) -> None:
    model_args = ModelArguments(model_name_or_path=str(model_folder))
    tokenizer = load_tokenizer(model_args, "final_answer")
    model = load_model(model_args, tokenizer, seed=0)
    end = tokenizer.convert_tokens_to_ids(chatml.END)
    assert tokenizer.eos_token_id == model.config.eos_token_id == model.generation_config.eos_token_id == end
    assert tokenizer.pad_token_id == model.config.pad_token_id == model.generation_config.pad_token_id != end
    assert tokenizer.chat_template == chatml.chat_template("final_answer")


def test_the_seed_draws_the_weights(tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    one, same, other = (
        load_model(from_scratch(tokenizer_folder), tokenizer, seed=s).lm_head.weight for s in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_attention_and_dtype_reach_a_model_from_scratch(tokenizer_folder: Path) -> None:
    model_args = from_scratch(tokenizer_folder)
    model_args.attn_implementation, model_args.dtype = "eager", "bfloat16"
    model = load_model(model_args, AutoTokenizer.from_pretrained(tokenizer_folder), seed=0)
    assert model.config._attn_implementation == "eager"
    assert model.dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"hidden_sise": 32}, "hidden_sise"),
        ({"model_type": "qwen33"}, "unknown architecture model_type 'qwen33'"),
    ],
)
def test_a_misspelt_architecture_is_an_error(changed: dict, sentence: str, tokenizer_folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    with pytest.raises(ConfigError, match=sentence):
        load_model(from_scratch(tokenizer_folder, **changed), tokenizer, seed=0)


@pytest.mark.parametrize("name", ["runs/nowhere", "/nowhere/at/all", "./nowhere"])
def test_a_folder_that_is_not_there_is_not_taken_for_a_hub_id(name: str) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_tokenizer(ModelArguments(model_name_or_path=name), "boxed")


def test_weights_that_are_cut_off_are_said_to_be(model_folder: Path) -> None:
    model_args = ModelArguments(model_name_or_path=str(model_folder))
    tokenizer = load_tokenizer(model_args, "boxed")
    weights = model_folder / "model.safetensors"
    whole = weights.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 20, 3, 0):
        weights.write_bytes(whole[:length])
        with pytest.raises(ConfigError, match="safetensors is cut off"):
            load_model(model_args, tokenizer, seed=0)
    weights.unlink()
    with pytest.raises(ConfigError, match="safetensors is missing"):
        load_model(model_args, tokenizer, seed=0)


def test_a_tokenizer_too_large_for_the_model_is_refused(model_folder: Path) -> None:
    model_args = ModelArguments(model_name_or_path=str(model_folder))
    tokenizer = load_tokenizer(model_args, "boxed")
    tokenizer.add_tokens(["<more>"])
    with pytest.raises(ConfigError, match="embedding rows"):
        load_model(model_args, tokenizer, seed=0)


def test_a_tokenizer_without_chatml_tokens_is_refused(tmp_path: Path) -> None:
    stories = SHARED / "models" / "stories260K"
    if not stories.is_dir():
        pytest.skip(f"{stories} is not there: the real tokenizers are optional data")
    shutil.copytree(stories, tmp_path / "stories")
    with pytest.raises(ConfigError, match=r"lacks <\|im_start\|>"):
        load_tokenizer(ModelArguments(model_name_or_path=str(tmp_path / "stories")), "boxed")


def test_a_model_that_is_only_used_runs_on_the_card(
    model_folder: Path, tokenizer_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The meta device stands for a card: one that trains is left to the trainer."""
    monkeypatch.setattr("tinyreason.models.loading.device", lambda: "meta")
    args = ModelArguments(model_name_or_path=str(model_folder))
    tokenizer = load_tokenizer(args, "boxed")
    assert load_model(args, tokenizer, seed=0).device.type == "meta"
    assert load_model(args, tokenizer, seed=0, trainable=True).device.type == "cpu"


def write_recipe(folder: Path, before: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.yaml").write_text(f"model_name_or_path: {before}\nmodel_revision: null\n")
    return folder


def test_the_stages_before_a_run_are_followed_to_the_first_and_never_in_a_circle(tmp_path: Path) -> None:
    gone = tmp_path / "runs/gone"
    first = write_recipe(tmp_path / "first", gone)
    second = write_recipe(tmp_path / "second", first)
    assert stages_before(str(second)) == [(str(first), None), (str(gone), None)]
    write_recipe(first, second)
    assert stages_before(str(second)) == [(str(first), None), (str(second), None)]
    itself = write_recipe(tmp_path / "itself", tmp_path / "itself")
    assert stages_before(str(itself)) == [(str(itself), None)]
    assert stages_before(str(gone)) == []


def test_other_weights_or_another_tokenizer_are_another_model_and_what_lies_beside_is_not(
    model_folder: Path, tmp_path: Path
) -> None:
    before = identity(str(model_folder))
    for name in ("run.json", "ready.json", "trainer_state.json"):
        (model_folder / name).write_text("{}")
    assert identity(str(model_folder)) == before
    shutil.copytree(model_folder, tmp_path / "copy")
    assert identity(str(tmp_path / "copy")) == before
    for name in ("model.safetensors", "tokenizer.json", "generation_config.json"):
        path = model_folder / name
        content = bytearray(path.read_bytes())
        content[-2] ^= 1
        path.write_bytes(content)
        assert identity(str(model_folder)) != before
        before = identity(str(model_folder))


def test_of_a_large_file_blocks_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(bytes(BLOCK * BLOCKS + 12_345))
    found = {sampled_hash(path)}
    for place in (0, path.stat().st_size - 1):
        content = bytearray(path.stat().st_size)
        content[place] = 1
        path.write_bytes(content)
        found.add(sampled_hash(path))
    assert len(found) == 3


def test_a_relative_stage_is_looked_for_where_training_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not where a folder of the same name lies by chance."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    for root in (home, elsewhere):
        (root / "runs/sft").mkdir(parents=True)
    run = home / "runs/grpo"
    run.mkdir()
    (run / "recipe.yaml").write_text("model_name_or_path: runs/sft\noutput_dir: runs/grpo\n")
    monkeypatch.chdir(home)
    assert stages_before("runs/grpo") == [("runs/sft", None)]
    monkeypatch.chdir(elsewhere)
    assert stages_before(str(run)) == [("../home/runs/sft", None)]
    assert seen_from(str(run), "Qwen/Qwen2.5-0.5B") == "Qwen/Qwen2.5-0.5B"
    assert seen_from(str(run), "runs/gone") == "../home/runs/gone"
    shutil.move(run, tmp_path / "moved")  # nobody knows from where
    assert stages_before(str(tmp_path / "moved")) == [("runs/sft", None)]


def test_an_adapter_without_a_tokenizer_has_that_of_its_base(model_folder: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    config = {"base_model_name_or_path": str(model_folder), "peft_type": "LORA"}
    (adapter / "adapter_config.json").write_text(json.dumps(config))
    found = load_tokenizer(ModelArguments(model_name_or_path=str(adapter)), "boxed")
    assert found.get_vocab() == AutoTokenizer.from_pretrained(model_folder).get_vocab()
    assert native_tokenizer(str(adapter)) is None  # the base speaks our ChatML
