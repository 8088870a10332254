"""The stored state of each contest on `cricket.contests`, from which the next learner continues.

A value is the digest of a JSON text and the compressed text; nothing in it is executed.
"""

import hashlib
import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from confluent_kafka import Message
from msgspec import structs

from learning.contest.state import CONTEST_VERSION, ContestState, DatedModel
from learning.model.snapshot import Snapshot, SnapshotError, check
from streams.kafka import topics
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import real_name
from streams.messages.compression import CompressionError, compressed, decompressed
from streams.models.signing import SignatureError
from streams.models.snapshot_messages import ModelMessages, as_json
from streams.settings import Settings

DIGEST = 32  # bytes of SHA-256 in front
MOST_BYTES = 64 << 20  # five challengers with all their models are some 15 MB
LOOKED_AT = 8  # newest states of a key that are tried until one is readable

log = logging.getLogger(__name__)

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(ContestState)


class ContestError(ValueError):
    """A state from which no learner may continue; the text says why."""


def encode(state: ContestState) -> bytes:
    """The state as bytes; equal states give equal bytes."""
    body = _ENCODER.encode(_with_json(state))
    return hashlib.sha256(body).digest() + compressed(body)


def _with_json(state: ContestState) -> ContestState:
    """The state with its snapshots as JSON, most of which is remembered from earlier writes."""
    challengers = (
        structs.replace(
            challenger,
            snapshot=_raw(challenger.snapshot),
            models=tuple(DatedModel(m.at, _raw(m.snapshot)) for m in challenger.models),
        )
        for challenger in state.challengers
    )
    return structs.replace(state, champion=_raw(state.champion), challengers=tuple(challengers))


def _raw(snapshot: Snapshot) -> Any:
    return msgspec.Raw(as_json(snapshot))


def decode(value: bytes) -> ContestState:
    """The state; ContestError, with the reason, if no learner may continue from it."""
    try:
        body = decompressed(value[DIGEST:], MOST_BYTES)
        if hashlib.sha256(body).digest() != value[:DIGEST]:
            raise ContestError("the digest is not that of the content: damaged or forged")
        state = _DECODER.decode(body)
        if state.contest_version != CONTEST_VERSION:
            raise ContestError(f"contest version {state.contest_version}, not {CONTEST_VERSION}")
        for snapshot in _snapshots(state):
            check(snapshot)
    except (CompressionError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ContestError(f"no state of a contest: {error}") from error
    except SnapshotError as error:
        raise ContestError(f"a model in it: {error}") from error
    return state


def _snapshots(state: ContestState) -> Iterator[Snapshot]:
    yield state.champion
    for challenger in state.challengers:
        yield challenger.snapshot
        yield from (model.snapshot for model in challenger.models)


def newest_contests(
    log_reader: LogReader, settings: Settings, messages: ModelMessages
) -> dict[str, ContestState]:
    """The last readable state of each model key; a bad one is left out and logged.

    Only the last few of a key are tried, since a state takes a tenth of a second to check.
    """
    last: dict[bytes | None, deque[Message]] = defaultdict(lambda: deque(maxlen=LOOKED_AT))
    for message in log_reader.read_all(real_name(topics.CONTESTS, settings), 0):
        last[message.key()].append(message)
    states = (_newest_readable(reversed(kept), messages) for kept in last.values())
    return {state.champion.key: state for state in states if state is not None}


def _newest_readable(
    newest_first: Iterable[Message], messages: ModelMessages
) -> ContestState | None:
    for message in newest_first:
        value = message.value() or b""
        try:
            messages.check(value, message.headers())
            return decode(value)
        except (ContestError, SignatureError) as error:
            log.error("contest refused, the one before it goes on: %s", error)  # noqa: TRY400
    return None
