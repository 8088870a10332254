"""Log lines as a machine reads them: one JSON object each, which says where a message lies."""

import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from streams.messages.source import Source
from streams.observability import logs
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, Received, receive
from streams.processors.log_lines import MOST_LINES, log_effects
from streams.settings import Settings
from tests.support.matches import KEY, messages, models, short_match

JSON = Settings(log_format="json")


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """The root logger as it was: its handlers are everybody's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_of_anybody_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(JSON)
    logging.getLogger("aiokafka.conn").warning("node %s is\ngone", 1)
    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("node 1 is\ngone", "warning")
    assert line["logger"] == "aiokafka.conn"
    assert line["timestamp"].endswith("Z")


def test_what_a_batch_is_about_stands_in_each_of_its_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up(JSON)
    log = logging.getLogger("streams.somewhere")
    with logs.about(topic="cricket.balls", partition=3, offset=40, last_offset=90):
        log.info("restored")
        log.info("refused", extra={"offset": 77})
    log.info("outside")
    first, second, outside = lines(capsys)
    assert (first["topic"], first["partition"], first["offset"]) == ("cricket.balls", 3, 40)
    assert (second["offset"], second["last_offset"]) == (77, 90)
    assert "topic" not in outside


def test_an_exception_is_in_the_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(JSON)
    try:
        int("ball 7 of 6")
    except ValueError:
        logging.getLogger("x").exception("unexpected")
    (line,) = lines(capsys)
    assert "ball 7 of 6" in line["exception"]


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(JSON, "warning")
    logging.getLogger("x").info("chatter")
    assert lines(capsys) == []


def test_people_get_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Settings(log_format="console"))
    logging.getLogger("x").warning("refused", extra={"match": "1426294"})
    said = capsys.readouterr().err
    assert "refused" in said
    assert "match=1426294" in said
    assert not said.startswith("{")


def batch_of(*values: bytes) -> list[Received]:
    return [receive(b"m1", value, Source("cricket.balls", 0, n)) for n, value in enumerate(values)]


def worked(batch: list[Received]) -> Effects:
    return advance({}, batch, models())


def test_a_refused_message_is_told_with_match_sequence_and_offset(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up(JSON)
    told = [msgspec.json.encode(e) for e in messages(short_match("m1", "46", "1"))]
    batch = batch_of(told[0], b"\xff", told[3].replace(b'"m1"', b'"m2"'))
    log_effects(worked(batch), batch)
    unreadable, unknown = lines(capsys)
    assert unreadable["event"].startswith("refused: unreadable")
    assert (unreadable["match"], unreadable["offset"]) == ("m1", 1)
    assert unknown["event"].startswith("refused: unknown match")
    assert (unknown["match"], unknown["seq"], unknown["offset"]) == ("m2", 3, 2)


def test_a_broken_feed_does_not_fill_the_disk(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(JSON)
    batch = batch_of(*[b"no"] * (MOST_LINES + 32))
    log_effects(worked(batch), batch)
    said = lines(capsys)
    assert len(said) == MOST_LINES + 1
    assert said[-1]["event"].startswith("refused: 32 more")


def test_a_match_that_waits_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(JSON)
    told = [msgspec.json.encode(e) for e in messages(short_match("m1", "4612", "1"))]
    batch = batch_of(*told[:3], told[4])
    log_effects(worked(batch), batch)
    (line,) = lines(capsys)
    assert line["event"].startswith("waits for the message of ball")
    assert (line["match"], line["seq"], line["offset"]) == ("m1", 3, 3)
    assert KEY not in line
