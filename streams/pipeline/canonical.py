"""The canonical form of a match: equal for two logs that tell the same match in different ways.

It holds the final state, the features that other services read, the surviving predictions in the
order of play and the surviving labels. It leaves out what depends on the way the messages came:
positions in Kafka, sequence numbers and ranks, revisions, and the feed's times.
"""

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from streams.messages.labels import LabelMessage
from streams.messages.predictions import Prediction, PredictionMessage, Waiting, Withdrawal, content
from streams.pipeline.label_revisions import question
from streams.pipeline.match_record import MatchRecord, online_features


def surviving(messages: Iterable[PredictionMessage]) -> list[Prediction]:
    """The predictions that stand, in the order of play: of each ball the newest revision."""
    newest: dict[tuple[str, int, int], Prediction | Withdrawal] = {}
    for message in messages:
        if not isinstance(message, Waiting):
            place = (message.match_id, message.seq, message.rank)
            if place not in newest or message.revision > newest[place].revision:
                newest[place] = message
    in_order = (message for _, message in sorted(newest.items()))
    return [message for message in in_order if isinstance(message, Prediction)]


def corrected(labels: Iterable[LabelMessage]) -> list[LabelMessage]:
    """The labels that stand, in the order of their first answer: what a training must learn from.

    Of each question of a match the newest revision; none where that was withdrawn.
    """
    newest: dict[tuple[str, str], LabelMessage] = {}
    for message in labels:
        place = (message.match_id, question(message.label.task))
        if place not in newest or message.revision > newest[place].revision:
            newest[place] = message
    return [message for message in newest.values() if not message.withdrawn]


def canonical(
    record: MatchRecord, messages: Iterable[PredictionMessage], labels: Iterable[LabelMessage]
) -> bytes:
    """The canonical form of a match, as JSON; messages of other matches are left out."""
    own = [message for message in messages if message.match_id == record.match_id]
    answers = {
        question(m.label.task): m.label for m in corrected(labels) if m.match_id == record.match_id
    }
    parts = {
        "state": record.state,
        "features": msgspec.Raw(online_features(record)),
        "predictions": [msgspec.Raw(content(prediction)) for prediction in surviving(own)],
        "labels": answers,
    }
    return msgspec.json.encode(parts, order="sorted")


def canonical_hash(
    record: MatchRecord, messages: Iterable[PredictionMessage], labels: Iterable[LabelMessage]
) -> str:
    """SHA-256 of the canonical form."""
    return sha256(canonical(record, messages, labels)).hexdigest()
