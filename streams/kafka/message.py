"""A message on its way to Kafka."""

from typing import NamedTuple

Headers = list[tuple[str, str | bytes | None]]


class Outgoing(NamedTuple):
    """A message to be written; `smaller` is sent in its place where its topic does not take it.

    Partition -1 is that of the key.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int = -1
    headers: Headers | None = None
    smaller: "Outgoing | None" = None
