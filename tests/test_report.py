"""The demo's summary and page, from small run folders written by the tests themselves."""

import json
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tinyreason.figures import format_p, format_seconds
from tinyreason.report import ReportError, plain_samples, plain_table, summarize, write_report
from tinyreason.report.charts import nice_ticks, trailing_mean
from tinyreason.report.rollouts import choose_rollouts, find_answer
from tinyreason.report.run_folder import read_demo
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
        if self.open and self.open[-1] != "style":
            self.texts.append(data)
            self.within.setdefault(self.open[-1], []).append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = content if isinstance(content, list) else [content]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def evaluation(right: int, n: int, split: str) -> dict:
    return {
        "protocol": "protocol-7", "model": "m", "dataset": "synthetic", "split": split, "n": n,
        "max_new_tokens": 96, "accuracy": right / n,
        "ci95": list(wilson_interval(right, n)), "flexible": right / n,
        "truncated": 0.025, "unparsed": 0.05, "mean_tokens": 31.4, "seconds": 2.0,
        "commit": "abc", "versions": VERSIONS, "device": "cpu",
    }  # fmt: skip


def row(number: int, verdict: str) -> dict:
    answer = str(100 + number) if verdict == "r" else "7"
    return {
        "id": f"p{number}", "question": f"Question {number}?", "gold": str(100 + number), "prompt": "",
        "completion": f"Work {number}.\n</think>\n\\boxed{{{answer}}}", "answer": answer,
        "correct": verdict == "r", "flexible": verdict == "r", "tokens": 9, "truncated": False,
    }  # fmt: skip


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


def write_stage(
    folder: Path, verdicts: str, metrics: list[dict], *, unseen_right: int, seconds: float
) -> None:
    n = len(verdicts)
    write(folder / "run.json", {
        "commit": "0123abcd", "versions": VERSIONS, "device": "CPU, 2 cores", "seconds": seconds,
        "parameters": 752_640, "seed": 11, "tokens_seen": 5_712_331,
    })  # fmt: skip
    write(folder / "metrics.jsonl", metrics)
    write(folder / "eval/synthetic.jsonl", [row(number, v) for number, v in enumerate(verdicts, 1)])
    write(folder / "eval/synthetic.json", evaluation(verdicts.count("r"), n, "test"))
    write(folder / "eval/synthetic-unseen.json", evaluation(unseen_right, 40, "unseen"))


def write_demo(root: Path, *, sft: str = SFT, grpo: str = GRPO, control: str | None = None) -> Path:
    write_stage(root / "sft", sft, SFT_METRICS, unseen_right=20, seconds=243.2)
    write_stage(root / "grpo", grpo, GRPO_METRICS, unseen_right=26, seconds=131.0)
    if control:
        write_stage(root / "sft_continued", control, SFT_METRICS, unseen_right=22, seconds=133.0)
    pairs = list(zip(sft, grpo, strict=True))
    fixed, broken = pairs.count(("w", "r")), pairs.count(("r", "w"))
    write(root / "grpo/eval/synthetic-against-sft.json", {
        "model": "g", "against": "s", "n": len(sft), "accuracy": grpo.count("r") / len(grpo),
        "against_accuracy": sft.count("r") / len(sft), "difference": (fixed - broken) / len(sft),
        "ci95": [0.1234, 0.4321], "fixed": fixed, "broken": broken, "p_value": mcnemar_exact(fixed, broken),
    })  # fmt: skip
    return root


def report(root: Path, *, seconds: float | None = 412.0) -> tuple[dict, Page]:
    summary = summarize(root, seconds=seconds)
    return summary, Page(write_report(root, summary).read_text(encoding="utf-8"))


