"""The newest snapshot of the log that may be installed is, at the start and from then on."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from types import SimpleNamespace
from typing import Self, cast

import msgspec
import pytest
from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, Message

from learning.model.snapshot import blank, encode, sealed
from streams.access import KafkaAccess
from streams.kafka.follower import Start
from streams.kafka.topics import MODELS, Topic
from streams.models import in_play, updates
from streams.models.registry import InstalledModels
from streams.models.snapshot_messages import ModelMessages
from streams.models.updates import LOOKED_AT, REST, ModelsFeed, readable
from streams.settings import Settings

KEY = "t20-male"
OLD, NEW = blank(KEY, "old"), blank(KEY, "new")
MESSAGES = ModelMessages(Settings())
DOCUMENT = msgspec.json.decode(encode(NEW))


REFUSED = {
    "digest": msgspec.json.encode(DOCUMENT | {"version": "forged"}, order="sorted"),
    "damaged": encode(NEW).replace(b'"new"', b'"nwe"'),
    "cut short": encode(NEW)[:-20],
    "format_version 0": encode(sealed(replace(NEW, format_version=0))),
    "feature_version -1": encode(sealed(replace(NEW, feature_version=-1))),
    "unknown model key": encode(sealed(replace(NEW, key="tests-male"))),
    "empty": b"",
    "nothing": None,
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00.",
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_what_must_not_be_installed_is_refused_and_said(
    value: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "streams.models.updates"):
        assert readable(cast("Message", Stored(0, value)), MESSAGES) is None
    (line,) = caplog.messages
    assert line.startswith("snapshot refused, the old one goes on serving: ")
    assert readable(cast("Message", Stored(0, encode(NEW))), MESSAGES) == NEW


APPENDED_MS = 1_700_000_000_000


@dataclass
class Stored:
    """A message of `cricket.models`."""

    at: int
    text: bytes | None

    def offset(self) -> int:
        return self.at

    def value(self) -> bytes | None:
        return self.text

    def error(self) -> None:
        return None

    def headers(self) -> None:
        return None

    def timestamp(self) -> tuple[int, int]:
        return TIMESTAMP_LOG_APPEND_TIME, APPENDED_MS


def feed(
    monkeypatch: pytest.MonkeyPatch,
    models: InstalledModels,
    *log: bytes | None,
    said: tuple[bytes, ...] = (),
    now: float = APPENDED_MS / 1_000,
) -> ModelsFeed:
    """A feed over a log in memory that nothing is appended to; `said` are the predictions."""

    class Log:
        def __init__(self, access: KafkaAccess) -> None:
            assert access == KafkaAccess("nowhere:1")

        def read_all(self, topic: str, partition: int) -> Iterator[Stored]:
            assert (topic, partition) == ("t.cricket.models", 0)
            return (Stored(at, value) for at, value in enumerate(log, start=40))

        def partitions(self, topic: str) -> list[int]:
            assert topic == "t.cricket.predictions"
            return [0, 1]

        def read_backwards(self, topic: str, partition: int, most: int) -> Iterator[Stored]:
            assert (topic, most) == ("t.cricket.predictions", in_play.LOOKED_AT)
            newest = reversed(said if partition else ())
            return (Stored(at, value) for at, value in enumerate(newest))

    monkeypatch.setattr(updates, "LogReader", Log)
    made = ModelsFeed(Settings(kafka="nowhere:1", topic_prefix="t."), models, lambda: now)
    monkeypatch.setattr(made, "_thread", _Thread())
    monkeypatch.setattr(made, "_settling", _Thread())
    return made


class _Thread:
    """Stands for the feed's thread."""

    running = False

    def start(self) -> None:
        self.running = True

    def is_alive(self) -> bool:
        return self.running

    def join(self) -> None:
        self.running = False


