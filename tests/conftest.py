"""Fixtures that several unit tests use."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from learning.model.snapshot import Snapshot
from streams.models import registry
from streams.worker import fatal

# Laws hold on a slow machine too: no example has a time to keep.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Brokers of tests live for minutes: Java's first compiler is enough, and takes less of a machine.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

ENDED: list[int] = []
fatal.end = ENDED.append  # for good: a thread may outlive its test


@pytest.fixture(autouse=True)
def _nothing_ends_the_process() -> Iterator[None]:
    """What would end a worker's process fails the test, and does not end pytest without a word."""
    ENDED.clear()
    yield
    assert ENDED == []


@pytest.fixture(autouse=True)
def _environment_stays() -> Iterator[None]:
    """No test leaves a variable to the workers that later tests start."""
    before = _environment()
    yield
    assert _environment() == before


@pytest.fixture(autouse=True)
def _logging_stays() -> Iterator[None]:
    """No test leaves a handler whose stream ends with it: each later line would be an error."""
    root, before = logging.getLogger(), logging.getLogger().level
    yield
    for handler in [h for h in root.handlers if type(h) is logging.StreamHandler]:
        root.removeHandler(handler)
    root.setLevel(before)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


class Stub:
    """Stands for a forecaster, which takes half a second to build; `built` counts them."""

    built: list[str]

    def __init__(self, snapshot: Snapshot, engine: object, *, explaining: bool) -> None:
        del engine, explaining
        self.version = snapshot.version
        self.built.append(f"{snapshot.key} {snapshot.version}")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The forecasters built so far."""
    monkeypatch.setattr(registry, "Forecaster", Stub)
    monkeypatch.setattr(registry, "shared", lambda: lambda snapshot: snapshot.version)
    monkeypatch.setattr(Stub, "built", [], raising=False)
    return Stub.built