def test_the_summary_holds_the_figures_of_the_evaluations(tmp_path):
    summary = summarize(write_demo(tmp_path), seconds=412.0)
    assert summary == json.loads((tmp_path / "summary.json").read_text())
    assert summary["seconds"] == 412.0
    assert (summary["sft"]["accuracy"], summary["sft"]["n"]) == (33 / 60, 60)
    assert summary["grpo"]["ci95"] == list(wilson_interval(50, 60))
    assert (summary["paired"]["fixed"], summary["paired"]["broken"]) == (20, 3)
    assert summary["paired"]["p_value"] == pytest.approx(2 * (1 + 23 + 253 + 1771) / 2**23)
    assert (summary["unseen_templates"]["sft"], summary["unseen_templates"]["grpo"]) == (0.5, 0.65)
    assert (summary["parameters"], summary["commit"], summary["versions"]) == (752_640, "0123abcd", VERSIONS)
    assert "sft_continued" not in summary


def test_a_control_that_grpo_beats_is_compared_problem_by_problem(tmp_path):
    control = "r" * 30 + "w" * 20 + "r" * 10  # 20 that only GRPO solves, 10 that only the control solves
    summary = summarize(write_demo(tmp_path, control=control), seconds=412.0)
    paired = summary["paired_against_sft_continued"]
    assert summary["sft_continued"]["accuracy"] == 40 / 60
    assert (paired["fixed"], paired["broken"], paired["p_value"]) == (20, 10, mcnemar_exact(20, 10))
    assert paired["difference"] == pytest.approx(10 / 60)
    assert paired["ci95"][0] < 10 / 60 < paired["ci95"][1]
    assert summary["grpo_beats_sft_continued"] is True
    assert summary["unseen_templates"]["sft_continued"] == 22 / 40


def test_the_page_shows_the_numbers_of_the_summary(tmp_path):
    summary, page = report(write_demo(tmp_path))
    text = page.text
    assert page.within["h1"] == ["Reinforcement learning raised accuracy from 55.0 % to 83.3 %"]
    for name in ("sft", "grpo"):
        low, high = summary[name]["ci95"]
        assert f"{100 * summary[name]['accuracy']:.1f} % [{100 * low:.1f}, {100 * high:.1f}]" in text
        unseen_low, unseen_high = summary["unseen_templates"]["ci95"][name]
        unseen = f"{100 * summary['unseen_templates'][name]:.1f} %"
        assert f"{unseen} [{100 * unseen_low:.1f}, {100 * unseen_high:.1f}]" in text
    assert "+28.3 points" in text
    assert "95 % [+12.3, +43.2]" in text
    assert f"p = {summary['paired']['p_value']:.1e}" in text
    assert (
        "On the same 60 problems GRPO solves 20 that SFT gets wrong and fails on 3 that SFT solves." in text
    )
    assert "30 both right" in text
    assert "7 both wrong" in text
    assert "6 min 52 s" in text
    assert "752,640 parameters" in text
    assert "n = 40" in text


def test_the_error_bars_are_drawn_where_the_interval_ends(tmp_path):
    summary, page = report(write_demo(tmp_path))
    drawn = [value for name, value in page.attributes if name == "d" and "v10" in value]
    ends = [re.match(r"M([\d.]+) .*H([\d.]+)m", path).groups() for path in drawn[::2]]  # each has its halo
    intervals = [
        summary["sft"]["ci95"],
        summary["grpo"]["ci95"],
        *summary["unseen_templates"]["ci95"].values(),
    ]
    for (left, right), (low, high) in zip(ends, intervals, strict=True):
        assert (float(left) - 8) / 336 == pytest.approx(low, abs=0.001)
        assert (float(right) - 8) / 336 == pytest.approx(high, abs=0.001)


def test_the_page_needs_nothing_from_elsewhere(tmp_path):
    html = write_report(tmp_path, summarize(write_demo(tmp_path), seconds=1.0)).read_text()
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert not {"src", "href", "action"} & {name for name, _ in page.attributes}
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html
    assert "@import" not in html
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert "prefers-color-scheme: dark" in html
    assert ("content", "width=device-width, initial-scale=1") in page.attributes


