"""The terminal view of one match: scorecard, chances with their chart, projection, last ball."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from consumers.phrases import chances, per_cent, points, printable, rate, short, spark
from streams.messages.card import Batter, Bowler, Card
from streams.messages.predictions import Prediction

BAR = 40
CHART = 60
OUTCOMES = ("dot", "1", "2", "3", "4", "6", "wicket", "extra")


def view(prediction: Prediction, history: list[float], footer: list[str]) -> RenderableType:
    """Draw the match after a ball; `history` is the first-named team's chance ball by ball."""
    parts = [
        _headline(prediction.card),
        _crease(prediction.card),
        Text(""),
        _bar(prediction),
        Text.assemble(("  so far  ", "dim"), (spark(history, CHART), "cyan")),
        _projection(prediction),
        _last_ball(prediction),
        _next_ball(prediction),
        *(Text(f"  {text}", style="dim") for text in footer),
    ]
    return Panel(Group(*parts), title=Text(_title(prediction)), border_style="green", width=84)


def _title(prediction: Prediction) -> str:
    first, second = prediction.teams
    return printable(f"{first} v {second} · {prediction.event} · {prediction.date}")


def _headline(card: Card) -> RenderableType:
    text = Text(f"  {short(card.batting)} {card.runs}/{card.wickets}", style="bold")
    text.append(f"  ({card.overs})   run rate {rate(card.run_rate)}", style="")
    if card.target is not None and card.required_rate is not None:
        text.append(f"   need {card.needed} off {card.balls_left}, ")
        text.append(f"required rate {rate(card.required_rate)}")
    for earlier in card.earlier:
        text.append(f"\n  {printable(earlier)}", style="dim")
    if card.super_over:
        text.append("  super over", style="magenta")
    return text


def _crease(card: Card) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for batter in card.batters:
        table.add_row("", Text(_batter(batter)), Text(_against(batter), style="dim"))
    if not card.batters:
        table.add_row("", "new batter", "")
    if card.bowler is not None:  # as Text: a name must not be read as markup
        table.add_row("", Text(_figures(card.bowler)), Text(_spell(card.bowler), style="dim"))
    lines = Text("\n".join(f"  {line}" for line in _facts(card)))
    return Group(table, lines)


def _batter(batter: Batter) -> str:
    name = printable(batter.name) + ("*" if batter.on_strike else " ")
    return f"{name} {batter.runs} ({batter.balls}) 4s {batter.fours} 6s {batter.sixes}"


def _against(batter: Batter) -> str:
    duel = f"v bowler {batter.against_runs} ({batter.against_balls})"
    return f"{duel}  last {' '.join(batter.last_balls)}" if batter.last_balls else duel


def _figures(b: Bowler) -> str:
    return f"{printable(b.name)} {b.overs}-{b.maidens}-{b.runs}-{b.wickets}"


def _spell(b: Bowler) -> str:
    hit = f"{b.dots} dots  4s {b.fours} 6s {b.sixes}"
    return f"{hit}  spell {b.spell_overs} for {b.spell_runs}" if b.spell_overs else hit


def _facts(card: Card) -> Iterator[str]:
    """Yield the remaining facts of the card, one a line."""
    stand = f"partnership {card.partnership_runs} ({card.partnership_balls})"
    yield f"{stand}   this over {' '.join(card.this_over)}"
    if card.last_wicket:
        yield f"last wicket {printable(card.last_wicket)}"
    if card.reviews:
        yield "reviews left " + ", ".join(f"{short(r.team)} {r.left}" for r in card.reviews)
    if card.milestones:
        yield f"milestone: {printable(', '.join(card.milestones))}"


def _bar(prediction: Prediction) -> Text:
    first, second = prediction.teams
    chance = chances(prediction)[first]
    filled = round(chance * BAR)
    return Text.assemble(
        (f"  {short(first)} {per_cent(chance):>7} ", "bold cyan"),
        ("█" * filled, "cyan"),
        ("█" * (BAR - filled), "yellow"),
        (f" {short(second)} {per_cent(1 - chance)}", "bold yellow"),
    )


def _projection(prediction: Prediction) -> Text:
    total = prediction.total
    text = Text("  projected total ")
    text.append(f"{total.mean:.0f}", style="bold")
    return text.append(f"  (80 % between {total.q10:.0f} and {total.q90:.0f})")


def _last_ball(prediction: Prediction) -> Text:
    gained = points(prediction.win_added)
    style = "red" if gained.startswith("-") else "green"
    text = Text(f"  {printable(prediction.ball)}: ")
    return text.append(f"{gained} points for {short(prediction.card.batting)}", style=style)


def _next_ball(prediction: Prediction) -> Text:
    if prediction.innings_over or not prediction.next_ball:
        return Text(f"  innings over: {prediction.innings_over}", style="bold")
    outcomes = (f"{name} {prediction.next_ball.get(name, 0):.0%}" for name in OUTCOMES)
    return Text("  next ball  " + "  ".join(outcomes))
