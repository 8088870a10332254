"""A log is known again by when it appended the message at a remembered offset."""

import pytest

from streams.kafka.log_identity import PartitionIdentity
from tests.support.kept_log import KeptLog

LOG = {offset: 1_000 + offset for offset in range(10, 20) if offset != 15}  # 15 is a mark


def identity(low: int = 10) -> PartitionIdentity:
    return PartitionIdentity(KeptLog(LOG, low), "t", 0)


@pytest.mark.parametrize(
    ("offset", "appended", "held"),
    [
        (-1, 0, True),  # nothing is remembered
        (12, 1_012, True),
        (12, 1_013, False),
        (12, 0, True),  # of an earlier version, which remembered no time
        (15, 1_015, False),  # no message lies there
        (19, 1_019, True),
        (20, 0, False),  # beyond the end
        (20, 1_020, False),
        (9, 7, True),  # deleted since: nothing contradicts it
    ],
)
def test_an_offset_is_believed_if_its_message_was_appended_then(
    offset: int, appended: int, *, held: bool
) -> None:
    assert identity().holds(offset, appended) is held


def test_when_a_message_was_appended_is_looked_up() -> None:
    assert [identity().appended(offset) for offset in (-1, 9, 12, 15, 20)] == [0, 0, 1_012, 0, 0]
    assert identity().times() == LOG
