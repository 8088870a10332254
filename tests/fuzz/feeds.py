"""A match told by a feed that says anything: valid messages, some of whose values were changed."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from producers.simulator import season
from streams.messages.events import encode
from tests.support.matches import messages

MATCH = next(iter(season(1, seed=3)))
EVENTS = [encode(event) for event in messages(MATCH)]
ODD = (
    *(-1, 0, 1, 2, 5, 6, 7, 9, 10, 11, 20, 50, 120, 121, 300, 2**31, 2**53, 2**63, 10**30),
    *("", "x", "*", "T20", "ODI", "Test", "male", "sim", "side-1-1", "win", "tie", "bowled"),
    *(None, True, False, 0.5, -0.0, 1e308, [], {}, [[]], {"a": 1}, ["side-1-1"], [["a"], "b"]),
)
CHANGED = 0.05  # of the messages of a feed


def changed(value: bytes, rng: Random) -> bytes:
    """The message with one value of it, anywhere, put in place of another, left out, or doubled."""
    told = json.loads(value)
    spots = list(_spots(told))
    where, key = rng.choice(spots)
    what = rng.random()
    if what < 0.1:
        del where[key]
    elif what < 0.3 and isinstance(where[key], int):
        where[key] += rng.choice((-1, 1, 5, 100))
    else:
        where[key] = rng.choice(ODD)
    return json.dumps(told).encode()


def _spots(told: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value: its container and its key."""
    places = told.items() if isinstance(told, dict) else enumerate(told)
    for key, value in list(places):
        yield told, key
        if isinstance(value, dict | list):
            yield from _spots(value)


def feed(rng: Random) -> list[bytes]:
    """A whole match; some of its messages are changed, some come twice, some out of order."""
    told: list[bytes] = []
    for value in EVENTS:
        odd = rng.random() < CHANGED
        told.append(changed(value, rng) if odd else value)
        if odd and rng.random() < 0.7:
            told.append(value)
    if rng.random() < 0.2:
        told[0] = changed(told[0], rng)
    place = rng.randrange(len(told))
    told.insert(rng.randrange(len(told)), told.pop(place))
    return told
