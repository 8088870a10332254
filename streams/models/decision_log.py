"""The decisions that `cricket.drift` holds already, so that none is published twice."""

from collections.abc import Iterator

import msgspec

from streams.kafka.log_reader import LogReader
from streams.kafka.topics import DRIFT, real_name
from streams.settings import Settings


class _Named(msgspec.Struct):
    """The part of a decision that says which it is."""

    id: str


_NAMES = msgspec.json.Decoder(_Named)


def decision_ids(journal: LogReader, settings: Settings) -> frozenset[str]:
    """The ids of all decisions that the log holds: a learner that decides one again says nothing.

    A model's whole story is some hundred messages a year.
    """
    return frozenset(_ids(journal, real_name(DRIFT, settings)))


def _ids(journal: LogReader, name: str) -> Iterator[str]:
    for message in journal.whole(name, 0):
        try:
            yield _NAMES.decode(message.value() or b"").id
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # nobody's decision