def test_hostile_text_stays_text(tmp_path):
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&lt;"
    write_demo(tmp_path)
    for stage in ("sft", "grpo"):
        rows = [row(number, v) for number, v in enumerate(SFT if stage == "sft" else GRPO, 1)]
        for hostile in rows:
            hostile["question"], hostile["gold"] = attack, attack
            hostile |= {"completion": f"{attack}</think>{attack}", "answer": attack}
        write(tmp_path / stage / "eval/synthetic.jsonl", rows)
        run = json.loads((tmp_path / stage / "run.json").read_text())
        write(
            tmp_path / stage / "run.json",
            run | {"device": attack, "commit": attack, "versions": {attack: attack}},
        )
    _, page = report(tmp_path)
    assert not {"script", "img"} & set(page.tags)
    assert "onerror" not in {name for name, _ in page.attributes}
    assert page.within["mark"].count(attack) == 20
    assert page.within["b"].count(attack) == 10
    assert f"Versions: {attack} {attack}." in page.text


def test_ten_rollouts_follow_the_rule_that_the_page_states(tmp_path):
    write_demo(tmp_path)
    numbers = [pair.number for pair in choose_rollouts(read_demo(tmp_path))]
    assert numbers == [31, 32, 33, 34, 35, 51, 52, 53, 54, 55]
    _, page = report(tmp_path)
    assert [title for title in page.within["h3"] if "Problem" in title] == [f"Problem {n}" for n in numbers]
    assert (
        "the first five that GRPO fixed, the first three it broke, the first two that both get wrong"
        in page.text
    )
    assert page.text.count("GRPO fixed it") == 5
    assert page.text.count("GRPO broke it") == 3


def test_groups_that_are_too_small_are_filled_from_the_front_of_the_file(tmp_path):
    write_demo(tmp_path, sft="rrrrrrrrrwww", grpo="rrrrrrrrrrrw")
    pairs = choose_rollouts(read_demo(tmp_path))
    assert [(pair.number, pair.outcome) for pair in pairs] == [
        (10, "GRPO fixed it"), (11, "GRPO fixed it"), (12, "both wrong"),
        *((number, "both right") for number in range(1, 8)),
    ]  # fmt: skip


def test_each_solution_says_in_words_whether_it_is_right_and_marks_its_answer(tmp_path):
    _, page = report(write_demo(tmp_path))
    first_card = page.text.split("Problem 31")[1].split("Problem 32")[0]
    assert "Gold answer: 131" in first_card
    assert re.search(r"SFT ✗ wrong answer 7Work .*GRPO ✓ right answer 131Work", first_card)
    assert page.within["mark"][1:3] == ["7", "131"]  # the first one explains the colour


@pytest.mark.parametrize(
    ("completion", "answer", "before"),
    [
        ("5 + 7 = 12\n</think>\n\\boxed{12}", "12", "5 + 7 = 12\n</think>\n\\boxed{"),
        ("</think>12 or rather 12.", "12", "</think>12 or rather "),
        ("</think>\\boxed{5} as 15 - 10", "5", "</think>\\boxed{"),  # not the 5 of 15
        ("</think>\\boxed{5} no, \\boxed{5}", "5", "</think>\\boxed{5} no, \\boxed{"),
        ("it is 12\n</think>\nthe same as above", "12", None),  # stands only in the reasoning
        ("the answer is 12", "12", None),  # the reasoning never ended
        ("</think>\\boxed{12}", None, None),
    ],
)
def test_the_answer_is_found_where_it_was_read(completion, answer, before):
    found = find_answer(completion, answer)
    if before is None:
        assert found is None
    else:
        assert completion[: found[0]] == before
        assert completion[slice(*found)] == answer


