"""What earlier matches tell about the next: effects on its tilt, players, Elo ratings, means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cricket.facts import Fixture
from features import lineup
from features.effects import (
    Design,
    Effect,
    Numbers,
    batter,
    bowler,
    competition,
    effect,
    effects_of,
    expected,
    ground_effect,
    updated_effects,
)
from features.lineup import Lineup, Strength

START_RATING = 1500.0
SWIFT, SLOW, SETTLED = 40.0, 24.0, 10.0  # Elo steps: new team's extra, settled team's, matches
MEAN_MATCHES = 150.0  # the memory of a mean total, in matches
PRIOR_MATCHES = 10.0  # matches of a competition that the overall mean counts as


class Habits(NamedTuple):
    """Where a player bats, from 0, and how many balls he bowls in a full innings: with innings."""

    position: float = 7.5
    batted: float = 0.0
    balls: float = 0.0
    fielded: float = 0.0


STRANGER = Habits()
BATTED, FIELDED = 20.0, 12.0  # innings over which habits are remembered
UNKNOWN_BALLS, UNKNOWN_INNINGS = 8.0, 1.5  # the prior of who may bowl, in a full T20 innings
T20_BALLS = 120
DIGITS = 4  # of habits


@dataclass(frozen=True, slots=True)
class History:
    """All of one model key. `ratings` and `means` hold (value, matches).

    `scale` is how far tilts of the format lie apart, in variance, relative to a T20's.
    """

    scale: float = 1.0
    absorbed: int = 0
    effects: dict[str, Effect] = field(default_factory=dict)
    habits: dict[str, Habits] = field(default_factory=dict)
    ratings: dict[str, tuple[float, float]] = field(default_factory=dict)
    means: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draw:
    """What a match takes from history.

    Tilts are (mean, spread) of s when the fixture's first or second team bats: first, or in a
    chase; `starts` is the part of them that the two elevens bring, `lineups` the elevens. `elo`
    is the first team's less the second's; levels are mean totals in runs, of the competition and
    of all. `ground` is the part of every tilt that the ground brings; a match that was drawn by an
    earlier version has none.
    """

    tilts: tuple[Effect, Effect]
    chase_tilts: tuple[Effect, Effect]
    starts: tuple[float, float]
    lineups: tuple[Lineup, Lineup]
    elo: float
    level: float
    format_level: float
    ground: float = 0.0


def rating(history: History, team: str) -> float:
    """The team's Elo rating."""
    return history.ratings.get(team, (START_RATING, 0.0))[0]


def mean_total(history: History, event: str, overall: float) -> float:
    """The competition's mean first innings, drawn towards the overall mean."""
    mean, matches = history.means.get(competition(event), (overall, 0.0))
    return (mean * matches + overall * PRIOR_MATCHES) / (matches + PRIOR_MATCHES)


def draw(history: History, fixture: Fixture, format_level: float, full_balls: int) -> Draw:
    """What the match takes from history; `format_level` stands in before any total was learned."""
    first, second = fixture.teams
    overall = history.means.get("", (format_level, 0.0))[0]
    elevens = tuple(
        eleven(history, fixture.players.get(team, ()), full_balls) for team in fixture.teams
    )
    starts = (
        lineup.at_the_start(elevens[0], elevens[1], full_balls),
        lineup.at_the_start(elevens[1], elevens[0], full_balls),
    )
    return Draw(
        tilts=_tilts(history, fixture, 0, starts),
        chase_tilts=_tilts(history, fixture, 1, starts),
        starts=starts,
        lineups=(elevens[0], elevens[1]),
        elo=rating(history, first) - rating(history, second),
        level=mean_total(history, fixture.event, overall),
        format_level=overall,
        ground=effect(history.effects, ground_effect(fixture.venue), history.scale)[0],
    )


