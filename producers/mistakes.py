"""Mistakes of a feed, from a seed: a wrong event, a ball that was never bowled, garbage."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import msgspec

from cricket.facts import Ball, InningsClose, InningsOpening, Outcome, Wicket
from streams.messages.events import (
    BallBowled,
    InningsClosed,
    InningsOpened,
    MatchEnded,
    MatchEvent,
    MatchStarted,
    encode,
)


def mistaken(event: MatchEvent, chance: Random) -> MatchEvent:
    """Return the event with a scorer's mistake; the same event where none is possible."""
    if isinstance(event, MatchStarted):
        return msgspec.structs.replace(event, fixture=replace(event.fixture, venue="elsewhere"))
    if isinstance(event, BallBowled):
        wrong = chance.choice(BALLS)(event.fact, chance)
        return msgspec.structs.replace(event, fact=wrong)
    if isinstance(event, InningsOpened):
        return msgspec.structs.replace(event, fact=_opening(event.fact))
    if isinstance(event, InningsClosed):
        return msgspec.structs.replace(event, fact=_closing(event.fact))
    if isinstance(event, MatchEnded):
        return msgspec.structs.replace(event, fact=Outcome(None, "no result"))
    return event


def _opening(fact: InningsOpening) -> InningsOpening:
    """Return a chase with a wrong target, or a first innings with a wrong length."""
    if fact.innings % 2:
        return replace(fact, target=(fact.target or 150) + 7)
    return replace(fact, balls=90)


def _closing(fact: InningsClose) -> InningsClose:
    return replace(fact, penalty=fact.penalty + 5)


def _runs(ball: Ball, chance: Random) -> Ball:
    return replace(ball, runs=(ball.runs + chance.randint(1, 6)) % 7)


def _wide(ball: Ball, chance: Random) -> Ball:
    del chance
    return replace(ball, wides=0 if ball.wides else 1, no_balls=0)


def _wicket(ball: Ball, chance: Random) -> Ball:
    if ball.wickets:
        return replace(ball, wickets=())
    return replace(ball, wickets=(Wicket(chance.choice(("bowled", "caught")), ball.batter),))


def _ends(ball: Ball, chance: Random) -> Ball:
    del chance
    return replace(ball, batter=ball.non_striker, non_striker=ball.batter)


def _impossible(ball: Ball, chance: Random) -> Ball:
    return chance.choice((replace(ball, runs=-1), replace(ball, non_striker=ball.batter)))


Mistake = Callable[[Ball, Random], Ball]
BALLS: tuple[Mistake, ...] = (_runs, _runs, _wide, _wicket, _ends, _impossible)


def phantom(event: BallBowled, chance: Random) -> BallBowled:
    """Return a ball after this one that was never bowled; the next true ball contradicts it."""
    ball = event.fact
    extra = Ball(
        ball.innings,
        ball.over,
        ball.position + 1,
        ball.batter,
        ball.non_striker,
        ball.bowler,
        runs=chance.randint(0, 6),
    )
    return msgspec.structs.replace(event, fact=extra)


def garbage(event: MatchEvent, chance: Random) -> bytes:
    """Return what no worker can use: noise, half a message, wrong types, an unknown match."""
    value = encode(event)
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randint(0, 60))
    if kind == 1:
        return value[: chance.randrange(len(value))]
    if kind == 2:
        return value.replace(b'"seq":', b'"seq":"', 1)
    return encode(msgspec.structs.replace(event, match_id=f"no match {chance.randrange(9)}", seq=7))
