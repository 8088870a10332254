"""The inputs at a moment of a match, in the catalogue's order."""

from functools import lru_cache
from math import floor
from typing import NamedTuple

from cricket.resources import resources
from cricket.state import ALL_WICKETS, Innings

LOG_ODDS_LIMIT = 8.0
MOMENTUM_BALLS = 12
DIGITS = 5
PLACES = 10.0**DIGITS
EXACT = 2.0**40  # below it a product with PLACES is off by less than NEAR
NEAR = 0.4999  # of a whole number; nearer to a tie, `round` decides by the exact decimals


class EngineFeatures(NamedTuple):
    """The engine's view of the moment; win chances are log odds of a decided match."""

    engine: float
    engine_prior: float
    tilt_learned: float
    total_mean: float
    total_expected: float
    total_spread: float


class HistoryFeatures(NamedTuple):
    """What history tells about the innings, from the batting side's point of view."""

    elo: float
    tilt_gap: float
    tilt_prior: float
    level: float


def inputs(
    innings: Innings, full_balls: int, from_engine: EngineFeatures, from_history: HistoryFeatures
) -> tuple[float, ...]:
    """The input vector; see `features.catalogue` for the meaning of each place."""
    left = min(innings.balls_left or 0, full_balls)
    down = max(ALL_WICKETS - innings.wickets_left, 0)  # whom a small side lacks counts as out
    ahead = _ahead(left, down, full_balls)
    engine = _limited(from_engine.engine)
    momentum, falling = recent_form(innings)
    spread = max(from_engine.total_spread, 1.0)
    return (
        engine,
        _limited(from_engine.engine_prior),
        engine * ahead,
        engine * abs(engine) / 4.0,
        engine * down / 10.0,
        ahead,
        down / 10.0,
        from_history.elo / 100.0,
        from_history.elo / 100.0 * ahead,
        from_history.tilt_gap,
        from_history.tilt_gap * ahead,
        from_history.tilt_prior,
        from_engine.tilt_learned,
        (from_engine.total_mean - from_engine.total_expected) / spread,
        momentum,
        falling,
        from_history.level / 10.0,
    )


def rounded(values: tuple[float, ...]) -> tuple[float, ...]:
    """The inputs as they are served and learned: rounded, so that a question stays small.

    Equal to `round`, to the bit, and three times as fast: a quotient of two whole numbers is the
    float nearest to its decimals. Ties, zeros and what is not finite are left to `round` itself.

    >>> rounded((0.123456789, 2.5e-6, -1e-9))
    (0.12346, 0.0, -0.0)
    """
    short = []
    for value in values:
        moved = value * PLACES
        whole = floor(moved + 0.5) if -EXACT < moved < EXACT else 0
        plain = whole and -NEAR < moved - whole < NEAR
        short.append(whole / PLACES if plain else round(value, DIGITS))
    return tuple(short)


@lru_cache(8192)
def _ahead(left: int, wickets: int, full_balls: int) -> float:
    """Share of a full innings' resources left."""
    return resources(left, wickets) / resources(full_balls, 0)


def _limited(log_odds: float) -> float:
    return min(max(log_odds, -LOG_ODDS_LIMIT), LOG_ODDS_LIMIT)


def recent_form(innings: Innings) -> tuple[float, float]:
    """Runs a ball over the last MOMENTUM_BALLS less the innings' mean, and the wickets in them.

    The runs of a ball that took a wicket are left out.
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