def eleven(history: History, players: tuple[str, ...], full_balls: int) -> Lineup:
    """The players as history knows them, in their usual batting order."""
    strengths = [_strength(history, player, full_balls) for player in players]
    return tuple(sorted(strengths, key=lambda s: (s.position, s.player)))


def _strength(history: History, player: str, full_balls: int) -> Strength:
    habits = history.habits.get(player, STRANGER)
    unknown = UNKNOWN_BALLS * full_balls / T20_BALLS * UNKNOWN_INNINGS
    balls = (habits.balls * habits.fielded + unknown) / (habits.fielded + UNKNOWN_INNINGS)
    return Strength(
        player,
        effect(history.effects, batter(player), history.scale)[0],
        effect(history.effects, bowler(player), history.scale)[0],
        habits.position,
        balls,
    )


def _tilts(
    history: History, fixture: Fixture, innings: int, starts: tuple[float, float]
) -> tuple[Effect, Effect]:
    first, second = fixture.teams
    return (
        _tilt(history, fixture, (first, second), innings, starts[0]),
        _tilt(history, fixture, (second, first), innings, starts[1]),
    )


def _tilt(
    history: History, fixture: Fixture, sides: tuple[str, str], innings: int, start: float
) -> Effect:
    names = effects_of(fixture.event, fixture.venue, sides, innings)
    mean, variance = expected(history.effects, names, history.scale)
    return mean + start, variance**0.5


def absorb_balls(
    history: History,
    acting: Design,
    surprise: Numbers,
    information: Numbers,
    restless: float = 1.0,
) -> History:
    """History after the balls of an innings (`features.effects.moved`)."""
    changed = updated_effects(
        history.effects, acting, (surprise, information), history.scale, restless
    )
    return replace(history, effects=history.effects | changed)


def absorb_order(history: History, order: tuple[str, ...]) -> History:
    """History after an innings in which the batters came in in this order."""
    changed = {player: _batted(history, player, place) for place, player in enumerate(order)}
    return replace(history, habits=history.habits | changed)


def _batted(history: History, player: str, place: int) -> Habits:
    known = history.habits.get(player, STRANGER)
    innings = min(known.batted + 1.0, BATTED)
    before = known.position if known.batted else float(place)
    position = round(before + (place - before) / innings, DIGITS)
    return known._replace(position=position, batted=innings)


def absorb_spells(history: History, balls: Mapping[str, float]) -> History:
    """History after an innings in the field: what each of the eleven bowled, of a full innings."""
    changed = {player: _fielded(history, player, bowled) for player, bowled in balls.items()}
    return replace(history, habits=history.habits | changed)


def _fielded(history: History, player: str, bowled: float) -> Habits:
    known = history.habits.get(player, STRANGER)
    innings = min(known.fielded + 1.0, FIELDED)
    balls = round(known.balls + (bowled - known.balls) / innings, DIGITS)
    return known._replace(balls=balls, fielded=innings)


def absorb_total(history: History, event: str, total: float) -> History:
    """History after an undisturbed first innings."""
    means = dict(history.means)
    for name in {competition(event), ""}:
        mean, matches = means.get(name, (total, 0.0))
        matches = min(matches + 1.0, MEAN_MATCHES)
        means[name] = (mean + (total - mean) / matches, matches)
    return replace(history, means=means)


def absorb_result(history: History, teams: tuple[str, str], points: float) -> History:
    """History after a result: `points` of the first-named team, 1, 0.5 or 0 (Elo)."""
    gap = rating(history, teams[0]) - rating(history, teams[1])
    surprise = points - 1.0 / (1.0 + 10.0 ** (-gap / 400.0))
    ratings = dict(history.ratings)
    for team, sign in zip(teams, (1.0, -1.0), strict=True):
        value, matches = ratings.get(team, (START_RATING, 0.0))
        step = SLOW + SWIFT / (1.0 + matches / SETTLED)
        ratings[team] = (value + sign * step * surprise, matches + 1.0)
    return replace(history, absorbed=history.absorbed + 1, ratings=ratings)
