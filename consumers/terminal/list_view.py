"""The terminal view of all matches: a line each, the most recently updated on top.

No number is cut off: what does not fit beside the numbers gets shorter or is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from consumers.match_state import (
    INNINGS_BREAK,
    RESULT,
    required,
    result_in_words,
    state_of,
    to_win,
)
from consumers.phrases import per_cent, points, score, side, spark
from consumers.printing import printable
from consumers.side_names import short_pair, shortened
from streams.messages.predictions import MatchResult, Prediction

CHART, LEAST_CHART = 20, 8  # columns of a chart; a smaller one shows nothing
LEAST_MATCH = 12  # columns
MOVING = 12  # balls over which the change is measured: two overs
NOISE = 0.03  # of 1: smaller changes are not shown
HEADINGS = ("match", "score", "to win", "two overs")


@dataclass(frozen=True, slots=True)
class Line:
    """A match in the list; `state` says where it stands, `brief` says it in fewer words."""

    match: Text
    score: Text
    to_win: Text
    moved: Text
    series: Sequence[float]
    state: str
    brief: str

    @property
    def numbers(self) -> tuple[Text, ...]:
        """The cells that are never cut."""
        return self.match, self.score, self.to_win, self.moved


@dataclass(frozen=True, slots=True)
class Overview:
    """The list, drawn as wide as its console is."""

    lines: Sequence[Line]

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        """Give the numbers their room, then the state of the matches, then the charts."""
        widths = [self._width(column) for column in range(len(HEADINGS))]
        room = options.max_width - sum(widths[1:]) - len(widths)
        widths[0] = min(widths[0], max(room, LEAST_MATCH))  # an id may be long
        left = options.max_width - sum(widths) - len(widths) - 1  # a blank after each column
        whole = max((cell_len(line.state) for line in self.lines), default=0)
        brief = max((cell_len(line.brief) for line in self.lines), default=0)
        wanted = whole if whole <= left else brief
        chart = min(CHART, left - wanted - 1)
        table = Table(box=None, padding=(0, 1, 0, 0))
        for heading, width in zip(HEADINGS, widths, strict=True):
            table.add_column(heading, no_wrap=True, overflow="ellipsis", width=width)
        if chart >= LEAST_CHART:
            table.add_column("so far", no_wrap=True, width=chart)
        table.add_column("", overflow="fold")
        for line in self.lines:
            state = Text(line.state if whole <= left else line.brief, style="dim")
            charts = [Text(spark([*line.series], chart), style="cyan")]
            table.add_row(*line.numbers, *(charts if chart >= LEAST_CHART else ()), state)
        yield table

    def _width(self, column: int) -> int:
        """The width of a column of numbers: that of its widest cell."""
        cells = (cell_len(line.numbers[column].plain) for line in self.lines)
        return max(cell_len(HEADINGS[column]), *cells, 0)


def overview(
    latest: Sequence[Prediction],
    history: Mapping[str, list[float]],
    results: Mapping[str, MatchResult],
) -> Overview:
    """Draw the matches of `latest` in its order.

    `history` holds the first-named team's chances, `results` the official results, by match.
    """
    return Overview(
        [_line(p, history.get(p.match_id, []), results.get(p.match_id)) for p in latest]
    )


def _line(prediction: Prediction, series: list[float], result: MatchResult | None) -> Line:
    first, second = short_pair(prediction.teams)
    chances = to_win(prediction, result)
    chance = "" if chances is None else f"{first} {per_cent(chances[prediction.teams[0]]):>7}"
    state, brief = _states(prediction, result)
    return Line(
        Text(f"{printable(prediction.match_id)}  {first} v {second}"),
        Text(score(prediction), style="bold"),
        Text(chance, style="cyan"),
        Text("") if result is not None else _moved(prediction, series),
        series,
        state,
        brief,
    )


def _moved(prediction: Prediction, series: list[float]) -> Text:
    """Return which team's chance rose over two overs, and by how many points."""
    moved = series[-1] - series[max(-len(series), -1 - MOVING)] if series else 0.0
    if abs(moved) < NOISE:
        return Text("")
    team, style = (prediction.teams[0], "cyan") if moved > 0 else (prediction.teams[1], "yellow")
    return Text(f"{side(prediction, team)} {points(abs(moved))}", style=style)


def _states(prediction: Prediction, result: MatchResult | None) -> tuple[str, str]:
    """Return the result, the break, what the chase needs, or else the last ball; and in brief."""
    state = state_of(prediction, result)
    if state == RESULT:
        text = printable(result_in_words(prediction, result))
        return text, shortened(text, prediction.teams)
    if state == INNINGS_BREAK:
        return INNINGS_BREAK, INNINGS_BREAK
    ball = printable(prediction.ball)
    need = required(prediction.card)
    return (need, need) if need else (ball, _outcome(ball))


def _outcome(ball: str) -> str:
    """Return what a ball was, without who bowled it to whom.

    >>> _outcome("Sandeep Sharma to Abishek Porel, OUT, caught")
    'OUT, caught'
    """
    names, to, rest = ball.partition(" to ")
    return rest.partition(", ")[2] or ball if names and to else ball
