"""The grade-school word problems: exact, solved step by step, told in good English, the same for a seed."""

import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

import pytest
import sympy
from problems import value_of

from tinyreason.answers import answers_match
from tinyreason.arithmetic import equations, value
from tinyreason.synthetic.grade_school import GRADE_SCHOOL, SEEN, UNSEEN
from tinyreason.synthetic.grade_school.drawing import problem
from tinyreason.synthetic.grade_school.formulas import Number
from tinyreason.synthetic.grade_school.numerals import SOLUTION, WORDS, Numerals, plain
from tinyreason.synthetic.grade_school.templates import PERSONAL_ASIDES, Aside, Plan, Template
from tinyreason.synthetic.grade_school.vocabulary import VOCABULARY
from tinyreason.synthetic.grade_school.wording import Scene, Text
from tinyreason.synthetic.problem import Problem

COUNTS = {"train": 4000, "validation": 300, "test": 1000, "unseen": 500}
SPLITS = {split: list(GRADE_SCHOOL.problems(split, seed=0, count=count)) for split, count in COUNTS.items()}
PROBLEMS = [made for split in SPLITS.values() for made in split]
EQUATION = re.compile(r"(?<![\d.])(\d[\d.+*/()-]*[+*/-][\d.+*/()-]*)=(\d+(?:\.\d+)?)")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# of the world, not of the question: 60 minutes, 12 to a dozen, 4 legs, half
CONSTANTS = {"1", "2", "3", "4", "5", "7", "8", "10", "12", "16", "25", "60", "100", "1000"}


def masked(text: str) -> str:
    """Without its numbers and without all that begins with a capital letter."""
    spelt = re.sub(rf"\b(?:{'|'.join(WORDS)})\b", "#", text, flags=re.IGNORECASE)
    return re.sub(r"\$?\d[\d,.]*\d|\$?\d", "#", re.sub(r"\b[A-Z]\w*", "X", spelt))


def plans(template: Template) -> Iterator[Plan]:
    return (plan for plan in template.plans() if 2 <= plan.length <= 8)


@pytest.mark.parametrize("split", SPLITS)
def test_every_program_gives_the_answer(split: str) -> None:
    for made in SPLITS[split]:
        result = value_of(made.program)
        assert result == sympy.Rational(made.answer), made
        assert answers_match(gold=made.answer, answer=str(result)), made
        assert re.fullmatch(r"\d+(\.\d?[1-9])?", made.answer), made


@pytest.mark.parametrize("split", SPLITS)
def test_every_line_of_a_solution_is_one_equation_that_holds_and_the_last_gives_the_answer(
    split: str,
) -> None:
    for made in SPLITS[split]:
        lines = made.reasoning.split("\n")
        for line in lines:
            ((left, right),) = EQUATION.findall(line)
            assert value(left) == Fraction(right), line
        assert Fraction(right) == Fraction(made.answer), made
        assert set(equations(made.reasoning).values()) == {True}
        assert 2 <= len(lines) <= 8


def test_every_number_of_an_equation_has_been_said_before() -> None:
    digits = {word: str(number) for number, word in enumerate(WORDS)}
    digits |= {"twice": "2", "half": "2", "third": "3", "quarter": "4", "sixth": "6", "seventh": "7"}
    digits |= {"fifth": "5", "eighth": "8", "ninth": "9", "tenth": "10"}
    for made in PROBLEMS:
        words = re.findall(r"[a-z]+", made.question.lower())
        said = {digits.get(word.removesuffix("s"), digits.get(word, "")) for word in words} | CONSTANTS
        said |= {number.lstrip("0") for number in NUMBER.findall(made.question.replace(",", ""))}
        said |= {plain(Fraction(number)) for number in NUMBER.findall(made.question.replace(",", ""))}
        for line in made.reasoning.split("\n"):
            before, equation = line.split(EQUATION.search(line)[0])[0], EQUATION.search(line)
            said |= set(NUMBER.findall(before))
            numbers = {plain(Fraction(number)) for number in NUMBER.findall(equation[1])}
            assert numbers <= said, f"{made.question}\n{line}"
            said.add(plain(Fraction(equation[2])))


