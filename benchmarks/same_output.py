"""Every byte that a worker makes of a fixed log, as one digest a topic: to compare two commits.

`python -m benchmarks.same_output` plays the shipped matches, clean and on a bad feed by seed, with
an operator's orders among the labels; and a simulated change of scoring that raises challengers and
promotes one. The shipped models serve throughout. No Kafka, no Redis; it takes half a minute.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, cast

from benchmarks.certain_model import sure
from features.store import OnlineStore
from learning.contest.orders import CheckedOrder, Order
from learning.starter import load_starter
from producers.faults import injected, parse
from producers.recorded import ShippedShelf
from producers.schedule import timed_events
from producers.simulator import season
from streams.access import KafkaAccess
from streams.failure import run
from streams.kafka.fenced_producer import ClaimProducer
from streams.kafka.log_reader import LogReader
from streams.kafka.message import Outgoing
from streams.kafka.producer import Producer
from streams.kafka.topics import label_partition
from streams.messages.dead_letters import origin
from streams.messages.events import encode as encode_event
from streams.messages.labels import LabelMessage, LabelOrOrder, model_key_of
from streams.messages.labels import encode as encode_label
from streams.messages.predictions import encode
from streams.messages.source import Source
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, receive
from streams.pipeline.learn import LabelRecord
from streams.pipeline.match_record import MatchRecord, encode_entry, encode_head, online_features
from streams.processors.label_partition import take_over
from streams.processors.services import Services
from streams.settings import Settings

if TYPE_CHECKING:
    from hashlib import _Hash

BATCH, SEED = 40, 2026
KINDS = ("duplicates=0.02", "reorder=0.05", "loss=0.01", "amend=0.02", "cancel=0.01", "insert=0.01")
FAULTS = parse(",".join((*KINDS, "garbage=0.01")))
BEFORE, AFTER = 17, 30  # matches before and after the change of scoring
CHANGED = "t20-male"


@cache
def settings() -> Settings:
    """The settings of all learners."""
    return Settings(snapshot_every=5, snapshot_store="memory://same-output")


class Digests:
    """A digest and the number of messages, by topic."""

    def __init__(self) -> None:
        self._hashes: defaultdict[str, _Hash] = defaultdict(sha256)
        self._counts = Counter[str]()

    def add(self, topic: str, *parts: bytes | None) -> None:
        """Take in a message."""
        for part in parts:
            text = part or b""
            self._hashes[topic].update(len(text).to_bytes(4) + text)
        self._counts[topic] += 1

    def lines(self) -> Iterator[str]:
        """A line for each topic, and one for all of them."""
        hashes = {topic: self._hashes[topic].hexdigest() for topic in sorted(self._hashes)}
        for topic, text in hashes.items():
            yield f"{topic:24} {self._counts[topic]:6} messages {text[:32]}"
        yield f"all {sha256(''.join(hashes.values()).encode()).hexdigest()}"


class Published(Producer):
    """Digests what it is given to send."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests

    def claim(self, name: str) -> Producer:
        """The same producer, whatever its name."""
        del name
        return self

    def write(self, messages: Iterable[Outgoing]) -> None:
        """Take in messages."""
        for message in messages:
            self._digests.add(message.topic, message.key, message.value)


class NoLog(LogReader):
    """A log that holds nothing."""

    def __init__(self) -> None:
        super().__init__(KafkaAccess("nowhere:1"))

    def partitions(self, topic: str) -> list[int]:
        """As many as are set."""
        del topic
        return list(range(settings().partitions))

    def read_all(self, topic: str, partition: int) -> Iterator[object]:  # type: ignore[override]
        """No message."""
        del topic, partition
        return iter(())


def shipped() -> list[bytes]:
    """The shipped matches one after the other, then all of them together on a bad feed."""
    shelf = ShippedShelf()
    matches = [shelf.read(listed) for listed in shelf.listed()]
    clean = [encode_event(event) for match in matches for event in timed_events(match)]
    again = [replace(match, id=f"{match.id}-again") for match in matches]
    events = sorted(chain.from_iterable(map(timed_events, again)), key=lambda event: event.at)
    return clean + [delivery.value for delivery in injected(events, FAULTS, SEED)]


def changed() -> list[bytes]:
    """A season whose scoring changes."""
    matches = [*season(BEFORE, seed=21), *season(AFTER, seed=22, scoring=0.8)]
    return [encode_event(event) for match in matches for event in timed_events(match)]


def forecast(
    values: Sequence[bytes], models: InstalledModels, digests: Digests
) -> list[LabelMessage]:
    """The labels of a log of balls; everything that follows from it is digested."""
    live: dict[str, MatchRecord] = {}
    labels: list[LabelMessage] = []
    for start in range(0, len(values), BATCH):
        batch = [
            receive(b"m", value, Source("cricket.balls", 0, offset))
            for offset, value in enumerate(values[start : start + BATCH], start)
        ]
        effects = advance(live, batch, models)
        live |= effects.records
        labels += effects.labels
        digest_effects(effects, digests)
    return labels


def digest_effects(effects: Effects, digests: Digests) -> None:
    """Take in what goes to Kafka and to Redis."""
    for message in effects.predictions:
        digests.add("cricket.predictions", encode(message))
    for letter in effects.dead_letters:
        reason, source = letter.reason.encode(), origin(letter.source)
        digests.add("cricket.dead-letters", letter.value, reason, source, b"%d" % letter.index)
    for match_id, record in effects.records.items():
        entries = map(encode_entry, effects.entries.get(match_id, {}).values())
        digests.add("redis", encode_head(record), online_features(record), *entries)
    for label in effects.labels:
        digests.add("cricket.labels", encode_label(label))


def learn(labels: Sequence[LabelOrOrder], models: InstalledModels, digests: Digests) -> None:
    """Digest all that the learners publish; batches are of one label and of three in turns."""
    by_partition = defaultdict[int, list[bytes]](list)
    for message in labels:
        key = model_key_of(message)
        partition = label_partition(key, settings().partitions)
        by_partition[partition].append(encode_label(message))
    store, claim = cast("OnlineStore", None), cast("ClaimProducer", None)  # of no use to a learner
    services = Services(settings(), models, store, Published(digests), claim, NoLog())
    for partition, values in sorted(by_partition.items()):
        learner = take_over(services, models, partition)
        size, at = 1, 0
        while at < len(values):
            learner.handle([LabelRecord(*m) for m in enumerate(values[at : at + size], at)])
            size, at = 4 - size, at + size


def with_orders(labels: list[LabelMessage]) -> list[LabelOrOrder]:
    """The labels with an operator's orders among them."""
    key, third = labels[0].label.key, len(labels) // 3

    def order(number: int, action: str) -> CheckedOrder:
        name = str(number)
        given = Order(id=name, model_key=key, action=action, at=number, operator="o", reason="r")
        return CheckedOrder(order=given, place=f"cricket.orders/0@{number} of a-log", at=number)

    freeze, unfreeze, back = order(1, "freeze"), order(2, "unfreeze"), order(3, "rollback")
    middle = labels[third : 2 * third]
    return [*labels[:third], freeze, *middle, unfreeze, back, *labels[2 * third :]]


def main() -> None:
    """Print the digests."""
    digests, starter = Digests(), load_starter()
    models = InstalledModels(starter)
    learn(with_orders(forecast(shipped(), models, digests)), models, digests)
    too_sure = InstalledModels(starter | {CHANGED: sure(starter[CHANGED])})
    learn(forecast(changed(), too_sure, digests), too_sure, digests)
    print(*digests.lines(), sep="\n")


if __name__ == "__main__":
    run(main)
