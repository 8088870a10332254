"""A whole match on its way to the learner, and what is refused."""

import pytest

from learning.serving.replay import replayed_labels, steps
from producers.simulator import league, simulate
from streams.messages.compression import compressed
from streams.pipeline import packed_match
from streams.pipeline.packed_match import MOST_BYTES, UnreadableMatchError, pack, unpack
from tests.support.matches import log_of, messages, run, served

MATCH = simulate("m1", tuple(league(2, 3)), 5)  # type: ignore[arg-type]
EFFECTS = run(log_of(messages(MATCH)))
(LAST,) = [message for message in EFFECTS.labels if message.label.task == "win"]


def test_the_last_label_brings_the_match_as_it_was_played() -> None:
    played = unpack(LAST.match)
    assert played.fixture == MATCH.fixture
    assert played.facts == MATCH.facts
    assert played.began == messages(MATCH)[0].at
    assert len(LAST.match) < 16_000


def test_no_other_label_does() -> None:
    assert [bool(message.match) for message in EFFECTS.labels] == [False, True]


def test_a_model_that_answers_the_match_again_answers_as_it_did() -> None:
    again = list(replayed_labels(steps(MATCH.fixture, MATCH.facts), served()))
    assert again == [message.label for message in EFFECTS.labels]


def test_a_refused_message_is_left_out() -> None:
    record = EFFECTS.records["m1"]
    refused = [entry for entry in record.log if entry.refused]
    assert refused == []
    assert unpack(pack(record.log[:3], 99)).facts == MATCH.facts[:2]


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"not compressed",
        compressed(b"[]"),
        compressed(b'[{"type":"innings_closed","match_id":"-","seq":0,"fact":{"innings":0}}]'),
        compressed(b"[" * 100_000),
        compressed(b" " * (MOST_BYTES + 10)),
        LAST.match[:-10],
    ],
)
def test_bytes_that_hold_no_match_are_refused(value: bytes) -> None:
    with pytest.raises(UnreadableMatchError):
        unpack(value)


def test_a_match_that_nobody_would_read_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_match, "MOST_BYTES", 500)
    record = run(log_of(messages(MATCH))).records[MATCH.id]
    assert pack(record.log, 99) == b""
