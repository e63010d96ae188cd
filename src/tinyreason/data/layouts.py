"""How a row of a dataset is written, and how {question, reasoning, answer, source} is read out of it; level,
type and number of steps of the problem too, where the dataset tells them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tinyreason.answers import extract_answer, unboxed
from tinyreason.data.variants import NoVariantError, variant

Row = dict[str, str]  # question, reasoning, answer, source; of TRAITS those that are known
TRAITS = ("level", "type", "steps")  # by which results are broken down

_CALCULATOR_MARK = re.compile(r"<<[^<>\n]*>>")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
BOX = re.compile(r"\\(boxed|fbox)\b")
_LAST_LINE = re.compile(
    r"(?P<reasoning>.*?)(?:\n#### [^\n]*)?\n?The answer is:? *(?P<answer>[^\n]+)", re.DOTALL
)


class MalformedRowError(ValueError):
    """The reason why a row is dropped."""


@dataclass(frozen=True)
class Layout:
    """`question` are the columns with the problem. `origin` is the one with the problem it was made from, and
    rows of one origin stay in one split. `repeats`: a problem may have several solutions.
    """

    parse: Callable[..., Row]
    needed: tuple[str, ...]
    question: tuple[str, ...] = ("question",)
    origin: str | None = None
    optional: tuple[str, ...] = ()
    repeats: bool = False

    def question_in(self, row: object) -> str:
        """As it stands in the file, "" where there is none."""
        return " ".join(_string(row, name) for name in self.question)

    def origin_in(self, row: object) -> str:
        """The problem that the row was made from, else its own."""
        return (self.origin and _string(row, self.origin)) or self.question_in(row)


def plain_row(row: dict, *, source: str) -> Row:
    """A row {question, answer, reasoning}, perhaps with traits; without reasoning, "####" in the answer means
    GSM8K's layout.
    """
    question, answer, reasoning = _needed(row, "question"), _needed(row, "answer"), _text(row, "reasoning")
    if "####" in answer and reasoning:
        raise MalformedRowError('reasoning beside an answer with "####"')
    if "####" in answer:
        return gsm8k_row(row, source=source)
    return _row(question, reasoning, answer, source, **{name: row.get(name) for name in TRAITS})


def gsm8k_row(row: dict, *, source: str) -> Row:
    """A row whose answer is the worked solution with "#### X" at its end; thousands lose their commas."""
    question, solution = _needed(row, "question"), _needed(row, "answer")
    reasoning, *tails = solution.split("####")
    if len(tails) != 1:
        raise MalformedRowError('more than one "####"' if tails else 'no "####"')
    answer = tails[0].strip()
    if not answer:
        raise MalformedRowError("no answer")
    steps = len(_CALCULATOR_MARK.findall(reasoning)) or None
    return _row(question, reasoning, _without_thousands(answer), source, steps=steps)


def gsm8k_variant_row(row: dict, *, source: str) -> Row:
    """A row of GSM8K with other numbers, and without the solution, which was for the old ones."""
    solution, _, answer = _needed(row, "answer").partition("####")
    try:
        question, answer = variant(_needed(row, "question"), solution, answer.strip())
    except NoVariantError as problem:
        raise MalformedRowError(f"no variant: {problem}") from None
    return _row(question, "", answer, source, steps=len(_CALCULATOR_MARK.findall(solution)))


def metamathqa_row(row: dict, *, source: str) -> Row:
    """A row {query, response}, the last line "The answer is: X" (Yu et al. 2023, arXiv 2309.12284)."""
    return _answered_row(_needed(row, "query"), _needed(row, "response"), source)


def mathinstruct_row(row: dict, *, source: str) -> Row:
    """A row {instruction, output, source}, the output ending in "The answer is X." (Yue et al. 2023, arXiv
    2309.05653). Its programs of thought name no answer, and are dropped.
    """
    if _needed(row, "source").startswith("data/PoT/"):
        raise MalformedRowError("a program, not reasoning")
    return _answered_row(_needed(row, "instruction"), _needed(row, "output"), source)


def math_row(row: dict, *, source: str) -> Row:
    """A row {problem, solution}, the answer in the solution's last box (Hendrycks et al. 2021, arXiv
    2103.03874), as NuminaMath-CoT has it too. Proofs, which box nothing, are dropped.
    """
    question, solution = _needed(row, "problem"), _needed(row, "solution")
    answer = extract_answer(solution) if BOX.search(solution) else None
    if answer is None:
        raise MalformedRowError("no boxed answer")
    traits = {"level": row.get("level"), "type": row.get("type")}
    return _row(question, unboxed(solution), _without_thousands(answer), source, **traits)


def math500_row(row: dict, *, source: str) -> Row:
    """A row {problem, solution, answer, subject, level} of the 500 test problems of MATH that Lightman et al.
    2023 (arXiv 2305.20050) evaluate on.
    """
    question, solution = _needed(row, "problem"), _needed(row, "solution")
    traits = {"level": f"Level {row['level']}" if row.get("level") else None, "type": row.get("subject")}
    return _row(question, unboxed(solution), _without_thousands(_needed(row, "answer")), source, **traits)


def svamp_row(row: dict, *, source: str) -> Row:
    """A row {Body, Question, Answer, Type} of SVAMP (Patel et al. 2021, arXiv 2103.07191); its equation is no
    reasoning.
    """
    question = f"{_needed(row, 'Body')} {_needed(row, 'Question')}"
    answer = row.get("Answer")
    answer = f"{answer:g}" if type(answer) is float else _needed(row, "Answer").removesuffix(".0")
    return _row(question, "", answer, source, type=row.get("Type"))


def openr1_row(row: dict, *, source: str) -> Row:
    """A row {problem, solution, answer} of OpenR1-Math-220k: the written solution, not DeepSeek-R1's
    `generations`, thousands of tokens that no small context holds.
    """
    question, solution = _needed(row, "problem"), _needed(row, "solution")
    return _row(question, unboxed(solution), _without_thousands(_needed(row, "answer")), source)


LAYOUTS = {
    "gsm8k": Layout(gsm8k_row, ("question", "answer")),
    "gsm8k_variants": Layout(gsm8k_variant_row, ("question", "answer")),
    "math": Layout(math_row, ("problem", "solution"), ("problem",), optional=("level", "type")),
    "math500": Layout(
        math500_row, ("problem", "solution", "answer"), ("problem",), optional=("subject", "level")
    ),
    "mathinstruct": Layout(
        mathinstruct_row, ("source", "instruction", "output"), ("instruction",), repeats=True
    ),
    "metamathqa": Layout(
        metamathqa_row,
        ("query", "response", "original_question"),
        ("query",),
        "original_question",
        repeats=True,
    ),
    "numinamath": Layout(math_row, ("problem", "solution"), ("problem",)),
    "openr1": Layout(openr1_row, ("problem", "solution", "answer"), ("problem",)),
    "svamp": Layout(svamp_row, ("Body", "Question", "Answer"), ("Body", "Question"), optional=("Type",)),
}
PLAIN = Layout(plain_row, ("question", "answer"), optional=("reasoning", *TRAITS))


def _answered_row(question: str, solution: str, source: str) -> Row:
    found = _LAST_LINE.fullmatch(solution)
    if not found:
        raise MalformedRowError('no "The answer is" at its end')
    answer = found["answer"].strip().removesuffix(".")
    return _row(question, found["reasoning"], _without_thousands(answer), source)


def _without_thousands(answer: str) -> str:
    return answer.replace(",", "") if _THOUSANDS.fullmatch(answer) else answer


def _row(question: str, reasoning: str, answer: str, source: str, **traits: object) -> Row:
    reasoning = _CALCULATOR_MARK.sub("", reasoning).strip()
    row = {"question": question, "reasoning": reasoning, "answer": answer, "source": source}
    return row | {name: str(value) for name, value in traits.items() if value not in (None, "")}


def _string(row: object, name: str) -> str:
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, str) else ""


def _needed(row: dict, name: str) -> str:
    value = _text(row, name)
    if not value:
        raise MalformedRowError(f"no {name}")
    return value


def _text(row: dict, name: str) -> str:
    """The field without the space around it, "" where it is missing; an answer may be a whole number."""
    value = row.get(name)
    if value is None:
        return ""
    if name == "answer" and type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise MalformedRowError(f"{name} is {type(value).__name__}, not text")
    try:
        value.encode()
    except UnicodeEncodeError:  # JSON can spell a lone surrogate, which no tokenizer can read
        raise MalformedRowError(f"{name} holds half a character") from None
    return value.strip()
