"""Snapshots on `cricket.models`: whole, or a pointer into the store; signed if there is a key."""

import logging
from collections.abc import Iterator

import msgspec
from confluent_kafka import Message

from cricket.identity_cache import IdentityCache
from learning.model.snapshot import Snapshot, SnapshotError, decode, encode
from streams.kafka.message import Headers
from streams.models.signing import HEADER, SignatureError, keys
from streams.models.snapshot_store import ModelStore, StoreError
from streams.settings import Settings

POINTER = b'{"type":"model_pointer"'
REMEMBERED = 40  # snapshots as JSON, some 25 MB: a contest writes the same dozen again and again

log = logging.getLogger(__name__)


class ModelPointer(msgspec.Struct, frozen=True, tag_field="type", tag="model_pointer"):
    """Where a snapshot lies in the reader's own store; it must have this digest."""

    key: str
    version: str
    digest: str


class _Named(msgspec.Struct):
    """The part of a snapshot, or of a pointer, that says which model it is."""

    key: str = ""
    version: str = ""


_NAMED = msgspec.json.Decoder(_Named)
_ENCODER = msgspec.json.Encoder()
as_json = IdentityCache(encode, REMEMBERED)
_POINTERS = msgspec.json.Decoder(ModelPointer)


def named_version(message: Message) -> tuple[str, str]:
    """The key and version that a message names, unchecked; "" where it names none.

    Decoding a whole snapshot takes 10 ms, too long for a log of hundreds at every start.
    """
    try:
        name = _NAMED.decode(message.value() or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "", ""
    return name.key, name.version


class ModelMessages:
    """Writes and reads snapshots with the keys and the store of one deployment."""

    def __init__(self, settings: Settings) -> None:
        self._keys = keys(settings)
        self._store = ModelStore(settings)
        self._pointing = settings.snapshot_pointers

    def forms(self, snapshot: Snapshot) -> Iterator[tuple[bytes, Headers]]:
        """Store a snapshot; yield its message, then a smaller one if there is one: a pointer.

        A store that fails is logged and does not stop the learner: there is no pointer then.
        """
        value = as_json(snapshot)
        stored = self._is_kept(snapshot, value)
        if not (stored and self._pointing):
            yield value, self.signed(value)
        if stored:
            pointer = ModelPointer(snapshot.key, snapshot.version, snapshot.digest)
            value = _ENCODER.encode(pointer)
            yield value, self.signed(value)

    def _is_kept(self, snapshot: Snapshot, value: bytes) -> bool:
        try:
            self._store.keep(snapshot, value, self._keys.sign(value))
        except StoreError as error:
            log.error("snapshot not stored: %s", error)  # noqa: TRY400
            return False
        return True

    def signed(self, value: bytes) -> Headers:
        """The headers that go with a value: its signature, if there is a key to sign with."""
        signature = self._keys.sign(value)
        return [(HEADER, signature)] if signature else []

    def check(self, value: bytes, headers: object) -> None:
        """Raise SignatureError if a value lacks the signature of a trusted key."""
        header = dict(headers).get(HEADER) if isinstance(headers, list | dict) else None
        self._keys.check(value, header if isinstance(header, bytes) else b"")

    def read(self, message: Message) -> Snapshot:
        """The snapshot that a message brings; SnapshotError if it must not be installed."""
        value = message.value() or b""
        try:
            self.check(value, message.headers())
            if value.startswith(POINTER):
                return self._pointed(value)
        except SignatureError as error:
            raise SnapshotError(str(error)) from error
        return decode(value)

    def _pointed(self, value: bytes) -> Snapshot:
        try:
            pointer = _POINTERS.decode(value)
            stored, signature = self._store.fetch(pointer.key, pointer.version, pointer.digest)
        except (msgspec.DecodeError, UnicodeDecodeError, StoreError) as error:
            raise SnapshotError(f"pointer: {error}") from error
        self._keys.check(stored, signature)
        snapshot = decode(stored)
        if snapshot.digest != pointer.digest or snapshot.key != pointer.key:
            raise SnapshotError("the store holds another snapshot than the pointer names")
        return snapshot
