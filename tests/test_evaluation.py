"""The figures of a result, worked out by hand on a few items; what is kept, asked and compared."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from scipy.stats import binomtest

from tinyreason import chatml
from tinyreason.chatml import render_prompt
from tinyreason.evaluation import (
    Protocol,
    breakdown,
    compare,
    compare_parts,
    evaluate,
    paired_sentence,
    read_items,
    results_table,
    sampled_scores,
    scores,
    standard_tokens,
)
from tinyreason.evaluation.prompts import render
from tinyreason.evaluation.scores import graded, item, majority_correct
from tinyreason.generation import Completion, Decoding


def completion(answer: str) -> Completion:
    return Completion(f"</think>\\boxed{{{answer}}}" if answer else "cut", 10, not answer)


def entry(question: str, greedy: str, *samples: str, source: str = "gsm8k", **traits: str) -> dict:
    """An item whose gold is 4."""
    first, *others = (graded(completion(answer), "4", chatml.PREFILL) for answer in (greedy, *samples))
    return item({"question": question, "answer": "4", "source": source, **traits}, "prompt", first, others)


def test_greedy_figures() -> None:
    found = scores([entry("a", "4"), entry("b", "5"), entry("c", ""), entry("d", "4.0")])
    assert (found["n"], found["correct"], found["accuracy"], found["strict"]) == (4, 2, 0.5, 0.5)
    assert (found["truncated"], found["unparsed"]) == (0.25, 0.25)
    assert (found["tokens"], found["mean_tokens"]) == (40, 10)
    wilson = binomtest(2, 4).proportion_ci(method="wilson")
    assert found["ci95"] == pytest.approx([wilson.low, wilson.high])


def test_an_answer_that_nothing_marks_counts_in_the_flexible_score_alone() -> None:
    unmarked = graded(Completion("Two and two.</think>It is 4", 10, False), "4", chatml.PREFILL)
    assert (unmarked["correct"], unmarked["flexible"], unmarked["answer"]) == (False, True, None)


def test_a_native_turn_is_graded_as_it_stands_and_ours_begins_inside_the_reasoning() -> None:
    text = Completion("It is \\boxed{4}", 10, False)
    assert graded(text, "4", "native")["correct"]
    assert not graded(text, "4", chatml.PREFILL)["correct"]


def test_figures_of_several_samples() -> None:
    items = [entry("a", "5", "4", "5", "4.0", ""), entry("b", "5", "5", "5", "4", "6")]
    found = sampled_scores(items)["sampled"]
    assert found["accuracy"] == 3 / 8
    # 1 - C(2,2)/C(4,2) and 1 - C(3,2)/C(4,2)
    assert found["pass_at_k"] == pytest.approx({"1": 3 / 8, "2": (5 / 6 + 1 / 2) / 2, "4": 1.0})
    assert found["maj_at_k"] == 0.5  # 4 and 4.0 are one answer
    assert (found["k"], found["truncated"], found["tokens"]) == (4, 1 / 8, 80)
    assert scores(items)["accuracy"] == 0
    assert sampled_scores([entry("a", "4")]) == {}
    assert not majority_correct(entry("a", "4", "", "")["samples"])


def test_figures_are_broken_down_by_what_tells_items_apart() -> None:
    items = [
        entry("a", "4", steps="2"),
        entry("b", "5", steps="10"),
        entry("c", "4", steps="10"),
        entry("d", "4"),
    ]
    parts = breakdown(items)["breakdown"]
    assert list(parts) == ["steps"]
    assert {value: (part["n"], part["correct"]) for value, part in parts["steps"].items()} == {
        "2": (1, 1), "10": (2, 1), "none": (1, 1),
    }  # fmt: skip
    assert list(parts["steps"]) == ["2", "10", "none"]
    assert breakdown(items[1:3]) == {}


def test_the_paired_test_counts_what_changed() -> None:
    before = [entry(str(n), "5") for n in range(12)] + [entry(str(n), "4") for n in range(12, 20)]
    after = [entry(str(n), "4") for n in range(10)] + [entry(str(n), "5") for n in range(10, 13)]
    after += [entry(str(n), "4") for n in range(13, 20)]
    found = compare(after, before)
    assert (found["fixed"], found["broken"], found["both_wrong"], found["n"]) == (10, 1, 2, 20)
    assert found["difference"] == pytest.approx(0.45)
    assert found["p_value"] == pytest.approx(binomtest(1, 11).pvalue)
    assert found["verdict"] == "improved"
    assert found["fixed_ids"] == [old["id"] for old in before[:10]]
    assert found["both_wrong_ids"] == [old["id"] for old in before[10:12]]
    assert found["ci95"][0] < 0.45 < found["ci95"][1]
    assert compare(before, after)["verdict"] == "worse"
    few = compare(after[:5], before[:5])
    assert (few["difference"], few["verdict"]) == (1.0, "no significant difference at n = 5")
    sentence = paired_sentence("new", {"against": "old", **few})
    assert sentence.startswith("new against old: no significant difference at n = 5, +100.0 points")
    assert "5 fixed, 0 broken, p = 0.0625" in sentence


def test_every_source_has_a_comparison_of_its_own() -> None:
    before = [entry(str(n), "4", source="gsm8k") for n in range(4)]
    before += [entry(str(n), "5", source="calculus") for n in range(4, 10)]
    after = [entry(str(n), "5", source="gsm8k") for n in range(4)]
    after += [entry(str(n), "4", source="calculus") for n in range(4, 10)]
    parts = compare_parts(after, before)["by_source"]
    assert {name: part["difference"] for name, part in parts.items()} == {"gsm8k": -1.0, "calculus": 1.0}
    assert (parts["calculus"]["fixed"], parts["calculus"]["broken"]) == (6, 0)
    assert compare_parts(after[:4], before[:4]) == {}


def test_results_on_other_problems_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not on the same items"):
        compare([entry("a", "4")], [entry("b", "4")])


def test_a_protocol_has_its_name_only_with_its_settings() -> None:
    assert Protocol("gsm8k").name == "gsm8k-v1"
    assert Protocol("gsm8k", prompt="native").name == "gsm8k-v1-native"
    assert Protocol("gsm8k", k=8, temperature=0.7, seed=3).name == "gsm8k-v1"
    assert Protocol("math", max_new_tokens=standard_tokens("math")).name == "math-v1"
    changes = [
        {"split": "train"}, {"rows": 100}, {"shots": 8}, {"max_new_tokens": 256},
        {"answer_format": "final_answer"}, {"dataset_seed": 1},
    ]  # fmt: skip
    assert Protocol("gsm8k", dtype="bfloat16", prompt="native").name == "gsm8k-v1-bfloat16-native"
    assert Protocol("/of/my/own/gsm8k.jsonl").name == "gsm8k-custom"
    assert Protocol("gsm8k+svamp").name == "gsm8k+svamp-v1"
    for change in changes:
        assert Protocol(**{"dataset": "gsm8k", **change}).name == "gsm8k-custom", change


def test_version_1_of_the_protocols_is_frozen() -> None:
    """A changed line here breaks every comparison with an earlier result: count VERSION up."""
    assert render_prompt("How many?") == (
        "<|im_start|>system\nPlease reason step by step, and put your final answer within \\boxed{}."
        "<|im_end|>\n<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n<think>\n"
    )
    assert {name: standard_tokens(name) for name in ("gsm8k", "svamp", "math", "math500", "synthetic")} == {
        "gsm8k": 512, "svamp": 512, "math": 1024, "math500": 1024, "synthetic": 512,
    }  # fmt: skip
    verdicts = {
        "</think>\\boxed{4}": (True, "4"),
        "\\boxed{5}</think>\\boxed{4}": (True, "4"),
        "</think>\\boxed{5} \\boxed{4.0}": (True, "4.0"),
        "</think>**Final Answer:** 4": (True, "4"),
        "</think>#### 4": (True, "4"),
        "</think>The answer is 4.": (True, "4"),
        "\\boxed{4}": (False, None),
        "</think>\\boxed{": (False, None),
        "</think>4": (False, None),
    }
    for text, (correct, answer) in verdicts.items():
        found = graded(Completion(text, 1, False), "4", chatml.PREFILL)
        assert (found["correct"], found["answer"]) == (correct, answer), text


class Stub:
    """Stands where a model's generation would: right for the first `right` problems, and counts its work."""

    def __init__(self, right: int, *, fails_after: int = 10**9) -> None:
        self.right, self.left = right, fails_after
        self.asked: list[tuple[str, int]] = []

    def __call__(self) -> "Stub":
        return self

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> Iterator[tuple[int, int, Completion]]:
        for index, prompt in enumerate(prompts):
            for number in range(decoding.samples):
                if self.left == 0:
                    raise KeyboardInterrupt
                self.left -= 1
                self.asked.append((prompt, number))
                solved = int(prompt.split("Q")[1].split("<")[0]) < self.right
                yield index, number, completion("4" if solved else "5")


