"""The report of runs, from small run folders written by the tests themselves, and in a browser."""

import base64
import hashlib
import json
import math
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from conftest import run_recipe

from tinyreason.figures import format_p, format_seconds
from tinyreason.models import own_identity
from tinyreason.report import ReportError, write_report
from tinyreason.report.charts import nice_ticks, trailing_mean
from tinyreason.report.results import read_groups
from tinyreason.report.rollouts import LETTERS, STEPS, read_rollouts
from tinyreason.report.runs import labels, read_runs
from tinyreason.report.solutions import chosen, find_answer, spans
from tinyreason.statistics import mcnemar_exact, wilson_interval

VOID = ("meta", "br", "line", "rect", "path", "circle")
VERSIONS = {"torch": "2.13.0", "trl": "1.15.0"}
# right or wrong, a letter a problem: 30 both right, 20 fixed, 3 broken, 7 both wrong
SFT = "r" * 30 + "w" * 20 + "r" * 3 + "w" * 7
GRPO = "r" * 30 + "r" * 20 + "w" * 3 + "w" * 7


class Page(HTMLParser):
    """Tags, attributes and texts of a page; fails on a tag that is closed out of order."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.open, self.attributes, self.texts = [], [], [], []
        self.within = {}
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)
            self.within.setdefault(self.open[-1], []).append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = content if isinstance(content, list) else [content]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def item(number: int, verdict: str) -> dict:
    answer = str(100 + number) if verdict == "r" else "7"
    return {
        "id": f"p{number}", "source": "synthetic", "question": f"Question {number}?",
        "gold": str(100 + number), "prompt": "",
        "completion": f"Work {number}.\n</think>\n\\boxed{{{answer}}}", "answer": answer,
        "correct": verdict == "r", "flexible": verdict == "r", "tokens": 9, "truncated": False,
    }  # fmt: skip


def evaluation(verdicts: str, **changed: object) -> dict:
    right, n = verdicts.count("r"), len(verdicts)
    return {
        "model": "m", "dataset": "synthetic", "split": "test", "protocol": "synthetic-v1",
        "prompt": "tinyreason",
        "answer_format": "boxed", "shots": 0, "rows": None, "max_new_tokens": 96, "k": 0, "temperature": 1.0,
        "dataset_seed": 0, "dtype": "float32", "n": n, "correct": right, "accuracy": right / n,
        "ci95": list(wilson_interval(right, n)), "flexible": right / n, "truncated": 0.025, "unparsed": 0.05,
        "mean_tokens": 31.4, "seconds": 2.0, **changed,
    }  # fmt: skip


def evaluate(run: Path, verdicts: str, name: str = "synthetic", **changed: object) -> None:
    """A result in the run's folder."""
    write(run / f"eval/{name}.jsonl", [item(number, v) for number, v in enumerate(verdicts, 1)])
    write(run / f"eval/{name}.json", evaluation(verdicts, **changed))


SFT_METRICS = [
    {"step": step, "epoch": 0.1, "loss": 2.0 - step / 10, "mean_token_accuracy": 0.5 + step / 25}
    for step in range(1, 11)
]
GRPO_METRICS = [
    {
        "step": step, "reward": 0.5, "accuracy": 0.4, "entropy": 0.2, "grad_norm": 0.3,
        "completions/mean_right_length": 30.0, "completions/mean_wrong_length": 40.0,
        "groups_with_signal": 0.6, "completions/clipped_ratio": 0.0, "tokens_per_second": 900.0,
        "clip_ratio/low_mean": 0.0, "clip_ratio/high_mean": 0.1,
    }
    for step in range(1, 51)
]  # fmt: skip


def write_run(folder: Path, metrics: list[dict], *, seconds: float = 131.0, **recipe: object) -> Path:
    write(folder / "run.json", {
        "commit": "0123abcd", "versions": VERSIONS, "device": "CPU, 2 cores", "seconds": seconds, "seed": 11,
        "steps": len(metrics), "parameters": 752_640, "tokens_seen": 5_712_331, "processes": 1,
        "peak_memory_mib": 1234, "card_memory_mib": None, "data": {"train": {"rows_used": 900}},
    })  # fmt: skip
    write(folder / "metrics.jsonl", metrics)
    (folder / "recipe.yaml").write_text(json.dumps({"dataset": "synthetic", **recipe}))
    return folder


def write_demo(root: Path, *, sft: str = SFT, grpo: str = GRPO) -> list[Path]:
    """GRPO and the SFT model that it was trained from."""
    before = write_run(root / "sft", SFT_METRICS, seconds=243.2, architecture={"hidden_size": 64})
    after = write_run(root / "grpo", GRPO_METRICS, algorithm="grpo", model_name_or_path=str(before))
    evaluate(before, sft)
    evaluate(after, grpo)
    return [after, before]


def report(root: Path, folders: list[Path], **settings: object) -> Page:
    write_report(folders, root, **settings)
    return Page((root / "report.html").read_text(encoding="utf-8"))


