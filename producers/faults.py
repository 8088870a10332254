"""What goes wrong on the way from a ground to a log, injected into a replay from a seed.

Whatever is injected, the log tells the true match in the end: what was lost comes after all, what
was told wrongly is amended, what never happened is cancelled. So a consumer can be tested against
it: it must end where a clean replay ends.
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

LOST_FOR = (2, 20)  # times the delay: from what is waited for to what is given up
LONGEST_DELAY = 86_400  # seconds: a day
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Faults:
    """Each kind's share of the messages, 0 to 1; `delay` is the longest one in milliseconds.

    duplicates: sent again. reorder: late by a ball and more. loss: missing for 2 to 20 delays.
    amend: told wrongly first. cancel: cancelled and restored, or a phantom ball after it told and
    cancelled. insert: forgotten, and told without a number of its own. garbage: followed by what is
    no event.
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
    """Faults from "duplicates=0.02,delay=30s"; ValueError says which part is wrong and how.

    >>> parse("loss=0.01,delay=90s")
    Faults(duplicates=0.0, reorder=0.0, loss=0.01, amend=0.0, cancel=0.0, insert=0.0, garbage=0.0, \
delay=90000)
    """
    found: dict[str, float | int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if name not in {*KINDS, "delay"}:
            raise ValueError(f"unknown fault {name!r}; there are {', '.join(KINDS)} and delay")
        if not sign or name in found:
            raise ValueError(f"fault {part!r}: give each once, as {name}=value")
        found[name] = _delay(value) if name == "delay" else _share(name, value)
    return Faults(**found)  # type: ignore[arg-type]


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
    """A message on its way: when it is sent (feed time in ms), and what; no event for garbage.

    `fresh` where it is the first that tells of its fact.
    """

    at: int
    match_id: str
    value: bytes
    event: MatchEvent | None = None
    fresh: bool = False


def injected(
    events: Iterable[MatchEvent], faults: Faults, seed: int, only: Collection[Fault] | None = None
) -> Iterator[Delivery]:
    """The events, which come by time, as they are sent; everything is sent in the end.

    Of the faults that the seed draws, those in `only`, if it is given: a failure is made smaller.
    """
    feeds: dict[str, _Feed] = {}
    pending: list[tuple[int, int, Delivery]] = []
    count = 0
    for event in events:
        while pending and pending[0][0] < event.at:
            yield heapq.heappop(pending)[2]
        feed = feeds.setdefault(event.match_id, _Feed())
        chosen = drawn(event, faults, seed, only)
        for delivery in feed.told(event, chosen, faults.delay):
            heapq.heappush(pending, (delivery.at, count, delivery))
            count += 1
    while pending:
        yield heapq.heappop(pending)[2]


class Drawn(NamedTuple):
    """What goes wrong with one message: the kinds, and the chance that settles the rest."""

    kinds: frozenset[str]
    chance: Random


def drawn(
    event: MatchEvent, faults: Faults, seed: int, only: Collection[Fault] | None = None
) -> Drawn:
    """What the seed draws for a message, whatever it draws for others."""
    chance = Random(f"{seed}/{event.match_id}/{event.seq}")
    kinds = {kind for kind in KINDS if chance.random() < getattr(faults, kind)}
    if only is not None:
        kinds = {kind for kind in kinds if (event.seq, kind) in only}
    return Drawn(frozenset(kinds), chance)


class _Feed:
    """One match's feed: it numbers what it tells, and remembers where it is."""

    def __init__(self) -> None:
        self._seq = -1
        self._rank = 0

    def told(self, true: MatchEvent, drawn: Drawn, delay: int) -> Iterator[Delivery]:
        """Everything that is ever sent because of a true event."""
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
        """The event cancelled and restored; or a ball that never was, told and cancelled."""
        if chance.random() < 0.5 or not isinstance(event, BallBowled):
            yield _revised(_cancelling(event), 2, at)
            yield _revised(event, 3, then)
        else:
            never = _placed(phantom(event, chance), self._next(forgotten=True))
            yield _delivery(never, at)
            yield _revised(_cancelling(never), 1, then)

    def _next(self, *, forgotten: bool) -> Place:
        """The place after the last one; a forgotten message has no number of its own."""
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
