"""Finds the answer in an assistant turn. Where it stands decides, never whether it happens to be right.

Only text after the last `</think>` counts, or the whole turn where there is no reasoning block; a block that
is still open has no answer. Only the last `TAIL` characters are searched, so the time does not grow with what
a model repeats.
"""

import re

TAIL = 65_536  # characters
LONGEST_ANSWER = 16_384  # characters; room for an integer of any length that a model would write

END_OF_TURN = ("<|im_end|>", "<|im_start|>", "<|endoftext|>")

BOX_OR_BRACE = re.compile(r"\\+(?:boxed|fbox)\s*\{|\\.|[{}]", re.DOTALL)
EMPTY_BOX = re.compile(r"[\s.…]*|\\[lc]?dots")
BETWEEN_BOXES = re.compile(r"(?:[\s,;$&]|\\[()\[\],;: ]|\\q?quad|\\text\s*\{\s*(?:and|or)\s*\}|and|or)*")
JOINS_BOXES = re.compile(r"[,;]|and|or")

MARK = re.compile(
    r"####(?!#)"
    r"|final answer(?:\s{0,3}\*\*)?\s{0,3}:(?:\s{0,3}\*\*)?"
    r"|\banswer is\b\s{0,3}:?"
    r"|\banswer(?:\s{0,3}\*\*)?\s{0,3}:(?:\s{0,3}\*\*)?",
    re.IGNORECASE,
)
OPENING = re.compile(r"(?:\s|\*\*|\$\$|\\\[|\\\()*")
AFTER_SENTENCE = re.compile(
    r"\.(?:\s|\*|\$|\\\)|$)|[,\s]\s?(?:because|since|which|so|not|but|where)\s|\\\]|\$\$|</?\w{1,20}>",
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
    r"(?:[eE][-+]?\d{1,4}(?!\w))?(?:\s*(?:%|\\%|percent\b|pct\b))?"
)
CHOICE_AT_END = re.compile(r"(?<![\w\\'])\(?([A-J])\)?(?=[.!*]*\s*$)", re.MULTILINE)


def final_text(turn: str) -> str | None:
    """What the turn says after its reasoning; None where the reasoning never ends."""
    ends = [position for marker in END_OF_TURN if (position := turn.find(marker)) > 0]
    if ends:
        turn = turn[: min(ends)]
    closed, opened = turn.rfind("</think>"), turn.rfind("<think>")
    if opened > closed:
        return None
    return turn[closed + len("</think>") :] if closed >= 0 else turn


def extract_answer(turn: str) -> str | None:
    """The marked answer of a whole assistant turn, prefill included, or None.

    A complete `\\boxed{..}` or `\\fbox{..}` outranks `**Final Answer:** x`, `#### x`, `The answer is x.` and
    `<answer>x</answer>`; among equals the last complete one counts. A turn that breaks off inside its last
    box has none.
    """
    text = final_text(turn)
    return None if text is None else marked_answer(text[-TAIL:])[0]


def extract_flexible(turn: str) -> str | None:
    """The marked answer or, where nothing is marked, the last choice letter, expression or number."""
    text = final_text(turn)
    if text is None:
        return None
    answer, broken_off = marked_answer(text[-TAIL:])
    return answer if answer is not None or broken_off else _last_expression(text[-TAIL:])


def marked_answer(text: str) -> tuple[str | None, bool]:
    """The answer and whether the text breaks off inside its last box."""
    boxes, broken_off = _boxes(text)
    if broken_off:
        return None, True
    answer = _joined(text, boxes) if boxes else _last_mark(text)
    if answer is None or not answer or len(answer) > LONGEST_ANSWER:
        return None, False
    return answer, False


def _boxes(text: str) -> tuple[list[tuple[int, int, str]], bool]:
    """Start, end and content of every complete outermost box that is not empty;
    whether the last box is cut off.
    """
    if "boxed" not in text and "fbox" not in text:
        return [], False
    stack: list[tuple[int, int] | None] = []
    boxes: list[tuple[int, int, str]] = []
    last_start = last_closed = -1
    for match in BOX_OR_BRACE.finditer(text):
        token = match[0]
        if token == "{":
            stack.append(None)
        elif token == "}":
            opened = stack.pop() if stack else None
            if opened is not None:
                last_closed = max(last_closed, opened[0])
                _keep_outermost(boxes, opened[0], match.end(), text[opened[1] : match.start()].strip())
        elif token.endswith("{") and len(token) > 2:
            last_start = match.start()
            stack.append((match.start(), match.end()))
    return boxes, last_start > last_closed


def _keep_outermost(boxes: list[tuple[int, int, str]], start: int, end: int, content: str) -> None:
    while boxes and boxes[-1][0] > start:
        boxes.pop()
    if not EMPTY_BOX.fullmatch(content[:64]):
        boxes.append((start, end, content))


def _joined(text: str, boxes: list[tuple[int, int, str]]) -> str:
    """The last box, or the list of boxes that one sentence joins with commas or "and"."""
    run = [boxes[-1]]
    for box in reversed(boxes[:-1]):
        between = text[box[1] : run[-1][0]]
        if len(between) > 60 or not BETWEEN_BOXES.fullmatch(between) or not JOINS_BOXES.search(between):
            break
        run.append(box)
    contents = list(dict.fromkeys(content for _, _, content in reversed(run)))
    return ", ".join(contents)


def _last_mark(text: str) -> str | None:
    tag_position, tagged = _last_tag(text)
    for match in reversed(list(MARK.finditer(text))[-20:]):
        if match.start() < tag_position:
            break
        if answer := _after_mark(text, match.end()):
            return answer
    return tagged


def _last_tag(text: str) -> tuple[int, str | None]:
    end = text.rfind(END_OF_ANSWER_TAG)
    start = max((match.end() for match in ANSWER_TAG.finditer(text, 0, max(end, 0))), default=-1)
    return (start, _without_dressing(text[start:end])) if start >= 0 else (-1, None)


def _after_mark(text: str, position: int) -> str:
    position = OPENING.match(text, position).end()
    line = text[position : position + LONGEST_ANSWER + 1].split("\n", 1)[0]
    # a mark inside the value: "Final Answer: The final answer is 7"
    sentence_end = AFTER_SENTENCE.search(line)
    return _without_dressing(line[: sentence_end.start()] if sentence_end else line)


def _without_dressing(answer: str) -> str:
    answer = answer.strip().strip("*").strip()
    if len(answer) > 1 and answer[0] == answer[-1] == "$":
        answer = answer[1:-1]
    return answer.removesuffix("\\)").removesuffix(".").strip()


def _last_expression(text: str) -> str | None:
    tail = text[-4096:]
    found = [*list(LAST_EXPRESSION.finditer(tail))[-1:], *list(LAST_NUMBER.finditer(tail))[-1:]]
    found += list(CHOICE_AT_END.finditer(tail))[-1:]
    if not found:
        return None
    last = max(found, key=lambda match: (match.end(), -match.start()))
    return next((group for group in last.groups() if group), last[0]).strip()
