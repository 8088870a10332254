"""Laws of the live page: what it shows follows from what was said, not from the way there."""

from dataclasses import replace

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.dashboard.content.calibration import BINS, LEAST_MATCHES, counted, reliability
from consumers.dashboard.content.cards import innings_card
from consumers.dashboard.content.match_page import head, row
from consumers.dashboard.content.state import PageMessage, PageState
from streams.messages.events import BallBowled, MatchEvent
from streams.messages.predictions import PredictionMessage
from tests.support.dashboard_messages import EVENTS, heard, said_of

BALLS = [event for event in EVENTS if isinstance(event, BallBowled)]
CHANCES = st.floats(0.0, 1.0)


def shown(board: PageState) -> dict[str, bytes]:
    """All that the page shows of each match, but for when and how it came to know it."""
    found = {}
    for match_id, match in board.matches.items():
        said, told = match.newest, row(match)
        assert said is not None
        assert told is not None
        assert match.fixture is not None
        quiet = msgspec.structs.replace(told, at=0, notice="")
        top = head(match, said, quiet, board.models[said.model_key], board.careers)
        points = [msgspec.structs.replace(p, revision=0) for p in match.in_order()]
        cards = [innings_card(match.fixture, i) for i in match.book.innings().values()]
        parts = (msgspec.structs.replace(top, corrections=0), points, cards)
        found[match_id] = msgspec.json.encode(parts)
    return found


def board_of(messages: list[PageMessage]) -> PageState:
    board = PageState()
    for message in messages:
        board.take(message)
    return board


def match_of(match_id: str, said: list[PredictionMessage], partition: int) -> list[PageMessage]:
    own = [msgspec.structs.replace(message, match_id=match_id) for message in said]
    return [replace(message, partition=partition) for message in heard(own)]


CLEAN = said_of(EVENTS)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 80), max_size=6))
def test_partitions_may_be_read_in_any_interleaving(stretches: list[int]) -> None:
    rest = [match_of("a", CLEAN, 0), match_of("b", CLEAN, 1)]
    expected = shown(board_of([*rest[0], *rest[1]]))
    mixed = []
    for turn, length in enumerate([*stretches, len(CLEAN), len(CLEAN)]):
        own = rest[turn % 2]
        mixed += own[:length]
        del own[:length]
    assert shown(board_of(mixed)) == expected


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(BALLS) - 1), st.sampled_from([0, 1, 2, 3, 4, 6]))
def test_a_corrected_match_looks_like_one_that_was_right_at_once(at: int, runs: int) -> None:
    wrong: list[MatchEvent] = [
        msgspec.structs.replace(e, fact=replace(e.fact, runs=runs)) if e == BALLS[at] else e
        for e in EVENTS
    ]
    right = msgspec.structs.replace(BALLS[at], revision=1)
    said = said_of([*wrong, right])
    assert shown(board_of(heard(said)))["m"] == shown(board_of(heard(CLEAN)))["m"]


@given(st.lists(CHANCES, min_size=1), st.booleans())
def test_the_calibration_of_both_sides_is_one_picture(chances: list[float], won: bool) -> None:  # noqa: FBT001
    counts = counted(chances, won=won)
    assert sum(n for n, _, _ in counts) == 2 * len(chances)
    assert sum(times for _, _, times in counts) == len(chances)
    told = reliability([counts] * LEAST_MATCHES)
    assert all(0.0 <= b.happened <= 1.0 for b in told.bins)
    assert all(b.low - 1e-9 <= b.said <= b.low + 1 / BINS + 1e-9 for b in told.bins)
