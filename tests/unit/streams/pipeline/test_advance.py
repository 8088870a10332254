"""The pipeline by hand: repetitions, gaps, refusals, and what a prediction carries."""

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import msgspec
import pytest

from cricket.facts import Ball, Fact, Fixture, InningsOpening, Outcome
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.messages import events
from streams.messages.events import BallBowled, MatchEnded, MatchEvent, encode, event_of
from streams.messages.predictions import Prediction, Waiting
from streams.messages.predictions import encode as encode_made
from streams.messages.source import Source
from streams.pipeline.advance import advance
from streams.pipeline.effects import Received
from streams.pipeline.match_record import MatchRecord, encode_record
from tests.support.matches import (
    FIXTURE,
    forecasts,
    log_of,
    messages,
    models,
    opened,
    run,
    served,
    short_match,
)

MATCH = short_match("m", "14.6wW2" * 3, "1146..2")
EVENTS = messages(MATCH)
LOG = log_of(EVENTS)


def live_after(count: int) -> dict[str, MatchRecord]:
    """The live matches after the first messages."""
    return run(LOG[:count]).records


def alone(event: MatchEvent, live: dict[str, MatchRecord], offset: int = 900) -> list[str]:
    """Why an event is refused; it must change nothing else."""
    effects = run([opened(encode(event), offset)], live)
    assert (effects.predictions, effects.labels) == ([], [])
    return [letter.reason for letter in effects.dead_letters]


def facts_of(*facts: Fact) -> list[Received]:
    """A log of a match with these facts."""
    told = enumerate((FIXTURE, *facts))
    return log_of(event_of("other", seq, 0, fact) for seq, fact in told)


def test_every_ball_is_predicted_and_nothing_else() -> None:
    balls = [e.seq for e in EVENTS if isinstance(e, BallBowled)]
    effects = run(LOG)
    assert [p.seq for p in forecasts(effects)] == balls
    assert effects.dead_letters == []
    assert effects.repeated == 0


def test_a_repeated_message_changes_nothing_and_is_counted() -> None:
    live = live_after(20)
    for again in (LOG[0], LOG[7], LOG[19]):
        effects = run([replace(again, source=Source("cricket.balls", 0, 500))], live)
        assert effects.repeated == 1
        assert effects.records == {}
        assert effects.predictions == effects.labels == effects.dead_letters == []


def test_a_gap_is_counted_in_every_later_prediction() -> None:
    made = forecasts(run([*LOG[:10], *LOG[12:]]))
    assert [p.missing for p in made if p.seq < 10] == [0] * sum(p.seq < 10 for p in made)
    assert {p.missing for p in made if p.seq > 11} == {2}
    assert made[-1].seq == forecasts(run(LOG))[-1].seq


def test_gaps_add_up() -> None:
    made = forecasts(run([*LOG[:10], *LOG[12:15], *LOG[16:]]))
    assert {p.missing for p in made if p.seq > 15} == {3}


def test_a_message_of_the_far_future_holds_up_nothing_and_is_told_once() -> None:
    far = msgspec.structs.replace(EVENTS[12], seq=2**53 - 1)
    effects = run([opened(encode(far), 99), *LOG[12:]], live_after(12))
    waits = [said for said in effects.predictions if isinstance(said, Waiting)]
    assert [(wait.seq, wait.held) for wait in waits] == [(12, 1)]
    assert [p.seq for p in effects.predictions if p not in waits] == [
        p.seq for p in run(LOG[12:], live_after(12)).predictions
    ]
    assert (effects.records["m"].seq, effects.records["m"].missing) == (len(LOG) - 1, ())


def test_a_long_gap_is_remembered_in_part_and_takes_no_time() -> None:
    far = msgspec.structs.replace(EVENTS[-1], seq=2**53 - 1)
    (record,) = run([opened(encode(far), 99)], live_after(12)).records.values()
    assert [gap.seq for gap in record.missing] == list(range(far.seq - 64, far.seq))


def test_a_ball_of_an_unknown_match_is_refused() -> None:
    assert alone(EVENTS[5], {}) == ["unknown match: its match_started has not come"]


def test_a_match_that_starts_twice_is_refused() -> None:
    again = msgspec.structs.replace(EVENTS[0], seq=20)
    assert alone(again, live_after(20)) == ["started twice: match is at message 19"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"match_type": "Test", "overs": None}, "Test: multi-day matches are not forecast"),
        ({"balls_per_over": 5}, "5 balls an over (The Hundred): not forecast"),
        ({"match_type": "T10", "overs": 10}, "unknown match type 'T10'"),
        ({"overs": 12}, "T20 of 12 overs: only 20 are forecast"),
        ({"gender": "mixed"}, "t20-mixed: no model"),
    ],
)
def test_every_message_of_an_unsupported_match_is_refused_with_the_reason(
    change: dict[str, object], reason: str
) -> None:
    fixture: Fixture = replace(FIXTURE, **change)  # type: ignore[arg-type]
    effects = run(log_of(messages(replace(MATCH, fixture=fixture))))
    assert {letter.reason for letter in effects.dead_letters} == {f"unsupported format: {reason}"}
    assert len(effects.dead_letters) == len(LOG)
    assert effects.predictions == effects.labels == []


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Ball(0, 0, 0, "a", "b", "c"), "ball 0.0 is not after 0.6"),
        (Ball(1, 5, 0, "a", "b", "c"), "ball of innings 1, which is not being played"),
        (Ball(0, 5, 0, "a", "a", "c"), "batter at both ends"),
        (Ball(0, 5, 0, "a", "b", "c", runs=-1), "impossible runs (-1, 0, 0, 0, 0, 0)"),
        (Ball(0, 20, 0, "a", "b", "c"), "over 20 is past the end of the innings (120 balls)"),
        (InningsOpening(1, "Greens"), "'Greens' does not play in this match"),
        (Outcome("Greens", "win"), "winner 'Greens' does not play in this match"),
    ],
)
def test_a_fact_against_the_laws_is_refused_and_the_match_goes_on(fact: Fact, reason: str) -> None:
    live = live_after(9)
    broken = event_of("m", 9, 0, fact)
    assert alone(broken, live) == [f"against the laws: {reason}"]
    after = run([opened(encode(broken), 900), *LOG[10:]], live)
    assert {p.missing for p in forecasts(after)} == {0}