ROWS = [{"question": f"Q{n}", "answer": "4", "source": "mine"} for n in range(6)]


def run(folder: Path, stub: Stub, *, rows: int = 6, identity: str = "weights", **settings) -> dict:
    summary, _ = evaluate(
        ROWS[:rows],
        Protocol("mine.jsonl", **settings),
        tokenizer=None,
        load=lambda: stub.complete,
        identity=identity,
        folder=folder,
        name="mine",
        facts={"model": "m"},
        examples={},
    )
    return summary


def test_a_result_is_a_summary_and_a_line_an_item(tmp_path: Path) -> None:
    summary = run(tmp_path, Stub(2), k=2)
    keys = {"model", "dataset", "split", "protocol", "n", "correct", "accuracy", "ci95", "strict", "flexible"}
    keys |= {"unparsed", "truncated", "seconds", "tokens", "sampled", "commit", "versions", "device"}
    assert keys <= set(summary)
    assert json.loads((tmp_path / "mine.json").read_text()) == summary
    items = read_items(tmp_path / "mine.jsonl")
    assert [entry["question"] for entry in items] == [row["question"] for row in ROWS]
    assert {"prompt", "completion", "answer", "gold", "correct", "tokens", "truncated"} <= set(items[0])
    assert [entry["correct"] for entry in items] == [True, True, False, False, False, False]
    names = ["mine.completions.jsonl", "mine.json", "mine.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_an_interrupted_evaluation_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, Stub(3, fails_after=8), k=2)
    assert not (tmp_path / "mine.json").exists()
    store = tmp_path / "mine.completions.jsonl"
    store.write_bytes(store.read_bytes() + '{"key": "half an ä'.encode()[:-1])  # cut within a letter
    second = Stub(3, fails_after=4)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, second, k=2)
    third = Stub(3)
    found = run(tmp_path, third, k=2)
    assert len(third.asked) == 6 * 3 - 8 - 4
    whole = [line for line in store.read_bytes().split(b"\n") if line.endswith(b"}")]
    assert sum(line.startswith(b'{"environment"') for line in whole) == 3  # one for each run
    assert (found["correct"], found["sampled"]["accuracy"]) == (3, 0.5)
    untouched = Stub(0)
    assert run(tmp_path, untouched, k=2)["correct"] == 3
    assert untouched.asked == []