def test_a_cut_off_completion_is_called_so(tmp_path):
    write_demo(tmp_path)
    path = tmp_path / "sft/eval/synthetic.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[30] |= {"completion": "Work and work", "answer": None, "truncated": True, "tokens": 96}
    write(path, rows)
    _, page = report(tmp_path)
    assert "✗ wrong no answer, cut off at 96 tokens" in page.text


def test_without_the_control_the_page_says_how_to_run_it(tmp_path):
    _, page = report(write_demo(tmp_path))
    assert "Not known: the control was not run." in page.text
    assert "make demo-control" in page.within["code"]


def test_a_control_still_in_training_is_not_taken_for_a_result(tmp_path):
    write_demo(tmp_path)
    write(tmp_path / "sft_continued/metrics.jsonl", SFT_METRICS)
    assert "sft_continued" not in summarize(tmp_path, seconds=1.0)


@pytest.mark.parametrize(
    ("control", "verdict"),
    [
        ("r" * 55 + "w" * 5, "GRPO does not beat the same SFT model trained on with plain SFT."),
        (
            GRPO[::-1],
            "GRPO does not beat the same SFT model trained on with plain SFT.",
        ),  # a tie is not a win
        (
            "r" * 49 + "w" * 11,
            "GRPO is ahead of the same SFT model trained on with plain SFT, but that may be chance.",
        ),
        ("r" * 30 + "w" * 30, "GRPO beats the same SFT model trained on with plain SFT."),
    ],
)
def test_the_verdict_on_the_control_follows_from_the_numbers(tmp_path, control, verdict):
    summary, page = report(write_demo(tmp_path, control=control))
    assert page.within["strong"] == [verdict]
    assert f"SFT continued {100 * control.count('r') / 60:.1f} % after 2 min 13 s" in page.text
    assert verdict in plain_table(summary)


@pytest.mark.parametrize(
    ("sft", "grpo", "headline", "words"),
    [
        (SFT, GRPO, "raised accuracy from 55.0 % to 83.3 %", "this is hardly chance"),
        (GRPO, SFT, "lowered accuracy from 83.3 % to 55.0 %", "this is hardly chance"),
        (
            "rrww",
            "rrrw",
            "Accuracy went from 50.0 % to 75.0 %, which may be chance",
            "chance is not ruled out",
        ),
        ("rrww", "rrww", "Accuracy went from 50.0 % to 50.0 %, which may be chance", "nothing to test"),
    ],
)
def test_the_headline_praises_only_what_the_test_supports(tmp_path, sft, grpo, headline, words):
    _, page = report(write_demo(tmp_path, sft=sft, grpo=grpo))
    assert page.within["h1"][0].endswith(headline)
    assert words in page.text


def test_the_curves_have_units_ticks_legends_and_titles(tmp_path):
    _, page = report(write_demo(tmp_path))
    titles = [title for title in page.within["title"] if " at step " in title]
    assert titles[0] == "SFT loss, nats per token: training from 1.9 at step 1 to 1 at step 10"
    assert titles[1].startswith(
        "SFT token accuracy, % of supervised tokens: training from 54 at step 1 to 90"
    )
    assert [title.split(",")[0] for title in titles[2:]] == [
        "GRPO reward", "GRPO entropy", "GRPO completion length", "GRPO signal", "GRPO clipped",
        "GRPO gradient norm", "GRPO speed",
    ]  # fmt: skip
    assert len(page.within["figcaption"]) == 11
    assert page.text.count("optimizer step") >= 6
    assert "reward, running mean of 10 (last 0.5)" in page.text
    assert "validation" not in page.text  # this run logged no eval_loss


def test_curves_that_were_not_logged_are_named_and_not_drawn(tmp_path):
    write_demo(tmp_path)
    write(tmp_path / "grpo/metrics.jsonl", [{"step": step, "reward": 0.5} for step in (1, 2)])
    write(tmp_path / "sft/metrics.jsonl", [*SFT_METRICS, {"step": 11, "loss": math.nan}])
    _, page = report(tmp_path)
    note = "metrics.jsonl does not have it: accuracy, entropy, completions/mean_right_length"
    assert note in page.text
    assert "GRPO entropy" not in page.text
    assert re.findall(r"\d+ of \d+ values of \w+", page.text) == ["1 of 11 values of loss"]
    assert not [value for _, value in page.attributes if value and "nan" in value]


