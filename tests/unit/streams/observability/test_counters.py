"""What a worker tells Prometheus: right, by its conventions, no more series for more matches."""

import logging
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from prometheus_client import REGISTRY, Metric

from features.store import OnlineStore
from features.store_client import TRIES
from learning.keys import KEYS
from learning.model.prequential import Metrics, Tally
from producers.simulator import season
from streams.messages import metrics
from streams.messages.decisions import encode as encode_decision
from streams.messages.events import encode
from streams.messages.predictions import Prediction
from streams.messages.source import Source
from streams.observability import counters
from streams.observability.monitoring import CountedErrors
from streams.observability.quality_gauges import TYPES, QualityGauges
from streams.pipeline.advance import advance
from streams.pipeline.effects import Received, receive
from tests.support.feeds import ENDED, EVENTS, revised
from tests.support.matches import forecasts, log_of, messages, models
from tests.unit.streams.messages.test_decisions import EXAMPLES

BOUNDED = {  # the labels that there are, and how many values each can have
    "partition": 1_024,
    "topic": 6,
    "model_key": len(KEYS),
    "reason": len(counters.REASONS) + 1,
    "task": 3,
    "client": 6,
    "outcome": 5,
    "of": 4,
    "over": 2,
    "type": len(TYPES),
    "le": 32,
    "version": len(KEYS),
    "features": 2,
    "code": 2,
}


def of_overcast() -> Iterator[Metric]:
    yield from (metric for metric in REGISTRY.collect() if metric.name.startswith("overcast_"))


def series() -> set[tuple[str, frozenset[tuple[str, str]]]]:
    return {(s.name, frozenset(s.labels.items())) for m in of_overcast() for s in m.samples}


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def batch_of(count: int, seed: int) -> list[Received]:
    """Simulated matches one after another, some messages broken."""
    told = [encode(e) for match in season(count, seed) for e in messages(match)] + [b"no", b"{}"]
    return [receive(b"key", text, Source("cricket.balls", 0, n)) for n, text in enumerate(told)]


def worked(batch: list[Received], now: float = 12.0) -> list[Prediction]:
    effects = advance({}, batch, models())
    records: Any = [SimpleNamespace(offset=r.source.offset, timestamp=2_000) for r in batch]
    counters.count_received(batch)
    counters.count_batch(effects, 0, records, 0.5, now)
    return [said for said in effects.predictions if isinstance(said, Prediction)]


def shown() -> None:
    """All that a worker shows but counts no ball by."""
    standing = QualityGauges()
    for key in KEYS:
        tally = Tally(matches=3, totals=3)
        said = metrics.MetricsMessage(
            model_key=key, model="m", at=0, metrics=Metrics(3, tally, tally)
        )
        standing.show_metrics(lying(metrics.encode(said)))


def lying(text: bytes, at: int = 5_000) -> Any:
    return SimpleNamespace(value=lambda: text, timestamp=lambda: (2, at))


def test_more_matches_make_no_more_series_and_no_label_names_one() -> None:
    shown()
    few = batch_of(2, seed=11)
    worked(few)
    before = series()
    many = batch_of(9, seed=12)
    worked(many)
    assert series() == before
    values: dict[str, set[str]] = {}
    for _, labels in before:
        for name, text in labels:
            values.setdefault(name, set()).add(text)
    assert {name for name, texts in values.items() if len(texts) > BOUNDED[name]} == set()
    matches = {r.event.match_id for r in (*few, *many) if r.event is not None}
    assert len(matches) > 10
    assert not matches & set().union(*values.values())


def test_a_revised_result_is_no_revised_forecast() -> None:
    before = value("overcast_revised_predictions_total"), value("overcast_predictions_total")
    effects = advance({}, log_of([*EVENTS, revised(ENDED, winner="Blues")]), models())
    record: Any = SimpleNamespace(offset=0, timestamp=0)
    counters.count_batch(effects, 0, [record], 0.5, 12.0)
    after = value("overcast_revised_predictions_total"), value("overcast_predictions_total")
    assert (after[0] - before[0], after[1] - before[1]) == (0, len(forecasts(effects)))


def test_names_and_units_are_prometheus_own() -> None:
    shown()
    for metric in of_overcast():
        assert re.fullmatch(r"overcast_[a-z]+(_[a-z]+)*", metric.name), metric.name
        assert metric.documentation, metric.name
        assert not re.search(r"_(ms|milliseconds|minutes|kb|mb|percent)(_|$)", metric.name)
        if metric.type == "counter":
            assert all(s.name.endswith("_total") for s in metric.samples), metric.name
        else:
            assert not metric.name.endswith("_total")
        if metric.type == "histogram":
            assert metric.name.endswith("_seconds")


