"""What earlier matches say of the next one: tilts of teams, grounds, competitions; Elo; means.

The tilt shown by an innings is taken as the sum of independent effects (the competition, the
ground, the side that bats, the side that bowls) and the day's noise. Each effect is a normal
belief (mean, variance), moved by its share of the surprise: a Kalman filter without the
covariances. The variances add up to the honest spread of the next innings' prior.
"""

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cricket.facts import Fixture

Effect = tuple[float, float]  # mean and variance of a tilt


class Kind(NamedTuple):
    """How far effects of a kind lie apart (variance), and how much one drifts a match."""

    variance: float
    drift: float


KINDS = {
    "level": Kind(0.02, 1e-5),
    "event": Kind(0.010, 5e-5),
    "ground": Kind(0.010, 5e-5),
    "bat": Kind(0.020, 2e-4),
    "bowl": Kind(0.020, 2e-4),
}
DAY = 0.03  # variance of the day's own conditions and form
START_RATING = 1500.0
SWIFT, SLOW, SETTLED = 40.0, 24.0, 10.0  # Elo steps: new team's extra, settled team's, matches
MEAN_MATCHES = 150.0  # the memory of a mean total, in matches
PRIOR_MATCHES = 10.0  # the overall mean counts as so many matches of a competition


@dataclass(frozen=True, slots=True)
class History:
    """All of one model key. `ratings` and `means` hold (value, matches).

    `scale` is how far tilts of the format lie apart, in variance, relative to a T20's.
    """

    scale: float = 1.0
    absorbed: int = 0
    effects: dict[str, Effect] = field(default_factory=dict)
    ratings: dict[str, tuple[float, float]] = field(default_factory=dict)
    means: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draw:
    """What a match takes from history.

    Tilts are (mean, spread) of s when the fixture's first or second team bats: first, or in a
    chase. `elo` is the first team's less the second's; levels are mean totals in runs, of the
    competition and of all.
    """

    tilts: tuple[Effect, Effect]
    chase_tilts: tuple[Effect, Effect]
    elo: float
    level: float
    format_level: float


def competition(event: str) -> str:
    """A competition's name without its years and numbers.

    >>> competition("Indian Premier League 2023/24")
    'indian premier league'
    """
    return re.sub(r"[\d/]+", "", event).strip().lower()


def ground(venue: str) -> str:
    """A ground's name without its town: feeds write it with and without."""
    return venue.split(",", maxsplit=1)[0].strip().lower()


def effects_of(event: str, venue: str, sides: tuple[str, str], innings: int) -> tuple[str, ...]:
    """The names of the effects that make up an innings' tilt; `sides` bat and bowl in it."""
    return (
        f"level:{min(innings, 1)}",
        f"event:{competition(event)}",
        f"ground:{ground(venue)}",
        f"bat:{sides[0]}",
        f"bowl:{sides[1]}",
    )


def kind_of(name: str) -> Kind:
    """The kind of an effect, which its name begins with."""
    return KINDS[name.partition(":")[0]]


def effect(history: History, name: str) -> Effect:
    """What is known of an effect; nothing is known of a new one but its kind's spread."""
    found = history.effects.get(name)
    return (0.0, kind_of(name).variance * history.scale) if found is None else found


def expected(history: History, names: tuple[str, ...]) -> Effect:
    """Mean and variance of an innings' tilt, the day's included."""
    known = [effect(history, name) for name in names]
    variance = sum(variance for _, variance in known) + DAY * history.scale
    return sum(mean for mean, _ in known), variance


def rating(history: History, team: str) -> float:
    """The team's Elo rating."""
    return history.ratings.get(team, (START_RATING, 0.0))[0]


def mean_total(history: History, event: str, overall: float) -> float:
    """The competition's mean first innings, drawn towards the overall mean."""
    mean, matches = history.means.get(competition(event), (overall, 0.0))
    return (mean * matches + overall * PRIOR_MATCHES) / (matches + PRIOR_MATCHES)


def draw(history: History, fixture: Fixture, format_level: float) -> Draw:
    """What the match takes from history; `format_level` stands in where no total was seen."""
    first, second = fixture.teams
    overall = history.means.get("", (format_level, 0.0))[0]
    return Draw(
        tilts=_tilts(history, fixture, 0),
        chase_tilts=_tilts(history, fixture, 1),
        elo=rating(history, first) - rating(history, second),
        level=mean_total(history, fixture.event, overall),
        format_level=overall,
    )


def _tilts(history: History, fixture: Fixture, innings: int) -> tuple[Effect, Effect]:
    one, other = fixture.teams
    return (
        _spread(expected(history, effects_of(fixture.event, fixture.venue, (one, other), innings))),
        _spread(expected(history, effects_of(fixture.event, fixture.venue, (other, one), innings))),
    )


def _spread(known: Effect) -> Effect:
    mean, variance = known
    return mean, variance**0.5


def absorb_tilt(history: History, names: tuple[str, ...], shown: Effect) -> History:
    """History after an innings that showed a tilt (mean, variance of the measurement)."""
    mean, variance = expected(history, names)
    whole = variance + shown[1]
    effects = dict(history.effects)
    for name in names:
        known, spread = effect(history, name)
        share, drift = spread / whole, kind_of(name).drift * history.scale
        effects[name] = (known + share * (shown[0] - mean), spread * (1.0 - share) + drift)
    return replace(history, effects=effects)


def absorb_total(history: History, event: str, total: float) -> History:
    """History after an undisturbed first innings."""
    means = dict(history.means)
    for name in {competition(event), ""}:
        mean, matches = means.get(name, (total, 0.0))
        matches = min(matches + 1.0, MEAN_MATCHES)
        means[name] = (mean + (total - mean) / matches, matches)
    return replace(history, means=means)


def absorb_result(history: History, teams: tuple[str, str], points: float) -> History:
    """History after a result: `points` of the first-named team, 1, 0.5 or 0 (Elo)."""
    gap = rating(history, teams[0]) - rating(history, teams[1])
    surprise = points - 1.0 / (1.0 + 10.0 ** (-gap / 400.0))
    ratings = dict(history.ratings)
    for team, sign in zip(teams, (1.0, -1.0), strict=True):
        value, matches = ratings.get(team, (START_RATING, 0.0))
        step = SLOW + SWIFT / (1.0 + matches / SETTLED)
        ratings[team] = (value + sign * step * surprise, matches + 1.0)
    return replace(history, absorbed=history.absorbed + 1, ratings=ratings)
