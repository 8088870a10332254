"""The figures of all seasons: delays, false alarms, what each arm lost, what was recovered."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.drift.seasons import AFTER, BEFORE, Season

Array = NDArray[np.float64]

DRAWS = 2_000
ARMS = ("frozen", "always", "system", "oracle")
TASKS = ("errors", "losses")
STEP = 10  # matches of a point in the pictures


def figures(seasons: Sequence[Season]) -> dict[str, Any]:
    """By scenario, and the false alarms of all."""
    by_name: defaultdict[str, list[Season]] = defaultdict(list)
    for made in seasons:
        by_name[made.scenario].append(made)
    return {
        "seasons": len(seasons),
        "before": BEFORE,
        "after": AFTER,
        "scenarios": {name: _scenario(found) for name, found in by_name.items()},
        "false": _false(seasons),
        "policies": _policies(seasons),
    }


def _scenario(found: list[Season]) -> dict[str, Any]:
    result: dict[str, Any] = {"seasons": len(found)}
    arms = [arm for arm in ARMS if arm in found[0].errors]
    for task in TASKS:
        rows = {arm: np.array([getattr(s, task)[arm] for s in found]) for arm in arms}
        result[task] = {arm: _interval(np.nanmean(row, axis=1)) for arm, row in rows.items()}
        result[f"{task}_by"] = {arm: _by_step(row) for arm, row in rows.items()}
        gap = np.nanmean(rows["system"], axis=1) - np.nanmean(rows["always"], axis=1)
        result[f"{task}_over_always"] = _interval(gap)
        if "oracle" in arms:
            result[f"{task}_recovered"] = {
                arm: _recovered(rows, arm) for arm in ("always", "system")
            }
    if "oracle" in arms:
        result["delays"] = _delays(found)
    return result


def _interval(values: Array) -> list[float]:
    """The mean over seasons and its 95 % interval by resampling them."""
    chance = np.random.default_rng(1)
    drawn = chance.choice(values, size=(DRAWS, len(values))).mean(axis=1)
    return [float(values.mean()), *map(float, np.quantile(drawn, (0.025, 0.975)))]


def _recovered(rows: dict[str, Array], arm: str) -> list[float]:
    """The part of the oracle's gain over the frozen model, with its 95 % interval."""
    means = {name: np.nanmean(row, axis=1) for name, row in rows.items()}
    chance = np.random.default_rng(2)
    size = len(means[arm])
    places = np.vstack([np.arange(size), chance.integers(size, size=(DRAWS, size))])
    drawn = {name: values[places].mean(axis=1) for name, values in means.items()}
    shares = (drawn["frozen"] - drawn[arm]) / (drawn["frozen"] - drawn["oracle"])
    return [float(shares[0]), *map(float, np.quantile(shares[1:], (0.025, 0.975)))]


def _by_step(row: Array) -> list[float]:
    parts = row.reshape(len(row), -1, STEP)
    return [round(float(v), 4) for v in np.nanmean(parts, axis=(0, 2))]


def _delays(found: list[Season]) -> dict[str, Any]:
    """Matches from the change to the first alarm: of the system, and of each rule by itself."""
    first = [
        min((d[0] for d in s.decisions if d[1] == "Alarm" and d[0] >= 0), default=None)
        for s in found
    ]
    rules = sorted({rule for s in found for rule in s.false})
    return {"system": _delay(first)} | {
        rule: _delay([s.seen.get(rule) for s in found]) for rule in rules
    }


def _delay(places: Sequence[int | None]) -> dict[str, float | None]:
    """Share seen within the season, median and 95th percentile; a miss counts as never."""
    row = np.array([np.inf if place is None else place for place in places])
    median, late = np.quantile(row, (0.5, 0.95), method="inverted_cdf")
    return {
        "seen": float(np.isfinite(row).mean()),
        "median": float(median) if np.isfinite(median) else None,
        "p95": float(late) if np.isfinite(late) else None,
    }


def _false(seasons: Sequence[Season]) -> dict[str, Any]:
    """Alarms in matches where nothing had changed: of the system, and of each rule by itself."""
    matches = sum(s.quiet for s in seasons)
    alarms = sum(
        1
        for s in seasons
        for d in s.decisions
        if d[1] == "Alarm" and (s.scenario == "none" or d[0] < 0)
    )
    rules: Counter[str] = Counter()
    for made in seasons:
        rules.update(made.false)
    return {
        "matches": matches,
        "system": alarms,
        "per_1000": 1000.0 * alarms / max(matches, 1),
        "rules": {rule: 1000.0 * count / max(matches, 1) for rule, count in sorted(rules.items())},
    }


def _policies(seasons: Sequence[Season]) -> dict[str, dict[str, Any]]:
    """By scenario and policy: how many were raised and promoted, and how long that took."""
    found: dict[str, dict[str, Any]] = {}
    for made in seasons:
        raised: dict[str, int] = {}
        for place, kind, policy, *_, outcome in made.decisions:
            name = f"{made.scenario}/{policy}"
            counts = found.setdefault(
                name, {"raised": 0, "promoted": 0, "retired": {}, "took": [], "back": 0}
            )
            if kind == "Raised":
                raised[policy] = place
                counts["raised"] += 1
            elif kind == "Promoted":
                counts["promoted"] += 1
                counts["took"].append(place - raised.get(policy, place))
            elif kind == "Retired":
                counts["retired"][outcome] = counts["retired"].get(outcome, 0) + 1
    return {name: counts for name, counts in sorted(found.items()) if counts["raised"]}
