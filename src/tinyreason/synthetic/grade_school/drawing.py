"""Draws a problem: how long, from which template, with which clauses, numbers and words."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache

from tinyreason.synthetic.grade_school.formulas import Number, whole_if_whole
from tinyreason.synthetic.grade_school.numerals import SOLUTION, cents, drawn_numerals, plain
from tinyreason.synthetic.grade_school.templates import PERSONAL_ASIDES, Aside, Piece, Plan, Template
from tinyreason.synthetic.grade_school.wording import Scene, capitalised
from tinyreason.synthetic.problem import Problem

SHORTEST, LONGEST = 2, 8  # equations of a solution
ENOUGH = 12  # templates that can have a length, for the full share of it
ASIDE_SHARE = 0.2  # of the problems, less where an aside does not fit
EQUATION_FIRST_SHARE = 0.2  # of the solutions
LARGEST = 10_000  # of every number
TRIES_OF_A_PIECE, TRIES = 20, 2000
OPENINGS = ("", "", "", "First, ")
LINKS = ("", "", "", "", "Then ", "Next, ")
CONCLUSIONS = ("", "", "So ", "Therefore, ", "Thus, ")
ADVERBIAL = re.compile(  # the openings of a line before which "Then" sounds wrong
    r"(after|altogether|at|by|for|from|in|of|on|one by one|this|together|today|with|without)\b"
)
POINTS_BACK = re.compile(r"\b(that|this|it|they|them|these|those|then)\b")
PlansByLength = dict[int, list[list[Plan]]]


def drawer(templates: Sequence[Template]) -> Callable[[random.Random], Problem]:
    """Draws from these: a length, each with the same chance, then one of the templates that can have it."""

    @cache  # filled by the first draw, so that an import makes nothing
    def plans() -> PlansByLength:
        return plans_by_length(templates)

    def draw(rng: random.Random) -> Problem:
        of_length = plans()
        weights = [min(len(templates), ENOUGH) for templates in of_length.values()]
        (length,) = rng.choices(list(of_length), weights)
        plan = rng.choice(rng.choice(of_length[length]))
        asides = plan.template.asides
        aside = rng.choice(asides) if asides and rng.random() < ASIDE_SHARE else None
        return problem(rng, plan, aside)

    return draw


def plans_by_length(templates: Sequence[Template]) -> PlansByLength:
    """length -> for every template that can have it, its plans of this length."""
    lengths: PlansByLength = {length: [] for length in range(SHORTEST, LONGEST + 1)}
    for template in templates:
        plans: dict[int, list[Plan]] = defaultdict(list)
        for plan in template.plans():
            plans[plan.length].append(plan)
        for length in plans.keys() & lengths.keys():
            lengths[length].append(plans[length])
    return {length: plans for length, plans in lengths.items() if plans}


def problem(rng: random.Random, plan: Plan, aside: Aside | None) -> Problem:
    """One problem of this plan, with numbers and words from `rng`."""
    numbers = _numbers(rng, plan)
    scene = Scene(rng, numbers, drawn_numerals(rng))
    question = _question(scene, plan, aside)
    scene.numerals = SOLUTION
    given = {name: numbers[name] for name in plan.given}
    key = " ".join(f"{name}={plain(number)}" for name, number in given.items())
    structure = " ".join(piece.steps[-1].name for piece in plan.pieces)
    return Problem(
        template=plan.template.name,
        key=f"{key} > {structure}",
        question=question,
        reasoning=_reasoning(scene, plan),
        answer=plain(numbers["it"]),
        program=_program(given, plan),
    )


def _numbers(rng: random.Random, plan: Plan) -> dict[str, Number]:
    """Numbers that make every result positive and as whole as the template wants it, with the results."""
    parts = plan.template.parts
    for _ in range(TRIES):
        numbers: dict[str, Number] = {}
        fits = all(_extended(rng, numbers, piece, parts) for piece in plan.pieces)
        # 7.50 dollars would not be the answer 7.5 in writing
        if fits and (parts < 100 or numbers["it"] % 1 == 0 or numbers["it"] * 10 % 1):
            return numbers
    raise ValueError(
        f"{plan.template.name}: no numbers fit {[piece.steps[-1].name for piece in plan.pieces]}"
    )


def _extended(rng: random.Random, numbers: dict[str, Number], piece: Piece, parts: int) -> bool:
    """Adds the numbers and results of a piece; False where none of a few tries fits."""
    for _ in range(TRIES_OF_A_PIECE):
        drawn = dict(numbers)
        for quantity in piece.numbers.drawn:
            drawn[quantity.name] = quantity.draw(rng, drawn)
        if _solved(drawn, piece, parts) and all(holds(drawn) for holds in piece.numbers.conditions):
            numbers.update(drawn)
            return True
    return False


def _solved(numbers: dict[str, Number], piece: Piece, parts: int) -> bool:
    for step in piece.steps:
        result = step.formula.value(numbers)
        if not 0 < result <= LARGEST or (not isinstance(result, int) and result * parts % 1):
            return False
        numbers[step.name] = result if isinstance(result, int) else whole_if_whole(result)
    numbers["it"] = numbers[piece.steps[-1].name]
    return True


def _question(scene: Scene, plan: Plan, aside: Aside | None) -> str:
    """The stories of the pieces and the last of their questions."""
    sentences, ask = [], ()
    for tellings in plan.tellings:
        telling = scene.rng.choice(tellings)
        sentences.append(scene.told(telling.story))
        ask = telling.ask or ask
    asked = scene.told(ask)
    if aside:
        _put_aside(scene, sentences, aside, before=asked)
    return capitalised(" ".join(filter(None, [*sentences, asked])))


def _put_aside(scene: Scene, sentences: list[str], aside: Aside, *, before: str) -> None:
    """Before the question, or at the start where it is about {A}: anywhere else it might tear apart what
    belongs together, as it would before a question that points back.
    """
    about_person = aside in PERSONAL_ASIDES
    if POINTS_BACK.search(before) and not about_person:
        return
    (noise,) = aside.noise.drawn
    scene.numbers = {**scene.numbers, noise.name: noise.draw(scene.rng, {})}
    at_start = about_person and (POINTS_BACK.search(before) or scene.rng.random() < 0.5)
    sentences.insert(0 if at_start else len(sentences), scene.told(aside.told))


def _reasoning(scene: Scene, plan: Plan) -> str:
    """The solution, one equation a line."""
    write = cents if plan.template.parts == 100 else plain
    written = {name: write(number) for name, number in scene.numbers.items()}
    equation_first = scene.rng.random() < EQUATION_FIRST_SHARE
    told = [(step, it) for step, it in plan.steps if step.told]
    untold = {step.name for step, _ in plan.steps if not step.told}
    lines = []
    for place, (step, it) in enumerate(told):
        written["it"] = written.get(it, "")
        result = written[step.name]
        equation = f"{step.formula.written.format_map(written)}={result}"
        # an untold result is first said in the words of the step that takes it
        ahead = equation_first and untold.isdisjoint(step.formula.names)
        scene.equation, scene.result = result if ahead else equation, scene.numbers[step.name]
        line = scene.told(step.told)
        links = OPENINGS if place == 0 else CONCLUSIONS if place == len(told) - 1 else LINKS
        link = "" if links is LINKS and ADVERBIAL.match(line) else scene.rng.choice(links)
        lines.append(capitalised(f"{f'{equation}, so ' if ahead else link}{line}."))
    return "\n".join(lines)


def _program(given: dict[str, Number], plan: Plan) -> str:
    lines = [f"{name} = {_exact(number)}" for name, number in given.items()]
    lines += [f"{step.name} = {step.formula.program.format(it=it)}" for step, it in plan.steps[:-1]]
    step, it = plan.steps[-1]
    return "\n".join([*lines, f"answer = {step.formula.program.format(it=it)}"])


def _exact(number: Number) -> str:
    if isinstance(number, Fraction):
        return f"Rational({number.numerator}, {number.denominator})"
    return str(number)
