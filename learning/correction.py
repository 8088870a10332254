"""What River adds to the engine, and the run-rate baseline that is served beside it."""

from collections.abc import Sequence
from math import exp

from learning.linear import Linear, Served

# The correction of the log odds, at most: chosen on matches before 2022 (docs/forecast.md). The
# engine misjudges women's chases more than a small correction can mend.
MOST_ODDS = {"t20-female": 1.5}
USUAL_MOST_ODDS = 0.6
MOST_SPREADS = 1.0  # the shift of the projected total, in spreads of the engine's
FADING = 0.1  # over this last share of an innings the correction vanishes: the ends are exact
TRUSTED = 4000  # answers after which a model has its full say: about 200 matches


class Correction:
    """The linear models of a snapshot, ready to score."""

    def __init__(self, key: str, models: dict[str, Linear]) -> None:
        self._most = MOST_ODDS.get(key, USUAL_MOST_ODDS)
        self._win = (Served(models["win_first"]), Served(models["win_chase"]))
        self._rate = (Served(models["rate_first"]), Served(models["rate_chase"]))
        self._total = Served(models["total_first"])

    def odds(self, innings: int, inputs: Sequence[float], engine: float, ahead: float) -> float:
        """Log odds of the batting side; `ahead` is the share of the innings' balls left.

        `engine` must be within the inputs' limits, as `inputs` holds it too.
        """
        model = self._win[innings]
        gap = min(max(model.raw(inputs) - engine, -self._most), self._most)
        return engine + gap * min(ahead / FADING, 1.0) * _trust(model)

    def shift(self, inputs: Sequence[float]) -> float:
        """How many spreads the first innings' projected total moves."""
        moved = self._total.raw(inputs) * _trust(self._total)
        return min(max(moved, -MOST_SPREADS), MOST_SPREADS)

    def baseline(self, innings: int, rate: float) -> float:
        """The run-rate baseline's chance of the batting side."""
        return sigmoid(self._rate[innings].raw((rate,)))


def _trust(model: Served) -> float:
    return min(model.answers / TRUSTED, 1.0)


def sigmoid(log_odds: float) -> float:
    """The chance of log odds."""
    return 1.0 / (1.0 + exp(-log_odds)) if log_odds > -500.0 else 0.0
