"""Memory, batches, steps and tokens of a recipe, known before anything is loaded. `architectures.py` has the
shapes, `memory.py` the bytes, `plan.py` puts a recipe and a card together.
"""

from tinyreason.planner.architectures import (
    KNOWN,
    Architecture,
    architecture_of,
    config_at_hand,
    from_config,
)
from tinyreason.planner.plan import STAGES, Plan, PlanArguments, as_dict, card_named, plan, stage_of

__all__ = [
    "KNOWN",
    "STAGES",
    "Architecture",
    "Plan",
    "PlanArguments",
    "architecture_of",
    "as_dict",
    "card_named",
    "config_at_hand",
    "from_config",
    "plan",
    "stage_of",
]
