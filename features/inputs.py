"""The inputs of a moment of a match, in the catalogue's order."""

from functools import lru_cache
from math import floor
from typing import NamedTuple

from cricket.resources import resources
from cricket.state import Innings

LOG_ODDS_LIMIT = 8.0
MOMENTUM_BALLS = 12
DIGITS = 5
PLACES = 10.0**DIGITS
EXACT = 2.0**40  # below it a product with PLACES is off by less than NEAR
NEAR = 0.4999  # of a whole number: nearer to a tie the decimals themselves must tell


class EngineFeatures(NamedTuple):
    """What the engine says of the moment; win chances are log odds of the decided match."""

    engine: float
    engine_prior: float
    tilt_learned: float
    total_mean: float
    total_expected: float
    total_spread: float


class HistoryFeatures(NamedTuple):
    """What history says of the innings, from the batting side's point of view."""

    elo: float
    tilt_gap: float
    tilt_prior: float
    level: float


def inputs(
    innings: Innings, full_balls: int, seen: EngineFeatures, drawn: HistoryFeatures
) -> tuple[float, ...]:
    """The vector; see `features.catalogue` for the meaning of each place."""
    left = min(innings.balls_left or 0, full_balls)
    ahead = _ahead(left, innings.wickets, full_balls)
    engine = _limited(seen.engine)
    momentum, falling = recent_form(innings)
    spread = max(seen.total_spread, 1.0)
    return (
        engine,
        _limited(seen.engine_prior),
        engine * ahead,
        engine * abs(engine) / 4.0,
        engine * innings.wickets / 10.0,
        ahead,
        innings.wickets / 10.0,
        drawn.elo / 100.0,
        drawn.elo / 100.0 * ahead,
        drawn.tilt_gap,
        drawn.tilt_gap * ahead,
        drawn.tilt_prior,
        seen.tilt_learned,
        (seen.total_mean - seen.total_expected) / spread,
        momentum,
        falling,
        drawn.level / 10.0,
    )


def rounded(values: tuple[float, ...]) -> tuple[float, ...]:
    """The inputs as they are served and learned: rounded, so that a question stays small.

    What `round` gives, to the bit, three times as fast: a quotient of two whole numbers is the
    float nearest to its decimals. `round` itself is asked for ties, zeros and what is no number.

    >>> rounded((0.123456789, 2.5e-6, -1e-9))
    (0.12346, 0.0, -0.0)
    """
    told = []
    for value in values:
        moved = value * PLACES
        whole = floor(moved + 0.5) if -EXACT < moved < EXACT else 0
        plain = whole and -NEAR < moved - whole < NEAR
        told.append(whole / PLACES if plain else round(value, DIGITS))
    return tuple(told)


@lru_cache(8192)
def _ahead(left: int, wickets: int, full_balls: int) -> float:
    """Share of a full innings' resources left."""
    return resources(left, wickets) / resources(full_balls, 0)


def _limited(log_odds: float) -> float:
    return min(max(log_odds, -LOG_ODDS_LIMIT), LOG_ODDS_LIMIT)


def recent_form(innings: Innings) -> tuple[float, float]:
    """Runs a ball over the last deliveries less the innings' mean, and the wickets in them.

    A ball that took a wicket counts without its runs.
    """
    last = innings.recent[-MOMENTUM_BALLS:]
    if not last:
        return 0.0, 0.0
    wickets = last.count(-1)
    mean = innings.runs / max(innings.deliveries, 1)
    return (sum(last) + wickets) / len(last) - mean, float(wickets)


def run_rate(innings: Innings, full_balls: int, level: float) -> float:
    """The baseline's one input, in tens of runs (runs an over in a chase).

    First innings: the total at the current rate over the competition's mean, half-way to it in
    the first over. Chase: current rate less required rate.
    """
    left = innings.balls_left or 0
    if innings.needed is None:
        rate = innings.runs * full_balls / innings.balls if innings.balls else level
        return round((min(rate, 2.5 * level) - level) / 10.0, DIGITS)
    required = 6.0 * innings.needed / max(left, 1)
    current = 6.0 * innings.runs / innings.balls if innings.balls else level * 6.0 / full_balls
    return round(min(max(current - required, -20.0), 20.0), DIGITS)
