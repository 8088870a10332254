"""The pure pipeline of balls: messages of one partition in, their effects out.

`advance` is the whole of Overcast between reading and writing. The worker calls it with a batch,
recovery calls it with the messages of the log: there is no other way from a ball to its prediction.

The order of arrival is not the order of play. What comes early is held until what is before it has
come, or for as long as the limits allow; what comes late or corrects is put in its place, and the
match is played again from there (ADR-6). This module finds out what is to be played, and from
where; `MatchPlayer` plays it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any

from streams.messages.dead_letters import DeadLetter
from streams.messages.events import MatchEvent, MatchStarted, MessageCancelled
from streams.pipeline.effects import Effects, Received
from streams.pipeline.gaps import GapLimits, may_wait, waiting_for
from streams.pipeline.match_log import Entry, entry_at, find, same_fact
from streams.pipeline.match_player import MatchPlayer, Models
from streams.pipeline.match_record import MatchRecord

__all__ = ["Models", "advance", "dead_letter_of"]

START = (0, 0)  # the place of match_started
UNKNOWN = "unknown match: its match_started has not come"
_OFFSET = attrgetter("source.offset")
_PLACE = attrgetter("source.offset", "seq", "rank")  # by which a publisher knows what it has sent
LONGEST_LOG = 5_000  # messages: four times the longest one-day match; more is a broken feed


@dataclass(frozen=True, slots=True)
class Rules:
    """The models that answer, and how long a match waits for a message."""

    models: Models
    limits: GapLimits


def advance(
    live: Mapping[str, MatchRecord],
    batch: Sequence[Received],
    models: Models,
    limits: GapLimits = GapLimits(),  # noqa: B008  immutable
    effects: Effects | None = None,
) -> Effects:
    """The effects of a batch of one partition on the live matches, which stay as they are.

    They are added to `effects`, if the batch continues another one. The messages of one match are
    processed together, since they need the same data; their effects are in the order of the batch
    all the same.
    """
    effects, rules = effects or Effects(), Rules(models, limits)
    before = len(effects.predictions), len(effects.labels), len(effects.dead_letters)
    for received in _by_match(batch):
        event = received.event
        if event is None:
            effects.dead_letters.append(
                dead_letter_of(received, f"unreadable: {received.unreadable}")
            )
            continue
        match_id = event.match_id
        record = effects.records.get(match_id) or live.get(match_id) or MatchRecord(match_id)
        after = _absorb(effects, record, received, event, rules)
        if after is not None:
            effects.records[match_id] = after
    _sort_from(effects.predictions, before[0], _PLACE)
    _sort_from(effects.labels, before[1], _OFFSET)
    _sort_from(effects.dead_letters, before[2], _OFFSET)
    return effects


def _by_match(batch: Sequence[Received]) -> Iterable[Received]:
    matches: dict[str, list[Received]] = {}
    for received in batch:
        match_id = "" if received.event is None else received.event.match_id
        matches.setdefault(match_id, []).append(received)
    return chain.from_iterable(matches.values())


def _sort_from(messages: list[Any], start: int, order: Callable[[Any], Any]) -> None:
    """Sort messages from an index on by the messages that led to them."""
    messages[start:] = sorted(messages[start:], key=order)


def dead_letter_of(received: Received, reason: str) -> DeadLetter:
    """The dead letter of a message."""
    return DeadLetter(key=received.key, value=received.value, reason=reason, source=received.source)


def _absorb(
    effects: Effects, record: MatchRecord, received: Received, event: MatchEvent, rules: Rules
) -> MatchRecord | None:
    """The record after one event; None where the event changed nothing."""
    if _is_known(record, event):
        effects.repeated += 1
        return None
    reason = misplaced(record, event)
    if reason:
        effects.dead_letters.append(dead_letter_of(received, reason))
        return None
    if (
        record.refusing and event.place != START
    ):  # such messages are not kept: they are many, and of no use
        effects.dead_letters.append(dead_letter_of(received, record.refusing))
        return None
    player = MatchPlayer(record, received, rules.models, effects)
    _enter(player, event)
    _play_due(player)
    _hold(player, event, rules.limits)
    return player.finish(event.at)


def _is_known(record: MatchRecord, event: MatchEvent) -> bool:
    """Whether the event, or a later revision of it, has been absorbed."""
    known = entry_at(record.log, event.place)
    return known is not None and event.revision <= known.event.revision


def misplaced(record: MatchRecord, event: MatchEvent) -> str:
    """Why an event cannot have a place in the log; "" if it can."""
    started = isinstance(event, MatchStarted)
    if started and event.place != START:
        place = f"{event.seq}" + (f", rank {event.rank}" if event.rank else "")
        if record.seq >= 0:
            return f"started twice: match is at message {record.seq}"
        return f"out of sequence: match_started is message {place}, it must be message 0"
    if event.place == START and not started and not isinstance(event, MessageCancelled):
        return "out of sequence: message 0 must be match_started"
    if len(record.log) >= LONGEST_LOG and entry_at(record.log, event.place) is None:
        return f"too many messages: the match has {LONGEST_LOG}"
    return ""


def _enter(player: MatchPlayer, event: MatchEvent) -> None:
    """Enter the event in its place of the log; play again what was played before it came."""
    index, seq = find(player.log, event.place), player.record.seq
    new = index == len(player.log) or player.log[index].place != event.place
    if new:
        player.insert(index, event)
    else:
        before = player.log[index].event
        player.revise(index, event)
        if same_fact(before, event):
            return
    if event.seq > seq:
        return
    stop = player.played()
    if new and index == stop - 1:
        player.play(index)
    else:
        player.correct(index, stop)


def _play_due(player: MatchPlayer) -> None:
    """Play what is due: the next message in the order of play, and those that follow it."""
    index = player.played()
    while index < len(player.log) and _is_due(player.log[index], player.record.seq):
        player.play_next(index)
        index += 1


def _is_due(entry: Entry, seq: int) -> bool:
    """Whether an entry follows what was played up to message `seq`."""
    return entry.event.seq == seq + (entry.event.rank == 0)


def _held(player: MatchPlayer) -> list[Entry]:
    """The entries that came early."""
    in_order = player.log[-1].event.seq <= player.record.seq
    return [] if in_order else player.log[player.played() :]


def _hold(player: MatchPlayer, event: MatchEvent, limits: GapLimits) -> None:
    """Hold what cannot be played yet, within the limits; beyond them, go on without the rest."""
    held = _held(player)
    if held and player.record.seq < 0:
        player.refuse(find(player.log, event.place), UNKNOWN)
        return
    while held and not may_wait(held, limits):
        player.give_up_before(held[0])
        _play_due(player)
        held = _held(player)
    player.wait(waiting_for(player.record, held), len(held), event.at)
