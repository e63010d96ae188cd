"""A run published on a Hub of the test's own, by the real client over HTTP: what is sent, what is not, what
the card says, and how an upload that failed goes on.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hub
import pytest
import yaml
from conftest import CPU, ROOT, free_port, run_recipe, served
from forked import serving_forks
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, BitsAndBytesConfig  # noqa: F401  # in the card's code

from tinyreason.config import ModelArguments
from tinyreason.data import load_split
from tinyreason.hub import HubError, check_repo, files_of, model_card, read_publication
from tinyreason.hub.facts import parts
from tinyreason.hub.files import without_paths
from tinyreason.models import own_identity
from tinyreason.models.adapters import quantization

REPO = "tester/coins"


@pytest.fixture(scope="module")
def run(sft_run: Path, rows_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluated SFT run, with all that must not leave the machine beside it."""
    folder = tmp_path_factory.mktemp("push") / "run"
    shutil.copytree(sft_run, folder)
    run_recipe(
        "recipes/evaluate.py", "--model", folder, "--dataset", rows_file, "--max_completion_length", 40
    )
    (folder / ".env").write_text("HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz")
    (folder / "optimizer.pt").write_text("state")
    (folder / "link.json").symlink_to(Path(__file__))
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[hub.Hub]:
    with hub.serving() as found, serving_forks(**found.environment(tmp_path_factory.getbasetemp() / "cache")):
        yield found


