"""The corpus: which texts are kept, and that the token files hold those and nothing else."""

import io
import json
import pickle
import random
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import pytest
import yaml
from conftest import SHARED, run_and_kill, run_recipe
from hub import serving
from transformers import AutoTokenizer

from tinyreason import chatml
from tinyreason.config import ConfigError, CorpusArguments, Source
from tinyreason.corpus import Corpus, Tokens, build_source, describe, documents, read_index, read_seen
from tinyreason.corpus.cleaning import clean, fault
from tinyreason.corpus.tokens import token_type
from tinyreason.data import DataError, load_split
from tinyreason.data.overlap import Overlap

TEXT = "the sum of two angles in every triangle is never more than a straight line so we prove it here"


def essay(number: int, words: int = 60) -> str:
    """A text that no other number gives, nor anything like it."""
    rng, vocabulary = random.Random(number), TEXT.split()
    return " ".join(
        rng.choice(vocabulary) + str(rng.randrange(1000)) * rng.randrange(2) for _ in range(words)
    )


def write_texts(path: Path, texts: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return path


@pytest.fixture(scope="module")
def tokenizer(tokenizer_folder: Path):
    return AutoTokenizer.from_pretrained(tokenizer_folder)


def build(tokenizer, folder: Path, held_out: dict | None = None, **sources: Source) -> dict[str, dict]:
    seen = read_seen(folder, sources)
    corpus = Corpus(CorpusArguments(sources), tokenizer, held_out or {}, seen=seen, save_tokens=500)
    return {name: build_source(corpus, source, folder / name) for name, source in sources.items()}


def texts_in(tokenizer, folder: Path, split: str) -> list[str]:
    """The documents of a token file, each without the mark at its end."""
    ids = numpy.fromfile(folder / f"{split}.bin", dtype=read_index(folder)["dtype"])
    *whole, rest = tokenizer.decode(ids).split(chatml.PAD)
    assert rest == ""
    return whole


def test_token_files_hold_every_kept_text_and_the_counts_are_theirs(tokenizer, tmp_path):
    texts = [essay(number) for number in range(300)]
    path = write_texts(tmp_path / "a.jsonl", texts)
    index = build(tokenizer, tmp_path, web=Source(text=str(path)))["web"]
    found = {split: texts_in(tokenizer, tmp_path / "web", split) for split in ("train", "validation")}
    assert [text for text in texts if text in set(found["train"])] == found["train"]
    assert sorted(found["train"] + found["validation"]) == sorted(texts)
    assert 0 < len(found["validation"]) < 15
    for split, kept in found.items():
        sizes = [len(ids) + 1 for ids in tokenizer(kept)["input_ids"]]
        assert index["tokens"][split] == sum(sizes)
        assert index["documents"][split] == len(kept)
        assert (tmp_path / "web" / f"{split}.bin").stat().st_size == 2 * sum(sizes)
    assert describe("web", index).startswith(f"web: {index['tokens']['train']:,} tokens in ")


def test_what_is_left_out_is_counted_with_its_reason(tokenizer, tmp_path):
    original = essay(1, 120)
    words = original.split()
    nearly = " ".join([*words[:-1], "otherwise"])
    texts = [
        original,
        f"  {original.upper()}\n",
        nearly,
        "too short",
        "1 2 3 4 5 " * 10,
        "\n".join([*["home about contact"] * 5, essay(2)]),
        essay(3),
    ]
    index = build(tokenizer, tmp_path, web=Source(text=str(write_texts(tmp_path / "a.jsonl", texts))))["web"]
    once = ("duplicate", "near duplicate", "fewer than 20 words", "hardly any letters", "repeated lines")
    assert index["dropped"] == dict.fromkeys(once, 1)
    assert sum(index["documents"].values()) == 2


def test_a_text_of_an_earlier_source_is_left_out_of_a_later_one(tokenizer, tmp_path):
    shared, other = essay(1), essay(2)
    one = Source(text=str(write_texts(tmp_path / "one.jsonl", [shared])))
    two = Source(text=str(write_texts(tmp_path / "two.jsonl", [f"{shared} indeed", shared, other])))
    made = build(tokenizer, tmp_path / "both", one=one, two=two)
    assert made["two"]["dropped"] == {"near duplicate": 1, "duplicate": 1}
    # the first is finished; it is not read again, and yet known
    (tmp_path / "one.jsonl").unlink()
    (tmp_path / "both/two/index.json").unlink()
    assert build(tokenizer, tmp_path / "both", one=one, two=two)["two"]["dropped"] == made["two"]["dropped"]
    # nor does one that is put above it keep what it has
    new = Source(text=str(write_texts(tmp_path / "new.jsonl", [shared, other, essay(9)])))
    made = build(tokenizer, tmp_path / "both", new=new, one=one, two=two)
    assert made["new"]["dropped"] == {"duplicate": 2}


def test_near_duplicates_stay_where_they_are_asked_to(tokenizer, tmp_path):
    text = essay(1, 120)
    path = write_texts(tmp_path / "a.jsonl", [text, f"{text} indeed"])
    index = build(tokenizer, tmp_path, web=Source(text=str(path), drop_near_duplicates=False))["web"]
    assert index["dropped"] == {}


def test_no_document_with_words_of_a_test_question_is_kept(tokenizer, tmp_path):
    question = (
        "A baker sells three boxes of twelve rolls and gives away five; how many rolls has he sold in all?"
    )
    hidden = (
        essay(1) + f"\n\nA BAKER sells -- three boxes (of twelve rolls) and gives away FIVE... How {essay(2)}"
    )
    near = f"{essay(3)} A baker sells three boxes of twelve rolls and keeps five. {essay(4)}"
    path = write_texts(tmp_path / "a.jsonl", [hidden, near])
    index = build(tokenizer, tmp_path, {"gsm8k/test": [question, "Why?"]}, web=Source(text=str(path)))["web"]
    assert index["dropped"] == {"with words of a held-out question": 1}
    assert texts_in(tokenizer, tmp_path / "web", "train") == [near]


def test_validation_questions_of_one_dataset_are_not_trained_on_in_another(tokenizer_folder, tmp_path):
    rows = [{"question": f"{essay(n, 15)}?", "reasoning": "So.", "answer": str(n)} for n in range(60)]
    other = [{**row, "reasoning": "So.\nSo!"} for row in rows]
    for name, part in (("one.jsonl", rows), ("two/train.jsonl", other), ("two/validation.jsonl", rows[:1])):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in part))
    sources = {"one": {"dataset": str(tmp_path / "one.jsonl")}, "two": {"dataset": str(tmp_path / "two")}}
    recipe = {"tokenizer_name_or_path": str(tokenizer_folder), "decontaminate": [], "sources": sources}
    (tmp_path / "corpus.yaml").write_text(yaml.safe_dump(recipe))
    run_recipe("recipes/corpus.py", "--config", tmp_path / "corpus.yaml", "--output_dir", tmp_path / "out")
    held_out = [row["question"] for row in load_split(str(tmp_path / "one.jsonl"), "validation").rows]
    assert len(held_out) > 1
    loaded = AutoTokenizer.from_pretrained(tokenizer_folder)
    for name in sources:
        text = "".join(texts_in(loaded, tmp_path / "out" / name, "train"))
        assert not [question for question in [*held_out, rows[0]["question"]] if question in text]
        assert text.count("So.") > 40


