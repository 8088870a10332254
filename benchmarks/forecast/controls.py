"""Controls: labels shuffled by match must teach nothing, and the leak test must find a leak."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.forecast.bootstrap import differences, estimates
from benchmarks.forecast.field import Field
from benchmarks.forecast.ladder_win import base_rate
from benchmarks.forecast.leaks import cuts_of, leaks, peeking, teller
from benchmarks.forecast.rows import walk
from benchmarks.forecast.scores import log_loss
from benchmarks.forecast.tables import Sample, told
from benchmarks.forecast.trees import inputs, regrown
from cricket.cricsheet import RecordedMatch
from features.catalogue import NAMES
from learning.forecaster import Forecaster

SEED = 7
CUTS = 8  # balls of a match at which the leak test cuts it
WALKED = 40  # matches of the walk that is repeated with other matches after them


def shuffled(field: Field, chosen: dict[str, Any]) -> dict[str, Any]:
    """LightGBM as it was chosen, taught answers shuffled between matches, judged on true ones.

    `lead` is its log loss less the base rate's: above zero or not to be told from it.
    """
    numbers, places = np.unique(field.match, return_inverse=True)
    answers = np.zeros(len(numbers))
    answers[places] = field.truth
    other = np.random.default_rng(SEED).permutation(answers)[places]
    wrong = replace(field, truth=other)
    said = regrown(wrong, inputs(field, engine=True), chosen)
    kept = field.tested
    there, rate = field.where(kept), base_rate(field)[kept]
    losses = {"shuffled": log_loss(said[kept], there.truth), "base": log_loss(rate, there.truth)}
    drawn = Sample.of(there).drawn(losses)
    lead = told(differences(drawn, 0)[1])
    values = dict(zip(losses, map(told, estimates(drawn)), strict=True))
    return {**values, "lead": lead, "teaches_nothing": bool(lead is None or lead[2] >= 0.0)}


def leak_test(forecaster: Forecaster, matches: Sequence[RecordedMatch]) -> dict[str, Any]:
    """Cuts at which the online model's answers, and those with a leak planted, gave it away."""
    tell = teller(forecaster)
    found: dict[str, Any] = {"matches": len(matches), "cuts": 0, "online": 0, "planted": 0}
    for match in matches:
        cuts = cuts_of(match, CUTS)
        found["cuts"] += len(cuts)
        found["online"] += len(leaks(tell, match, cuts))
        found["planted"] += len(leaks(peeking(tell), match, cuts))
    return found


def walk_leaks(key: str, matches: list[RecordedMatch]) -> dict[str, Any]:
    """Whether forecasts of a match depend on matches after it: the walk, and one that ends early.

    The first half of the matches is walked alone and with the second half after it.
    """
    first = matches[: len(matches) // 2]
    alone, whole = walk(key, first, NAMES).columns, walk(key, matches, NAMES).columns
    rows = len(alone["match"])
    same = all(np.array_equal(column[:rows], whole[name][:rows]) for name, column in _said(alone))
    return {"matches": len(first), "rows": rows, "same": same}


def _said(columns: dict[str, Any]) -> list[tuple[str, Any]]:
    """All columns but the ball that came next: of the walk's last row nobody knows it yet."""
    return [(name, column) for name, column in columns.items() if name != "next"]
