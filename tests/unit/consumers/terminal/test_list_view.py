"""All matches in the terminal, a line each."""

from io import StringIO

import msgspec
from rich.console import Console

from consumers.phrases import chances, score
from consumers.terminal.list_view import overview
from consumers.terminal.topic_state import TopicState
from overcast.commands import watch
from streams.messages.predictions import Prediction, encode
from streams.settings import Settings
from tests.support.dashboard_messages import SAID

MADE = [said for said in SAID if isinstance(said, Prediction)]


class Stored:
    """A prediction as Kafka gives it."""

    def __init__(self, said: Prediction) -> None:
        self._said = said

    def topic(self) -> str:
        return "cricket.predictions"

    def value(self) -> bytes:
        return encode(self._said)


def shown(renderable: object) -> str:
    console = Console(record=True, width=140, file=StringIO())
    console.print(renderable)
    return console.export_text()


def screen_of(*said: Prediction) -> TopicState:
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


def test_names_from_a_feed_do_not_obey_the_terminal() -> None:
    evil = msgspec.structs.replace(MADE[0], match_id="\x1b[2Jm", ball="\x1b[31mred")
    assert "\x1b" not in shown(overview([evil], {}, {}))
