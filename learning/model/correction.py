"""River's correction of the engine, and the run-rate baseline that is served beside it."""

from collections.abc import Mapping, Sequence

from forecast.engine import Total
from learning.model.correction_limit import UNTRIED, Losses, corrected, limit, sigmoid, trust
from learning.model.interval_widths import UNTRIED as EVEN
from learning.model.interval_widths import Widths, stage, stretched
from learning.model.linear import Linear, Served

MOST_SPREADS = 1.0  # the shift of the projected total, in spreads of the engine's
SIDES = ("first", "chase")


class Correction:
    """The linear models of a snapshot, ready to score."""

    def __init__(
        self, models: Mapping[str, Linear], losses: Mapping[str, Losses], widths: Widths = EVEN
    ) -> None:
        self._widths = widths
        self._win = tuple(Served(models[f"win_{side}"]) for side in SIDES)
        self._rate = tuple(Served(models[f"rate_{side}"]) for side in SIDES)
        self._most = tuple(limit(losses.get(side, UNTRIED)) for side in SIDES)
        self._total = Served(models["total_first"])

    def odds(self, innings: int, inputs: Sequence[float], engine: float, ahead: float) -> float:
        """Log odds of the batting side; `ahead` is the share of the innings' balls left.

        `engine` must be within the limits of the inputs, as it is in `inputs`.
        """
        model = self._win[innings]
        raw, weight = model.raw(inputs), trust(model.answers)
        return corrected(engine, raw, ahead, self._most[innings], weight)

    def parts(self, innings: int, inputs: Sequence[float]) -> tuple[float, ...]:
        """What each input adds to the regression's log odds, counted from its usual value."""
        return self._win[innings].parts(inputs)

    def shift(self, inputs: Sequence[float]) -> float:
        """How far the first innings' projected total moves, in spreads of the engine's."""
        shift = self._total.raw(inputs) * trust(self._total.answers)
        return min(max(shift, -MOST_SPREADS), MOST_SPREADS)

    def total(self, engine: Total, mean: float, left: float, least: float) -> Total:
        """The first innings' total as it is served: moved to `mean`, with adapted interval widths.

        `left` is the share of the balls left, `least` the runs already scored.
        """
        logs = self._widths[stage(left)]
        quantiles = stretched(engine.quantiles, engine.mean, mean, logs, least)
        return Total(max(mean, least), engine.spread, quantiles)

    def baseline(self, innings: int, rate: float) -> float:
        """The run-rate baseline's chance of the batting side."""
        return sigmoid(self._rate[innings].raw((rate,)))
