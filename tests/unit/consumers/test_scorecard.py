"""The full scorecard: three famous matches against their published cards, and each odd line."""

import pytest
from typer.testing import CliRunner

from consumers.scorecard import how_out, scorecard
from cricket.facts import Fixture, InningsClose, InningsOpening, Outcome, Wicket
from cricket.play import folded
from overcast import cli
from overcast.commands.scorecard import recorded_match
from producers.recorded import shipped_match
from tests.support.balls import BLUES, CHASE, FIRST, REDS, ball, over_of, played, wicket

# As Wisden and ESPNcricinfo print them
PUBLISHED = {
    "1144530": [
        "MJ Guptill lbw b CR Woakes 19 18 2 1",
        "HM Nicholls b LE Plunkett 55 77 4 0",
        "KS Williamson c JC Buttler b LE Plunkett 30 53 2 0",
        "TWM Latham c sub (JM Vince) b CR Woakes 47 56 2 1",
        "Extras (lb 12, w 17, nb 1) 30",
        "Total (8 wickets, 50 overs) 241",
        "CR Woakes 9.0 0 37 3 4.11 8 1",
        "MA Wood 10.0 1 49 1 4.90 2",
        "England (target 242 off 50 overs) R B 4s 6s",
        "BA Stokes not out 84 98 5 2",
        "JC Buttler c sub (TG Southee) b LH Ferguson 59 60 6 0",
        "Extras (b 2, lb 3, w 12) 17",
        "Total (all out, 50 overs) 241",
        "C de Grandhomme 10.0 2 25 1 2.50 1",
        "MJ Henry 10.0 2 40 1 4.00",
        "Fall of wickets: 1-28 (JJ Roy, 5.4), 2-59 (JE Root, 16.3), 3-71 (JM Bairstow, 19.3), 4-86",
        "4-86 (EJG Morgan, 23.1), 5-196 (JC Buttler, 44.5), 6-203 (CR Woakes, 46.1), 7-220",
        "7-220 (LE Plunkett, 48.3), 8-227 (JC Archer, 48.6), 9-240 (AU Rashid, 49.5), 10-241",
        "10-241 (MA Wood, 49.6)",
        "5th 110 (130 balls) JC Buttler and BA Stokes",
        "New Zealand, super over (target 16) R B 4s 6s",
        "Total (1 wicket, 1 over) 15",
        "Result: England won (boundary count)",
    ],
    "1426294": [
        "J Fraser-McGurk c D Ferreira b R Ashwin 50 20 7 3",
        "Abishek Porel c Sandeep Sharma b R Ashwin 65 36 7 3",
        "T Stubbs lbw b Sandeep Sharma 41 20 3 3",
        "Total (8 wickets, 20 overs) 221",
        "R Ashwin 4.0 0 24 3 6.00",
        "SV Samson c SD Hope b Mukesh Kumar 86 46 8 6",
        "Total (8 wickets, 20 overs) 201",
        "Kuldeep Yadav 4.0 0 25 2 6.25 1",
        "1st 60 (26 balls) J Fraser-McGurk and Abishek Porel",
        "Result: Delhi Capitals beat Rajasthan Royals by 20 runs",
    ],
    "287879": [
        "G Gambhir c Mohammad Asif b Umar Gul 75 54 8 2",
        "RG Sharma not out 30 16 2 1",
        "Yuvraj Singh c & b Umar Gul 14 19 1 0",
        "Total (5 wickets, 20 overs) 157",
        "Umar Gul 4.0 0 28 3 7.00 1 1",
        "Imran Nazir run out (RV Uthappa) 33 14 4 2",
        "Misbah-ul-Haq c S Sreesanth b Joginder Sharma 43 38 0 4",
        "Extras (b 1, lb 4, w 6, nb 1) 12",
        "Total (all out, 19.3 overs) 152",
        "S Sreesanth 4.0 1 44 1 11.00 2",
        "IK Pathan 4.0 0 16 3 4.00 1",
        "Joginder Sharma 3.3 0 20 2 5.71 2",
        "10-152 (Misbah-ul-Haq, 19.3)",
        "Result: India beat Pakistan by 5 runs",
    ],
}


def plain(text: str) -> str:
    """The text with every run of spaces and ends of lines as one space."""
    return " ".join(text.split())


@pytest.mark.parametrize("match_id", PUBLISHED)
def test_the_scorecard_of_a_famous_match_is_the_published_one(match_id: str) -> None:
    result = CliRunner().invoke(cli.app, ["scorecard", match_id])
    assert result.exit_code == 0
    for line in PUBLISHED[match_id]:
        assert plain(line) in plain(result.output), line


