"""The demo and its control, run for real and in full: `make proofs`."""

import json
import re
from pathlib import Path

import pytest
from conftest import run_recipe


@pytest.mark.proof
def test_the_demo_teaches_and_the_control_does_not_reach_it(tmp_path: Path) -> None:
    output = run_recipe("scripts/demo.py", "--output_dir", tmp_path, limit=1200, OMP_NUM_THREADS="2")
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["sft"]["n"] == summary["grpo"]["n"] == 1000
    assert summary["sft"]["accuracy"] >= 0.5
    assert summary["grpo"]["accuracy"] - summary["sft"]["accuracy"] >= 0.05
    assert summary["paired"]["p_value"] < 0.01
    assert "scripts/chat.py --model" in output
    page = (tmp_path / "report.html").read_text()
    assert not re.search(r'(?:src|href)="https?:', page)
    run_recipe("scripts/demo.py", "--control", "--output_dir", tmp_path, limit=1200, OMP_NUM_THREADS="2")
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["grpo_beats_sft_continued"]