def test_a_refused_fact_leaves_the_score_as_it_was() -> None:
    live = live_after(9)
    broken = opened(encode(event_of("m", 9, 0, Ball(0, 9, 0, "a", "a", "c"))), 9)
    (record,) = run([broken], live).records.values()
    assert record.log[-1].refused == "against the laws: batter at both ends"
    changed = {"seq": 8, "offset": 8, "log_digest": live["m"].log_digest}
    assert msgspec.structs.replace(record, **changed, log=record.log[:-1]) == live["m"]


def test_live_records_are_never_modified() -> None:
    live = live_after(20)
    before = {match_id: encode_record(record) for match_id, record in live.items()}
    advance(MappingProxyType(live), LOG[20:], models())
    assert {match_id: encode_record(record) for match_id, record in live.items()} == before


def test_a_good_neighbour_of_bad_messages_loses_nothing() -> None:
    bad = [
        opened(b"\xff\xfe", 901),
        opened(encode(msgspec.structs.replace(EVENTS[5], match_id="nobody")), 902),
        opened(None, 903),
        opened(encode(msgspec.structs.replace(EVENTS[0], seq=10**6)), 904),
    ]
    effects = run([*LOG[:15], *bad, *LOG[15:]])
    expected = [encode_made(made) for made in run(LOG).predictions]
    assert [encode_made(made) for made in effects.predictions] == expected
    assert [letter.source.offset for letter in effects.dead_letters] == [901, 902, 903, 904]
    assert [letter.value for letter in effects.dead_letters] == [received.value for received in bad]


def test_a_prediction_names_its_source_its_model_and_its_history() -> None:
    history = served()._history.absorbed  # noqa: SLF001
    for made, event in zip(forecasts(run(LOG)), _balls(), strict=True):
        assert made.source == Source("cricket.balls", 0, event.seq)
        assert (made.match_id, made.at, made.model_key) == ("m", event.at, "t20-male")
        assert made.model == served().version
        assert made.history == f"{served().version}/{history}"


def _balls() -> list[BallBowled]:
    return [event for event in EVENTS if isinstance(event, BallBowled)]


def test_the_first_prediction_of_a_match_carries_what_it_drew_from_history() -> None:
    first, *later = forecasts(run(LOG))
    assert first.drawn == served().begin(FIXTURE).context.draw
    assert {made.drawn for made in later} == {None}


def test_a_match_begun_with_an_older_model_keeps_its_history_and_names_the_new_model() -> None:
    live = live_after(20)
    renamed = replace(load_starter()["t20-male"], version="newer")
    newer = {"t20-male": Forecaster(renamed, served().engine)}
    (made,) = forecasts(advance(live, LOG[20:21], newer))
    (old,) = forecasts(run(LOG[20:21], live))
    assert made.model == "newer"
    assert msgspec.structs.replace(made, model=old.model) == old


def test_what_balls_add_to_the_chance_is_the_change_of_the_chance() -> None:
    innings: dict[int, list[Prediction]] = {0: [], 1: []}
    for made in forecasts(run(LOG)):
        innings[made.card.innings].append(made)
    for played in innings.values():
        for before, now in pairwise(played):
            assert now.win_added == pytest.approx(_chance(now) - _chance(before), abs=1e-12)


def _chance(made: Prediction) -> float:
    return made.win.batting + made.win.tie / 2


def test_labels_come_at_the_innings_end_and_at_the_match_end() -> None:
    labels = run(LOG).labels
    by_seq = {event.seq: event for event in EVENTS}
    total, win = labels
    assert isinstance(by_seq[total.source.offset], events.InningsClosed)
    assert isinstance(by_seq[win.source.offset], MatchEnded)
    assert (total.label.task, total.index, win.label.task, win.index) == ("total", 0, "win", 0)
    assert total.label.truth == sum(b.fact.total for b in _balls() if b.fact.innings == 0)
    assert win.model == served().version


def test_no_result_answers_nothing_after_the_first_innings() -> None:
    played = [event.fact for event in EVENTS[1:] if isinstance(event, BallBowled)]
    rained_off = facts_of(InningsOpening(0, "Reds"), *played[:9], Outcome(None, "no result"))
    effects = run(rained_off)
    assert effects.labels == []
    assert effects.dead_letters == []
    ended = [*LOG[:-1], opened(encode(_no_result()), LOG[-1].source.offset)]
    assert [answered.label.task for answered in run(ended).labels] == ["total"]


def _no_result() -> MatchEvent:
    return event_of("m", EVENTS[-1].seq, 0, Outcome(None, "no result"))


def test_a_fact_after_the_end_is_refused() -> None:
    extra = msgspec.structs.replace(EVENTS[-3], seq=len(EVENTS))
    assert alone(extra, run(LOG).records) == ["against the laws: the match has ended"]
