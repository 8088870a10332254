"""The detectors' thresholds for their budget: `python -m benchmarks.drift.calibrate`.

Values of all signals over made-up matches without drift are drawn again in blocks, so that what
one stale model does to all matches that it answers stays together; each rule's threshold is the
lowest that gives its share of the budget over the long row.
"""

import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import numpy as np

from benchmarks.drift.arms import Always
from benchmarks.drift.base import base
from benchmarks.drift.world import World
from features.effects import competition
from forecast.engine import Engine
from learning.contest.detectors import COMPETITION, RULES, Detector, Rule
from learning.contest.signals import values
from learning.labels import Label
from learning.model.snapshot import Snapshot
from learning.serving.replay import steps
from learning.training.level_change import level_change
from learning.training.schedule import MOVED
from streams.failure import run

BUILD = Path("build")
WORLDS, MATCHES = 30, 300
BLOCK = 150  # values: a signal's errors hang together for longer than a model serves
LONG = 200_000  # values of the long row
SHARES = {  # of false alarms in 1,000 matches
    ("level", "page-hinkley", ""): 0.12,
    ("level", "page-hinkley", COMPETITION): 0.08,
    ("level", "adwin", ""): 0.03,
    ("next_ball", "page-hinkley", ""): 0.02,
    ("total", "page-hinkley", ""): 0.05,
    ("total", "page-hinkley", COMPETITION): 0.02,
    ("total_loss", "page-hinkley", ""): 0.02,
    ("win_loss", "page-hinkley", ""): 0.02,
    ("calibration", "page-hinkley", ""): 0.02,
    ("inputs", "kswin", ""): 0.02,
}

Rows = dict[str, list[float]]  # by signal, and by signal@competition


@cache
def _begun() -> tuple[Snapshot, Engine]:
    return base(BUILD)


class Watching(Always):
    """The always-learning arm with the worker's cadence, which writes down what is watched."""

    def __init__(self, snapshot: Snapshot, engine: Engine) -> None:
        super().__init__(snapshot, engine)
        self.rows: defaultdict[str, list[float]] = defaultdict(list)
        self._began = snapshot.history.effects

    def learn(self, label: Label) -> None:
        """Writes down, then learns."""
        for seen in values(label, self.learner, self._began):
            self.rows[seen.signal].append(seen.value)
            self.rows[f"{seen.signal}@{competition(label.event)}"].append(seen.value)
        super().learn(label)
        if level_change(label, self.learner.effects, self.served.history.effects) > MOVED:
            self._publish()


def quiet(seed: int) -> Rows:
    """The values of one world in which nothing changes."""
    world, arm = World(10_000 + seed), Watching(*_begun())
    for number in range(MATCHES):
        match = world.match(number, lambda _: 0.0)
        arm.play(number, match, steps(match.fixture, match.facts))
    return dict(arm.rows)


def long_row(rows: list[Rows], rule: Rule) -> tuple[np.ndarray, float]:
    """Blocks of a rule's values in one row, standardised, and their standard deviation."""
    wanted = f"{rule.signal}@" if rule.scope else rule.signal
    found = [
        np.array(row)
        for world in rows
        for name, row in world.items()
        if (name.startswith(wanted) if rule.scope else name == wanted)
    ]
    spread = float(np.concatenate(found).std())
    blocks = [row[i : i + BLOCK] for row in found for i in range(0, len(row) - BLOCK + 1, BLOCK)]
    chance = Random(rule.name)  # noqa: S311  repeatable
    size = LONG // 10 if rule.detector == "kswin" else LONG
    return np.concatenate(chance.choices(blocks, k=size // BLOCK)) / spread, spread


def alarms(rule: Rule, row: np.ndarray) -> int:
    """How often a rule goes off over a row; it begins anew each time."""
    watched, count = Detector(rule), 0
    for value in row.tolist():
        if watched.update(("", value * rule.scale)) is not None:
            watched, count = Detector(rule), count + 1
    return count


def threshold(rule: Rule, row: np.ndarray, share: float) -> float:
    """The threshold that keeps to the share, by halving between far too low and far too high."""
    a_match = 2.0 if rule.signal in {"next_ball", "level"} else 1.0  # values a match
    allowed = share / 1000.0 * len(row) / a_match
    low, high = (np.log(5.0), np.log(80.0)) if rule.detector == "page-hinkley" else (0.0, 35.0)
    for _ in range(7):
        middle = (low + high) / 2.0
        tried = float(np.exp(middle if rule.detector == "page-hinkley" else -middle))
        if alarms(replace(rule, threshold=tried), row) > allowed:
            low = middle
        else:
            high = middle
    return float(np.exp(high if rule.detector == "page-hinkley" else -high))


def _solved(rule: Rule, rows: list[Rows]) -> tuple[float, float]:
    row, spread = long_row(rows, rule)
    share = SHARES[rule.signal, rule.detector, rule.scope]
    return threshold(replace(rule, scale=1.0), row, share), spread


def main() -> None:
    """Prints each rule with its threshold and scale."""
    base(BUILD)
    kept = BUILD / "drift-quiet.json"
    with ProcessPoolExecutor(2) as pool:
        if not kept.exists():
            kept.write_bytes(msgspec.json.encode(list(pool.map(quiet, range(WORLDS)))))
        rows = msgspec.json.decode(kept.read_bytes(), type=list[Rows])
        found = pool.map(_solved, RULES, [rows] * len(RULES))
        for rule, (level, spread) in zip(RULES, found, strict=True):
            print(f"{rule.name:28} {rule.scope or 'all':12} {level:10.4g} scale {spread:8.3f}")
            sys.stdout.flush()


if __name__ == "__main__":
    run(main)
