"""The gradient of an optimizer step does not depend on how its batch is cut into micro-batches, steps of
accumulation and processes: real processes, given completions.
"""

from pathlib import Path

import pytest
import torch
from conftest import ROOT, recipe_process, torchrun
from replay import PLANS

# label -> processes, completions a micro-batch, micro-batches a step: eight completions in all
CUTS = {"whole": (1, 8, 1), "micro-batches": (1, 2, 4), "micro-batches and processes": (2, 2, 2)}


@pytest.fixture(scope="module")
def results(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For each cut a folder with the parameters that every plan ends with."""
    folder = tmp_path_factory.mktemp("cuts")
    running = []
    for label, (processes, batch, accumulation) in CUTS.items():
        (folder / label).mkdir()
        words = [ROOT / "tests" / "replay.py", model_folder, folder / label, batch, accumulation]
        running.append(torchrun(processes, *words) if processes > 1 else recipe_process(*words))
    for process in running:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output[-3000:]
    return folder


@pytest.mark.parametrize("cut", [label for label in CUTS if label != "whole"])
@pytest.mark.parametrize("plan", PLANS)
def test_a_step_does_not_depend_on_how_its_batch_is_cut(
    plan: str, cut: str, results: Path, model_folder: Path
) -> None:
    from transformers import AutoModelForCausalLM

    start = AutoModelForCausalLM.from_pretrained(model_folder).state_dict()
    whole, other = (torch.load(results / label / f"{plan}.pt") for label in ("whole", cut))
    moved = max((whole[name] - start[name].double()).abs().max().item() for name in start)
    assert moved > 1e-4
    assert whole.keys() == other.keys()
    for name, parameter in whole.items():
        assert torch.allclose(parameter, other[name], atol=1e-6 * moved, rtol=1e-6), name