def test_the_page_shows_the_numbers_of_the_evaluations(tmp_path: Path) -> None:
    page = report(tmp_path, write_demo(tmp_path))
    assert page.within["h1"] == [
        "grpo solves 83.3\N{NO-BREAK SPACE}% of 60 synthetic problems, sft 55.0\N{NO-BREAK SPACE}%: improved"
    ]
    for verdicts in (SFT, GRPO):
        right = verdicts.count("r")
        low, high = wilson_interval(right, 60)
        assert f"{100 * right / 60:.1f} % [{100 * low:.1f}, {100 * high:.1f}]" in page.text
        assert f"{right} of 60" in page.text
    p_value = format_p(mcnemar_exact(20, 3))
    assert "grpo against sft: improved, +28.3 points [" in page.text
    assert f"20 fixed, 3 broken, p = {p_value}" in page.text
    for words in ("30 both right", "20 only grpo", "3 only sft", "7 both wrong", "Up to 96 new tokens."):
        assert words in page.text
    assert "Training grpo2 min 11 s" in page.text


@pytest.mark.parametrize(
    ("sft", "grpo", "words"),
    [
        (SFT, GRPO, "improved"),
        (GRPO, SFT, "worse"),
        ("rrww", "rrrw", "no significant difference at n = 4"),
        ("rrww", "rrww", "no significant difference at n = 4"),
    ],
)
def test_the_headline_praises_only_what_the_test_supports(
    tmp_path: Path, sft: str, grpo: str, words: str
) -> None:
    page = report(tmp_path, write_demo(tmp_path, sft=sft, grpo=grpo))
    assert page.within["h1"][0].endswith(f": {words}")


def test_the_error_bars_are_drawn_where_the_interval_ends(tmp_path: Path) -> None:
    page = report(tmp_path, write_demo(tmp_path))
    drawn = [value for name, value in page.attributes if name == "d" and "v10" in value]
    ends = [re.match(r"M([\d.]+) .*H([\d.]+)m", path).groups() for path in drawn[::2]]  # each has its halo
    intervals = [wilson_interval(verdicts.count("r"), 60) for verdicts in (GRPO, SFT)]
    for (left, right), (low, high) in zip(ends, intervals, strict=True):
        assert (float(left) - 8) / 336 == pytest.approx(low, abs=0.001)
        assert (float(right) - 8) / 336 == pytest.approx(high, abs=0.001)


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = report(tmp_path, write_demo(tmp_path))
    html = (tmp_path / "report.html").read_text()
    assert not {"link", "img", "iframe", "object", "form"} & set(page.tags)
    assert not {"src", "href", "action"} & {name for name, _ in page.attributes}
    for words in ("http://", "https://", "url(", "@import", "fetch(", "innerHTML"):
        assert words not in html
    [script] = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert ("content", policy) in page.attributes
    assert "prefers-color-scheme: dark" in html
    assert ("content", "width=device-width, initial-scale=1") in page.attributes


def write_rollouts(run: Path, steps: int, *, size: int = 4, **changed: object) -> None:
    """Three groups a step, the first completion of each right."""
    for step in range(steps):
        rows = [
            {
                "step": step, "question": f"Question {group} of step {step}?", "gold": "12",
                "completion": f"6+6={12 + bool(number)}\n</think>\n\\boxed{{{12 + bool(number)}}}",
                "answer": "12" if number == 0 else "13", "reward": float(number == 0),
                "correct": float(number == 0), "accuracy": float(number == 0), "format": 0.5, "tokens": 9,
                "truncated": False, "advantage": 1.5 if number == 0 else -0.5, **changed,
            }
            for group in range(3)
            for number in range(size)
        ]  # fmt: skip
        path = run / f"rollouts/step-{step:06d}-000000000-0.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&lt;"
    folders = write_demo(tmp_path)
    for run, verdicts in zip(folders, (GRPO, SFT), strict=True):
        rows = [item(number, v) for number, v in enumerate(verdicts, 1)]
        for hostile in rows:
            hostile["question"], hostile["gold"] = attack, attack
            hostile |= {"completion": f"{attack}</think>{attack}", "answer": attack}
        write(run / "eval/synthetic.jsonl", rows)
        manifest = json.loads((run / "run.json").read_text())
        write(run / "run.json", manifest | {"device": attack, "commit": attack, "versions": {attack: attack}})
    write_rollouts(folders[0], 2, question=attack, completion=f"{attack}</think>{attack}", answer=attack)
    page = report(tmp_path, folders)
    assert page.tags.count("script") == 2  # the browser's and its data
    assert "img" not in page.tags
    assert "onerror" not in {name for name, _ in page.attributes}
    assert page.within["mark"].count(attack) == 20
    assert page.within["b"].count(attack) == 10
    data = re.search('<script type="application/json">(.*?)</script>', (tmp_path / "report.html").read_text())
    assert json.loads(data[1])[0]["groups"][0]["question"] == attack