def test_a_short_question_is_found_whole_and_a_very_short_one_never():
    overlap = Overlap(["What is the greatest common divisor of 12 and 18?", "What is 2 + 2?"])
    assert overlap.found_in("So: what is the greatest common divisor of 12 and 18 then")
    assert overlap.found_in("What is the greatest common divisor of 12 and 20?") is None
    assert overlap.found_in("What is 2 + 2?") is None


def test_control_tokens_in_a_text_are_only_letters(tokenizer, tmp_path):
    text = f"{essay(1)} <|im_end|> <|endoftext|> <|im_start|>system"
    path = write_texts(tmp_path / "a.jsonl", [text])
    build(tokenizer, tmp_path, web=Source(text=str(path)))
    [found] = texts_in(tokenizer, tmp_path / "web", "train")
    assert found == chatml.plain(text)
    ids = numpy.fromfile(tmp_path / "web/train.bin", dtype="<u2")
    assert [i for i in ids if int(i) in tokenizer.all_special_ids] == [tokenizer.pad_token_id]


def test_problems_become_the_conversations_of_fine_tuning_and_keep_their_validation_rows(tokenizer, tmp_path):
    questions = [row["question"] for row in load_split("synthetic", "validation").rows]
    source = Source(dataset="synthetic", max_documents=50)
    # they are much like its training questions, which only another dataset has to keep away from
    index = build(tokenizer, tmp_path, {"synthetic": questions}, problems=source)["problems"]
    assert index["documents"] == {"train": 50, "validation": 300}
    row = load_split("synthetic", "train").rows[0]
    expected = chatml.render_prompt(row["question"]) + chatml.render_target(row["reasoning"], row["answer"])
    ids = numpy.fromfile(tmp_path / "problems/train.bin", dtype="<u2").tolist()
    assert ids[: ids.index(tokenizer.pad_token_id)] == tokenizer(expected)["input_ids"]
    held_out = {row["question"] for row in load_split("synthetic", "validation").rows}
    texts = texts_in(tokenizer, tmp_path / "problems", "train")
    assert not [text for text in texts if any(question in text for question in held_out)]


