"""Matches that the win task leaves out: ties, Duckworth-Lewis, reduced ones; small tables."""

import numpy as np

from benchmarks.forecast.field import Mask, Places
from benchmarks.forecast.rows import Played, Walk
from benchmarks.forecast.scores import brier, log_loss
from benchmarks.forecast.tables import Figures
from benchmarks.forecast.years import TEST_FROM

LATE = 12  # balls left: the end of a chase, where a tie can be seen coming
DIGITS = 4


def judged(walk: Walk) -> Figures:
    """Matches and log losses by kind, test years only; ties by the chance they were given."""
    kinds = np.array([_kind(match) for match in walk.matches])
    tested = np.array([int(match.date[:4]) >= TEST_FROM for match in walk.matches])
    match = walk.columns["match"].astype(np.int64)
    figures: Figures = {}
    for kind in ("D/L", "reduced"):
        kept = (tested & (kinds == kind))[match]
        figures[kind] = _decided(walk, kept, match)
    figures["tie"] = _tied(walk, (tested & (kinds == "tie"))[match], match)
    figures["tie"]["chance_in_all"] = _mean(walk, "tie", (tested & (kinds != "none"))[match])
    return figures


def _kind(match: Played) -> str:
    if match.result == "tie":
        return "tie"
    if match.first_won is None:
        return "none"
    return "fair" if match.fair else "D/L" if match.method else "reduced"


def _decided(walk: Walk, kept: Mask, match: Places) -> Figures:
    """Log loss by innings of the online model, the engine and the run rate."""
    won = np.array([bool(m.first_won) for m in walk.matches])[match]
    columns, found = walk.columns, Figures(matches=len(set(match[kept].tolist())))
    for innings, name in enumerate(("first", "chase")):
        rows = kept & (columns["innings"] == innings)
        if not rows.any():
            continue
        truth = (won[rows] == (innings == 0)).astype(np.float64)
        said = {
            "run rate": columns["baseline"][rows],
            "engine": 1.0 / (1.0 + np.exp(-columns["engine"][rows].astype(np.float64))),
            "online": columns["win"][rows],
        }
        losses = {rung: float(log_loss(c, truth).mean()) for rung, c in said.items()}
        found[name] = {
            "rows": int(rows.sum()),
            "log_loss": {rung: round(loss, DIGITS) for rung, loss in losses.items()},
        }
    return found


def _tied(walk: Walk, kept: Mask, match: Places) -> Figures:
    """Of tied matches: the tie's mean chance, and the Brier score of half a point."""
    columns = walk.columns
    chase = kept & (columns["innings"] == 1)
    late = chase & (columns["left"] <= LATE)
    points = columns["win"] * (1.0 - columns["tie"]) + columns["tie"] / 2.0
    half = brier(points[kept], np.full(int(kept.sum()), 0.5))
    return {
        "matches": len(set(match[kept].tolist())),
        "chance": _mean(walk, "tie", kept),
        f"chance_in_last_{LATE}_balls": _mean(walk, "tie", late),
        "brier_of_half_a_point": round(float(half.mean()), DIGITS) if kept.any() else None,
    }


def _mean(walk: Walk, name: str, kept: Mask) -> float | None:
    return round(float(walk.columns[name][kept].mean()), DIGITS) if kept.any() else None
