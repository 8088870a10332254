"""The rows of one innings that a task is judged on, with what every rung may know of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.forecast.rows import Columns, Played, Walk
from benchmarks.forecast.years import CHOOSING, TEST_FROM
from features.effects import competition, ground
from forecast.shape import SHAPES, Shape
from learning.keys import format_name

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

PAR_MEMORY = 150.0  # matches that a mean total remembers
PAR_PRIOR = 10.0  # matches that the mean of all counts as, in a competition's


@dataclass(frozen=True, slots=True)
class Field:
    """Rows of one innings: columns [rows], the match of each, its year, the answer.

    `truth` is whether the side batting won (task win) or the total in runs (task total); `par`
    is the mean first innings of the ground before the match, [rows], in runs.
    """

    shape: Shape
    innings: int
    columns: Columns
    match: Places
    year: Places
    truth: Array
    par: Array
    matches: list[Played]

    def where(self, kept: Mask) -> "Field":
        """The rows that are kept."""
        columns = {name: column[kept] for name, column in self.columns.items()}
        rows = (self.match[kept], self.year[kept], self.truth[kept], self.par[kept])
        return Field(self.shape, self.innings, columns, *rows, self.matches)

    @property
    def tested(self) -> Mask:
        """Which rows are reported."""
        return self.year >= TEST_FROM

    @property
    def choosing(self) -> Mask:
        """Which rows settings are chosen on."""
        return np.isin(self.year, CHOOSING)

    def column(self, name: str) -> Array:
        """A column in double precision."""
        return self.columns[name].astype(np.float64)

    @property
    def wickets(self) -> Places:
        """Wickets down; the input of that name is in tens."""
        return np.rint(self.columns["wickets"] * 10.0).astype(np.int64)

    @property
    def over(self) -> Places:
        """The over of the ball that is due, counted from 0 by what is left of the innings."""
        left = self.columns["left"].astype(np.int64)
        over: Places = np.clip((self.shape.balls - left) // 6, 0, self.shape.overs - 1)
        return over

    def compact(self) -> tuple[Places, int]:
        """The rows' matches numbered without gaps, and how many there are."""
        found, places = np.unique(self.match, return_inverse=True)
        return places.astype(np.int64), len(found)


def field(walk: Walk, innings: int, task: str, par: Array) -> Field:
    """The rows of an innings (0 or 1) for task "win" (fair matches), "total" or "next" (all)."""
    match = walk.columns["match"].astype(np.int64)
    kept = (walk.columns["innings"] == innings) & _judged(walk, task)[match]
    match = match[kept]
    columns = {name: column[kept] for name, column in walk.columns.items()}
    year = np.array([int(m.date[:4]) for m in walk.matches])[match]
    shape = SHAPES[format_name(walk.key)]
    truth = _answers(walk, innings, task)[match]
    return Field(shape, innings, columns, match, year, truth, par[match], walk.matches)


def _judged(walk: Walk, task: str) -> Mask:
    if task == "win":
        return np.array([m.fair for m in walk.matches])
    if task == "total":
        return np.array([m.undisturbed for m in walk.matches])
    return np.ones(len(walk.matches), dtype=bool)


def _answers(walk: Walk, innings: int, task: str) -> Array:
    if task == "total":
        return np.array([m.total for m in walk.matches])
    return np.array([float(bool(m.first_won) == (innings == 0)) for m in walk.matches])


def pars(matches: list[Played], prior: float) -> Array:
    """The mean first innings of each match's ground before its day, [matches], in runs.

    `prior` is how many matches the competition's mean counts as at a ground. 0 where nothing was
    seen of the format yet.
    """
    means: dict[str, tuple[float, float]] = {}
    found, waiting, day = [], list[Played](), ""
    for match in matches:
        if match.date != day:
            _learn(means, waiting)
            waiting, day = [], match.date
        found.append(_par(means, match, prior))
        waiting.append(match)
    return np.array(found)


def _par(means: dict[str, tuple[float, float]], match: Played, prior: float) -> float:
    overall = means.get("all", (0.0, 0.0))[0]
    level, seen = means.get("event " + competition(match.event), (overall, 0.0))
    level = (level * seen + overall * PAR_PRIOR) / (seen + PAR_PRIOR)
    mean, seen = means.get("ground " + ground(match.venue), (level, 0.0))
    return (mean * seen + level * prior) / (seen + prior)


def _learn(means: dict[str, tuple[float, float]], matches: list[Played]) -> None:
    for match in matches:
        if not match.undisturbed:
            continue
        for name in ("all", "event " + competition(match.event), "ground " + ground(match.venue)):
            mean, seen = means.get(name, (0.0, 0.0))
            seen = min(seen + 1.0, PAR_MEMORY)
            means[name] = (mean + (match.total - mean) / seen, seen)


Januaries = Iterator[tuple[Mask, Mask]]


def januaries(year: Places, first: int = TEST_FROM) -> Januaries:
    """For each year from the first: the rows before it, and its rows."""
    for now in sorted(set(year[year >= first].tolist())):
        yield year < now, year == now


def each_january(
    year: Places, fitted: Callable[[Mask, Mask], Array], first: int = TEST_FROM
) -> Array:
    """What `fitted(past, now)` says of each year's rows, learned from the years before; [rows].

    Rows of years before the first are 0: nothing is judged there.
    """
    said = np.zeros(len(year))
    for past, now in januaries(year, first):
        said[now] = fitted(past, now)
    return said
