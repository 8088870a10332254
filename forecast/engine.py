"""The engine: the next ball, the innings' total and the winner, from one set of tables.

Everything is seen from the batting side. Beliefs come as `forecast.belief.View`; results have one
number for each of its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import NamedTuple

import numpy as np

from forecast import leverage, tables
from forecast.belief import View, Weights, carried
from forecast.cells import cell_of
from forecast.outcomes import OUTCOMES, Array
from forecast.shape import Shape
from forecast.tables import MARGIN, At, Tables

QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
# P(at least n) falls with n, so its negative is what can be searched.
_REACHED = -(1.0 - np.array(QUANTILES, dtype=np.float32))
RARE = 1e-3  # chances below it are too coarse in the tables to divide by
REMEMBERED_MATCHES = 128  # each keeps a table of 2 x 760 x 9 numbers, what totals are worth


class Priors(NamedTuple):
    """The belief about s before a match: (mean, spread) of the two innings' tilts."""

    first: tuple[float, float]
    second: tuple[float, float]


class Chances(NamedTuple):
    """Win and tie of the batting side, one number a row of the weights."""

    win: tuple[float, ...]
    tie: tuple[float, ...]


class Total(NamedTuple):
    """The innings' total: mean, standard deviation, quantiles (QUANTILES), in runs."""

    mean: float
    spread: float
    quantiles: tuple[float, ...]


class ChaseEnd(NamedTuple):
    """How a chase is likely to end, either way; None where it cannot end so.

    `balls_left` is the mean of the legal balls left when it is won, `total` the mean of its runs
    when it fails.
    """

    balls_left: float | None
    total: float | None


@dataclass(frozen=True)
class Counts:
    """Balls counted by cell and outcome, [cells, 8]: first innings and chase."""

    first: Array
    chase: Array