def test_only_completions_of_the_same_model_prompt_and_decoding_are_used_again(tmp_path: Path) -> None:
    run(tmp_path, Stub(6), rows=4)
    more = Stub(0)
    assert run(tmp_path, more)["correct"] == 4
    assert [prompt for prompt, _ in more.asked] == [render_prompt(row["question"]) for row in ROWS[4:]]
    changes = [
        {"identity": "other weights"}, {"max_new_tokens": 256}, {"answer_format": "final_answer"},
        {"dtype": "bfloat16"},
    ]  # fmt: skip
    for right, change in enumerate(changes):
        assert run(tmp_path, Stub(right), **change)["correct"] == right, change


def test_what_samples_depend_on_leaves_the_greedy_completions(tmp_path: Path) -> None:
    run(tmp_path, Stub(3), k=2)
    for change in ({"temperature": 0.5}, {"seed": 1}):
        again = Stub(0)
        found = run(tmp_path, again, k=2, **change)
        assert len(again.asked) == 6 * 2
        assert (found["correct"], found["sampled"]["accuracy"]) == (3, 0.0)


def test_no_later_evaluation_loses_a_completion_of_an_earlier_one(tmp_path: Path) -> None:
    whole = run(tmp_path, Stub(3), k=2)
    run(tmp_path, Stub(0), rows=2)
    run(tmp_path, Stub(1), identity="other weights")
    untouched = Stub(0)
    again = run(tmp_path, untouched, k=2)
    assert untouched.asked == []
    assert {**again, "seconds": 0} == {**whole, "seconds": 0}


