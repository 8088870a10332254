"""The official result of a match: published once, revised and withdrawn like a prediction."""

import msgspec

from cricket.facts import InningsReopened, Outcome
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from producers.recorded import shipped_match
from streams.messages.events import MatchEvent, event_of
from streams.messages.predictions import MatchResult, Withdrawal, decode_prediction, encode
from streams.pipeline.advance import advance
from streams.pipeline.canonical import surviving_results
from streams.pipeline.effects import Effects
from streams.pipeline.match_record import decode_record, encode_record
from tests.support.feeds import (
    BALLS,
    ENDED,
    EVENTS,
    FAR,
    after,
    cancelled,
    made,
    revised,
    same,
    swapped,
    told,
    without,
)
from tests.support.matches import log_of, messages, served

GOES_ON = event_of("m", ENDED.seq + 1, 0, InningsReopened(1))
ENDS_AGAIN = event_of("m", ENDED.seq + 2, 0, Outcome("Blues", "win", {"wickets": 3}))


def results(effects: Effects) -> list[MatchResult]:
    return [said for said in effects.predictions if isinstance(said, MatchResult)]


def places(effects: Effects) -> list[tuple[int, int, int]]:
    return [(p.source.offset, p.seq, p.rank) for p in effects.predictions]


def test_the_end_of_a_match_brings_its_official_result() -> None:
    (result,) = results(told(*EVENTS))
    assert (result.seq, result.rank, result.revision, result.supersedes) == (ENDED.seq, 0, 0, None)
    assert result.source.offset == len(EVENTS) - 1
    assert (result.teams, result.date) == (("Reds", "Blues"), "2030-01-01")
    assert (result.result, result.winner) == ("win", "Reds")
    assert result.text == made(told(*EVENTS))[-1].card.result == "Reds beat Blues by 28 runs"
    assert decode_prediction(encode(result)) == result


def test_the_final_of_2019_ends_with_the_boundary_count() -> None:
    key = "odi-male"
    effects = advance(
        {}, log_of(messages(shipped_match("1144530"))), {key: Forecaster(load_starter()[key])}
    )
    (result,) = results(effects)
    assert (result.text, result.tie_break) == ("England won (boundary count)", "boundary count")
    assert effects.predictions[-1] == result


def test_a_match_without_a_ball_is_abandoned() -> None:
    effects = told(EVENTS[0], event_of("m", 1, 0, Outcome(None, "no result")))
    (result,) = results(effects)
    assert (result.result, result.winner, result.text) == ("abandoned", None, "Match abandoned")


def test_a_corrected_result_is_the_next_revision() -> None:
    amended = revised(ENDED, winner="Blues", method="D/L")
    effects = told(*EVENTS, amended)
    assert [(r.revision, r.supersedes, r.winner) for r in results(effects)] == [
        (0, None, "Reds"),
        (1, 0, "Blues"),
    ]
    assert same(effects, *swapped(ENDED, amended))
    assert len(made(effects)) == len(BALLS)  # no forecast moved


def test_a_correction_that_does_not_move_the_result_does_not_send_it_again() -> None:
    effects = told(*EVENTS, revised(BALLS[5], runs=6), revised(ENDED))
    assert [r.revision for r in results(effects)] == [0]


def test_a_cancelled_end_withdraws_the_result_and_a_new_one_brings_it_back() -> None:
    live = after(*EVENTS)
    effects = told(cancelled(ENDED), live=live)
    (withdrawal,) = effects.predictions
    assert isinstance(withdrawal, Withdrawal)
    assert (withdrawal.seq, withdrawal.revision, withdrawal.supersedes) == (ENDED.seq, 1, 0)
    assert effects.records["m"].memory == live["m"].memory  # no ball was taken back
    again = told(*EVENTS, cancelled(ENDED), revised(ENDED, 2))
    assert [r.revision for r in results(again)] == [0, 2]
    assert same(again, *EVENTS)


def test_a_match_that_goes_on_has_no_result_until_it_ends_again() -> None:
    effects = told(*EVENTS, GOES_ON)
    assert surviving_results(effects.predictions) == []
    assert effects.dead_letters == []
    ended = told(*EVENTS, GOES_ON, ENDS_AGAIN)
    (result,) = surviving_results(ended.predictions)
    assert (result.seq, result.winner) == (ENDS_AGAIN.seq, "Blues")
    void = told(*EVENTS, GOES_ON, ENDS_AGAIN, cancelled(ENDS_AGAIN), cancelled(GOES_ON))
    (first,) = surviving_results(void.predictions)
    assert (first.seq, first.revision, first.winner) == (ENDED.seq, 2, "Reds")


def test_a_cancelled_start_takes_the_result_back() -> None:
    assert surviving_results(told(*EVENTS, cancelled(EVENTS[0])).predictions) == []


def test_an_end_that_becomes_a_ball_gives_its_place_to_the_forecast() -> None:
    ball = msgspec.structs.replace(BALLS[-1], seq=ENDED.seq, revision=1)
    effects = told(*without(BALLS[-1]), ball)
    assert surviving_results(effects.predictions) == []
    back = told(*without(BALLS[-1]), ball, revised(ENDED, 2))
    assert [r.revision for r in surviving_results(back.predictions)] == [2]


def test_what_one_message_leads_to_is_in_the_order_of_play() -> None:
    """A publisher knows by the last place of a source how far a killed worker had got."""
    balls = [msgspec.structs.replace(b, seq=ENDED.seq + 2 + n) for n, b in enumerate(BALLS[-1:])]
    for log in (
        [*EVENTS, *balls, GOES_ON],  # held, then released together with the withdrawal
        [*EVENTS, GOES_ON, ENDS_AGAIN, cancelled(GOES_ON)],
        [*EVENTS[:5], *EVENTS[6:], EVENTS[5]],
        [*EVENTS, revised(BALLS[3], runs=6), cancelled(EVENTS[0])],
    ):
        found = places(told(*log))
        assert found == sorted(set(found))


def test_a_record_of_the_former_version_brings_its_result_with_its_next_message() -> None:
    record = after(*EVENTS)["m"]
    bare = msgspec.structs.replace(record.log[-1], published=None)
    before = msgspec.structs.replace(record, log=(*record.log[:-1], bare))
    live = {"m": decode_record(encode_record(before))}
    (result,) = told(revised(ENDED), live=live).predictions
    assert isinstance(result, MatchResult)
    assert (result.revision, result.source.offset) == (0, FAR)
    assert served().version


def test_results_are_the_same_whatever_the_batches() -> None:
    log: list[MatchEvent] = [*EVENTS, GOES_ON, ENDS_AGAIN]
    whole, live, apart = told(*log), {}, []
    for received in log_of(log):
        effects = advance(live, [received], {"t20-male": served()})
        live |= effects.records
        apart += effects.predictions
    assert apart == whole.predictions
