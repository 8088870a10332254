"""The commands as people type them: help, errors in one line, and what they leave behind."""

import io
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka import KafkaException
from rich.console import Console
from typer.testing import CliRunner

from consumers.terminal.topic_state import TopicState
from overcast import cli, main
from overcast.commands import replay, watch
from overcast.commands.replay import choose
from producers.faults import Delivery
from producers.recorded import ShippedShelf
from streams.kafka.follower import Follower
from streams.messages.events import MatchEvent
from streams.messages.predictions import encode
from streams.settings import Settings
from tests.support.commands import GROUPS
from tests.support.matches import forecasts, log_of, messages, run, short_match
from tests.support.own_folder import own_folder

WIDE = {"COLUMNS": "300"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and a state of our own; nothing on this machine is asked."""
    monkeypatch.setenv("COLUMNS", "300")
    return own_folder(tmp_path, monkeypatch)


def overcast(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of the command, run as the console script runs it."""
    monkeypatch.setattr(sys, "argv", ["overcast", *arguments])
    with pytest.raises(SystemExit) as ended:
        main.main()
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return code or 0


def test_help_names_every_command_with_what_it_does() -> None:
    output = CliRunner().invoke(cli.app, ["--help"], env=WIDE).output
    for name, command in GROUPS.items():
        assert re.search(rf"\b{name} +{re.escape(command.help.splitlines()[0])}", output)


@pytest.mark.parametrize("name", GROUPS)
def test_the_help_of_a_command_names_every_option_with_its_meaning(name: str) -> None:
    result = CliRunner().invoke(cli.app, [name, "--help"], env=WIDE)
    assert result.exit_code == 0
    for parameter in GROUPS[name].params:
        assert parameter.help, parameter.name
        said = re.escape(parameter.help)
        called = re.escape(max(parameter.opts, key=len))
        assert re.search(rf"{called}\b.*{said}", result.output), parameter.name


def test_no_command_at_all_shows_the_help() -> None:
    assert "Usage" in CliRunner().invoke(cli.app, [], env=WIDE).output


def test_an_unknown_command_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert overcast(monkeypatch, "bowl") == 2


def test_status_says_that_nothing_runs_and_fails() -> None:
    result = CliRunner().invoke(cli.app, ["status", "--json"])
    assert json.loads(result.output) == {"running": False}
    assert result.exit_code == 1
    result = CliRunner().invoke(cli.app, ["status"])
    assert result.output == "Nothing runs; start with: overcast up\n"
    assert result.exit_code == 1


def test_down_without_servers_says_so_and_is_no_error(folder: Path) -> None:
    result = CliRunner().invoke(cli.app, ["down"])
    assert (result.output, result.exit_code) == ("Nothing was running.\n", 0)
    assert list(folder.iterdir()) == []


def test_topics_are_shown_without_asking_any_server() -> None:
    output = CliRunner().invoke(cli.app, ["topics", "--topic-prefix", "t."], env=WIDE).output
    listed = [line for line in output.splitlines() if line.startswith("t.")]
    names = ("balls", "predictions", "orders", "labels", "metrics", "models", "drift")
    names += ("contests", "dead-letters")
    assert sorted(listed) == sorted(f"t.cricket.{name}" for name in names)


def test_a_match_that_is_not_there_is_refused_with_some_that_are() -> None:
    with pytest.raises(ValueError, match=r"^no match 999, nope here; there are .*\b1426294\b"):
        choose(ShippedShelf().listed(), ["999", "1426294", "nope"])


def test_matches_are_chosen_in_the_order_they_were_named() -> None:
    chosen = choose(ShippedShelf().listed(), ["1426294", "287879"])
    assert [match.id for match in chosen] == ["1426294", "287879"]
    assert len(choose(ShippedShelf().listed(), [])) == 12


@pytest.mark.parametrize(
    ("arguments", "at_the_same_time"),
    [(["1298150", "287879"], True), (["1298150", "287879", "--in-order"], False), ([], False)],
)
def test_named_matches_are_played_at_the_same_time_and_a_whole_archive_by_its_dates(
    arguments: list[str],
    at_the_same_time: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[MatchEvent] = []

    def take(feed: Iterable[Delivery], *_: object) -> int:
        sent.extend(delivery.event for delivery in feed if delivery.event is not None)
        return len(sent)

    monkeypatch.setattr(replay, "send", take)
    assert CliRunner().invoke(cli.app, ["replay", *arguments]).exit_code == 0
    ids = [event.match_id for event in sent if event.match_id in {"1298150", "287879"}]
    assert (ids == sorted(ids, key=["287879", "1298150"].index)) is not at_the_same_time


@pytest.mark.parametrize("arguments", [("--speed", "0"), ("--rate", "-1"), ("--speed", "fast")])
def test_an_impossible_pace_is_refused_before_anything_is_sent(
    arguments: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert overcast(monkeypatch, "replay", *arguments) == 2
    assert arguments[0] in capsys.readouterr().err


def test_a_wrong_fault_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert overcast(monkeypatch, "replay", "--faults", "losses=0.1") == 2
    assert "unknown fault 'losses'; there are duplicates" in capsys.readouterr().err


def test_a_wrong_setting_is_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERCAST_PARTITIONS", "many")
    assert overcast(monkeypatch, "topics") == 2
    text = capsys.readouterr().err
    assert text.startswith("Error: ")
    assert "partitions" in text
    assert "Traceback" not in text


def test_a_kafka_that_is_not_there_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("streams.kafka.client_config.ANSWER_SECONDS", 0.2)
    assert overcast(monkeypatch, "watch", "--kafka", "127.0.0.1:1") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Error: no Kafka answers at 127.0.0.1:1. Start one with 'overcast up'")


def test_an_errors_own_words_are_not_taken_for_markup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise KafkaException("[red]no[/] broker at [::1]:9092")

    monkeypatch.setattr(cli, "app", fails)
    assert overcast(monkeypatch) == 2
    assert "[red]no[/] broker at [::1]:9092" in capsys.readouterr().err


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt, 130), (OSError, 2)])
def test_an_interruption_and_an_error_differ_for_scripts(
    raised: type[BaseException], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise raised

    monkeypatch.setattr(cli, "app", fails)
    assert overcast(monkeypatch) == code


MADE = forecasts(run(log_of(messages(short_match("m", "14.621" * 4, "11")))))


@dataclass
class Stored:
    """A prediction as Kafka gives it."""

    text: bytes

    def topic(self) -> str:
        return "cricket.predictions"

    def value(self) -> bytes:
        return self.text


class Replayed(Follower):
    """Predictions from memory, as a follower brings them."""

    def __init__(self) -> None:
        self._rest = [Stored(encode(made)) for made in MADE]

    def poll(self, seconds: float) -> Stored:  # type: ignore[override]
        del seconds
        return self._rest.pop(0)


def test_watch_in_a_pipe_prints_a_line_a_ball_and_stops_after_the_named_one() -> None:
    console, screen = Console(file=io.StringIO(), record=True, width=40), TopicState(Settings())
    watch._lines(  # noqa: SLF001
        Replayed(),
        screen,
        console,
        lambda: watch._reached(screen.newest, "1.5", 1),  # noqa: SLF001
    )
    lines = console.export_text().splitlines()
    assert len(lines) == 11
    assert "(1.5)" in lines[-1]
    assert screen.newest == MADE[10]


def test_watch_of_a_match_that_nobody_has_heard_of_says_what_there_is() -> None:
    screen = TopicState(Settings(), "nosuch")
    watch._expect_match(screen)  # noqa: SLF001  an empty topic: it may come
    for made in MADE[:3]:
        screen.take(Stored(encode(made)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"no forecast of a match 'nosuch'; there is: m \(RED v"):
        watch._expect_match(screen)  # noqa: SLF001
    found = TopicState(Settings(), "m")
    found.take(Stored(encode(MADE[0])))  # type: ignore[arg-type]
    watch._expect_match(found)  # noqa: SLF001


def test_watch_names_at_most_a_dozen_matches_the_newest_first() -> None:
    screen = TopicState(Settings(), "nosuch")
    screen.others = {f"m{number}": ("Reds", "Blues") for number in range(20)}
    with pytest.raises(ValueError, match=r"m19 \(RED v BLU\), m18 .* and 8 more"):
        watch._expect_match(screen)  # noqa: SLF001
