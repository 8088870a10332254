"""The real change: IPL 2021 to 2024, by models trained on every men's T20 before."""

from collections.abc import Iterator
from functools import partial
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drift.arms import Always, Arm, Frozen, System
from cricket.cricsheet import RecordedMatch
from forecast.engine import Engine
from learning.contest.decisions import Alarm, Promoted, Raised, Retired, RolledBack
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot, SnapshotError, blank, decode, encode
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replayed_labels, steps
from learning.training.learner import Learner
from learning.training.policies import SHIPPED
from learning.training.starter_models import recorded

KEY, EVENT = "t20-male", "Indian Premier League"
SINCE = "2021"
ARCHIVES = ("ipl", "bbl", "cpl", "psl", "t20s_male")
LEARNED, SOLVED = 25, 500  # matches between two models, and between two solutions of the tables
DRAWS = 2_000


def real(data: Path, build: Path) -> dict[str, Any]:
    """Errors by season and arm with match-bootstrap intervals, and what was decided when."""
    matches = _matches(data)
    snapshot = _trained(matches, build)
    engine = engine_of(snapshot)
    season = [m for m in matches if m.fixture.date >= SINCE and m.fixture.event.startswith(EVENT)]
    system = System(snapshot, engine, SHIPPED)
    arms: dict[str, Arm] = {
        "frozen": Frozen(snapshot, engine),
        "always": Always(snapshot, engine),
        "system": system,
    }
    rows: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for number, match in enumerate(season):
        played = steps(match.fixture, match.facts)
        for name, arm in arms.items():
            scored = arm.play(number, match, played)
            told = rows.setdefault(match.fixture.date[:4], {}).setdefault(name, [])
            told.append((scored.error, scored.log_loss))
    return {
        "trained": {"matches": snapshot.trained.matches, "until": snapshot.trained.last},
        "matches": len(season),
        "seasons": {year: {a: _means(r) for a, r in found.items()} for year, found in rows.items()},
        "decisions": list(_decisions(system, season)),
        "alone": {rule: [_place(season, n) for n in found] for rule, found in system.alone.items()},
    }


def archives_in(data: Path) -> list[Path]:
    """The zips that are read; FileNotFoundError if one is not there."""
    paths = [data / f"{name}_json.zip" for name in ARCHIVES]
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        raise FileNotFoundError(
            f"{data} lacks {', '.join(missing)}: `overcast fetch NAME --to {data}` downloads each"
        )
    return paths


def _matches(data: Path) -> list[RecordedMatch]:
    """Of the archives that hold men's T20, by date, each once."""
    found: dict[str, RecordedMatch] = {}
    for path in archives_in(data):
        for match in recorded(KEY, [path]):
            found[match.id] = match
    return sorted(found.values(), key=lambda match: (match.fixture.date, match.id))


def _trained(matches: list[RecordedMatch], build: Path) -> Snapshot:
    """The model as of the end of 2020; kept in `build`."""
    kept = build / "drift-real.json"
    try:
        return decode(kept.read_bytes())
    except (OSError, SnapshotError):
        pass
    learner = Learner(blank(KEY))
    engine: Engine | None = None
    forecaster: Forecaster | None = None
    for number, match in enumerate(m for m in matches if m.fixture.date < SINCE):
        if number % LEARNED == 0 or forecaster is None or engine is None:
            snapshot = learner.snapshot(f"before-{number}", {})
            if engine is None or number in {25, 100} or number % SOLVED == 0:
                engine = engine_of(snapshot)
            forecaster = Forecaster(snapshot, engine)
        for label in replayed_labels(steps(match.fixture, match.facts), forecaster):
            learner.learn(label)
    snapshot = learner.snapshot("before-2021", {})
    kept.write_bytes(encode(snapshot))
    return snapshot


def _means(rows: list[tuple[float, float]]) -> dict[str, Any]:
    """Mean error in runs and log loss, each with its 95 % interval by resampling matches."""
    result: dict[str, Any] = {"matches": len(rows)}
    for name, place in (("error", 0), ("log_loss", 1)):
        told = np.array([row[place] for row in rows if not isnan(row[place])])
        chance = np.random.default_rng(3)
        drawn = chance.choice(told, size=(DRAWS, len(told))).mean(axis=1)
        ends = np.quantile(drawn, (0.025, 0.975))
        result[name] = [float(told.mean()), *map(float, ends)]
    return result


def _place(season: list[RecordedMatch], number: int) -> dict[str, Any]:
    """A match by its date and its number within its year, from 1."""
    date = season[number].fixture.date
    before = sum(1 for match in season[:number] if match.fixture.date[:4] == date[:4])
    return {"date": date, "match": before + 1}


def _decisions(system: System, season: list[RecordedMatch]) -> Iterator[dict[str, Any]]:
    place = partial(_place, season)
    for number, decision in system.decisions:
        if isinstance(decision, Alarm | Raised | Promoted | Retired | RolledBack):
            policy = getattr(decision, "policy", "")
            kind = type(decision).__name__
            yield place(number) | {"kind": kind, "policy": policy, "reason": decision.reason}
