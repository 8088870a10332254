"""What people see of a forecast: words, the panel, the lines."""

from dataclasses import replace
from io import StringIO

import msgspec
import pytest
from rich.console import Console, RenderableType

from consumers.phrases import SPARKS, chances, line, per_cent, score, spark
from consumers.side_names import short
from consumers.terminal.match_view import view
from cricket.facts import Ball, InningsOpening, Wicket
from streams.messages.events import event_of
from streams.messages.predictions import Prediction
from tests.support.matches import (
    BLUES,
    FIXTURE,
    REDS,
    forecasts,
    log_of,
    messages,
    run,
    short_match,
)

MATCH = short_match("m", "14.6wW2.43" * 2, "1146..2" * 3)
MADE = forecasts(run(log_of(messages(MATCH))))
FIRST = MADE[10]
CHASE = next(p for p in MADE if p.card.innings == 1 and p.card.balls_left == 110)


def shown(rendered: RenderableType, width: int = 100) -> str:
    console = Console(record=True, width=width, file=StringIO())
    console.print(rendered)
    return console.export_text()


def seen(prediction: Prediction, width: int = 100) -> str:
    return shown(view(prediction, [0.5, 0.6], ["a note"]), width)


def named(name: str) -> Prediction:
    """A forecast whose every name a feed chose is this one."""
    teams = (name, BLUES)
    fixture = replace(
        FIXTURE, teams=teams, event=name, names=dict.fromkeys("abcd", name), date=name
    )
    facts = (
        InningsOpening(0, name),
        Ball(0, 0, 0, "a", "b", "c", wickets=(Wicket("bowled", "a"),)),
        Ball(0, 0, 1, "b", "d", "c", runs=4),
    )
    told = enumerate((fixture, *facts))
    return forecasts(run(log_of(event_of("n", seq, 0, fact) for seq, fact in told)))[-1]


def test_the_view_of_a_first_innings_says_what_matters() -> None:
    text, card = seen(FIRST), FIRST.card
    assert f"RED {card.runs}/{card.wickets}  ({card.overs})" in text
    assert f"{REDS} v {BLUES} · Short League · 2030-01-01" in text
    assert f"projected total {FIRST.total.mean:.0f}" in text
    assert f"80 % between {FIRST.total.q10:.0f} and {FIRST.total.q90:.0f}" in text
    assert f"RED {per_cent(chances(FIRST)[REDS]):>7}" in text
    assert f"BLU {per_cent(chances(FIRST)[BLUES])}" in text
    assert f"{FIRST.ball}: {FIRST.win_added * 100:+.1f} points for RED" in text
    assert f"dot {FIRST.next_ball['dot']:.0%}" in text
    assert f"wicket {FIRST.next_ball['wicket']:.0%}" in text
    assert f"partnership {card.partnership_runs} ({card.partnership_balls})" in text
    assert "this over " + " ".join(card.this_over) in text
    assert "need" not in text
    assert "a note" in text


def test_the_view_of_a_chase_says_what_is_needed() -> None:
    text, card = seen(CHASE), CHASE.card
    assert f"need {card.needed} off 110" in text
    assert "required rate" in text
    assert card.earlier[0] in text
    assert f"BLU {card.runs}/{card.wickets}" in text
    assert "last wicket" not in text


def test_a_fallen_wicket_and_a_new_batter_are_shown() -> None:
    out = next(p for p in MADE if "OUT" in p.ball)
    text = seen(out)
    assert "OUT, bowled" in text
    assert f"last wicket {out.card.last_wicket}" in text
    nobody = msgspec.structs.replace(out, card=msgspec.structs.replace(out.card, batters=()))
    assert "new batter" in seen(nobody)


def test_an_innings_that_is_over_has_no_next_ball() -> None:
    over = next(p for p in MADE if p.innings_over)
    assert "innings over: all out" in seen(over)
    assert "next ball" not in seen(over)


