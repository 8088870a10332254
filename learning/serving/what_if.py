"""What if the next ball were a wicket: the forecast after each thing that it can be."""

from dataclasses import dataclass

from cricket.facts import Ball, Wicket
from cricket.play import fold
from cricket.state import Innings, MatchState, Refusal
from features.lineup import Lineup
from forecast.leverage import spread
from forecast.outcomes import EXTRA, OUTCOMES, RUNS, WICKET
from learning.serving.forecast import Forecast, chance_of_first
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import Step, answer

NEXT_BATTER, NEXT_BOWLER = "the next batter", "the next bowler"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One thing that the next ball can be (of `forecast.outcomes.OUTCOMES`).

    `chance` is how likely it is now; `forecast` what would be said after it; `chance_of_first`
    the first-named team's chance then, ties counted half.
    """

    outcome: str
    chance: float
    forecast: Forecast
    chance_of_first: float


def what_if(forecaster: Forecaster, memory: Memory, state: MatchState) -> tuple[WhatIf, ...]:
    """Everything that the ball that is due can be; ValueError if none is due."""
    innings = state.current
    now = forecaster.look(memory, state)
    if innings is None or not now.next_ball:
        raise ValueError("no ball is due")
    answers = []
    for number, outcome in enumerate(OUTCOMES):
        ball = hypothetical_ball(number, memory, state, innings)
        after = fold(state, ball)
        if isinstance(after, Refusal):
            raise ValueError(f"{outcome}: {after.reason}")  # noqa: TRY004  a value, not a type
        forecast = answer(lambda: forecaster, memory, Step(state, after, ball)).forecast
        assert forecast is not None
        chance = chance_of_first(after, forecast)
        answers.append(WhatIf(outcome, now.next_ball[outcome], forecast, chance))
    return tuple(answers)


def leverage(answers: tuple[WhatIf, ...]) -> float:
    """How much hangs on the ball: the standard deviation of the chance over what it can be."""
    return spread([w.chance for w in answers], [w.chance_of_first for w in answers])


def hypothetical_ball(outcome: int, memory: Memory, state: MatchState, innings: Innings) -> Ball:
    """The ball that is due, as one of OUTCOMES; who comes in or bowls next is who usually does."""
    batting, bowling, _ = memory.sides(state, innings)
    ended = innings.legal >= innings.per_over
    fresh = _yet_to_bat(batting, innings)
    ends = [
        end or (fresh.pop(0) if fresh else NEXT_BATTER)
        for end in (innings.striker, innings.non_striker)
    ]
    bowler = innings.bowler
    if ended or not bowler:
        bowler = _next_bowler(bowling, innings)
    return Ball(
        innings=innings.number,
        over=innings.over + 1 if ended else innings.over,
        position=0 if ended else innings.position + 1,
        batter=ends[0],
        non_striker=ends[1],
        bowler=bowler,
        runs=RUNS[outcome] if outcome not in {WICKET, EXTRA} else 0,
        wides=int(outcome == EXTRA),
        wickets=(Wicket("caught", ends[0]),) if outcome == WICKET else (),
    )


def _yet_to_bat(batting: Lineup, innings: Innings) -> list[str]:
    return [s.player for s in batting if s.player not in innings.batters]


def _next_bowler(bowling: Lineup, innings: Innings) -> str:
    """Of those who did not bowl the last over, the one with most of his usual overs to come."""
    left = {
        s.player: s.balls - (innings.bowlers[s.player].balls if s.player in innings.bowlers else 0)
        for s in bowling
        if s.player != innings.bowler
    }
    return max(left, key=lambda player: left[player], default=NEXT_BOWLER)
