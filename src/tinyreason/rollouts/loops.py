"""Completions that go round in circles."""

import re

LOOP = re.compile(r"(.{4,80}?)\1{4,}", re.DOTALL)
END = 600  # characters in which a loop is looked for: one that was left again is none


def looping(completion: str) -> bool:
    """Whether 4 to 80 characters, letters or digits among them, stand five times in a row in the end of a
    completion.
    """
    return any(any(map(str.isalnum, found[1])) for found in LOOP.finditer(completion[-END:]))
