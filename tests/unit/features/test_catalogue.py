"""The catalogue says what the inputs are: their defaults, ranges, owners and versions hold."""

from cricket.state import Innings
from features.catalogue import CATALOGUE, FEATURE_VERSION, NAMES
from features.inputs import LOG_ODDS_LIMIT, EngineFeatures, HistoryFeatures, inputs

BEGUN = Innings(0, "A", limit=120, runs=40, wickets=2, balls=30, deliveries=31, recent=(1, 4, -1))
ENGINE = EngineFeatures(0.8, 0.3, 0.05, 170.0, 160.0, 15.0)
HISTORY = HistoryFeatures(elo=50.0, tilt_gap=0.1, tilt_prior=0.2, level=5.0)
SURE = EngineFeatures(50.0, -50.0, 0.05, 170.0, 160.0, 15.0)


def owned(owner: str) -> set[str]:
    return {feature.name for feature in CATALOGUE if feature.owner == owner}


def changed(one: tuple[float, ...], other: tuple[float, ...]) -> set[str]:
    """The names of the features that differ."""
    pairs = zip(NAMES, one, other, strict=True)
    return {name for name, before, after in pairs if before != after}


def test_the_catalogue_names_each_feature_once() -> None:
    assert len(set(NAMES)) == len(CATALOGUE)
    assert all(f.low < f.high and f.meaning and f.unit for f in CATALOGUE)


def test_a_feature_is_its_default_before_anything_is_known() -> None:
    nothing = inputs(Innings(0, "A", limit=120), 120, EngineFeatures(*[0.0] * 6), _history(0.0))
    assert nothing == tuple(f.default for f in CATALOGUE)
    assert all(f.low <= f.default <= f.high for f in CATALOGUE)


def test_no_feature_is_newer_than_the_version() -> None:
    assert all(1 <= f.since <= FEATURE_VERSION for f in CATALOGUE)


def test_a_feature_changes_with_its_owner_and_with_no_other() -> None:
    before = inputs(BEGUN, 120, ENGINE, HISTORY)
    others = EngineFeatures(*[value + 1.0 for value in ENGINE[:4]], 150.0, 20.0)
    assert changed(before, inputs(BEGUN, 120, others, HISTORY)) == owned("forecast")
    assert changed(before, inputs(BEGUN, 120, ENGINE, _history(-7.0))) == owned("history")
    assert {f.owner for f in CATALOGUE} == {"forecast", "history", "innings"}


def test_the_innings_alone_moves_the_features_that_it_owns() -> None:
    nothing = EngineFeatures(*[0.0] * 6)
    start = inputs(Innings(0, "A", limit=120), 120, nothing, _history(0.0))
    assert changed(start, inputs(BEGUN, 120, nothing, _history(0.0))) == owned("innings")


def test_what_is_scaled_by_the_resources_keeps_its_unit_and_range() -> None:
    by_name = {f.name: f for f in CATALOGUE}
    for name in filter(lambda name: name.endswith("_ahead"), NAMES):
        scaled, feature = by_name[name], by_name[name.removesuffix("_ahead")]
        assert (scaled.unit, scaled.low, scaled.high) == (feature.unit, feature.low, feature.high)
    assert all((f.low, f.high) == (0.0, 1.0) for f in CATALOGUE if f.unit == "share")


def test_the_engine_s_odds_lie_within_the_limit_of_the_inputs() -> None:
    odds = dict(zip(NAMES, inputs(BEGUN, 120, SURE, HISTORY), strict=True))
    by_name = {f.name: f for f in CATALOGUE}
    assert odds["engine"] == by_name["engine"].high == LOG_ODDS_LIMIT
    assert odds["engine_prior"] == by_name["engine_prior"].low == -LOG_ODDS_LIMIT
    assert odds["engine_bend"] == by_name["engine_bend"].high


def _history(value: float) -> HistoryFeatures:
    return HistoryFeatures(value, value, value, value)
