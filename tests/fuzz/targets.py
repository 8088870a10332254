"""Everything that reads bytes from outside, each with what it may raise and what must hold then."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from cricket.cricsheet import UnreadableMatchError, read_match
from cricket.facts import Fixture
from learning.model.snapshot import SnapshotError
from learning.model.snapshot import decode as decode_snapshot
from learning.model.snapshot import encode as encode_snapshot
from learning.training.label_checks import wrong
from streams.messages import events, labels, metrics, predictions
from streams.messages.compression import compressed
from streams.messages.events import BrokenMessageError
from streams.messages.source import Source
from streams.models import contest_log
from streams.pipeline import match_record
from streams.pipeline.advance import advance
from streams.pipeline.effects import Received
from streams.pipeline.packed_match import UnreadableMatchError as UnreadablePlayError
from streams.pipeline.packed_match import unpack
from tests.support.matches import log_of, messages, models, run, short_match

NOWHERE = Source("t", 0, 10_000)
LIVE = run(log_of(messages(short_match("m", "14.6wW2", "1146"))[:8])).records
MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True)
class Target:
    """A decoder. What it takes it must give back unchanged; what it does not, it must say so."""

    read: Callable[[bytes], Any]
    raises: tuple[type[Exception], ...]
    write: Callable[[Any], bytes] | None = None

    def __call__(self, data: bytes) -> bool:
        """Whether the bytes were taken; AssertionError, or the error itself, for a fault."""
        try:
            found = self.read(data)
        except self.raises as error:
            if not str(error):
                raise AssertionError(f"{type(error).__name__} without a reason") from error
            return False
        if self.write is not None:
            written = self.write(found)
            assert self.write(self.read(written)) == written, "not what was read"
        return True


def _event(data: bytes) -> Any:
    """An event is not only read: whatever is taken is played, into a match that is on."""
    event = events.decode(data)
    live = LIVE.get("m")
    told = msgspec.structs.replace(event, match_id="m")
    received = Received(b"m", data, NOWHERE, told)
    effects = advance({"m": live} if live else {}, [received], models())
    for made in effects.predictions:
        predictions.decode_prediction(predictions.encode(made))
    for record in effects.records.values():
        match_record.decode_record(match_record.encode_record(record))
        match_record.online_features(record)
    return event


def _label(data: bytes) -> Any:
    """A label is also judged: what cannot be learned is named."""
    label = labels.decode_label(data)
    wrong(label.label)
    return label


def _packed(data: bytes) -> Any:
    """What a label brings as its match: the content is fuzzed, and the bytes as they come."""
    with suppress(UnreadablePlayError):
        unpack(data)
    return unpack(compressed(data))


def _standing(data: bytes) -> Any:
    """A contest that says these bytes, under their own digest."""
    with suppress(contest_log.ContestError):
        contest_log.decode(data)
    return contest_log.decode(sha256(data).digest() + compressed(data))


def _recorded(data: bytes) -> Any:
    """A Cricsheet file, parsed as the archive's reader does."""
    match = read_match("fuzz", json.loads(data))
    assert isinstance(match.fixture, Fixture)
    return match


TARGETS = {
    "events": Target(_event, (BrokenMessageError,), events.encode),
    "predictions": Target(predictions.decode_prediction, MALFORMED, predictions.encode),
    "labels": Target(_label, MALFORMED, labels.encode),
    "metrics": Target(metrics.decode, MALFORMED, metrics.encode),
    "records": Target(match_record.decode_record, MALFORMED, match_record.encode_record),
    "snapshots": Target(decode_snapshot, (SnapshotError,), encode_snapshot),
    "played": Target(_packed, (UnreadablePlayError,)),
    "standings": Target(_standing, (contest_log.ContestError,)),
    "cricsheet": Target(_recorded, (UnreadableMatchError, ValueError, RecursionError)),
}
