"""How far the learner has left the snapshot that serves, by the level of the scores."""

from features.effects import Effects, competition
from learning.labels import Label


def level_change(label: Label, now: Effects, served: Effects) -> float:
    """How far the level of a label's competition and innings lies from the served one, in tilt.

    Sides, grounds and players are left out: they move with every match and concern few others.
    """
    return abs(_level(label, now) - _level(label, served))


def _level(label: Label, effects: Effects) -> float:
    innings = 0 if label.task == "total" else 1
    named = (f"level:{innings}", f"event:{competition(label.event)}")
    return sum(effects[name][0] for name in named if name in effects)