def test_the_overs_of_the_card_are_those_of_the_match() -> None:
    match = shipped_match("1144530")
    state, _ = folded(match.fixture, match.facts)
    lines = [plain(line) for line in scorecard(state, by_overs=True)]
    assert "50 TA Boult . . 6 6 W W 14 241/10" in lines
    assert "1 JC Archer wd 2 6 2 2 1 W 15 15/1" in lines
    assert len(lines) == len(scorecard(state)) + 4 + 50 + 50 + 1 + 1


def test_a_match_that_is_nowhere_is_named_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"no match 7 here; there are .*1426294.*need --data"):
        recorded_match("7", None)


# Lines that the famous three do not have

FIXTURE = Fixture("Test", "male", (REDS, BLUES), players={REDS: ("a", "b", "c"), BLUES: ("x",)})


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Wicket("bowled", "a"), "b x"),
        (Wicket("lbw", "a"), "lbw b x"),
        (Wicket("hit wicket", "a"), "hit wicket b x"),
        (Wicket("caught and bowled", "a"), "c & b x"),
        (Wicket("caught", "a", ("y",)), "c y b x"),
        (Wicket("caught", "a", ("s",), ("s",)), "c sub (s) b x"),
        (Wicket("caught", "a"), "c sub b x"),
        (Wicket("stumped", "a", ("k",)), "st k b x"),
        (Wicket("run out", "a", ("y", "k")), "run out (y/k)"),
        (Wicket("run out", "a"), "run out"),
        (Wicket("retired hurt", "a"), "retired hurt"),
        (Wicket("obstructing the field", "a"), "obstructing the field"),
    ],
)
def test_how_a_batter_is_out_is_said_as_scorers_do(told: Wicket, words: str) -> None:
    state = played(FIRST, ball(0, 0, wickets=(told,)), fixture=FIXTURE)
    assert how_out(FIXTURE, state.innings[0], "a") == words


def test_a_multi_day_card_names_each_innings_declarations_and_the_follow_on() -> None:
    told = (FIRST, ball(0, 0, 4), InningsClose(0, penalty=5, declared=True))
    second = (CHASE, InningsClose(1, forfeited=True), InningsOpening(2, BLUES))
    state = played(*told, *second, Outcome(None, "draw"), fixture=FIXTURE)
    lines = [plain(line) for line in scorecard(state)]
    assert "Reds, 1st innings R B 4s 6s" in lines
    assert "Total (0 wickets declared, 0.1 overs) 9" in lines
    assert "Extras (pen 5) 5" in lines
    assert "Did not bat: c" in lines
    assert "Blues, 1st innings: forfeited" in lines
    assert "Blues, 2nd innings, following on R B 4s 6s" in lines
    assert lines[-1] == "Result: Match drawn"


def test_the_hundred_is_counted_in_balls() -> None:
    hundred = Fixture("T20", "male", (REDS, BLUES), overs=20, balls_per_over=5)
    told = (FIRST, *over_of(1, 1, 1, 1, 1), *over_of(1, 1, over=1), InningsClose(0), CHASE)
    lines = [plain(line) for line in scorecard(played(*told, fixture=hundred))]
    assert "Total (0 wickets, 7 balls) 7" in lines
    assert "x 5 0 5 0 5.00" in lines
    assert "Blues (target 8 off 100 balls) R B 4s 6s" in lines


def test_overs_of_eight_balls_are_counted_in_eights() -> None:
    eights = Fixture("ODI", "male", (REDS, BLUES), overs=40, balls_per_over=8)
    told = scorecard(played(FIRST, *over_of(*[0] * 8), ball(1, 0), fixture=eights))
    assert [line.split()[1] for line in told if line.startswith(("x ", "y "))] == ["1.0", "0.1"]


def test_a_partnership_that_nobody_joined_names_the_one_who_stayed() -> None:
    both = ball(0, 0, wickets=(Wicket("run out", "b"), Wicket("retired out", "a")))
    told = "\n".join(scorecard(played(FIRST, both)))
    assert "2nd 0 (0 balls) a" in told
    assert "a and" not in told.split("2nd 0")[1]


def test_a_name_cannot_command_the_terminal() -> None:
    named = Fixture("T20", "male", (REDS, BLUES), overs=20, names={"a": "\x1b[2JA"})
    lines = scorecard(played(FIRST, wicket(0, 0), fixture=named))
    assert not any("\x1b" in line for line in lines)