def test_ten_solutions_follow_the_rule_that_the_page_states(tmp_path: Path) -> None:
    folders = write_demo(tmp_path)
    [group], _ = read_groups(read_runs(folders))
    numbers = [number for number, _ in chosen(*group.results)]
    assert numbers == [31, 32, 33, 34, 35, 51, 52, 53, 54, 55]
    page = report(tmp_path, folders)
    assert [title for title in page.within["h3"] if "Problem" in title] == [f"Problem {n}" for n in numbers]
    assert (
        "the first five that grpo solves and sft does not, the first three the other way round" in page.text
    )
    assert page.text.count("only grpo is right") == 5
    assert page.text.count("only sft is right") == 3
    first_card = page.text.split("Problem 31")[1].split("Problem 32")[0]
    assert "Gold answer: 131" in first_card
    assert re.search(r"sft ✗ wrong answer 7Work .*grpo ✓ right answer 131Work", first_card)
    assert page.within["mark"][1:3] == ["7", "131"]  # the first one explains the colour


def test_groups_that_are_too_small_are_filled_from_the_front_of_the_file(tmp_path: Path) -> None:
    [group], _ = read_groups(read_runs(write_demo(tmp_path, sft="rrrrrrrrrwww", grpo="rrrrrrrrrrrw")))
    assert chosen(*group.results) == [
        (10, "fixed"), (11, "fixed"), (12, "both wrong"), *((number, "both right") for number in range(1, 8)),
    ]  # fmt: skip
    [group], _ = read_groups(
        read_runs(write_demo(tmp_path, sft="rwwwrrw" + "r" * 9, grpo="wrrrrwr" + "r" * 9))
    )
    assert chosen(*group.results)[:6] == [
        (2, "fixed"), (3, "fixed"), (4, "fixed"), (7, "fixed"), (1, "broken"), (6, "broken"),
    ]  # fmt: skip
    [group], _ = read_groups(read_runs(write_demo(tmp_path, sft="r" + "w" * 7 + "r" * 4, grpo="r" * 12)))
    found = [(number, "fixed") for number in range(2, 9)]  # those beyond the five stand with them
    assert chosen(*group.results) == found + [(number, "both right") for number in (1, 9, 10)]


@pytest.mark.parametrize(
    ("completion", "answer", "before"),
    [
        ("5 + 7 = 12\n</think>\n\\boxed{12}", "12", "5 + 7 = 12\n</think>\n\\boxed{"),
        ("</think>12 or rather 12.", "12", "</think>12 or rather "),
        ("</think>\\boxed{5} as 15 - 10", "5", "</think>\\boxed{"),  # not the 5 of 15
        ("</think>The answer is 5. See 15.", "5", "</think>The answer is "),
        ("</think>#### 5\n25", "5", "</think>#### "),
        ("</think>\\boxed{ 5 } since 15-10 = 5", "5", "</think>\\boxed{ "),
        ("</think>\\boxed{5} no, \\boxed{5}", "5", "</think>\\boxed{5} no, \\boxed{"),
        ("it is 12\n</think>\nthe same as above", "12", None),  # stands only in the reasoning
        ("the answer is 12", "12", None),  # the reasoning never ended
        ("</think>\\boxed{12}", None, None),
    ],
)
def test_the_answer_is_found_where_it_was_read(completion, answer, before):
    found = find_answer(completion, answer, completion.find("</think>") if "</think>" in completion else 99)
    if before is None:
        assert found is None
    else:
        assert completion[: found[0]] == before
        assert completion[slice(*found)] == answer


def test_a_completion_is_cut_at_its_reasoning_and_its_answer() -> None:
    text = "5+7=12\n</think>\n\\boxed{12} yes"
    assert spans(text, "12") == [
        ("reasoning", "5+7=12\n"), ("rest", "</think>\n\\boxed{"), ("answer", "12"), ("rest", "} yes"),
    ]  # fmt: skip
    assert spans("5+7=", None) == [("reasoning", "5+7=")]
    assert spans("12, \\boxed{12}", "12", inside=False) == [
        ("rest", "12, \\boxed{"), ("answer", "12"), ("rest", "}"),
    ]  # fmt: skip
    assert spans("</think>12", "12") == [("rest", "</think>"), ("answer", "12")]


def test_a_cut_off_completion_is_called_so(tmp_path: Path) -> None:
    folders = write_demo(tmp_path)
    path = tmp_path / "sft/eval/synthetic.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[30] |= {"completion": "Work and work", "answer": None, "truncated": True, "tokens": 96}
    write(path, rows)
    assert "✗ wrong no answer, cut off at 96 tokens" in report(tmp_path, folders).text


def sentences(root: Path, folders: list[Path]) -> list[str]:
    """The tests of the report, as their first words say them."""
    lines = write_report(folders, root).splitlines()
    return [line.split(",")[0].removeprefix("- ") for line in lines if line.startswith("- ")]


