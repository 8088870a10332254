"""Which model serves: swapped whole, built when needed, never for a worse message."""

import threading
from dataclasses import replace

import pytest

from learning.model.snapshot import Snapshot, blank
from learning.serving.forecaster import Forecaster
from streams.models import registry
from streams.models.registry import IDLE_SECONDS, InstalledModels

KEY, ODI = "t20-male", "odi-male"
OLD, NEW = blank(KEY, "old"), blank(KEY, "new")


def serving(models: InstalledModels) -> str:
    found: Forecaster = models[KEY]
    return found.version


def test_a_forecaster_is_built_when_it_is_first_needed_and_once(built: list[str]) -> None:
    models = InstalledModels({KEY: OLD, "odi-male": blank("odi-male", "old")})
    assert sorted(models) == ["odi-male", KEY]
    assert len(models) == 2
    assert "t20-female" not in models
    assert built == []
    assert models[KEY] is models[KEY]
    assert built == ["t20-male old"]


def test_those_that_are_expected_can_be_built_before_the_first_ball(built: list[str]) -> None:
    models = InstalledModels({KEY: OLD, ODI: blank(ODI, "old")})
    assert models.unbuilt() == []
    models.expect([KEY])
    assert models.unbuilt() == [KEY]
    models.build()
    models.build()
    assert built == ["t20-male old"]
    assert models.unbuilt() == []


def test_one_is_built_behind_when_a_match_of_its_format_comes(built: list[str]) -> None:
    models = InstalledModels({KEY: OLD, ODI: blank(ODI, "old")})
    for key in (ODI, ODI, "tests-male", ""):
        models.prepare(key)
    for thread in threading.enumerate():
        if thread.name == "tables":
            thread.join()
    assert built == ["odi-male old"]


def test_one_that_no_ball_has_needed_for_long_is_dropped_and_built_again_for_the_next(
    built: list[str],
) -> None:
    now = [1_000.0]
    models = InstalledModels({KEY: OLD, ODI: blank(ODI, "old")}, lambda: now[0])
    models.expect([KEY, ODI])
    models.build()
    now[0] += IDLE_SECONDS
    first = models[KEY]
    assert models.drop_idle() == []
    now[0] += 1.0
    assert models.drop_idle() == [ODI]
    assert models.unbuilt() == []
    assert models[KEY] is first
    assert built == ["odi-male old", "t20-male old"]
    assert models[ODI].version == "old"
    assert built == ["odi-male old", "t20-male old", "odi-male old"]


def test_a_model_that_was_dropped_takes_a_new_snapshot_without_being_built(
    built: list[str],
) -> None:
    now = [1_000.0]
    models = InstalledModels({KEY: OLD}, lambda: now[0])
    assert serving(models) == "old"
    now[0] += 2 * IDLE_SECONDS
    assert models.drop_idle() == [KEY]
    models.install(NEW)
    assert built == ["t20-male old"]
    assert serving(models) == "new"


def test_an_installed_snapshot_serves_from_the_next_ball_on(built: list[str]) -> None:
    models = InstalledModels({KEY: OLD})
    held = models[KEY]
    models.install(NEW)
    assert (held.version, serving(models)) == ("old", "new")
    assert models.snapshot(KEY) is NEW
    assert built == ["t20-male old", "t20-male new"]


def test_a_model_that_never_served_is_installed_without_being_built(built: list[str]) -> None:
    models = InstalledModels({KEY: OLD})
    models.install(NEW)
    models.install(replace(NEW, version="newer"))
    assert built == []
    assert serving(models) == "newer"
    assert built == ["t20-male newer"]


def test_a_key_that_no_starter_has_can_be_installed(built: list[str]) -> None:
    models = InstalledModels({})
    models.install(NEW)
    assert serving(models) == "new"
    assert built == ["t20-male new"]


def test_a_model_that_cannot_be_built_leaves_the_old_one_serving(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    models = InstalledModels({KEY: OLD})
    assert serving(models) == "old"

    def fails(snapshot: Snapshot, engine: object, *, explaining: bool) -> None:
        del engine, explaining
        raise MemoryError(snapshot.version)

    monkeypatch.setattr(registry, "Forecaster", fails)
    with pytest.raises(MemoryError):
        models.install(NEW)
    assert serving(models) == "old"
    assert models.snapshot(KEY) is OLD
    assert built == ["t20-male old"]
