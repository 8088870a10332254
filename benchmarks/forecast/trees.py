"""LightGBM as a careful user would have it: small trees, tuned on earlier years, yearly anew."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import lightgbm
import numpy as np

from benchmarks.forecast.field import CHOOSING, Array, Field, Mask, each_january
from benchmarks.forecast.scores import log_loss

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
LEAVES, LEAST_BALLS, RIDGE = (4, 8), (0.002, 0.02), 50.0  # least: share of the rows in a leaf
FIXED = {
    "learning_rate": 0.04, "feature_fraction": 0.5, "bagging_fraction": 0.5, "bagging_freq": 1,
    "lambda_l2": RIDGE, "num_threads": 1, "seed": 1, "deterministic": True, "verbose": -1,
    "force_row_wise": True,
}  # fmt: skip
FEWEST = 50  # matches of earlier years below which trees are not grown
LOSSES = {"binary": ("binary",), "total": ("regression", "regression_l1")}


@dataclass(frozen=True, slots=True)
class Tuned:
    """Trees and what they say: `said` [rows] of the test years, `before` of the choosing years.

    `before` is NaN where it was not asked; `chosen` holds the setting and its figure of then.
    """

    said: Array
    before: Array
    chosen: dict[str, Any]


def inputs(field: Field, *, engine: bool) -> Array:
    """State, rates, ratings, the elevens' strength and the ground; the engine's outputs too."""
    names = (*KNOWN, *ENGINE) if engine else KNOWN
    left, runs, balls = (field.column(name) for name in ("left", "runs", "balls"))
    rate = 6.0 * runs / np.maximum(balls, 1.0)
    columns = [*(field.columns[name] for name in names), rate, field.par]
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
    thin = THIN[field.shape.balls]
    settings = [
        {"objective": loss, "num_leaves": leaves, "least": least}
        for loss, leaves, least in product(LOSSES[task], LEAVES, LEAST_BALLS)
    ]
    found = [_tried(field, x, setting, start, thin * 2) for setting in settings]
    best = min(range(len(found)), key=lambda place: found[place][0])
    loss, trees, before = found[best]
    chosen = settings[best] | {"trees": trees}
    said = each_january(field.year, _grower(field, x, chosen, start, thin))
    return Tuned(said, before, chosen | FIXED | {"loss_when_chosen": loss, "every_ball": thin})


def regrown(field: Field, x: Array, chosen: dict[str, Any]) -> Array:
    """Trees of a setting that was chosen already, grown anew every January, [rows]."""
    return each_january(field.year, _grower(field, x, chosen, None, chosen["every_ball"] * 2))


def _tried(
    field: Field, x: Array, setting: dict[str, Any], start: Array | None, thin: int
) -> tuple[float, int, Array]:
    """The loss on the choosing years, the best number of trees, what those said; NaN elsewhere."""
    asked = field.choosing & (np.arange(len(field.year)) % thin == 0)
    stages = np.full((len(field.year), len(TREES)), np.nan)
    for year in CHOOSING:
        past, now = field.year < year, asked & (field.year == year)
        if now.any():
            grown = _grown(field, x, setting | {"trees": max(TREES)}, start, past, thin)
            for place, trees in enumerate(TREES):
                stages[now, place] = _answers(field, grown, x, start, now, trees)
    if not asked.any():
        return 0.0, TREES[1], stages[:, 0]
    losses = [_loss(field, stages[:, place], asked, setting) for place in range(len(TREES))]
    best = int(np.argmin(losses))
    return losses[best], TREES[best], stages[:, best]


def _loss(field: Field, said: Array, asked: Mask, setting: dict[str, Any]) -> float:
    truth = field.truth[asked]
    if setting["objective"] == "binary":
        return float(log_loss(said[asked], truth).mean())
    return float(np.abs(said[asked] - truth).mean())


def _grower(
    field: Field, x: Array, setting: dict[str, Any], start: Array | None, thin: int
) -> Any:
    def fitted(past: Mask, now: Mask) -> Array:
        grown = _grown(field, x, setting, start, past, thin)
        return _answers(field, grown, x, start, now, setting["trees"])

    return fitted


def _grown(
    field: Field, x: Array, setting: dict[str, Any], start: Array | None, past: Mask, thin: int
) -> lightgbm.Booster | None:
    """Trees grown from every `thin`-th ball of the past; None where it is too short."""
    kept = past & (np.arange(len(past)) % thin == 0)
    if len(set(field.match[kept].tolist())) < FEWEST:
        return None
    truth = field.truth[kept] - (0.0 if start is None else start[kept])
    least = max(int(setting["least"] * kept.sum()), 20)
    parameters = FIXED | {
        "objective": setting["objective"],
        "num_leaves": setting["num_leaves"],
        "min_data_in_leaf": least,
    }
    return lightgbm.train(parameters, lightgbm.Dataset(x[kept], truth), setting["trees"])


def _answers(
    field: Field,
    grown: lightgbm.Booster | None,
    x: Array,
    start: Array | None,
    now: Mask,
    trees: int,
) -> Array:
    origin = np.zeros(int(now.sum())) if start is None else start[now]
    if grown is None:
        return origin + (0.5 if start is None else 0.0)
    said: Array = origin + grown.predict(x[now], num_iteration=trees, num_threads=1)
    return said