def test_the_first_run_is_compared_with_all_and_every_run_with_its_own_stages(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    ppo = write_run(tmp_path / "ppo", GRPO_METRICS, algorithm="ppo", model_name_or_path=str(sft))
    evaluate(ppo, GRPO[::-1])
    assert sentences(tmp_path, [grpo, ppo, sft]) == [
        "grpo against ppo: no significant difference at n = 60", "grpo against sft: improved",
        "ppo against sft: improved",
    ]  # fmt: skip


def test_a_stage_that_is_not_named_is_there_all_the_same(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    evaluate(sft, SFT, "synthetic-native", prompt="native", protocol="synthetic-v1-native")
    [group], _ = read_groups(read_runs([grpo]))
    ending = "sft"
    assert [result.label for result in group.results] == ["grpo", ending, f"{ending}, own prompt"]
    assert [result.style for result in group.results] == ["run-0", "before", "before"]
    assert [found.against for found in group.tests] == [ending, f"{ending}, own prompt"]


def test_a_test_against_a_model_that_is_elsewhere_is_taken_from_the_summary(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    test = {
        "n": 60, "accuracy": 50 / 60, "against_accuracy": 0.5, "difference": 1 / 3, "ci95": [0.2, 0.4],
        "fixed": 25, "broken": 5, "both_wrong": 5, "p_value": 0.0003, "verdict": "improved",
    }  # fmt: skip
    known = {"against": str(sft), **test}
    evaluate(grpo, GRPO, paired={"against": "some/model", **test}, paired_others=[known])
    assert sentences(tmp_path, [grpo]) == [
        "grpo against sft: improved", "grpo against some/model: improved",
    ]  # fmt: skip


def test_only_answers_to_the_same_question_are_put_side_by_side(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    evaluate(grpo, "rrw", "gsm8k", dataset="gsm8k", protocol="gsm8k-v1")
    evaluate(sft, "rww", "gsm8k", dataset="gsm8k", protocol="gsm8k-v1", max_new_tokens=512)
    evaluate(grpo, "rww", "synthetic-unseen", split="unseen")
    groups, _ = read_groups(read_runs([grpo, sft]))
    assert [group.title for group in groups] == [
        "synthetic/test, synthetic-v1, 60 problems", "gsm8k/test, gsm8k-v1, 3 problems",
        "gsm8k/test, gsm8k-v1, 3 problems", "synthetic/unseen, synthetic-v1, 3 problems",
    ]  # fmt: skip
    assert [len(group.results) for group in groups] == [2, 1, 1, 1]
    path = sft / "eval/synthetic.jsonl"
    path.write_text(path.read_text().replace('"p9"', '"q9"'))
    assert sentences(tmp_path, [grpo, sft]) == []


def test_samples_parts_and_benchmarks_have_their_tables(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    sampled = {"k": 4, "pass_at_k": {"1": 0.4, "2": 0.55, "4": 0.71}, "maj_at_k": 0.6}
    parts = {"steps": {"2": evaluation("rrw"), "10": evaluation("rwww")}}
    evaluate(grpo, GRPO, sampled=sampled, temperature=0.7, breakdown=parts)
    scores = {"task": "gsm8k", "shots": 8, "problems": 1319, "disagreements": 2}
    for run, score in ((grpo, 0.25), (sft, 0.125)):
        write(run / "eval/benchmark-gsm8k.json", {
            **scores, "exact_match,strict-match": score, "exact_match_stderr,strict-match": 0.01,
        })  # fmt: skip
    page = report(tmp_path, [grpo, sft])
    assert "pass@1pass@2pass@4majoritygrpo, 4 a problem0.740.0 %55.0 %71.0 %60.0 %" in page.text
    low, high = wilson_interval(1, 4)
    assert f"steps 10425.0 % [{100 * low:.1f}, {100 * high:.1f}]" in page.text
    assert "gsm8k exact_match,strict-match, 8-shot1,31925.0 % ± 1.012.5 % ± 1.0" in page.text


def titles(page: Page) -> list[str]:
    return [title for title in page.within["title"] if " at step " in title]


def test_the_curves_have_units_ticks_legends_and_titles(tmp_path: Path) -> None:
    page = report(tmp_path, write_demo(tmp_path))
    found = titles(page)
    assert [title.split(",")[0] for title in found] == [
        "Reward", "Right answers", "Entropy", "Completion length", "Signal", "Clipped", "Gradient norm",
        "Speed",
        "Loss", "Token accuracy",
    ]  # fmt: skip
    assert found[8] == "Loss, nats per token: training from 1.9 at step 1 to 1 at step 10"
    assert page.text.count("optimizer step") >= 10
    assert "reward, running mean of 10 (last 0.5)" in page.text
    assert "validation" not in page.text  # this run logged no eval_loss
    assert "does not have it" not in page.text


def test_runs_of_a_kind_share_their_charts(tmp_path: Path) -> None:
    grpo, _ = write_demo(tmp_path)
    ppo = write_run(tmp_path / "ppo", [{**line, "reward": 0.7} for line in GRPO_METRICS], algorithm="ppo")
    page = report(tmp_path, [grpo, ppo])
    assert titles(page)[0] == (
        "Reward, mean of a step: grpo, reward, running mean of 10 from 0.5 at step 1 to 0.5 at step 50; "
        "ppo, reward, running mean of 10 from 0.7 at step 1 to 0.7 at step 50"
    )
    assert {"curve run-0", "curve run-1", "curve run-0 dashed"} <= {
        v for k, v in page.attributes if k == "class"
    }
    assert page.text.split("do not have in common:")[1].startswith(
        "keygrpoppoalgorithmgrpoppomodel_name_or_path"
    )


def test_curves_that_were_not_logged_are_named_and_not_drawn(tmp_path: Path) -> None:
    folders = write_demo(tmp_path)
    write(tmp_path / "grpo/metrics.jsonl", [{"step": step, "reward": 0.5, "kl": None} for step in (1, 2)])
    write(tmp_path / "sft/metrics.jsonl", [*SFT_METRICS, {"step": 11, "loss": math.nan}])
    page = report(tmp_path, folders)
    assert "metrics.jsonl does not have it: accuracy, entropy, groups_with_signal" in page.text
    assert not [title for title in titles(page) if title.startswith("Entropy")]
    assert re.findall(r"\d+ of \d+ values of \w+", page.text) == ["1 of 11 values of loss"]
    assert not [value for _, value in page.attributes if value and "nan" in value]


def test_what_some_runs_log_alone_has_charts_where_it_is(tmp_path: Path) -> None:
    folders = write_demo(tmp_path)
    more = {"explained_variance": 0.5, "resample/rounds": 2, "kl": 0.1, "eval_accuracy": 0.3}
    rewards = {"rewards/accuracy/mean": 0.4, "rewards/format/mean": 0.9}
    write(tmp_path / "grpo/metrics.jsonl", [line | more | rewards for line in GRPO_METRICS])
    write(
        tmp_path / "sft/metrics.jsonl", [*SFT_METRICS, {"step": 10, "eval_loss": 1.5, "eval_words_loss": 1.2}]
    )
    page = report(tmp_path, folders)
    for words in (
        "Critic",
        "Refill",
        "Distance from the start",
        "Reward accuracy",
        "Reward format",
        "held-out",
    ):
        assert words in page.text
    assert "Validation loss, words" in page.text
    assert ("class", "dot run-1 dashed") in page.attributes  # a metric logged once
    assert "validation (last 1.5)" in page.text


def test_a_run_that_goes_on_and_one_that_logged_nothing_have_their_page(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    with (sft / "metrics.jsonl").open("a") as file:
        file.write('{"step": 11')
    (grpo / "metrics.jsonl").write_text("")
    shutil.rmtree(grpo / "eval")
    page = report(tmp_path, [grpo, sft])
    assert page.within["h1"] == ["sft solves 55.0\N{NO-BREAK SPACE}% of 60 synthetic problems"]
    assert "training (last 1)" in page.text
    shutil.rmtree(sft / "eval")
    assert report(tmp_path, [grpo]).within["h1"] == ["grpo: no evaluation found"]


def test_alarms_and_contamination_are_told(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    assert "AlarmsNone sounded." in report(tmp_path, [grpo, sft]).text
    lines = [line | ({"alarm/truncation": 1.0} if 20 <= line["step"] < 25 else {}) for line in GRPO_METRICS]
    write(grpo / "metrics.jsonl", lines)
    manifest = json.loads((grpo / "run.json").read_text())
    found = {
        "gsm8k": {"questions": 1319, "shared": 3, "shared_but_for_numbers": 7}, "math": {"not_read": "gone"},
    }  # fmt: skip
    write(grpo / "run.json", manifest | {"contamination": found})
    page = report(tmp_path, [grpo, sft])
    assert "alarmfirst steplast steplogged stepsgrpo: truncation20245" in page.text
    assert "gsm8k3 of 1,319; 7 but for the numbersnot recorded" in page.text
    assert "mathnot looked at: the test set is not at hand" in page.text


def test_the_runs_say_where_they_come_from_and_what_they_cost(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    manifest = json.loads((grpo / "run.json").read_text())
    card = {"processes": 2, "device": "H100", "card_memory_mib": {"allocated": 61000, "reserved": 70000}}
    card["energy_kwh"] = 0.31234
    write(grpo / "run.json", manifest | card | {"seconds": 1800.0, "versions": {"torch": "9"}})
    page = report(tmp_path, [grpo, sft], price=3.0)
    text = page.text.split("Runs")[1]
    for words in (
        "trained byRL, grpoSFT", f"from{sft}random weights", "datasynthetic, 900 rows", "parameters752,640",
        "optimizer steps5010", "tokens seen5.71 million", "training time30 min4 min 3 s",
        "device2 x H100CPU, 2 cores", "device hours10.0676", "cost3 at 3 an hour0.203 at 3 an hour",
        "peak memory of the card61,000 MiBnot recorded",
        "energy of the cards0.312 kWhnot recorded", "seed1111", "commit0123abcd",
        "versionstorch 9torch 2.13.0, trl 1.15.0",
    ):  # fmt: skip
        assert words in text, words
    assert "cost" not in report(tmp_path, [grpo, sft]).text.split("Runs")[1].split("Recipes")[0]


def test_rollouts_are_some_steps_with_all_figures_and_some_groups(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert read_rollouts(run) == ([], 0)
    write_rollouts(run, 2 * STEPS)
    steps, count = read_rollouts(run)
    assert (len(steps), count) == (STEPS, 2 * STEPS)
    assert (steps[0]["step"], steps[-1]["step"]) == (1, 2 * STEPS)
    first = steps[0]
    assert (first["completions"], first["problems"], first["right"], first["reward"]) == (12, 3, 0.25, 0.25)
    group = first["groups"][0]
    assert (group["question"], group["gold"], len(group["rollouts"])) == ("Question 0 of step 0?", "12", 4)
    right, wrong = group["rollouts"][:2]
    assert (right["right"], right["reward"], right["advantage"]) == (True, 1.0, 1.5)
    assert (wrong["right"], wrong["advantage"], wrong["answer"]) == (False, -0.5, "13")
    assert right["rewards"] == {"accuracy": 1.0, "format": 0.5}
    assert ("answer", "12") in right["text"]


def test_long_completions_and_what_is_not_a_number_are_shortened_and_left_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    long = "a" * LETTERS + "b" * LETTERS
    write_rollouts(run, 8, completion=long, reward=math.nan, correct=math.nan, answer=None)
    steps, _ = read_rollouts(run)
    shown = steps[0]["groups"][0]["rollouts"][0]
    text = "".join(words for _, words in shown["text"])
    assert text.startswith("a" * (LETTERS // 2) + "\n[… 4,000 letters …]\nb")
    write_rollouts(tmp_path / "answered", 1, completion=f"{long}</think>\\boxed{{12}}", answer="12")
    [step], _ = read_rollouts(tmp_path / "answered")
    parts = step["groups"][0]["rollouts"][0]["text"]
    assert [kind for kind, _ in parts] == ["reasoning", "rest", "answer", "rest"]
    assert (shown["right"], shown["reward"], steps[0]["reward"], steps[0]["right"]) == (None,) * 4
    monkeypatch.setattr("tinyreason.report.rollouts.LIMIT", 3 * len(json.dumps(steps[0])))
    fewer, count = read_rollouts(run)
    assert ([step["step"] for step in fewer], count) == ([1, 8], 8)


def test_rounds_of_a_step_with_the_same_prompt_are_groups_of_their_own(tmp_path: Path) -> None:
    write_rollouts(tmp_path, 1, group=0)
    [path] = (tmp_path / "rollouts").glob("*.parquet")
    table = pyarrow.parquet.read_table(path)
    again = table.set_column(table.column_names.index("group"), "group", [[7] * len(table)])
    pyarrow.parquet.write_table(again, path.with_name("step-000000-000000099-0.parquet"))
    [step], _ = read_rollouts(tmp_path)
    assert (step["completions"], step["problems"], len(step["groups"])) == (24, 2, 2)


def test_rollouts_from_before_advantages_were_kept_have_none(tmp_path: Path) -> None:
    write_rollouts(tmp_path, 1)
    [path] = (tmp_path / "rollouts").glob("*.parquet")
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(path).drop_columns("advantage"), path)
    [step], _ = read_rollouts(tmp_path)
    assert step["groups"][0]["rollouts"][0]["advantage"] is None


def test_models_are_called_by_the_shortest_ends_of_their_paths() -> None:
    def named(*models: str) -> list[str]:
        return list(labels([(model, None) for model in models]).values())

    assert named("runs/a/grpo", "runs/a/sft") == ["grpo", "sft"]
    assert named("runs/a/grpo", "runs/b/grpo") == ["a/grpo", "b/grpo"]
    assert named("runs/a/grpo", "Qwen/Qwen2.5-0.5B") == ["grpo", "Qwen/Qwen2.5-0.5B"]
    revised = labels([("Qwen/Q", None), ("Qwen/Q", "1234")])
    assert list(revised.values()) == ["Qwen/Q", "Qwen/Q@1234"]


def test_stages_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    runs = []
    for name, sft in (("a", SFT), ("b", SFT[::-1])):
        grpo, before = write_demo(tmp_path / name, sft=sft)
        score = {"task": "arc_easy", "shots": 0, "problems": len(runs) + 5, "acc,none": 0.25}
        write(before / "eval/benchmark-arc_easy.json", score)
        runs.append(grpo)
    [group], _ = read_groups(read_runs(runs))
    assert [result.label for result in group.results] == ["a/grpo", "b/grpo", "a/sft", "b/sft"]
    assert [(test.label, test.against) for test in group.tests] == [
        ("a/grpo", "b/grpo"), ("a/grpo", "a/sft"), ("a/grpo", "b/sft"), ("b/grpo", "b/sft"),
    ]  # fmt: skip
    page = report(tmp_path, runs)
    assert "taskproblemsa/sftb/sftarc_easy acc, 0-shot525.0 %arc_easy acc, 0-shot625.0 %" in page.text


def test_stages_are_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    for root, verdicts in ((home, SFT), (elsewhere, GRPO)):
        grpo, _ = write_demo(root / "runs", sft=verdicts)
        recipe = {"algorithm": "grpo", "model_name_or_path": "runs/sft", "output_dir": "runs/grpo"}
        (grpo / "recipe.yaml").write_text(json.dumps(recipe))
    monkeypatch.chdir(elsewhere)
    assert sentences(tmp_path, [home / "runs/grpo"]) == ["grpo against sft: improved"]
    assert sentences(tmp_path, [home / "runs/grpo", home / "runs/sft"]) == ["grpo against sft: improved"]


def test_a_test_whose_items_are_gone_is_told_as_it_was(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    other = write_run(tmp_path / "other", SFT_METRICS)
    evaluate(other, SFT[::-1])
    test = {
        "n": 60, "accuracy": 50 / 60, "against_accuracy": 0.55, "difference": 17 / 60, "ci95": [0.2, 0.4],
        "fixed": 20, "broken": 3, "both_wrong": 7, "p_value": 0.0003, "verdict": "improved",
    }  # fmt: skip
    evaluate(grpo, GRPO, paired={"against": str(sft), **test})
    (grpo / "eval/synthetic.jsonl").unlink()
    page = report(tmp_path, [grpo, sft, other])
    assert page.within["h1"][0].endswith(": improved")
    assert "grpo - sft+28.3 points95 % [+20.0, +40.0]" in page.text


def test_whole_test_sets_come_before_parts_of_them(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    for run, verdicts in ((grpo, GRPO[:9]), (sft, SFT[:9])):
        evaluate(run, verdicts, "synthetic-9rows", rows=9, protocol="synthetic-custom")
        evaluate(run, verdicts, "synthetic-2shot", shots=2, protocol="synthetic-custom")
    groups, _ = read_groups(read_runs([grpo, sft]))
    assert [group.results[0].summary["n"] for group in groups] == [60, 9, 9]
    assert "of 60 synthetic problems" in report(tmp_path, [grpo, sft]).within["h1"][0]


@pytest.mark.parametrize(
    "changed",
    [
        {"use_vllm": True}, {"chatml": "2"}, {"protocol": "synthetic-v2"}, {"dtype": "bfloat16"},
        {"data": {"files": [{"sha256": "abc"}]}},
    ],
)  # fmt: skip
def test_results_of_other_settings_are_another_group(tmp_path: Path, changed: dict) -> None:
    grpo, sft = write_demo(tmp_path)
    evaluate(sft, SFT, **changed)
    groups, _ = read_groups(read_runs([grpo, sft]))
    assert [len(group.results) for group in groups] == [1, 1]


def test_a_score_from_before_the_last_training_is_called_so(tmp_path: Path, model_folder: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(model_folder, run, ignore=shutil.ignore_patterns("eval"))
    evaluate(run, SFT, weights=own_identity(str(run)))
    [group], _ = read_groups(read_runs([run]))
    assert group.results[0].label == "run"
    weights = run / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\1")
    [group], _ = read_groups(read_runs([run]))
    assert group.results[0].label == "run, before its last training"


def test_evaluations_in_a_folder_of_their_own_are_found(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    for run in (grpo, sft):
        shutil.move(run / "eval", tmp_path / "results" / str(run).replace("/", "--"))
    assert report(tmp_path, [grpo]).within["h1"] == ["grpo: no evaluation found"]
    assert report(tmp_path, [grpo], eval_dir=str(tmp_path / "results")).within["h1"][0].endswith("improved")


def test_what_an_earlier_version_wrote_is_left_out_and_said(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    write(grpo / "eval/old.json", {"protocol": "old-v0", "accuracy": 0.5})
    page = report(tmp_path, [grpo, sft])
    assert "Left out: " in page.text
    assert "old.json: of an earlier version, has no model, dataset" in (tmp_path / "report.md").read_text()
    assert "improved" in page.within["h1"][0]


def test_a_run_is_what_its_recipe_says(tmp_path: Path) -> None:
    early = write_run(tmp_path / "early", [{"step": 0, "eval_loss": 1.0}], algorithm="dapo")
    evaluated = tmp_path / "evaluated"
    evaluate(evaluated, SFT)
    first, second = read_runs([early, evaluated])
    assert (first.kind, second.kind) == ("RL", None)
    report(tmp_path, [early, evaluated])
    assert "| trained by | RL, dapo |" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (("sft/metrics.jsonl", '{}\n{"step": 1\n'), r"sft/metrics\.jsonl, line 2: not JSON"),
        (("sft/run.json", "{"), r"sft/run\.json: not JSON"),
        (("grpo/eval/synthetic.jsonl", ""), None),
        (
            ("grpo/eval/synthetic.jsonl", json.dumps(item(1, "r")) + "\n"),
            r"has 1 right of 1, synthetic\.json says 0\.8333 of 60",
        ),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, damage: tuple[str, str], complaint: str | None) -> None:
    folders = write_demo(tmp_path)
    (tmp_path / "grpo/rollouts").mkdir()
    (tmp_path / damage[0]).write_text(damage[1])
    if complaint is None:  # the items may be gone: then there is nothing to compare
        assert sentences(tmp_path, folders) == []
        return
    with pytest.raises(ReportError, match=complaint):
        write_report(folders, tmp_path)


def test_a_line_separator_inside_a_question_does_not_cut_the_row(tmp_path: Path) -> None:
    folders = write_demo(tmp_path)
    for run in folders:
        path = run / "eval/synthetic.jsonl"
        path.write_text(path.read_text().replace("Question 31?", "Question\u2028 31?"), encoding="utf-8")
    assert "Question 31?" in report(tmp_path, folders).text


def test_the_script_writes_beside_the_runs_and_says_what_is_missing(tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path / "here")
    run_recipe("scripts/report.py", grpo, sft)
    assert (tmp_path / "here/report.html").read_text().startswith("<!DOCTYPE html>")
    run_recipe("scripts/report.py", grpo)
    assert (grpo / "report.md").is_file()
    output = run_recipe("scripts/report.py", tmp_path / "nowhere", code=1)
    assert output.endswith(f"error: {tmp_path}/nowhere: there is no such folder\n")
    (tmp_path / "empty").mkdir()
    output = run_recipe("scripts/report.py", tmp_path / "empty", code=1)
    assert "holds neither a run nor an evaluation; give a run folder" in output


def test_on_a_phone_nothing_is_printed_over_anything(browser, tmp_path: Path) -> None:
    runs = [
        write_run(tmp_path / f"qwen2.5-math-1.5b-instruct_sft_a100_seed{seed}_and_more", SFT_METRICS)
        for seed in (3, 4)
    ]
    for run in runs:
        evaluate(run, SFT)
    write_report(runs, tmp_path)
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(f"file://{tmp_path}/report.html")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    boxes = (
        page.locator("figure svg")
        .first.locator("text")
        .evaluate_all(
            "texts => texts.map(text => { const b = text.getBoundingClientRect();"
            " return [b.left, b.top, b.right, b.bottom]; })"
        )
    )
    assert len(boxes) == 2 * 2 + 5
    for number, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[2] <= 375
        for other in boxes[:number]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
            )
            assert apart, (one, other)


def test_in_a_browser_the_slider_and_the_buttons_choose_what_is_shown(browser, tmp_path: Path) -> None:
    grpo, sft = write_demo(tmp_path)
    write_rollouts(grpo, 3)
    write_report([grpo, sft], tmp_path)
    page = browser.new_page(viewport={"width": 375, "height": 800})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{tmp_path}/report.html")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    root = page.locator(".browser")
    assert (
        root.locator(".step")
        .inner_text()
        .startswith("Step 1: of 12 completions 25.0 % right, mean reward 0.25")
    )
    assert root.locator(".question").inner_text() == "Question 0 of step 0?"
    slider = root.locator("input")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert root.locator(".step").inner_text().startswith("Step 3: ")
    root.get_by_role("button", name="Group 2: 1 of 4 right").click()
    assert root.locator("button[aria-pressed=true]").inner_text() == "Group 2: 1 of 4 right"
    assert root.locator(".question").inner_text() == "Question 1 of step 2?"
    cards = root.locator(".rollouts section")
    assert cards.count() == 4
    words = cards.first.inner_text()
    for part in (
        "✓ right",
        "reward 1.00",
        "advantage +1.50",
        "answer 12, 9 tokens, accuracy 1.00, format 0.50",
    ):
        assert part in words
    assert cards.first.locator("mark").inner_text() == "12"
    widths = [cards.nth(n).locator(".advantage i").evaluate("bar => bar.style.width") for n in (0, 1)]
    assert widths == ["50%", "16.6667%"]
    assert cards.nth(1).locator(".advantage i").get_attribute("class") == "down"
    assert said == []
    assert asked == [f"file://{tmp_path}/report.html"]


@pytest.mark.parametrize("high", [0.07, 0.1, 0.3, 1, 3, 5, 47, 100, 160, 800, 1e5])
@pytest.mark.parametrize("low_share", [0, 0.5, 0.9, 1 - 1e-15, 1, -1])
def test_ticks_are_few_and_round_and_enclose_the_range(low_share, high):
    low = low_share * high
    ticks = nice_ticks(low, high, 5)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] <= low + 1e-9
    assert ticks[-1] >= high - 1e-9
    assert ticks == sorted(set(ticks))
    assert all(len(f"{tick:g}") <= 7 for tick in ticks)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.3, "0 s"), (59.6, "1 min"), (412, "6 min 52 s"), (3600, "1 h"), (7325, "2 h 2 min 5 s")],
)
def test_times_are_told_in_hours_minutes_and_seconds(seconds, words):
    assert format_seconds(seconds) == words


@pytest.mark.parametrize(
    ("p_value", "words"), [(1.0, "1.0000"), (0.0425, "0.0425"), (0.00049, "4.9e-04"), (0.0, "below 1e-300")]
)
def test_p_values_keep_their_leading_digits(p_value, words):
    assert format_p(p_value) == words


def test_the_trailing_mean_looks_back_only():
    points = [(1, 4.0), (2, 2.0), (3, 6.0), (4, 1.0)]
    assert trailing_mean(points, 2) == [(1, 4.0), (2, 3.0), (3, 4.0), (4, 3.5)]
