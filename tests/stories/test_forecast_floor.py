"""The gate: on a fixed slice, learned online from nothing, no task may fall below its floor."""

from functools import cache
from math import log
from statistics import fmean

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from forecast.outcomes import OUTCOMES, outcome_of
from learning.model.prequential import Tally, metrics
from learning.serving.forecast import Forecast
from learning.serving.memory import Memory
from learning.serving.replay import Step
from learning.training.backtest import train
from producers.simulator import season

MATCHES = 160


class NextBall:
    """The log loss of the next-ball chances, and of the slice's own shares in hindsight."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.outcomes: list[int] = []
        self._forecasts: dict[str, Forecast] = {}

    def __call__(
        self, match: RecordedMatch, step: Step, memory: Memory, forecast: Forecast
    ) -> None:
        del memory
        assert isinstance(step.fact, Ball)
        before, outcome = self._forecasts.get(match.id), outcome_of(step.fact)
        if before is not None and before.next_ball:
            self.losses.append(-log(before.next_ball[OUTCOMES[outcome]]))
            self.outcomes.append(outcome)
        self._forecasts[match.id] = forecast

    @property
    def hindsight(self) -> float:
        shares = [self.outcomes.count(k) / len(self.outcomes) for k in range(len(OUTCOMES))]
        return -sum(share * log(share) for share in shares if share)


@cache
def learned() -> tuple[Tally, NextBall]:
    watched = NextBall()
    snapshot = train("t20-male", season(MATCHES, seed=11, size=6), watch=watched)
    return metrics(snapshot.scores).window, watched


def test_the_win_probability_beats_the_run_rate_and_the_coin() -> None:
    window, _ = learned()
    assert window.log_loss < 0.27  # 0.242 when it was set, the run rate 0.556, a coin 0.693
    assert window.log_loss < window.engine


def test_the_projected_total_is_within_its_floor() -> None:
    window, _ = learned()
    assert window.error < 13.3  # runs; 12.5 when it was set


def test_the_next_ball_beats_the_shares_known_in_hindsight() -> None:
    _, watched = learned()
    half = len(watched.losses) // 2
    # 0.019 below it when this was set
    assert fmean(watched.losses[half:]) < watched.hindsight - 0.012
