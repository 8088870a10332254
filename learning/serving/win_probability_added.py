"""Win probability added: the turning points of a match, and each player's part in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from cricket.state import MatchState
from learning.serving.forecast import chance_of_first
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replay, steps


@dataclass(frozen=True, slots=True)
class BallValue:
    """A ball and its value: it `added` to the first-named team's chance, which is `chance` then.

    Chances are of winning, ties counted half. `state` is after the ball.
    """

    state: MatchState
    ball: Ball
    added: float
    chance: float


def ball_values(match: RecordedMatch, forecaster: Forecaster) -> Iterator[BallValue]:
    """Every ball of a recorded match that is not against the laws, in order."""
    for step, answer in replay(steps(match.fixture, match.facts), forecaster):
        if isinstance(step.fact, Ball) and answer.forecast is not None:
            forecast, state = answer.forecast, step.after
            first_named = _batting(state) == match.fixture.teams[0]
            added = forecast.win_added if first_named else -forecast.win_added
            yield BallValue(state, step.fact, added, chance_of_first(state, forecast))


def turning_points(balls: Iterable[BallValue], count: int) -> list[BallValue]:
    """The balls that moved the chance most, in the order they were bowled."""
    listed = list(balls)
    chosen = sorted(range(len(listed)), key=lambda i: -abs(listed[i].added))[:count]
    return [listed[i] for i in sorted(chosen)]


def credits(balls: Iterable[BallValue]) -> dict[str, float]:  # noqa: A001  the trade's word
    """Win probability added by each player for his side, by `shares`."""
    return shares((b.ball.batter, b.ball.bowler, _for_batting(b)) for b in balls)


def _for_batting(value: BallValue) -> float:
    """What the ball added to the side that batted."""
    first_named = _batting(value.state) == value.state.fixture.teams[0]
    return value.added if first_named else -value.added


def shares(balls: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """Win probability added by each player, of (batter, bowler, added to the batting side).

    What a ball adds to the batting side is its batter's gain and its bowler's loss, so that a
    side's players add up to what their side gained: from about ½ at the toss to 1 or 0.
    """
    gained: defaultdict[str, float] = defaultdict(float)
    for batter, bowler, added in balls:
        gained[batter] += added
        gained[bowler] -= added
    return dict(gained)


def _batting(state: MatchState) -> str:
    assert state.current is not None
    return state.current.batting
