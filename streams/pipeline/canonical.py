"""The canonical form of a match: equal for two logs that tell the same match in different ways.

It holds the final state, the features that other services read, the surviving predictions in the
order of play, the official result and the surviving labels. It leaves out what depends on the way
the messages came: positions in Kafka, sequence numbers and ranks, revisions, the feed's times.
"""

from collections.abc import Callable, Hashable, Iterable
from hashlib import sha256
from operator import attrgetter
from typing import Protocol, TypeVar

import msgspec

from streams.messages.labels import LabelMessage
from streams.messages.predictions import (
    MatchResult,
    Prediction,
    PredictionMessage,
    Waiting,
    Withdrawal,
    content,
)
from streams.pipeline.label_revisions import question
from streams.pipeline.match_record import MatchRecord, online_features


class HasRevision(Protocol):
    """A message that a later revision replaces."""

    @property
    def revision(self) -> int:
        """Counts from 0; the highest holds."""


Revised = TypeVar("Revised", bound=HasRevision)
Key = TypeVar("Key", bound=Hashable)


def newest_revisions(
    messages: Iterable[Revised], place: Callable[[Revised], Key]
) -> dict[Key, Revised]:
    """The highest revision of the message at each place, in the order of the first revisions."""
    newest: dict[Key, Revised] = {}
    for message in messages:
        key = place(message)
        if key not in newest or message.revision > newest[key].revision:
            newest[key] = message
    return newest


def surviving(messages: Iterable[PredictionMessage]) -> list[Prediction]:
    """The predictions that hold, the newest revision of each ball, in the order of play."""
    return [message for message in _newest_placed(messages) if isinstance(message, Prediction)]


def surviving_results(messages: Iterable[PredictionMessage]) -> list[MatchResult]:
    """The official results that hold: one of each match that has ended."""
    return [message for message in _newest_placed(messages) if isinstance(message, MatchResult)]


def _newest_placed(
    messages: Iterable[PredictionMessage],
) -> list[Prediction | MatchResult | Withdrawal]:
    """The newest revision at each place, in the order of play."""
    placed = (message for message in messages if not isinstance(message, Waiting))
    newest = newest_revisions(placed, attrgetter("match_id", "seq", "rank"))
    return [message for _, message in sorted(newest.items())]


def corrected(labels: Iterable[LabelMessage]) -> list[LabelMessage]:
    """The labels that hold, in the order of their first answers: those a training learns from.

    They are the newest revision for each question of a match, unless that withdraws the label.
    """
    newest = newest_revisions(labels, lambda m: (m.match_id, question(m.label.task)))
    return [message for message in newest.values() if not message.withdrawn]


def canonical(
    record: MatchRecord, messages: Iterable[PredictionMessage], labels: Iterable[LabelMessage]
) -> bytes:
    """The canonical form of a match, as JSON; messages of other matches are left out."""
    of_match = [message for message in messages if message.match_id == record.match_id]
    answers = {
        question(m.label.task): m.label for m in corrected(labels) if m.match_id == record.match_id
    }
    parts = {
        "state": record.state,
        "features": msgspec.Raw(online_features(record)),
        "predictions": [msgspec.Raw(content(prediction)) for prediction in surviving(of_match)],
        "results": [msgspec.Raw(content(result)) for result in surviving_results(of_match)],
        "labels": answers,
    }
    return msgspec.json.encode(parts, order="sorted")


def canonical_hash(
    record: MatchRecord, messages: Iterable[PredictionMessage], labels: Iterable[LabelMessage]
) -> str:
    """SHA-256 of the canonical form."""
    return sha256(canonical(record, messages, labels)).hexdigest()
