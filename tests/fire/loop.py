"""The undisturbed run: a plain loop over the log that was left, by the models that it names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from confluent_kafka import Message

from learning.forecaster import Forecaster
from learning.learner import Learner
from learning.scores import Metrics
from learning.snapshot import encode as encode_snapshot
from learning.starter import load_starter
from streams.installed import InstalledModels
from streams.journal import Journal
from streams.learning_desk import SOURCE_STEP
from streams.pipeline import advance
from streams.posting import origin
from streams.predictions import LabelMessage, Prediction, Said, Source, decode_label, encode
from streams.records import Effects, MatchRecord, receive
from streams.settings import Settings
from streams.topics import BALLS, LABELS, real_name
from streams.versions import Version, Versions

Letter = tuple[bytes, int, str, bytes]  # origin, index, reason, value


@dataclass
class Run:
    """What a partition of balls must have led to."""

    records: dict[str, MatchRecord] = field(default_factory=dict)
    predictions: list[bytes] = field(default_factory=list)
    labels: list[LabelMessage] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


class Loop:
    """Recomputes partitions of a deployment's log."""

    def __init__(self, settings: Settings, said: Iterable[Said]) -> None:
        self._settings = settings
        self._journal = Journal(settings.kafka)
        self._starters = InstalledModels(load_starter())
        self._named = {
            (p.source.partition, p.source.offset): (p.model_key, p.model)
            for p in said
            if isinstance(p, Prediction)
        }
        named = set(self._named.values())
        self._versions = Versions(named, self._starters, self._journal, settings)

    def run(self, partition: int) -> Run:
        """One message after the other, nothing in between."""
        found, name = Run(), real_name(BALLS, self._settings)
        for message in self._journal.whole(name, partition):
            source = Source(name, partition, message.offset() or 0)
            received = receive(message.key(), message.value(), source)
            match_id = received.event.match_id if received.event else ""
            models = self._models(partition, source.offset, found.records.get(match_id))
            _enter(found, advance(found.records, [received], models))
        return found

    def _models(
        self, partition: int, offset: int, record: MatchRecord | None
    ) -> Mapping[str, Forecaster]:
        """The model that the message's prediction names; where there is none, the match's last."""
        named: Version | None = self._named.get((partition, offset))
        if named is None and record is not None and record.memory is not None:
            named = (record.model_key, record.memory.model)
        forecaster = named and self._versions.forecaster(named)
        return {named[0]: forecaster} if named and forecaster else self._starters


def _enter(found: Run, effects: Effects) -> None:
    found.records |= effects.records
    found.predictions += map(encode, effects.predictions)
    found.labels += effects.labels
    found.letters += (
        (origin(letter.source), letter.index, letter.reason, letter.value or b"")
        for letter in effects.dead_letters
    )


@dataclass
class Lessons:
    """What the learner of one label partition must have published, and how often it learned."""

    snapshots: dict[tuple[str, str], bytes] = field(default_factory=dict)
    scores: dict[str, Metrics] = field(default_factory=dict)
    learned: int = 0
    repeated: int = 0


def learn(settings: Settings, partition: int, log: Iterable[Message]) -> Lessons:
    """A loop over a label log: each label once, a snapshot after every so many."""
    found, name = Lessons(), f"{real_name(LABELS, settings)}/{partition}"
    starters = load_starter()
    learners: dict[str, Learner] = {}
    positions: dict[str, dict[str, int]] = {}
    for message in log:
        label = decode_label(message.value() or b"")
        key = label.label.key
        learner = learners.setdefault(key, Learner(starters[key]))
        known = positions.setdefault(key, dict(starters[key].positions))
        place = label.source.offset * SOURCE_STEP + label.index
        feed = f"{label.source.topic}/{label.source.partition}"
        if place <= known.get(feed, -1):
            found.repeated += 1
            continue
        known |= {feed: place, name: (message.offset() or 0) + 1}
        if label.revision:
            continue
        learner.learn(label.label)
        found.learned += 1
        found.scores[key] = learner.metrics
        if learner.labels % settings.snapshot_every == 0:
            version = f"{starters[key].version.split('+')[0]}+{learner.labels}"
            snapshot = learner.snapshot(version, known)
            found.snapshots[key, version] = encode_snapshot(snapshot)
            learners[key] = Learner(snapshot)
    return found