def test_what_an_algorithm_logs_alone_and_every_reward_have_charts_where_they_are(tmp_path):
    write_demo(tmp_path)
    more = {"explained_variance": 0.5, "resample/rounds": 2, "kl": 0.1}
    rewards = {"rewards/accuracy/mean": 0.4, "rewards/format/mean": 0.9}
    write(tmp_path / "grpo/metrics.jsonl", [line | more | rewards for line in GRPO_METRICS])
    _, page = report(tmp_path)
    for title in ("PPO critic", "DAPO refill", "GRPO distance", "GRPO reward accuracy", "GRPO reward format"):
        assert title in page.text
    assert "does not have it" not in page.text


def test_a_metric_logged_once_is_drawn_as_a_dot(tmp_path):
    write_demo(tmp_path)
    write(tmp_path / "sft/metrics.jsonl", [*SFT_METRICS, {"step": 10, "eval_loss": 1.5}])
    _, page = report(tmp_path)
    assert ("class", "dot second") in page.attributes
    assert "validation (last 1.5)" in page.text


def test_a_run_without_any_curve_still_gets_its_page(tmp_path):
    write_demo(tmp_path)
    for stage in ("sft", "grpo"):
        (tmp_path / stage / "metrics.jsonl").write_text("")
    _, page = report(tmp_path)
    assert len(page.within["figcaption"]) == 2
    assert "does not have it: loss, mean_token_accuracy." in page.text


def test_the_birth_certificate_names_commit_device_seeds_and_versions(tmp_path):
    write_demo(tmp_path)
    run = json.loads((tmp_path / "sft/run.json").read_text())
    write(tmp_path / "sft/run.json", run | {"commit": None, "versions": {"torch": "9"}, "tokens_seen": None})
    _, page = report(tmp_path)
    certificate = page.text.split("Birth certificate")[1]
    assert certificate.startswith("SFTGRPOcommitnot recorded0123abcddeviceCPU, 2 coresCPU, 2 coresseed1111")
    assert "tokens seennot recorded5.71 million" in certificate
    assert "Versions: torch 2.13.0, trl 1.15.0." in certificate
    assert "SFT ran with other versions." in certificate
    assert "Protocol protocol-7: greedy, up to 96 new tokens." in page.text


def test_the_time_of_the_demo_outlives_a_later_control_but_not_a_new_run(tmp_path):
    write_demo(tmp_path)
    assert summarize(tmp_path, seconds=None)["seconds"] is None
    summarize(tmp_path, seconds=412.0)
    assert summarize(write_demo(tmp_path, control=SFT), seconds=None)["seconds"] == 412.0
    run = json.loads((tmp_path / "grpo/run.json").read_text())
    write(tmp_path / "grpo/run.json", run | {"seconds": 99.0})
    summary, page = report(tmp_path, seconds=None)
    assert summary["seconds"] is None
    assert "Whole demonot recorded" in page.text


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("grpo/eval/synthetic-against-sft.json", "synthetic-against-sft.json is missing"),
        ("sft/run.json", "sft/run.json is missing"),
        ("grpo/eval/synthetic-unseen.json", "synthetic-unseen.json is missing"),
    ],
)
def test_a_missing_file_is_named(tmp_path, damage, complaint):
    (write_demo(tmp_path) / damage).unlink()
    with pytest.raises(ReportError, match=complaint):
        summarize(tmp_path, seconds=1.0)


