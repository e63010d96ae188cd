"""Finds the answer in an assistant turn. Where it stands decides, never whether it happens to be right.

Only text after the last `</think>` counts, or the whole turn where there is no reasoning block; a block that
is still open has no answer. Only the last `TAIL` characters are searched, so the time does not grow with what
a model repeats.
"""

import re
from typing import NamedTuple

NO_MARK = "last expression"
TAIL = 65_536  # characters
LONGEST_LINE = 40  # characters of a turn that says nothing but an answer
MOST_BOXES = 100  # the last ones
LONGEST_ANSWER = 16_384  # characters; room for an integer of any length that a model would write

END_OF_TURN = ("<|im_end|>", "<|im_start|>", "<|endoftext|>")

BOX_OR_BRACE = re.compile(r"\\+(?:boxed|fbox)(?:\s*\{|\s(?P<bare>\d+))|\\.|[{}]", re.DOTALL)
EMPTY_BOX = re.compile(
    r"[\s.…_?]*|\\[lc]?dots|(?:\\text\{)?\W{0,3}(?:(?:the|your|my|final)\s+)*answer(?:\s+here)?\W{0,3}",
    re.IGNORECASE,
)
QUOTATION = re.compile(r"\"[^\"\n]{1,2000}\"|“[^”\n]{1,2000}”")
WORD = re.compile(r"(?<!\\)[A-Za-z]{2,}")
INSTRUCTION = re.compile(
    r"\b(?:put|write|give|place|enclose|present|provide|box|return|state)\b[^.\n{}\"]{0,40}\byour\b[^.\n{}\"]{0,40}(?:\\\(|\$)?\s*$",
    re.IGNORECASE,
)
BETWEEN_BOXES = re.compile(r"(?:[\s,;$&]|\\[()\[\],;: ]|\\q?quad|\\text\s*\{\s*(?:and|or)\s*\}|and|or)*")
JOINS_BOXES = re.compile(r"[,;]|and|or")

MARK = re.compile(
    r"####(?!#)|(?:final )?\banswer(?: is\b\s{0,3}:?|(?:\s{0,3}\*\*)?\s{0,3}:(?:\s{0,3}\*\*)?)", re.IGNORECASE
)
OPENING = re.compile(r"(?:\s|\*\*|\$\$|\\\[|\\\()*")
AFTER_SENTENCE = re.compile(
    r"\.(?:\s|\*|\$|\\\)|$)|[,\s]\s?(?:because|since|which|so|not|but|where)\s"
    r"|\sor (?:about|approximately|roughly)\s|\\\]|\$\$|</?\w{1,20}>",
    re.IGNORECASE,
)
ANSWER_TAG = re.compile(r"<answer>", re.IGNORECASE)
END_OF_ANSWER_TAG = "</answer>"

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+"
LAST_EXPRESSION = re.compile(
    r"\$\$([^$]{1,2000})\$\$|\$([^$\n]{1,2000})\$|\\\[(.{1,2000}?)\\\]|\\\((.{1,2000}?)\\\)", re.DOTALL
)
LAST_NUMBER = re.compile(
    rf"(?<![\w.])(?:[-+\u2212]?[$€£]?|[$€£][-\u2212]?)(?:{NUMBER})(?:\s*/\s*\d+)?"
    r"(?:[eE][-+]?\d{1,4}(?!\w))?"
    r"(?:\s*(?:%|\\%|percent\b|pct\b|\\pi(?![A-Za-z])|\\sqrt\{[^{}]{1,50}\}|π|√\d+))?"
)
CHOICE = re.compile(
    r"(?<![\w\\'])\(?([A-J])\)?(?=[.!*]*\s*$)|\b(?:[Oo]ption|[Cc]hoice)\s(?:\*\*)?\(?([A-J])(?![\w'])\)?",
    re.MULTILINE,
)


class Found(NamedTuple):
    """An answer, the part `text[start:end]` that it was read from, and the notation that marks it."""

    answer: str
    start: int
    end: int
    notation: str

    @property
    def marked(self) -> bool:
        return self.notation != NO_MARK


class Absent(NamedTuple):
    """Why a turn has no answer."""

    reason: str


UNCLOSED = Absent("the reasoning never ends")
BROKEN_OFF = Absent("the text breaks off inside its last box")
UNMARKED = Absent("nothing is marked as the answer")
TOO_LONG = Absent(f"the marked answer is longer than {LONGEST_ANSWER} characters")


def extract_answer(turn: str) -> str | None:
    """The marked answer of a whole assistant turn, prefill included, or None.

    A complete `\\boxed{..}` or `\\fbox{..}` outranks `**Final Answer:** x`, `#### x`, `The answer is x.` and
    `<answer>x</answer>`; among equals the last complete one counts. A turn that breaks off inside its last
    box has none.
    """
    found = find_answer(turn, marked_only=True)[0] if isinstance(turn, str) else UNMARKED
    return found.answer if isinstance(found, Found) else None


def find_answer(turn: str, *, marked_only: bool) -> tuple[Found | Absent, int]:
    """The marked answer or, with `marked_only=False` and nothing marked, the last choice letter, expression
    or number; and where in the turn the text begins from which its position counts.
    """
    end = len(turn)
    if "<|" in turn:
        end = min([position for marker in END_OF_TURN if (position := turn.find(marker)) > 0], default=end)
    closed = turn.rfind("</think>", 0, end)
    if turn.rfind("<think>", 0, end) > closed:
        return UNCLOSED, end
    start = closed + len("</think>") if closed >= 0 else 0
    if end - start > TAIL:
        start = end - TAIL
    text = turn[start:end]
    found = _last_box(text) if "boxed" in text or "fbox" in text else None
    if found is None:
        found = _last_mark(text)
    if found is None:
        found = UNMARKED if marked_only else _last_expression(text) or UNMARKED
    elif isinstance(found, Found) and len(found.answer) > LONGEST_ANSWER:
        found = TOO_LONG
    return found, start


