"""When a snapshot is due: every EVERY labels, or as soon as the learner left the served one."""

from features.effects import Effects, competition
from learning.labels import Label

EVERY = 50  # labels between two snapshots, as a rule
MOVED = 0.03  # tilt, some 2.4 % of the runs; why: "What was tried" in docs/drift.md
HURRY = 200  # labels after an alarm or a promotion, in which snapshots are due sooner
HURRY_EVERY = 4  # labels between two snapshots then


def level_change(label: Label, now: Effects, served: Effects) -> float:
    """How far the level of a label's competition and innings lies from the served one, in tilt.

    Sides, grounds and players are left out: they move with every match and concern few others.
    """
    return abs(_level(label, now) - _level(label, served))


def _level(label: Label, effects: Effects) -> float:
    innings = 0 if label.task == "total" else 1
    named = (f"level:{innings}", f"event:{competition(label.event)}")
    return sum(effects[name][0] for name in named if name in effects)
