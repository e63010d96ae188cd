"""The figures of a result, worked out by hand on a few items."""

import pytest

from tinyreason.evaluation import by_source, compare, item, majority_correct, scores
from tinyreason.generation import Completion


def entry(question: str, *answers: str, gold: str = "4", source: str = "gsm8k") -> dict:
    group = [
        Completion(f"</think>\\boxed{{{answer}}}" if answer else "cut", 10, not answer) for answer in answers
    ]
    return item({"question": question, "answer": gold, "source": source}, "prompt", group)


def test_greedy_figures() -> None:
    found = scores([entry("a", "4"), entry("b", "5"), entry("c", ""), entry("d", "4.0")])
    assert (found["n"], found["accuracy"], found["pass_at_k"], found["maj_at_k"]) == (4, 0.5, 0.5, 0.5)
    assert (found["truncated"], found["no_answer"], found["mean_tokens"]) == (0.25, 0.25, 10)
    low, high = found["ci95"]
    assert low == pytest.approx(0.15, abs=0.01)  # Wilson, 2 of 4
    assert high == pytest.approx(0.85, abs=0.01)


def test_figures_of_several_samples() -> None:
    found = scores([entry("a", "4", "5", "4.0", ""), entry("b", "5", "5", "4", "6")])
    assert found["accuracy"] == 3 / 8
    assert found["pass_at_k"] == 1.0
    assert found["maj_at_k"] == 0.5  # 4 and 4.0 are one answer


def test_a_majority_of_nothing_is_wrong() -> None:
    assert not majority_correct(entry("a", "", ""))


def test_the_paired_test_counts_what_changed() -> None:
    before = [entry(str(n), "5") for n in range(10)] + [entry(str(n), "4") for n in range(10, 20)]
    after = [entry(str(n), "4") for n in range(8)] + [entry(str(n), "5") for n in range(8, 11)]
    after += [entry(str(n), "4") for n in range(11, 20)]
    found = compare(after, before)
    assert (found["fixed"], found["broken"], found["n"]) == (8, 1, 20)
    assert found["difference"] == pytest.approx(0.35)
    assert found["p_value"] == pytest.approx(2 * (1 + 9) / 2**9)
    assert len(found["fixed_ids"]) == 8
    assert found["ci95"][0] < 0.35 < found["ci95"][1]


def test_every_source_has_figures_and_a_comparison_of_its_own() -> None:
    before = [entry(str(n), "4", source="gsm8k") for n in range(4)]
    before += [entry(str(n), "5", source="calculus") for n in range(4, 10)]
    after = [entry(str(n), "5", source="gsm8k") for n in range(4)]
    after += [entry(str(n), "4", source="calculus") for n in range(4, 10)]
    parts = by_source(after)["by_source"]
    assert {name: (part["n"], part["accuracy"]) for name, part in parts.items()} == {
        "gsm8k": (4, 0.0), "calculus": (6, 1.0),
    }  # fmt: skip
    assert by_source(after[:4]) == {}
    compared = compare(after, before)
    assert compared["difference"] == pytest.approx(0.2)
    differences = {name: part["difference"] for name, part in compared["by_source"].items()}
    assert differences == {"gsm8k": -1.0, "calculus": 1.0}
    assert (compared["by_source"]["calculus"]["fixed"], compared["by_source"]["calculus"]["broken"]) == (6, 0)
    assert "by_source" not in compare(after[:4], before[:4])


def test_results_on_other_problems_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not on the same items"):
        compare([entry("a", "4")], [entry("b", "4")])
