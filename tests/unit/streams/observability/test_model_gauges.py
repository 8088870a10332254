"""Which model serves, as gauges."""

from dataclasses import replace
from types import SimpleNamespace

from prometheus_client import CollectorRegistry

from learning.starter import load_starter
from streams.messages.source import CODE_VERSION
from streams.observability.model_gauges import ModelGauges


def test_a_model_that_was_replaced_is_shown_no_more() -> None:
    old = load_starter()["t20-male"]
    serving = [(old, 1_000.0)]
    registry = CollectorRegistry()
    registry.register(ModelGauges(SimpleNamespace(serving=lambda: serving)))
    labels = {"model_key": "t20-male", "features": str(old.feature_version), "code": CODE_VERSION}
    assert registry.get_sample_value("overcast_model_info", labels | {"version": old.version}) == 1
    last = registry.get_sample_value(
        "overcast_model_last_match_timestamp_seconds", {"model_key": "t20-male"}
    )
    assert last
    assert old.trained.last.startswith(str(1970 + int(last / 86_400 / 365.25)))
    serving[:] = [(replace(old, version="new"), 2_000.0)]
    info = next(m for m in registry.collect() if m.name == "overcast_model")
    assert [sample.labels["version"] for sample in info.samples] == ["new"]
