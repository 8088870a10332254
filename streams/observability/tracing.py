"""Traces from a ball to its prediction; off, and costless, unless a collector is named."""

from collections.abc import Sequence
from typing import Protocol

from streams.kafka.producer import Headers
from streams.messages.predictions import PredictionMessage
from streams.settings import Settings


class Traced(Protocol):
    """A record with its headers, as aiokafka gives it."""

    offset: int
    headers: Sequence[tuple[str, bytes]]


class BatchTrace(Protocol):
    """The spans of one batch."""

    def headers(self, said: PredictionMessage) -> Headers:
        """What a message is sent with, so that its readers can go on from the ball."""

    def finish(self) -> None:
        """All is acknowledged."""


class Tracing(Protocol):
    """Where spans are made."""

    def sent(self, topic: str, match_id: str) -> Headers:
        """The span of a message that a feed sends, and what the message is sent with."""

    def batch(self, records: Sequence[Traced]) -> BatchTrace:
        """The spans of a batch, from now on."""


def tracing(settings: Settings, role: str) -> Tracing | None:
    """The deployment's tracing, None if it is off; ValueError if its extra is not installed."""
    if not settings.traces:
        return None
    try:
        from streams.observability.spans import exporting  # noqa: PLC0415  an extra, and only where it is on
    except ImportError as error:
        raise ValueError(
            "OVERCAST_TRACES is set, which needs an extra: pip install opentelemetry-sdk "
            "opentelemetry-exporter-otlp-proto-http"
        ) from error
    return exporting(settings.traces, role)
