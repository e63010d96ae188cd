import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pyarrow
import pyarrow.parquet
import pytest

from tinyreason.data import load_split
from tinyreason.data.sources import DataError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROWS = [{"question": f"What is {n} + 1?", "answer": f"It is {n + 1}.\n#### {n + 1}"} for n in range(30)]
METAMATH = [
    {"query": f"What is {n}?", "response": f"The answer is: {n}", "original_question": f"What is {n}?"}
    for n in range(30)
]
TRAIN, TEST = (f"{split}-00000-of-00001.parquet" for split in ("train", "test"))


def write_jsonl(path: Path, rows: list) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(path: Path, rows: list[dict]) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("dataset", "split", "message"),
    [
        (
            "gsm9k",
            "train",
            r"unknown name 'gsm9k'; choose from gsm8k, .*math, .*synthetic, .*ml_math, or",
        ),
        ("gsm8k", "unseen", r"gsm8k has no split 'unseen'; choose from train, validation, test$"),
        ("synthetic", "dev", r"synthetic has no split 'dev'; choose from train, validation, test, unseen$"),
        ("{folder}/absent.jsonl", "train", r"there is no file .*absent\.jsonl"),
        ("{folder}", "test", r"holds no test file; looked for test\.jsonl, test\.parquet, test-\*-of-"),
        (
            "{folder}/empty.jsonl",
            "train",
            r"train: 0 rows, 0 dropped of the 0 in empty\.jsonl; every row needs",
        ),
        (
            "{folder}/bad.jsonl",
            "train",
            r"0 rows, 2 dropped \(1 no question, 1 broken JSON line\) of the 2 in",
        ),
        (
            "{folder}/one.jsonl",
            "validation",
            r"0 rows, 0 dropped of the 1 in one\.jsonl; too few to be divided",
        ),
        ("{folder}/other.parquet", "train", r"has no column 'question', only problem, answer; rename"),
        ("{folder}/cut.parquet", "train", r"cut\.parquet is no readable Parquet file \(.*\); replace it$"),
        ("{folder}/garbage.parquet", "train", r"garbage\.parquet cannot be read \(.*\); replace it$"),
    ],
)
def test_what_cannot_be_loaded_says_why_and_what_to_do(tmp_path, dataset, split, message):
    write_jsonl(tmp_path / "empty.jsonl", [])
    (tmp_path / "bad.jsonl").write_text('{"answer": "4"}\nno JSON\n')
    write_jsonl(tmp_path / "one.jsonl", ROWS[:1])
    whole = write_parquet(tmp_path / "other.parquet", [{"problem": "Q?", "answer": "1"}])
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "garbage.parquet").write_bytes(b"PAR1" + b"\xff" * 64 + (64).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(DataError, match=message) as caught:
        load_split(dataset.format(folder=tmp_path), split)
    assert "\n" not in str(caught.value)


def test_a_data_folder_without_gsm8k_says_what_was_looked_for(tmp_path):
    with pytest.raises(DataError, match=r"gsm8k holds no test file; looked for test\.jsonl, test\.parquet"):
        load_split("gsm8k", "test", data_dir=str(tmp_path))


def test_a_split_that_is_there_twice_is_refused(tmp_path):
    write_jsonl(tmp_path / "gsm8k/train.jsonl", ROWS)
    write_parquet(tmp_path / "gsm8k/main" / TRAIN, ROWS)
    with pytest.raises(DataError, match=r"train is there twice, .*jsonl and .*parquet; remove one"):
        load_split("gsm8k", "train", data_dir=str(tmp_path))


def test_reading_local_files_loads_neither_torch_nor_datasets(tmp_path):
    write_parquet(tmp_path / "rows.parquet", ROWS)
    program = (
        "import sys\n"
        "from tinyreason.data import load_split\n"
        "load_split(sys.argv[1], 'train')\n"
        "print([name for name in ('torch', 'transformers', 'datasets', 'pandas') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "rows.parquet")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


class Hub(BaseHTTPRequestHandler):
    """As much of the Hub's protocol as reading a dataset takes; some revisions fail, each in its own way."""

    files: dict[str, bytes]
    requests: list[str]

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self) -> None:
        self.requests.append(self.path)
        asked, _, name = self.path.rpartition("/")
        if self.path.startswith(
            ("/api/datasets/openai/gsm8k/revision/", "/api/datasets/meta-math/MetaMathQA/revision/")
        ):
            status, body = self.about(revision=name)
        elif "/resolve/" in self.path:
            status, body = self.content(revision=asked.split("/")[-2], name=name)
        else:
            status, body = 404, b"{}"
        self.send_response(status)
        if status == 404:
            self.send_header("X-Error-Code", "RevisionNotFound")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{name}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def about(self, *, revision: str) -> tuple[int, bytes]:
        if revision == "unknown":
            return 404, b"{}"
        if revision == "broken":
            return 500, b"{}"
        if revision == "portal":
            return 200, b"<html>Please log in to the airport's network.</html>"
        return 200, json.dumps({"id": "openai/gsm8k", "sha": COMMIT}).encode()

    def content(self, *, revision: str, name: str) -> tuple[int, bytes]:
        whole = self.files[name]
        if self.command == "GET" and revision == "cut-off":
            return 200, whole[: len(whole) // 2]
        if self.command == "GET" and revision == "gone":
            return 404, b"{}"
        if self.command == "GET" and revision == "garbled":
            return 404, "Défaut".encode("latin-1")
        return 200, whole

    def log_message(self, *_):
        pass


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hub(tmp_path) -> Iterator[str]:
    """The address of a Hub whose gsm8k has a few rows."""
    Hub.files = {
        TRAIN: write_parquet(tmp_path / TRAIN, ROWS[1:]),
        TEST: write_parquet(tmp_path / TEST, ROWS[:1]),
        "MetaMathQA-395K.json": json.dumps(METAMATH).encode(),
    }
    Hub.requests = []
    with serving(Hub) as url:
        yield url


def load_in_new_process(
    cache: Path, url: str, *revisions: str | None, offline: bool = False, name: str = "gsm8k/test"
) -> list:
    """What a fresh Python makes of a split at each revision: [commit, rows], or the error's text."""
    program = (
        "import json, sys\n"
        "from tinyreason.data import DataError, load_split\n"
        "results = []\n"
        "for revision in json.loads(sys.argv[1]):\n"
        "    try:\n"
        "        split = load_split(*sys.argv[2].split('/'), revision=revision)\n"
        "        results.append([split.provenance['commit'], split.rows])\n"
        "    except DataError as error:\n"
        "        results.append(str(error))\n"
        "print(json.dumps(results))\n"
    )
    hub = {"HF_ENDPOINT": url, "HF_HOME": str(cache), "HF_HUB_OFFLINE": str(int(offline)), "NO_PROXY": "*"}
    command = [sys.executable, "-c", program, json.dumps(revisions), name]
    finished = subprocess.run(command, env={**os.environ, **hub}, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_gsm8k_comes_from_the_hub_and_then_from_its_cache_with_the_commit_that_was_read(tmp_path, hub):
    online = load_in_new_process(tmp_path / "cache", hub, None)
    assert [(commit, [row["answer"] for row in rows]) for commit, rows in online] == [(COMMIT, ["1"])]

    assert load_in_new_process(tmp_path / "cache", hub, None, COMMIT, offline=True) == online * 2
    assert load_in_new_process(tmp_path / "cache", "http://127.0.0.1:9", None) == online


def test_a_dataset_of_one_json_file_comes_from_the_hub_with_its_commit(tmp_path, hub):
    load = partial(load_in_new_process, tmp_path / "cache", name="metamathqa/train")
    [[commit, rows]] = load(hub, None)
    assert (commit, rows[0]["answer"]) == (COMMIT, "0")
    assert load("http://127.0.0.1:9", None, COMMIT) == [[commit, rows]] * 2


def test_both_files_are_read_at_one_commit_even_if_the_branch_moves_between_them(tmp_path, hub):
    load_in_new_process(tmp_path / "cache", hub, "some-branch")
    asked = [path.split("/resolve/")[1] for path in Hub.requests if "/resolve/" in path]
    assert set(asked) == {f"some-branch/main/{TRAIN}", f"{COMMIT}/main/{TEST}"}


def test_whatever_fails_on_the_hub_is_one_sentence_that_names_the_way_around_it(tmp_path, hub):
    reasons = {
        "unknown": "404 Client Error. Revision Not Found",
        "broken": "Server error '500",
        "portal": "Expecting value",
        "cut-off": "Consistency check failed",
        "gone": "404 Client Error",
        "garbled": "'utf-8' codec can't decode",
    }
    errors = dict(zip(reasons, load_in_new_process(tmp_path / "cache", hub, *reasons), strict=True))
    for revision, reason in reasons.items():
        assert f"at revision {revision} could not be read from the Hub ({reason}" in errors[revision]
        assert "or give --data_dir a folder that holds gsm8k/train.jsonl" in errors[revision]
        assert "\n" not in errors[revision]


def test_no_network_and_an_empty_cache_say_so_at_once(tmp_path, hub):
    [refused] = load_in_new_process(tmp_path / "cache", "http://127.0.0.1:9", None)
    assert "Connection refused" in refused
    [offline] = load_in_new_process(tmp_path / "cache", hub, None, offline=True)
    assert "offline mode" in offline
    assert "or give --data_dir" in offline
