"""What a hostile feed says: refused with a reason, or taken literally, and never kept for ever."""

import json

import pytest

from features.store import OnlineStore
from streams.messages.events import LARGEST_EVENT, BrokenMessageError, decode, encode
from tests.support.matches import messages, short_match

STARTED, *_ = messages(short_match("m", "1", "1"))


def named(name: str) -> bytes:
    """A match_started in which a player's name is this one."""
    told = json.loads(encode(STARTED))
    told["fixture"]["names"] = {"p1": name}
    return json.dumps(told, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "name", ["Ødegård", "O'Brien \\ Smith", 'the "Wall"', "李小龍", "*?[a-z]", "C\\n"]
)
def test_a_name_in_any_script_is_taken_as_it_is(name: str) -> None:
    event = decode(named(name))
    assert name in getattr(event, "fixture").names.values()  # noqa: B009  a union's member


@pytest.mark.parametrize("bad", ["\x00", "\x1b[2J", "\n", "\t", "\x7f", "\x9b31m", "a\\\n"])
def test_a_control_character_never_reaches_a_terminal_or_a_log(bad: str) -> None:
    told = json.loads(named("x"))
    for ascii_only in (True, False):
        value = json.dumps(told | {"match_id": f"m{bad}"}, ensure_ascii=ascii_only).encode()
        with pytest.raises(BrokenMessageError, match="control character"):
            decode(value)


def test_a_name_of_ten_thousand_bytes_is_refused() -> None:
    with pytest.raises(BrokenMessageError, match="a string of more than 500 bytes"):
        decode(named("x" * 10_000))
    with pytest.raises(BrokenMessageError, match="a string of more than 500 bytes"):
        decode(named('"' * 5_000))


def test_a_message_larger_than_any_match_is_refused_before_it_is_read() -> None:
    with pytest.raises(BrokenMessageError, match=f"of which {LARGEST_EVENT} are taken"):
        decode(b" " * (LARGEST_EVENT + 1))


def test_glob_characters_and_braces_in_an_id_stay_in_one_key_of_its_own_slot() -> None:
    store = OnlineStore("redis://nowhere:1", "p.", 60)
    keys = {store.key(3, match_id) for match_id in ("*", "?", "[a]", "{0}", "a:b", "match:*")}
    assert len(keys) == 6
    assert {key[: key.index("}") + 1] for key in keys} == {"overcast:{p.3}"}