def test_every_template_occurs_and_is_told_in_many_ways() -> None:
    seen = [made for split in ("train", "validation", "test") for made in SPLITS[split]]
    assert {made.template for made in seen} == {template.name for template in SEEN}
    assert {made.template for made in SPLITS["unseen"]} == {template.name for template in UNSEEN}
    rng = random.Random(0)
    for template in (*SEEN, *UNSEEN):
        assert len(template.base.tellings) >= 3
        plan = next(plans(template))
        made = [problem(rng, plan, None) for _ in range(30)]
        assert len({masked(one.question) for one in made}) >= 3, template.name
        assert len({masked(one.reasoning) for one in made}) >= 2, template.name


def test_there_are_sixty_templates_and_ten_unseen_ones_that_share_no_sentence_with_them() -> None:
    assert len(SEEN) >= 60
    assert len(UNSEEN) >= 10
    names = [template.name for template in (*SEEN, *UNSEEN)]
    assert len(names) == len(set(names))
    rng = random.Random(0)

    def sentences(templates: tuple[Template, ...], draws: int) -> set[str]:
        made = [
            problem(rng, plan, None) for t in templates for plan in list(plans(t))[:40] for _ in range(draws)
        ]
        return {masked(sentence) for one in made for sentence in re.split(r"(?<=[.?]) ", one.question)}

    assert not sentences(SEEN, 2) & sentences(UNSEEN, 8)


def test_the_lengths_of_the_solutions_are_evenly_mixed() -> None:
    lengths = Counter(len(made.reasoning.split("\n")) for made in SPLITS["train"])
    assert sorted(lengths) == [2, 3, 4, 5, 6, 7, 8]
    assert min(lengths.values()) > 0.1 * len(SPLITS["train"])
    assert max(lengths.values()) < 0.18 * len(SPLITS["train"])


def test_no_question_is_in_two_splits_or_twice_in_one() -> None:
    questions = Counter(made.question for made in PROBLEMS)
    assert questions.most_common(1)[0][1] == 1
    identities = Counter((made.template, made.key) for made in PROBLEMS)
    assert identities.most_common(1)[0][1] == 1


def test_the_same_key_is_the_same_problem_in_other_words() -> None:
    rng = random.Random(0)
    plan = next(
        plan for template in SEEN if template.name == "backwards/gave_half" for plan in plans(template)
    )
    by_key: dict[str, list[Problem]] = defaultdict(list)
    for _ in range(3000):
        made = problem(rng, plan, None)
        by_key[made.key].append(made)
    repeated = [group for group in by_key.values() if len(group) > 1]
    assert len(repeated) > 100
    for group in repeated:
        assert len({(made.program, made.answer) for made in group}) == 1
        assert len({made.question for made in group}) > 1