@pytest.fixture
def online(server: hub.Hub, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What makes a process take the server, emptied, for the Hub."""
    server.repositories.clear()
    server.history.clear()
    server.large.clear()
    server.received.clear()
    server.broken.clear()
    server.private.clear()
    return server.environment(tmp_path_factory.getbasetemp() / "cache")


def push(run: Path, *flags: object, code: int = 0, **environment: str) -> str:
    return run_recipe("scripts/push_to_hub.py", run, "--repo", REPO, *flags, code=code, **environment)


def head(card: str) -> dict[str, Any]:
    return yaml.safe_load(card.split("---\n")[1])


def test_a_run_is_published_with_its_record_and_nothing_else(server, online, run: Path) -> None:
    output = push(run, **online)
    assert f"{REPO}: 0 of " in output
    sent = server.repositories[REPO]
    assert server.private == {REPO}
    assert set(sent) == {
        "README.md", "chat_template.jinja", "config.json", "generation_config.json", "metrics.jsonl",
        "model.safetensors", "recipe.yaml", "run.json", "tokenizer.json", "tokenizer_config.json",
        "eval/rows.json",
    }  # fmt: skip
    assert sent["model.safetensors"] == (run / "model.safetensors").read_bytes()
    assert list(server.history)[-1] == "Add README.md"  # last
    here = str(run.parent.parent.parent)
    assert [name for name, content in sent.items() if here.encode() in content] == []
    assert yaml.safe_load(sent["recipe.yaml"])["dataset"] == "rows.jsonl"
    summary = json.loads(sent["eval/rows.json"])
    card = sent["README.md"].decode()
    assert card == (run / "README.md").read_text()
    (index,) = head(card)["model-index"]
    (metric,) = index["results"][0]["metrics"]
    assert metric["value"] == round(summary["accuracy"], 4)
    assert metric["args"]["n"] == summary["n"]
    assert metric["args"]["ci95"] == summary["ci95"]
    assert metric["args"]["protocol"] == "rows-custom"
    assert "trained from scratch by SFT" in card
    assert "rows.jsonl/test, rows-custom, " in card
    rows = json.loads(sent["run.json"])["data"]["train"]["rows_used"]
    assert f"| rows.jsonl | a file of the trainer's own | {rows} | not recorded |" in card
    again = push(run, **online)
    assert f"{REPO}: {len(sent)} of {len(sent)} files are there" in again
    assert len(server.received) == 1  # the weights, once
    answered = run_recipe(
        "scripts/chat.py", "--model", REPO, "--prompt", "Is coin 3 worth 1 or 2?", "--temperature", 0,
        "--max_completion_length", 40, **online,
    )  # fmt: skip
    assert "answer:" in answered


def shards(run: Path, folder: Path) -> Path:
    """The run with its weights in two files."""
    shutil.copytree(run, folder, symlinks=True)
    model = AutoModelForCausalLM.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size=model.num_parameters() * 3)
    assert len(list(folder.glob("*.safetensors"))) > 1
    (result,) = (folder / "eval").glob("rows.json")
    found = json.loads(result.read_text()) | {"weights": own_identity(str(folder))}
    result.write_text(json.dumps(found))
    return folder


def test_an_upload_that_fails_goes_on_where_it_was(server, online, run: Path, tmp_path: Path) -> None:
    folder = shards(run, tmp_path / "run")
    files = sorted(folder.glob("*.safetensors"))
    last = hashlib.sha256(files[-1].read_bytes()).hexdigest()
    server.broken.add(last)
    output = push(folder, code=1, **online)
    assert "the same command goes on where it stopped" in output
    assert "README.md" not in server.repositories[REPO]
    first = list(server.received)
    assert last not in first
    server.broken.clear()
    push(folder, **online)
    assert server.received == [*first, last]  # the others were not sent again
    assert server.repositories[REPO][files[-1].name] == files[-1].read_bytes()
    *before, whole = server.history.values()
    assert "README.md" in whole
    assert not any("README.md" in files for files in before[-2:])  # the card comes when all else is there


def test_what_arrives_damaged_is_seen(server, online, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "damage", True)
    output = push(run, code=1, **online)
    assert f"{REPO}: model.safetensors did not arrive as sent" in output


def test_a_repository_for_all_to_see_is_not_used_for_a_private_one(server, online, run: Path) -> None:
    server.repositories[REPO] = {}
    assert "is there already, for all to see" in push(run, code=1, **online)
    assert server.repositories[REPO] == {}
    assert "files are there" in push(run, "--private", "false", **online)


def test_a_private_repository_stays_private(server, online, run: Path) -> None:
    push(run, **online)
    output = push(run, "--private", "false", **online)
    assert (
        f"{REPO}: is there already, private, and stays so; its settings on the Hub make it public" in output
    )
    assert server.private == {REPO}


def test_a_dry_run_shows_card_and_files_and_sends_nothing(server, run: Path) -> None:
    server.repositories.clear()
    output = push(run, "--dry_run")
    assert "# coins" in output
    assert re.search(r"[\d,]+  model.safetensors", output)
    assert "nothing was sent" in output
    assert server.repositories == {}


def test_an_adapter_names_its_base_with_the_commit_the_licence_and_the_four_bits(
    server, online, model_folder: Path, rows_file: Path, tmp_path: Path
) -> None:
    server.add("tester/base", model_folder)
    folder = tmp_path / "adapter"
    flags = ["--model_name_or_path", "tester/base", "--use_peft", "true", "--lora_r", 2, "--max_steps", 1]
    flags += ["--load_in_4bit", "true"]
    run_recipe(
        "recipes/sft.py", *flags, "--dataset", rows_file, "--output_dir", folder, "--logging_steps", 1, *CPU,
        "--per_device_train_batch_size", 2, **online,
    )  # fmt: skip
    commit = json.loads((folder / "run.json").read_text())["model_commit"]
    assert re.fullmatch(r"[0-9a-f]{40}", commit)
    output = push(folder, "--dry_run", "--allow_unevaluated", code=1, **online)
    assert "licence: that of tester/base is not known here; look it up and give --licence" in output
    push(folder, "--allow_unevaluated", "--licence", "mit", **online)
    card = server.repositories[REPO]["README.md"].decode()
    told = head(card)
    assert (told["base_model"], told["base_model_relation"]) == ("tester/base", "adapter")
    assert (told["license"], told["library_name"]) == ("mit", "peft")
    assert "model-index" not in told
    assert "This model has not been evaluated." in card
    assert 'AutoPeftModelForCausalLM.from_pretrained("tester/coins", quantization_config=' in card
    shown = eval(re.search(r"quantization_config=(BitsAndBytesConfig\(.*?\n\))", card, re.DOTALL)[1])
    assert (
        shown.to_dict()
        == quantization(ModelArguments("tester/base", load_in_4bit=True, use_peft=True)).to_dict()
    )
    assert f"The base is tester/base at {commit}." in card
    # the kernel for CPUs with AVX512-BF16 takes no rows as short as those of this base
    run_code_of(card, online, "from bitsandbytes.nn import modules\nmodules.has_avx512bf16 = lambda: False\n")
    moved = folder / "adapter_config.json"
    moved.write_text(moved.read_text().replace("tester/base", str(model_folder)))
    output = push(folder, "--dry_run", "--allow_unevaluated", code=1, **online)
    assert "which nobody else has; scripts/merge.py makes it a whole model" in output


def test_code_of_the_card_runs(server, online, run: Path, tmp_path: Path) -> None:
    push(run, **online)
    assert run_code_of(server.repositories[REPO]["README.md"].decode(), online)


def run_code_of(card: str, online: dict[str, str], first: str = "") -> str:
    code = first + re.search(r"```python\n(.*?)```", card, re.DOTALL)[1]
    code = code.replace("max_new_tokens=512", "max_new_tokens=30")
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **online}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_an_earlier_upload_left_goes_before_the_new_model_comes(
    server, online, run: Path, tmp_path: Path
) -> None:
    push(run, **online)
    others = (
        "notes.txt",
        "last-checkpoint/model.safetensors",
        "last-checkpoint/config.json",
        "onnx/config.json",
    )
    server.repositories[REPO].update(dict.fromkeys(others, b"not of the upload"))
    output = push(shards(run, tmp_path / "run"), **online)
    assert "removing model.safetensors, README.md, of an earlier upload" in output
    assert f"also holds {', '.join(sorted(others))}, which are not of this run" in output
    left = set(server.repositories[REPO])
    assert "model.safetensors" not in left
    assert {"model-00001-of-00002.safetensors", "model.safetensors.index.json", "README.md"} <= left
    assert set(others) <= left


def copy(run: Path, folder: Path) -> Path:
    shutil.copytree(run, folder, symlinks=True)
    return folder


def test_what_cannot_be_vouched_for_is_refused(run: Path, tmp_path: Path) -> None:
    bare = copy(run, tmp_path / "bare")
    shutil.rmtree(bare / "eval")
    assert "was not evaluated; python recipes/evaluate.py --model" in push(bare, "--dry_run", code=1)
    output = run_recipe("scripts/push_to_hub.py", run, "--repo", "USER/NAME", "--dry_run", code=1)
    assert "USER/NAME is no name of a repository; give your account, a slash, a name" in output
    other = copy(run, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "changed": True}))
    with pytest.raises(HubError, match=r"rows.jsonl/test is of other weights than those that are here now"):
        read_publication(other)
    cut = copy(run, tmp_path / "cut")
    (cut / "model.safetensors").write_bytes((cut / "model.safetensors").read_bytes()[:-1])
    with pytest.raises(HubError, match=r"model.safetensors is cut off; publish a run that ended"):
        read_publication(cut)
    with pytest.raises(HubError, match="there is no such folder"):
        read_publication(tmp_path / "nothing")
    linked = copy(run, tmp_path / "linked")
    (linked / "metrics.jsonl").unlink()
    (linked / "metrics.jsonl").symlink_to(run / "metrics.jsonl")
    with pytest.raises(HubError, match=r"metrics.jsonl: is a link; put the file itself there"):
        files_of(linked)
    bare_stage = copy(run, tmp_path / "stage")
    (bare_stage / "recipe.yaml").unlink()
    later = copy(run, tmp_path / "later")
    with (later / "recipe.yaml").open("a") as file:
        file.write(f"model_name_or_path: {bare_stage}\n")
    with pytest.raises(HubError, match=r"stage: has no run.json and recipe.yaml"):
        read_publication(later)
    gone = copy(run, tmp_path / "gone")
    with (gone / "recipe.yaml").open("a") as file:
        file.write("model_name_or_path: runs/gone/sft\n")
    with pytest.raises(HubError, match="runs/gone/sft: gone was trained from it, and it is not here"):
        read_publication(gone)
    for licence in ("Apache 2.0", "MIT"):
        with pytest.raises(HubError, match=f"licence: {licence} is none of the Hub's names, such as mit"):
            read_publication(run, licence)


def test_the_table_of_data_names_every_part_of_a_mixture_and_of_a_corpus(
    rows_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "more.jsonl"
    other.write_text(rows_file.read_text().replace("coin", "note"))
    mixture = load_split(f"{rows_file}+{other}", "train")
    found = list(parts("sft", {**mixture.provenance, "rows_used": 1500}))
    assert [(each.name, each.rows, each.source) for each in found] == [
        ("rows.jsonl", "1,500 of the mixture", "a file of the trainer's own"),
        ("more.jsonl", "1,500 of the mixture", "a file of the trainer's own"),
    ]
    corpus = json.loads((ROOT / "docs/results/mathlm-5m/pretrain/run.json").read_text())["data"]
    found = [each for source in corpus.values() for each in parts("pretrain", source)]
    assert [(each.name, each.source, each.rows, each.licence) for each in found] == [
        ("grade_school", "this project's programs", "60,000 documents", "made by program, no licence needed"),
        ("gsm8k", "openai/gsm8k, read from local files", "7,108 documents", "MIT"),
        ("arithmetic", "this project's programs", "30,000 documents", "made by program, no licence needed"),
    ]
    commit = "0" * 40
    texts = {"repo_id": "HuggingFaceFW/fineweb-edu", "commit": commit, "files": []}
    (found,) = parts("pretrain", {"made_with": {}, "documents": {"train": 9000}, "origin": [texts]})
    assert (found.source, found.rows) == (f"HuggingFaceFW/fineweb-edu, commit {commit}", "9,000 documents")
    assert found.licence == "ODC-By"


@pytest.mark.parametrize(
    "repo", ["USER/NAME", "your-account/x", "name", "a/b/c", "ann/a--b", "../x", "ann/-x"]
)
def test_a_repository_needs_a_name(repo: str) -> None:
    with pytest.raises(HubError, match=f"repo: {repo} is no name of a repository"):
        check_repo(repo)


@pytest.mark.parametrize(
    "secret",
    [
        "hf_abcdefghijklmnopqrstuvwx",
        "api_key: abcdefgh1234",
        "WANDB_API_KEY=abcdefgh1234",
        "AKIAABCDEFGHIJKLMNOP",
        "https://ann:word@example.org",
    ],
)
def test_a_secret_stops_it_and_is_not_repeated(run: Path, tmp_path: Path, secret: str) -> None:
    folder = copy(run, tmp_path / "secret")
    with (folder / "recipe.yaml").open("a") as file:
        file.write(f"run_name: '{secret}'\n")
    with pytest.raises(HubError, match=r"recipe.yaml, line \d+: looks like a secret") as error:
        files_of(folder)
    assert secret not in str(error.value)


def test_a_card_with_a_gap_is_not_written(run: Path) -> None:
    found = read_publication(run)
    found.run.manifest["commit"] = "TODO"
    with pytest.raises(HubError, match=r"the card would say 'TODO' in its line \d+"):
        model_card(found, REPO)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("/srv/ann/runs/sft", "sft"),
        ("~/data/rows.jsonl", "rows.jsonl"),
        (
            "run again: /srv/ann/x/recipes/sft.py --config /tmp/a/recipe.yaml",
            "run again: sft.py --config recipe.yaml",
        ),
        ("runs/demo/sft", "runs/demo/sft"),
        ("../../ann/runs/sft", "sft"),
        ("file:///srv/ann/rows.jsonl", "rows.jsonl"),
        ("PATH:/srv/ann/bin", "PATH:bin"),
        ("https://huggingface.co/a/b", "https://huggingface.co/a/b"),
        ("3/4 and 1/2", "3/4 and 1/2"),
        ("/srv/ann/a.jsonl+/srv/my files/b.jsonl", "a.jsonl+b.jsonl"),
        ("2.13.0+cpu", "2.13.0+cpu"),
        (f"run again: {Path.home()}/my work/x", "run again: my work/x"),
        ({"a": ["/x/y", 3, None]}, {"a": ["y", 3, None]}),
    ],
)
def test_absolute_paths_are_cut_to_their_last_part(value: Any, kept: Any) -> None:
    assert without_paths(value) == kept


@pytest.fixture
def space(server, online, run: Path, tmp_path: Path) -> Path:
    """What was sent to a Space, in a folder."""
    pytest.importorskip("gradio")
    output = push(run, "--space", **online)
    assert "the Space needs a secret HF_TOKEN" in output
    assert f"spaces/{REPO}" in server.private
    for name, content in server.repositories[f"spaces/{REPO}"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_space_says_what_it_needs_and_loses_what_is_out_of_date(space: Path, server, online, run) -> None:
    server.repositories[f"spaces/{REPO}"].update({"tinyreason/old.py": b"", "notes.txt": b"somebody's own"})
    assert "removing tinyreason/old.py, of an earlier upload" in push(run, "--space", **online)
    assert "notes.txt" in server.repositories[f"spaces/{REPO}"]
    told = head((space / "README.md").read_text())
    assert (told["sdk"], told["app_file"], told["models"]) == ("gradio", "app.py", [REPO])
    assert (space / "tinyreason/web/page.py").is_file()
    assert (space / "tinyreason/report/browser.js").is_file()
    pins = (space / "requirements.txt").read_text().splitlines()
    assert {line.split("==")[0] for line in pins} >= {"torch", "transformers", "trl", "rich"}
    assert all("+" not in line for line in pins)


def test_a_space_answers(space: Path, online, browser) -> None:
    """Its own code, with the model from the Hub, in a browser."""
    port = free_port()
    # a Space starts the entry like this, and so tells Gradio where to listen
    environment = {**os.environ, **online, "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port)}
    environment["OMP_NUM_THREADS"] = "1"
    own = f"assert tinyreason.__file__ == '{space}/tinyreason/__init__.py', tinyreason.__file__"
    code = f"import runpy, tinyreason; {own}; runpy.run_path('app.py', run_name='__main__')"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code], env=environment, cwd=space, stdout=subprocess.PIPE, text=True
    )
    with served(process, port) as address:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.get_by_role("heading", name=REPO).wait_for()
        page.get_by_label("Question", exact=True).locator("visible=true").fill("Is coin 3 worth 1 or 2?")
        page.get_by_role("button", name="Ask").click()
        answer = page.get_by_label("Verdict", exact=True).locator("visible=true")
        page.wait_for_function("field => field.value.startsWith('Answer: ')", arg=answer.element_handle())


def test_every_stage_says_what_it_was_trained_on(run: Path, tmp_path: Path) -> None:
    later = copy(run, tmp_path / "later")
    manifest = json.loads((later / "run.json").read_text())
    manifest["data"]["train"]["rows_used"] = 3
    (later / "run.json").write_text(json.dumps(manifest))
    with (later / "recipe.yaml").open("a") as file:
        file.write(f"model_name_or_path: {run}\n")
    found = read_publication(later)
    assert [(each.stage, each.rows) for each in found.data] == [("run", "99"), ("later", "3")]
    assert "| run | rows.jsonl | a file of the trainer's own | 99 |" in model_card(found, REPO)


def test_a_folder_with_a_space_in_its_name_stays_here(run: Path, rows_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my secret" / "run"
    shutil.copytree(run, folder, symlinks=True)
    recipe = (folder / "recipe.yaml").read_text()
    assert recipe.startswith("# run again: ")
    (folder / "recipe.yaml").write_text(recipe.replace(str(rows_file), f"{tmp_path}/my secret/rows.jsonl"))
    for path in (folder / "eval").glob("*.json"):
        path.write_text(path.read_text().replace(str(rows_file), f"{tmp_path}/my secret/rows.jsonl"))
    sent = {name: content for name, content in files_of(folder).items() if isinstance(content, bytes)}
    assert yaml.safe_load(sent["recipe.yaml"])["dataset"] == "rows.jsonl"
    card = model_card(read_publication(folder), REPO)
    assert "rows.jsonl" in card
    assert [name for name, content in sent.items() if b"secret" in content] == []
    assert "secret" not in card


def test_the_weights_that_were_sent_are_those_of_the_run(run: Path) -> None:
    assert load_file(files_of(run)["model.safetensors"])
