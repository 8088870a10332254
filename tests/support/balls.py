"""Balls written down by hand, and what the fold makes of them."""

from typing import Any

from cricket.facts import Ball, Fact, Fixture, InningsClose, InningsOpening, Wicket
from cricket.play import fold, start
from cricket.state import Innings, MatchState, Refusal

REDS, BLUES = "Reds", "Blues"
FIXTURE = Fixture("T20", "male", (REDS, BLUES), overs=20)
FIRST, CHASE = InningsOpening(0, REDS), InningsOpening(1, BLUES)


def ball(over: int, position: int, runs: int = 0, **more: Any) -> Ball:
    """A ball of the first innings: "a" faces, "b" is at the other end; "x" and "y" bowl in turn."""
    at = {"innings": 0, "batter": "a", "non_striker": "b", "bowler": "xy"[over % 2]}
    return Ball(over=over, position=position, runs=runs, **(at | more))


def over_of(*runs: int, over: int = 0, **more: Any) -> list[Ball]:
    """The balls of an over, or the first of them, by the runs off the bat."""
    return [ball(over, position, run, **more) for position, run in enumerate(runs)]


def wicket(over: int, position: int, kind: str = "bowled", player: str = "a", **more: Any) -> Ball:
    """A ball that takes the striker's wicket."""
    return ball(over, position, wickets=(Wicket(kind, player),), **more)


def played(*facts: Fact, fixture: Fixture = FIXTURE) -> MatchState:
    """The state after facts that all can happen."""
    state = start(fixture)
    for fact in facts:
        following = fold(state, fact)
        assert isinstance(following, MatchState), following
        state = following
    return state


def innings_of(*facts: Fact) -> Innings:
    """The first innings after its facts."""
    current = played(FIRST, *facts).current
    assert current is not None
    return current


def chase_of(*facts: Fact, opening: InningsOpening = CHASE, first: int = 6) -> Innings:
    """A second innings that answers `first` runs."""
    before = (FIRST, ball(0, 0, first), InningsClose(0))
    current = played(*before, opening, *facts).current
    assert current is not None
    return current


def refusal(state: MatchState, fact: Fact) -> str:
    """Why the fact is refused, as it must be."""
    answer = fold(state, fact)
    assert isinstance(answer, Refusal), answer
    return answer.reason


def ten_down(innings: int = 0) -> list[Ball]:
    """Ten wickets off ten balls."""
    told = ((n // 6, n % 6, f"a{n}") for n in range(10))
    return [wicket(*at, player=out, batter=out, innings=innings) for *at, out in told]
