"""The figures and the page of `make drift`, on seasons that are made up by hand."""

from math import nan
from pathlib import Path

import pytest

from benchmarks.drift.__main__ import set_aside
from benchmarks.drift.figures import figures
from benchmarks.drift.pictures import draw
from benchmarks.drift.report import report
from benchmarks.drift.seasons import AFTER, Season
from benchmarks.drift.world import FIFTEEN_PERCENT, SCENARIOS, World

RULE = "level/page-hinkley/"
ALARM = ("Alarm", "", "level", "page-hinkley", "", "")


def made(scenario: str, seed: int, system: float = 14.0, **more: object) -> Season:
    arms = {"frozen": 16.0, "always": 14.5, "system": system, "oracle": 13.0}
    errors = {arm: [error + seed / 100] * AFTER for arm, error in arms.items()}
    losses = {arm: [error / 40, nan] * (AFTER // 2) for arm, error in arms.items()}
    if scenario == "none":
        for told in (errors, losses):
            del told["frozen"], told["oracle"]
    return Season(scenario, seed, 60, losses, errors, false={RULE: 0}, **more)  # type: ignore[arg-type]


SEASONS = [
    made(
        "sudden", 1, seen={RULE: 9}, decisions=[[9, "Alarm", "", "level", "page-hinkley", "", ""]]
    ),
    made("sudden", 2, seen={RULE: 21}),
    made("none", 1, decisions=[(3, *ALARM)]),
]


def test_what_is_recovered_is_a_share_of_the_oracles_gain() -> None:
    found = figures(SEASONS)["scenarios"]["sudden"]
    assert found["errors_recovered"]["system"][0] == pytest.approx(2.0 / 3.0)
    assert found["errors_recovered"]["always"][0] == pytest.approx(0.5)
    assert found["errors_over_always"][0] == pytest.approx(-0.5)


def test_a_change_that_nobody_saw_counts_as_never() -> None:
    delays = figures(SEASONS)["scenarios"]["sudden"]["delays"]
    assert delays[RULE] == {"seen": 1.0, "median": 9.0, "p95": 21.0}
    assert delays["system"] == {"seen": 0.5, "median": 9.0, "p95": None}


def test_an_alarm_where_nothing_changed_is_false() -> None:
    found = figures(SEASONS)["false"]
    assert (found["system"], found["matches"]) == (1, 180)
    assert found["per_1000"] == pytest.approx(1000 / 180)


def test_the_page_says_what_was_missed() -> None:
    circumstances = {"commit": "abc", "machine": "m", "date": "2030-01-01"}
    result = figures(SEASONS) | circumstances
    text = report(result, ["sudden.svg"])
    assert "67% (67% to 67%) of the oracle's gain" in text
    assert "**missed**" in text
    assert "![sudden](drift/sudden.svg)" in text


def test_each_scenario_has_its_picture(tmp_path: Path) -> None:
    assert draw(figures(SEASONS), tmp_path) == ["sudden.svg", "none.svg"]
    assert (tmp_path / "sudden.svg").read_text().startswith("<?xml")


def test_changes_are_planted_where_they_are_said_to_be() -> None:
    tilts = {name: [s.tilt(n, e) for n, e in ((-1, 1), (49, 0), (49, 1), (199, 1))] for name, s in
             SCENARIOS.items()}  # fmt: skip
    whole = FIFTEEN_PERCENT
    assert tilts["sudden"] == [0.0, whole, whole, whole]
    assert tilts["gradual"] == [0.0, 0.49 * whole, 0.49 * whole, whole]
    assert tilts["recurring"] == [0.0, whole, whole, 0.0]
    assert tilts["local"] == [0.0, 0.0, whole, whole]
    assert tilts["none"] == [0.0] * 4


def test_fifteen_percent_more_runs_are_planted() -> None:
    def runs(tilt: float) -> float:
        world = World(3)
        matches = [world.match(n, lambda _: tilt) for n in range(150)]
        return sum(f.total for m in matches for f in m.facts if hasattr(f, "total"))

    assert runs(FIFTEEN_PERCENT) / runs(0.0) == pytest.approx(1.15, abs=0.03)


def test_a_new_run_keeps_the_seasons_of_the_run_before(tmp_path: Path) -> None:
    seasons = tmp_path / "drift-seasons.jsonl"
    set_aside(seasons)
    seasons.write_text("hours of work")
    set_aside(seasons)
    (kept,) = tmp_path.iterdir()
    assert (kept.name, kept.read_text()) == ("drift-seasons.former.jsonl", "hours of work")
