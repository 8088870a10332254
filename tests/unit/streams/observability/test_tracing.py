"""From the ball to the prediction through Kafka's headers, seen by an exporter in memory."""

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from features.partition_lease import LeaseFields, Position
from features.store import OnlineStore, StoredMatches
from producers.faults import Delivery
from producers.replay import deliver
from streams.kafka.producer import Producer
from streams.models.registry import InstalledModels
from streams.observability.spans import Spans
from streams.observability.tracing import tracing
from streams.processors.balls import BallProcessor
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import FourPartitions
from tests.support.matches import KEY, messages, models, served, short_match

SETTINGS = Settings()
MATCH = short_match("m1", "46W", "12")


class Kafka(Producer):
    """Keeps what is sent, and gives it as a worker's consumer does."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes | None, Any]] = []
        self.flushed = 0

    def send_off(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open."""

    def claim(self, name: str) -> Producer:
        del name
        return self

    def send(self, topic: str, key: bytes | None, value: bytes | None, **more: Any) -> None:
        assert key
        self.sent.append((topic, value, more.get("headers")))

    def flush(self) -> None:
        self.flushed = len(self.sent)

    def write(self, messages: Any) -> None:
        for message in messages:
            self.send(*message[:3], headers=message.headers)
        self.flush()

    def records(self) -> list[Any]:
        fields = ("topic", "value", "headers", "key", "partition", "offset", "timestamp")
        record = msgspec.defstruct("Record", [(name, Any) for name in fields])
        return [
            record(topic, value, tuple(headers or ()), b"m1", 0, offset, 1_000)
            for offset, (topic, value, headers) in enumerate(self.sent)
        ]


class Silent(FourPartitions):
    """A log that holds nothing yet."""

    def __init__(self) -> None:
        pass

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        del topic, partition
        return 0, 0

    def read_backwards(self, topic: str, partition: int, most: int = 100) -> Iterator[Any]:
        del topic, partition, most
        return iter(())


class Empty(OnlineStore):
    """A store that holds nothing and forgets all."""

    def __init__(self) -> None:
        pass

    def claim(self, partition: int) -> Any:
        del partition
        return SimpleNamespace(
            through=-1, position=Position(-1), intact=lambda _: True, write=lambda *_: "written"
        )

    def read(self, partition: int, match_ids: Any) -> StoredMatches:
        del partition, match_ids
        return StoredMatches({}, LeaseFields(None, None))


class Installed(InstalledModels):
    """The one model that a short match needs."""

    def __init__(self) -> None:
        super().__init__({})
        self._forecasters = {KEY: served()}
        assert models()[KEY] is served()


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    yield exporter
    exporter.shutdown()


def spans(exporter: InMemorySpanExporter) -> Spans:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Spans(provider)


def fed(traced: Spans | None) -> Kafka:
    """The match as a feed sends it."""
    feed = Kafka()
    told = [
        Delivery(event.at, event.match_id, msgspec.json.encode(event), event)
        for event in messages(MATCH)
    ]
    assert len(list(deliver(told, feed, SETTINGS, traced))) == len(feed.sent)
    return feed


def worked(feed: Kafka, traced: Spans | None) -> Kafka:
    """What a worker sends after them."""
    out = Kafka()
    tools = Services(SETTINGS, Installed(), Empty(), out, lambda *_: out, Silent(), traced)
    BallProcessor(tools).handle(feed.records())
    return out


def predictions(out: Kafka) -> list[tuple[dict[str, Any], Any]]:
    told = [(t, msgspec.json.decode(v or b""), h) for t, v, h in out.sent]
    return [(said, headers) for topic, said, headers in told if topic == "cricket.predictions"]


def test_a_prediction_carries_on_the_trace_of_its_ball(exporter: InMemorySpanExporter) -> None:
    traced = spans(exporter)
    feed = fed(traced)
    out = worked(feed, traced)
    made = predictions(out)
    assert len(made) > 4
    finished = {f"{s.context.span_id:016x}": s for s in exporter.get_finished_spans() if s.context}
    for said, headers in made:
        (name, value), *rest = headers
        assert (name, rest) == ("traceparent", [])
        version, trace_id, span_id, flags = value.decode().split("-")
        assert (version, int(flags, 16) & 1) == ("00", 1)  # sampled
        span = finished[span_id]
        assert span.parent
        ball = finished[f"{span.parent.span_id:016x}"]
        assert f"{span.parent.trace_id:032x}" == trace_id
        assert (ball.kind, span.kind) == (SpanKind.PRODUCER, SpanKind.CONSUMER)
        sent = dict(feed.sent[said["source"]["offset"]][2])["traceparent"].decode()
        assert sent.split("-")[1:3] == [trace_id, f"{span.parent.span_id:016x}"]


def test_a_span_says_which_ball_it_is_about_and_ends_when_all_is_acknowledged(
    exporter: InMemorySpanExporter,
) -> None:
    traced = spans(exporter)
    out = worked(fed(traced), traced)
    said, _ = predictions(out)[0]
    span = next(s for s in exporter.get_finished_spans() if s.name == "forecast")
    assert dict(span.attributes or {}) == {
        "messaging.system": "kafka",
        "messaging.destination.name": "cricket.balls",
        "messaging.destination.partition.id": "0",
        "messaging.kafka.offset": said["source"]["offset"],
        "overcast.match": "m1",
        "overcast.seq": said["seq"],
        "overcast.model_key": KEY,
        "overcast.model": said["model"],
    }
    assert out.flushed == len(out.sent)
    assert (span.end_time or 0) > (span.start_time or 0)


@pytest.mark.parametrize("header", [(), (("traceparent", b"\xff nonsense"),), (("x", None),)])
def test_a_feed_that_sends_no_trace_begins_a_new_one(
    header: Any, exporter: InMemorySpanExporter
) -> None:
    feed = fed(None)
    feed.sent = [(topic, value, header) for topic, value, _ in feed.sent]
    out = worked(feed, spans(exporter))
    assert all(headers for _, headers in predictions(out))
    assert all(span.parent is None for span in exporter.get_finished_spans())


def test_without_tracing_no_header_is_sent_and_predictions_are_the_same(
    exporter: InMemorySpanExporter,
) -> None:
    plain = worked(fed(None), None)
    assert all(headers is None for _, headers in predictions(plain))
    traced = spans(exporter)
    assert [s for s, _ in predictions(worked(fed(traced), traced))] == [
        s for s, _ in predictions(plain)
    ]


def test_off_is_the_default_and_imports_nothing() -> None:
    assert tracing(Settings(), "worker") is None
    heavy = {
        "opentelemetry.exporter",
        "streams.observability.spans",
    }  # redis-py looks at the rest by itself
    code = f"import sys, streams.worker.application; sys.exit(len({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_collectors_address_turns_it_on() -> None:
    traced = tracing(Settings(traces="http://127.0.0.1:9/"), "feed")
    assert isinstance(traced, Spans)
