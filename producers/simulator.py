"""Simulated matches from a seed: for load, for tests, and for planted changes of scoring.

A team has a batting and a bowling strength; scoring is tilted as in `forecast`: boundaries up,
dots and wickets down. No starter model is trained on these matches: they only have to be legal and
plausible.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from random import Random

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, Fact, Fixture, InningsClose, InningsOpening, Outcome, Wicket
from cricket.formats import OVERS
from cricket.play import after
from cricket.state import Innings

OUTCOMES = ("0", "1", "2", "3", "4", "6", "wicket", "wide")
TILT = (-0.5, 0.0, 0.3, 0.3, 1.0, 1.2, -1.0, 0.0)
# Outcome frequencies in the order of OUTCOMES, by the share of the innings that is over; the first
# three are those of recorded T20s.
POWERPLAY = (0.44, 0.29, 0.06, 0.005, 0.12, 0.035, 0.04, 0.04)
MIDDLE = (0.30, 0.43, 0.08, 0.004, 0.075, 0.045, 0.045, 0.025)
DEATH = (0.24, 0.34, 0.10, 0.006, 0.11, 0.085, 0.085, 0.045)
ODI_EARLY = (0.58, 0.24, 0.04, 0.006, 0.085, 0.012, 0.022, 0.03)
ODI_MIDDLE = (0.46, 0.39, 0.055, 0.006, 0.05, 0.013, 0.024, 0.022)
ODI_DEATH = (0.30, 0.40, 0.08, 0.006, 0.09, 0.04, 0.06, 0.03)
PHASES = {"T20": (POWERPLAY, MIDDLE, DEATH), "ODI": (ODI_EARLY, ODI_MIDDLE, ODI_DEATH)}
KINDS = ("caught", "caught", "caught", "bowled", "lbw", "run out", "stumped")
XI = 11

Phases = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Team:
    """A simulated side; strengths are tilts, 0 is average, 0.3 strong."""

    name: str
    batting: float = 0.0
    bowling: float = 0.0

    @property
    def players(self) -> tuple[str, ...]:
        """The eleven, in batting order; the last five bowl."""
        return tuple(f"{self.name.lower().replace(' ', '-')}-{n}" for n in range(1, XI + 1))


def league(size: int, seed: int, spread: float = 0.15) -> list[Team]:
    """Return teams of different strengths."""
    rng = Random(seed)
    draws = ((rng.gauss(0, spread), rng.gauss(0, spread)) for _ in range(size))
    return [Team(f"Side {n}", bat, bowl) for n, (bat, bowl) in enumerate(draws, start=1)]


def simulate(
    match_id: str,
    teams: tuple[Team, Team],
    seed: int,
    *,
    match_type: str = "T20",
    gender: str = "male",
    scoring: float = 0.0,
    date: str = "2030-01-01",
) -> RecordedMatch:
    """Return a complete match; `scoring` tilts every ball: +0.1 gives about 8 % more runs."""
    rng = Random(f"{seed}/{match_id}")
    fixture = _fixture(teams, match_type, gender, date, rng)
    first, first_total = _innings(rng, 0, teams, fixture, scoring, None)
    second, second_total = _innings(rng, 1, teams[::-1], fixture, scoring, first_total + 1)
    outcome = _outcome(teams, first_total, second_total, second)
    return RecordedMatch(match_id, fixture, (*first, *second, outcome))


def season(
    count: int, seed: int, *, size: int = 8, match_type: str = "T20", scoring: float = 0.0
) -> Iterator[RecordedMatch]:
    """Yield matches between the teams of one league, one a day."""
    rng, sides = Random(seed), league(size, seed)
    for number in range(count):
        first, second = rng.sample(sides, 2)
        day = f"{2030 + number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
        match_id = f"sim-{seed}-{number:05d}"
        yield simulate(
            match_id, (first, second), seed, match_type=match_type, scoring=scoring, date=day
        )


def _fixture(
    teams: tuple[Team, Team], match_type: str, gender: str, date: str, rng: Random
) -> Fixture:
    names = (teams[0].name, teams[1].name)
    return Fixture(
        match_type=match_type,
        gender=gender,
        teams=names,
        overs=OVERS[match_type],
        team_type="club",
        event="Simulated League",
        season=date[:4],
        date=date,
        city="Nowhere",
        venue=f"Ground {rng.randrange(6) + 1}",
        toss_winner=names[0],
        toss_decision="bat",
        players={team.name: team.players for team in teams},
        names={p: p.replace("-", " ").title() for team in teams for p in team.players},
    )


def _innings(
    rng: Random,
    number: int,
    sides: tuple[Team, Team],
    fixture: Fixture,
    scoring: float,
    target: int | None,
) -> tuple[list[Fact], int]:
    """Return the facts of an innings and its total."""
    batting, bowling = sides
    limit = (fixture.overs or 0) * 6
    innings = Innings(number, batting.name, limit=limit, target=target)
    facts: list[Fact] = [InningsOpening(number, batting.name, target)]
    tilt = scoring + batting.batting - bowling.bowling
    facts.extend(_balls(rng, innings, sides, PHASES[fixture.match_type], tilt))
    runs = sum(f.total for f in facts if isinstance(f, Ball))
    return [*facts, InningsClose(number)], runs


def _weights(phases: Phases, share: float, tilt: float) -> list[float]:
    table = phases[0] if share < 0.3 else phases[1] if share < 0.8 else phases[2]
    return [p * exp(tilt * a) for p, a in zip(table, TILT, strict=True)]


def _balls(
    rng: Random, innings: Innings, sides: tuple[Team, Team], phases: Phases, tilt: float
) -> Iterator[Ball]:
    """Yield the balls of an innings until it ends; it is folded as a feed's balls are."""
    batters, bowlers = iter(sides[0].players), sides[1].players[-5:]
    ends = (next(batters), next(batters))
    while not innings.over_reason:
        share = innings.balls / (innings.limit or 1)
        drawn = rng.choices(OUTCOMES, _weights(phases, share, tilt))[0]
        ball = _ball(rng, innings, ends, bowlers, drawn)
        yield ball
        innings = after(innings, ball)
        ends = (innings.striker or next(batters, ""), innings.non_striker or next(batters, ""))


def _ball(
    rng: Random, innings: Innings, ends: tuple[str, str], bowlers: tuple[str, ...], drawn: str
) -> Ball:
    complete = innings.over_done
    over = innings.over + complete
    position = 0 if complete else innings.position + 1
    return Ball(
        innings=innings.number,
        over=over,
        position=position,
        batter=ends[0],
        non_striker=ends[1],
        bowler=bowlers[over % len(bowlers)],
        runs=int(drawn) if drawn.isdigit() else 0,
        wides=1 if drawn == "wide" else 0,
        wickets=(Wicket(rng.choice(KINDS), ends[0]),) if drawn == "wicket" else (),
    )


def _outcome(teams: tuple[Team, Team], first: int, second: int, chase: list[Fact]) -> Outcome:
    if second > first:
        lost = sum(len(f.dismissals) for f in chase if isinstance(f, Ball))
        return Outcome(teams[1].name, "win", {"wickets": 10 - lost})
    if second == first:
        return Outcome(None, "tie")
    return Outcome(teams[0].name, "win", {"runs": first - second})