def test_a_result_is_dated_by_its_completions_and_keeps_what_it_was_compared_with(tmp_path: Path) -> None:
    run(tmp_path, Stub(3))
    path, store = tmp_path / "mine.json", tmp_path / "mine.completions.jsonl"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"paired": {"against": "base"}}))
    store.write_text(re.sub('"device": "[^"]+"', '"device": "a card"', store.read_text()))
    again = run(tmp_path, Stub(0))
    assert (again["device"], again["paired"]) == ("a card", {"against": "base"})
    assert "paired" not in run(tmp_path, Stub(0), rows=2)


def test_the_table_has_a_line_a_model(tmp_path: Path) -> None:
    found = [
        {**run(tmp_path, Stub(right), identity=str(right), k=2), "model": f"m{right}"} for right in (2, 4)
    ]
    lines = results_table(found).splitlines()
    assert lines[0] == "mine.jsonl/test, mine-custom, 6 problems"
    assert lines[4].startswith("| m2 | tinyreason | 33.3 % | 9.7 % to 70.0 % |")
    assert lines[5].startswith("| m4 | tinyreason | 66.7 % |")
    assert lines[-1] == "m4, 2 samples at temperature 1.0: pass@1 66.7 %, pass@2 66.7 %, maj@2 66.7 %."


WITH_SYSTEM = (
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)
WITHOUT_SYSTEM = (
    "{% if messages[0].role == 'system' %}{{ raise_exception('no system here') }}{% endif %}" + WITH_SYSTEM
)


PASSED_OVER = WITH_SYSTEM.replace("{% for m in messages %}", "{% for m in messages if m.role != 'system' %}")


@pytest.mark.parametrize(
    ("template", "begins"),
    [
        (WITH_SYSTEM, "[system]{}[user]"),
        (WITHOUT_SYSTEM, "[user]{}\n\n"),
        (PASSED_OVER, "[user]{}\n\n"),
    ],
    ids=["with a system", "refused", "passed over"],
)
def test_a_native_prompt_is_the_models_own_template_around_our_instruction(
    tokenizer_folder: Path, template: str, begins: str
) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    tokenizer.chat_template = template
    shown = {"mine": [{"question": "one?", "reasoning": "It is.", "answer": "1"}]}
    protocol = Protocol("mine", prompt="native")
    instruction = "Please reason step by step, and put your final answer within \\boxed{}."
    assert render(ROWS[:1], protocol, shown, tokenizer) == [
        begins.format(instruction) + "one?[assistant]It is.\n\\boxed{1}[user]Q0[assistant]"
    ]
