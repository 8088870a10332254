"""The part of a scorecard that a page shows above its commentary, as plain values."""

import msgspec

from cricket.facts import Ball, Fixture
from cricket.score import overs, rate
from cricket.state import BatterLine, BowlerLine, Innings, MatchState


class Batter(msgspec.Struct, frozen=True):
    """A batter at the crease."""

    id: str
    name: str
    runs: int
    balls: int
    fours: int
    sixes: int
    on_strike: bool


class Bowler(msgspec.Struct, frozen=True):
    """The bowler of the last ball, with figures so far."""

    id: str
    name: str
    overs: str
    maidens: int
    runs: int
    wickets: int


class Card(msgspec.Struct, frozen=True):
    """Score, rates (runs an over), who is in, who bowls; `needed` and `balls_left` in a chase."""

    innings: int
    super_over: bool
    batting: str
    bowling: str
    runs: int
    wickets: int
    overs: str
    balls_left: int | None
    run_rate: float
    target: int | None
    needed: int | None
    required_rate: float | None
    batters: tuple[Batter, ...]
    bowler: Bowler | None
    partnership_runs: int
    partnership_balls: int
    last_wicket: str
    this_over: tuple[str, ...]
    earlier: tuple[str, ...]


def card(state: MatchState, innings: Innings) -> Card:
    """The card of a match whose current innings is `innings`."""
    fixture, left, needed = state.fixture, innings.balls_left, innings.needed
    chasing = needed is not None and bool(left)
    return Card(
        innings=innings.number,
        super_over=innings.super_over,
        batting=innings.batting,
        bowling=fixture.opponent(innings.batting),
        runs=innings.runs,
        wickets=innings.wickets,
        overs=overs(innings.balls, innings.per_over),
        balls_left=left,
        run_rate=rate(innings.runs, innings.balls, innings.per_over),
        target=innings.target,
        needed=needed,
        required_rate=rate(needed or 0, left or 0, innings.per_over) if chasing else None,
        batters=_batters(fixture, innings),
        bowler=_bowler(fixture, innings),
        partnership_runs=innings.partnership_runs,
        partnership_balls=innings.partnership_balls,
        last_wicket=_last_wicket(fixture, innings),
        this_over=innings.marks,
        earlier=tuple(f"{i.batting} {total(i)}" for i in state.innings[:-1]),
    )


def _batters(fixture: Fixture, innings: Innings) -> tuple[Batter, ...]:
    ends = (innings.striker, innings.non_striker)
    return tuple(
        _batter(fixture, player, innings.batters.get(player, BatterLine()), strike=not end)
        for end, player in enumerate(ends)
        if player
    )


def _batter(fixture: Fixture, player: str, line: BatterLine, *, strike: bool) -> Batter:
    name = fixture.name(player)
    return Batter(player, name, line.runs, line.balls, line.fours, line.sixes, strike)


def _bowler(fixture: Fixture, innings: Innings) -> Bowler | None:
    if not innings.bowler:
        return None
    line = innings.bowlers.get(innings.bowler, BowlerLine())
    name, bowled = fixture.name(innings.bowler), overs(line.balls, innings.per_over)
    return Bowler(innings.bowler, name, bowled, line.maidens, line.runs, line.wickets)


def _last_wicket(fixture: Fixture, innings: Innings) -> str:
    if not innings.fall:
        return ""
    fall = innings.fall[-1]
    line = innings.batters.get(fall.player, BatterLine())
    when = f"{fall.runs}/{len(innings.fall)} in {overs(fall.balls, innings.per_over)}"
    return f"{fixture.name(fall.player)} {line.runs} ({line.balls}) {line.out}, {when}"


def commentary(fixture: Fixture, ball: Ball) -> str:
    """The ball in words: "Sandeep Sharma to Abishek Porel, no run"."""
    return f"{fixture.name(ball.bowler)} to {fixture.name(ball.batter)}, {_what(ball)}"


def _what(ball: Ball) -> str:
    if ball.wickets:
        return f"OUT, {ball.wickets[0].kind}"
    if ball.extras:
        kinds = ("wides", "no_balls", "byes", "leg_byes", "penalty")
        named = next(kind for kind in kinds if getattr(ball, kind))
        return f"{ball.total} ({named.replace('_', ' ')})"
    if ball.runs in {4, 6} and not ball.non_boundary:
        return {4: "FOUR", 6: "SIX"}[ball.runs]
    return {0: "no run", 1: "1 run"}.get(ball.runs, f"{ball.runs} runs")


def total(innings: Innings) -> str:
    """An innings as "221/8 (20.0)"; "189 (19.4)" when all out."""
    wickets = "" if innings.over_reason == "all out" else f"/{innings.wickets}"
    return f"{innings.runs}{wickets} ({overs(innings.balls, innings.per_over)})"
