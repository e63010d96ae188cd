"""What is chosen for the card that is there; the backends are found by what is installed."""

from pathlib import Path

import pytest
from conftest import CPU, run_recipe

from tinyreason.config import ConfigError
from tinyreason.hardware import CARDS, attention, chosen_backend, device, import_backend, this_card


def test_without_a_card_everything_is_plain() -> None:
    assert attention("auto", "bfloat16") == "sdpa"
    assert attention(None, "bfloat16") is None
    assert attention("eager", "float32") == "eager"
    assert chosen_backend("auto") == chosen_backend("transformers") == "transformers"
    assert this_card() is None
    assert device() == "cpu"


def test_unsloth_is_an_error_where_it_is_asked_for_and_missing() -> None:
    with pytest.raises(ConfigError, match=r"pip install -e '\.\[unsloth\]'"):
        chosen_backend("unsloth")
    output = run_recipe("recipes/sft.py", *CPU, "--backend", "unsloth", "--output_dir", "none", code=1)
    assert output.startswith("error: backend: unsloth is not installed")


def test_unsloth_comes_before_what_it_patches(tmp_path: Path) -> None:
    """A stand-in for the package, since the real one needs a card: it sees which modules are there."""
    (tmp_path / "unsloth.py").write_text(
        "import sys\nearly = [name for name in ('transformers', 'trl', 'peft') if name in sys.modules]\n"
        "sys.exit(f'imported after {early}')\n"
    )
    for recipe in ("recipes/sft.py", "recipes/grpo.py"):
        output = run_recipe(recipe, "--backend", "unsloth", code=1, PYTHONPATH=str(tmp_path))
        assert "imported after []" in output


def test_the_log_says_what_auto_became_and_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("sys.argv", ["sft.py", "--backend", "auto"])
    import_backend()
    assert "backend: auto is transformers: Unsloth is not installed, with no CUDA card" in caplog.text


def test_only_the_t4_has_no_bfloat16_and_only_amd_no_bitsandbytes() -> None:
    assert [name for name, card in CARDS.items() if not card.bfloat16] == ["t4"]
    assert [name for name, card in CARDS.items() if not card.bitsandbytes] == ["mi300x"]
