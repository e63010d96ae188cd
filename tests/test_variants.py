"""GSM8K with other numbers: the new answer is that of the new question, and what cannot be followed is left
out.
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import SHARED

from tinyreason.data import load_split
from tinyreason.data.variants import NoVariantError, variant

PENS = "Tom has 22 pens and buys {} bags of 8 pens. A third of them all is for Ann. How many has he left?"
STEPS = "<<{0}*8={1}>> <<{1}+22={2}>> <<{2}/3={3}>> <<{2}-{3}={4}>>"


def steps(bags: int) -> tuple[str, str]:
    bought = bags * 8
    pens = bought + 22
    third = pens // 3
    return STEPS.format(bags, bought, pens, third, pens - third), str(pens - third)


def test_a_variant_asks_with_other_numbers_and_answers_what_it_asks() -> None:
    solution, answer = steps(13)
    question, new = variant(PENS.format(13), solution, answer)
    numbers = [int(text) for text in re.findall(r"\d+", question)]
    assert re.sub(r"\d+", "0", question) == re.sub(r"\d+", "0", PENS.format(13))
    assert numbers != [22, 13, 8]
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
    ("question", "solution", "answer", "new"),
    [
        # 40 is there twice, 12 may be a dozen, 3 a foot in a yard
        ("40 men at $13 in a 40-hour week?", "<<40*40=1600>> <<1600*13=20800>>", "20800", "40 40"),
        ("12 boys with 17 pens?", "<<12*17=204>>", "204", "12"),
        ("3 boys with 17 pens?", "<<3*17=51>>", "51", "3"),
        ("17 men for 8 hours?", "<<17*8=136>>", "136", "8"),
        ("17 men for 5 more days?", "<<17*5=85>>", "85", "5"),
        ("17 men at 6 pm?", "<<17+6=23>>", "23", "6"),
        ("17 percent of 1300 pens?", "<<1300*17/100=221>>", "221", "17"),
        (
            "17 men were born in 1975. How old is each at 2000?",
            "<<2000-1975=25>> <<25*17=425>>",
            "425",
            "1975 2000",
        ),
        ("20% of 250 pens, for 80 boys?", "<<250*20/100=50>> <<50+80=130>>", "130", "20 80"),
        ("17 boys with two pens and zero cups?", "<<17*2=34>> <<34+0=34>>", "34", ""),
        ("250 pens less 20%?", "<<250*.8=200>>", "200", "20"),
        ("17 eggs for 5 friends and a fifth?", "<<17*5=85>>", "85", "5"),
        ("17 boys have 6 pens each and six hats in all?", "<<17*6=102>> <<102+6=108>>", "108", "6"),
    ],
)
def test_some_numbers_stay(question: str, solution: str, answer: str, new: str) -> None:
    changed, result = variant(question, solution, answer)
    assert [number for number in re.findall(r"\d+", changed) if number in new.split()] == new.split()
    assert changed != question
    assert result != answer


def test_a_price_with_zeros_in_it_is_read_as_it_is() -> None:
    assert variant("20 pens at $1.05?", "<<20*1.05=21>>", "21") == ("40 pens at $1.05?", "42")


def test_a_number_in_digits_that_is_used_as_often_as_it_is_written_is_that_number() -> None:
    question, answer = variant("4 boys with 8 pens?", "<<4*8=32>>", "32")
    assert int(answer) == 4 * int(re.findall(r"\d+", question)[1])


NAMES = ("Ann", "Ben", "Cem", "Dora", "Eva", "Finn", "Gil", "Hans", "Ida", "Jon")


@pytest.mark.parametrize("name", NAMES)
def test_what_was_whole_stays_whole_even_within_a_step(name: str) -> None:
    asked = name + " has 22 boys, half of them with 4 pens each. How many pens?"
    question, answer = variant(asked, "<<22/2*4=44>>", "44")
    boys = int(re.search(r"\d+", question)[0])
    assert boys % 2 == 0
    assert boys != 22
    assert answer == str(boys // 2 * 4)


@pytest.mark.parametrize("name", NAMES)
def test_parts_do_not_become_finer(name: str) -> None:
    asked = name + " pays $6 for 8 pens, then buys 34 of them and a cup for $4.50."
    question, _ = variant(asked, "<<6/8=.75>> <<.75*34=25.5>> <<25.5+4.5=30>>", "30")
    price, pens, bought, *_ = (Fraction(number) for number in re.findall(r"\d+", question))
    assert 4 % (price / pens).denominator == 0
    assert 2 % (price / pens * bought).denominator == 0


@pytest.mark.parametrize("name", NAMES)
def test_numbers_keep_their_order_beside_those_in_words(name: str) -> None:
    question, _ = variant(name + " has 23 boys and nineteen girls who dance. Pairs?", "<<23*19=437>>", "437")
    assert int(re.search(r"\d+", question)[0]) > 19


@pytest.mark.parametrize("name", NAMES)
def test_signs_stay(name: str) -> None:
    asked = name + " has 13 pens and 8 more, nineteen are lost."
    assert int(variant(asked, "<<13+8-19=2>>", "2")[1]) > 0
    asked = name + " has 13 pens and 8 more, twenty-one are lost, then come 17."
    question, _ = variant(asked, "<<13+8-21=0>> <<17+0=17>>", "17")
    first, second, _ = map(int, re.findall(r"\d+", question))
    assert first + second == 21


@pytest.mark.parametrize("name", NAMES)
def test_every_number_that_may_change_does(name: str) -> None:
    question, _ = variant(name + " has 6 red pens and 8 blue ones.", "<<6+8=14>>", "14")
    first, second = re.findall(r"\d+", question)
    assert first != "6"
    assert second != "8"


@pytest.mark.parametrize(
    ("question", "solution", "answer", "reason"),
    [
        ("5 pens at $5?", "<<5*5=25>>", "25", "may change"),
        ("2 pens and 3?", "<<2+3=5>>", "5", "may change"),
        ("Of $20, 20% are lost. How much?", "<<20*20/100=4>>", "4", "may change"),
        ("In nine hours she saw 9 boys. How many?", "<<9*9=81>>", "81", "may change"),
        ("In twenty-one hours she saw 21 boys?", "<<21*21=441>>", "441", "may change"),
        ("5 pens on weekdays, 4 of us?", "<<5*4=20>>", "20", "may change"),
        ("13 pens and 17?", "No marks. 30", "30", "no calculator marks"),
        ("13 pens and 17?", "<<13+17=31>>", "31", "does not hold"),
        ("13 pens and 17?", "<<13+17=many>>", "30", "does not hold"),
        ("13 pens and 17?", "<<13/0=0>>", "0", "cannot be read"),
        ("13 pens and 17?", "<<13+x=30>>", "30", "cannot be read"),
        ("13 pens and 17?", "<<(13+17=30>>", "30", "cannot be read"),
        ("13 pens and 17?", "<<13+17%=30>>", "30", "cannot be read"),
        ("13 pens and 17?", "<<13+\u0661=14>>", "14", "cannot be read"),
        ("13 pens and 18?", "<<13+18=31>> <<31*77=2387>>", "2387", "comes from nowhere"),
        ("13 feet and 17?", "<<13+17=30>> <<30*12=360>>", "360", "two places"),
        ("13 feet and 18?", "<<13+18=31>> <<31*12=372>>", "372", "comes from nowhere"),
        ("13 pens, 17 cups, how many pens in 19 boxes?", "<<13*19=247>>", "247", "in no step"),
        ("13 pens and 17, reduced by 20%?", "<<13+17=30>>", "30", "in no step"),
        ("13 pens and 17, then 32 more?", "<<13+19=32>> <<32+32=64>>", "64", "comes from nowhere"),
        ("13 pens and 19, then 32 more?", "<<13+19=32>> <<32+32=64>>", "64", "two places"),
        ("13 pens and 18?", "<<13+18=31>> <<18+13=31>> <<31*2=62>>", "62", "two places"),
        ("13 pens and 6, and nineteen cups?", "<<13+6=19>> <<19+19=38>>", "38", "two places"),
        # 100 is what they spend, not the whole of which 60 % are paid
        (
            "$400 in four weeks, 60% by Ann?",
            "<<400/4=100>> <<100-60=40>> <<400*40/100=160>>",
            "160",
            "two places",
        ),
        ("13 pens and 18?", "<<13+18=31>> <<13*18=234>>", "234", "in no later one"),
        ("13 pens and 17?", "<<13+17=30>>", "7", "is not the answer"),
        # half of 18, 20 three times, 25 and 35, 17 and 43
        ("18 pens for nine boys?", "<<18-9=9>>", "9", "a constant may"),
        ("20 boys in 3 minutes, and in hours?", "<<20*3=60>> <<60*60=3600>>", "3600", "two places"),
        ("25 boys in 3 hours of minutes, 35 girls?", "<<25+35=60>> <<3*60=180>>", "180", "two places"),
        (
            "25 boys in 3 hours of minutes, 35 girls?",
            "<<25*35=875>> <<875*3*60=157500>>",
            "157500",
            "a constant may",
        ),
        (
            "17 boys, 18 girls, 25 dogs. How many seconds are as many minutes?",
            "<<18+25=43>> <<43*17=731>> <<731*60=43860>>",
            "43860",
            "a constant may",
        ),
        ("Kim has 32 more than Ann, who has 43.", "<<32+43=75>> <<75+32=107>>", "107", "stand for two"),
        ("8 pens, 11 cups and 19 hats?", "<<8+11+19+19=57>>", "57", "stand for two"),
        ("She read twice as often. He read 150, she 300.", "<<300+150=450>>", "450", "follow from another"),
        ("13 pens, three times more than the 17.", "<<13+17*3=64>>", "64", "two ways"),
        ("13 pens, half of them shared equally by 17.", "<<13+17=30>>", "30", "two ways"),
        ("A cart can carry 13 stones. In how many carts are 17?", "<<13+17=30>>", "30", "two ways"),
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
    assert len(split.rows) > 200
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
