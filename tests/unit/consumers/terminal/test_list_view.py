"""All matches in the terminal, a line each."""

from io import StringIO

import msgspec
import pytest
from rich.console import Console

from consumers.match_state import required
from consumers.phrases import chances, per_cent, score
from consumers.terminal.list_view import overview
from consumers.terminal.topic_state import TopicState
from overcast.commands import watch
from streams.messages.predictions import MatchResult, Prediction, PredictionMessage, encode
from streams.settings import Settings
from tests.support.dashboard_messages import SAID

MADE = [said for said in SAID if isinstance(said, Prediction)]


class Stored:
    """A prediction as Kafka gives it."""

    def __init__(self, said: PredictionMessage) -> None:
        self._said = said

    def topic(self) -> str:
        return "cricket.predictions"

    def value(self) -> bytes:
        return encode(self._said)


def shown(renderable: object) -> str:
    console = Console(record=True, width=140, file=StringIO())
    console.print(renderable)
    return console.export_text()


def screen_of(*said: PredictionMessage) -> TopicState:
    screen = TopicState(Settings())
    for message in said:
        screen.take(Stored(message))  # type: ignore[arg-type]
    return screen


def other(said: Prediction) -> Prediction:
    return msgspec.structs.replace(said, match_id="other")


def test_every_match_has_its_line_and_the_one_heard_of_last_is_in_full() -> None:
    screen = screen_of(*MADE[:9], *map(other, MADE[:5]))
    assert screen.newest is not None
    text = shown(watch._view(screen, screen.newest, 40))  # noqa: SLF001
    lines = [line for line in text.splitlines() if "RED v BLU" in line]
    assert [line.split()[0] for line in lines] == ["other", "m"]
    assert score(MADE[8]) in lines[1]
    assert "projected total" in text


def test_a_single_match_has_no_list_above_it() -> None:
    screen = screen_of(*MADE[:3])
    assert screen.newest is not None
    assert "RED v BLU" not in shown(watch._view(screen, screen.newest, 40))  # noqa: SLF001


def moved(at: int) -> float:
    """What the twelve balls up to one did to the first-named team's chance."""
    return chances(MADE[at])["Reds"] - chances(MADE[at - 12])["Reds"]


def test_it_is_said_who_is_moving() -> None:
    at = max(range(12, len(MADE)), key=lambda ball: abs(moved(ball)))
    still = min(range(12, len(MADE)), key=lambda ball: abs(moved(ball)))
    for ball in (at, still):
        text = shown(overview([MADE[ball]], screen_of(*MADE[: ball + 1]).history, {}))
        told = f"{'RED' if moved(ball) > 0 else 'BLU'} +{abs(moved(ball)) * 100:.1f}"
        assert (told in text) == (abs(moved(ball)) >= 0.03)
    assert abs(moved(still)) < 0.03 < abs(moved(at))


SIDES = ("Trinidad & Tobago Red Steel", "St Kitts and Nevis Patriots")


def long_names(said: Prediction, match_id: str = "1426294") -> Prediction:
    """The forecast with the longest short names that a league has."""
    batting = SIDES[said.card.batting == "Blues"]
    card = msgspec.structs.replace(said.card, batting=batting, bowling=SIDES[batting == SIDES[0]])
    return msgspec.structs.replace(said, match_id=match_id, teams=SIDES, card=card)


def drawn(screen: TopicState, width: int) -> str:
    console = Console(record=True, width=width, file=StringIO())
    assert screen.newest is not None
    console.print(watch._view(screen, screen.newest, 60))  # noqa: SLF001
    return console.export_text()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("chase", [False, True])
def test_no_number_is_cut_off(width: int, chase: bool) -> None:  # noqa: FBT001
    """At 80 columns the chart and the names give way, never what is counted."""
    at = next(n for n, made in enumerate(MADE) if made.card.innings == 1) + 9 if chase else 17
    made = [long_names(said) for said in MADE[: at + 1]]
    screen = screen_of(*made, *map(other, MADE[:5]), made[-1])
    text, newest = drawn(screen, width), made[-1]
    (line,) = [row for row in text.splitlines() if "1426294" in row]
    chance = chances(newest)[SIDES[0]]
    for number in ("1426294", "TTRS v SKNP", score(newest), f"TTRS {per_cent(chance):>7}"):
        assert number in line
    assert "…" not in text
    words = " ".join(text.splitlines()[:4]).split()
    state = required(newest.card) if chase else newest.ball.rpartition(", ")[2]
    assert all(part in words for part in state.split())
    for row in text.splitlines():
        assert len(row) <= width


@pytest.mark.parametrize("width", [80, 120])
def test_a_result_keeps_its_margin(width: int) -> None:
    text = "Trinidad & Tobago Red Steel beat St Kitts and Nevis Patriots by 117 runs (D/L)"
    result = next(said for said in SAID if isinstance(said, MatchResult))
    result = msgspec.structs.replace(result, teams=SIDES, text=text, match_id="1426294")
    screen = screen_of(*map(other, MADE[:5]), long_names(MADE[-1]), result)
    shown_text = " ".join(drawn(screen, width).split())
    assert "by 117 runs (D/L)" in shown_text
    assert "next ball" not in shown_text
    assert "v bowler" not in shown_text


def test_a_long_id_gives_way_to_the_numbers() -> None:
    made = long_names(MADE[20], "6f1c2c1e-5f0b-4d5c-9a55-1c1b0a0f7c11")
    text = drawn(screen_of(made, *map(other, MADE[:5]), made), 80)
    assert score(made) in text.splitlines()[1]
    assert per_cent(chances(made)[SIDES[0]]) in text.splitlines()[1]


def test_names_from_a_feed_do_not_obey_the_terminal() -> None:
    evil = msgspec.structs.replace(MADE[0], match_id="\x1b[2Jm", ball="\x1b[31mred")
    assert "\x1b" not in shown(overview([evil], {}, {}))
