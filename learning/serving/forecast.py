"""The forecast of a match as it stands, and the chances that it is put together from."""

from math import log

import msgspec
from msgspec.structs import replace

from cricket.state import MatchState
from forecast.engine import ChaseEnd, Total
from forecast.outcomes import OUTCOMES
from learning.labels import Question
from learning.serving.exact_result import Result
from learning.serving.question import Inference

SMALL = 1e-9  # chances below it count as none: no correction raises them again


class Forecast(msgspec.Struct, frozen=True, gc=False):
    """The batting side's view of the innings being played or played last.

    `win`, `tie` and `lose` are of the match proper (of the super over, in one) and sum to 1; the
    total's mean and quantiles are in runs; `next_ball` by outcome, empty when none is due.
    `win_added` is what the last ball did to the batting side's chance, ties counted half;
    `leverage` is the standard deviation of that chance over what the next ball can be, 0 when
    none is due; `chase` is how a chase that is open is likely to end; `inference` holds the inputs
    and answers behind it, None when the match is decided and in a super over.
    """

    win: float
    tie: float
    lose: float
    total_mean: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    next_ball: dict[str, float]
    win_added: float = 0.0
    leverage: float = 0.0
    inference: Inference | None = None
    chase: ChaseEnd | None = None

    def question(self) -> Question | None:
        """The question that this forecast answers; None where the innings is over or decided."""
        if self.inference is None or self.inference.innings.over_reason:
            return None
        return self.inference.question()

    def with_chase(self, chase: ChaseEnd | None) -> "Forecast":
        """The forecast with how the chase is likely to end, if it is one."""
        return self if chase is None else replace(self, chase=chase)

    def with_added(self, added: float) -> "Forecast":
        """The forecast with the win probability that the last ball added."""
        return replace(self, win_added=added)


def forecast(
    result: Result,
    total: Total,
    next_ball: list[float],
    inference: Inference | None = None,
    leverage: float = 0.0,
) -> Forecast:
    """Put a forecast together; `next_ball` is in the order of OUTCOMES, or empty."""
    balls = dict(zip(OUTCOMES, next_ball, strict=True)) if next_ball else {}
    q10, q25, q50, q75, q90 = total.quantiles
    return Forecast(
        *result, total.mean, q10, q25, q50, q75, q90, balls, leverage=leverage, inference=inference
    )


def slope(served: Result, engine: tuple[float, float]) -> float:
    """The factor by which a correction scales small changes of the engine's chance, at most 2.

    A correction adds to log odds, and the slope of a chance in its log odds is win times lose: the
    factor is the served slope over the engine's.
    """
    win, tie = engine
    engine_slope = win * (1.0 - win - tie)
    return min(served[0] * served[2] / engine_slope, 2.0) if engine_slope > SMALL else 1.0


def unknown(level: float) -> Forecast:
    """The forecast before anybody bats: an even match, and the format's usual total."""
    return Forecast(0.5, 0.0, 0.5, level, level, level, level, level, level, {})


def chance_of_first(state: MatchState, forecast: Forecast) -> float:
    """The first-named team's chance, ties counted half."""
    batting, innings = forecast.win + forecast.tie / 2, state.current
    at_bat = innings is None or innings.batting == state.fixture.teams[0]
    return batting if at_bat else 1.0 - batting


def log_odds(win: float, tie: float) -> float:
    """Log odds of winning in a match that is decided."""
    lose = 1.0 - win - tie
    return log(max(win, SMALL) / max(lose, SMALL))


def split(win: float, tie: float) -> Result:
    """Win, tie and lose from the chance of winning in a decided match and that of a tie."""
    won = (1.0 - tie) * win
    return won, tie, max(1.0 - tie - won, 0.0)


def engine_result(win: float, tie: float) -> Result:
    """The result by the engine's chances, whose sum may exceed 1 slightly in single precision."""
    won = min(win, 1.0 - tie)
    return won, tie, 1.0 - tie - won