def unboxed(text: str) -> str:
    """The text with its boxes replaced by what is in them."""
    for box in reversed(_boxes(text)[0]):
        text = text[: box.start] + box.answer + text[box.end :]
    return text


def _last_box(text: str) -> Found | Absent | None:
    boxes, broken_off = _boxes(text)
    if broken_off:
        return BROKEN_OFF
    return _joined(text, boxes) if boxes else None


def _boxes(text: str) -> tuple[list[Found], bool]:
    """Every complete outermost box that is neither empty nor quoted; whether the last box is cut off."""
    stack: list[tuple[int, int] | None] = []
    boxes: list[Found] = []
    last_start = last_closed = -1
    for match in BOX_OR_BRACE.finditer(text):
        token = match[0]
        if token == "{":
            stack.append(None)
        elif token == "}":
            opened = stack.pop() if stack else None
            if opened is not None:
                last_closed = max(last_closed, opened[0])
                box = Found(text[opened[1] : match.start()].strip(), opened[0], match.end(), "box")
                _keep_outermost(boxes, box)
        elif match["bare"] is not None:
            _keep_outermost(boxes, Found(match["bare"], match.start(), match.end(), "box"))
        elif token.endswith("{") and len(token) > 2:
            last_start = match.start()
            stack.append((match.start(), match.end()))
    return _own(text, boxes), last_start > last_closed


def _keep_outermost(boxes: list[Found], box: Found) -> None:
    while boxes and boxes[-1].start > box.start:
        boxes.pop()
    if not EMPTY_BOX.fullmatch(box.answer[:64]):
        boxes.append(box)


def _own(text: str, boxes: list[Found]) -> list[Found]:
    """Without boxes that repeat the prompt: told to "put your answer in" one, or in quotation marks with more
    words.
    """
    if not boxes or not any(mark in text for mark in ('"', "“", "your", "YOUR")):
        return boxes
    quotations = [match.span() for match in QUOTATION.finditer(text)]
    return [box for box in boxes[-MOST_BOXES:] if not _repeats_prompt(text, box, quotations)]


def _repeats_prompt(text: str, box: Found, quotations: list[tuple[int, int]]) -> bool:
    if INSTRUCTION.search(text, max(0, box.start - 100), box.start):
        return True
    quoted = next((start for start, end in quotations if start < box.start and box.end < end), None)
    return quoted is not None and len(WORD.findall(text, quoted, box.start)) > 1


def _joined(text: str, boxes: list[Found]) -> Found:
    """The last box, or the list of boxes that one sentence joins with commas or "and"."""
    run = [boxes[-1]]
    for box in reversed(boxes[:-1]):
        between = text[box.end : run[-1].start]
        if len(between) > 60 or not BETWEEN_BOXES.fullmatch(between) or not JOINS_BOXES.search(between):
            break
        run.append(box)
    if len(run) == 1:
        return run[0]
    answers = list(dict.fromkeys(box.answer for box in reversed(run)))
    return Found(", ".join(answers), run[-1].start, run[0].end, "boxes")


def _last_mark(text: str) -> Found | None:
    tagged = _last_tag(text)
    for match in reversed(list(MARK.finditer(text))[-20:]):
        if tagged is not None and match.start() < tagged.start:
            break
        found = _after_mark(text, match)
        if found.answer:
            return found
    return tagged if tagged is not None and tagged.answer else None


def _last_tag(text: str) -> Found | None:
    end = text.rfind(END_OF_ANSWER_TAG)
    if end < 0:
        return None
    start = max((match.end() for match in ANSWER_TAG.finditer(text, 0, end)), default=-1)
    return _without_dressing(text, start, end, "<answer>") if start >= 0 else None


def _after_mark(text: str, mark: re.Match[str]) -> Found:
    position = OPENING.match(text, mark.end()).end()
    line = text[position : position + LONGEST_ANSWER + 1].split("\n", 1)[0]
    # a mark inside the value: "Final Answer: The final answer is 7"
    sentence_end = AFTER_SENTENCE.search(line)
    end = position + (sentence_end.start() if sentence_end else len(line))
    return _without_dressing(text, position, end, mark[0])


def _without_dressing(text: str, start: int, end: int, notation: str) -> Found:
    answer = text[start:end].strip().strip("*").strip()
    if len(answer) > 1 and answer[0] == answer[-1] == "$":
        answer = answer[1:-1]
    answer = answer.removesuffix("\\)").removesuffix(".").strip()
    start = text.find(answer, start)
    return Found(answer, start, start + len(answer), notation)


def _last_expression(text: str) -> Found | None:
    tail = text[-4096:]
    found = [*list(LAST_EXPRESSION.finditer(tail))[-1:], *list(LAST_NUMBER.finditer(tail))[-1:]]
    found += list(CHOICE.finditer(tail))[-1:]
    if not found:  # a short line is its own answer: "forty-two", "No."
        line = text.strip()
        start = text.find(line)
        short = 0 < len(line) <= LONGEST_LINE and "\n" not in line
        return Found(line, start, start + len(line), NO_MARK) if short else None
    last = max(found, key=lambda match: (match.end(), -match.start()))
    answer = next((group for group in last.groups() if group), last[0]).strip()
    offset = len(text) - len(tail)
    return Found(answer, offset + last.start(), offset + last.end(), NO_MARK)
