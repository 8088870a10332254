"""What can be drawn from the book: overs, spells, last balls, who faced whom, partnerships."""

from cricket import scorebook
from cricket.facts import InningsClose, Wicket
from cricket.state import Bowled, Partnership
from tests.support.balls import ball, innings_of, over_of, wicket

FIRST_OVER = over_of(0, 1, 4, 0, 2, 6)
TWO_OVERS = (*FIRST_OVER, *over_of(1, 0, 0, 0, 0, 0, over=1))


def test_every_over_is_kept_with_the_score_at_its_end() -> None:
    innings = innings_of(*TWO_OVERS, ball(2, 0, 4))
    told = [(o.number, o.runs, o.wickets, o.legal, o.charged) for o in scorebook.all_overs(innings)]
    assert told == [(0, 13, 0, 6, 13), (1, 14, 0, 6, 1), (2, 18, 0, 1, 4)]
    assert innings.overs[0].bowlers == ("x",)
    assert innings.log == (Bowled("a", "x", 4, 1, "4"),)


def test_an_innings_before_its_first_ball_has_no_overs() -> None:
    assert scorebook.all_overs(innings_of()) == ()
    assert scorebook.spell(innings_of(), "x") == []


def test_the_last_balls_are_those_of_the_innings_or_of_a_batter() -> None:
    innings = innings_of(*FIRST_OVER, ball(1, 0, 1, batter="c"), ball(1, 1, wides=1))
    assert scorebook.last_balls(innings, 3) == ["6", "1", "wd"]
    assert scorebook.last_balls(innings, 2, "c") == ["1"]


def test_who_faced_whom_counts_runs_off_the_bat_and_no_wides() -> None:
    innings = innings_of(*FIRST_OVER, ball(1, 0, 3), ball(2, 0, wides=1), ball(2, 1, 2, no_balls=1))
    assert scorebook.against(innings, "a", "x") == (15, 7)
    assert scorebook.against(innings, "a", "y") == (3, 1)


def test_a_spell_is_every_other_over_and_ends_with_a_rest() -> None:
    overs = [b for over in range(8) for b in over_of(0, 0, 0, 0, 0, 0, over=over, bowler=f"{over}")]
    again = [ball(9, 0, bowler="7"), ball(9, 1, bowler="7")]
    innings = innings_of(*overs, *over_of(1, 1, 1, 1, 1, 1, over=8, bowler="z"), *again)
    assert [over.number for over in scorebook.spell(innings, "7")] == [7, 9]
    assert [over.number for over in scorebook.spell(innings, "0")] == [0]


def test_a_bowlers_overs_are_whole_however_they_were_counted() -> None:
    five = innings_of(*over_of(0, 0, 0, 0, 0), ball(1, 0))
    assert (five.bowlers["x"].balls, scorebook.balls_bowled(five, "x")) == (5, 6)
    told = (*over_of(0, 0, 0, 0, 0, 0), ball(0, 6, miscounted=True))
    assert scorebook.balls_bowled(innings_of(*told), "x") == 6
    shared = innings_of(*over_of(0, 0, 0), *(ball(0, n, bowler="z") for n in (3, 4, 5)), ball(1, 0))
    assert [scorebook.balls_bowled(shared, b) for b in "xzy"] == [3, 3, 1]


# Maidens of odd overs


def test_a_maiden_is_lost_with_the_seventh_ball_that_costs_a_run() -> None:
    dots = over_of(0, 0, 0, 0, 0, 0)
    assert innings_of(*dots, ball(0, 6, miscounted=True)).bowlers["x"].maidens == 1
    assert innings_of(*dots, ball(0, 6, 1, miscounted=True)).bowlers["x"].maidens == 0


def test_an_over_that_the_umpire_counted_short_is_a_maiden_when_the_next_begins() -> None:
    five = over_of(0, 0, 0, 0, 0)
    assert innings_of(*five).bowlers["x"].maidens == 0
    assert innings_of(*five, ball(1, 0)).bowlers["x"].maidens == 1
    assert innings_of(*over_of(0, 0, 1, 0, 0), ball(1, 0)).bowlers["x"].maidens == 0
    assert innings_of(*five, InningsClose(0)).bowlers["x"].maidens == 0


def test_nobody_has_a_maiden_of_an_over_that_two_bowled() -> None:
    shared = (*over_of(0, 0, 0), *(ball(0, n, bowler="z") for n in (3, 4, 5)))
    assert {line.maidens for line in innings_of(*shared, ball(1, 0)).bowlers.values()} == {0}


# Partnerships


def test_partnerships_are_kept_with_who_shared_them() -> None:
    told = (ball(0, 0, 4), ball(0, 1, wides=1), wicket(0, 2), ball(0, 3, 2, batter="c"))
    innings = innings_of(*told, wicket(0, 4, "run out", "b", batter="c", runs=1))
    first, second = innings.partnerships
    assert first == Partnership(1, ("a", "b"), 5, 2)
    assert second == Partnership(2, ("c", "b"), 3, 2)
    assert innings.partnership_runs == 0


def test_a_second_wicket_off_one_ball_ends_a_partnership_of_nothing() -> None:
    both = ball(0, 0, 1, wickets=(Wicket("caught", "a"), Wicket("run out", "b")))
    assert innings_of(both).partnerships == (
        Partnership(1, ("a", "b"), 1, 1),
        Partnership(2, ("", "b"), 0, 0),
    )


def test_who_is_timed_out_shares_an_empty_partnership_with_the_batter_who_stayed() -> None:
    for order in (1, -1):
        gone = (Wicket("caught", "a"), Wicket("timed out", "c"))[::order]
        innings = innings_of(ball(0, 0, 4), ball(0, 1, 1, wickets=gone), ball(0, 2, 2, batter="d"))
        assert innings.partnerships == (
            Partnership(1, ("a", "b"), 5, 2),
            Partnership(2, ("c", "b"), 0, 0),
        )
        assert [fall.player for fall in innings.fall] == ["a", "c"]
        assert (innings.partnership_runs, innings.partnership_balls) == (2, 1)


def test_who_is_out_between_two_balls_has_no_share_in_the_second() -> None:
    late = ball(0, 2, 3, batter="d", wickets=(Wicket("timed out", "c"),))
    innings = innings_of(ball(0, 0, 4), wicket(0, 1), late)
    assert innings.partnerships[1] == Partnership(2, ("c", "b"), 0, 0)
    assert (innings.partnership_runs, innings.partnership_balls) == (3, 1)
    retired = ball(0, 1, 3, batter="c", wickets=(Wicket("retired out", "a"),))
    innings = innings_of(ball(0, 0, 4), retired)
    assert innings.partnerships == (Partnership(1, ("a", "b"), 4, 1),)
    assert (innings.partnership_runs, innings.partnership_balls) == (3, 1)