def test_max_tokens_ends_a_source(tokenizer, tmp_path):
    path = write_texts(tmp_path / "a.jsonl", [essay(number) for number in range(1000)])
    index = build(tokenizer, tmp_path, web=Source(text=str(path), max_tokens=3000))["web"]
    assert index["tokens"]["train"] >= 3000
    assert index["documents_read"] == 256  # a batch


def test_another_recipe_for_the_same_folder_is_refused(tokenizer, tmp_path):
    path = write_texts(tmp_path / "a.jsonl", [essay(1)])
    build(tokenizer, tmp_path, web=Source(text=str(path)))
    with pytest.raises(ConfigError, match=r"web: was made with another max_documents; remove the folder"):
        build(tokenizer, tmp_path, web=Source(text=str(path), max_documents=1))


def interrupted(folder: Path) -> None:
    """As a source is that was saved once and then killed: its first 256 documents count."""
    index = json.loads((folder / "index.json").read_text())
    first = read_first(index, folder)
    (folder / "index.json").write_text(json.dumps({**index, **first, "finished": False}))


def read_first(index: dict, folder: Path) -> dict:
    ids = numpy.fromfile(folder / "train.bin", dtype=index["dtype"])
    ends = numpy.flatnonzero(ids == ids[-1])
    count = 250 - index["documents"]["validation"]
    documents = {"train": count, "validation": index["documents"]["validation"]}
    tokens = {"train": int(ends[count - 1]) + 1, "validation": index["tokens"]["validation"]}
    return {"documents_read": 250, "documents": documents, "tokens": tokens, "texts": 250, "sketches": 250}


def test_a_source_is_not_resumed_on_other_texts_nor_where_tokens_are_gone(tokenizer, tmp_path):
    path = write_texts(tmp_path / "a.jsonl", [essay(number) for number in range(400)])
    made = {"web": Source(text=str(path))}
    build(tokenizer, tmp_path, **made)
    whole = (tmp_path / "web/train.bin").read_bytes()
    interrupted(tmp_path / "web")
    write_texts(path, [essay(number) for number in range(1, 400)])
    with pytest.raises(ConfigError, match="was begun from other files than are there now"):
        build(tokenizer, tmp_path, **made)
    (tmp_path / "web/train.bin").write_bytes(whole[:100])
    with pytest.raises(ConfigError, match=r"train\.bin: lacks some of its"):
        build(tokenizer, tmp_path, **made)
    (tmp_path / "web/texts.u64").unlink()
    with pytest.raises(ConfigError, match=r"texts\.u64: lacks some of its"):
        build(tokenizer, tmp_path, **made)


