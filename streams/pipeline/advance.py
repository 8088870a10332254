"""The pure pipeline: records of one partition in, what follows from them out.

`advance` is the whole of Overcast between reading and writing. The Faust agent calls it with a
batch, a `for` loop over recorded balls calls it with the same records: there is no other way from
a ball to its prediction.

The order of arrival is not the order of play. What comes early is held until what is before it
has come, or patience ends; what comes late or corrects is put in its place, and the match is
played again from there (ADR-6).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from streams.messages.dead_letters import DeadLetter
from streams.messages.events import MatchEvent, MatchStarted, MessageCancelled
from streams.pipeline.effects import Effects, Received
from streams.pipeline.gaps import GapLimits, may_wait, scored_on, waiting_for
from streams.pipeline.match_log import Entry, entry_at, find, same_fact
from streams.pipeline.match_player import MatchPlayer, Models
from streams.pipeline.match_record import MatchRecord

__all__ = ["Models", "advance", "refused"]

START = (0, 0)  # the place of match_started
UNKNOWN = "unknown match: its match_started has not come"
_OFFSET = attrgetter("source.offset")
LONGEST_BOOK = 5_000  # messages of a match: four times the longest one-day match; a broken feed


@dataclass(frozen=True, slots=True)
class Rules:
    """Who answers, and how long a match waits for a message."""

    models: Models
    patience: GapLimits


def advance(
    live: Mapping[str, MatchRecord],
    batch: Sequence[Received],
    models: Models,
    patience: GapLimits = GapLimits(),  # noqa: B008  immutable
    effects: Effects | None = None,
) -> Effects:
    """The effects of a batch of one partition on the live matches, which stay as they are.

    They are added to `effects`, if the batch goes on where another stopped. Each match's messages
    are worked on together, since what they need is then at hand; what is said of them comes in the
    order of the batch all the same.
    """
    effects, rules = effects or Effects(), Rules(models, patience)
    before = len(effects.predictions), len(effects.labels), len(effects.dead_letters)
    for received in _by_match(batch):
        event = received.event
        if event is None:
            effects.dead_letters.append(refused(received, f"unreadable: {received.unreadable}"))
            continue
        match_id = event.match_id
        record = effects.records.get(match_id) or live.get(match_id) or MatchRecord(match_id)
        after = _absorb(effects, record, received, event, rules)
        if after is not None:
            effects.records[match_id] = after
    _in_order(effects.predictions, before[0])
    _in_order(effects.labels, before[1])
    _in_order(effects.dead_letters, before[2])
    return effects


def _by_match(batch: Sequence[Received]) -> Iterable[Received]:
    matches: dict[str, list[Received]] = {}
    for received in batch:
        match_id = "" if received.event is None else received.event.match_id
        matches.setdefault(match_id, []).append(received)
    return chain.from_iterable(matches.values())


def _in_order(said: list[Any], start: int) -> None:
    """Sorts what was said from a place on by the messages that made it, whose offsets rise."""
    said[start:] = sorted(said[start:], key=_OFFSET)


def refused(received: Received, reason: str) -> DeadLetter:
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
        effects.dead_letters.append(refused(received, reason))
        return None
    if record.refusing and event.place != START:  # not kept: they are many, and of no use
        effects.dead_letters.append(refused(received, record.refusing))
        return None
    scorer = MatchPlayer(record, received, rules.models, effects)
    _enter(scorer, event)
    _play_on(scorer)
    _wait(scorer, event, rules.patience)
    return scorer.done(event.at)


def _is_known(record: MatchRecord, event: MatchEvent) -> bool:
    """Whether the event, or a later revision of it, has been absorbed."""
    known = entry_at(record.book, event.place)
    return known is not None and event.revision <= known.event.revision


def misplaced(record: MatchRecord, event: MatchEvent) -> str:
    """Why an event can have no place in the book; "" if it has."""
    started = isinstance(event, MatchStarted)
    if started and event.place != START:
        place = f"{event.seq}" + (f", rank {event.rank}" if event.rank else "")
        if record.seq >= 0:
            return f"started twice: match is at message {record.seq}"
        return f"out of sequence: match_started is message {place}, it must be message 0"
    if event.place == START and not started and not isinstance(event, MessageCancelled):
        return "out of sequence: message 0 must be match_started"
    if len(record.book) >= LONGEST_BOOK and entry_at(record.book, event.place) is None:
        return f"too many messages: the match has {LONGEST_BOOK}"
    return ""


def _enter(scorer: MatchPlayer, event: MatchEvent) -> None:
    """The event in its place of the book; what was played before it should have been, again."""
    index, seq = find(scorer.book, event.place), scorer.record.seq
    new = index == len(scorer.book) or scorer.book[index].place != event.place
    if new:
        entry = Entry(event)
        scorer.book.insert(index, entry)
        scorer.write(index, entry)
        _fill(scorer, event)
    else:
        old = scorer.book[index]
        scorer.write(index, replace(old, event=event))
        if same_fact(old.event, event):
            return
    if event.seq > seq:
        return
    stop = _played(scorer)
    if new and index == stop - 1:
        scorer.play(index)
    else:
        scorer.correct(index, stop)


def _fill(scorer: MatchPlayer, event: MatchEvent) -> None:
    """One gap less, if the event was missing."""
    record = scorer.record
    if record.missing and event.rank == 0:
        missing = tuple(gap for gap in record.missing if gap.seq != event.seq)
        scorer.record = replace(record, missing=missing)


def _played(scorer: MatchPlayer) -> int:
    """How many entries of the book have been played."""
    return find(scorer.book, (scorer.record.seq + 1, 0))


def _held(scorer: MatchPlayer) -> list[Entry]:
    """The entries that came early."""
    in_order = scorer.book[-1].event.seq <= scorer.record.seq
    return [] if in_order else scorer.book[_played(scorer) :]


def _play_on(scorer: MatchPlayer) -> None:
    """Plays what is due: the next message in the order of play, and those that follow it."""
    index = _played(scorer)
    while index < len(scorer.book) and _is_due(scorer.book[index], scorer.record.seq):
        scorer.record = replace(scorer.record, seq=scorer.book[index].event.seq)
        scorer.play(index)
        index += 1


def _is_due(entry: Entry, seq: int) -> bool:
    """Whether an entry follows what was played up to message `seq`."""
    return entry.event.seq == seq + (entry.event.rank == 0)


def _wait(scorer: MatchPlayer, event: MatchEvent, patience: GapLimits) -> None:
    """What cannot be played yet is held, as long as patience lasts; a new wait is told."""
    held = _held(scorer)
    if held and scorer.record.seq < 0:
        scorer.refuse(find(scorer.book, event.place), UNKNOWN)
        return
    while held and not may_wait(held, patience):
        scorer.record = scored_on(scorer.record, held[0])
        _play_on(scorer)
        held = _held(scorer)
    before, gap = scorer.record.waiting, waiting_for(scorer.record, held)
    if gap != before:
        scorer.record = replace(scorer.record, waiting=gap)
        if gap is not None and (before is None or before.since != gap.since):
            scorer.tell_wait(gap, len(held), event.at)
