"""A message as the worker's consumer gives it."""

from collections.abc import Sequence
from typing import Protocol


class Record(Protocol):
    """A message as aiokafka's consumer gives it."""

    key: bytes | None
    value: bytes | None
    topic: str
    partition: int
    offset: int
    headers: Sequence[tuple[str, bytes]]
    timestamp: int  # ms since 1970: of cricket.balls, when Kafka appended it
