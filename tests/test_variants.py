"""GSM8K with other numbers: the new answer is that of the new question, and what cannot be followed is left
out.
"""

import re
from pathlib import Path

import pytest
from conftest import SHARED

from tinyreason.data import load_split
from tinyreason.data.variants import NoVariantError, variant

PENS = "Tom has 21 pens and buys {} bags of 9 pens. A third of them all is for Ann. How many has he left?"
STEPS = "<<{0}*9={1}>> <<{1}+21={2}>> <<{2}/3={3}>> <<{2}-{3}={4}>>"


def steps(bags: int) -> tuple[str, str]:
    bought = bags * 9
    pens = bought + 21
    third = pens // 3
    return STEPS.format(bags, bought, pens, third, pens - third), str(pens - third)


def test_a_variant_asks_with_other_numbers_and_answers_what_it_asks() -> None:
    solution, answer = steps(13)
    question, new = variant(PENS.format(13), solution, answer)
    numbers = [int(text) for text in re.findall(r"\d+", question)]
    assert re.sub(r"\d+", "0", question) == re.sub(r"\d+", "0", PENS.format(13))
    assert numbers != [21, 13, 9]
    pens = numbers[0] + numbers[1] * numbers[2]
    assert pens % 3 == 0
    assert new == str(pens - pens // 3) != answer
    assert numbers[0] > numbers[1] > numbers[2]
    assert (question, new) == variant(PENS.format(13), solution, answer)


def test_units_stay_and_thousands_are_written_as_they_were() -> None:
    question, answer = variant(
        "It costs $1,250 a week for 52 weeks. How much?", "<<1250*52=65000>>65,000", "65,000"
    )
    price = re.search(r"\$(\d,\d{3}|\d{3}) ", question)[1].replace(",", "")
    assert "for 52 weeks" in question
    assert int(answer) == int(price) * 52 != 65_000


@pytest.mark.parametrize(
    ("question", "solution", "answer", "reason"),
    [
        ("5 pens at $5?", "<<5*5=25>>", "25", "twice"),
        ("13 pens and 17?", "No marks. 30", "30", "no calculator marks"),
        ("13 pens and 17?", "<<13+17=31>>", "31", "does not hold"),
        ("13 pens and 17?", "<<13+17=30>> <<30*77=2310>>", "2310", "comes from nowhere"),
        ("13 pens, 17 cups, how many pens in 19 boxes?", "<<13*19=247>>", "247", "in no step"),
        ("13 pens and 17, then 30 more?", "<<13+17=30>> <<30+30=60>>", "60", "both given and calculated"),
        ("13 pens and 17?", "<<13+17=30>> <<17+13=30>> <<30*2=60>>", "60", "the same result"),
        ("13 pens and 17?", "<<13+x=30>>", "30", "cannot be read"),
        ("13 pens and 17?", "<<(13+17=30>>", "30", "cannot be read"),
        ("2 pens and 3?", "<<2+3=5>>", "5", "no number of the question may change"),
        ("13 pens and 17?", "<<13+17=30>>", "7", "is not the answer"),
    ],
)
def test_what_cannot_be_followed_has_no_variant(
    question: str, solution: str, answer: str, reason: str
) -> None:
    with pytest.raises(NoVariantError, match=reason):
        variant(question, solution, answer)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs real data")
def test_variants_of_the_real_test_set() -> None:
    split = load_split("gsm8k_variants", "test", data_dir=str(SHARED))
    old = {row["question"]: row["answer"] for row in load_split("gsm8k", "test", data_dir=str(SHARED)).rows}
    assert len(split.rows) > 400
    assert all(entry["reason"].startswith("no variant: ") for entry in split.dropped)
    assert not {row["question"] for row in split.rows} & old.keys()
    words = {re.sub(r"\d+(,\d+)*", "0", question) for question in old}
    assert all(re.sub(r"\d+(,\d+)*", "0", row["question"]) in words for row in split.rows)
    assert {row["reasoning"] for row in split.rows} == {""}


def test_the_data_folder_of_gsm8k_is_that_of_its_variants(tmp_path: Path) -> None:
    (tmp_path / "gsm8k").mkdir()
    (tmp_path / "gsm8k/test.jsonl").write_text(
        '{"question": "13 pens and 17?", "answer": "<<13+17=30>>30\\n#### 30"}\n'
    )
    [row] = load_split("gsm8k_variants", "test", data_dir=str(tmp_path)).rows
    first, second = map(int, re.findall(r"\d+", row["question"]))
    assert row["answer"] == str(first + second) != "30"
    assert row["steps"] == "1"
