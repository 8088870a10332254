"""The measures of a format: balls, the furthest total, the grid of tilts, the rate buckets."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forecast.outcomes import Array

WICKETS = 10
BALLS_PER_OVER = 6
LAST_BALLS = 3  # a side that needs two off the last ball runs for anything: each has its own phase


@dataclass(frozen=True)
class Shape:
    """The measures of one format.

    `most` is the largest number of runs still to come that the tables know; `rates` are the
    centres of the required-rate buckets, in runs an over; `tilts` are the S values of s, evenly
    apart. `temper` is the part of a ball's likelihood that counts for s (balls of a match are
    less independent than the chances say), `carried` the share of what the first innings taught
    that holds in the chase. Both were chosen on matches before 2022 (docs/forecast.md).
    """

    balls: int
    most: int
    tilts: tuple[float, ...]
    rates: tuple[float, ...]
    temper: float
    carried: float

    @cached_property
    def step(self) -> float:
        """The distance between two tilts."""
        return self.tilts[1] - self.tilts[0]

    @cached_property
    def overs(self) -> int:
        """Overs of an undisturbed innings."""
        return self.balls // BALLS_PER_OVER

    @cached_property
    def grid(self) -> Array:
        """The tilts, [S]."""
        return np.array(self.tilts, dtype=np.float32)

    @cached_property
    def position(self) -> Array:
        """Where a required rate lies among the buckets: [balls left, runs needed], 0 to B - 1."""
        left = np.maximum(np.arange(self.balls + 1), 1)[:, None]
        required = np.arange(self.most + 1)[None, :] * float(BALLS_PER_OVER) / left
        places = np.interp(required, self.rates, np.arange(len(self.rates)))
        result: Array = places.astype(np.float32)
        return result

    @cached_property
    def phases(self) -> int:
        """Overs, the last three balls of an innings counting as phases of their own."""
        return self.overs + LAST_BALLS

    def phase(self, balls_left: int) -> int:
        """The phase of the ball due, by the balls left; a shortened innings lacks early ones."""
        if balls_left <= LAST_BALLS:
            return self.phases - max(balls_left, 1)
        return min(max((self.balls - balls_left) // BALLS_PER_OVER, 0), self.overs - 1)


T20 = Shape(
    balls=120,
    most=300,
    tilts=tuple(round(-1.0 + 0.25 * i, 2) for i in range(9)),
    rates=(4.0, 5.5, 7.0, 8.5, 10.0, 12.0, 15.0, 20.0, 27.0, 36.0),
    temper=0.3,
    carried=0.35,
)
ODI = Shape(
    balls=300,
    most=380,
    tilts=tuple(round(-0.5 + 0.125 * i, 3) for i in range(9)),
    rates=(2.5, 3.5, 4.5, 5.5, 6.5, 8.0, 10.5, 15.0, 22.0, 36.0),
    temper=0.5,
    carried=0.5,
)
SHAPES = {"T20": T20, "ODI": ODI}
