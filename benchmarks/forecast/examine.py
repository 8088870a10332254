"""One key from its matches to its figures: the walk, the ladders, the judges, the controls."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.forecast import (
    apart,
    controls,
    judge_next,
    judge_total,
    judge_win,
    ladder_next,
    ladder_total,
    ladder_win,
)
from benchmarks.forecast.field import Array, Field, field, pars
from benchmarks.forecast.rows import Walk
from benchmarks.forecast.tables import Figures
from benchmarks.forecast.walks import matches_of, walked
from benchmarks.forecast.years import TEST_FROM
from cricket.cricsheet import RecordedMatch
from learning.keys import format_name
from learning.model.snapshot import Snapshot

INNINGS = ("first", "chase")
SAMPLES = 4  # last matches, for the leak test and the cost


@dataclass(slots=True)
class Examined:
    """A key's figures, what the walk learned, and some matches for the cost and the leak test.

    `early` are the first matches, which the walk goes through again to look for leaks.
    """

    key: str
    figures: Figures
    snapshot: Snapshot
    last: list[RecordedMatch]
    early: list[RecordedMatch]


def examine(key: str, data: Path) -> Examined | None:
    """A key's figures; None if the archives hold no match of the test years."""
    began = time.perf_counter()
    matches = matches_of(key, data)
    if not matches or int(matches[-1].fixture.date[:4]) < TEST_FROM:
        return None
    read = time.perf_counter()
    walk = walked(key, matches)
    done = time.perf_counter()
    figures = judged(walk)
    if figures is None:
        return None
    figures["seconds"] = {
        "reading": round(read - began, 1),
        "walk": round(done - read, 1),
        "ladder": round(time.perf_counter() - done, 1),
    }
    full = [match for match in matches if len(match.facts) > 200] or matches
    early = full[: controls.WALKED]
    return Examined(key, figures, walk.snapshot, full[-SAMPLES:], early)


def judged(walk: Walk) -> Figures | None:
    """All tasks of a walk; None where it has no row in the test years."""
    prior = chosen_prior(walk)
    par = pars(walk.matches, prior)
    figures: Figures = {
        "format": format_name(walk.key),
        "sex": walk.key.partition("-")[2],
        "matches": len(walk.matches),
        "rows": len(walk.columns["match"]),
        "from": walk.matches[0].date,
        "until": walk.matches[-1].date,
        "ground_prior": prior,
        "win": {},
        "next_ball": {},
        "lightgbm": {},
        "shuffled": {},
    }
    for innings, name in enumerate(INNINGS):
        _judge_win(figures, field(walk, innings, "win", par), name)
        _judge_next(figures, field(walk, innings, "next", par), name)
    _judge_total(figures, field(walk, 0, "total", par))
    figures["apart"] = apart.judged(walk)
    return figures if figures["win"] or figures["next_ball"] else None


def chosen_prior(walk: Walk) -> float:
    """How many matches the competition counts as in the ground's par."""
    tried = {p: field(walk, 0, "total", pars(walk.matches, p)) for p in ladder_total.PRIORS}
    return ladder_total.chosen_prior(tried)


def _judge_win(figures: Figures, rows: Field, innings: str) -> None:
    kept = rows.tested
    if not kept.any():
        return
    said, trees = ladder_win.ladder(rows)
    figures["lightgbm"] |= {f"win, {innings}, {name}": t.chosen for name, t in trees.items()}
    control = controls.shuffled(rows, trees["LightGBM + engine"].chosen)
    if control is not None:
        figures["shuffled"][innings] = control
    tested = {name: chance[kept] for name, chance in said.items()}
    figures["win"][innings] = judge_win.judged(rows.where(kept), tested)


def _judge_next(figures: Figures, rows: Field, innings: str) -> None:
    rows = rows.where(rows.columns["next"] >= 0.0)
    kept = rows.tested
    if not kept.any():
        return
    said: dict[str, Array] = {n: c[kept] for n, c in ladder_next.ladder(rows).items()}
    figures["next_ball"][innings] = judge_next.judged(rows.where(kept), said)


def _judge_total(figures: Figures, rows: Field) -> None:
    kept = rows.tested
    if not kept.any():
        return
    said, trees = ladder_total.ladder(rows)
    figures["lightgbm"] |= {f"total, {name}": t.chosen for name, t in trees.items()}
    there = rows.where(kept)
    tested = {
        name: ladder_total.Projection(total[kept], quantiles[kept])
        for name, (total, quantiles) in said.items()
    }
    figures["total"] = judge_total.judged(there, tested)
    online = tested[ladder_total.ONLINE].total
    figures["total"]["bias_of_online"] = judge_total.bias(there, np.asarray(online))
