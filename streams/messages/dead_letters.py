"""Messages of `cricket.dead-letters`: what was refused, as received; the reason in headers.

A letter holds the beginning of a large message. The whole message lies at the letter's origin, and
its length and digest are in the headers.
"""

import hashlib
from typing import Any, Protocol

import msgspec

from streams.messages.source import Source

LONGEST_COPY = 64 * 1024  # bytes of a value; an event that can be read is not longer
LONGEST_KEY = 1_024
LONGEST_REASON = 2_000


class HasHeaders(Protocol):
    """A message as a Kafka client gives it."""

    def headers(self) -> Any:
        """The headers as (name, value) pairs; None or empty without any."""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was refused, with the reason; `source` is what made it be refused.

    One source may bring several, counted by `index`: a correction can put later facts against the
    laws. Those are told as JSON again, not as they were received.
    """

    key: bytes | None
    value: bytes | None
    reason: str
    source: Source
    index: int = 0


def origin(source: Source) -> bytes:
    """A source as the value of a header: topic/partition/offset."""
    return f"{source.topic}/{source.partition}/{source.offset}".encode()


def headers(letter: DeadLetter, longest_reason: int = LONGEST_REASON) -> list[tuple[str, bytes]]:
    """The headers of a letter; `key_length` only where the key is not whole."""
    key, value = letter.key or b"", letter.value or b""
    reason = letter.reason.encode()[:longest_reason].decode(errors="ignore")
    cut = [("key_length", b"%d" % len(key))] if len(key) > LONGEST_KEY else []
    source = letter.source
    proof = (("appended", b"%d" % source.appended), ("log", source.log.encode()))
    return [
        ("reason", reason.encode()),
        ("origin", origin(letter.source)),
        ("index", b"%d" % letter.index),
        ("length", b"%d" % len(value)),
        ("sha256", hashlib.sha256(value).hexdigest().encode()),
        *cut,
        *(proof if longest_reason == LONGEST_REASON else ()),  # what is short of room goes without
    ]


def _header(letter: HasHeaders, name: str) -> bytes | None:
    value = dict(letter.headers() or []).get(name)
    return value if isinstance(value, bytes) else None


def _number(text: bytes | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default


def reason_of(letter: HasHeaders) -> str:
    """Why a message was refused, as its dead letter says."""
    reason = _header(letter, "reason")
    return "no reason given" if reason is None else reason.decode(errors="replace")


def index_of(letter: HasHeaders) -> int:
    """The number, from 0, that tells letters of one origin apart; 0 without the header."""
    return _number(_header(letter, "index"), 0)


def source_of(letter: HasHeaders) -> Source:
    """The message that led to the refusal; its offset is -1 where no origin is named."""
    topic, partition, offset = ((_header(letter, "origin") or b"").rsplit(b"/", 2) + [b""] * 2)[:3]
    return Source(
        topic.decode(errors="replace"),
        _number(partition, -1),
        _number(offset, -1),
        _number(_header(letter, "appended"), 0),
        (_header(letter, "log") or b"").decode(errors="replace"),
    )
