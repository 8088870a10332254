"""Effects are published once, in their own partition, and written before they count as done."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import msgspec
import pytest

from features.store import OnlineStore
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import DeliveryError
from streams.kafka.topics import label_partition
from streams.messages.dead_letters import DeadLetter, origin, source_of
from streams.messages.events import BallBowled
from streams.messages.events import encode as encode_event
from streams.messages.labels import decode_label
from streams.messages.predictions import decode_prediction, encode
from streams.messages.source import Source
from streams.models.registry import InstalledModels
from streams.pipeline.effects import Effects
from streams.processors.publisher import Publisher, claim_publisher
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import FourPartitions
from tests.support.matches import log_of, messages, opened, run, short_match
from tests.support.recorder import Recorder, Sent

SETTINGS = Settings(topic_prefix="t.", partitions=4)
PREDICTIONS, LABELS, LETTERS = "t.cricket.predictions", "t.cricket.labels", "t.cricket.dead-letters"
PARTITION = 3
EVENTS = messages(short_match("m", "14.6wW2", "1146"))
LOG = log_of(EVENTS)
EFFECTS = run([*LOG, opened(b"\xff", 60), opened(None, 61)])


STRANGE = Sent("any", None, b"\xff no message of ours", headers_sent=[("origin", b"nowhere")])


class Ends(FourPartitions):
    """A log of which only the last messages are known, the very last being somebody else's."""

    def __init__(self, **ends: Sent) -> None:
        self._ends = {"t.cricket." + name.replace("_", "-"): end for name, end in ends.items()}
        self.asked: list[tuple[str, int]] = []

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        assert (topic, partition) == ("t.cricket.balls", PARTITION)
        return 0, 1_000

    def read_backwards(self, topic: str, partition: int, most: int = 100) -> Iterator[Sent]:  # type: ignore[override]
        self.asked.append((topic, partition))
        return iter([STRANGE, self._ends[topic]][:most] if topic in self._ends else [])


def services(producer: Recorder, log_reader: LogReader) -> Services:
    store = cast("OnlineStore", None)  # what is published does not lie in Redis
    models = InstalledModels({})
    return Services(SETTINGS, models, store, producer, producer.claim, log_reader)


def publish(effects: Effects, producer: Recorder, log_reader: LogReader) -> Publisher:
    """All of it, until Kafka has it."""
    effects = replace(effects)  # the publisher takes out what had been sent before
    publisher = claim_publisher(services(producer, log_reader), PARTITION)
    publisher.send(effects)
    publisher.flush(effects)
    return publisher


def published(effects: Effects, log_reader: LogReader | None = None) -> Recorder:
    producer = Recorder()
    publish(effects, producer, log_reader or Ends())
    return producer


def predicted(offset: int) -> Sent:
    """The last prediction that an earlier owner of the partition sent."""
    made = next(p for p in EFFECTS.predictions if p.source.offset == offset)
    return Sent(PREDICTIONS, b"m", encode(made))


def letter(offset: int) -> Sent:
    source = Source("t.cricket.balls", PARTITION, offset)
    return Sent(LETTERS, b"", b"", PARTITION, [("reason", b"why"), ("origin", origin(source))])


def test_predictions_go_to_the_partition_of_their_balls_in_order() -> None:
    sent = published(EFFECTS).on(PREDICTIONS)
    assert [decode_prediction(s.value_sent or b"") for s in sent] == EFFECTS.predictions
    assert {(s.key_sent, s.partition) for s in sent} == {(b"m", PARTITION)}


@pytest.mark.parametrize("through", [2, 7, EFFECTS.predictions[-1].source.offset])
def test_a_prediction_that_was_sent_before_is_not_sent_again(through: int) -> None:
    sent = published(EFFECTS, Ends(predictions=predicted(through))).on(PREDICTIONS)
    offsets = [decode_prediction(s.value_sent or b"").source.offset for s in sent]
    assert offsets == [p.source.offset for p in EFFECTS.predictions if p.source.offset > through]


def test_a_dead_letter_that_was_sent_before_is_not_sent_again() -> None:
    assert [s.value_sent for s in published(EFFECTS).on(LETTERS)] == [b"\xff", None]
    assert [
        s.value_sent for s in published(EFFECTS, Ends(dead_letters=letter(60))).on(LETTERS)
    ] == [None]
    assert published(EFFECTS, Ends(dead_letters=letter(61))).on(LETTERS) == []