def test_a_batch_is_counted_as_it_was() -> None:
    names = {
        "overcast_received_messages_total": {},
        "overcast_received_balls_total": {},
        "overcast_predictions_total": {},
        "overcast_dead_letters_total": {"reason": "unreadable"},
        "overcast_prediction_latency_seconds_count": {},
        "overcast_prediction_latency_seconds_sum": {},
    }
    before = {name: value(name, **labels) for name, labels in names.items()}
    batch = batch_of(1, seed=13)
    made = worked(batch, now=12.0)
    counted = {name: value(name, **labels) - before[name] for name, labels in names.items()}
    assert list(counted.values()) == [
        len(batch),
        len(made),
        len(made),
        2,
        len(made),
        pytest.approx(10.0 * len(made)),  # appended at 2 s, acknowledged at 12 s
    ]
    assert value("overcast_handled_offset", partition="0") == len(batch) - 1
    assert value("overcast_features_written_timestamp_seconds", partition="0") == 12.0


def test_a_reason_is_counted_by_its_kind_and_an_unknown_one_as_other() -> None:
    assert counters.kind("against the laws: Law 17.1, an over has six balls") == "against the laws"
    assert counters.kind("m4711 is odd") == "other"
    told = [r for r in batch_of(1, seed=14) if r.event is not None]
    reasons = {
        letter.reason.partition(":")[0]
        for batch in (told[1:3], [told[0], told[0], *batch_of(1, seed=14)[-2:]])
        for letter in advance({}, batch, models()).dead_letters
    }
    assert reasons
    assert reasons <= counters.REASONS


def test_the_standing_of_a_model_is_what_the_topics_said_last() -> None:
    standing = QualityGauges()
    tally = Tally(matches=40, log_loss=0.51, engine=0.52, baseline=0.57, brier=0.17)
    said = metrics.MetricsMessage(
        model_key="t20-male", model="m", at=0, metrics=Metrics(81, Tally(), tally)
    )
    standing.show_metrics(lying(metrics.encode(said)))
    where = {"model_key": "t20-male", "over": "window"}
    assert value("overcast_log_loss", of="model", **where) == 0.51
    assert value("overcast_log_loss", of="run rate", **where) == 0.57
    assert value("overcast_brier_score", **where) == 0.17
    assert value("overcast_scored_matches", **where) == 40
    assert value("overcast_scored_labels", model_key="t20-male") == 81


@pytest.mark.parametrize("text", [b"", b"\xff", b"{}", b'{"type":"sacked","model_key":"t20-male"}'])
def test_what_is_no_message_of_a_topic_is_passed_over(text: bytes) -> None:
    standing = QualityGauges()
    before = series()
    standing.show_metrics(lying(text))
    standing.show_decision(lying(text))
    assert series() == before


def test_decisions_are_counted_and_a_trial_ends_with_its_challenger() -> None:
    standing, key = QualityGauges(), "t20-male"
    alarm, raised, promoted, retired, _, frozen, unfrozen, _ = EXAMPLES
    for at, decision in enumerate((alarm, raised, raised), start=1):
        standing.show_decision(lying(encode_decision(decision), at * 1_000))
    assert value("overcast_drift_decisions", model_key=key, type="challenger_raised") == 2
    assert value("overcast_drift_challengers", model_key=key) == 1  # told twice after a kill
    assert value("overcast_drift_decided_timestamp_seconds", model_key=key, type="alarm") == 1.0
    standing.show_decision(lying(encode_decision(promoted)))
    assert value("overcast_drift_challengers", model_key=key) == 0
    standing.show_decision(lying(encode_decision(raised)))
    standing.show_decision(lying(encode_decision(retired)))
    assert value("overcast_drift_challengers", model_key=key) == 0
    standing.show_decision(lying(encode_decision(frozen)))
    assert value("overcast_drift_frozen", model_key=key) == 1
    standing.show_decision(lying(encode_decision(unfrozen)))
    assert value("overcast_drift_frozen", model_key=key) == 0


def test_what_fausts_consumer_reports_of_kafka_is_counted() -> None:
    before = value("overcast_kafka_errors_total", client="consumer")
    log = logging.getLogger("aiokafka.conn")
    handler = CountedErrors(logging.WARNING)
    logging.getLogger("aiokafka").addHandler(handler)
    try:
        log.error("Unable to connect to node 1")
        log.info("joined")
    finally:
        logging.getLogger("aiokafka").removeHandler(handler)
    assert value("overcast_kafka_errors_total", client="consumer") == before + 1


def test_a_call_that_redis_does_not_answer_is_counted_though_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_: object) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr("redis.retry.sleep", lambda _: None)
    monkeypatch.setattr("redis.connection.Connection._connect", refused)
    before = value("overcast_redis_errors_total")
    store = OnlineStore("redis://127.0.0.1:1/0", "", 60, failed=counters.count_redis_error)
    with pytest.raises(redis.RedisError):
        store.features(0, "m1")
    assert value("overcast_redis_errors_total") == before + 1 + TRIES