class Recorded(dict[str, Number]):
    """Every number is 3; remembers which of them were asked for."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def __missing__(self, name: str) -> Number:
        self.told.add(name)
        return 3


def told_numbers(texts: list[Text]) -> set[str]:
    numbers = Recorded()
    scene = Scene(random.Random(0), numbers, SOLUTION)
    for text in texts:
        scene.told(text)
    return numbers.told


@pytest.mark.parametrize("template", [*SEEN, *UNSEEN], ids=lambda template: template.name)
def test_every_way_to_tell_a_problem_tells_all_of_its_numbers(template: Template) -> None:
    checked = set()
    for plan in plans(template):
        names = [drawn.name for piece in plan.pieces for drawn in piece.numbers.drawn if not drawn.hidden]
        names += [step.name for piece in plan.pieces for step in piece.steps]
        assert len(names) == len(set(names)), names
        kinds = {name for name in names if name in VOCABULARY or name.removesuffix("s") in VOCABULARY}
        assert not kinds
        asked = [any(telling.ask for telling in piece.tellings) for piece in plan.pieces]
        for place, (piece, tellings) in enumerate(zip(plan.pieces, plan.tellings, strict=True)):
            given = {drawn.name for drawn in piece.numbers.drawn} & set(plan.given)
            last = not any(asked[place + 1 :])
            for telling in tellings:
                if (id(telling), last, frozenset(given)) not in checked:
                    checked.add((id(telling), last, frozenset(given)))
                    texts = [telling.story, telling.ask] if last else [telling.story]
                    assert given <= told_numbers(texts), (piece.steps[-1].name, given)


def asides() -> Iterator[tuple[Plan, Aside]]:
    for template in (*SEEN, *UNSEEN):
        assert template.asides, template.name
        for aside in template.asides:
            yield next(plans(template)), aside


def test_a_number_that_does_not_matter_changes_the_question_alone() -> None:
    added = 0
    for seed, (plan, aside) in enumerate(asides()):
        bare = problem(random.Random(seed), plan, None)
        beset = problem(random.Random(seed), plan, aside)
        assert (bare.program, bare.key, bare.answer) == (beset.program, beset.key, beset.answer)
        added += len(NUMBER.findall(beset.question)) > len(NUMBER.findall(bare.question))
    assert added > 300


def test_about_a_sixth_of_the_problems_carry_such_a_number() -> None:
    def literal(aside: Aside) -> str:
        return max((part for part in aside.told if isinstance(part, str)), key=len)

    marks = {template.name: {literal(aside) for aside in template.asides} for template in SEEN}
    carry = [any(mark in made.question for mark in marks[made.template]) for made in SPLITS["train"]]
    assert 0.13 < sum(carry) / len(carry) < 0.2
    assert len(PERSONAL_ASIDES) >= 5


def test_the_same_seed_makes_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib; from tinyreason.synthetic.grade_school import GRADE_SCHOOL\n"
        "digest = hashlib.sha256()\n"
        "for split in ('train', 'test', 'unseen'):\n"
        "    for one in GRADE_SCHOOL.problems(split, seed=1, count=150): digest.update(repr(one).encode())\n"
        "print(digest.hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(digests) == 1
    assert [*GRADE_SCHOOL.problems("test", seed=0, count=50)] == SPLITS["test"][:50]
    assert [*GRADE_SCHOOL.problems("test", seed=1, count=50)] != SPLITS["test"][:50]


FLAWS = {
    "a slot or a choice left open": r"[{}\[\]|<>_]|##|\\",
    "a space too many": r"  | [.,?!;:]|^\s|\s$",
    "a sentence without its capital": r"(?:^|[.?!] )[a-z]",
    "a full stop twice": r"[.?!,]{2}",
    "no plural": r"(?<![.\d/$-])\b(?!1\b)\d+ (?:hour|minute|day|week|year|dollar|mile|page|point|egg)\b",
    "a plural of one": r"(?<![.,\d/])\b1 (?!is\b|as\b)[a-z]+s\b(?<!class)(?<!bus)(?<!glass)(?<!less)",
    "a for an": r"\b[Aa] (?!one|use|un[it])[aeiou]|\b[Aa]n (?!hour)[^aeiou]",
    "a word twice": r"\b([a-z]+) \1\b",
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_no_text_has(flaw: str) -> None:
    for made in PROBLEMS:
        for text in (made.question, *made.reasoning.split("\n")):
            found = re.search(FLAWS[flaw], text)
            assert not found, f"{made.template}: {found[0]!r} in {text}"
            assert text.endswith((".", "?"))


def test_a_hand_keeps_its_habits_of_writing_numbers() -> None:
    hand = Numerals(spelt=True, commas=True, dollar_sign=False, percent_sign=False, fraction="one third")
    assert [hand.number(7), hand.number(1200), hand.money(1), hand.money(Fraction(5, 2))] == [
        *("seven", "1,200", "1 dollar", "$2.50")
    ]
    assert [
        hand.part(1, 2),
        hand.part(1, 3),
        hand.part(2, 3),
        hand.times(2),
        hand.times(3),
        hand.percent(20),
    ] == [*("half", "one third", "two thirds", "twice", "three times", "20 percent")]
    assert [SOLUTION.part(1, 8), SOLUTION.number(7), SOLUTION.money(1200)] == ["an eighth", "7", "$1200"]


def test_a_thousand_problems_take_less_than_a_second() -> None:
    started = time.process_time()
    assert len([*GRADE_SCHOOL.problems("train", seed=2, count=2000)]) == 2000
    assert time.process_time() - started < 2
