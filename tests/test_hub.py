"""Models and checkpoints on a Hub, over HTTP: pushed while training, found again by a machine that has
nothing, and adapters used by their id.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CPU, run_recipe, sft_flags
from forked import serving_forks
from hub import Hub, serving
from safetensors.torch import load, load_file

REPO = "tester/pushed"


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def environment(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Of a machine that knows this Hub, for which processes are forked."""
    variables = hub.environment(tmp_path_factory.mktemp("cache"))
    with serving_forks(**variables):
        yield variables


def test_a_run_goes_on_from_the_hub_where_its_machine_is_gone(
    hub: Hub,
    environment: dict[str, str],
    rows_file: Path,
    tokenizer_folder: Path,
    sft_run: Path,
    tmp_path: Path,
) -> None:
    """It ends with the weights of a run that was never interrupted, and its metrics from the first step."""
    output = tmp_path / "run"
    flags = sft_flags(rows_file, tokenizer_folder, output)
    flags += ["--push_to_hub", "true", "--hub_model_id", REPO, "--hub_strategy", "checkpoint"]
    flags += ["--hub_always_push", "true"]  # however fast the steps are
    run_recipe("recipes/sft.py", *flags, **environment)
    hub.repositories[REPO] = hub.history["Training in progress, step 15, checkpoint"]  # and then it was lost
    output = tmp_path / "on another machine"
    flags[flags.index("--output_dir") + 1] = output

    printed = run_recipe("recipes/sft.py", *flags, **environment)

    assert f"resuming from {output / 'checkpoint-15'}" in printed
    ended, whole = (load_file(folder / "model.safetensors") for folder in (output, sft_run))
    assert all(ended[name].equal(whole[name]) for name in whole)
    assert (output / "metrics.jsonl").read_text().count('"loss"') == 40
    assert REPO in hub.private
    pushed = hub.repositories[REPO]
    assert pushed["model.safetensors"] == (output / "model.safetensors").read_bytes()
    assert {"recipe.yaml", "run.json", "tokenizer.json"} <= pushed.keys()


def test_a_hub_that_cannot_be_asked_is_not_taken_for_an_empty_one(
    hub: Hub, environment: dict[str, str], rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    """A fresh start would push its own checkpoint over the one that is there."""
    flags = sft_flags(rows_file, tokenizer_folder, tmp_path / "run")
    flags += ["--push_to_hub", "true", "--hub_strategy", "checkpoint", "--hub_model_id"]
    nowhere = {**hub.environment(tmp_path / "cache"), "HF_ENDPOINT": "http://127.0.0.1:9"}
    output = run_recipe("recipes/sft.py", *flags, REPO, code=1, **nowhere)
    assert f"whether {REPO} holds a checkpoint to go on from could not be read" in output
    output = run_recipe("recipes/sft.py", *flags, "pushed", code=1, **environment)
    assert "hub_model_id: pushed names no account to go on from; write USER/NAME" in output


USE = """
import json, sys
from safetensors.torch import load_file
from tinyreason.config import ModelArguments
from tinyreason.models import as_trained, load_model, load_tokenizer

rank = {"use_peft": True, "lora_r": 4, "lora_alpha": 8}
args = [
    as_trained("tester/adapter", "float32"),
    ModelArguments(model_name_or_path="tester/adapter", **rank),
    ModelArguments(model_name_or_path="tester/adapter", merge_adapter=True),
    as_trained(sys.argv[1], "float32"),
]
tokenizer = load_tokenizer(args[0], "boxed")
ids = tokenizer("Is coin 7 worth 1 or 2?", return_tensors="pt")["input_ids"]
models = [load_model(a, tokenizer, seed=0, trainable=a.use_peft).eval() for a in args]
logits = [model(ids).logits for model in models]
trained = [name for name, parameter in models[1].named_parameters() if parameter.requires_grad]
print(json.dumps({
    "apart": [(found - logits[3]).abs().max().item() for found in logits[:3]],
    "trained": all("lora_" in name for name in trained) and len(trained),
}))
"""


def test_an_adapter_is_used_by_its_id_with_the_base_that_it_names(
    hub: Hub, environment: dict[str, str], rows_file: Path, model_folder: Path, tmp_path: Path
) -> None:
    """Trained from a base on the Hub and pushed; then used, trained on and merged from the Hub alone."""
    pytest.importorskip("peft")
    hub.add("tester/base", model_folder)
    lora = ["--use_peft", "true", "--lora_r", 4, "--lora_alpha", 8, "--dataset", rows_file, *CPU]
    steps = ["--max_steps", 4, "--save_steps", 4, "--logging_steps", 1, "--learning_rate", "3e-2"]
    push = ["--push_to_hub", "true", "--hub_model_id", "tester/adapter", "--output_dir", tmp_path / "sft"]
    run_recipe("recipes/sft.py", "--model_name_or_path", "tester/base", *lora, *steps, *push, **environment)
    pushed = hub.repositories["tester/adapter"]
    assert b'"base_model_name_or_path": "tester/base"' in pushed["adapter_config.json"]
    assert "model.safetensors" not in pushed

    command = [sys.executable, "-c", USE, str(tmp_path / "sft")]
    another = {**environment, "HF_HOME": str(tmp_path / "another cache")}
    finished = subprocess.run(
        command, env={**os.environ, **another}, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout.splitlines()[-1])
    assert max(found["apart"]) < 1e-5
    assert found["trained"] == len(load(pushed["adapter_model.safetensors"]))
    assert (tmp_path / "runs/merged/tester--adapter/model.safetensors").is_file()


@pytest.mark.parametrize(
    ("model", "offline", "words"),
    [
        ("tester/nothing", False, "tester/nothing is not a local folder and is not a valid model identifier"),
        ("tester/nothing", True, "We couldn't connect to"),
        ("spaces in it", False, "spaces in it"),
    ],
)
def test_a_model_that_the_hub_does_not_have_is_one_sentence(
    model: str, offline: bool, words: str, environment: dict[str, str], rows_file: Path
) -> None:
    flags = ["--model", model, "--dataset", rows_file, "--split", "train"]
    output = run_recipe("recipes/evaluate.py", *flags, code=1, **({} if offline else environment))
    last = output.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert words in last
    assert "Traceback" not in output
