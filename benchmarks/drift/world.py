"""Made-up cricket in two competitions, whose scoring can be told to change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from cricket.cricsheet import RecordedMatch
from producers.simulator import league, simulate

EVENTS = ("Northern League", "Southern Cup")  # a match of each in turn
GROUNDS = 6
GROUND_SPREAD, DAY_SPREAD = 0.08, 0.12  # of the tilt: what grounds and days do in life, about
FIFTEEN_PERCENT = 0.185  # tilt: as many more runs, measured over 2,000 simulated matches


@dataclass(frozen=True, slots=True)
class Scenario:
    """How scoring changes: the tilt of a competition's match, `since` matches after the change."""

    name: str
    what: str
    tilt: Callable[[int, int], float]  # (matches since the change, competition)
    changes: tuple[int, ...] = (0,)  # matches at which an oracle is told
    scope: str = ""


def _sudden(since: int, event: int) -> float:
    del event
    return FIFTEEN_PERCENT if since >= 0 else 0.0


def _gradual(since: int, event: int) -> float:
    del event
    return FIFTEEN_PERCENT * min(max(since, 0) / 100, 1.0)


def _recurring(since: int, event: int) -> float:
    del event
    return FIFTEEN_PERCENT if since >= 0 and since // 50 % 2 == 0 else 0.0


def _local(since: int, event: int) -> float:
    return FIFTEEN_PERCENT if since >= 0 and event == 1 else 0.0


SCENARIOS = {
    s.name: s
    for s in (
        Scenario("sudden", "+15 % scoring from one match to the next", _sudden),
        Scenario("gradual", "+15 % over 100 matches", _gradual, (0, 25, 50, 75, 100)),
        Scenario("recurring", "+15 %, on and off every 50 matches", _recurring, (0, 50, 100, 150)),
        Scenario("local", "+15 % in one of two competitions", _local, (0,), "southern cup"),
        Scenario("none", "nothing changes", lambda _since, _event: 0.0, ()),
    )
}


class World:
    """Two leagues with their grounds, playing one match after the other."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rng = Random(f"world/{seed}")  # noqa: S311  repeatable chance
        north, south = league(8, 1), league(8, 2)
        self._sides = (north, [replace(t, name=f"South {t.name}") for t in south])
        grounds = Random("grounds")  # noqa: S311  the same in every world
        self._grounds = [
            [grounds.gauss(0.0, GROUND_SPREAD) for _ in range(GROUNDS)] for _ in EVENTS
        ]

    def match(self, number: int, tilt: Callable[[int], float]) -> RecordedMatch:
        """The match of this number; `tilt` of a competition is what scoring changed by."""
        event = number % len(EVENTS)
        teams = self._rng.sample(self._sides[event], 2)
        ground = self._rng.randrange(GROUNDS)
        scoring = tilt(event) + self._grounds[event][ground] + self._rng.gauss(0.0, DAY_SPREAD)
        day = f"{2030 + number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
        made = simulate(
            f"made-{self._seed}-{number:05d}",
            (teams[0], teams[1]),
            self._seed,
            scoring=scoring,
            date=day,
        )
        fixture = replace(made.fixture, event=EVENTS[event], venue=f"Ground {event}{ground}")
        return replace(made, fixture=fixture)
