"""What if the next ball were a wicket, or rain took overs: the forecast after each."""

from dataclasses import dataclass

from cricket.facts import Ball, TargetRevised, Wicket
from cricket.play import fold
from cricket.state import Innings, MatchState, Refusal
from cricket.targets import target_after
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
    """One outcome that the next ball can have (of `forecast.outcomes.OUTCOMES`).

    `chance` is how likely it is now; `forecast` is the forecast after it; `chance_of_first` is the
    first-named team's chance then, ties counted half.
    """

    outcome: str
    chance: float
    forecast: Forecast
    chance_of_first: float


def what_if(forecaster: Forecaster, memory: Memory, state: MatchState) -> tuple[WhatIf, ...]:
    """The forecasts after each outcome of the ball that is due; ValueError if none is due."""
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


@dataclass(frozen=True, slots=True)
class Shortened:
    """A match whose innings has lost overs; the fields are as those of `WhatIf`.

    `target` is that of the chase, by Duckworth-Lewis, Standard Edition; None in an innings that
    sets one.
    """

    overs: int
    target: int | None
    forecast: Forecast
    chance_of_first: float


def if_overs_lost(
    forecaster: Forecaster, memory: Memory, state: MatchState, overs: int
) -> Shortened:
    """The forecast if the innings being played loses so many overs now.

    A chase after an innings that sets a target is shortened likewise. ValueError if the innings has
    not more overs left than that.
    """
    innings = state.current
    left = innings.balls_left if innings is not None and not innings.over_reason else None
    if innings is None or not left or overs * innings.per_over >= left:
        raise ValueError(f"the innings has no {overs} overs to lose and still go on")
    balls = innings.balls + left - overs * innings.per_over
    target = target_after(state, balls)
    after = fold(state, TargetRevised(innings.number, target=target, balls=balls))
    if isinstance(after, Refusal):
        raise ValueError(f"{overs} overs lost: {after.reason}")  # noqa: TRY004  a value, not a type
    forecast = forecaster.look(memory, after)
    return Shortened(overs, target, forecast, chance_of_first(after, forecast))


def leverage(answers: tuple[WhatIf, ...]) -> float:
    """The leverage of the ball that is due: the chance's standard deviation over its outcomes."""
    return spread([w.chance for w in answers], [w.chance_of_first for w in answers])


def hypothetical_ball(outcome: int, memory: Memory, state: MatchState, innings: Innings) -> Ball:
    """The ball that is due, with one of OUTCOMES; the usual next batter or bowler plays it."""
    batting, bowling, _ = memory.sides(state, innings)
    over_ended = innings.over_done
    yet_to_bat = _yet_to_bat(batting, innings)
    ends = [
        end or (yet_to_bat.pop(0) if yet_to_bat else NEXT_BATTER)
        for end in (innings.striker, innings.non_striker)
    ]
    bowler = innings.bowler
    if over_ended or not bowler:
        bowler = _next_bowler(bowling, innings)
    return Ball(
        innings=innings.number,
        over=innings.over + 1 if over_ended else innings.over,
        position=0 if over_ended else innings.position + 1,
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
    """The one with most of his usual balls left, of those who did not bowl the last over."""
    left = {
        s.player: s.balls - (innings.bowlers[s.player].balls if s.player in innings.bowlers else 0)
        for s in bowling
        if s.player != innings.bowler
    }
    return max(left, key=lambda player: left[player], default=NEXT_BOWLER)
