"""What an interrupted run had answered is answered again by the models that it named."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest

from features.store import OnlineStore
from learning.model.snapshot import blank, encode
from streams.kafka.fenced_producer import ClaimProducer
from streams.kafka.log_reader import LogReader
from streams.kafka.producer import Producer
from streams.messages.events import encode as encode_event
from streams.messages.predictions import Prediction
from streams.messages.predictions import encode as encode_said
from streams.models.registry import InstalledModels
from streams.pipeline.effects import Effects
from streams.processors.interruption import GivenUpError, Interruption
from streams.processors.recovery import Recovery
from streams.processors.services import Services
from streams.settings import Settings
from tests.support.kept_log import FourPartitions, Kept
from tests.support.matches import KEY, log_of, messages, short_match

EVENTS = messages(short_match("m", "14.6wW2", "1146"))[:8]
LOG = log_of(EVENTS)
OLD, NEW = blank(KEY, "old"), blank(KEY, "new")


@dataclass
class Stored:
    """A snapshot as the log reader gives it."""

    text: bytes

    def value(self) -> bytes:
        return self.text

    def headers(self) -> None:
        return None


class Models(LogReader):
    """A log of which only `cricket.models` matters."""

    def __init__(self, *values: bytes) -> None:
        self._values = values

    def read_backwards(  # type: ignore[override]
        self, topic: str, partition: int, most: int = 100
    ) -> Iterator[Stored]:
        assert (topic, partition) == ("cricket.models", 0)
        assert most > 0
        return map(Stored, self._values[::-1])


class Balls(FourPartitions):
    """A log of the balls of LOG."""

    def __init__(self) -> None:
        """It is asked of nobody."""

    def read(self, topic: str, partition: int, start: int, stop: int) -> Iterator[Kept]:  # type: ignore[override]
        assert (topic, partition) == ("cricket.balls", 0)
        for offset, event in enumerate(EVENTS[start:stop], start):
            yield Kept(offset, 0, encode_event(event))


class Third(Interruption):
    """It is set when it is asked for the third time."""

    asked = 0

    def check(self) -> None:
        self.asked += 1
        if self.asked == 3:
            self.set()
        super().check()


def recovery(
    models: InstalledModels, log_reader: LogReader, interruption: Interruption | None = None
) -> Recovery:
    store, claim = cast("OnlineStore", None), cast("ClaimProducer", None)
    producer = cast("Producer", None)  # a recovery only reads
    services = Services(Settings(), models, store, producer, claim, log_reader)
    return Recovery(services, 0, interruption)


def again(published: list[bytes]) -> Effects:
    models, log_reader = InstalledModels({KEY: NEW}), Models(encode(OLD), encode(NEW))
    return recovery(models, log_reader).answer_again({}, LOG, published)


def by_old() -> list[Prediction]:
    models = InstalledModels({KEY: OLD})
    return _predictions(recovery(models, Models()).answer_again({}, LOG, []))


def _predictions(effects: Effects) -> list[Prediction]:
    return [said for said in effects.predictions if isinstance(said, Prediction)]


def test_what_was_answered_is_answered_again_byte_for_byte_by_who_did() -> None:
    before = by_old()
    assert {made.model for made in before} == {"old"}
    found = again([encode_said(made) for made in before])
    assert found.predictions == before
    assert found.records["m"].memory is not None
    assert found.records["m"].memory.model == "old"


def test_a_recovery_is_given_up_between_two_messages_once_the_partition_is_taken_away() -> None:
    interruption = Third()
    interrupted = recovery(InstalledModels({KEY: OLD}), Balls(), interruption)
    with pytest.raises(GivenUpError):
        interrupted.progress(len(LOG))
    assert interruption.asked == 3
    interruption.clear()
    assert set(interrupted.progress(len(LOG))) == {"m"}


def test_what_was_not_answered_is_answered_by_the_model_that_answered_the_match_last() -> None:
    """Until its next ball: a message of which nothing was published may move earlier balls."""
    before = by_old()
    found = again([encode_said(before[0])])
    assert {made.model for made in _predictions(found)} == {"old"}


def test_a_match_that_lives_already_is_answered_by_who_answered_it_before_the_batch() -> None:
    """Though no message of the batch itself was answered."""
    old, new = InstalledModels({KEY: OLD}), InstalledModels({KEY: NEW})
    live = recovery(old, Models()).answer_again({}, LOG[:5], []).records
    whole = Models(encode(OLD), encode(NEW))
    found = recovery(new, whole).answer_again(live, LOG[5:], [])
    assert {made.model for made in _predictions(found)} == {"old"}


def test_what_nobody_answered_is_answered_by_the_installed_model() -> None:
    assert {made.model for made in _predictions(again([]))} == {"new"}
