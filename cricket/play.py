"""One fact after another: `fold(state, fact) -> state`, or a `Refusal` that says why not."""

from collections.abc import Callable, Iterable
from dataclasses import field, fields, make_dataclass, replace
from operator import attrgetter
from typing import Any

from cricket.card_lines import (
    batters_after,
    bowlers_after,
    crease_after,
    extras_after,
    falls_after,
    free_hit_after,
    stands_after,
    written,
)
from cricket.facts import (
    Ball,
    Fact,
    Fixture,
    InningsClose,
    InningsOpening,
    InningsReopened,
    Outcome,
    PlayerReplaced,
    Powerplay,
    TargetRevised,
)
from cricket.formats import OVERS
from cricket.formats import format_of as recognise
from cricket.refusals import why_not
from cricket.revisions import reopen, replace_player, revise_target
from cricket.scorebook import all_overs
from cricket.state import ALL_WICKETS, Innings, Interruption, MatchState, Refusal
from cricket.transitions import close_innings, end_match, open_innings

RECENT_BALLS = 30  # five overs: the longest window that a live feature looks back

Terms = tuple[
    int,
    str,
    int | None,
    int,
    int | None,
    bool,
    bool,
    tuple[Powerplay, ...],
    tuple[Interruption, ...],
    int,
    int | None,
]
_terms: Callable[[Innings], Terms] = attrgetter(  # the first fields: what a ball does not change
    "number",
    "batting",
    "limit",
    "per_over",
    "target",
    "super_over",
    "revised",
    "powerplays",
    "interruptions",
    "opening_penalty",
    "all_out_at",
)


# A frozen dataclass sets its forty fields one by one through object.__setattr__: 2 µs of a ball's
# 16. The fold fills a plain twin of the same layout and turns the finished twin into an Innings.
_Twin: type[Innings] = make_dataclass(
    "_Twin",
    [
        (f.name, f.type, field(default=f.default, default_factory=f.default_factory))
        for f in fields(Innings)
    ],
    slots=True,
)


def start(fixture: Fixture) -> MatchState:
    """The state before anything is bowled."""
    return MatchState(fixture)


def fold(state: MatchState, fact: Fact) -> MatchState | Refusal:
    """The state after one more fact."""
    if state.outcome is not None and not isinstance(fact, InningsReopened):
        return Refusal("the match has ended")
    return _FOLDS[type(fact)](state, fact)


def folded(fixture: Fixture, facts: Iterable[Fact]) -> tuple[MatchState, list[str]]:
    """The state after all facts that can happen, and the reasons against the others."""
    state, refused = start(fixture), []
    for fact in facts:
        following = fold(state, fact)
        if isinstance(following, Refusal):
            refused.append(following.reason)
        else:
            state = following
    return state, refused


def play(state: MatchState, ball: Ball) -> MatchState | Refusal:
    """The state after one ball."""
    innings = state.current
    refusal = why_not(state, innings, ball)
    if refusal or innings is None:
        return Refusal(refusal)
    played = (*state.innings[:-1], after(innings, ball))
    return MatchState(state.fixture, played, None, state.replaced)


def after(innings: Innings, ball: Ball) -> Innings:
    """The innings after a ball that the laws allow. One constructor call: the hot path."""
    innings = innings if innings.wickets < innings.wicket_limit else _not_all_out(innings)
    per_over, total, counts = innings.per_over, ball.total, ball.legal
    same = ball.over == innings.over
    log, legal, charged = (innings.log, innings.legal, innings.charged) if same else ((), 0, 0)
    legal, charged = legal + counts, charged + ball.charged
    over_ends = legal >= per_over or ball.over_called
    out = ball.dismissals if ball.wickets else ()
    stands = stands_after(innings, ball, out) if out else None
    striker, non_striker = crease_after(ball, per_over, over_ends=over_ends)
    played = _Twin(
        *_terms(innings),
        runs=innings.runs + total,
        wickets=innings.wickets + len(out),
        balls=(ball.over + over_ends) * per_over + (0 if over_ends else legal),
        deliveries=innings.deliveries + 1,
        over=ball.over,
        position=ball.position,
        legal=legal,
        charged=charged,
        over_called=ball.over_called,
        striker=striker,
        non_striker=non_striker,
        bowler=ball.bowler,
        partnership_runs=stands.runs if stands else innings.partnership_runs + total,
        partnership_balls=stands.balls if stands else innings.partnership_balls + counts,
        free_hit=free_hit_after(innings, ball),
        extras=extras_after(innings.extras, ball) if total > ball.runs else innings.extras,
        batters=batters_after(innings.batters, ball),
        bowlers=bowlers_after(innings, ball, legal, charged),
        fall=falls_after(innings, out, ball, legal) if out else innings.fall,
        partnerships=stands.completed if stands else innings.partnerships,
        log=(*log, written(ball)),
        overs=innings.overs if same else all_overs(innings),
        recent=(*innings.recent[1 - RECENT_BALLS :], -1 if out else total),
        reviews=(*innings.reviews, ball.review) if ball.review else innings.reviews,
    )
    played.__class__ = Innings
    return played


def _not_all_out(innings: Innings) -> Innings:
    """The innings of a side that bats on: more wickets end it than was known."""
    return replace(innings, all_out_at=max(ALL_WICKETS, innings.wickets + 1))


def format_of(state: MatchState) -> str:
    """The format of a supported match, such as "T20" (see `cricket.formats`)."""
    name = recognise(state.fixture)
    return name if isinstance(name, str) else ""


def full_balls(state: MatchState) -> int:
    """Legal balls of an undisturbed innings of the match's format."""
    return OVERS.get(format_of(state), 0) * 6


_FOLDS: dict[type[Fact], Callable[[MatchState, Any], MatchState | Refusal]] = {
    Ball: play,
    InningsOpening: open_innings,
    InningsClose: close_innings,
    InningsReopened: reopen,
    TargetRevised: revise_target,
    PlayerReplaced: replace_player,
    Outcome: end_match,
}
