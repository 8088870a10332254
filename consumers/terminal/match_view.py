"""The terminal view of one match: scorecard, chances with their chart, projection, last ball."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from consumers.chase_words import chase_words
from consumers.match_state import result_in_words, to_win
from consumers.par_words import par_words
from consumers.phrases import per_cent, points, rate, side, spark
from consumers.printing import printable
from consumers.side_names import short_pair
from streams.messages.card import Batter, Bowler, Card
from streams.messages.predictions import MatchResult, Prediction

WIDTH = 84  # of the panel, at most
BAR = 40
CHART = 60
OUTCOMES = ("dot", "1", "2", "3", "4", "6", "wicket", "extra")


def view(
    prediction: Prediction,
    history: list[float],
    footer: list[str],
    result: MatchResult | None = None,
) -> RenderableType:
    """Draw the match after a ball; `history` is the first-named team's chance ball by ball.

    Once the match has ended, with its official `result` or by its innings, nobody is at the crease
    and no ball is due.
    """
    ended = result_in_words(prediction, result)
    parts = [
        _headline(prediction),
        Text(f"  {printable(ended)}", style="bold") if ended else _crease(prediction),
        Text(""),
        _bar(prediction, result),
        Text.assemble(("  so far  ", "dim"), (spark(history, CHART), "cyan")),
        *([] if ended else [_projection(prediction)]),
        _last_ball(prediction),
        *([] if ended else [_next_ball(prediction)]),
        *(Text(f"  {text}", style="dim") for text in footer),
    ]
    title = Text(_title(prediction))
    return Panel(Group(*parts), title=title, border_style="green", width=WIDTH)


def _title(prediction: Prediction) -> str:
    first, second = prediction.teams
    return printable(f"{first} v {second} · {prediction.event} · {prediction.date}")


def _headline(prediction: Prediction) -> RenderableType:
    card = prediction.card
    batting = side(prediction, card.batting)
    text = Text(f"  {batting} {card.runs}/{card.wickets}", style="bold")
    text.append(f"  ({card.overs})   run rate {rate(card.run_rate)}", style="")
    if card.target is not None and card.required_rate is not None:
        text.append(f"   need {card.needed} off {card.balls_left}, ")
        text.append(f"required rate {rate(card.required_rate)}")
    for earlier in card.earlier:
        text.append(f"\n  {printable(earlier)}", style="dim")
    if card.super_over:
        text.append("  super over", style="magenta")
    return text


def _crease(prediction: Prediction) -> RenderableType:
    card = prediction.card
    table = Table.grid(padding=(0, 2))
    for batter in card.batters:
        table.add_row("", Text(_batter(batter)), Text(_against(batter), style="dim"))
    if not card.batters:
        table.add_row("", "new batter", "")
    if card.bowler is not None:  # as Text: a name must not be read as markup
        table.add_row("", Text(_figures(card.bowler)), Text(_spell(card.bowler), style="dim"))
    lines = Text("\n".join(f"  {line}" for line in _facts(prediction, card)))
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


def _facts(prediction: Prediction, card: Card) -> Iterator[str]:
    """Yield the remaining facts of the card, one a line."""
    stand = f"partnership {card.partnership_runs} ({card.partnership_balls})"
    yield f"{stand}   this over {' '.join(card.this_over)}"
    if card.last_wicket:
        yield f"last wicket {printable(card.last_wicket)}"
    if card.reviews:
        yield "reviews left " + ", ".join(
            f"{side(prediction, r.team)} {r.left}" for r in card.reviews
        )
    if card.milestones:
        yield f"milestone: {printable(', '.join(card.milestones))}"


def _bar(prediction: Prediction, result: MatchResult | None) -> Text:
    first, second = short_pair(prediction.teams)
    chances = to_win(prediction, result)
    if chances is None:
        return Text("  nobody won", style="bold")
    chance = chances[prediction.teams[0]]
    filled = round(chance * BAR)
    return Text.assemble(
        (f"  {first} {per_cent(chance):>7} ", "bold cyan"),
        ("█" * filled, "cyan"),
        ("█" * (BAR - filled), "yellow"),
        (f" {second} {per_cent(1 - chance)}", "bold yellow"),
    )


def _projection(prediction: Prediction) -> Text:
    chase, total = chase_words(prediction), prediction.total
    if chase is not None:
        likely, otherwise = chase
        text = Text("  forecast  ").append(likely, style="bold")
        text.append(f"  ({otherwise})" if otherwise else "")
        return text.append(_par(prediction))
    text = Text("  projected total ")
    text.append(f"{total.mean:.0f}", style="bold")
    return text.append(f"  (80 % between {total.q10:.0f} and {total.q90:.0f})")


def _par(prediction: Prediction) -> str:
    words = par_words(prediction)
    return f"\n  D/L       {words[0]} (Standard Edition)" if words else ""


def _last_ball(prediction: Prediction) -> Text:
    gained = points(prediction.win_added)
    style = "red" if gained.startswith("-") else "green"
    text = Text(f"  {printable(prediction.ball)}: ")
    return text.append(
        f"{gained} points for {side(prediction, prediction.card.batting)}", style=style
    )


def _next_ball(prediction: Prediction) -> Text:
    if prediction.innings_over or not prediction.next_ball:
        return Text(f"  innings over: {prediction.innings_over}", style="bold")
    outcomes = (f"{name} {prediction.next_ball.get(name, 0):.0%}" for name in OUTCOMES)
    return Text("  next ball  " + "  ".join(outcomes))
