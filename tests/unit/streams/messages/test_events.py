"""What a feed may say, and how a message that says something else is refused."""

import json
from dataclasses import replace

import pytest

from cricket.facts import (
    Ball,
    Fixture,
    InningsClose,
    InningsOpening,
    InningsReopened,
    Outcome,
    PlayerReplaced,
    TargetRevised,
    Wicket,
)
from streams.messages.events import (
    BrokenMessageError,
    MatchEvent,
    MessageCancelled,
    decode,
    encode,
    event_of,
)
from tests.support.matches import FIXTURE, messages, opened, short_match

BALL = Ball(1, 19, 5, "é-1", "b-2", "c-3", runs=3, no_balls=1, penalty=5, non_boundary=True)
FACTS = (
    replace(FIXTURE, players={"Reds": ("a", "b")}, names={"a": "Ødegård \U0001f3cf"}),
    InningsOpening(1, "Blues", target=158, balls=120, penalty=5),
    BALL,
    replace(BALL, wickets=(Wicket("run out", "b-2", ("d-4", "e-5")), Wicket("caught", "é-1"))),
    InningsClose(1, penalty=5, declared=True),
    TargetRevised(1, target=120, balls=90),
    InningsReopened(1),
    PlayerReplaced("Blues", "é-1", "f-6", "concussion"),
    Outcome("Blues", "tie", {"wickets": 3}, "D/L"),
    Outcome(None, "no result"),
)


def told(**changes: object) -> bytes:
    """A ball's message with some of its members changed."""
    document = json.loads(encode(event_of("m-1", 7, 1_700_000_000_000, BALL)))
    return json.dumps(document | changes).encode()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_event_survives_the_wire(fact: Fixture) -> None:
    event = event_of("m-1", 3, 1_700_000_000_000, fact)
    assert decode(encode(event)) == event
    assert encode(decode(encode(event))) == encode(event)


def test_a_cancelled_message_names_the_place_it_takes_back() -> None:
    event = MessageCancelled(match_id="m-1", seq=7, rank=1, revision=2, at=12)
    assert decode(encode(event)) == event
    document = json.loads(encode(event))
    assert document == {
        "type": "message_cancelled",
        "match_id": "m-1",
        "seq": 7,
        "rank": 1,
        "revision": 2,
        "at": 12,
    }
    assert event.place == (7, 1)


def test_any_client_can_read_an_event() -> None:
    document = json.loads(encode(event_of("m-1", 3, 12, BALL)))
    assert set(document) == {"type", "match_id", "seq", "rank", "revision", "at", "fact"}
    assert (document["type"], document["match_id"], document["seq"]) == ("ball_bowled", "m-1", 3)
    assert document["fact"]["runs"] == 3
    assert document["fact"]["batter"] == "é-1"


def test_each_kind_of_event_has_its_own_type() -> None:
    events = messages(short_match("m", "4", "1"))
    types = [json.loads(encode(event))["type"] for event in events]
    assert types[:2] == ["match_started", "innings_opened"]
    assert types[-2:] == ["innings_closed", "match_ended"]
    assert set(types[2:-2]) == {"ball_bowled", "innings_closed", "innings_opened"}
    assert json.loads(encode(events[0]))["fixture"]["teams"] == ["Reds", "Blues"]


def test_a_field_of_a_later_version_is_passed_over() -> None:
    fact = json.loads(told())["fact"] | {"speed_kmh": 141.2}
    assert decode(told(fact=fact, reviewed={"by": "third umpire"})) == decode(told())


def test_optional_fields_may_be_left_out() -> None:
    fact = {"innings": 0, "over": 0, "position": 0, "batter": "a", "non_striker": "b"}
    value = {"type": "ball_bowled", "match_id": "m", "seq": 1, "fact": fact | {"bowler": "c"}}
    expected = event_of("m", 1, 0, Ball(0, 0, 0, "a", "b", "c"))
    assert decode(json.dumps(value).encode()) == expected


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"type": "ball_bowed"}, r"'ball_bowed' - at `\$.type`"),
        ({"match_id": ""}, r"length >= 1 - at `\$.match_id`"),
        ({"match_id": "x" * 201}, r"length <= 200 - at `\$.match_id`"),
        ({"match_id": 1426294}, r"`int` - at `\$.match_id`"),
        ({"seq": -1}, r">= 0 - at `\$.seq`"),
        ({"seq": "7"}, r"`str` - at `\$.seq`"),
        ({"seq": 7.5}, r"`float` - at `\$.seq`"),
        ({"seq": True}, r"`bool` - at `\$.seq`"),
        ({"seq": 2**53}, r"<= 9007199254740991 - at `\$.seq`"),
        ({"seq": 10**300}, r"at `\$.seq`"),
        ({"rank": -1}, r">= 0 - at `\$.rank`"),
        ({"revision": -1}, r"at `\$.revision`"),
        ({"at": 10**30}, r"at `\$.at`"),
        ({"fact": None}, r"`null` - at `\$.fact`"),
        ({"fact": {"innings": 0}}, r"missing required field `over` - at `\$.fact`"),
        ({"fact": {"innings": "0"}}, r"at `\$.fact.innings`"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(change: dict[str, object], where: str) -> None:
    with pytest.raises(BrokenMessageError, match=where):
        decode(told(**change))


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (None, "no value"),
        (b"", "truncated"),
        (b"null", "got `null`"),
        (b"[]", "got `array`"),
        (b"{}", "missing required field `type`"),
        (told()[:-9], "truncated"),
        (told() + b"}", r"trailing characters \(byte \d+\)"),
        (b"\x00" * 64, r"invalid character \(byte 0\)"),
        (b"\xff\xfe not JSON", r"invalid character \(byte 0\)"),
        (told().decode().encode("utf-16"), r"invalid character \(byte 0\)"),
        (told().replace(b"m-1", b"m\xff1"), "'utf-8' codec can't decode byte 0xff"),
        (told().replace(b"m-1", rb"m\ud8001"), "surrogate"),
        (told().replace(b": 7,", b": NaN,"), "invalid character"),
        (told().replace(b": 7,", b": " + b"9" * 6_000 + b","), r"out of range - at `\$.seq`"),
        (b'{"x":' * 12_000, "recursion"),
        (b'{"type":"ball_bowled","x":' + b"[" * 60_000, "recursion"),
    ],
)
def test_what_is_no_event_is_refused_with_a_reason(value: bytes | None, what: str) -> None:
    with pytest.raises(BrokenMessageError, match=what):
        decode(value)
    assert opened(value, 4).event is None


def test_an_unreadable_message_is_kept_as_it_came() -> None:
    received = opened(b"\xff", 4)
    assert (received.key, received.value, received.source.offset) == (b"key", b"\xff", 4)
    assert "invalid character" in received.unreadable


def test_the_longest_match_id_and_the_largest_number_are_taken() -> None:
    event: MatchEvent = decode(told(match_id="x" * 200, seq=2**53 - 1))
    assert (len(event.match_id), event.seq) == (200, 2**53 - 1)
