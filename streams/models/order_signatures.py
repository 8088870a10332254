"""Ed25519 signatures on operators' orders: who gave them, and on which log (ADR-23).

A signature covers the order and the log that it was written to: the topic's name and id. It is of
no use on another cluster, under another prefix, or on a topic that was made again.
"""

from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from learning.contest.orders import Order
from streams.settings import Settings, named_keys

CONTEXT = "overcast order 1"  # begins what is signed: the signature fits nothing else
LATEST_MS = 600_000  # from the time that an order names to its append, clocks that differ included
SHOWN = 8  # hex digits of a key, in words


@dataclass(frozen=True, slots=True)
class OrderLog:
    """The log of orders: its topic, and the id that Kafka gave the topic."""

    topic: str
    id: str

    def signed(self, value: bytes) -> bytes:
        """What a signature on an order of this log covers."""
        return f"{CONTEXT}\n{self.topic}\n{self.id}\n".encode() + value


def sign(value: bytes, order_log: OrderLog, settings: Settings) -> bytes:
    """The signature of this process's operator, 64 bytes; b"" without an `operator_key`."""
    secret = settings.operator_key.get_secret_value()
    if not secret:
        return b""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(order_log.signed(value))


class NotProvenError(ValueError):
    """Nothing proves who gave an order; the text says what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Operators:
    """Who may give orders: public keys in hex, by name. Without any, whoever can write may."""

    keys: dict[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The operators of the settings."""
        return cls(named_keys(settings.operator_keys))

    def proof(self, order: Order, value: bytes, signature: bytes, order_log: OrderLog) -> str:
        """What proves who gave an order, in words, "" if nobody has to prove it.

        NotProvenError unless the key of the operator, or of the program that gave the order for the
        operator, has signed it for this log.
        """
        if not self.keys:
            return ""
        signer = order.via or order.operator
        key = self.keys.get(signer)
        if key is None:
            raise NotProvenError(f"no operator {signer!r} is known: there are {self._names()}")
        if not signature:
            raise NotProvenError(f"it is not signed, and {signer}'s orders must be")
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            public.verify(signature, order_log.signed(value))
        except InvalidSignature:
            raise NotProvenError(
                f"{signer}'s key has not signed it for {order_log.topic} as it is now: it was "
                "forged, or copied from another log"
            ) from None
        return f"signed by {signer}, key {key[:SHOWN]}"

    def _names(self) -> str:
        return ", ".join(sorted(self.keys))


def belated(order: Order, appended: int) -> str:
    """Why an order came too late to be believed, "" if it did not: a copy may be written later."""
    seconds = (appended - order.at) / 1000
    if abs(seconds) * 1000 <= LATEST_MS:
        return ""
    when = "after" if seconds > 0 else "before"
    return (
        f"it was appended {abs(seconds):.0f} s {when} the time that it names, and "
        f"{LATEST_MS // 1000} s are allowed: give it again, by a clock that is right"
    )
