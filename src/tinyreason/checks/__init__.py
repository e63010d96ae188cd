"""The linter: what in a recipe cannot work, or works otherwise than it reads, before anything is loaded.

`rules.py` has the rules, `packages.py` what has to be installed, `recipes.py` holds a recipe to them:
`check_file` finds the mistakes of a file, `check_run` refuses to start a run that has any.
"""

from tinyreason.checks.recipes import check_file, check_run, classes_of, problems_of
from tinyreason.checks.rules import RULES, Recipe

__all__ = ["RULES", "Recipe", "check_file", "check_run", "classes_of", "problems_of"]
