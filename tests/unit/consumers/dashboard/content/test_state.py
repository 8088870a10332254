"""The fold behind the live page: one match, corrections, careers, calibration, models."""

from dataclasses import replace
from itertools import accumulate

import msgspec
import pytest

from consumers.dashboard.content.careers import Career, Careers
from consumers.dashboard.content.match import Match
from consumers.dashboard.content.match_page import head, row
from consumers.dashboard.content.state import DRIFT, PageMessage, PageState
from consumers.phrases import chances
from cricket.careers import Figures
from cricket.play import folded
from cricket.state import Innings
from learning.careers import CareerBook, KeyCareers
from learning.contest.decisions import Cause, Frozen
from streams.messages import decisions
from streams.messages.events import BallBowled, MatchEvent, MessageCancelled
from streams.messages.predictions import Prediction, PredictionMessage, Waiting
from tests.support.dashboard_messages import EVENTS, SAID, board_of, heard, said_of
from tests.support.matches import KEY, REDS, messages, short_match

BALLS = [event for event in EVENTS if isinstance(event, BallBowled)]
MADE = [said for said in SAID if isinstance(said, Prediction)]
CAUSE = Cause("cricket.labels", 0, 1)


def match_of(said: list[PredictionMessage]) -> Match:
    return board_of(said).matches["m"]


def corrected(*more: MatchEvent) -> list[PredictionMessage]:
    return said_of([*EVENTS, *more])


def amended(ball: BallBowled, revision: int = 1, **fact: object) -> BallBowled:
    return msgspec.structs.replace(
        ball,
        revision=revision,
        fact=replace(ball.fact, **fact),  # type: ignore[arg-type]
    )


def innings_of(match: Match) -> list[Innings]:
    return list(match.book.innings().values())


def test_every_ball_is_a_point_of_the_chart() -> None:
    points = match_of(SAID).in_order()
    assert [point.chance for point in points] == [chances(made)[REDS] for made in MADE]
    assert [point.runs for point in points] == [made.card.runs for made in MADE]
    assert [p.ball for p in points][:8] == ["0.1", "0.2", "0.3", "0.4", "0.5", "0.5", "0.6", "1.1"]


def test_what_is_added_sums_to_the_change_of_the_chance() -> None:
    points = [point for point in match_of(SAID).in_order() if point.innings == 0]
    for point, expected in zip(
        points[1:],
        accumulate((p.added for p in points[1:]), initial=points[0].chance),
        strict=False,
    ):
        assert point.chance - point.added == pytest.approx(expected)


def test_the_page_s_scorecard_is_the_fold_s() -> None:
    facts = [event.fact for event in EVENTS[1:] if not isinstance(event, MessageCancelled)]  # type: ignore[union-attr]
    state, refused = folded(EVENTS[0].fixture, facts)  # type: ignore[union-attr]
    assert not refused
    for ours, theirs in zip(innings_of(match_of(SAID)), state.innings, strict=True):
        for name in ("runs", "wickets", "batters", "bowlers", "fall", "partnerships", "extras"):
            assert getattr(ours, name) == getattr(theirs, name)


def test_a_message_that_comes_again_changes_nothing() -> None:
    board, again = board_of(SAID), heard(SAID)
    board.taken()
    before = msgspec.json.encode(row(board.matches["m"]))
    for message in again:
        board.take(message)
        board.take(replace(message, offset=message.offset + 1_000))
    assert not any(board.taken().matches.values())
    shown = row(board.matches["m"])
    assert msgspec.json.encode(msgspec.structs.replace(shown, at=0)) == msgspec.json.encode(  # type: ignore[type-var]
        msgspec.structs.replace(msgspec.json.decode(before, type=type(shown)), at=0)
    )


def test_a_correction_leaves_the_match_as_if_it_had_been_right_at_once() -> None:
    wrong = [amended(e, 0, runs=3) if e == BALLS[4] else e for e in EVENTS]
    fixed = match_of(said_of([*wrong, amended(BALLS[4])]))
    clean = match_of(SAID)
    assert [replace_revision(p) for p in fixed.in_order()] == clean.in_order()
    assert innings_of(fixed) == innings_of(clean)
    assert fixed.shares() == clean.shares()
    assert fixed.corrections() > 0


def replace_revision(point: msgspec.Struct) -> msgspec.Struct:
    return msgspec.structs.replace(point, revision=0)


def test_a_ball_that_is_taken_back_is_no_longer_there() -> None:
    last = BALLS[-1]
    gone = MessageCancelled(match_id="m", seq=last.seq, revision=1, at=last.at)
    match = match_of(said_of([*EVENTS[: last.seq + 1], gone]))
    assert (last.seq, 0) not in match.points
    assert match.newest is not None
    assert match.newest.seq == BALLS[-2].seq
    assert innings_of(match)[1].deliveries == sum(b.fact.innings == 1 for b in BALLS) - 1


def test_a_waiting_match_says_so_until_it_goes_on() -> None:
    wait = Waiting(match_id="m", seq=9, ball="1.2", since=0, held=2, at=0, source=MADE[0].source)
    match = match_of([*SAID[:5], wait])
    shown = row(match)
    assert shown is not None
    assert (shown.state, "waiting for 1.2" in shown.notice) == ("waiting", True)
    match.take(SAID[5], 0)
    assert row(match).state == "in play"  # type: ignore[union-attr]