def test_files_that_do_not_belong_together_are_refused(tmp_path):
    write_demo(tmp_path)
    comparison = tmp_path / "grpo/eval/synthetic-against-sft.json"
    good = json.loads(comparison.read_text())
    write(comparison, good | {"fixed": 21})
    with pytest.raises(ReportError, match="says 21 fixed and 3 broken, the rows say 20 and 3"):
        summarize(tmp_path, seconds=1.0)
    write(comparison, good)
    write(tmp_path / "grpo/eval/synthetic.json", evaluation(51, 60, "test"))
    with pytest.raises(
        ReportError, match=r"has 50 right of 60, the summary beside it says accuracy 0\.85 of 60"
    ):
        summarize(tmp_path, seconds=1.0)


def test_models_evaluated_on_different_problems_are_not_compared(tmp_path):
    write_demo(tmp_path, control=SFT)
    path = tmp_path / "sft_continued/eval/synthetic.jsonl"
    path.write_text(path.read_text().replace('"p9"', '"q9"'))
    with pytest.raises(ReportError, match=r"sft_continued and .*sft were evaluated on different problems"):
        summarize(tmp_path, seconds=1.0)


def test_a_broken_or_incomplete_file_is_named_with_the_line_or_the_key(tmp_path):
    write_demo(tmp_path)
    with (tmp_path / "sft/metrics.jsonl").open("a") as file:
        file.write('{"step": 1')
    with pytest.raises(ReportError, match=r"sft/metrics\.jsonl, line 11: not JSON"):
        summarize(tmp_path, seconds=1.0)
    write(tmp_path / "sft/run.json", {"commit": "x", "versions": {}, "device": "cpu", "seed": 1})
    with pytest.raises(ReportError, match=r"sft/run\.json has no seconds, parameters; run that stage"):
        summarize(tmp_path, seconds=1.0)


def test_a_line_separator_inside_a_question_does_not_cut_the_row(tmp_path):
    write_demo(tmp_path)
    for stage in ("sft", "grpo"):
        path = tmp_path / stage / "eval/synthetic.jsonl"
        path.write_text(path.read_text().replace("Question 31?", "Question\u2028 31?"), encoding="utf-8")
    _, page = report(tmp_path)
    assert "Question 31?" in page.text


def test_the_terminal_shows_three_solutions_and_one_line_a_model(tmp_path):
    summary = summarize(write_demo(tmp_path, control=SFT), seconds=412.0)
    table = plain_table(summary)
    assert re.search(r"^GRPO +83\.3 % \[72\.0, 90\.7\] +65\.0 % \[49\.5, 77\.9\]$", table, re.MULTILINE)
    assert re.search(r"^SFT continued +55\.0 %", table, re.MULTILINE)
    assert "GRPO - SFT: +28.3 points [12.3, 43.2], fixed 20, broken 3, exact McNemar p = 4.9e-04" in table
    samples = plain_samples(tmp_path)
    assert (
        "1. Question 1?\n   | Work 1.\n   | </think>\n   | \\boxed{101}\n   answer 101, gold 101: right"
        in samples
    )
    assert "3. Question 3?" in samples
    assert "4. Question 4?" not in samples


def run_script(*arguments: str) -> subprocess.CompletedProcess:
    script = Path(__file__).parent.parent / "scripts" / "report.py"
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)


def test_the_script_writes_both_files_and_prints_the_table(tmp_path):
    done = run_script(str(write_demo(tmp_path)), "--seconds", "412")
    assert done.returncode == 0, done.stderr
    assert "The whole demo took 6 min 52 s." in done.stdout
    assert json.loads((tmp_path / "summary.json").read_text())["seconds"] == 412.0
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_the_script_says_in_one_line_which_folder_is_missing(tmp_path):
    done = run_script(str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert (
        done.stderr == f"report: {tmp_path}/nowhere: there is no such folder; `make demo` writes runs/demo\n"
    )
    (tmp_path / "sft").mkdir()
    assert "synthetic.jsonl is missing" in run_script(str(tmp_path)).stderr


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
