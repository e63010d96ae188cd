"""What of a text is kept, and which texts are left out, each for a named reason."""

import re
from collections import Counter

FEWEST_WORDS = 20
LEAST_LETTERS = 0.25  # of the characters that are no space; formulas have few
MOST_REPEATED = 0.3  # of the lines, as in Rae et al. 2021 (arXiv 2112.11446), table A1

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?")
_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES_AT_END = re.compile(r"[ \t]+\n")


def clean(text: str) -> str:
    """Without characters that print nothing, spaces at line ends and more than one blank line in a row."""
    text = _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))
    return _BLANK_LINES.sub("\n\n", _SPACES_AT_END.sub("\n", text)).strip()


def fault(text: str) -> str | None:
    """Why a clean text is left out, None where it is kept."""
    if len(text.split()) < FEWEST_WORDS:
        return f"fewer than {FEWEST_WORDS} words"
    printed = [character for character in text if not character.isspace()]
    if sum(character.isalpha() for character in printed) < LEAST_LETTERS * len(printed):
        return "hardly any letters"
    lines = Counter(line.strip() for line in text.splitlines() if line.strip())
    repeated = sum(count - 1 for count in lines.values())
    return "repeated lines" if repeated > MOST_REPEATED * lines.total() else None
