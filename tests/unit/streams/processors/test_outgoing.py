"""What follows from a message fits its topic, whatever the limit; nothing raises."""

import hashlib
import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.message import Outgoing
from streams.kafka.size_limits import USUAL_LIMIT, SizeLimits, largest_size, likely_size
from streams.kafka.topics import LARGEST_MESSAGE
from streams.messages.dead_letters import LONGEST_COPY, DeadLetter
from streams.messages.labels import decode_label
from streams.messages.predictions import encode
from streams.messages.source import Source
from streams.observability.counters import TOO_LARGE
from streams.processors import outgoing
from tests.support.matches import log_of, messages, opened, run, short_match

SOURCE = Source("cricket.balls", 3, 41)
LEAST = 400  # bytes: what a letter's headers need
EFFECTS = run(log_of(messages(short_match("m", "14.6wW2", "1146"))))


class Limits(SizeLimits):
    """Topics that take so much, whatever their names."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def of(self, topic: str) -> int:
        del topic
        return self._most


def refused(key: bytes | None, value: bytes | None, reason: str = "unreadable: x") -> DeadLetter:
    return DeadLetter(key=key, value=value, reason=reason, source=SOURCE)


@given(
    st.one_of(st.none(), st.integers(0, 3_000).map(os.urandom)),
    st.one_of(st.none(), st.integers(0, 100_000).map(os.urandom)),
    st.text(max_size=3_000),
    st.integers(LEAST, USUAL_LIMIT),
)
def test_a_letter_fits_into_whatever_its_topic_takes(
    key: bytes | None, value: bytes | None, reason: str, most: int
) -> None:
    message = outgoing.letter(refused(key, value, reason), "letters", 3, most)
    assert largest_size(message) <= most
    assert Limits(most).fits(message)
    assert (value or b"").startswith(message.value or b"")
    assert (message.value is None) == (value is None)
    headers = dict(message.headers or [])
    assert headers["length"] == str(len(value or b"")).encode()
    assert headers["sha256"] == hashlib.sha256(value or b"").hexdigest().encode()
    assert headers["origin"] == b"cricket.balls/3/41"


@pytest.mark.parametrize("size", [0, 1, LONGEST_COPY - 1, LONGEST_COPY, LONGEST_COPY + 1])
def test_a_letter_holds_at_most_64_kib_of_the_original(size: int) -> None:
    value = os.urandom(size)
    message = outgoing.letter(refused(b"m", value), "letters", 3, USUAL_LIMIT)
    assert message.value == value[: 64 * 1024]
    assert message.key == b"m"


def test_a_key_of_a_megabyte_is_cut_and_its_length_named() -> None:
    message = outgoing.letter(refused(b"k" * 1_000_000, b"v"), "letters", 3, USUAL_LIMIT)
    assert message.key == b"k" * 1_024
    assert dict(message.headers or [])["key_length"] == b"1000000"


def test_a_cut_reason_is_still_utf_8() -> None:
    message = outgoing.letter(refused(None, None, "Ø" * 5_000), "letters", 3, LEAST)
    reason = dict(message.headers or [])["reason"]
    assert isinstance(reason, bytes)
    assert set(reason.decode()) == {"Ø"}


def sendable() -> list[outgoing.Sendable]:
    return [(p, Outgoing("p", b"m", encode(p), 3)) for p in EFFECTS.predictions]


def test_a_prediction_that_is_too_large_becomes_a_letter_of_its_ball() -> None:
    predictions = sendable()
    sizes = sorted(likely_size(message) for _, message in predictions)
    limits = Limits(sizes[-1] - 1)  # one does not fit
    batch = [opened(b"the ball", p.source.offset) for p, _ in predictions]
    (letter,) = outgoing.too_large(predictions, batch, limits)
    (large,) = [p for p, message in predictions if not limits.fits(message)]
    assert letter.source == large.source
    assert letter.value == b"the ball"
    assert letter.reason.startswith("too large: its prediction has ")


def test_letters_of_several_predictions_of_one_message_are_told_apart_and_made_again_alike() -> (
    None
):
    one = [
        (msgspec.structs.replace(p, source=SOURCE), message._replace(value=os.urandom(900)))
        for p, message in sendable()
    ]
    first, again = (list(outgoing.too_large(one, [], Limits(500))) for _ in range(2))
    assert first == again
    assert len({letter.index for letter in first}) == len(one) > 2
    assert min(letter.index for letter in first) >= outgoing.PREDICTIONS_INDEX


def test_what_compresses_well_is_no_larger_than_it_is_compressed() -> None:
    message = Outgoing("t", None, b"x" * 2_000_000)
    assert Limits(100_000).fits(message)
    assert not Limits(100_000).fits(message._replace(value=os.urandom(2_000_000)))
    assert not Limits(LARGEST_MESSAGE).fits(Outgoing("t", None, b"x" * (LARGEST_MESSAGE + 1)))


def test_a_label_leaves_out_its_match_where_there_is_no_room_for_it() -> None:
    (whole,) = [label for label in EFFECTS.labels if label.match]
    large = msgspec.structs.replace(whole, match=os.urandom(200_000))
    message = outgoing.label(large, "labels", 1)
    assert outgoing.fitted([message], Limits(USUAL_LIMIT)) == [message]
    before = TOO_LARGE.labels("cut")._value.get()  # noqa: SLF001
    (smaller,) = outgoing.fitted([message], Limits(100_000))
    assert decode_label(smaller.value or b"") == msgspec.structs.replace(large, match=b"")
    assert TOO_LARGE.labels("cut")._value.get() == before + 1  # noqa: SLF001


def test_what_has_no_smaller_form_is_withheld_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = TOO_LARGE.labels("withheld")._value.get()  # noqa: SLF001
    small, large = Outgoing("t", None, b"x"), Outgoing("t", None, os.urandom(5_000))
    assert outgoing.fitted([small, large, small], Limits(1_000)) == [small, small]
    assert TOO_LARGE.labels("withheld")._value.get() == before + 1  # noqa: SLF001
    assert "t takes 1000 bytes" in caplog.text


def test_a_topic_that_refuses_gets_less_each_time() -> None:
    limits = SizeLimits()
    assert limits.of("t") == USUAL_LIMIT
    limits.lower("t", 10_000)
    first = limits.of("t")
    limits.lower("t", 50_000)
    assert 0 < limits.of("t") < first < 10_000
    assert limits.of("other") == USUAL_LIMIT
