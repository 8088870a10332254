"""Duckworth-Lewis resources, Standard Edition, in closed form.

Z(u, w) = Z0(w) * (1 - exp(-b(w) * u)): per cent of a full 50-over innings left with u overs to
go and w wickets lost. The top level plays the proprietary Stern edition: never call this official.
"""

from functools import lru_cache
from math import exp

Z0 = (134.10, 118.53, 101.91, 84.45, 66.99, 50.28, 35.12, 21.99, 11.91, 4.70)
DECAY = (*(3.674 / z for z in Z0[:9]), 0.763)


@lru_cache(4096)
def resources(balls_left: int, wickets: int) -> float:
    """Per cent of a 50-over innings' resources; 0 at ten wickets.

    >>> round(resources(300, 0), 1), round(resources(120, 0), 1)
    (100.0, 56.6)
    """
    if wickets >= len(Z0) or balls_left <= 0:
        return 0.0
    return Z0[wickets] * (1.0 - exp(-DECAY[wickets] * balls_left / 6.0))


def used(balls_left: int, wickets: int, full_balls: int) -> float:
    """The share of an innings of `full_balls` that is gone, from 0 to 1."""
    return 1.0 - resources(balls_left, wickets) / resources(full_balls, 0)
