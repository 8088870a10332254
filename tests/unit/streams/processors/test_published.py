"""How far the log that is there was answered, by the published messages, whatever log they name."""

import pytest

from streams.kafka.log_identity import PartitionIdentity
from streams.messages.predictions import encode
from streams.messages.source import Source
from streams.processors.published import (
    NOTHING_SENT,
    Progress,
    log_changed,
    of_dead_letter,
    of_prediction,
    progress,
)
from tests.support.kept_log import Kept, KeptLog
from tests.support.matches import log_of, messages, run, short_match

MADE = next(iter(run(log_of(messages(short_match("m", "14.6wW2", "1146")))).predictions))


def prediction(offset: int, appended: int, log: str = "now") -> Kept:
    source = Source("cricket.balls", 0, offset, appended, log)
    changed = MADE.__class__(
        **{f: getattr(MADE, f) for f in MADE.__struct_fields__} | {"source": source}
    )
    return Kept(0, 0, encode(changed))


def letter(offset: int, appended: int) -> Kept:
    origin = f"cricket.balls/0/{offset}".encode()
    return Kept(0, 0, b"", (("origin", origin), ("appended", str(appended).encode())))


def found(log: KeptLog, *newest_first: Kept) -> Progress:
    return progress(newest_first, of_prediction, PartitionIdentity(log, "cricket.balls", 0))


def test_the_last_message_of_the_same_log_is_found_with_one_look() -> None:
    log = KeptLog({n: 1_000 + n for n in range(100)})
    answer = found(log, Kept(0, 0, b"no message of ours"), prediction(40, 1_040), prediction(39, 0))
    assert (answer.position[0], answer.changed) == (40, False)
    assert log.reads == [(40, 41)]


def test_what_was_published_of_a_log_that_is_gone_does_not_count() -> None:
    log = KeptLog({n: 5_000 + n for n in range(100)})
    answer = found(log, prediction(40, 1_040), prediction(39, 1_039))
    assert (answer.position, answer.changed) == (NOTHING_SENT, True)


def test_what_was_read_on_in_a_new_log_for_the_old_one_does_not_count() -> None:
    """Its messages lie there, but those before them were never read."""
    log = KeptLog({n: 1_000 + n for n in range(100)})
    answer = found(log, prediction(60, 1_060, "before"), prediction(59, 1_059, "before"))
    assert (answer.position, answer.changed) == (NOTHING_SENT, True)


def test_of_a_log_that_was_cut_the_part_that_is_left_counts() -> None:
    """And that was written to again after the cut."""
    times = {n: 1_000 + n for n in range(30)} | {n: 5_000 + n for n in range(30, 50)}
    answer = found(KeptLog(times), *(prediction(n, 1_000 + n) for n in range(60, 20, -1)))
    assert (answer.position[0], answer.changed) == (29, True)


def test_nothing_published_is_no_change() -> None:
    assert found(KeptLog({})) == Progress(NOTHING_SENT)
    assert not found(KeptLog({})).changed


@pytest.mark.parametrize(("appended", "changed"), [(900, False), (3_000, True)])
def test_what_was_published_last_says_whether_the_log_changed(
    appended: int, *, changed: bool
) -> None:
    """An old dead letter of a log that is gone is there for ever."""
    log = PartitionIdentity(KeptLog({n: 1_000 + n for n in range(100)}), "cricket.balls", 0)
    predicted = progress([prediction(40, 1_040)], of_prediction, log)
    refused = progress([letter(7, appended)], of_dead_letter, log)
    assert refused.changed
    assert log_changed((predicted, refused)) is changed
