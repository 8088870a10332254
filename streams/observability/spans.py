"""OpenTelemetry's spans of a ball, its context in Kafka's headers as W3C `traceparent`."""

import time
from collections.abc import Sequence
from typing import Any

import requests
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from streams.access import Service
from streams.kafka.message import Headers
from streams.kafka.record import Record
from streams.messages.predictions import Prediction, PredictionMessage
from streams.messages.source import CODE_VERSION

PROPAGATOR = TraceContextTextMapPropagator()


def exporting(collector: Service, role: str) -> "Spans":
    """Spans that go to an OTLP collector over HTTP, in the background."""
    provider = TracerProvider(
        resource=Resource.create(
            {"service.name": f"overcast-{role}", "service.version": CODE_VERSION}
        )
    )
    provider.add_span_processor(BatchSpanProcessor(exporter(collector)))
    return Spans(provider)


def exporter(collector: Service) -> OTLPSpanExporter:
    """What sends spans to a collector, with what lets us in there."""
    shown = collector.authorization
    return OTLPSpanExporter(
        endpoint=f"{collector.url.get_secret_value().rstrip('/')}/v1/traces",
        certificate_file=collector.ca or None,
        headers={"authorization": shown} if shown else None,
        session=_Trusting(collector.ca) if collector.ca else None,
    )


class _Trusting(requests.Session):
    """Trusts one file of certificates, where requests would follow REQUESTS_CA_BUNDLE instead."""

    def __init__(self, ca: str) -> None:
        super().__init__()
        self._ca = ca

    def merge_environment_settings(self, *request: Any, **more: Any) -> Any:
        """The settings of a request, proxies of the environment included."""
        return {**super().merge_environment_settings(*request, **more), "verify": self._ca}


class Spans:
    """Makes the spans of a process with a provider, which says where they go."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("overcast", CODE_VERSION)

    def sent(self, topic: str, match_id: str) -> Headers:
        """Record the span of a feed's message; return the headers that carry its context."""
        attributes = {**_kafka(topic), "overcast.match": match_id}
        with self._tracer.start_as_current_span(
            f"send {topic}", kind=SpanKind.PRODUCER, attributes=attributes
        ) as span:
            return _headers(span)

    def batch(self, records: Sequence[Record]) -> "BatchSpans":
        """Begin the spans of a batch."""
        return BatchSpans(self._tracer, records, time.time_ns())


class BatchSpans:
    """One span for each message that brought predictions, from the batch's start to the end."""

    def __init__(self, tracer: trace.Tracer, records: Sequence[Record], began: int) -> None:
        self._tracer = tracer
        self._headers = {record.offset: record.headers for record in records}
        self._began = began
        self._spans: dict[int, Span] = {}

    def headers(self, message: PredictionMessage) -> Headers:
        """The trace context of the span of the ball that a message was made from."""
        offset = message.source.offset
        if offset not in self._spans:
            self._spans[offset] = self._start(message, _context(self._headers.get(offset, ())))
        return _headers(self._spans[offset])

    def _start(self, message: PredictionMessage, parent: Context) -> Span:
        source = message.source
        attributes = {
            **_kafka(source.topic),
            "messaging.destination.partition.id": str(source.partition),
            "messaging.kafka.offset": source.offset,
            "overcast.match": message.match_id,
            "overcast.seq": message.seq,
        }
        if isinstance(message, Prediction):
            attributes |= {"overcast.model_key": message.model_key, "overcast.model": message.model}
        return self._tracer.start_span(
            "forecast", parent, SpanKind.CONSUMER, attributes, start_time=self._began
        )

    def finish(self) -> None:
        """End the spans: Kafka has all predictions, and Redis the state."""
        for span in self._spans.values():
            span.end()


def _kafka(topic: str) -> dict[str, Any]:
    return {"messaging.system": "kafka", "messaging.destination.name": topic}


def _headers(span: Span) -> Headers:
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    return [(name, value.encode()) for name, value in carrier.items()]


def _context(headers: Sequence[tuple[str, bytes]]) -> Context:
    """The trace context that a feed sent; an empty one if it sent none, or an invalid one."""
    carrier = {n: value.decode(errors="replace") for n, value in headers if value is not None}
    return PROPAGATOR.extract(carrier, Context())
