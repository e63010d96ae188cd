"""lm-evaluation-harness on a tiny model and real problems from disk: the wiring, not the scores."""

import json
import runpy
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, SHARED, run_recipe


def entry(text: str, gold: str, counted: int, filtered: str = "strict-match") -> dict:
    """A sample as the harness logs it."""
    return {
        "resps": [[text]], "doc": {"answer": f"2 + 2\n#### {gold}"}, "target": gold,
        "filter": filtered, "exact_match": counted,
    }  # fmt: skip


def test_what_the_two_graders_say_differently_is_listed() -> None:
    disagreements = runpy.run_path(str(ROOT / "scripts/benchmark.py"))["disagreements"]
    agreed = [entry("2 + 2\n</think>\n#### 4", "4", 1), entry("</think>\n#### 5", "4", 0)]
    agreed.append(entry("</think>\nSo it is 4", "4", 1, "flexible-extract"))
    ours = entry("</think>\n\\boxed{4.0}", "4", 0)  # the harness compares strings
    theirs = entry("so #### 4", "4", 1)  # inside reasoning that never ends
    multiple_choice = {"filter": "none", "acc": 1.0}
    found = list(disagreements({"gsm8k": [*agreed, ours, theirs, multiple_choice]}))
    assert [(each["completion"], each["harness"], each["ours"]) for each in found] == [
        (ours["resps"][0][0], False, True), (theirs["resps"][0][0], True, False),
    ]  # fmt: skip
    assert {each["task"] for each in found} == {"gsm8k"}


@pytest.fixture(scope="module")
def task_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GSM8K, ARC and MMLU under the harness's names, its own prompts and scores over local files."""
    lm_eval = pytest.importorskip("lm_eval")
    tasks = Path(lm_eval.__file__).parent / "tasks"
    folder = tmp_path_factory.mktemp("tasks")
    gsm8k = {split: str(SHARED / f"gsm8k/{split}.jsonl") for split in ("train", "test")}
    arc = {"test": str(SHARED / "arc/arc_challenge_llmfoundry.jsonl")}
    mmlu = {"dev": str(SHARED / "mmlu/dev.jsonl"), "test": str(SHARED / "mmlu/val.jsonl")}
    own = {"dataset_path": "json", "dataset_name": None}
    arc_columns = {"doc_to_text": "{{query}}\nAnswer:", "doc_to_target": "gold", "doc_to_choice": "choices"}
    arc_columns |= {"training_split": None, "validation_split": None, "fewshot_split": "test"}
    arc_columns |= {"should_decontaminate": False}
    files = {
        "gsm8k": {"include": str(tasks / "gsm8k/gsm8k.yaml"), "files": gsm8k},
        "arc_challenge": {"include": str(tasks / "arc/arc_easy.yaml"), "files": arc, **arc_columns},
        "mmlu": {"include": str(tasks / "mmlu/default/_default_template_yaml"), "files": mmlu},
    }
    for name, task in files.items():
        content = {"task": name, **own, "dataset_kwargs": {"data_files": task.pop("files")}, **task}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content))
    return folder


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs real data")
def test_the_harness_scores_a_model_and_the_stage_before_it(
    sft_run: Path, model_folder: Path, task_files: Path, tmp_path: Path
) -> None:
    flags = ["--model", sft_run, "--limit", 3, "--include_path", task_files, "--output_dir", tmp_path]
    flags += ["--max_completion_length", 16, "--tasks", "gsm8k", "arc_challenge", "mmlu"]
    output = run_recipe("scripts/benchmark.py", *flags)
    folder = tmp_path / str(sft_run).replace("/", "--")
    tasks = {
        name: json.loads((folder / f"benchmark-{name}.json").read_text())
        for name in ("gsm8k", "arc_challenge", "mmlu")
    }
    assert {name: (task["shots"], task["problems"]) for name, task in tasks.items()} == {
        "gsm8k": (8, 3), "arc_challenge": (25, 3), "mmlu": (5, 3),
    }  # fmt: skip
    assert {"exact_match,strict-match", "exact_match,flexible-extract"} <= tasks["gsm8k"].keys()
    assert 0 <= tasks["arc_challenge"]["acc_norm,none"] <= 1
    assert tasks["mmlu"]["acc_stderr,none"] >= 0
    assert f"| {sft_run} |" in output
    listed = (folder / "benchmark-gsm8k-disagreements.jsonl").read_text().splitlines()
    assert len(listed) == tasks["gsm8k"]["disagreements"]
