"""The decisions that `cricket.drift` holds already, so that none is published twice."""

from collections.abc import Iterator

import msgspec

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import DRIFT, real_name
from streams.settings import Settings


class _DecisionId(msgspec.Struct):
    """The part of a decision that says which it is."""

    id: str
    at: int = 0


DecisionId = tuple[str, int]  # its id, and the time of the message that caused it

_IDS = msgspec.json.Decoder(_DecisionId)


def decision_ids(log_reader: LogReader, settings: Settings) -> frozenset[DecisionId]:
    """The ids of all decisions that the log holds; a learner publishes none of them again.

    An id names an offset of the label log, which a later log of that name has too: hence the time.
    A model's whole story is some hundred messages a year.
    """
    return frozenset(_ids(log_reader, real_name(DRIFT, settings)))


def _ids(log_reader: LogReader, name: str) -> Iterator[DecisionId]:
    for message in log_reader.read_all(name, 0):
        try:
            decision = _IDS.decode(message.value() or b"")
            yield decision.id, decision.at
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not a decision
