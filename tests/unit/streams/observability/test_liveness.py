"""Alive and ready: each check fails on what it is for, and says so."""

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from streams.observability import liveness
from streams.observability.health import Health
from streams.observability.liveness import STILL_SECONDS, STUCK_SECONDS, Liveness
from streams.settings import Settings

SETTINGS = Settings(topic_prefix="t.")
WELL: Any = SimpleNamespace(silent=lambda: "")
BUILT: Any = SimpleNamespace(unbuilt=list)


@dataclass
class Clock:
    """Seconds, as told."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def place(topic: str, partition: int) -> Any:
    return SimpleNamespace(topic=topic, partition=partition)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sound(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Liveness:
    """A worker that owns a partition and whose store answers."""
    monkeypatch.setattr(liveness, "unusable", lambda *_: "")
    made = Liveness(SETTINGS, clock)
    made.assigned([place("t.cricket.balls", 1), place("t.cricket.labels", 1)])
    return made


def wrong(health: Health, question: str) -> dict[str, str]:
    well, said = health.answer(question)
    failed = {name: text for name, text in said.items() if text != "ok"}
    assert well is not bool(failed)
    return failed


def test_a_sound_worker_is_live_and_ready(sound: Liveness) -> None:
    health = sound.health(BUILT, WELL)
    assert wrong(health, "live") == {}
    assert wrong(health, "ready") == {}


def test_a_loop_that_does_not_turn_is_neither(sound: Liveness, clock: Clock) -> None:
    clock.now += STILL_SECONDS
    health = sound.health(BUILT, WELL)
    assert list(wrong(health, "live")) == ["event loop"]
    assert list(wrong(health, "ready")) == ["event loop"]


def test_a_loop_that_turns_beats(clock: Clock) -> None:
    made = Liveness(SETTINGS, clock)
    clock.now += STILL_SECONDS

    async def turn() -> None:
        task = asyncio.create_task(made.beat())
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(turn())
    assert wrong(made.health(BUILT, WELL), "live") == {}


def test_a_batch_that_does_not_end_is_seen_and_one_that_did_is_not(
    sound: Liveness, clock: Clock
) -> None:
    health = sound.health(BUILT, WELL)
    with sound.in_hand("forecast_balls"):
        clock.now += STUCK_SECONDS
        sound._beat = clock.now  # noqa: SLF001  the loop turns on
        assert "not done after 900 s" in wrong(health, "live")["batch in hand"]
    assert wrong(health, "live") == {}


@pytest.mark.parametrize("owned", [[], [place("t.cricket.labels", 0)]])
def test_a_worker_without_a_partition_of_balls_is_not_ready(
    owned: list[Any], sound: Liveness
) -> None:
    sound.assigned(owned)
    health = sound.health(BUILT, WELL)
    assert "owns no partition of t.cricket.balls" in wrong(health, "ready")["partitions"]
    assert wrong(health, "live") == {}


def test_a_worker_whose_models_are_not_built_is_not_ready(sound: Liveness) -> None:
    building: Any = SimpleNamespace(unbuilt=lambda: ["odi-male"])
    assert wrong(sound.health(building, WELL), "ready") == {"models": "not built yet: odi-male"}


def test_a_worker_that_hears_nothing_of_kafka_is_not_ready(sound: Liveness) -> None:
    silent: Any = SimpleNamespace(silent=lambda: "Kafka has not answered for 31 s")
    assert list(wrong(sound.health(BUILT, silent), "ready")) == ["kafka"]


def test_a_worker_whose_store_does_not_answer_is_not_ready(
    sound: Liveness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "unusable", lambda *asked: f"Redis refuses: {asked}")
    failed = wrong(sound.health(BUILT, WELL), "ready")
    assert failed == {"store": "Redis refuses: ('redis://127.0.0.1:6379/0', 't.', frozenset({1}))"}


def test_a_check_that_breaks_has_failed() -> None:
    broken: Any = {"odd": lambda: 1 / 0}
    assert Health(live=broken).answer("live")[1] == {"odd": "ZeroDivisionError: division by zero"}


def test_a_worker_whose_fetching_client_is_not_connected_is_not_ready(sound: Liveness) -> None:
    health = sound.health(BUILT, WELL)
    sound.fetching = lambda: "not connected to the brokers of t.cricket.balls/1"
    assert list(wrong(health, "ready")) == ["fetching"]
    assert wrong(health, "live") == {}