def corrected() -> Effects:
    """What one correction brings: predictions, a withdrawal, dead letters, all of one source."""
    moved = next(e for e in EVENTS if isinstance(e, BallBowled) and e.seq == 4)
    last = replace(moved.fact, over=19, position=9)  # whatever follows was bowled before it
    wrong = opened(encode_event(msgspec.structs.replace(moved, revision=1, fact=last)), 70)
    return run([wrong], run(LOG[:9]).records)


@pytest.mark.parametrize("told", range(6))
def test_what_one_source_brings_is_sent_on_from_where_an_earlier_owner_stopped(told: int) -> None:
    effects = corrected()
    assert len({type(said) for said in effects.predictions}) == 2
    last = effects.predictions[told - 1] if told else None
    ends = {"predictions": Sent(PREDICTIONS, b"m", encode(last))} if last else {}
    sent = published(effects, Ends(**ends)).on(PREDICTIONS)
    assert [s.value_sent for s in sent] == [encode(said) for said in effects.predictions[told:]]


def test_dead_letters_of_one_source_are_told_apart() -> None:
    first, second, *rest = published(corrected()).on(LETTERS)
    assert dict(first.headers_sent or [])["index"] == b"0"
    assert dict(second.headers_sent or [])["origin"] == b"cricket.balls/0/70"
    again = published(corrected(), Ends(dead_letters=first)).on(LETTERS)
    assert [s.value_sent for s in again] == [s.value_sent for s in (second, *rest)]
    assert published(corrected(), Ends(dead_letters=[first, second, *rest][-1])).on(LETTERS) == []


def test_an_old_dead_letter_holds_back_no_prediction() -> None:
    sent = published(EFFECTS, Ends(dead_letters=letter(61)))
    assert len(sent.on(PREDICTIONS)) == len(EFFECTS.predictions)


def test_labels_go_to_the_partition_of_their_model() -> None:
    sent = published(EFFECTS).on(LABELS)
    assert [decode_label(s.value_sent or b"") for s in sent] == EFFECTS.labels
    place = label_partition("t20-male", SETTINGS.partitions)
    assert {(s.key_sent, s.partition) for s in sent} == {(b"t20-male", place)}


def test_a_dead_letter_is_as_received_with_reason_and_origin() -> None:
    first, second = published(EFFECTS).on(LETTERS)
    assert (first.key_sent, first.value_sent, first.partition) == (b"key", b"\xff", PARTITION)
    headers = dict(first.headers_sent or [])
    assert (headers["reason"] or b"").startswith(b"unreadable: ")  # type: ignore[operator]
    assert headers["origin"] == b"cricket.balls/0/60"
    assert dict(second.headers_sent or [])["reason"] == b"unreadable: no value"


def test_the_origin_of_a_dead_letter_can_be_read_back() -> None:
    assert source_of(letter(123_456)).offset == 123_456  # type: ignore[arg-type]
    assert source_of(Sent(LETTERS, b"", b"")).offset == -1  # type: ignore[arg-type]
    assert source_of(replace(letter(1), headers_sent=[])).offset == -1  # type: ignore[arg-type]


def test_all_is_written_before_post_returns() -> None:
    outbox = published(EFFECTS)
    assert outbox.flushed[-1] == len(outbox.sent)


def test_nothing_to_send_is_no_flush() -> None:
    assert published(Effects(repeated=5)).flushed == []


@pytest.mark.parametrize(
    "effects",
    [
        Effects(predictions=EFFECTS.predictions),
        Effects(labels=EFFECTS.labels),
        Effects(dead_letters=EFFECTS.dead_letters),
    ],
    ids=["predictions", "labels", "dead letters"],
)
def test_anything_sent_is_flushed(effects: Effects) -> None:
    outbox = published(effects)
    assert outbox.flushed[-1] == len(outbox.sent)
    assert outbox.sent


def test_what_kafka_did_not_take_stops_the_batch() -> None:
    with pytest.raises(DeliveryError):
        publish(EFFECTS, Recorder(broken=True), Ends())


def test_the_log_is_asked_once_for_where_an_earlier_owner_stopped() -> None:
    journal = Ends()
    publish(EFFECTS, Recorder(), journal).send(replace(EFFECTS))
    assert sorted(journal.asked) == [(LETTERS, PARTITION), (PREDICTIONS, PARTITION)]


def test_a_reason_in_any_script_is_sent() -> None:
    refused = DeadLetter(key=None, value=b"x", reason="wer ist Ødegård?", source=Source("t", 0, 9))
    (sent,) = published(Effects(dead_letters=[refused])).sent
    assert dict(sent.headers_sent or [])["reason"] == "wer ist Ødegård?".encode()
