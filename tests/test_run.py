"""The run folder: what counts as a whole checkpoint, what is cut back, what a full disk does."""

import json
import logging
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import torch
from conftest import ROOT, TINY_MODEL, run_recipe
from datasets import Dataset
from transformers import AutoTokenizer, TrainerState
from trl import SFTConfig, SFTTrainer

from tinyreason.config import ConfigError, ModelArguments
from tinyreason.data import tokenize_solutions
from tinyreason.models import load_model
from tinyreason.run import (
    WAITING,
    checkpoint_fault,
    code_commit,
    cut_back,
    last_checkpoint,
    start_run,
    write_json,
    write_rollouts,
)
from tinyreason.run.folder import ended
from tinyreason.synthetic import textbook_problems


@pytest.fixture(scope="module")
def trained(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with checkpoint-2 and checkpoint-4, written by a real trainer."""
    folder = tmp_path_factory.mktemp("trained")
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    columns = tokenize_solutions(textbook_problems("validation", seed=0)[:8], tokenizer, "boxed")
    training = SFTConfig(
        output_dir=str(folder), use_cpu=True, bf16=False, max_steps=4, save_steps=2, disable_tqdm=True
    )
    model = load_model(ModelArguments(architecture=TINY_MODEL), tokenizer, seed=0)
    dataset = Dataset.from_dict(columns)
    SFTTrainer(model=model, args=training, processing_class=tokenizer, train_dataset=dataset).train()
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "run"))


def settings(folder: Path, wanted: str | None = None) -> SFTConfig:
    return SFTConfig(output_dir=str(folder), use_cpu=True, bf16=False, resume_from_checkpoint=wanted)


def test_the_newest_checkpoint_is_resumed_and_never_means_never(folder: Path) -> None:
    assert last_checkpoint(settings(folder)) == str(folder / "checkpoint-4")
    assert last_checkpoint(settings(folder, "auto")) == str(folder / "checkpoint-4")
    assert last_checkpoint(settings(folder, "never")) is None
    assert last_checkpoint(settings(folder, str(folder / "checkpoint-2"))) == str(folder / "checkpoint-2")


@pytest.mark.parametrize(
    "name",
    [
        "trainer_state.json",
        "optimizer.pt",
        "scheduler.pt",
        "rng_state.pth",
        "model.safetensors",
        "config.json",
    ],
)
@pytest.mark.parametrize("damage", ["cut off", "missing"])
def test_a_checkpoint_cut_off_while_it_was_written_is_passed_over(
    name: str, damage: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if (name, damage) in {("config.json", "cut off"), ("rng_state.pth", "missing")}:
        pytest.skip("the file is written before, or after, one that is missing then")
    file = folder / "checkpoint-4" / name
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with caplog.at_level(logging.WARNING):
        assert last_checkpoint(settings(folder)) == str(folder / "checkpoint-2")
    assert f"checkpoint-4 is passed over: {name} is {damage}" in caplog.text
    with pytest.raises(ConfigError, match=damage):
        last_checkpoint(settings(folder, str(folder / "checkpoint-4")))


def test_a_whole_checkpoint_has_no_fault(folder: Path) -> None:
    assert checkpoint_fault(folder / "checkpoint-4") is None


def test_fsdp_has_another_name_for_the_optimizer(folder: Path) -> None:
    optimizer = folder / "checkpoint-4/optimizer.pt"
    shared = optimizer.rename(optimizer.with_suffix(".bin"))
    assert checkpoint_fault(folder / "checkpoint-4") is None
    shared.write_bytes(shared.read_bytes()[:100])
    assert checkpoint_fault(folder / "checkpoint-4") == "optimizer.bin is cut off"


@pytest.mark.parametrize(
    ("checkpoint", "wanted", "over"), [(4, 4, True), (4, 8, False), (2, 4, False), (4, 3, True), (2, 2, True)]
)
def test_a_checkpoint_with_as_many_steps_as_are_wanted_is_the_end(
    trained: Path, checkpoint: int, wanted: int, over: bool
) -> None:
    state = TrainerState.load_from_json(str(trained / f"checkpoint-{checkpoint}" / "trainer_state.json"))
    training = SFTConfig(output_dir="none", use_cpu=True, bf16=False, max_steps=wanted)
    assert ended(state, training) == over


def test_what_was_logged_after_the_checkpoint_is_cut_back(tmp_path: Path) -> None:
    lines = [{"step": 1}, {"step": 2}, {"step": 2, "train_loss": 9.0}, {"step": 3}]
    logged = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "metrics.jsonl").write_text(logged + '{"step": 4, "lo')
    for step in (0, 1, 2, 3):
        write_rollouts(tmp_path / "rollouts", step, "0-0", {"completion": ["a", "b"]})
    (tmp_path / "rollouts" / "step-000001-9.tmp").write_text("half")
    cut_back(tmp_path, 2)
    assert [json.loads(line) for line in (tmp_path / "metrics.jsonl").open()] == lines[:2]
    parts = sorted(path.name for path in (tmp_path / "rollouts").glob("*.parquet"))
    assert parts == ["step-000000-0-0.parquet", "step-000001-0-0.parquet"]
    cut_back(tmp_path, 0)
    assert (tmp_path / "metrics.jsonl").read_text() == ""
    assert not list((tmp_path / "rollouts").glob("*.parquet"))


def test_json_is_whole_or_not_there(tmp_path: Path) -> None:
    write_json(tmp_path / "a" / "x.json", {"n": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "a" / "x.json", {"n": object()})
    assert json.loads((tmp_path / "a" / "x.json").read_text()) == {"n": 1}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x.json"]


def test_rl_goes_on_with_as_many_processes_as_before(folder: Path) -> None:
    """Each process has written what it had sampled; other stages leave no such files."""
    assert start_run(settings(folder), settings(folder)) == str(folder / "checkpoint-4")
    (folder / "recipe.yaml").unlink()
    torch.save({}, folder / "checkpoint-4" / f"{WAITING}_0.pt")
    assert start_run(settings(folder), settings(folder)) == str(folder / "checkpoint-4")
    (folder / "recipe.yaml").unlink()
    torch.save({}, folder / "checkpoint-4" / f"{WAITING}_1.pt")
    with pytest.raises(ConfigError, match=r"checkpoint-4: .* 2 wrote the completions .* has 1; start 2, or"):
        start_run(settings(folder), settings(folder))
    assert not list(folder.glob("recipe*"))


def start_often(folder: Path) -> None:
    for _ in range(50):
        start_run(settings(folder), settings(folder))


def test_processes_that_start_together_do_not_take_each_others_recipe(folder: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("fork")) as pool:
        list(pool.map(start_often, [folder] * 3))
    assert [file.name for file in folder.glob("*recipe*")] == ["recipe.yaml"]


def test_the_commit_is_the_checkouts() -> None:
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    if head.returncode:
        pytest.skip("not a git checkout")
    assert head.stdout.startswith(code_commit().removesuffix("-dirty"))


def test_a_full_disk_is_one_sentence_and_loses_no_checkpoint(
    rows_file: Path, tokenizer_folder: Path, tmp_path: Path
) -> None:
    model = ["--architecture", json.dumps(TINY_MODEL), "--tokenizer_name_or_path", tokenizer_folder]
    flags = [
        "--dataset",
        rows_file,
        "--output_dir",
        tmp_path,
        "--save_steps",
        2,
        "--use_cpu",
        "true",
        "--bf16",
        "false",
    ]
    run_recipe("recipes/sft.py", *flags, *model, "--max_steps", 2)
    largest = max(file.stat().st_size for file in (tmp_path / "checkpoint-2").iterdir())
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest // 2}, {largest // 2}))"
    limited = tmp_path / "limited.py"
    start = "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    limited.write_text(f"import resource, runpy, sys; {limit}; {start}")
    output = run_recipe(limited, ROOT / "recipes/sft.py", *flags, *model, "--max_steps", 4, code=1)
    assert "error: the disk is full" in output
    assert "Traceback" not in output
    assert checkpoint_fault(tmp_path / "checkpoint-2") is None
    assert "resuming from" in run_recipe("recipes/sft.py", *flags, *model, "--max_steps", 4)


# NVML as far as it is asked, with two cards: each reading of a counter is half a kilowatt-hour later
NVML = """
#include <string.h>
static unsigned long long used[2];
int nvmlInitWithFlags(unsigned flags) { return 0; }
int nvmlDeviceGetHandleByUUID(const char *uuid, void **card) {
    for (int i = 0; i < 2; i++)
        if (!strcmp(uuid, i ? "GPU-b" : "GPU-a")) { *card = &used[i]; return 0; }
    return 6;
}
int nvmlDeviceGetTotalEnergyConsumption(unsigned long long *card, unsigned long long *found) {
    *found = *card += 1800000000ull;
    return 0;
}
"""
RUN_ON_CARDS = """
import ctypes, json, os, sys
from types import SimpleNamespace
import torch
from tinyreason.run import RunFolder

library, folder = sys.argv[1:]
ctypes.CDLL(library)
for name, found in {
    "is_available": True, "get_device_name": "NVIDIA L4", "is_bf16_supported": True,
    "get_device_capability": (8, 9), "max_memory_allocated": 0, "max_memory_reserved": 0,
}.items():
    setattr(torch.cuda, name, lambda *args, found=found, **kwargs: found)
model = SimpleNamespace(num_parameters=lambda: 8, config=SimpleNamespace(_commit_hash=None))
for number, (cards, local) in enumerate([("a", 1), ("ab", 2), ("ab", 1), ("c", 1)]):
    os.environ["LOCAL_WORLD_SIZE"] = str(local)
    torch.cuda.get_device_properties = lambda card: SimpleNamespace(total_memory=2**34, uuid=cards[card])
    training = SimpleNamespace(output_dir=f"{folder}/{number}", seed=0, n_gpu=1, world_size=len(cards))
    for step in (0, 2, 4):
        run = RunFolder(training, {})
        state = SimpleNamespace(is_world_process_zero=True, global_step=step, num_input_tokens_seen=0)
        run.on_train_begin(training, state, None, model=model)
        run.write_manifest(state)
        print(json.loads(open(f"{folder}/{number}/run.json").read())["energy_kwh"])
"""


def test_energy_is_that_of_all_cards_and_of_all_parts_of_a_run(tmp_path: Path) -> None:
    """One card; two; two of which the other is on another machine; one that the driver does not know."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    (tmp_path / "nvml.c").write_text(NVML)
    library = tmp_path / "libnvidia-ml.so.1"
    flags = ["-shared", "-fPIC", f"-Wl,-soname,{library.name}"]
    subprocess.run([compiler, *flags, tmp_path / "nvml.c", "-o", library], check=True)
    command = [sys.executable, "-c", RUN_ON_CARDS, library, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    expected = ["0.5", "1.0", "1.5", "1.0", "2.0", "3.0", *["None"] * 6]
    assert (done.returncode, done.stdout.split()) == (0, expected), done.stderr
