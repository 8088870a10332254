"""What two logs that tell the same match must have in common, whatever way the messages came.

That is the final state, the features that other services read, the surviving predictions in the
order of play and the surviving labels. Left out is what tells of the way: positions in Kafka,
sequence numbers and ranks, revisions, and the feed's times.
"""

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from streams.messages.labels import LabelMessage
from streams.messages.predictions import Prediction, PredictionMessage, Waiting, Withdrawal, content
from streams.pipeline.label_revisions import question
from streams.pipeline.match_record import MatchRecord, online_features


def surviving(said: Iterable[PredictionMessage]) -> list[Prediction]:
    """The predictions that stand, in the order of play: of each ball the newest revision."""
    newest: dict[tuple[str, int, int], Prediction | Withdrawal] = {}
    for message in said:
        if not isinstance(message, Waiting):
            place = (message.match_id, message.seq, message.rank)
            if place not in newest or message.revision > newest[place].revision:
                newest[place] = message
    standing = (message for _, message in sorted(newest.items()))
    return [message for message in standing if isinstance(message, Prediction)]


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
    record: MatchRecord, said: Iterable[PredictionMessage], labels: Iterable[LabelMessage]
) -> bytes:
    """The canonical form of a match as its log left it, as JSON."""
    own = [made for made in said if made.match_id == record.match_id]
    answers = {
        question(m.label.task): m.label for m in corrected(labels) if m.match_id == record.match_id
    }
    parts = {
        "state": record.state,
        "features": msgspec.Raw(online_features(record)),
        "predictions": [msgspec.Raw(content(made)) for made in surviving(own)],
        "labels": answers,
    }
    return msgspec.json.encode(parts, order="sorted")


def canonical_hash(
    record: MatchRecord, said: Iterable[PredictionMessage], labels: Iterable[LabelMessage]
) -> str:
    """SHA-256 of the canonical form."""
    return sha256(canonical(record, said, labels)).hexdigest()
