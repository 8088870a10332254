"""Matches as a worker receives them, short ones told mark by mark, and the models that serve."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain, repeat

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, Fact, Fixture, InningsClose, InningsOpening, Outcome, Wicket
from cricket.play import after
from cricket.state import Innings
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from producers.schedule import timed_events
from streams.messages.events import MatchEvent, encode
from streams.messages.predictions import Prediction
from streams.messages.source import Source
from streams.pipeline.advance import Models, advance
from streams.pipeline.effects import Effects, Received, receive
from streams.pipeline.match_record import MatchRecord

KEY = "t20-male"
MARKS = ".12346Ww"  # runs off the bat, a wicket, a wide
REDS, BLUES = "Reds", "Blues"
FIXTURE = Fixture(
    match_type="T20",
    gender="male",
    teams=(REDS, BLUES),
    overs=20,
    event="Short League",
    date="2030-01-01",
    venue="Ground 1",
)


@cache
def served(key: str = KEY) -> Forecaster:
    """The shipped model of a key, built once for all tests."""
    return Forecaster(load_starter()[key])


@cache
def models() -> Models:
    """What a worker serves, as far as made-up matches need it."""
    return {KEY: served()}


def short_match(match_id: str, first: str, second: str) -> RecordedMatch:
    """A decided match from each innings' marks; where they end too soon, wickets fall."""
    facts = _innings(0, REDS, first, None)
    runs = sum(f.total for f in facts if isinstance(f, Ball))
    chase = _innings(1, BLUES, second, runs + 1)
    gap = runs - sum(f.total for f in chase if isinstance(f, Ball))
    winner = None if gap == 0 else REDS if gap > 0 else BLUES
    outcome = Outcome(winner, "win" if winner else "tie")
    return RecordedMatch(match_id, FIXTURE, (*facts, *chase, outcome))


def _innings(number: int, batting: str, marks: str, target: int | None) -> list[Fact]:
    innings = Innings(number, batting, limit=120, target=target)
    batters = (f"{batting} {n}" for n in range(1, 12))
    ends, facts = (next(batters), next(batters)), [InningsOpening(number, batting, target)]
    for mark in chain(marks, repeat("W")):
        if innings.over_reason:
            break
        ball = _ball(innings, mark, *ends)
        facts.append(ball)
        innings = after(innings, ball)
        ends = (innings.striker or next(batters, ""), innings.non_striker or next(batters, ""))
    return [*facts, InningsClose(number)]


def _ball(innings: Innings, mark: str, batter: str, other: str) -> Ball:
    complete = innings.legal >= innings.per_over
    return Ball(
        innings.number,
        innings.over + complete,
        0 if complete else innings.position + 1,
        batter,
        other,
        f"bowler {(innings.over + complete) % 2}",
        runs=int(mark) if mark.isdigit() else 0,
        wides=int(mark == "w"),
        wickets=(Wicket("bowled", batter),) if mark == "W" else (),
    )


def messages(match: RecordedMatch) -> list[MatchEvent]:
    """The match's messages, in order."""
    return list(timed_events(match))


def opened(value: bytes | None, offset: int) -> Received:
    """A message as a worker sees it at an offset."""
    return receive(b"key", value, Source("cricket.balls", 0, offset))


def log_of(events: Iterable[MatchEvent], start: int = 0) -> list[Received]:
    """The events as one partition holds them."""
    return [opened(encode(event), offset) for offset, event in enumerate(events, start)]


def run(log: Iterable[Received], live: Mapping[str, MatchRecord] | None = None) -> Effects:
    """All effects of a log in one batch."""
    return advance(live or {}, list(log), models())


def forecasts(effects: Effects) -> list[Prediction]:
    """The forecasts among the effects, in order."""
    return [said for said in effects.predictions if isinstance(said, Prediction)]
