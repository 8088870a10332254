"""A lease knows from what was read whether the store is as its holder left it."""

from typing import Any

import pytest

from features.lease_scripts import LeaseScripts, Script
from features.partition_lease import (
    BYTES_A_CALL,
    ENTRIES_A_CALL,
    Entry,
    LeaseFields,
    PartitionKeys,
    PartitionLease,
    Position,
    TakenError,
    take_lease,
)

KEYS = PartitionKeys("lease", "recent", lambda match_id: match_id, ttl=60, most=10)


def unused(**_: Any) -> Any:
    raise AssertionError("no call is due")


def scripts(claim: Script = unused, write: Script = unused) -> LeaseScripts:
    return LeaseScripts(claim, write, unused)


def lease(through: int = 5) -> PartitionLease:
    return PartitionLease(b"2:me", Position(through), scripts(), KEYS)


def test_a_lease_is_taken_by_the_claim_and_goes_on_from_what_the_store_has() -> None:
    claims: list[list[str]] = []

    def claim(keys: list[str], args: list[str]) -> list[bytes]:
        claims.append(keys)
        return [b"3:" + args[0].encode(), b"7", b"1764340000000", b"id"]

    taken = take_lease(scripts(claim), KEYS)
    assert taken.position == (7, 1_764_340_000_000, "id")
    assert claims == [["lease"]]


def test_a_store_is_intact_by_owner_and_offset() -> None:
    assert lease().intact(LeaseFields(b"2:me", b"5"))
    assert lease(through=-1).intact(LeaseFields(b"2:me", None))
    assert lease().intact(LeaseFields(b"2:me", b"5", b"3", counted=3))


def test_a_store_that_has_lost_the_names_of_its_matches_is_not_intact() -> None:
    assert not lease().intact(LeaseFields(b"2:me", b"5", b"3", counted=0))


@pytest.mark.parametrize("fields", [(None, None), (b"1:other", b"5"), (b"2:me", b"4")])
def test_an_emptied_or_an_older_store_is_not_intact(
    fields: tuple[bytes | None, bytes | None],
) -> None:
    assert not lease().intact(LeaseFields(*fields))


def test_a_later_claim_is_raised() -> None:
    with pytest.raises(TakenError, match="lease has been claimed by another worker"):
        lease().intact(LeaseFields(b"3:other", b"9"))


def calls_for(records: list[bytes]) -> list[list[str]]:
    """The matches of each call that a write of such records takes."""
    calls: list[list[str]] = []

    def write(keys: list[str], args: list[Any]) -> bytes:
        assert (args[2] == 9) is (sum(map(len, calls)) + len(keys) - 2 == len(records))
        calls.append(keys[2:])
        return b"written"

    lease = PartitionLease(b"2:me", Position(5), scripts(write=write), KEYS)
    entries = [Entry(str(number), 9, record, b"") for number, record in enumerate(records)]
    assert lease.write(entries, Position(9, 1, "id")) == "written"
    assert lease.position == (9, 1, "id")
    assert [match for call in calls for match in call] == [entry.match_id for entry in entries]
    return calls


def test_a_write_takes_several_calls_where_matches_are_many_or_large() -> None:
    assert calls_for([]) == [[]]
    assert len(calls_for([b""] * ENTRIES_A_CALL)) == 1
    assert len(calls_for([b""] * (ENTRIES_A_CALL + 1))) == 2
    large = bytes(BYTES_A_CALL // 2)
    assert list(map(len, calls_for([large] * 5))) == [2, 2, 1]
    assert list(map(len, calls_for([large * 3, b"", large * 3]))) == [1, 1, 1]
