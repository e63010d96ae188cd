"""A part of a page that a program writes, between two comments that nobody sees."""

import re
from pathlib import Path


def write_between_marks(page: Path, name: str, text: str) -> None:
    """Puts `text` between `<!-- NAME: begin -->` and `<!-- NAME: end -->`, in place of what stands there."""
    pattern = f"(<!-- {name}: begin -->\n).*(<!-- {name}: end -->\n)"
    content, found = re.subn(
        pattern, lambda marks: marks[1] + text + marks[2], page.read_text(), flags=re.DOTALL
    )
    if not found:
        raise ValueError(f"{page}: has no marks for {name}")
    page.write_text(content)