def test_a_row_says_who_is_moving_and_what_is_needed() -> None:
    chase = [made for made in MADE if made.card.innings == 1]
    shown = row(match_of([*SAID[: SAID.index(chase[5]) + 1]]))
    assert shown is not None
    assert shown.need == f"BLU need {chase[5].card.needed} off {chase[5].card.balls_left}"
    recent = [m.win_added if m.card.batting == REDS else -m.win_added for m in MADE]
    at = MADE.index(chase[5])
    assert shown.moved == pytest.approx(sum(recent[at - 11 : at + 1]))


def test_a_finished_match_has_its_result_in_words() -> None:
    shown = row(match_of(SAID))
    assert shown is not None
    assert (shown.state, shown.result) == ("result", MADE[-1].card.result)
    assert REDS in shown.result


def test_win_probability_added_of_both_sides_cancels_out() -> None:
    match = match_of(SAID)
    assert sum(match.shares().values()) == pytest.approx(0.0, abs=1e-12)
    told = head(match, MADE[-1], row(match), None, board_of(SAID).careers)  # type: ignore[arg-type]
    assert [s.added for s in told.shares] == sorted((s.added for s in told.shares), reverse=True)


def test_turning_points_are_the_balls_that_moved_most() -> None:
    match = match_of(SAID)
    ranked = sorted(match.points.values(), key=lambda p: -abs(p.added))[:3]
    assert match.turning_points(3) == sorted((p.seq, p.rank) for p in ranked)


def test_careers_are_those_of_earlier_days() -> None:
    earlier = messages(short_match("earlier", "46" * 8, "1" * 40))
    start = msgspec.structs.replace(
        earlier[0],
        fixture=replace(earlier[0].fixture, date="2029-12-31"),  # type: ignore[union-attr]
    )
    board = board_of([*said_of([start, *earlier[1:]]), *SAID])
    seen = board.careers.before("Reds 1", "t20-male", "2030-01-01")
    assert isinstance(seen, Career)
    assert (seen.matches, seen.highest) == (1, "50")  # two overs of fours and sixes from his end
    assert board.careers.before("Reds 1", "t20-male", "2029-12-31") is None
    both = board.careers.before("Reds 1", "t20-male", "2030-01-02")
    assert both is not None
    assert both.matches == 2


def test_a_career_has_no_average_before_the_player_was_out() -> None:
    board = board_of(SAID)
    innings = innings_of(board.matches["m"])[1]
    stayed = next(p for p, line in innings.batters.items() if not line.out)
    career = board.careers.before(stayed, "t20-male", "2031-01-01")
    assert career is not None
    assert career.average is None
    assert career.highest == f"{innings.batters[stayed].runs}*"


def test_careers_that_ship_are_those_of_earlier_years_and_what_was_seen_since_is_added() -> None:
    shipped = KeyCareers(
        "2029-06-30",
        {
            "Reds 1": {
                "2028": Figures(3, 90, 60, 2, high=81, bowled=12, conceded=20, wickets=1),
                "2029": Figures(1, 10, 10, 0, high=21),
                "2030": Figures(50, 999),
            }
        },
    )
    careers = Careers(CareerBook({"t20-male": shipped}))
    for day in ("2029-06-30", "2029-07-01", "2030-01-01"):  # the first is known already
        innings = innings_of(match_of(SAID))
        careers.enter(f"of {day}", "t20-male", day, ["Reds 1"], innings)
        careers.enter(f"odi of {day}", "odi-male", day, ["Reds 1"], innings)
    figures = match_of(SAID).book.innings()[0].batters["Reds 1"]
    career = careers.before("Reds 1", "t20-male", "2030-01-01")
    assert career is not None
    assert (career.matches, career.runs) == (5, 100 + figures.runs)
    assert career.strike_rate == pytest.approx(100 * career.runs / (70 + figures.balls))
    assert (career.wickets, career.bowling_average, career.economy) == (1, 20.0, 10.0)
    assert careers.until("t20-male", "2030-01-01") == "2029-06-30"
    assert careers.until("t20-male", "2029-03-01") == "2028-12-31"
    assert careers.until("odi-male", "2030-01-01") == ""
    in_2029 = careers.before("Reds 1", "t20-male", "2029-03-01")
    assert in_2029 is not None
    assert in_2029.matches == 3
    assert careers.before("Reds 1", "t20-male", "2028-12-31") is None


def test_a_correction_that_reopens_a_match_takes_its_calibration_back() -> None:
    last = BALLS[-1]
    gone = MessageCancelled(match_id="m", seq=last.seq, revision=1, at=last.at)
    said = said_of([*EVENTS[: last.seq + 1], gone])
    assert board_of([s for s in said if isinstance(s, Prediction)]).models[KEY].settled
    assert not board_of(said).models[KEY].settled


def test_a_decision_that_is_made_again_is_shown_once() -> None:
    board = PageState()
    decision = Frozen(
        id="f", model_key=KEY, at=1, cause=CAUSE, labels=7, model="v", reason="because"
    )
    for offset in (0, 1):
        board.take(PageMessage(DRIFT, 0, offset, 0, decisions.encode(decision)))
    assert list(board.models[KEY].decisions.values()) == [decision]


def test_what_is_no_message_is_counted_and_passed_over() -> None:
    board = PageState()
    board.take(PageMessage("predictions", 0, 0, 0, b"\xff nonsense"))
    assert (board.unreadable, board.matches) == (1, {})


def test_only_the_matches_heard_of_last_are_kept() -> None:
    board = PageState(most=2)
    for number, match_id in enumerate(("a", "b", "c")):
        said = [msgspec.structs.replace(MADE[0], match_id=match_id)]
        for message in heard(said, number):
            board.take(message)
    assert list(board.matches) == ["b", "c"]
    assert board.taken().gone == ["a"]
