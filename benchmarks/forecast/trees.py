"""LightGBM as a careful user would have it: small trees, tuned on earlier years, yearly anew."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import lightgbm
import numpy as np

from benchmarks.forecast.field import Array, Field, Mask, each_january
from benchmarks.forecast.scores import log_loss
from benchmarks.forecast.years import CHOOSING

ENGINE = (
    "engine", "engine_prior", "engine_ahead", "engine_bend", "engine_wickets", "tilt_learned",
    "score", "engine_total", "spread",
)  # fmt: skip
KNOWN = (
    "left", "runs", "wickets", "resources", "elo", "elo_ahead", "tilt_gap", "tilt_gap_ahead",
    "tilt_prior", "ahead", "level", "momentum", "falling",
)  # fmt: skip
# The balls of a match share one answer: every other one tells nearly all, and every fourth in an
# innings of fifty overs. Tuning takes half of these again.
THIN = {120: 2, 300: 4}
TREES = (40, 80, 150, 300)
LEAVES, RIDGE = (3, 6), 50.0
LEAST = (0.01, 0.05)  # the least share of the rows in a leaf
FIXED = {
    "learning_rate": 0.08, "feature_fraction": 0.5, "bagging_fraction": 0.5, "bagging_freq": 1,
    "lambda_l2": RIDGE, "max_bin": 63, "num_threads": 1, "seed": 1, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip
FEWEST = 50  # matches of earlier years below which trees are not grown
GRIDS = {
    "binary": tuple(product(("binary",), LEAVES, LEAST)),
    "total": tuple(product(("regression", "regression_l1"), LEAVES, LEAST[:1])),
}  # objective, leaves, least share of the rows in a leaf
Setting = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tuned:
    """Trees and what they say: `said` [rows] of the test years, `before` of the choosing years.

    `before` is NaN where it was not asked; `chosen` holds the setting and its figure of then.
    """

    said: Array
    before: Array
    chosen: Setting


@dataclass(frozen=True, slots=True)
class Lessons:
    """What trees learn from: inputs [rows, K], and where boosting begins, [rows]."""

    field: Field
    x: Array
    start: Array

    def grown(self, setting: Setting, past: Mask, thin: int) -> lightgbm.Booster | None:
        """Trees grown from every `thin`-th ball of the past; None where it is too short."""
        kept = past & (np.arange(len(past)) % thin == 0)
        if len(set(self.field.match[kept].tolist())) < FEWEST:
            return None
        answers = self.field.truth[kept] - self.start[kept]
        parameters = FIXED | {name: setting[name] for name in ("objective", "num_leaves")}
        parameters["min_data_in_leaf"] = max(int(setting["least"] * kept.sum()), 20)
        return lightgbm.train(parameters, lightgbm.Dataset(self.x[kept], answers), setting["trees"])

    def answers(self, grown: lightgbm.Booster | None, now: Mask, trees: int) -> Array:
        """What so many trees say of some rows; without trees an even chance, or the start."""
        start = self.start[now]
        if grown is None:
            return start if start.any() else np.full(len(start), 0.5)
        said: Array = start + grown.predict(self.x[now], num_iteration=trees, num_threads=1)
        return said

    def each_january(self, setting: Setting, thin: int) -> Array:
        """What the setting says of the test years, grown anew every January, [rows]."""

        def fitted(past: Mask, now: Mask) -> Array:
            return self.answers(self.grown(setting, past, thin), now, setting["trees"])

        return each_january(self.field.year, fitted)


def inputs(field: Field, *, engine: bool) -> Array:
    """State, rates, ratings, the elevens' strength and the ground; the engine's outputs too."""
    names = (*KNOWN, *ENGINE) if engine else KNOWN
    left, runs, balls = (field.column(name) for name in ("left", "runs", "balls"))
    rate = 6.0 * runs / np.maximum(balls, 1.0)
    columns: list[Array] = [*(field.columns[name] for name in names), rate, field.par]
    if field.innings:
        required = 6.0 * field.column("needed") / np.maximum(left, 1.0)
        columns += [field.columns["needed"], field.columns["target"], required, rate - required]
    else:
        columns += [runs + field.par * field.column("resources")]
    return np.stack(columns, axis=1).astype(np.float32)


def tuned(field: Field, x: Array, task: str, start: Array | None = None) -> Tuned:
    """Trees for "binary" or "total", chosen before the test years and grown anew every January.

    `start` is where boosting begins, [rows]: what the trees correct.
    """
    lessons = Lessons(field, x, np.zeros(len(field.truth)) if start is None else start)
    thin, most = THIN[field.shape.balls], max(TREES)
    settings: list[Setting] = [
        {"objective": loss, "num_leaves": leaves, "least": least, "trees": most}
        for loss, leaves, least in GRIDS[task]
    ]
    found = [_tried(lessons, setting, thin * 2) for setting in settings]
    best = min(range(len(found)), key=lambda place: found[place][0])
    loss, trees, before = found[best]
    chosen = settings[best] | {"trees": trees}
    said = lessons.each_january(chosen, thin)
    told = {"loss_when_chosen": loss, "every_ball": thin}
    return Tuned(said, before, FIXED | chosen | told)


def grown_once(field: Field, x: Array, chosen: Setting) -> Array | None:
    """Trees of a setting that was chosen already, from all years before the test; [tested].

    None where those are too short.
    """
    lessons, thin = Lessons(field, x, np.zeros(len(field.truth))), chosen["every_ball"] * 4
    grown = lessons.grown(chosen, ~field.tested, thin)
    return None if grown is None else lessons.answers(grown, field.tested, chosen["trees"])


def _tried(lessons: Lessons, setting: Setting, thin: int) -> tuple[float, int, Array]:
    """The loss on the choosing years, the best number of trees, what those said; NaN elsewhere."""
    year = lessons.field.year
    asked = lessons.field.choosing & (np.arange(len(year)) % thin == 0)
    stages = np.full((len(year), len(TREES)), np.nan)
    for now in CHOOSING:
        rows = asked & (year == now)
        if rows.any():
            grown = lessons.grown(setting, year < now, thin)
            for place, trees in enumerate(TREES):
                stages[rows, place] = lessons.answers(grown, rows, trees)
    if not asked.any():
        return 0.0, TREES[1], stages[:, 0]
    losses = [_loss(lessons.field, stages[:, p], asked, setting) for p in range(len(TREES))]
    best = int(np.argmin(losses))
    return losses[best], TREES[best], stages[:, best]


def _loss(field: Field, said: Array, asked: Mask, setting: Setting) -> float:
    truth = field.truth[asked]
    if setting["objective"] == "binary":
        return float(log_loss(said[asked], truth).mean())
    return float(np.abs(said[asked] - truth).mean())
