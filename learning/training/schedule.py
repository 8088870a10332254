"""When a snapshot is due: after so many labels, or at once when the learner left what serves."""

from features.effects import Effects, competition
from learning.labels import Label

EVERY = 50  # labels between two snapshots, as a rule
MOVED = 0.03  # tilt, some 2.4 % of the runs; why: "What was tried" in docs/drift.md
HURRY = 200  # labels after an alarm or a promotion in which snapshots come soon
HURRY_EVERY = 4  # labels between two snapshots then


def moved(label: Label, now: Effects, served: Effects) -> float:
    """How far the level of a label's competition and innings lies from the served one, in tilt.

    Only the level: sides, grounds and players move with every match, and few matches care.
    """
    return abs(_level(label, now) - _level(label, served))


def _level(label: Label, effects: Effects) -> float:
    innings = 0 if label.task == "total" else 1
    named = (f"level:{innings}", f"event:{competition(label.event)}")
    return sum(effects[name][0] for name in named if name in effects)
