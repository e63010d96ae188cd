"""The web page of a model: a question, a conversation, two models side by side, a run's rollouts.

What is right is what the grader says, and prompts are those of training. `desk.py` has the models and the
limits, `page.py` is what is seen of them. Nothing is loaded before `page` is called.
"""

from tinyreason.web.desk import Settings
from tinyreason.web.page import launch, page

__all__ = ["Settings", "launch", "page"]
