"""What turned a recorded match, and what its next ball, or rain, could do, as tables."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from consumers.phrases import made_with
from consumers.printing import printable
from cricket.cricsheet import RecordedMatch
from cricket.formats import Unsupported
from cricket.score import mark, overs
from cricket.state import Innings, MatchState
from forecast.outcomes import OUTCOMES
from learning.keys import model_key
from learning.serving.forecast import Forecast, chance_of_first
from learning.serving.forecaster import Forecaster
from learning.serving.memory import Memory
from learning.serving.replay import replay, steps
from learning.serving.what_if import Shortened, WhatIf, if_overs_lost, leverage, what_if
from learning.serving.win_probability_added import BallValue, ball_values, turning_points
from learning.serving.win_probability_added import credits as credited
from learning.starter import load_starter
from overcast.commands.scorecard import recorded_match

MARKS = {"W": "wicket", "wd": "extra", ".": "dot", "0": "dot"}
AT = re.compile(r"(\d+)\.(\d+)")
SHOWN = 8  # players in a story


@dataclass(frozen=True, slots=True)
class Situation:
    """A match after one of its balls, and the first-named team's chance at that time.

    `before` is the same innings after the ball before; None after its first ball.
    """

    memory: Memory
    state: MatchState
    innings: Innings
    chance: float
    forecast: Forecast
    before: "Situation | None" = None


def tell(match: str, data: Path | None, points: int) -> None:
    """Print the turning points of a match, and each player's win probability added."""
    recorded, console = recorded_match(match, data), Console()
    forecaster = forecaster_of(recorded)
    balls = list(ball_values(recorded, forecaster))
    if not balls:
        raise ValueError(f"match {recorded.id} has no ball that is forecast")
    console.print(_points(recorded, turning_points(balls, points)))
    console.print(_players(recorded, credited(balls)))
    console.print(forecast_by(forecaster, recorded), highlight=False)


def suppose(match: str, data: Path | None, innings: int, at: str, ball: str | None) -> None:
    """Print what each next ball, or only the one that is named, would do after the ball `at`."""
    recorded, console = recorded_match(match, data), Console()
    forecaster, wanted = forecaster_of(recorded), _outcome(ball)
    situation = situation_at(recorded, forecaster, innings - 1, at)
    answers = what_if(forecaster, situation.memory, situation.state)
    console.print(_answers(recorded, situation, answers, wanted))
    if wanted is None:
        points = f"{100 * leverage(answers):.1f} points of win probability"
        console.print(f"leverage: {points} (standard deviation of the change)", highlight=False)
    console.print(forecast_by(forecaster, recorded), highlight=False)


def suppose_rain(match: str, data: Path | None, innings: int, at: str, lost: int) -> None:
    """Print what the loss of so many overs would do after the ball `at`."""
    recorded, console = recorded_match(match, data), Console()
    forecaster = forecaster_of(recorded)
    situation = situation_at(recorded, forecaster, innings - 1, at)
    shorter = if_overs_lost(forecaster, situation.memory, situation.state, lost)
    console.print(_rain(recorded, situation, shorter), highlight=False)
    console.print(forecast_by(forecaster, recorded), highlight=False)


def forecaster_of(recorded: RecordedMatch) -> Forecaster:
    """Return the shipped model that forecasts a match; ValueError if none does."""
    key = model_key(recorded.fixture)
    if isinstance(key, Unsupported):
        raise ValueError(f"match {recorded.id}: {key.reason}")  # noqa: TRY004  a value, not a type
    return Forecaster(load_starter()[key])


def forecast_by(forecaster: Forecaster, recorded: RecordedMatch) -> str:
    """Return which model forecasts a match, and what it knew, in words."""
    model, date = (forecaster.key, forecaster.version), recorded.fixture.date
    return f"Forecast by {made_with(*model, forecaster.history_to, date)}."


def _outcome(ball: str | None) -> str | None:
    if ball is None:
        return None
    outcome = MARKS.get(ball, ball)
    if outcome not in OUTCOMES:
        raise ValueError(f"--ball {ball}: a ball is one of 0, 1, 2, 3, 4, 6, W, wd")
    return outcome


