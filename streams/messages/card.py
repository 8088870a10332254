"""The part of a scorecard that a page shows above its commentary, as plain values."""

from functools import partial

import msgspec

from cricket.facts import Ball, Fixture
from cricket.identity_cache import IdentityCache
from cricket.milestones import milestones
from cricket.results import in_words, result_of
from cricket.reviews import Reviews, reviews
from cricket.score import overs, rate
from cricket.scorebook import faced, spell
from cricket.state import BatterLine, BowlerLine, Fall, Innings, MatchState

LAST_BALLS = 5
_NEW_BATTER, _NEW_BOWLER = BatterLine(), BowlerLine()


class Batter(msgspec.Struct, frozen=True, gc=False):
    """A batter at the crease.

    `against_runs` off the bat and `against_balls` faced are against the bowler of the last ball;
    `last_balls` are the marks of the batter's last five.
    """

    id: str
    name: str
    runs: int
    balls: int
    fours: int
    sixes: int
    on_strike: bool
    against_runs: int = 0
    against_balls: int = 0
    last_balls: tuple[str, ...] = ()


class Bowler(msgspec.Struct, frozen=True, gc=False):
    """The bowler of the last ball, with figures so far.

    `dots` are balls that cost the bowler nothing, `fours` and `sixes` what was hit off them. The
    spell is the overs since the bowler last rested; its runs are all that those overs cost.
    """

    id: str
    name: str
    overs: str
    maidens: int
    runs: int
    wickets: int
    dots: int = 0
    fours: int = 0
    sixes: int = 0
    spell_overs: str = ""
    spell_runs: int = 0


class WicketFell(msgspec.Struct, frozen=True, gc=False):
    """A wicket of the innings: who, and the score and the overs when it fell."""

    name: str
    runs: int
    overs: str


class Card(msgspec.Struct, frozen=True, gc=False):
    """Score, rates (runs an over), who is in, who bowls; `needed` and `balls_left` in a chase.

    `powerplay` is that of the next ball. `reviews` are empty until the match shows that it has
    them. `milestones` are what the last ball completed. `result` is how the innings decide the
    match, in words; "" while they do not.
    """

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
    fall: tuple[WicketFell, ...] = ()
    powerplay: str = ""
    free_hit: bool = False
    reviews: tuple[Reviews, ...] = ()
    milestones: tuple[str, ...] = ()
    result: str = ""


def card(state: MatchState, innings: Innings, ball: Ball | None = None) -> Card:
    """The card of a match whose current innings is `innings`, and `ball` its last."""
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
        earlier=tuple([f"{i.batting} {total(i)}" for i in state.innings[:-1]]),
        fall=_falls(fixture)(innings.fall) if innings.fall else (),
        powerplay=innings.powerplay if innings.powerplays else "",
        free_hit=innings.free_hit,
        reviews=reviews(state),
        milestones=milestones(fixture, innings, ball) if ball else (),
        result=_result(state) if innings.over_reason else "",
    )


def _result(state: MatchState) -> str:
    outcome = result_of(state)
    return in_words(state.fixture, outcome) if outcome else ""


def _fallen(fixture: Fixture, fall: tuple[Fall, ...]) -> tuple[WicketFell, ...]:
    per_over = fixture.balls_per_over
    return tuple(WicketFell(fixture.name(f.player), f.runs, overs(f.balls, per_over)) for f in fall)


def _falls_of(fixture: Fixture) -> IdentityCache[tuple[Fall, ...], tuple[WicketFell, ...]]:
    return IdentityCache(partial(_fallen, fixture), most=24)


_falls = IdentityCache(_falls_of)  # most balls take no wicket


def _batters(fixture: Fixture, innings: Innings) -> tuple[Batter, ...]:
    batters = []
    if innings.striker:
        batters.append(_batter(fixture, innings, innings.striker, strike=True))
    if innings.non_striker:
        batters.append(_batter(fixture, innings, innings.non_striker, strike=False))
    return tuple(batters)


def _batter(fixture: Fixture, innings: Innings, player: str, *, strike: bool) -> Batter:
    line, bowler = innings.batters.get(player, _NEW_BATTER), innings.bowler
    balls_faced = faced(innings, player)
    against = [
        bowled for bowled in balls_faced if bowled[1] == bowler
    ]  # fields by index: every ball asks for many
    return Batter(
        player,
        fixture.name(player),
        line.runs,
        line.balls,
        line.fours,
        line.sixes,
        strike,
        sum([bowled[2] for bowled in against]),
        sum([bowled[3] for bowled in against]),
        tuple([bowled[4] for bowled in balls_faced[-LAST_BALLS:]]),
    )


def _bowler(fixture: Fixture, innings: Innings) -> Bowler | None:
    if not innings.bowler:
        return None
    line = innings.bowlers.get(innings.bowler, _NEW_BOWLER)
    now = spell(innings, innings.bowler)
    return Bowler(
        innings.bowler,
        fixture.name(innings.bowler),
        overs(line.balls, innings.per_over),
        line.maidens,
        line.runs,
        line.wickets,
        line.dots,
        line.fours,
        line.sixes,
        overs(sum([over.legal for over in now]), innings.per_over),
        sum([over.charged for over in now]),
    )


def _last_wicket(fixture: Fixture, innings: Innings) -> str:
    if not innings.fall:
        return ""
    fall = innings.fall[-1]
    line = innings.batters.get(fall.player, _NEW_BATTER)
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
        extra = next(kind for kind in kinds if getattr(ball, kind))
        return f"{ball.total} ({extra.replace('_', ' ')})"
    if ball.runs in {4, 6} and not ball.non_boundary:
        return {4: "FOUR", 6: "SIX"}[ball.runs]
    return {0: "no run", 1: "1 run"}.get(ball.runs, f"{ball.runs} runs")


def total(innings: Innings) -> str:
    """An innings as "221/8 (20.0)"; "189 (19.4)" when all out."""
    wickets = "" if innings.over_reason == "all out" else f"/{innings.wickets}"
    return f"{innings.runs}{wickets} ({overs(innings.balls, innings.per_over)})"
