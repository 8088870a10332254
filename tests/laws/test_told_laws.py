"""What the log tells of an ended match without playing it is what its record says."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.events import MatchEvent
from streams.told import FIRST_TOLD, Told
from tests.unit.matches import log_of, messages, run, short_match

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


def told(events: list[MatchEvent]) -> Told:
    found = Told("m")
    for offset, event in enumerate(events):
        found.hear(event, offset)
    return found


@settings(deadline=None, max_examples=60)
@given(repeats)
def test_a_message_that_comes_again_moves_an_ended_match_no_further(
    again: list[tuple[int, int, int]],
) -> None:
    events = fed(again)
    record = run(log_of(events)).records["m"]
    found = told(events)
    assert found.ended
    assert (found.seq, found.offset) == (record.seq, record.offset)
    asleep = found.asleep()
    assert (asleep.match_id, asleep.seq, asleep.offset) == ("m", record.seq, record.offset)


def test_a_match_that_is_started_twice_is_moved_no_further() -> None:
    events = [*TOLD, replace(TOLD[0], seq=len(TOLD))]
    record = run(log_of(events)).records["m"]
    assert told(events).offset == record.offset == len(TOLD) - 1


def test_a_number_beyond_all_matches_costs_no_memory() -> None:
    far = [replace(TOLD[3], seq=FIRST_TOLD), replace(TOLD[3], seq=2**40)]
    found = told([*TOLD, *far, *far])
    assert found.offset == len(TOLD) + 1
    assert found.first.bit_length() <= len(TOLD)