def test_a_worker_starts_with_the_newest_whole_snapshot_of_the_log(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = InstalledModels({KEY: OLD})
    between = encode(blank(KEY, "between"))
    started = feed(monkeypatch, models, between, encode(NEW), *REFUSED.values())
    started.start()
    started.stop()
    assert models[KEY].version == "new"
    assert built == ["t20-male new"]
    assert started._next == 40 + 2 + len(REFUSED)  # noqa: SLF001


PREDICTION = b'{"type":"prediction","model_key":"t20-male","win":{}}'
RESULT = b'{"type":"match_result","match_id":"1"}'


def test_tables_of_what_is_played_are_built_before_a_worker_joins(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = InstalledModels({"odi-male": blank("odi-male", "old"), KEY: OLD})
    feed(monkeypatch, models, encode(NEW), said=(PREDICTION, RESULT, b"later than JSON")).start()
    assert built == ["t20-male new"]
    assert models.unbuilt() == []


def test_tables_of_what_was_played_long_ago_are_not_waited_for(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = InstalledModels({"odi-male": blank("odi-male", "old"), KEY: OLD})
    odi = PREDICTION.replace(b"t20-male", b"odi-male")
    unknown = PREDICTION.replace(b"t20-male", b"tests-male")
    said = (odi, *[PREDICTION] * in_play.LOOKED_AT, unknown)
    feed(monkeypatch, models, said=said).start()
    assert built == ["t20-male old"]


def test_no_number_of_forgeries_hides_a_whole_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    models = InstalledModels({KEY: OLD})
    forged = encode(replace(NEW, version="forged"))  # under the digest of another
    feed(monkeypatch, models, encode(OLD), encode(NEW), *[forged] * (2 * LOOKED_AT)).start()
    assert models[KEY].version == "new"


def test_a_start_checks_one_snapshot_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()
    monkeypatch.setattr(updates, "readable", lambda m, _: read.append(m.value()) or NEW)
    log = [encode(blank(KEY, f"v{number}")) for number in range(30)]
    feed(monkeypatch, InstalledModels({KEY: OLD}), *log).start()
    assert read == [log[-1]]


@pytest.mark.parametrize(
    ("days_ago", "tables"), [(0.0, ["t20-male new"]), (0.9, ["t20-male new"]), (1.1, [])]
)
def test_tables_are_built_at_once_of_the_models_that_learned_lately(
    built: list[str], monkeypatch: pytest.MonkeyPatch, days_ago: float, tables: list[str]
) -> None:
    models = InstalledModels({"odi-male": blank("odi-male", "old"), KEY: OLD})
    now = APPENDED_MS / 1_000 + days_ago * 86_400
    settling = feed(monkeypatch, models, encode(NEW), now=now)
    settling.start()
    assert models.unbuilt() == ([KEY] if tables else [])
    monkeypatch.setattr(updates, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr(updates, "river", lambda: built.append("river"))
    settling._settle()  # noqa: SLF001  its thread does
    assert built == [*tables, "river"]
    assert models.unbuilt() == []


def test_a_worker_with_nothing_but_damage_in_the_log_starts_with_what_ships(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = InstalledModels({KEY: OLD})
    feed(monkeypatch, models, *REFUSED.values()).start()
    assert models[KEY].version == "old"
    assert built == ["t20-male old"]


def test_snapshots_that_come_later_are_installed_and_damage_passed_over(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = InstalledModels({KEY: OLD})
    models.expect([KEY])
    models.build()
    following = feed(monkeypatch, models)
    coming = iter([None, Stored(0, b"forged"), Stored(1, encode(NEW)), Stored(2, b"")])

    class Arriving:
        def __init__(self, settings: Settings, topic: Topic, *, start: Start, wait_ms: int) -> None:
            assert (settings.kafka, topic) == ("nowhere:1", MODELS)
            assert start(0, 9) == 0
            assert wait_ms > 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *raised: object) -> None:
            built.append("closed")

        def poll(self, seconds: float) -> Stored | None:
            assert seconds >= 0
            try:
                return next(coming)
            except StopIteration:
                following.stop()
                return None

    rested = list[float]()
    monkeypatch.setattr(updates, "Follower", Arriving)
    monkeypatch.setattr(updates, "time", SimpleNamespace(monotonic=count().__next__))
    monkeypatch.setattr(following._stop, "wait", rested.append)  # noqa: SLF001
    following._follow()  # noqa: SLF001
    assert set(rested) == {REST}  # for each second that installing took
    assert models[KEY].version == "new"
    assert built == ["t20-male old", "t20-male new", "closed"]
