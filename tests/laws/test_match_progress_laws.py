"""What the log tells of an ended match without playing it is what its record says."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.messages.events import MatchEvent, MessageCancelled
from streams.processors.match_progress import FIRST_SEQS, MatchProgress
from tests.support.matches import log_of, messages, run, short_match

TOLD = messages(short_match("m", "14.6wW2", "1146"))
places = st.integers(0, len(TOLD) - 1)
# Which message comes again, how many messages later (many: after the end), and as which revision.
repeats = st.lists(st.tuples(places, st.integers(1, 60), st.integers(0, 2)), max_size=8)


def fed(again: list[tuple[int, int, int]]) -> list[MatchEvent]:
    """The match's messages, and some of them again."""
    feed = [(float(at), event) for at, event in enumerate(TOLD)]
    for at, later, revision in again:
        feed.append((at + later - 0.5, replace(TOLD[at], revision=revision)))
    return [event for _, event in sorted(feed, key=lambda one: one[0])]


def told(events: list[MatchEvent]) -> MatchProgress:
    found = MatchProgress("m")
    for offset, event in enumerate(events):
        found.absorb(event, offset)
    return found


@settings(deadline=None, max_examples=60)
@given(repeats)
def test_a_message_that_comes_again_moves_an_ended_match_no_further(
    again: list[tuple[int, int, int]],
) -> None:
    events = fed(again)
    record = run(log_of(events)).records["m"]
    found = told(events)
    assert found.sleeps()
    assert (found.seq, found.offset) == (record.seq, record.offset)
    asleep = found.asleep()
    assert (asleep.match_id, asleep.seq, asleep.offset) == ("m", record.seq, record.offset)


@settings(deadline=None, max_examples=200)
@given(st.sets(places, max_size=4), repeats, st.none() | st.integers(0, 60))
def test_a_match_sleeps_only_where_its_record_says_the_same(
    lost: set[int], again: list[tuple[int, int, int]], called_off: int | None
) -> None:
    events = [e for e in fed(again) if e.revision or e.seq not in lost]
    if called_off is not None:
        events.insert(called_off, MessageCancelled(match_id="m", seq=0, at=TOLD[0].at, revision=1))
    found, record = told(events), run(log_of(events)).records["m"]
    if found.sleeps():
        assert (found.seq, found.offset) == (record.seq, record.offset)
        assert record.state is not None
        assert record.state.outcome is not None
    else:
        ended = record.state is not None and record.state.outcome is not None
        assert not ended
    assert run(log_of(events)[max(found.since, 0) :]).records["m"] == record


def test_what_came_while_a_match_was_called_off_did_not_end_it() -> None:
    off = MessageCancelled(match_id="m", seq=0, at=TOLD[0].at, revision=1)
    events = [*TOLD[:5], off, *TOLD[5:], replace(TOLD[0], revision=2)]
    record = run(log_of(events)).records["m"]
    assert record.state is not None
    assert record.state.outcome is None
    assert not told(events).sleeps()


def test_a_match_that_is_started_twice_is_moved_no_further() -> None:
    events = [*TOLD, replace(TOLD[0], seq=len(TOLD))]
    record = run(log_of(events)).records["m"]
    assert told(events).offset == record.offset == len(TOLD) - 1


def test_a_number_beyond_all_matches_costs_no_memory() -> None:
    far = [replace(TOLD[3], seq=FIRST_SEQS), replace(TOLD[3], seq=2**40)]
    found = told([*TOLD, *far, *far])
    assert found.offset == len(TOLD) + 1
    assert found.first.bit_length() <= len(TOLD)
