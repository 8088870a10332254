"""The law of corrections: whatever went wrong on the way, what is left is a clean replay's."""

from collections.abc import Sequence
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from cricket.cricsheet import RecordedMatch
from producers.faults import KINDS, Faults, injected
from producers.recorded import shipped_match
from producers.simulator import season
from streams.messages.predictions import Waiting
from streams.pipeline.advance import advance
from streams.pipeline.canonical import canonical_hash, surviving
from streams.pipeline.effects import Effects, Received
from streams.pipeline.gaps import GapLimits
from streams.pipeline.match_record import decode_record, encode_record
from tests.support.matches import MARKS, log_of, messages, models, opened, short_match

LAW = settings(deadline=None, max_examples=60)
marks = st.text(MARKS, min_size=3, max_size=40)
shares = st.sampled_from((0.0, 0.0, 0.02, 0.1, 0.4))
faults = st.builds(
    Faults, **dict.fromkeys(KINDS, shares), delay=st.sampled_from((0, 30_000, 300_000))
)
seeds = st.integers(0, 2**32)


@cache
def recorded() -> list[RecordedMatch]:
    """Whole men's T20 matches: one with a super over, one with a shortened chase, two made up."""
    return [*map(shipped_match, ("1426294", "1216517")), *season(2, seed=3)]


def hostile(match: RecordedMatch, injuries: Faults, seed: int) -> list[Received]:
    """The match's log after everything that went wrong."""
    sent = injected(messages(match), injuries, seed)
    return [opened(delivery.value, offset) for offset, delivery in enumerate(sent)]


def hashed(match: RecordedMatch, effects: Effects) -> str:
    return canonical_hash(effects.records[match.id], effects.predictions, effects.labels)


def clean(match: RecordedMatch) -> str:
    return hashed(match, advance({}, log_of(messages(match)), models()))


@settings(LAW, max_examples=150)
@given(marks, marks, faults, seeds)
def test_a_short_match_ends_as_in_a_clean_replay(
    first: str, second: str, injuries: Faults, seed: int
) -> None:
    match = short_match("m", first, second)
    assert hashed(match, advance({}, hostile(match, injuries, seed), models())) == clean(match)


@settings(LAW, max_examples=25)
@given(st.integers(0, 3), faults, seeds)
def test_a_whole_match_ends_as_in_a_clean_replay(which: int, injuries: Faults, seed: int) -> None:
    match = recorded()[which]
    assert hashed(match, advance({}, hostile(match, injuries, seed), models())) == clean(match)


@LAW
@given(marks, faults, seeds, st.integers(0, 30), st.integers(0, 600))
def test_patience_changes_when_something_is_said_and_not_what_is_left(
    first: str, injuries: Faults, seed: int, held: int, seconds: int
) -> None:
    match = short_match("m", first, "1146")
    log = hostile(match, injuries, seed)
    assert hashed(match, advance({}, log, models(), GapLimits(held, seconds))) == clean(match)


@LAW
@given(marks, faults, st.randoms(use_true_random=False))
def test_any_order_of_arrival_leaves_the_same(first: str, injuries: Faults, chance: object) -> None:
    match = short_match("m", first, "1146")
    log = hostile(match, injuries, 1)
    chance.shuffle(log)  # type: ignore[attr-defined]
    assert hashed(match, advance({}, log, models())) == clean(match)


def restarted(log: Sequence[Received]) -> Effects:
    """The effects of a log, every record written down and read again after each message."""
    whole = Effects()
    for received in log:
        live = {i: decode_record(encode_record(r)) for i, r in whole.records.items()}
        effects = advance(live, [received], models())
        whole.records |= effects.records
        whole.predictions += effects.predictions
        whole.labels += effects.labels
        whole.dead_letters += effects.dead_letters
    return whole


@settings(LAW, max_examples=20)
@given(marks, faults, seeds)
def test_a_restart_after_every_message_says_the_same_to_the_last_byte(
    first: str, injuries: Faults, seed: int
) -> None:
    log = hostile(short_match("m", first, "1146"), injuries, seed)
    once, again = advance({}, log, models()), restarted(log)
    assert again.predictions == once.predictions
    assert again.labels == once.labels
    assert again.dead_letters == once.dead_letters
    assert {i: encode_record(r) for i, r in again.records.items()} == {
        i: encode_record(r) for i, r in once.records.items()
    }


@LAW
@given(marks, marks, faults, seeds)
def test_every_revision_names_the_one_it_supersedes_and_says_something_else(
    first: str, second: str, injuries: Faults, seed: int
) -> None:
    log = hostile(short_match("m", first, second), injuries, seed)
    revisions: dict[tuple[int, int], int] = {}
    for said in advance({}, log, models()).predictions:
        if isinstance(said, Waiting) or said.match_id != "m":
            continue
        place, last = (said.seq, said.rank), revisions.get((said.seq, said.rank))
        assert (said.revision, said.supersedes) == ((last or 0) + (last is not None), last)
        revisions[place] = said.revision


@LAW
@given(marks, marks, faults, seeds)
def test_what_one_message_brings_is_told_in_the_order_of_play(
    first: str, second: str, injuries: Faults, seed: int
) -> None:
    log = hostile(short_match("m", first, second), injuries, seed)
    said = [p for p in advance({}, log, models()).predictions if p.match_id == "m"]
    sent = [(p.source.offset, p.seq, p.rank) for p in said]
    assert sent == sorted(set(sent))  # so the last one sent tells what an interrupted run had sent


def test_the_law_is_not_empty() -> None:
    match = recorded()[0]
    injuries = Faults(**dict.fromkeys(KINDS, 0.05), delay=120_000)
    effects = advance({}, hostile(match, injuries, 1), models())
    assert len(effects.predictions) > len(surviving(effects.predictions)) + 50
    assert effects.repeated
    assert effects.healed
    assert hashed(match, effects) != clean(recorded()[2])
