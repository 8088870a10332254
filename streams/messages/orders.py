"""Messages of `cricket.orders`: what operators order, as JSON, with a signature in a header."""

import msgspec

from learning.contest.orders import Order

SIGNATURE = "signature"  # the header
LARGEST = 16_384  # bytes: more is no order

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Order)


def encode(order: Order) -> bytes:
    """The order as JSON in UTF-8."""
    return _ENCODER.encode(order)


def decode(value: bytes) -> Order:
    """The order; msgspec.DecodeError if the message holds none."""
    if len(value) > LARGEST:
        raise msgspec.DecodeError(f"{len(value)} bytes, an order has {LARGEST} at most")
    return _DECODER.decode(value)
