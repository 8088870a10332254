"""Limits on attempts to sign in."""

import pytest

from consumers.dashboard.sign_in.attempts import FORGOTTEN_SECONDS, FREE, Attempts


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_wait_grows_with_every_attempt_that_fails(clock: Clock) -> None:
    attempts, waits = Attempts(clock), []
    for _ in range(FREE + 12):
        attempts.failed("a")
        waits.append(attempts.wait("a"))
        clock.seconds += waits[-1]
        assert attempts.wait("a") == 0
    assert waits[: FREE - 1] == [0] * (FREE - 1)
    assert waits[FREE - 1 :] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_a_day_of_attempts_is_a_hundred_and_not_a_million(clock: Clock) -> None:
    attempts, tried = Attempts(clock), 0
    while clock.seconds < 1_000 + 86_400:
        wait = attempts.wait("a")
        clock.seconds += wait or 0.001
        if not wait:
            attempts.failed("a")
            tried += 1
    assert tried < 120


def test_who_tries_early_waits_no_longer_for_it_and_others_not_at_all(clock: Clock) -> None:
    attempts = Attempts(clock)
    for _ in range(FREE + 3):
        attempts.failed("a")
    assert attempts.wait("a") == 8
    clock.seconds += 7.5
    assert attempts.wait("a") == 1
    assert attempts.wait("b") == 0


def test_success_and_a_quiet_hour_are_a_new_start(clock: Clock) -> None:
    attempts = Attempts(clock)
    for address in ("a", "b"):
        for _ in range(FREE + 3):
            attempts.failed(address)
    attempts.succeeded("a")
    assert (attempts.wait("a"), attempts.wait("b")) == (0, 8)
    clock.seconds += FORGOTTEN_SECONDS + 1
    for _ in range(FREE - 1):
        attempts.failed("b")
        assert attempts.wait("b") == 0


def test_no_more_addresses_are_kept_than_there_is_room_for(clock: Clock) -> None:
    attempts = Attempts(clock, most=3)
    for number in range(10):
        for _ in range(FREE):
            attempts.failed(str(number))
    assert len(attempts) == 3
    assert [attempts.wait(str(number)) for number in range(10)] == [0] * 7 + [1] * 3
    clock.seconds += FORGOTTEN_SECONDS + 1
    assert attempts.wait("0") == 0
    assert len(attempts) == 0