def situation_at(
    recorded: RecordedMatch, forecaster: Forecaster, number: int, at: str
) -> Situation:
    """Return the match after the ball printed as `at`; the last, if several have that number."""
    if not AT.fullmatch(at):
        raise ValueError(f"--at {at}: a ball is written over.ball, such as 15.3")
    found: Situation | None = None
    last: Situation | None = None
    for step, answer in replay(steps(recorded.fixture, recorded.facts), forecaster):
        innings = step.after.innings[-1]
        if answer.memory is None or answer.forecast is None or innings.number != number:
            continue
        chance = chance_of_first(step.after, answer.forecast)
        before = last and replace(last, before=None)
        last = Situation(answer.memory, step.after, innings, chance, answer.forecast, before)
        if overs(innings.balls, innings.per_over) == at:
            found = last
    if found is None:
        raise ValueError(f"innings {number + 1} of match {recorded.id} has no ball {at}")
    return found


def _answers(
    recorded: RecordedMatch, situation: Situation, answers: tuple[WhatIf, ...], wanted: str | None
) -> Table:
    innings, team = situation.innings, printable(recorded.fixture.teams[0])
    score = f"{printable(innings.batting)} {innings.runs}/{innings.wickets}"
    after = overs(innings.balls, innings.per_over)
    table = Table(title=f"{score} after {after}; {team} {situation.chance:.1%} to win")
    table.add_column("next ball")
    for name in ("chance", f"{team} then", "change", "projected total"):
        table.add_column(name, justify="right")
    for answer in answers:
        if wanted in {None, answer.outcome}:
            change = 100 * (answer.chance_of_first - situation.chance)
            numbers = (f"{answer.chance:.1%}", f"{answer.chance_of_first:.1%}", f"{change:+.1f}")
            table.add_row(answer.outcome, *numbers, f"{answer.forecast.total_mean:.0f}")
    return table


def _rain(recorded: RecordedMatch, situation: Situation, shorter: Shortened) -> str:
    """Return what the loss of overs does, in words."""
    team, change = recorded.fixture.teams[0], shorter.chance_of_first - situation.chance
    lost = f"{shorter.overs} over{'' if shorter.overs == 1 else 's'} lost now"
    chances = f"{situation.chance:.1%} to win, then {shorter.chance_of_first:.1%}"
    return (
        f"{lost}: {printable(team)} {chances} ({100 * change:+.1f}); {_terms(situation, shorter)}"
    )


def _terms(situation: Situation, shorter: Shortened) -> str:
    if shorter.target is None:
        return f"projected total {shorter.forecast.total_mean:.0f}"
    edition = "Duckworth-Lewis, Standard Edition (not the official DLS)"
    return f"target {situation.innings.target}, then {shorter.target} by {edition}"


def _points(recorded: RecordedMatch, chosen: list[BallValue]) -> Table:
    team = printable(recorded.fixture.teams[0])
    table = Table(title="Turning points")
    for name in ("score", "over", "ball", "bowler to batter"):
        table.add_column(name)
    table.add_column(f"{team}", justify="right")
    table.add_column("change", justify="right")
    for turn in chosen:
        innings, ball = turn.state.innings[-1], turn.ball
        score = f"{printable(innings.batting)} {innings.runs}/{innings.wickets}"
        names = (recorded.fixture.name(ball.bowler), recorded.fixture.name(ball.batter))
        who = printable(" to ".join(names))
        over = overs(innings.balls, innings.per_over)
        moved = (f"{turn.chance:.1%}", f"{100 * turn.added:+.1f}")
        table.add_row(score, over, mark(ball), who, *moved)
    return table


def _players(recorded: RecordedMatch, added: dict[str, float]) -> Table:
    table = Table(title="Win probability added")
    table.add_column("player")
    table.add_column("for")
    table.add_column("points", justify="right")
    sides = {p: team for team, players in recorded.fixture.players.items() for p in players}
    ranked = sorted(added, key=lambda player: -abs(added[player]))[:SHOWN]
    for player in sorted(ranked, key=lambda player: -added[player]):
        name, side = recorded.fixture.name(player), sides.get(player, "")
        table.add_row(printable(name), printable(side), f"{100 * added[player]:+.1f}")
    return table
