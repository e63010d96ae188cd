"""Problems made by program: exact answers, worked solutions, as many as wanted, the same bytes for the same
seed.
"""

from tinyreason.synthetic.word_problems import word_problems

__all__ = ["word_problems"]
