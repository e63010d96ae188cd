"""Problems made by program: exact answers, worked solutions, as many as wanted, the same bytes for the same
seed.
"""

from tinyreason.synthetic.textbooks import textbook_problems

__all__ = ["textbook_problems"]
