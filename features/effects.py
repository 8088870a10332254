"""What tilts an innings: independent effects of level, competition, ground, sides and players.

Each effect is a normal belief (mean, variance) about a tilt s of the next-ball chances
(`forecast.outcomes`). The balls of an innings move all the effects that acted on them together,
by one Newton step of the balls' likelihood with the beliefs as the prior; afterwards the effects
count as independent again, as in an extended Kalman filter that keeps only its diagonal.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Effect = tuple[float, float]  # mean and variance of a tilt
Effects = Mapping[str, Effect]
Duel = tuple[str, str]  # who faced a ball and who bowled it
Numbers = NDArray[np.float64]

DIGITS = 7  # of an effect's numbers: a snapshot holds exactly what learning goes on from


class Kind(NamedTuple):
    """How far effects of a kind lie apart, and how far one drifts in a match, both in variance."""

    variance: float
    drift: float


KINDS = {
    "level": Kind(0.02, 1e-5),
    "event": Kind(0.010, 5e-5),
    "ground": Kind(0.010, 5e-5),
    "bat": Kind(0.015, 2e-4),
    "bowl": Kind(0.015, 2e-4),
    "batter": Kind(0.025, 2e-4),
    "bowler": Kind(0.020, 2e-4),
    "day": Kind(0.02, 0.0),
}
DAY = "day:"  # the day's own conditions and form, unknown before its match
TRUST = 0.45  # of a ball's likelihood: balls of an innings are not independent


def competition(event: str) -> str:
    """A competition's name without its years and numbers.

    >>> competition("Indian Premier League 2023/24")
    'indian premier league'
    """
    return re.sub(r"[\d/]+", "", event).strip().lower()


def ground(venue: str) -> str:
    """A ground's name without its town, which not all feeds write."""
    return venue.split(",", maxsplit=1)[0].strip().lower()


def effects_of(event: str, venue: str, sides: tuple[str, str], innings: int) -> tuple[str, ...]:
    """The names of the effects on all balls of an innings; `sides` bat and bowl in it."""
    return (
        f"level:{min(innings, 1)}",
        f"event:{competition(event)}",
        ground_effect(venue),
        f"bat:{sides[0]}",
        f"bowl:{sides[1]}",
    )


def ground_effect(venue: str) -> str:
    """The name of a ground's effect."""
    return f"ground:{ground(venue)}"


def batter(player: str) -> str:
    """The name of a batter's effect."""
    return f"batter:{player}"


def bowler(player: str) -> str:
    """The name of a bowler's effect, which is on the tilt of the side that bats."""
    return f"bowler:{player}"


def kind_of(name: str) -> Kind:
    """The kind of an effect, which its name begins with."""
    return KINDS[name.partition(":")[0]]


def effect(effects: Effects, name: str, scale: float) -> Effect:
    """The belief about an effect; about a new one, mean 0 and the variance of its kind."""
    known = effects.get(name)
    return (0.0, kind_of(name).variance * scale) if known is None else known


def expected(effects: Effects, names: Sequence[str], scale: float) -> Effect:
    """Mean and variance of an innings' tilt, the day's effect included."""
    known = [effect(effects, name, scale) for name in (*names, DAY)]
    return sum(mean for mean, _ in known), sum(variance for _, variance in known)


class Design(NamedTuple):
    """Which effects acted on which ball: their names and a matrix of 0 and 1, [balls, effects]."""

    names: tuple[str, ...]
    acted: Numbers


def design(shared: Sequence[str], duels: Sequence[Duel]) -> Design:
    """The design of an innings: `shared` and the day act on every ball; "" is an unknown player."""
    players = [(batter(bat) if bat else "", bowler(bowl) if bowl else "") for bat, bowl in duels]
    by_player = dict.fromkeys(name for pair in players for name in pair if name)
    names = (*shared, DAY, *by_player)
    place = {name: number for number, name in enumerate(names)}
    acted = np.zeros((len(duels), len(names)))
    acted[:, : len(shared) + 1] = 1.0
    for row, pair in enumerate(players):
        acted[row, [place[name] for name in pair if name]] = 1.0
    return Design(names, acted)


def tilts(effects: Effects, acting: Design, scale: float) -> Numbers:
    """The tilt that was expected of each ball, [balls]."""
    means = np.array([effect(effects, name, scale)[0] for name in acting.names])
    result: Numbers = acting.acted @ means
    return result


def updated_effects(
    effects: Effects,
    acting: Design,
    slopes: tuple[Numbers, Numbers],
    scale: float,
    restless: float = 1.0,
) -> dict[str, Effect]:
    """The effects after an innings that they acted in; they drift `restless` times the usual.

    `slopes` are surprise and information, [balls]: a ball's gradient and curvature of its log
    likelihood at the expected tilt (`forecast.tables.surprises`).
    """
    surprise, information = slopes
    known = [effect(effects, name, scale) for name in acting.names]
    means, variances = np.array(known).T
    precision = (acting.acted * (TRUST * information)[:, None]).T @ acting.acted
    precision[np.diag_indices_from(precision)] += 1.0 / variances
    covariance = np.linalg.inv(precision)
    means = means + covariance @ (TRUST * (surprise @ acting.acted))
    spreads = np.diag(covariance).tolist()
    pace = scale * restless
    return {
        name: (round(mean, DIGITS), round(spread + kind_of(name).drift * pace, DIGITS))
        for name, mean, spread in zip(acting.names, means.tolist(), spreads, strict=True)
        if name != DAY
    }
