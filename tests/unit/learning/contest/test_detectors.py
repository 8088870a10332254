"""Detectors on made-up signals: what they say of a change, and that they can be made again."""

import numpy as np
import pytest

from learning.contest.detectors import COMPETITION, LONGEST, RULES, Change, Detector, Rule
from learning.contest.drift_monitor import DriftMonitor
from learning.contest.signals import SIGNALS, Value
from learning.labels import Label

LEVEL = next(r for r in RULES if (r.signal, r.detector, r.scope) == ("level", "page-hinkley", ""))


def told(count: int, shift_at: int, shift: float, seed: int = 1) -> list[tuple[str, float]]:
    values = np.random.default_rng(seed).normal(0.0, LEVEL.scale, count)
    values[shift_at:] += shift
    return [(f"2030-01-{n:04d}", float(v)) for n, v in enumerate(values)]


def first_alarm(rule: Rule, values: list[tuple[str, float]]) -> tuple[int, Change]:
    watched = Detector(rule)
    for place, one in enumerate(values):
        if (seen := watched.update(one)) is not None:
            return place, seen
    raise AssertionError("no alarm")


def test_every_rule_is_of_a_signal_that_is_watched() -> None:
    assert {rule.signal for rule in RULES} == set(SIGNALS)


def test_an_alarm_says_since_when_and_by_how_much() -> None:
    place, seen = first_alarm(LEVEL, told(200, 100, 1.5))
    assert 100 <= place <= 130
    assert abs(int(seen.since[-4:]) - 100) <= 5
    assert seen.before == pytest.approx(0.0, abs=0.3)
    assert seen.after == pytest.approx(1.5, abs=0.6)
    assert seen.statistic > 3.0


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.name}/{r.scope}")
def test_a_rule_sees_a_large_change_and_no_other(rule: Rule) -> None:
    quiet = told(250, 250, 0.0)
    watched = Detector(rule)
    assert all(watched.update((d, v * rule.scale)) is None for d, v in quiet)
    moved = [(d, v * rule.scale) for d, v in told(500, 250, 4.0)]
    assert 250 <= first_alarm(rule, moved)[0] < 400


@pytest.mark.parametrize("cut", [1, 90, LONGEST + 40])
def test_a_detector_that_is_made_again_says_the_same(cut: int) -> None:
    values = told(LONGEST + 300, LONGEST + 50, 0.9)
    whole, before = Detector(LEVEL), Detector(LEVEL)
    alarms = [place for place, one in enumerate(values) if whole.update(one) is not None]
    early = [place for place, one in enumerate(values[:cut]) if before.update(one) is not None]
    again = Detector(LEVEL, tuple(before.values))
    late = [p for p, one in enumerate(values[cut:], cut) if again.update(one) is not None]
    assert early + late == alarms
    assert alarms


def label(event: str, date: str) -> Label:
    return Label("t20-male", "win", 1.0, ("A", "B"), "A", event, "Ground", date)


def test_a_change_in_one_competition_is_told_of_that_one() -> None:
    rules = [r for r in RULES if (r.signal, r.detector) == ("level", "page-hinkley")]
    watch = DriftMonitor({}, rules)
    found = []
    for number, (date, value) in enumerate(told(260, 260, 0.0)):
        event, moved = ("South Cup", 2.5) if number % 2 else ("North League", 0.0)
        shifted = value + (moved if number > 120 else 0.0)
        if (alarm := watch.update(label(event, date), [Value("level", shifted)])) is not None:
            found.append(alarm[0])
    assert found[0] == "south cup"
    assert "north league" not in found


def test_only_the_competitions_played_last_have_detectors_of_their_own() -> None:
    rule = next(r for r in RULES if r.scope == COMPETITION)
    watch = DriftMonitor({}, [rule])
    names = [f"cup {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(100)]
    for name in names:
        watch.update(label(name, "2030-01-01"), [Value(rule.signal, 0.1)])
    scopes = {name.split("@")[1] for name in watch.values()}
    assert scopes == set(names[-64:])
