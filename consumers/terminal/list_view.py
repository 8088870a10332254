"""The terminal view of all matches: a line each, the ones heard of last on top."""

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from consumers.phrases import chances, per_cent, points, printable, score, short, spark
from streams.messages.predictions import Prediction

CHART = 20
COLUMNS = (("match", 19), ("score", 18), ("to win", 11), ("so far", CHART), ("two overs", 9))
MOVING = 12  # balls over which it is said who is moving: two overs
NOISE = 0.03  # of 1: what moved less did not move


def overview(latest: Sequence[Prediction], history: Mapping[str, list[float]]) -> RenderableType:
    """The matches of `latest` in its order; `history` holds the first-named team's chance."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    for heading, width in COLUMNS:
        table.add_column(heading, no_wrap=True, overflow="ellipsis", width=width)
    table.add_column("", no_wrap=True, overflow="ellipsis")  # what is left of the line
    for said in latest:
        table.add_row(*_line(said, history.get(said.match_id, [])))
    return table


def _line(said: Prediction, series: list[float]) -> tuple[RenderableType, ...]:
    first, second = said.teams
    chance = chances(said)[first]
    return (
        Text(f"{printable(said.match_id)}  {short(first)} v {short(second)}"),
        Text(score(said), style="bold"),
        Text.assemble((f"{short(first)} {per_cent(chance):>7}", "cyan")),
        Text(spark(series, CHART), style="cyan"),
        _moved(said, series),
        Text(_state(said), style="dim"),
    )


def _moved(said: Prediction, series: list[float]) -> Text:
    """Who is moving, and by how many points."""
    moved = series[-1] - series[max(-len(series), -1 - MOVING)] if series else 0.0
    if abs(moved) < NOISE:
        return Text("")
    team, style = (said.teams[0], "cyan") if moved > 0 else (said.teams[1], "yellow")
    return Text(f"{short(team)} {points(abs(moved))}", style=style)


def _state(said: Prediction) -> str:
    card = said.card
    if card.result:
        return printable(card.result)
    if said.innings_over:
        return "innings break"
    if card.needed and card.balls_left:
        return f"need {card.needed} off {card.balls_left}"
    return printable(said.ball)
