"""A phase of the demo: what it shows, what it says it waits for, and when it is over."""

import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from rich.console import Console

from consumers.terminal.topic_state import TopicState
from overcast.commands import playback
from overcast.commands.playback import Phase, Playback
from streams.kafka.topics import LABELS, Topic
from streams.messages.predictions import Prediction, encode
from streams.settings import Settings
from tests.support.matches import log_of, messages, run, served, short_match

MADE = [
    said
    for said in run(log_of(messages(short_match("m", "14.621" * 4, "11")))).predictions
    if isinstance(said, Prediction)
]


@dataclass
class Stored:
    """A prediction as Kafka gives it."""

    text: bytes

    def topic(self) -> str:
        return "cricket.predictions"

    def value(self) -> bytes:
        return self.text


@dataclass
class Log:
    """Messages and silences, in place of a follower's."""

    entries: list[Prediction | None]

    def poll(self, seconds: float) -> Stored | None:
        assert seconds > 0
        entry = self.entries.pop(0) if self.entries else None
        return Stored(encode(entry)) if entry else None


@dataclass
class Group:
    """Workers that are done when they have been asked so often; `labels` are left meanwhile."""

    labels: list[int]
    asked: int = field(default=0)

    def done(self) -> bool:
        self.asked += 1
        return not self.labels

    def left(self, topic: Topic) -> int:
        return self.labels.pop(0) if topic is LABELS and self.labels else 0


class Feed:
    """A feed that was sent at once."""

    def __init__(self, *given: Any) -> None:
        del given

    def start(self) -> None:
        pass

    def done(self) -> bool:
        return True


def played(
    monkeypatch: pytest.MonkeyPatch, log: Log, group: Group, *, watched: bool
) -> tuple[list[str], Playback]:
    """The lines that are printed where there is no terminal."""
    monkeypatch.setattr(playback, "BackgroundFeed", Feed)
    console = Console(file=io.StringIO(), record=True, width=40)
    shown = Playback(Settings(), group, log, console, {})  # type: ignore[arg-type]
    shown.play("IPL", iter(()), len(MADE), watched=watched)
    return console.export_text().splitlines(), shown


def test_a_season_tells_its_progress_in_tenths_and_what_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines, shown = played(monkeypatch, Log([None, *MADE]), Group([5, 5, 2]), watched=False)
    assert lines[0] == "IPL: waiting for the first forecast, until the models are ready …"
    tenths = [line for line in lines if " of " in line]
    assert 5 <= len(tenths) <= 10  # a short match does not hit each of them
    assert tenths[-1].startswith(f"IPL: {len(MADE)} of {len(MADE)} balls, ")
    assert lines[-1] == "IPL: waiting for the learner, 5 labels to go …"
    assert len([line for line in lines if "waiting for the learner" in line]) == 1
    assert shown.screen.predictions == len(MADE)


def test_a_match_that_is_watched_has_a_line_for_each_innings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines, _ = played(monkeypatch, Log(list(MADE)), Group([]), watched=True)
    assert len([line for line in lines if line.startswith(("RED", "BLU"))]) == 2


def test_a_terminal_shows_the_match_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playback, "BackgroundFeed", Feed)
    console = Console(file=io.StringIO(), record=True, width=100, force_terminal=True)
    log, group = Log([None, *MADE]), Group([3])
    Playback(Settings(), group, log, console, {}).play("IPL", iter(()), len(MADE), watched=True)  # type: ignore[arg-type]
    text = console.export_text()
    assert "Reds v Blues" in text
    assert f"history to {served().history_to}" in text
    assert "IPL: waiting for the learner, 3 labels to go …" in text
    assert "━" * 40 in text  # the bar is full


def test_a_forecast_that_comes_while_the_workers_are_asked_is_still_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = Log([*MADE[:-2], None, MADE[-2], None, MADE[-1]])
    _, shown = played(monkeypatch, log, Group([]), watched=False)
    assert shown.screen.predictions == len(MADE)


def test_a_phase_that_has_no_answer_of_the_workers_says_so() -> None:
    screen = TopicState(Settings())
    phase = Phase("IPL", screen, len(MADE), {})
    assert phase.waiting == "IPL: waiting for the first forecast, until the models are ready …"
    for said in MADE:
        screen.take(Stored(encode(said)))  # type: ignore[arg-type]
    assert phase.waiting == "IPL: waiting for the next balls …"
    phase.labels_left = 0
    assert phase.waiting == "IPL: waiting for the workers to commit their offsets …"
    phase = Phase("IPL", screen, len(MADE), {})
    screen.take(Stored(encode(MADE[0])))  # type: ignore[arg-type]
    phase.balls_left = 1_234
    assert phase.waiting == "IPL: waiting for the worker, 1,234 messages to go …"
