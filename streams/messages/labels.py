"""Messages of `cricket.labels`: answered questions, and the orders of operators among them."""

import msgspec

from learning.contest.orders import CheckedOrder, Order
from learning.labels import Label
from streams.messages.source import Source


class LabelMessage(msgspec.Struct, frozen=True, tag_field="type", tag="label", kw_only=True):
    """An answered question on its way to the learner. (source, index) is its identity.

    A correction of the match brings the label's next `revision`; if it is `withdrawn`, the
    question has no answer any more and the label says only which it was. The last label of a match
    carries it whole in `match` (`streams.played`), so that a challenger can answer it too.
    """

    match_id: str
    model: str
    at: int
    source: Source
    index: int
    label: Label
    revision: int = 0
    supersedes: int | None = None
    withdrawn: bool = False
    match: bytes = b""


UNCHECKED = (
    "it was written into the label log, past the check of who gives orders: give it again on "
    "cricket.orders, as the commands of this version do"
)

LabelOrOrder = LabelMessage | CheckedOrder

_ENCODER = msgspec.json.Encoder()
_LABELS = msgspec.json.Decoder(LabelMessage)
_ALL: msgspec.json.Decoder[LabelMessage | CheckedOrder | Order] = msgspec.json.Decoder(
    LabelMessage | CheckedOrder | Order
)


def encode(message: LabelOrOrder) -> bytes:
    """The message as JSON in UTF-8."""
    return _ENCODER.encode(message)


def model_key_of(message: LabelOrOrder) -> str:
    """The model whose learner a message is for."""
    return message.label.key if isinstance(message, LabelMessage) else message.order.model_key


def decode_label(value: bytes) -> LabelMessage:
    """The answered question; msgspec.DecodeError if the message holds none."""
    return _LABELS.decode(value)


def decode_label_or_order(value: bytes) -> LabelOrOrder:
    """The answered question or the order; msgspec.DecodeError if the message holds neither.

    Before there was `cricket.orders`, anybody's order lay here: it is refused.
    """
    message = _ALL.decode(value)
    if isinstance(message, Order):
        return CheckedOrder(order=message, place=message.id, at=message.at, refused=UNCHECKED)
    return message
