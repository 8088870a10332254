"""The state of each contest at rest on `cricket.contests`: what the next learner goes on from.

JSON, compressed, behind the digest of what it says; nothing in it is executed.
"""

import hashlib
import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
from confluent_kafka import Message

from learning.contest.state import CONTEST_VERSION, ContestState
from learning.model.snapshot import Snapshot, SnapshotError, check
from streams.kafka import topics
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import real_name
from streams.messages.compression import CompressionError, compressed, decompressed
from streams.models.signing import SignatureError
from streams.models.snapshot_messages import ModelMessages, as_json
from streams.settings import Settings

DIGEST = 32  # bytes of SHA-256 in front
MOST_BYTES = 64 << 20  # five challengers with all their views are some 15 MB
LOOKED_AT = 8  # standings of a key, the newest first, until one is whole

log = logging.getLogger(__name__)

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(ContestState)


class StandingError(ValueError):
    """A standing that must not be gone on from; says why."""


def encode(standing: ContestState) -> bytes:
    """The standing as bytes; equal standings give equal bytes."""
    body = _ENCODER.encode(_with_json(standing))
    return hashlib.sha256(body).digest() + compressed(body)


def _with_json(standing: ContestState) -> ContestState:
    """The standing with its snapshots as the JSON that most of them were written as before."""

    def written(snapshot: Snapshot) -> Any:
        return msgspec.Raw(as_json(snapshot))

    rivals = (
        replace(
            rival,
            snapshot=written(rival.snapshot),
            views=tuple(replace(view, snapshot=written(view.snapshot)) for view in rival.views),
        )
        for rival in standing.rivals
    )
    return replace(standing, champion=written(standing.champion), rivals=tuple(rivals))


def decode(value: bytes) -> ContestState:
    """The standing; StandingError, with the reason, for anything that must not be gone on from."""
    try:
        body = decompressed(value[DIGEST:], MOST_BYTES)
        if hashlib.sha256(body).digest() != value[:DIGEST]:
            raise StandingError("the digest is not that of the content: damaged or forged")
        standing = _DECODER.decode(body)
        if standing.contest_version != CONTEST_VERSION:
            raise StandingError(
                f"contest version {standing.contest_version}, not {CONTEST_VERSION}"
            )
        for snapshot in _snapshots(standing):
            check(snapshot)
    except (CompressionError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StandingError(f"no standing: {error}") from error
    except SnapshotError as error:
        raise StandingError(f"a model in it: {error}") from error
    return standing


def _snapshots(standing: ContestState) -> Iterator[Snapshot]:
    yield standing.champion
    for rival in standing.rivals:
        yield rival.snapshot
        yield from (view.snapshot for view in rival.views)


def newest(
    journal: LogReader, settings: Settings, messages: ModelMessages
) -> dict[str, ContestState]:
    """The last readable standing of each model key; a bad one is left out, and said.

    Only the last few of a key are looked at: a standing takes a tenth of a second to check.
    """
    last: dict[bytes | None, deque[Message]] = defaultdict(lambda: deque(maxlen=LOOKED_AT))
    for message in journal.whole(real_name(topics.CONTESTS, settings), 0):
        last[message.key()].append(message)
    found = (_readable(reversed(kept), messages) for kept in last.values())
    return {standing.champion.key: standing for standing in found if standing is not None}


def _readable(newest_first: Iterable[Message], messages: ModelMessages) -> ContestState | None:
    for message in newest_first:
        value = message.value() or b""
        try:
            messages.check(value, message.headers())
            return decode(value)
        except (StandingError, SignatureError) as error:
            log.error("contest refused, the one before it goes on: %s", error)  # noqa: TRY400
    return None
