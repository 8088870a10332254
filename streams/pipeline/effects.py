"""The input and the output of the pipeline: messages as received, the effects of a batch."""

from dataclasses import dataclass, field

from streams.messages.dead_letters import DeadLetter
from streams.messages.events import BrokenMessageError, MatchEvent, Place, decode
from streams.messages.labels import LabelMessage
from streams.messages.predictions import PredictionMessage
from streams.messages.source import Source
from streams.pipeline.match_log import Entry
from streams.pipeline.match_record import MatchRecord


@dataclass(frozen=True, slots=True)
class Received:
    """A message from Kafka with its decoded event, or with the reason why it cannot be read."""

    key: bytes | None
    value: bytes | None
    source: Source
    event: MatchEvent | None
    unreadable: str = ""


def receive(key: bytes | None, value: bytes | None, source: Source) -> Received:
    """Decode a message; this never raises, since bad input must not stop a worker."""
    try:
        return Received(key, value, source, decode(value))
    except BrokenMessageError as error:
        return Received(key, value, source, None, str(error))


@dataclass(slots=True)
class Effects:
    """What a batch did, in order: records that changed, and what is to be sent.

    `entries` are the changed entries of each match's log, `healed` counts messages that had been
    refused and were played after all.
    """

    records: dict[str, MatchRecord] = field(default_factory=dict)
    entries: dict[str, dict[Place, Entry]] = field(default_factory=dict)
    predictions: list[PredictionMessage] = field(default_factory=list)
    labels: list[LabelMessage] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    repeated: int = 0
    healed: int = 0
