"""The model that all made-up seasons begin with: trained on 1,000 matches without drift, once."""

from pathlib import Path

from benchmarks.drift.world import World
from forecast.engine import Engine
from learning.model.engine_cache import engine_of
from learning.model.snapshot import Snapshot, SnapshotError, blank, decode, encode
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replayed_labels, steps
from learning.training.learner import Learner

KEY = "t20-male"
MATCHES = 1_000
LEARNED = 25  # matches between two models
SOLVED = (0, 25, 100, 250, 500, 750)  # matches after which the tables are made again


def base(build: Path) -> tuple[Snapshot, Engine]:
    """The model and its tables; kept in `build`, and made again if it cannot be read."""
    kept = build / "drift-base.json"
    try:
        snapshot = decode(kept.read_bytes())
    except (OSError, SnapshotError):
        snapshot = _trained()
        build.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(encode(snapshot))
    return snapshot, engine_of(snapshot)


def _trained() -> Snapshot:
    world, learner = World(0), Learner(blank(KEY))
    snapshot = learner.snapshot("base-0", {})
    engine = engine_of(snapshot)
    forecaster = Forecaster(snapshot, engine)
    for number in range(MATCHES):
        if number % LEARNED == 0:
            snapshot = learner.snapshot(f"base-{number}", {})
            engine = engine_of(snapshot) if number in SOLVED else engine
            forecaster = Forecaster(snapshot, engine)
        match = world.match(number, lambda _: 0.0)
        for label in replayed_labels(steps(match.fixture, match.facts), forecaster):
            learner.learn(label)
    return learner.snapshot("base", {})