class Engine:
    """The tables of one format, made from counts. Immutable in use; under 2 s to make."""

    def __init__(self, shape: Shape, counts: Counts) -> None:
        self.shape = shape
        self.regular = tables.regular(shape, counts.first, counts.chase)
        runs = np.arange(shape.most + 1, dtype=np.float32)
        self._moments = np.stack((runs > 0, np.maximum(2.0 * runs - 1.0, 0.0))).astype(np.float32)
        self._worth = lru_cache(REMEMBERED_MATCHES)(_worth)
        self._super_over = lru_cache(tables.SUPER_OVER_WICKETS)(tables.super_over)

    def super_over(self, wickets: int) -> Tables:
        """The tables of a super over that is over with so many wickets."""
        return self._super_over(self.regular, min(wickets, tables.SUPER_OVER_WICKETS))

    def kernel(self, priors: Priors) -> Weights:
        """How the chase's s follows from the first innings', [S, S]."""
        return carried(self.shape.grid, priors.first, priors.second, self.shape.carried)

    def expected(self, weights: Array) -> float:
        """Mean total of an undisturbed first innings."""
        return float((self.regular.reach[self.shape.balls, 0, 1:] @ weights[0]).sum())

    def code(self, at: At, outcome: int) -> int:
        """A ball as one number: the cell it was bowled in and its outcome."""
        cell = cell_of(self.shape, at.left, at.wickets, at.needed)
        return cell * len(OUTCOMES) + outcome

    def steps(self, tilt: float) -> float:
        """A tilt in steps of the grid."""
        return tilt / self.shape.step

    def taught(self, code: int, tilt: float, *, chase: bool) -> list[float]:
        """A ball's log likelihoods of s, [S], where its two players add `tilt` to s."""
        logs = self.regular.chase_log if chase else self.regular.first_log
        steps = min(max(self.steps(tilt), -MARGIN), MARGIN - 1e-6)
        low, size = floor(steps), len(self.shape.tilts)
        part, row = steps - low, logs[code]
        low += MARGIN
        between = row[low : low + size] * (1.0 - part) + row[low + 1 : low + 1 + size] * part
        result: list[float] = between.tolist()
        return result

    def shown(self, codes: Sequence[int], *, chase: bool) -> list[float]:
        """The log likelihoods of s of many balls together, [S], their players left out."""
        logs = self.regular.chase_log if chase else self.regular.first_log
        size = len(self.shape.tilts)
        result: list[float] = logs[list(codes), MARGIN : MARGIN + size].sum(axis=0).tolist()
        return result

    def next_ball(self, book: Tables, at: At, view: View) -> list[float]:
        """The chances of OUTCOMES for the ball that is due."""
        wickets = min(at.wickets, book.first.shape[1] - 1)
        phase, left = book.shape.phase(at.left), min(at.left, book.shape.balls)
        if at.needed is None:
            chances = book.first[phase, wickets, 0]
        else:
            place = float(book.shape.position[left, min(at.needed, book.shape.most)])
            low = min(int(place), len(book.shape.rates) - 2)
            part, row = place - low, book.chase[phase, wickets]
            chances = row[low] + part * (row[low + 1] - row[low])
        result: list[float] = (view.moved[0] @ chances).tolist()
        return result

    def batting_first(
        self, book: Tables, at: At, view: View, priors: Priors, chase_balls: int
    ) -> tuple[Chances, Total]:
        """The forecast in an innings that sets a target; the chase may last `chase_balls`."""
        worth, steps = self._worth(book, priors, min(chase_balls, book.shape.balls))[:2]
        runs = min(at.runs, book.shape.most)
        if at.left <= 0 or at.wickets >= book.reach.shape[1]:
            now = worth[:, runs] @ view.weights.T
            return Chances(*_pairs(now)), _exactly(at.runs)
        reach = book.reach[min(at.left, book.shape.balls), at.wickets]
        ahead = steps[:, runs + 1 : runs + 1 + book.shape.most]
        moved = reach[1:] @ view.shift
        now = (worth[:, runs] + np.einsum("kns,ns->ks", ahead, moved)) @ view.weights.T
        return Chances(*_pairs(now)), self._total(at.runs, reach @ view.moved[0])

    def leverage(
        self, book: Tables, at: At, view: View, priors: Priors, chase_balls: int
    ) -> list[float]:
        """The batting side's chance, ties half, after each of OUTCOMES (`forecast.leverage`)."""
        if at.needed is not None:
            return leverage.of_chase(book, at, view)
        worth = self._worth(book, priors, min(chase_balls, book.shape.balls))[2:]
        return leverage.of_innings(book, at, view, worth)

    def chasing(self, book: Tables, at: At, view: View) -> tuple[Chances, Total]:
        """The forecast of a chase that is not decided."""
        assert at.needed is not None
        left, needed = min(at.left, book.shape.balls), min(at.needed, book.shape.most)
        wickets = min(at.wickets, book.win.shape[1] - 1)
        win = book.win[left, wickets]
        now = Chances(
            tuple((view.moved @ win[needed]).tolist()),
            tuple((view.moved @ book.tie[left, wickets, needed]).tolist()),
        )
        return now, self._total(at.runs, win[: needed + 1] @ view.moved[0])

    def chase_end(self, book: Tables, at: At, view: View) -> ChaseEnd:
        """How a chase that is not decided is likely to end, if it is won and if it fails."""
        assert at.needed is not None
        left, needed = min(at.left, book.shape.balls), min(at.needed, book.shape.most)
        wickets = min(at.wickets, book.win.shape[1] - 1)
        reach = book.win[left, wickets, : needed + 1] @ view.moved[0]
        spare, won = float(book.spare[left, wickets, needed] @ view.moved[0]), float(reach[needed])
        short = float(reach[1:needed].sum()) - won * (needed - 1)  # runs made where it fails
        return ChaseEnd(
            min(spare / won, float(left)) if won > RARE else None,
            at.runs + short / (1.0 - won) if 1.0 - won > RARE else None,
        )

    def _total(self, runs: int, reach: Array) -> Total:
        """The total from P(at least n more), n from 0: E[X] and E[X^2] are sums over it."""
        mean, square = (self._moments[:, : len(reach)] @ reach).tolist()
        ends = (-reach).searchsorted(_REACHED).tolist()
        spread = max(square - mean * mean, 0.0) ** 0.5
        return Total(runs + mean, spread, tuple([float(runs + end - 1) for end in ends]))


def _pairs(win_and_tie: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    win, tie = win_and_tie.tolist()
    return tuple(win), tuple(tie)


def _exactly(runs: int) -> Total:
    return Total(float(runs), 0.0, (float(runs),) * len(QUANTILES))


def _worth(book: Tables, priors: Priors, balls: int) -> tuple[Array, Array, Array, Array]:
    """What a total is worth: win and tie of the side that made it, and steps from run to run.

    Both are [2, totals, S], S being the first innings' s: the chase's follows from it, so that
    nothing jumps at the innings break. Then both again with ties counted half, [totals, S].
    """
    most = book.shape.most
    kernel = carried(book.shape.grid, *priors, book.shape.carried).T
    tie = book.tie[balls, 0, 1:].astype(np.float64) @ kernel
    fails = 1.0 - book.win[balls, 0, 1:].astype(np.float64) @ kernel - tie
    worth = np.stack((fails, tie)).astype(np.float32)
    worth = np.concatenate((worth, np.repeat(worth[:, -1:], most + 1, axis=1)), axis=1)
    steps = np.diff(worth, axis=1, prepend=worth[:, :1])
    return worth, steps, worth[0] + worth[1] / 2.0, steps[0] + steps[1] / 2.0
