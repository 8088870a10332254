"""The Laws of Cricket (2017 code), by number: each law that the fold keeps has its test here.

Laws 13 to 16 are in `test_laws_of_results.py`, the playing conditions of the shorter game in
`test_playing_conditions.py`.
"""

from dataclasses import replace

import pytest

from cricket.facts import (
    Ball,
    InningsClose,
    Wicket,
)
from tests.support.balls import (
    BLUES,
    FIRST,
    FIXTURE,
    REDS,
    ball,
    chase_of,
    innings_of,
    over_of,
    played,
    refusal,
    wicket,
)

ELEVEN = tuple(f"r{n}" for n in range(11))
SIDES = replace(FIXTURE, players={REDS: ELEVEN, BLUES: ("x", "y")})
SIX_DOTS = over_of(0, 0, 0, 0, 0, 0)


def retiring(*players: str) -> list[Ball]:
    """Batters who retire hurt one after the other, "b" being at the other end."""
    told = enumerate(players)
    return [wicket(n // 6, n % 6, "retired hurt", out, batter=out) for n, out in told]


def test_law_1_1_a_side_has_eleven_and_no_twelfth_bats() -> None:
    state = played(FIRST, *retiring(*(f"a{n}" for n in range(10))))
    assert refusal(state, ball(1, 4, batter="z")) == "z would be batter 12 of 11 (Law 1.1)"


def test_law_1_2_nobody_plays_for_the_other_side() -> None:
    own = {"batter": "r0", "non_striker": "r1"}
    state = played(FIRST, ball(0, 0, **own), fixture=SIDES)
    batter = ball(0, 1, batter="x", non_striker="r1")
    assert refusal(state, batter) == "x plays for the other side"
    bowler = ball(0, 1, bowler="r5", **own)
    assert refusal(state, bowler) == "r5 bowls to his own side"


def test_law_17_1_an_over_is_six_balls() -> None:
    reason = "over 0 has its 6 balls and was not miscounted (Law 17.1)"
    for seventh in (ball(0, 6), ball(0, 6, wides=1), ball(0, 6, no_balls=1)):
        assert refusal(played(FIRST, *SIX_DOTS), seventh) == reason


def test_law_17_3_wides_and_no_balls_are_not_balls_of_the_over() -> None:
    told = [ball(0, 0, wides=1), ball(0, 1, no_balls=1), *(ball(0, n) for n in range(2, 8))]
    assert (innings_of(*told).legal, innings_of(*told).balls) == (6, 6)


def test_law_17_5_an_over_stands_as_the_umpire_counted_it() -> None:
    seven = innings_of(*SIX_DOTS, ball(0, 6, 2, miscounted=True), ball(1, 0))
    assert (seven.runs, seven.balls, seven.overs[0].legal) == (2, 7, 7)
    assert innings_of(*SIX_DOTS[:5], ball(1, 0)).balls == 7


def test_law_17_6_nobody_bowls_two_overs_running() -> None:
    state = played(FIRST, *SIX_DOTS)
    assert refusal(state, ball(1, 0, bowler="x")) == "x bowled the over before too (Law 17.6)"
    assert played(FIRST, *SIX_DOTS, ball(1, 0), ball(2, 0))


def test_law_17_8_another_bowler_finishes_the_over_of_one_who_is_hurt() -> None:
    shared = innings_of(*SIX_DOTS[:3], *(ball(0, n, bowler="z") for n in (3, 4, 5)))
    assert shared.log[-1].bowler == "z"
    assert [line.maidens for line in shared.bowlers.values()] == [0, 0]
    assert played(FIRST, *SIX_DOTS[:3], ball(0, 3, bowler="z"), ball(1, 0, bowler="x"))


@pytest.mark.parametrize(("runs", "striker"), [(0, "a"), (1, "b"), (2, "a"), (3, "b")])
def test_law_18_1_the_batters_have_crossed_for_an_odd_number_of_runs(
    runs: int, striker: str
) -> None:
    assert innings_of(ball(0, 0, runs)).striker == striker


def test_law_19_7_a_boundary_is_four_or_six_and_runs_that_were_run_are_none() -> None:
    line = innings_of(ball(0, 0, 4), ball(0, 1, 6), ball(0, 2, 4, non_boundary=True)).batters["a"]
    assert (line.runs, line.fours, line.sixes) == (14, 1, 1)


def test_law_21_15_a_no_ball_costs_a_run_that_is_the_bowlers() -> None:
    innings = innings_of(ball(0, 0, no_balls=1))
    assert (innings.runs, innings.bowlers["x"].runs, innings.bowlers["x"].no_balls) == (1, 1, 1)


def test_law_21_16_runs_off_a_no_ball_are_the_batters_and_the_ball_counts_to_him() -> None:
    line = innings_of(ball(0, 0, 4, no_balls=1)).batters["a"]
    assert (line.runs, line.balls, line.fours) == (4, 1, 1)


@pytest.mark.parametrize("kind", ["bowled", "caught", "lbw", "stumped", "hit wicket"])
def test_law_21_18_the_bowler_takes_no_wicket_with_a_no_ball(kind: str) -> None:
    reason = f"{kind} off a no-ball (Law 21.18)"
    assert refusal(played(FIRST), wicket(0, 0, kind, no_balls=1)) == reason
    assert innings_of(wicket(0, 0, "run out", no_balls=1)).wickets == 1


def test_law_22_6_a_wide_costs_a_run_and_is_not_faced() -> None:
    innings = innings_of(ball(0, 0, wides=1))
    assert (innings.runs, innings.batters["a"].balls, innings.bowlers["x"].wides) == (1, 0, 1)


@pytest.mark.parametrize("kind", ["bowled", "caught", "lbw", "hit the ball twice"])
def test_law_22_9_off_a_wide_nobody_is_out_so(kind: str) -> None:
    assert refusal(played(FIRST), wicket(0, 0, kind, wides=1)) == f"{kind} off a wide (Law 22.9)"
    assert innings_of(wicket(0, 0, "stumped", wides=1)).bowlers["x"].wickets == 1


@pytest.mark.parametrize("kind", ["byes", "leg_byes"])
def test_law_23_byes_and_leg_byes_do_not_count_to_the_bowler(kind: str) -> None:
    innings = innings_of(*SIX_DOTS[:5], ball(0, 5, **{kind: 4}))
    line = innings.bowlers["x"]
    assert (innings.runs, line.runs, line.maidens) == (4, 0, 1)


def test_law_25_4_2_a_batter_who_retires_hurt_may_come_back() -> None:
    hurt = (ball(0, 0, 4), wicket(0, 1, "retired hurt"))
    assert innings_of(*hurt).batters["a"].out == "retired hurt"
    back = innings_of(*hurt, ball(0, 2, batter="c"), ball(0, 3, batter="b", non_striker="a"))
    assert (back.batters["a"].out, back.batters["a"].runs, back.wickets) == ("", 4, 0)


def test_law_25_4_3_a_batter_who_retires_otherwise_is_out_and_stays_so() -> None:
    state = played(FIRST, wicket(0, 0, "retired out"))
    assert (state.innings[0].wickets, state.innings[0].bowlers["x"].wickets) == (1, 0)
    assert refusal(state, ball(0, 1)) == "a is out (retired out) and cannot bat"


@pytest.mark.parametrize("end", ["batter", "non_striker"])
def test_law_25_a_batter_who_is_out_does_not_bat_again(end: str) -> None:
    state = played(FIRST, wicket(0, 0))
    other = {"batter": "c", "non_striker": "c"} | {end: "a"}
    assert refusal(state, ball(0, 1, **other)) == "a is out (bowled) and cannot bat"


@pytest.mark.parametrize("law", ["32 bowled", "33 caught", "35 hit wicket", "36 lbw", "39 stumped"])
def test_laws_32_to_39_such_a_wicket_is_the_bowlers_and_the_strikers(law: str) -> None:
    kind = law[3:]
    assert innings_of(wicket(0, 0, kind)).bowlers["x"].wickets == 1
    reason = f"{kind}: b, who did not face the ball"
    assert refusal(played(FIRST), wicket(0, 0, kind, "b")) == reason


@pytest.mark.parametrize(
    "law",
    ["34 hit the ball twice", "37 obstructing the field", "38 run out", "40 timed out"],
)
def test_laws_34_to_40_such_a_wicket_is_not_the_bowlers(law: str) -> None:
    innings = innings_of(wicket(0, 0, law[3:]))
    assert (innings.wickets, innings.bowlers["x"].wickets) == (1, 0)


def test_law_38_only_who_is_batting_is_run_out_and_nobody_twice() -> None:
    state = played(FIRST, ball(0, 0))
    assert refusal(state, wicket(0, 1, "run out", "z")) == "run out: z, who is not batting"
    twice = ball(0, 1, wickets=(Wicket("run out", "a"), Wicket("run out", "a")))
    assert refusal(state, twice) == "a is out twice"


def test_law_40_a_batter_who_comes_too_late_is_out_without_a_ball() -> None:
    late = ball(0, 1, batter="c", wickets=(Wicket("timed out", "d"),))
    innings = innings_of(wicket(0, 0), late)
    assert (innings.wickets, innings.batters["d"].balls) == (2, 0)


def test_law_41_18_five_penalty_runs_are_nobodys() -> None:
    innings = chase_of(ball(0, 0, innings=1, penalty=5), InningsClose(1, penalty=5))
    assert (innings.runs, innings.batters["a"].runs, innings.bowlers["x"].runs) == (10, 0, 0)
