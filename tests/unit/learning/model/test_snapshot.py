"""A snapshot is refused, with a reason, unless it is whole."""

from dataclasses import replace

import msgspec
import pytest

from features.history import History
from learning.keys import KEYS
from learning.model.linear import Linear
from learning.model.packed_arrays import ArrayError, packed, unpacked
from learning.model.snapshot import MOST_BYTES, Snapshot, SnapshotError, decode, encode, sealed
from learning.starter import load_starter
from learning.training.backtest import train
from producers.simulator import season


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return train("t20-male", season(12, seed=8), "v1")


def test_a_snapshot_is_the_same_after_the_wire(snapshot: Snapshot) -> None:
    assert decode(encode(snapshot)) == snapshot
    assert encode(decode(encode(snapshot))) == encode(snapshot)


def test_damage_anywhere_is_refused(snapshot: Snapshot) -> None:
    whole = encode(snapshot)
    for place in range(0, len(whole), 997):
        broken = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises(SnapshotError):
            decode(broken)
    with pytest.raises(SnapshotError, match="JSON"):
        decode(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": "forged"}, "digest"),
        ({"feature_version": 999}, "feature_version 999"),
        ({"format_version": 0}, "format_version 0"),
        ({"history": []}, "not a snapshot"),
        ({"key": 7}, "not a snapshot"),
    ],
)
def test_a_forged_field_is_refused(
    snapshot: Snapshot, change: dict[str, object], reason: str
) -> None:
    document = msgspec.json.decode(encode(snapshot)) | change
    with pytest.raises(SnapshotError, match=reason):
        decode(msgspec.json.encode(document))


def test_what_is_sealed_and_still_wrong_is_refused(snapshot: Snapshot) -> None:
    short = snapshot.models | {"win_first": Linear(weights=(1.0,))}
    negative = History(effects={"bat:A": (0.0, -1.0)})
    empty = replace(snapshot.counted, first="AAAA")
    forged = {
        "numbers for": replace(snapshot, models=short),
        "this code serves": replace(snapshot, models={}),
        "variance": replace(snapshot, history=negative),
        "unknown model key": replace(snapshot, key="tests-male"),
        "counts": replace(snapshot, counted=empty),
    }
    for reason, wrong in forged.items():
        with pytest.raises(SnapshotError, match=reason):
            decode(encode(sealed(wrong)))


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999", b"null", b'"1"'])
def test_what_is_no_finite_number_is_refused(snapshot: Snapshot, number: bytes) -> None:
    whole = encode(sealed(replace(snapshot, history=History(scale=0.625))))
    broken = whole.replace(b"0.625", number)
    assert decode(whole).history.scale == 0.625
    with pytest.raises(SnapshotError, match=r"not a (snapshot|JSON object)"):
        decode(broken)


@pytest.mark.parametrize("value", [b"", b"[]", b"null", b"\xff\xfe", b"NaN", b"[" * 100_000])
def test_noise_is_refused(value: bytes) -> None:
    with pytest.raises(SnapshotError):
        decode(value)


def test_absurd_sizes_are_refused() -> None:
    with pytest.raises(SnapshotError, match="bytes"):
        decode(b" " * (MOST_BYTES + 1))
    bomb = packed(unpacked("", (1000, 1000)) + 1)
    with pytest.raises(ArrayError):
        unpacked(bomb, (10, 8))


def test_numbers_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ArrayError, match="finite"):
        unpacked(packed(unpacked("", (2, 2)) + float("inf")), (2, 2))


def test_the_starter_ships_every_key() -> None:
    starter = load_starter()
    assert set(starter) == set(KEYS)
    for key, shipped in starter.items():
        assert shipped.key == key
        assert shipped.trained.matches > 0
        assert len(encode(shipped)) < 900_000  # a Kafka message holds a million
