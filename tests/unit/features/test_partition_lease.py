"""A lease knows from what was read whether the store is as its holder left it."""

from typing import Any

import pytest

from features.partition_lease import PartitionKeys, PartitionLease, TakenError, take_lease

KEYS = PartitionKeys("lease", "recent", lambda match_id: match_id, ttl=60, most=10)


def unused(**_: Any) -> Any:
    raise AssertionError("no call is due")


def lease(through: int = 5) -> PartitionLease:
    return PartitionLease(b"2:me", through, unused, KEYS)


def test_a_lease_is_taken_by_the_claim_and_goes_on_from_what_the_store_has() -> None:
    claims: list[list[str]] = []

    def claim(keys: list[str], args: list[str]) -> list[bytes]:
        claims.append(keys)
        return [b"3:" + args[0].encode(), b"7"]

    assert take_lease(claim, unused, KEYS).through == 7
    assert claims == [["lease"]]


def test_a_store_is_intact_by_owner_and_offset() -> None:
    assert lease().intact((b"2:me", b"5"))
    assert lease(through=-1).intact((b"2:me", None))


@pytest.mark.parametrize("fields", [(None, None), (b"1:other", b"5"), (b"2:me", b"4")])
def test_an_emptied_or_an_older_store_is_not_intact(
    fields: tuple[bytes | None, bytes | None],
) -> None:
    assert not lease().intact(fields)


def test_a_later_claim_is_raised() -> None:
    with pytest.raises(TakenError, match="lease has been claimed by another worker"):
        lease().intact((b"3:other", b"9"))
