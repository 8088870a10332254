"""A snapshot comes at once when the learner has left the level of what serves."""

import pytest

from features.effects import Effects
from learning.labels import Label
from learning.training.level_change import level_change

SERVED: Effects = {"level:0": (0.1, 0.01), "event:ipl": (0.2, 0.01), "bat:A": (0.3, 0.01)}


def label(task: str = "total", event: str = "IPL 2023") -> Label:
    return Label("t20-male", task, 160.0, ("A", "B"), "A", event, "Ground", "2023-05-07")


def now(**means: float) -> Effects:
    """What serves, with other means: `event_ipl` for "event:ipl"."""
    return {**SERVED, **{name.replace("_", ":"): (mean, 0.01) for name, mean in means.items()}}


def test_what_serves_has_moved_from_itself_by_nothing() -> None:
    assert level_change(label(), SERVED, SERVED) == 0.0


def test_the_innings_level_and_the_competition_count_together() -> None:
    assert level_change(label(), now(level_0=0.13, event_ipl=0.25), SERVED) == pytest.approx(0.08)
    assert level_change(label(), now(level_0=0.13, event_ipl=0.17), SERVED) == pytest.approx(0.0)


def test_a_competition_that_what_serves_does_not_know_counts_from_nothing() -> None:
    assert level_change(label(event="New League"), now(**{"event_new league": -0.05}), SERVED) == (
        pytest.approx(0.05)
    )


@pytest.mark.parametrize("other", ["bat_A", "level_1", "event_psl"])
def test_sides_the_other_innings_and_other_competitions_do_not_count(other: str) -> None:
    assert level_change(label(), now(**{other: 0.9}), SERVED) == 0.0


def test_the_chase_has_a_level_of_its_own() -> None:
    assert level_change(label("win"), now(level_1=0.04), SERVED) == pytest.approx(0.04)
