"""The inputs and answers behind a forecast; a few of them become questions to learn from."""

from typing import NamedTuple

from cricket.state import Innings
from features.inputs import DIGITS, run_rate
from forecast.engine import Total
from learning.labels import Question
from learning.model.correction import Correction
from learning.model.correction_limit import sigmoid


class Inference(NamedTuple):
    """What went into a forecast of an open match, and what came out of it.

    `raw` is the engine's log odds, `win` the chance that is served, `total` the engine's total and
    `mean` what it was moved to; `level` is the competition's mean total, `full` the balls of an
    undisturbed innings.
    """

    innings: Innings
    inputs: tuple[float, ...]
    raw: float
    win: float
    total: Total
    mean: float
    level: float
    full: int
    correction: Correction

    def question(self) -> Question:
        """The question to be scored and learned later, with the baseline's answer to it."""
        innings, total = self.innings, self.total
        rate = run_rate(innings, self.full, self.level)
        return Question(
            innings=innings.number,
            balls=innings.balls,
            inputs=self.inputs,
            rate=rate,
            win=self.win,
            engine=sigmoid(self.raw),
            baseline=self.correction.baseline(innings.number, rate),
            total=self.mean,
            engine_total=total.mean,
            spread=round(total.spread, DIGITS),
            quantiles=tuple(map(int, total.quantiles)) if innings.number == 0 else (),
        )
