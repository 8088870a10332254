"""The exact dynamic programme: backwards from the last ball over wickets and runs.

V(b, w, n) = sum_k p_k V(b', w', n - runs_k), for b legal balls left, w wickets down, n runs
needed. An extra stays in its (b, w): V = A + p_x shift(V), solved by iterating, each round a
factor p_x (about 0.04) closer, so that ROUNDS rounds are exact to float32.
"""

from collections.abc import Callable

import numpy as np

from forecast.outcomes import EXTRA, RUNS, WICKET, Array

ROUNDS = 6
PAD = 6  # the most runs of one ball: shifts along n are slices of a padded array

Chances = Callable[[int], Array]  # next ball with b balls left: [8, wickets, most or 1, S]


def reaching(chances: Chances, balls: int, most: int) -> Array:
    """P(at least n more runs): [balls + 1, wickets, most + 1, S]."""
    return _backwards(chances, balls, most, ties=False)[0]


def reaching_and_tying(chances: Chances, balls: int, most: int) -> tuple[Array, Array]:
    """P(at least n more runs) and P(exactly n - 1), which ties a match that needs n.

    Needing fewer runs or having more wickets is never worse, since a side could always bat as
    if it needed more; where counted behaviour says otherwise the better way is taken.
    """
    reach, tie = _backwards(chances, balls, most, ties=True)
    np.clip(reach, 0.0, 1.0, out=reach)
    return reach, np.clip(tie, 0.0, 1.0 - reach).astype(np.float16)


def _backwards(chances: Chances, balls: int, most: int, *, ties: bool) -> list[Array]:
    _, wickets, _, tilts = chances(1).shape
    kinds = 2 if ties else 1
    tables = [np.zeros((balls + 1, wickets, most + 1, tilts), np.float32) for _ in range(kinds)]
    later = [_at_the_end(wickets, most, tilts, tie=kind == 1) for kind in range(kinds)]
    for left in range(balls + 1):
        p = chances(left) if left else None
        for kind, (table, after) in enumerate(zip(tables, later, strict=True)):
            if p is not None:
                solved = _one_ball(p, after, most)
                after[:wickets, PAD + 1 :] = solved if kind else _monotone(solved)
            table[left] = after[:wickets, PAD:]
    return tables


def _at_the_end(wickets: int, most: int, tilts: int, *, tie: bool) -> Array:
    """V with no ball left, [wickets + 1, PAD + most + 1, S]: at PAD + n stands what needs n."""
    value = np.zeros((wickets + 1, PAD + most + 1, tilts), dtype=np.float32)
    if tie:
        value[:, PAD + 1] = 1.0
    else:
        value[:, : PAD + 1] = 1.0
    return value


def _one_ball(p: Array, after: Array, most: int) -> Array:
    """V of n = 1 to most, [wickets, most, S], from V one legal ball later (padded)."""
    wickets = p.shape[1]
    here: Array = p[WICKET] * after[1:, PAD + 1 :]
    for outcome in range(WICKET):
        start = PAD + 1 - RUNS[outcome]
        here += p[outcome] * after[:wickets, start : start + most]
    solved = here.copy()
    first = after[:wickets, PAD : PAD + 1]
    for _ in range(ROUNDS):
        one_less = np.concatenate((first, solved[:, :-1]), axis=1)
        solved = here + p[EXTRA] * one_less
    return solved


def _monotone(value: Array) -> Array:
    """The smallest table above `value` that falls with runs needed and with wickets lost."""
    value = np.maximum.accumulate(value[:, ::-1], axis=1)[:, ::-1]
    result: Array = np.maximum.accumulate(value[::-1], axis=0)[::-1]
    return result
