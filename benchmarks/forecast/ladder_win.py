"""The rungs of the win task: the chance of the side batting, on the same rows for all."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.forecast.field import Array, Field, Mask, each_january
from benchmarks.forecast.ladder_total import projected
from benchmarks.forecast.trees import Tuned, inputs, tuned

FEWEST = 20  # matches of earlier years before a rung may learn from them; else it says one half
ONLINE = "online"
RUNGS = (
    "coin", "base rate", "run rate", "Duckworth-Lewis par", "six-feature logistic",
    "LightGBM", "LightGBM + engine", "engine", ONLINE,
)  # fmt: skip


def ladder(field: Field) -> tuple[dict[str, Array], dict[str, Tuned]]:
    """What every rung says, [rows] each (0 before the test years), and the trees as tuned."""
    plain = tuned(field, inputs(field, engine=False), "binary")
    helped = tuned(field, inputs(field, engine=True), "binary")
    said = {
        "coin": np.full(len(field.truth), 0.5),
        "base rate": base_rate(field),
        "run rate": field.column("baseline"),
        "Duckworth-Lewis par": _logistic(field, against_par(field)[:, None]),
        "six-feature logistic": _logistic(field, six_features(field)),
        "LightGBM": plain.said,
        "LightGBM + engine": helped.said,
        "engine": 1.0 / (1.0 + np.exp(-field.column("engine"))),
        ONLINE: field.column("win"),
    }
    return said, {"LightGBM": plain, "LightGBM + engine": helped}


def base_rate(field: Field) -> Array:
    """How often sides that batted first, or chased, won in the years before, [rows]."""
    _, first_rows = np.unique(field.match, return_index=True)
    of_match = np.zeros(len(field.truth), dtype=bool)
    of_match[first_rows] = True

    def fitted(past: Mask, now: Mask) -> Array:
        won = field.truth[past & of_match]
        return np.full(int(now.sum()), won.mean() if len(won) >= FEWEST else 0.5)

    return each_january(field.year, fitted)


def against_par(field: Field) -> Array:
    """Runs above the Duckworth-Lewis par, [rows].

    First innings: the total that the resources left project, less the ground's mean. Chase: the
    score less the target's part for the resources used up.
    """
    if field.innings == 0:
        return projected(field) - field.par
    goal = field.column("target") - 1.0
    return field.column("runs") - goal * (1.0 - field.column("resources"))


def six_features(field: Field) -> Array:
    """The six inputs that everybody uses, [rows, 6].

    Chase: runs and balls left, wickets left, target, current and required rate. First innings:
    score, balls and wickets left, the total at the current rate, that rate, and the rate that
    the ground's mean requires.
    """
    left, runs, balls = (field.column(name) for name in ("left", "runs", "balls"))
    rate = 6.0 * runs / np.maximum(balls, 1.0)
    goal = field.column("target") if field.innings else field.par
    required = 6.0 * np.maximum(goal - runs, 0.0) / np.maximum(left, 1.0)
    if field.innings:
        return np.stack([goal - runs, left, 10.0 - field.wickets, goal, rate, required], axis=1)
    total = rate * field.shape.balls / 6.0
    return np.stack([runs, left, 10.0 - field.wickets, total, rate, required], axis=1)


def _logistic(field: Field, x: Array) -> Array:
    """A logistic regression on standardised inputs [rows, K], fitted anew every January."""

    def fitted(past: Mask, now: Mask) -> Array:
        won = field.truth[past]
        if len(set(field.match[past].tolist())) < FEWEST or won.min() == won.max():
            return np.full(int(now.sum()), 0.5)
        mean, spread = x[past].mean(axis=0), np.maximum(x[past].std(axis=0), 1e-9)
        model = LogisticRegression().fit((x[past] - mean) / spread, won)
        chances: Array = model.predict_proba((x[now] - mean) / spread)[:, 1]
        return chances

    return each_january(field.year, fitted)
