"""How far the published messages show that an earlier owner of a partition got."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec
from confluent_kafka import Message

from streams.kafka.log_identity import PartitionIdentity
from streams.messages.dead_letters import index_of, source_of
from streams.messages.source import Source

Position = tuple[int, int, int]  # offset of the source, then what orders the messages of one source

NOTHING_SENT: Position = (-1, 0, 0)


class Published(NamedTuple):
    """The position of a published message; when its source was appended, and to which log.

    The time is in ms, 0 if unknown; the log is the topic's id, "" if unknown.
    """

    position: Position
    appended: int = 0
    log: str = ""


class Progress(NamedTuple):
    """The last position that was published of the log that is there, and the last one of all."""

    position: Position = NOTHING_SENT
    newest: Published = Published(NOTHING_SENT)

    @property
    def changed(self) -> bool:
        """Whether the last message was made from a log that is gone."""
        return self.position != self.newest.position


def log_changed(outputs: Iterable[Progress]) -> bool:
    """Whether what was published last, on any output topic, was made from a log that is gone."""
    return max(outputs, key=lambda output: output.newest.appended).changed


class _Origin(msgspec.Struct):
    """The part of a message that names what it was made from, and the ball that it is about."""

    source: Source
    seq: int = 0
    rank: int = 0


_ORIGIN = msgspec.json.Decoder(_Origin)


def of_prediction(message: Message) -> Published | None:
    """Where a prediction stands; None for a message that is not of a worker."""
    try:
        made_from = _ORIGIN.decode(message.value() or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    source = made_from.source
    position = (source.offset, made_from.seq, made_from.rank)
    return Published(position, source.appended, source.log)


def of_dead_letter(letter: Message) -> Published | None:
    """Where a dead letter stands; None for one that does not name its origin."""
    source = source_of(letter)
    if source.offset < 0:
        return None
    return Published((source.offset, index_of(letter), 0), source.appended, source.log)


def progress(
    newest_first: Iterable[Message],
    read: Callable[[Message], Published | None],
    balls: PartitionIdentity,
) -> Progress:
    """The last message that was made from the log of balls that is there.

    Mostly it is the last one of all. Else the log of balls is read, to find the first of
    `newest_first` whose source still lies in it.
    """
    messages = iter(published for m in newest_first if (published := read(m)) is not None)
    last = next(messages, None)
    if last is None:
        return Progress()
    if balls.holds(last.position[0], last.appended, last.log):
        return Progress(last.position, last)
    return Progress(_last_held(messages, balls), last)


def _last_held(newest_first: Iterator[Published], balls: PartitionIdentity) -> Position:
    times = cache(balls.times)
    for position, appended, log in newest_first:
        if balls.is_log(log) and times().get(position[0]) == appended:
            return position
    return NOTHING_SENT
