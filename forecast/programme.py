"""The exact dynamic programme: backwards from the last ball over wickets and runs.

V(b, w, n) = sum_k p_k V(b', w', n - runs_k), for b legal balls left, w wickets down, n runs
needed. An extra stays in its (b, w): V = A + p_x shift(V), solved by iterating, each round a
factor p_x (about 0.04) closer, so that ROUNDS rounds are exact to float32.
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from forecast.outcomes import EXTRA, RUNS, WICKET, Array

ROUNDS = 6
# Runs that come with a wide or a no-ball, and with a wicket (a run-out's), of recorded matches
# before 2022; T20 and ODI, men and women differ by less than 0.05 runs. Source: docs/forecast.md.
EXTRA_RUNS = ((1, 0.855), (2, 0.085), (5, 0.06))
WICKET_RUNS = ((0, 0.96), (1, 0.04))
PAD = 6  # the most runs of one ball: shifts along n are slices of a padded array

Chances = Callable[[int], Array]  # next ball with b balls left: [8, wickets, most or 1, S]


class Kind(Enum):
    """What a table holds: P(at least n more), P(exactly n - 1), E[balls left once n are made]."""

    REACH = auto()
    TIE = auto()
    SPARE = auto()


class ChaseTables(NamedTuple):
    """The tables of a chase that needs n, [balls + 1, wickets, most + 1, S].

    `win` is P(at least n more runs), `tie` P(exactly n - 1), `spare` the legal balls left at the
    win: their mean over all that can happen, none where the chase fails.
    """

    win: Array
    tie: Array
    spare: Array


def reaching(chances: Chances, balls: int, most: int) -> Array:
    """P(at least n more runs): [balls + 1, wickets, most + 1, S]."""
    return _backwards(chances, balls, most, (Kind.REACH,))[0]


def chase_tables(chances: Chances, balls: int, most: int) -> ChaseTables:
    """The tables of a chase.

    Needing fewer runs or having more wickets is never worse, since a side could always bat as
    if it needed more; where counted behaviour says otherwise the better way is taken. That holds
    for winning, and for winning with ties counted half.
    """
    win, tie, spare = _backwards(chances, balls, most, tuple(Kind))
    np.clip(win, 0.0, 1.0, out=win)
    return ChaseTables(win, np.clip(tie, 0.0, 1.0 - win), spare.astype(np.float16))


class _Scratch(NamedTuple):
    """Arrays that each ball overwrites; allocating them would take as long as the sums.

    All are [wickets, most, S]; the first two have the precision of the chances.
    """

    sum_: Array
    term: Array
    worth: Array
    part: Array


def _scratch(p: Array, most: int) -> _Scratch:
    shape = (p.shape[1], most, p.shape[3])
    wide = (np.empty(shape, p.dtype) for _ in range(2))
    narrow = (np.empty(shape, np.float32) for _ in range(2))
    return _Scratch(*wide, *narrow)


def _backwards(chances: Chances, balls: int, most: int, kinds: tuple[Kind, ...]) -> list[Array]:
    last = chances(1)
    _, wickets, _, tilts = last.shape
    scratch = _scratch(last, most)
    tables = [np.zeros((balls + 1, wickets, most + 1, tilts), np.float32) for _ in kinds]
    later = [_at_the_end(wickets, most, tilts, kind) for kind in kinds]
    for left in range(balls + 1):
        p = chances(left) if left else None
        if p is not None:
            pairs = zip(kinds, later, strict=True)
            solved = _coherent([_one_ball(p, a, scratch, _won(k, a, left)) for k, a in pairs])
            for after, value in zip(later, solved, strict=True):
                after[:wickets, PAD + 1 :] = value
        for table, after in zip(tables, later, strict=True):
            table[left] = after[:wickets, PAD:]
    return tables


def _coherent(solved: list[Array]) -> list[Array]:
    """Winning made monotone, and tying such that winning plus half of it is monotone too."""
    win, rest = _monotone(solved[0]), solved[2:]
    return [win, *(2.0 * (_monotone(win + tie / 2.0) - win) for tie in solved[1:2]), *rest]


def _at_the_end(wickets: int, most: int, tilts: int, kind: Kind) -> Array:
    """V with no ball left, [wickets + 1, PAD + most + 1, S]; the value at PAD + n needs n runs."""
    value = np.zeros((wickets + 1, PAD + most + 1, tilts), dtype=np.float32)
    if kind is Kind.TIE:
        value[:, PAD + 1] = 1.0
    elif kind is Kind.REACH:
        value[:, : PAD + 1] = 1.0
    return value


def _won(kind: Kind, after: Array, left: int) -> float | None:
    """What it is worth to have made the runs with `left` balls left, where the balls count.

    A ball that makes them leaves one ball fewer, an extra none fewer.
    """
    if kind is not Kind.SPARE:
        return None
    after[:, : PAD + 1] = left - 1
    return float(left)


def _one_ball(p: Array, after: Array, scratch: _Scratch, won: float | None = None) -> Array:
    """V of n = 1 to most, [wickets, most, S], from V one legal ball later (padded).

    `won` is what it is worth to have made the runs by an extra, if that differs from a ball.
    """
    wickets, most, _ = scratch.sum_.shape
    here = np.multiply(p[WICKET], _scored(after[1:], WICKET_RUNS, scratch), out=scratch.sum_)
    for outcome in range(WICKET):
        start = PAD + 1 - RUNS[outcome]
        here += np.multiply(p[outcome], after[:wickets, start : start + most], out=scratch.term)
    solved = after[:wickets].copy()
    if won is not None:
        solved[:, : PAD + 1] = won
    for _ in range(ROUNDS):
        extra = np.multiply(p[EXTRA], _scored(solved, EXTRA_RUNS, scratch), out=scratch.term)
        solved[:, PAD + 1 :] = np.add(here, extra, out=extra)
    return solved[:, PAD + 1 :]


def _scored(value: Array, runs: Sequence[tuple[int, float]], scratch: _Scratch) -> Array:
    """The mean of `value` (padded) after runs that come with these chances, n = 1 to most."""
    most = scratch.worth.shape[1]
    starts = ((PAD + 1 - scored, np.float32(chance)) for scored, chance in runs)
    (shifted, chance), *others = [(value[:, at : at + most], chance) for at, chance in starts]
    worth = np.multiply(shifted, chance, out=scratch.worth)
    for shifted, chance in others:
        worth += np.multiply(shifted, chance, out=scratch.part)
    return worth


def _monotone(value: Array) -> Array:
    """The smallest table above `value` that falls with runs needed and with wickets lost.

    In place, and by doubling: four times as fast as `accumulate`, which goes along one axis.
    """
    wickets, most, _ = value.shape
    reach = 1
    while reach < most:
        np.maximum(value[:, :-reach], value[:, reach:], out=value[:, :-reach])
        reach *= 2
    for down in reversed(range(wickets - 1)):
        np.maximum(value[down], value[down + 1], out=value[down])
    return value