def test_a_super_over_is_named_as_one() -> None:
    card = msgspec.structs.replace(CHASE.card, super_over=True)
    assert "super over" in seen(msgspec.structs.replace(CHASE, card=card))
    assert "super over" not in seen(CHASE)


def test_a_bowler_who_has_not_bowled_is_no_matter() -> None:
    card = msgspec.structs.replace(FIRST.card, bowler=None, this_over=(), last_wicket="")
    assert "this over" in seen(msgspec.structs.replace(FIRST, card=card))


NAMES = [
    "[red]x[/]",
    "[/]",
    "<script>alert(1)</script>",
    "[bold",
    "a\\[b",
    "[link=x]y[/]",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_the_feed_is_printed_as_it_is(name: str) -> None:
    made = named(name)
    text = seen(made, width=120)
    assert f"{name} v {BLUES}" in text
    assert text.count(name) >= 5  # title, batter, bowler, last wicket, last ball
    assert f"{name}  4 (1)" in text or f"{name}* 4 (1)" in text
    assert f"last wicket {name} 0 (1) bowled" in text
    assert f"{name} to {name}, FOUR" in text
    assert name in line(made)


def test_a_note_is_printed_as_it_is() -> None:
    assert "[red]x[/]" in shown(view(FIRST, [], ["[red]x[/]"]))


@pytest.mark.parametrize("width", [1, 2, 10, 30, 60, 84])
def test_a_narrow_terminal_is_no_error(width: int) -> None:
    for made in (FIRST, CHASE, named("[" * 300)):
        assert all(len(row) <= width for row in seen(made, width).splitlines())


@pytest.mark.parametrize("history", [[], [0.5], [0.0, 1.0], [n / 600 for n in range(601)]])
def test_any_history_is_a_chart(history: list[float]) -> None:
    text = shown(view(FIRST, history, []))
    assert "so far" in text
    assert sum(text.count(block) for block in SPARKS[:-1]) <= 60


@pytest.mark.parametrize(
    ("count", "length"), [(0, 0), (1, 1), (7, 7), (60, 60), (61, 60), (601, 60)]
)
def test_a_spark_is_as_long_as_its_values_up_to_its_width(count: int, length: int) -> None:
    assert len(spark([n / 601 for n in range(count)], 60)) == length


def test_a_spark_rises_with_its_values() -> None:
    assert spark([n / 7 for n in range(8)], 8) == SPARKS
    assert spark([0.0, 1.0], 60) == "▁█"


@pytest.mark.parametrize("count", [1, 59, 60, 61, 119, 601])
def test_a_thinned_spark_spans_all_values_and_ends_on_the_newest(count: int) -> None:
    values = [n / count for n in range(count - 1)]
    drawn = spark([*values, 1.0], 60)
    assert drawn[-1] == "█"
    assert list(drawn) == sorted(drawn)
    assert spark([*values, 0.0], 60)[-1] == "▁"


def test_a_line_says_ball_score_chance_and_total() -> None:
    text = line(FIRST)
    assert text.startswith(score(FIRST))
    assert FIRST.ball in text
    assert per_cent(chances(FIRST)[REDS]) in text
    total = FIRST.total
    assert text.endswith(f"total {total.mean:.0f} [{total.q10:.0f}-{total.q90:.0f}]")
    assert "\n" not in text


def test_an_innings_that_is_all_out_shows_no_ten() -> None:
    over = next(p for p in MADE if p.card.wickets == 10)
    assert score(over) == f"RED {over.card.runs} ({over.card.overs})"


def test_the_chances_of_both_teams_sum_to_one() -> None:
    for made in MADE:
        assert sum(chances(made).values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("team", "form"),
    [
        ("Royal Challengers Bangalore", "RCB"),
        ("India", "IND"),
        ("", ""),
        ("a b", "A B"),
        ("É", "É"),
    ],
)
def test_any_team_has_a_short_form(team: str, form: str) -> None:
    assert short(team) == form
