"""The words of the grade-school problems: two wordings that share no name, no object and no sentence.

`SEEN` words the training, validation and test problems, `UNSEEN` a second held-out set that asks whether a
model has learnt arithmetic stories or only these sentences. In a sentence {a} is the hero, {b} the friend,
{o} the objects, {n} the new number; `steps` maps an operator to the sentences that apply it to the quantity
told so far.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One closed vocabulary of stories. Every tuple holds alternatives, drawn with equal chance.

    `careful` and `hasty` name the heroes of two textbooks, whose solutions are written in different habits.
    """

    careful: tuple[str, ...]
    hasty: tuple[str, ...]
    objects: tuple[str, ...]
    starts: tuple[str, ...]
    steps: dict[str, tuple[str, ...]]
    questions: tuple[str, ...]
    totals: tuple[str, ...]
    prices: tuple[str, ...]
    rests: tuple[str, ...]


SEEN = Wording(
    careful=("Mia", "Tom", "Ana", "Ben", "Lily", "Sam", "Zoe", "Max", "Kim", "Nils", "Ella", "Paul"),
    hasty=("Eva", "Leo", "Ruth", "Omar", "Jane", "Finn"),
    objects=(
        *("apples", "pens", "books", "coins", "cards", "shells", "stamps", "marbles", "eggs", "cups"),
        *("cakes", "hats", "kites", "roses", "plums", "beads"),
    ),
    starts=(
        "{a} has {n} {o}.",
        "{a} starts with {n} {o}.",
        "There are {n} {o} in a box.",
        "{a} counts {n} {o}.",
    ),
    steps={
        "+": ("{a} buys {n} more.", "{b} brings {n} more.", "Then {n} {o} arrive.", "{a} finds {n} {o}."),
        "-": ("{a} gives {n} to {b}.", "Then {n} get lost.", "{b} takes {n} away.", "{a} sells {n} {o}."),
        "*": (
            "Then there are {n} times as many.",
            "{a} makes it {n} times as many.",
            "{a} fills {n} such boxes.",
        ),
        "/": (
            "{a} keeps one of {n} equal shares.",
            "{n} friends share them equally.",
            "{a} keeps one in {n}.",
        ),
    },
    questions=("How many {o} are there now?", "How many {o} does {a} have?", "How many {o} is that?"),
    totals=(
        "{a} has {n} {o} and {b} has {m} more. How many {o} do they have together?",
        "{a} counts {n} {o}. {b} counts {m} more than {a}. How many {o} is that in all?",
    ),
    prices=(
        "{a} buys {m} {o} for {n} dollars each and pays with {p} dollars. What is the change?",
        "{a} has {p} dollars and buys {m} {o} at {n} dollars each. How many dollars are left?",
    ),
    rests=(
        "{a} packs {n} bags with {m} {o} each and adds {p} more. How many {o} is that?",
        "There are {p} {o} on a table and {n} bags with {m} {o} each. How many {o} are there?",
    ),
)

UNSEEN = Wording(
    careful=("Ivan", "Nora", "Hugo", "Clara"),
    hasty=("Felix", "Greta"),
    objects=("pears", "boxes", "toys", "nuts", "stones", "plates"),
    starts=("At first {a} owns {n} {o}.", "On a shelf {a} keeps {n} {o}."),
    steps={
        "+": ("Later {b} brings {n} {o}.", "{a} picks up {n} more of them."),
        "-": ("{a} throws {n} of the {o} out.", "Sadly {n} {o} break."),
        "*": ("After a year {a} owns {n} times that number.", "{a} makes it {n} times as much."),
        "/": (
            "{a} divides the {o} fairly into {n} parts and holds on to one.",
            "{n} friends, {a} one of them, share the {o} fairly.",
        ),
    },
    questions=("Find how many {o} {a} is left with.", "How many {o} does {a} own after that?"),
    totals=("{b} owns {m} {o} more than {a}, who owns {n}. How many {o} do both own?",),
    prices=("At {n} dollars for each, {a} orders {m} {o} out of {p} dollars. How much money remains?",),
    rests=("{a} stacks {n} rows of {m} {o} and then {p} more. How many {o} are stacked?",),
)
