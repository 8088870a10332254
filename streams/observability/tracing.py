"""Traces from a ball to its prediction; off, and without cost, unless a collector is named."""

from collections.abc import Sequence
from typing import Protocol

from streams.kafka.message import Headers
from streams.kafka.record import Record
from streams.messages.predictions import PredictionMessage
from streams.settings import Settings


class BatchTrace(Protocol):
    """The spans of one batch."""

    def headers(self, message: PredictionMessage) -> Headers:
        """The headers of a message, by which its readers continue the trace of the ball."""

    def finish(self) -> None:
        """End the spans: all messages are acknowledged."""


class Tracing(Protocol):
    """Makes the spans of a process."""

    def sent(self, topic: str, match_id: str) -> Headers:
        """Record the span of a message that a feed sends; return the message's headers."""

    def batch(self, records: Sequence[Record]) -> BatchTrace:
        """Begin the spans of a batch."""


def tracing(settings: Settings, role: str) -> Tracing | None:
    """The deployment's tracing, None if it is off; ValueError if its extra is not installed."""
    if not settings.traces.get_secret_value():
        return None
    try:
        from streams.observability.spans import exporting  # noqa: PLC0415  an extra, and only where it is on
    except ImportError as error:
        raise ValueError(
            "OVERCAST_TRACES is set, which needs an extra: pip install opentelemetry-sdk "
            "opentelemetry-exporter-otlp-proto-http"
        ) from error
    return exporting(settings.service("traces"), role)
