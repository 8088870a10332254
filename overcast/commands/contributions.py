"""What contributed to a forecast, and what the last ball moved, as tables."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from consumers.printing import printable
from cricket.score import overs
from features.catalogue import CATALOGUE
from learning.serving.contributions import Contributions
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from overcast.commands.recorded_story import (
    Situation,
    forecast_by,
    forecaster_of,
    situation_at,
)
from overcast.commands.scorecard import recorded_match

MEANINGS = {
    "state": "the situation, under average conditions",
    "ground": "the ground",
    "sides": "the sides, and their competition",
    "players": "the players",
    "conditions": "the conditions that the match has shown",
    "learning": "what was learned beyond the engine",
}


def explain(match: str, data: Path | None, innings: int, at: str, *, inputs: bool) -> None:
    """Print what contributed to the chance after a ball, and what that ball moved."""
    recorded, console = recorded_match(match, data), Console()
    forecaster = forecaster_of(recorded)
    situation = situation_at(recorded, forecaster, innings - 1, at)
    console.print(_parts(forecaster, situation))
    if inputs:
        console.print(_inputs(forecaster, situation))
    console.print(forecast_by(forecaster, recorded), highlight=False)
    parent = load_starter()[forecaster.key].parent or "none: it was trained from nothing"
    console.print(f"Its parent is {parent}.", highlight=False)


def _parts(forecaster: Forecaster, situation: Situation) -> Table:
    innings, now = situation.innings, _contributions(forecaster, situation)
    before = situation.before and _contributions(forecaster, situation.before)
    moved = now.less(before) if before else [None] * len(now)
    team, after = printable(innings.batting), overs(innings.balls, innings.per_over)
    score = f"{team} {innings.runs}/{innings.wickets} after {after}"
    table = Table(title=f"{score}: {0.5 + now.total:.1%} for {team}, ties counted half")
    table.add_column("points above 50 %")
    table.add_column("now", justify="right")
    table.add_column("since the ball before", justify="right")
    for name, part, change in zip(now._fields, now, moved, strict=True):
        table.add_row(MEANINGS[name], _points(part), _points(change))
    table.add_section()
    table.add_row(
        "together", _points(now.total), _points(now.total - before.total if before else None)
    )
    return table


def _contributions(forecaster: Forecaster, situation: Situation) -> Contributions:
    return forecaster.why(situation.memory, situation.state, situation.forecast)


def _points(share: float | None) -> str:
    return "" if share is None else f"{100 * share:+.2f}"


def _inputs(forecaster: Forecaster, situation: Situation) -> Table:
    """What River's model was given, and what each input adds to its log odds."""
    table = Table(title="Inputs of what was learned, in log odds from the usual")
    table.add_column("input")
    for name in ("value", "log odds"):
        table.add_column(name, justify="right")
    inference = situation.forecast.inference
    if inference is None:  # decided, or a super over: nothing was learned of it
        return table
    parts = forecaster.parts(inference)
    for feature, value, part in zip(CATALOGUE, inference.inputs, parts, strict=True):
        table.add_row(feature.meaning, f"{value:.3f} {feature.unit}", f"{part:+.3f}")
    return table
