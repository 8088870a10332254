"""The terminal view of all matches: a line each, the most recently updated on top."""

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from consumers.match_state import INNINGS_BREAK, RESULT, required, state_of
from consumers.phrases import chances, per_cent, points, printable, score, short, spark
from streams.messages.predictions import Prediction

CHART = 20
COLUMNS = (("match", 19), ("score", 18), ("to win", 11), ("so far", CHART), ("two overs", 9))
MOVING = 12  # balls over which the change is measured: two overs
NOISE = 0.03  # of 1: smaller changes are not shown


def overview(latest: Sequence[Prediction], history: Mapping[str, list[float]]) -> RenderableType:
    """Draw the matches of `latest` in its order; `history` holds the first-named team's chances."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    for heading, width in COLUMNS:
        table.add_column(heading, no_wrap=True, overflow="ellipsis", width=width)
    table.add_column("", no_wrap=True, overflow="ellipsis")  # what is left of the line
    for prediction in latest:
        table.add_row(*_line(prediction, history.get(prediction.match_id, [])))
    return table


def _line(prediction: Prediction, series: list[float]) -> tuple[RenderableType, ...]:
    first, second = prediction.teams
    chance = chances(prediction)[first]
    return (
        Text(f"{printable(prediction.match_id)}  {short(first)} v {short(second)}"),
        Text(score(prediction), style="bold"),
        Text.assemble((f"{short(first)} {per_cent(chance):>7}", "cyan")),
        Text(spark(series, CHART), style="cyan"),
        _moved(prediction, series),
        Text(_state(prediction), style="dim"),
    )


def _moved(prediction: Prediction, series: list[float]) -> Text:
    """Return which team's chance rose over two overs, and by how many points."""
    moved = series[-1] - series[max(-len(series), -1 - MOVING)] if series else 0.0
    if abs(moved) < NOISE:
        return Text("")
    team, style = (prediction.teams[0], "cyan") if moved > 0 else (prediction.teams[1], "yellow")
    return Text(f"{short(team)} {points(abs(moved))}", style=style)


def _state(prediction: Prediction) -> str:
    """Return the result, the break, what the chase needs, or else the last ball."""
    state = state_of(prediction)
    if state == RESULT:
        return printable(prediction.card.result)
    if state == INNINGS_BREAK:
        return INNINGS_BREAK
    return required(prediction.card) or printable(prediction.ball)