def test_questions_that_came_to_be_held_out_later_are_named(tokenizer, tmp_path):
    source = Source(text=str(write_texts(tmp_path / "a.jsonl", [essay(1)])))
    build(tokenizer, tmp_path, {"math/test": ["Why?"]}, web=source)
    build(tokenizer, tmp_path, web=source)  # fewer are all right
    with pytest.raises(ConfigError, match="was made before gsm8k/test had to be kept out of it"):
        build(tokenizer, tmp_path, {"gsm8k/test": ["Why?"]}, web=source)


def test_a_row_without_text_is_counted_and_a_source_without_any_refused(tokenizer, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": null}\n' + json.dumps({"text": essay(1)}) + "\n")
    index = build(tokenizer, tmp_path, web=Source(text=str(path)))["web"]
    assert index["dropped"] == {"fewer than 20 words": 1}
    path.write_text('{"text": null}\n')
    with pytest.raises(DataError, match="none: no document is left of 1"):
        build(tokenizer, tmp_path, none=Source(text=str(path)))


@pytest.mark.parametrize("name", ["/tmp/x", "..", "a/b", ""])
def test_a_source_has_no_folder_in_its_name(name):
    with pytest.raises(ConfigError, match="names a folder"):
        CorpusArguments({name: Source(dataset="synthetic")})


def test_tokens_go_to_another_process_without_their_content(tokenizer, tmp_path):
    build(tokenizer, tmp_path, problems=Source(dataset="synthetic", max_documents=50))
    tokens = Tokens(tmp_path / "problems", "train", 16)
    content = pickle.dumps(tokens)
    assert len(content) < 1000
    assert pickle.loads(content)[3].tolist() == tokens[3].tolist()


def test_an_unfinished_or_a_damaged_source_cannot_be_read(tokenizer, tmp_path):
    path = write_texts(tmp_path / "a.jsonl", [essay(number) for number in range(20)])
    build(tokenizer, tmp_path, web=Source(text=str(path)))
    tokens = Tokens(tmp_path / "web", "train", 16)
    assert len(tokens) == read_index(tmp_path / "web")["tokens"]["train"] // 16
    assert tokens[1].tolist() == numpy.fromfile(tmp_path / "web/train.bin", dtype="<u2")[16:32].tolist()
    with open(tmp_path / "web/train.bin", "ab") as file:
        file.write(b"12")
    with pytest.raises(ConfigError, match=r"is not the .* tokens that were written"):
        Tokens(tmp_path / "web", "train", 16)
    with pytest.raises(ConfigError, match="holds no finished tokens"):
        Tokens(tmp_path / "nothing", "train", 16)


def test_the_smallest_type_that_holds_every_token_is_used():
    assert [numpy.dtype(token_type(size)).itemsize for size in (400, 65_536, 65_537, 151_936)] == [2, 2, 4, 4]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (essay(1), None),
        (" ".join(["word"] * 19), "fewer than 20 words"),
        (
            "$x_1 + x_2 = 3$ and so the sum of both is three, as was to be shown for all such numbers here",
            None,
        ),
        ("= 4 + 5 * 6 - 7 / 8 " * 5, "hardly any letters"),
    ],
)
def test_a_text_is_left_out_for_a_named_reason(text, reason):
    assert fault(text) == reason


def test_cleaning_removes_what_prints_nothing_and_keeps_the_rest():
    assert clean("\ufeffa\x00b \r\n\r\n\r\n\n  x^2 \t\n") == "ab\n\n  x^2"


def test_documents_of_a_text_file_are_parted_by_two_blank_lines(tmp_path):
    (tmp_path / "a.txt").write_text("one\n\nstill one\n\n\ntwo\n \n\n\nthree")
    (tmp_path / "b.txt").write_text("\n\n\n")
    source = Source(text=str(tmp_path))
    found, origin = documents(source, CorpusArguments({"a": source}))
    assert [document.text for document in found] == ["one\n\nstill one", "two", "three"]
    assert [file["file"] for file in origin] == ["a.txt", "b.txt"]


