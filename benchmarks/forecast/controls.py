"""Controls: labels shuffled by match must teach nothing, and the leak test must find a leak."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.forecast.field import Field
from benchmarks.forecast.ladder_win import base_rate
from benchmarks.forecast.leaks import cuts_of, leaks, peeking, teller
from benchmarks.forecast.rows import walk
from benchmarks.forecast.scores import log_loss
from benchmarks.forecast.tables import DIGITS
from benchmarks.forecast.trees import grown_once, inputs
from cricket.cricsheet import RecordedMatch
from features.catalogue import NAMES
from learning.serving.forecaster import Forecaster

SEED = 7
SHUFFLES = 16
T_VALUE = 4.073  # of fifteen degrees of freedom, for 99.9 %: eight such controls are judged at once
CUTS = 8  # balls of a match at which the leak test cuts it
WALKED = 40  # matches of the walk that is repeated with other matches after them


def shuffled(field: Field, chosen: dict[str, Any]) -> dict[str, Any] | None:
    """LightGBM as it was chosen, taught answers shuffled between matches, judged on true ones.

    Each shuffle can be lucky: the matches are few and the inputs strong. So there are several;
    `lead` is the mean of their log losses less the base rate's, with its 99.9 % interval over
    shuffles. What teaches nothing is above zero, or not to be told from it. None where the years
    before are too short.
    """
    x, kept = inputs(field, engine=True), field.tested
    rate = np.asarray(base_rate(field)[kept])
    base = float(log_loss(rate, field.truth[kept]).mean())
    numbers, places = np.unique(field.match, return_inverse=True)
    answers = np.zeros(len(numbers))
    answers[places] = field.truth
    chance = np.random.default_rng((SEED, field.innings))
    losses = []
    for _ in range(SHUFFLES):
        wrong = replace(field, truth=chance.permutation(answers)[places])
        said = grown_once(wrong, x, chosen)
        if said is None:
            return None
        losses.append(float(log_loss(said, field.truth[kept]).mean()))
    lead, width = float(np.mean(losses)) - base, T_VALUE * float(np.std(losses, ddof=1))
    width /= SHUFFLES**0.5
    return {
        "shuffled": round(base + lead, DIGITS),
        "base": round(base, DIGITS),
        "lead": [round(each, DIGITS) for each in (lead, lead - width, lead + width)],
        "teaches_nothing": lead + width >= 0.0,
    }


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
