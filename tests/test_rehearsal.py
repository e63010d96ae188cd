"""Dry runs of shipped recipes, in processes of their own: a sample here, all under make dry-run."""

import json
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, run_recipe

from tinyreason.config import ConfigError
from tinyreason.rehearsal import FOLDER, command_line, words_of

# of every stage, card and kind of model one; all that a card changes but the card itself is among them
SAMPLE = [
    "qwen2.5-0.5b-instruct/sft_t4",
    "qwen2.5-math-1.5b-instruct/grpo_l4",
    "smollm2-360m-instruct/grpo_mi300x",
]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_shipped_recipe_runs_on_a_cpu_as_it_will_on_its_card(name: str) -> None:
    stage = Path(name).name.split("_")[0]
    output = run_recipe(f"recipes/{stage}.py", "--config", f"configs/{name}.yaml", "--dry_run")
    assert "dry run with --use_cpu true" in output
    folder = ROOT / FOLDER / name
    assert json.loads((folder / "run" / "run.json").read_text())["steps"] == 2
    wanted = yaml.safe_load((ROOT / "configs" / f"{name}.yaml").read_text())
    used = yaml.safe_load((folder / "run" / "recipe.yaml").read_text())
    for key in ("learning_rate", "lora_r", "load_in_4bit", "optim", "gradient_checkpointing", "temperature"):
        assert used.get(key, wanted.get(key)) == wanted.get(key)
    adapter = (folder / "run" / "adapter_config.json").is_file()
    assert adapter == wanted.get("use_peft", False)


def test_flags_win_over_the_small_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    config = ROOT / "configs" / "tiny" / "grpo_cpu.yaml"
    given = ["--config", str(config), "--dry_run", "true", "--max_steps", "5"]
    monkeypatch.setattr("sys.argv", ["grpo.py", *given])
    words = command_line("rl")
    assert words[: len(given)] == given
    assert words.count("--max_steps") == 1
    assert words_of(words, "num_generations") == ["--num_generations", "2"]
    assert (tmp_path / FOLDER / "tiny" / "grpo_cpu" / "model" / "model.safetensors").is_file()


def test_without_the_key_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["--config", str(ROOT / "configs" / "tiny" / "grpo_cpu.yaml"), "--dry_run", "false"]
    monkeypatch.setattr("sys.argv", ["grpo.py", *given])
    assert command_line("rl") == given


def test_a_dry_run_needs_a_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["grpo.py", "--dry_run"])
    with pytest.raises(ConfigError, match="give --config FILE"):
        command_line("rl")
