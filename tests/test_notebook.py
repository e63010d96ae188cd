"""The Colab notebook: the same as its script, and run to its end on the CPU with a tiny model and a Hub."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from forked import OFFLINE, serving_forks
from hub import Hub, serving

SCRIPT, NOTEBOOK = (ROOT / f"notebooks/colab_t4.{suffix}" for suffix in ("py", "ipynb"))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as served:
        yield served


def test_the_notebook_is_made_from_its_script() -> None:
    jupytext = pytest.importorskip("jupytext")
    script, notebook = jupytext.read(SCRIPT), jupytext.read(NOTEBOOK)
    pairs = [
        [(cell.cell_type, cell.source, cell.metadata) for cell in made.cells] for made in (script, notebook)
    ]
    assert pairs[0] == pairs[1]
    assert not [cell for cell in notebook.cells if cell.get("outputs")]
    assert notebook.metadata["accelerator"] == "GPU"


def test_the_notebook_runs_to_its_end(
    hub: Hub, model_folder: Path, rows_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipe for the T4 in four bits; trained, evaluated before and after, asked, pushed."""
    jupytext = pytest.importorskip("jupytext")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("bitsandbytes")
    notebook = jupytext.read(NOTEBOOK)
    [parameters] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    cpu = "--use_cpu true --fp16 false --dtype float32 --gradient_checkpointing false"
    steps = (
        "--max_steps 4 --save_steps 2 --eval_steps 2 --max_rows 40 --logging_steps 1 --hub_always_push true"
    )
    parameters.source = "\n".join(
        [
            parameters.source,
            f"MODEL, DATASET, TEST_ROWS = {str(model_folder)!r}, {str(rows_file)!r}, 6",
            f"OUTPUT, HUB_REPO = {str(tmp_path / 'sft')!r}, 'tester/colab'",
            f"MORE_TRAINING = {f'{cpu} {steps}'.split()!r}",
            "MORE_EVALUATION = ['--max_completion_length', '16']",
            "import os, sys",
            "sys.executable = os.environ['PYTHON_EXEC']",
        ]
    )
    variables = hub.environment(tmp_path / "cache")
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}})
    of_its_processes = {"TQDM_MININTERVAL": "20", "PYTHONUNBUFFERED": "1"}
    with serving_forks(**variables, **of_its_processes) as python:
        client.execute(env={**os.environ, **OFFLINE, **variables, "PYTHON_EXEC": python})

    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    assert "fits" in printed
    assert "no mistakes" in printed
    assert "parameters are trained (" in printed
    assert "tokens a row: half up to" in printed
    share = r"\d+\.\d %"
    for model in (model_folder.name, "sft"):
        assert re.search(rf"/{model} \| tinyreason \| {share} \| {share} to {share} \|", printed)
    assert re.search(rf"sft against .*{model_folder.name}: no significant difference at n = 6, ", printed)
    assert "answer: " in printed
    pushed = hub.repositories["tester/colab"]
    assert {"adapter_model.safetensors", "recipe.yaml", "last-checkpoint/optimizer.pt"} <= pushed.keys()
    assert printed.rstrip().endswith("training_args.bin")  # the last name in what the Hub lists
