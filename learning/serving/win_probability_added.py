"""The story of a match in win probability added: its turning points and who turned it."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from cricket.state import MatchState
from learning.serving.forecast import Forecast, chance_of_first
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.training.backtest import labels_of


@dataclass(frozen=True, slots=True)
class Turn:
    """A ball and what it did: `added` to the first-named team's chance, which it left at `chance`.

    Chances are of winning, ties counted half. `state` is after the ball.
    """

    state: MatchState
    ball: Ball
    added: float
    chance: float


def turns(match: RecordedMatch, forecaster: Forecaster) -> list[Turn]:
    """Every ball of a recorded match; facts against the laws are left out, as in life."""
    found: list[Turn] = []

    def watch(_: RecordedMatch, __: Memory, state: MatchState, ball: Ball, said: Forecast) -> None:
        batting_first_named = _batting(state) == match.fixture.teams[0]
        added = said.win_added if batting_first_named else -said.win_added
        found.append(Turn(state, ball, added, chance_of_first(state, said)))

    deque(labels_of(match, forecaster, watch), maxlen=0)
    return found


def turning_points(found: Iterable[Turn], count: int) -> list[Turn]:
    """The balls that moved the chance most, in the order they were bowled."""
    told = list(found)
    chosen = sorted(range(len(told)), key=lambda i: -abs(told[i].added))[:count]
    return [told[i] for i in sorted(chosen)]


def credits(found: Iterable[Turn]) -> dict[str, float]:  # noqa: A001  the trade's word
    """Win probability added by each player for his side, by `shares`."""
    return shares((t.ball.batter, t.ball.bowler, _for_batting(t)) for t in found)


def _for_batting(turn: Turn) -> float:
    """What the ball added to the side that batted."""
    first_named = _batting(turn.state) == turn.state.fixture.teams[0]
    return turn.added if first_named else -turn.added


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