def test_a_column_that_is_not_there_and_a_path_that_is_not_there_are_said(tmp_path):
    write_texts(tmp_path / "a.jsonl", ["x"])
    source = Source(text=str(tmp_path / "a.jsonl"), column="content")
    with pytest.raises(DataError, match=r"a\.jsonl, row 1: has no column 'content'"):
        list(documents(source, CorpusArguments({"a": source}))[0])
    for text, said in (
        (str(tmp_path / "b.jsonl"), "no such file"),
        (str(tmp_path / "c/d/e"), "no such file"),
    ):
        source = Source(text=text)
        with pytest.raises(DataError, match=said):
            documents(source, CorpusArguments({"a": source}))
    with pytest.raises(ConfigError, match="give exactly one of the two"):
        Source()


def test_a_killed_corpus_goes_on_to_the_same_bytes(tokenizer_folder, tmp_path):
    path = write_texts(tmp_path / "a.jsonl", [essay(number) for number in range(3_000)])
    recipe = {
        "tokenizer_name_or_path": str(tokenizer_folder), "decontaminate": [], "save_tokens": 10_000,
        "sources": {"problems": {"dataset": "synthetic", "max_documents": 30}, "web": {"text": str(path)}},
    }  # fmt: skip
    (tmp_path / "corpus.yaml").write_text(yaml.safe_dump(recipe))
    flags = ["--config", tmp_path / "corpus.yaml", "--output_dir"]
    index = tmp_path / "killed/web/index.json"
    run_and_kill("recipes/corpus.py", *flags, tmp_path / "killed", until=index)
    saved = json.loads(index.read_text())
    assert not saved["finished"]
    assert 0 < saved["documents_read"] < 3_000
    run_recipe("recipes/corpus.py", *flags, tmp_path / "killed")
    run_recipe("recipes/corpus.py", *flags, tmp_path / "whole")
    files = sorted(file.relative_to(tmp_path / "whole") for file in (tmp_path / "whole").rglob("*.*"))
    assert [name.name for name in files].count("train.bin") == 2
    for name in files:
        if name.name != "recipe.yaml":
            assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_a_hub_dataset_is_streamed_and_its_commit_recorded(tokenizer_folder, tmp_path):
    """From a server of our own: no more of its second file is sent than is read of it."""
    files = {}
    for part in range(2):
        table = pyarrow.table({"text": [essay(1000 * part + n) for n in range(500)], "id": list(range(500))})
        buffer = io.BytesIO()
        pyarrow.parquet.write_table(table, buffer, row_group_size=50)
        files[f"data/train-{part:05d}-of-00002.parquet"] = buffer.getvalue()
    recipe = {
        "tokenizer_name_or_path": str(tokenizer_folder), "decontaminate": [],
        "sources": {"web": {"text": "web/math", "folder": "data", "max_documents": 40}},
    }  # fmt: skip
    (tmp_path / "corpus.yaml").write_text(yaml.safe_dump(recipe))
    with serving() as hub:
        hub.repositories["datasets/web/math"] = files
        flags = ["--config", tmp_path / "corpus.yaml", "--output_dir", tmp_path / "out"]
        run_recipe("recipes/corpus.py", *flags, **hub.environment(tmp_path / "cache"))
        index = read_index(tmp_path / "out/web")
        assert index["origin"] == [
            {"repo_id": "web/math", "config": None, "folder": "data", "commit": hub.commit}
        ]
        assert hub.served < sum(map(len, files.values())) + 20_000
    assert sum(index["documents"].values()) == 40
    kept = texts_in(AutoTokenizer.from_pretrained(tokenizer_folder), tmp_path / "out/web", "train")
    assert set(kept) <= {essay(n) for n in range(40)}


@pytest.mark.skipif(not (SHARED / "gsm8k").is_dir(), reason="needs GSM8K beside the repository")
def test_gsm8ks_own_training_questions_share_hardly_any_words_with_its_test():
    overlap = Overlap(row["question"] for row in load_split("gsm8k", "test", data_dir=str(SHARED)).rows)
    train = load_split("gsm8k", "train", data_dir=str(SHARED)).rows
    found = [row for row in train if overlap.found_in(row["question"])]
    assert 0 < len(found) < 0.01 * len(train)
    test = load_split("gsm8k", "test", data_dir=str(SHARED)).rows
    assert sum(overlap.found_in(row["question"]) is not None for row in test) > 0.999 * len(test)
