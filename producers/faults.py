"""Faults of a feed between the ground and the log, injected into a replay from a seed.

Whatever is injected, the log holds the true match in the end: a lost message arrives after all, a
wrong one is amended, a ball that was never bowled is cancelled. So a consumer can be tested: it
must reach the same result as on a clean replay.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from random import Random
from typing import NamedTuple

import msgspec

from producers.mistakes import garbage, mistaken, phantom
from producers.schedule import BALL
from streams.messages.events import (
    BallBowled,
    MatchEvent,
    MatchStarted,
    MessageCancelled,
    Place,
    encode,
)

LOST_FOR = (2, 20)  # times the delay: from gaps that are waited for to gaps that are given up
LONGEST_DELAY = 86_400  # seconds: a day
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Faults:
    """Each kind's share of the messages, 0 to 1; `delay` is the longest delay in milliseconds.

    duplicates: sent again. reorder: late by a ball or more. loss: missing for 2 to 20 delays.
    amend: sent wrong first. cancel: cancelled and restored, or followed by a phantom ball that is
    cancelled. insert: forgotten, and sent later without a number of its own. garbage: followed by
    bytes that are not an event.
    """

    duplicates: float = 0.0
    reorder: float = 0.0
    loss: float = 0.0
    amend: float = 0.0
    cancel: float = 0.0
    insert: float = 0.0
    garbage: float = 0.0
    delay: int = 30_000


KINDS = tuple(field.name for field in fields(Faults) if field.name != "delay")

Fault = tuple[int, str]  # the message's number in the true match, and the kind


def parse(text: str) -> Faults:
    """Parse faults such as "duplicates=0.02,delay=30s"; ValueError names the part that is wrong.

    >>> parse("loss=0.01,delay=90s")
    Faults(duplicates=0.0, reorder=0.0, loss=0.01, amend=0.0, cancel=0.0, insert=0.0, garbage=0.0, \
delay=90000)
    """
    values: dict[str, float | int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if name not in {*KINDS, "delay"}:
            raise ValueError(f"unknown fault {name!r}; there are {', '.join(KINDS)} and delay")
        if not sign or name in values:
            raise ValueError(f"fault {part!r}: give each once, as {name}=value")
        values[name] = _delay(value) if name == "delay" else _share(name, value)
    return Faults(**values)  # type: ignore[arg-type]


def _share(name: str, value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"fault {name}={value}: a share of the messages is from 0 to 1")
    return share


def _delay(value: str) -> int:
    number = value.rstrip("ms")
    unit = value[len(number) :] or "s"
    try:
        seconds = float(number) * SECONDS[unit]
    except (ValueError, KeyError):
        seconds = -1.0
    if not 0.0 <= seconds <= LONGEST_DELAY:
        raise ValueError(f"fault delay={value}: a time such as 500ms, 30s or 2m, at most a day")
    return int(seconds * 1_000)


class Delivery(NamedTuple):
    """A message to send and when (feed time in ms); garbage has no event.

    `fresh` marks the first message about its fact.
    """

    at: int
    match_id: str
    value: bytes
    event: MatchEvent | None = None
    fresh: bool = False


def injected(
    events: Iterable[MatchEvent], faults: Faults, seed: int, only: Collection[Fault] | None = None
) -> Iterator[Delivery]:
    """Yield the deliveries of events that are ordered by time; all of them are sent in the end.

    With `only`, just those of the drawn faults are injected: so a failing case can be made smaller.
    """
    feeds: dict[str, _Feed] = {}
    pending: list[tuple[int, int, Delivery]] = []
    count = 0
    for event in events:
        while pending and pending[0][0] < event.at:
            yield heapq.heappop(pending)[2]
        feed = feeds.setdefault(event.match_id, _Feed())
        chosen = drawn(event, faults, seed, only)
        for delivery in feed.deliveries(event, chosen, faults.delay):
            heapq.heappush(pending, (delivery.at, count, delivery))
            count += 1
    while pending:
        yield heapq.heappop(pending)[2]


class Drawn(NamedTuple):
    """The faults of one message: their kinds, and the generator that draws their details."""

    kinds: frozenset[str]
    chance: Random


def drawn(
    event: MatchEvent, faults: Faults, seed: int, only: Collection[Fault] | None = None
) -> Drawn:
    """Draw the faults of a message; they depend on the seed and the message only."""
    chance = Random(f"{seed}/{event.match_id}/{event.seq}")
    kinds = {kind for kind in KINDS if chance.random() < getattr(faults, kind)}
    if only is not None:
        kinds = {kind for kind in kinds if (event.seq, kind) in only}
    return Drawn(frozenset(kinds), chance)


class _Feed:
    """One match's feed: it numbers its messages and remembers the last number."""

    def __init__(self) -> None:
        self._seq = -1
        self._rank = 0

    def deliveries(self, true: MatchEvent, drawn: Drawn, delay: int) -> Iterator[Delivery]:
        """Yield everything that is ever sent because of a true event."""
        kinds, chance = drawn
        soon, later = (int(chance.random() * delay) for _ in range(2))
        late = int(chance.uniform(*LOST_FOR) * delay)
        forgotten = "insert" in kinds and isinstance(true, BallBowled)
        event = _placed(true, self._next(forgotten=forgotten))
        at = true.at + (late if forgotten or "loss" in kinds else 0)
        at += BALL + soon if "reorder" in kinds else 0
        first = mistaken(event, chance) if "amend" in kinds else event
        yield _delivery(first, at, fresh=True)
        if "duplicates" in kinds:
            yield _delivery(first, true.at + later)
        if first is not event:
            yield _revised(event, 1, true.at + later)
        if "garbage" in kinds:
            yield Delivery(true.at, true.match_id, garbage(event, chance))
        if "cancel" in kinds and not isinstance(true, MatchStarted):
            yield from self._cancelled(event, chance, true.at + soon, true.at + soon + later)

    def _cancelled(
        self, event: MatchEvent, chance: Random, at: int, then: int
    ) -> Iterator[Delivery]:
        """Cancel and restore the event; or send and cancel a ball that was never bowled."""
        if chance.random() < 0.5 or not isinstance(event, BallBowled):
            yield _revised(_cancelling(event), 2, at)
            yield _revised(event, 3, then)
        else:
            extra = _placed(phantom(event, chance), self._next(forgotten=True))
            yield _delivery(extra, at)
            yield _revised(_cancelling(extra), 1, then)

    def _next(self, *, forgotten: bool) -> Place:
        """Return the place after the last one; a forgotten message has no number of its own."""
        seq, rank = (self._seq, self._rank + 1) if forgotten else (self._seq + 1, 0)
        self._seq, self._rank = seq, rank
        return seq, rank


def _placed(event: MatchEvent, place: Place) -> MatchEvent:
    return msgspec.structs.replace(event, seq=place[0], rank=place[1])


def _cancelling(event: MatchEvent) -> MatchEvent:
    return MessageCancelled(match_id=event.match_id, seq=event.seq, rank=event.rank)


def _delivery(event: MatchEvent, at: int, *, fresh: bool = False) -> Delivery:
    return Delivery(at, event.match_id, encode(event), event, fresh)


def _revised(event: MatchEvent, revision: int, at: int) -> Delivery:
    return _delivery(msgspec.structs.replace(event, revision=revision, at=at), at)
