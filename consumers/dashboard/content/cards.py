"""The scorecard of an innings as the page draws it: lines of plain values."""

import msgspec

from consumers.scorecard import (
    did_not_bat,
    extras_by_kind,
    how_out,
    named_extras,
    partnerships,
    total_in_words,
    wicket_ball,
)
from cricket.facts import Fixture
from cricket.score import overs, rate
from cricket.scorebook import all_overs, balls_bowled, spell
from cricket.state import BowlerLine, Innings


class BatterRow(msgspec.Struct, frozen=True):
    """A batter's line; `rate` is runs per hundred balls, None before the first ball."""

    id: str
    name: str
    how: str
    runs: int
    balls: int
    fours: int
    sixes: int
    rate: float | None


class BowlerRow(msgspec.Struct, frozen=True):
    """A bowler's figures; `economy` is runs per over, `spell` the latest spell as overs-runs."""

    id: str
    name: str
    overs: str
    maidens: int
    runs: int
    wickets: int
    economy: float
    dots: int
    fours: int
    sixes: int
    wides: int
    no_balls: int
    spell: str


class OverRow(msgspec.Struct, frozen=True):
    """An over: who bowled it, ball by ball, its runs, and the score at its end."""

    number: int
    bowler: str
    marks: tuple[str, ...]
    runs: int
    score: str


class InningsCard(msgspec.Struct, frozen=True):
    """The whole card of an innings."""

    number: int
    batting: str
    super_over: bool
    total: str
    extras: str
    batters: tuple[BatterRow, ...]
    idle: tuple[str, ...]
    fall: tuple[str, ...]
    partnerships: tuple[str, ...]
    bowlers: tuple[BowlerRow, ...]
    overs: tuple[OverRow, ...]


def innings_card(fixture: Fixture, innings: Innings) -> InningsCard:
    """Return the card of an innings, with the players' names from the fixture."""
    extras = extras_by_kind(innings)
    return InningsCard(
        number=innings.number,
        batting=innings.batting,
        super_over=innings.super_over,
        total=f"{innings.runs} {total_in_words(innings)}",
        extras=f"{sum(extras.values())} {named_extras(extras)}".strip(),
        batters=tuple(_batter(fixture, innings, player) for player in innings.batters),
        idle=tuple(did_not_bat(fixture, innings)),
        fall=tuple(_falls(fixture, innings)),
        partnerships=tuple(partnerships(fixture, innings)),
        bowlers=tuple(bowler_row(fixture, innings, player) for player in innings.bowlers),
        overs=_overs(fixture, innings),
    )


def _batter(fixture: Fixture, innings: Innings, player: str) -> BatterRow:
    line = innings.batters[player]
    return BatterRow(
        player,
        fixture.name(player),
        how_out(fixture, innings, player),
        line.runs,
        line.balls,
        line.fours,
        line.sixes,
        100 * line.runs / line.balls if line.balls else None,
    )


def bowler_row(fixture: Fixture, innings: Innings, player: str) -> BowlerRow:
    """Return a bowler's figures so far."""
    line = innings.bowlers.get(player, BowlerLine())
    balls = balls_bowled(innings, player)
    now = spell(innings, player)
    bowled = overs(sum(over.legal for over in now), innings.per_over)
    return BowlerRow(
        player,
        fixture.name(player),
        overs(balls, innings.per_over),
        line.maidens,
        line.runs,
        line.wickets,
        rate(line.runs, balls, innings.per_over),
        line.dots,
        line.fours,
        line.sixes,
        line.wides,
        line.no_balls,
        f"{bowled}-{sum(over.charged for over in now)}",
    )


def _falls(fixture: Fixture, innings: Innings) -> list[str]:
    return [
        f"{number}-{fall.runs} ({fixture.name(fall.player)}, "
        f"{wicket_ball(fall.balls, innings.per_over)})"
        for number, fall in enumerate(innings.fall, start=1)
    ]


def _overs(fixture: Fixture, innings: Innings) -> tuple[OverRow, ...]:
    rows, before = [], innings.opening_penalty
    for over in all_overs(innings):
        names = " and ".join(map(fixture.name, over.bowlers))
        marks = tuple(bowled.mark for bowled in over.log)
        score = f"{over.runs}/{over.wickets}"
        rows.append(OverRow(over.number, names, marks, over.runs - before, score))
        before = over.runs
    return tuple(rows)
