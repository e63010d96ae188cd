"""What keeps a run from training on nothing for hours: `checks.py` before step 1, `readiness.py` before RL,
`alarms.py` during training.
"""

from tinyreason.monitors.alarms import (
    DIAGNOSES,
    ForgettingAlarm,
    StoppedError,
    TrainingAlarms,
    number_alarm,
)
from tinyreason.monitors.checks import CheckError, check_rewards, check_supervised_tokens
from tinyreason.monitors.readiness import Readiness, readiness

__all__ = [
    "DIAGNOSES",
    "CheckError",
    "ForgettingAlarm",
    "Readiness",
    "StoppedError",
    "TrainingAlarms",
    "check_rewards",
    "check_supervised_tokens",
    "number_alarm",
    "readiness",
]
