"""The sentences of README and docs that give a result, each written anew from the file that holds it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT

from tinyreason.figures import format_percent, format_seconds
from tinyreason.report import algorithms_table

RESULTS = ROOT / "docs" / "results"


def read(name: str) -> dict[str, Any]:
    return json.loads((RESULTS / f"{name}.json").read_text())


def between(interval: list[float]) -> str:
    return " to ".join(map(format_percent, interval))


def of_the_demo() -> Iterator[tuple[str, str]]:
    demo = read("demo/summary")
    sft, grpo, control = (demo[name] for name in ("sft", "grpo", "sft_continued"))
    unseen, paired = demo["unseen_templates"], demo["paired"]
    against_control = demo["paired_against_sft_continued"]
    accuracies = [format_percent(each["accuracy"]) for each in (sft, grpo, control)]
    for name, page, label in (
        ("sft", "README.md", "SFT"),
        ("grpo", "README.md", "SFT, then GRPO"),
        ("sft_continued", "README.md", "SFT trained on for as long as GRPO"),
        ("sft", "docs/measured.md", "SFT"),
        ("grpo", "docs/measured.md", "GRPO"),
        ("sft_continued", "docs/measured.md", "SFT continued for GRPO's time"),
    ):
        cells = [label, format_percent(demo[name]["accuracy"]), between(demo[name]["ci95"])]
        yield page, f"| {' | '.join([*cells, format_percent(unseen[name])])} |"
    fixed, broken, p = paired["fixed"], paired["broken"], paired["p_value"]
    yield "README.md", f"The demo took {format_seconds(demo['seconds'])} after the installation"
    yield (
        "README.md",
        (
            f"GRPO solves {fixed} problems that SFT gets wrong and fails on {broken} that SFT solves "
            f"(exact McNemar p = {p:.1e})"
        ),
    )
    yield "docs/measured.md", f"GRPO against SFT: {fixed} fixed, {broken} broken, exact McNemar p = {p:.1e}"
    yield (
        "docs/measured.md",
        (
            f"GRPO against SFT continued: {against_control['fixed']} fixed, {against_control['broken']} "
            f"broken, p = {against_control['p_value']:.1e}."
        ),
    )
    yield "docs/hardware.md", f"{accuracies[0]} by SFT and {accuracies[1]} by GRPO after it"
    seconds = demo["stage_seconds"]
    yield (
        "docs/scaling.md",
        (
            f"{accuracies[0]} to {accuracies[1]} in {seconds['grpo']:.0f} seconds of GRPO, and "
            f"{accuracies[2]} for {seconds['sft_continued']:.0f} seconds more of SFT"
        ),
    )


def of_the_smaller_rate() -> Iterator[tuple[str, str]]:
    sft, grpo = read("demo/sft-1e-3/sft"), read("demo/sft-1e-3/grpo")
    test, reached = grpo["paired"], [format_percent(each["accuracy"]) for each in (sft, grpo)]
    assert test["verdict"].startswith("no significant difference")
    found = f"{reached[0]}, and GRPO from there {reached[1]}"
    yield "README.md", f"SFT reaches {found}, no significant difference."
    yield (
        "docs/measured.md",
        (
            f"SFT reaches {found}: {test['fixed']} fixed, {test['broken']} broken, "
            f"p = {test['p_value']:.2f}, no significant difference."
        ),
    )
    eight, one = (
        [format_percent(each["sampled"]["pass_at_k"][k]) for each in (sft, grpo)] for k in ("8", "1")
    )
    yield (
        "docs/measured.md",
        (
            f"one is right for {eight[0]} of the problems before GRPO and for {eight[1]} after; a single "
            f"sample is right for {one[0]} before and {one[1]} after."
        ),
    )


def of_the_algorithms() -> Iterator[tuple[str, str]]:
    found = read("compare/comparison")
    arms = {name: format_percent(arm["accuracy"]) for name, arm in found["arms"].items()}
    yield "docs/algorithms.md", algorithms_table(found).split("\n\n")[0]
    yield (
        "README.md",
        (
            f"from an SFT model of {format_percent(found['sft']['accuracy'])}: GRPO {arms['grpo']}, "
            f"DAPO {arms['dapo']}, PPO {arms['ppo']}"
        ),
    )
    yield (
        "docs/rewards.md",
        (
            f"GRPO on `accuracy` alone {arms['grpo']}, DAPO with `soft_overlong` {arms['dapo']}, GRPO-LEAD "
            f"with its length reward {arms['grpo_lead']}"
        ),
    )


def of_gsm8k() -> Iterator[tuple[str, str]]:
    alone = read("gsm8k-test")
    yield (
        "docs/measured.md",
        (
            f"All {alone['n']:,} test problems, greedy: {format_percent(alone['accuracy'])}, "
            f"interval {between(alone['ci95'])}."
        ),
    )
    names = ("gsm8k", "gsm8k_variants", "grade_school")
    for stage, label in (("pretrain", "pretrained, in conversations"), ("sft", "and SFT on GSM8K")):
        each = [read(f"mathlm-5m/{stage}/{name}") for name in names]
        cells = [f"{format_percent(one['accuracy'])} ({between(one['ci95'])})" for one in each]
        yield "docs/measured.md", f"| {' | '.join([label, *cells])} |"
    test, other = (read(f"mathlm-5m/sft/{name}")["paired"] for name in ("gsm8k", "grade_school"))
    assert test["verdict"].startswith("no significant difference")
    yield (
        "docs/measured.md",
        (f"({test['fixed']} fixed, {test['broken']} broken, exact McNemar p = {test['p_value']:.2f})"),
    )
    yield (
        "docs/measured.md",
        (
            f"{other['broken']} of the problems made by program that were solved are not any more, "
            f"{other['fixed']} are new."
        ),
    )


def of_speed() -> Iterator[tuple[str, str]]:
    speed, drift = read("evaluation-speed"), read("evaluation-drift")
    times, same = speed["times_faster_than"], speed["same_text_as_ours"]
    assert set(same.values()) == {speed["problems"]}
    yield (
        "docs/evaluation.md",
        (
            f"{times['harness']:.1f} times as many problems a second at the same batch size of "
            f"{speed['batch_size']}, {times['harness_batch_1']:.1f} times at its default of 1, and all "
            f"{speed['problems']} completions the same"
        ),
    )
    assert {each["texts"] for each in drift["float32"].values()} == {0}
    texts = [each["texts"] for each in drift["bfloat16"].values()]
    yield "docs/evaluation.md", f"in bfloat16 {min(texts)} to {max(texts)} differ, and 2 verdicts with them"
    assert {each["verdicts"] for each in drift["bfloat16"].values()} == {2}
    small, large = read("speculative"), read("speculative-8m")
    for each in (small, large):
        assert {row["texts_that_differ"] for row in each["results"].values()} == {0}
    ratios = [each["results"][kind]["ratio"] for each in (small, large) for kind in ("lookup", "draft")]
    yield (
        "docs/publishing.md",
        (
            f"The demo's model ({small['parameters']['model']:,} parameters) writes {ratios[0]} times as "
            f"many tokens a second with lookup and {ratios[1]} times with a draft of one layer; one of "
            f"{large['parameters']['model'] / 1e6:.1f} million parameters, trained for 400 steps, "
            f"{ratios[2]} times and, with the demo's SFT model as draft, {ratios[3]} times"
        ),
    )


def of_grader_and_tokenizer() -> Iterator[tuple[str, str]]:
    graded = read("grader-benchmark")
    yield (
        "docs/grader.md",
        (
            f"That is {graded['gsm8k']['rate_ratio']:.0f} times Math-Verify's rate on GSM8K, where no pair "
            f"needs computer algebra, and {graded['math']['rate_ratio']} times on MATH"
        ),
    )
    for name in ("gsm8k", "math"):
        ours, theirs = graded[name]["tinyreason"], graded[name]["math_verify"]
        named = {f"{ours['turns']:,} of {name.upper()} | tinyreason": ours, "| Math-Verify": theirs}
        for label, row in named.items():
            cells = [label, f"{row['per_second']:,.0f}", f"{row['median_ms']:.3f}", f"{row['p99_ms']:.3g}"]
            cells += [row["worst_ms"], row["false_negatives"], row["false_positives"]]
            yield "docs/grader.md", f"| {' | '.join(map(str, cells))} |"
    labels = ["tinyreason, flexible", "tinyreason, strict (some cases mark nothing)"]
    labels += ["Math-Verify, gold in `$..$`"]
    for label, row in zip(labels, graded["labelled"].values(), strict=True):
        cells = [label, format_percent(row["accuracy"]), row["false_negatives"], row["false_positives"]]
        yield "docs/grader.md", f"| {' | '.join(map(str, cells))} |"
    labels = ["problems and those made by program", "less of the same", "Qwen2.5"]
    for label, row in zip(labels, read("tokenizer")["tokenizers"].values(), strict=True):
        cells = [f"{row[name]['tokens_per_byte']:.3f}" for name in ("gsm8k", "math")]
        cells = [label, f"{row['vocabulary']:,}", *cells, f"{row['math']['tokens_per_symbol']:.2f}"]
        yield "docs/pretraining.md", f"{' | '.join(cells)} |"


SENTENCES = [*of_the_demo(), *of_the_smaller_rate(), *of_the_algorithms(), *of_gsm8k(), *of_speed()]
SENTENCES += of_grader_and_tokenizer()


@pytest.mark.parametrize(("page", "sentence"), SENTENCES)
def test_a_page_says_what_the_result_file_holds(page: str, sentence: str) -> None:
    text, wanted = (re.sub(r"\s+", " ", words) for words in ((ROOT / page).read_text(), sentence))
    assert wanted.strip() in text
