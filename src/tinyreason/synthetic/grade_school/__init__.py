"""Grade-school word problems of two to eight steps with worked solutions and programs.

`templates` says what a template is, `wording`, `quantities` and `formulas` read its notations, `drawing`
makes problems from it; the other modules hold the templates, one theme each, `unseen_prices` and
`unseen_scenes` those that are held apart.
"""

from tinyreason.synthetic.grade_school.ages import AGES
from tinyreason.synthetic.grade_school.averages import AVERAGES
from tinyreason.synthetic.grade_school.backwards import BACKWARDS
from tinyreason.synthetic.grade_school.comparisons import COMPARISONS
from tinyreason.synthetic.grade_school.drawing import drawer
from tinyreason.synthetic.grade_school.fractions import FRACTIONS
from tinyreason.synthetic.grade_school.geometry import GEOMETRY
from tinyreason.synthetic.grade_school.measures import MEASURES
from tinyreason.synthetic.grade_school.percentages import PERCENTAGES
from tinyreason.synthetic.grade_school.schedules import SCHEDULES
from tinyreason.synthetic.grade_school.sharing import SHARING
from tinyreason.synthetic.grade_school.shopping import SHOPPING
from tinyreason.synthetic.grade_school.speeds import SPEEDS
from tinyreason.synthetic.grade_school.totals import TOTALS
from tinyreason.synthetic.grade_school.trade import TRADE
from tinyreason.synthetic.grade_school.unseen_prices import UNSEEN_PRICES
from tinyreason.synthetic.grade_school.unseen_scenes import UNSEEN_SCENES
from tinyreason.synthetic.grade_school.wages import WAGES
from tinyreason.synthetic.grade_school.work import WORK
from tinyreason.synthetic.problem import Domain

SEEN = (
    *(*AGES, *SPEEDS, *WORK, *SHOPPING, *WAGES, *TRADE, *FRACTIONS, *PERCENTAGES, *COMPARISONS, *SHARING),
    *(*SCHEDULES, *MEASURES, *AVERAGES, *GEOMETRY, *BACKWARDS, *TOTALS),
)
UNSEEN = (*UNSEEN_PRICES, *UNSEEN_SCENES)
GRADE_SCHOOL = Domain(
    draw=drawer(SEEN),
    draw_unseen=drawer(UNSEEN),
    rows={"train": 60_000, "validation": 300, "test": 1000, "unseen": 500},
)

__all__ = ["GRADE_SCHOOL", "SEEN", "UNSEEN"]
