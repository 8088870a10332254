"""The undisturbed run: a plain loop over the log that was left, by the models that it names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from confluent_kafka import Message

from learning.contest.contest import Answer, Contest, publishes
from learning.contest.decisions import Cause
from learning.contest.state import ContestState
from learning.model.engine_cache import shared
from learning.model.prequential import Metrics
from learning.model.snapshot import encode as encode_snapshot
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, LABELS, real_name
from streams.messages import decisions
from streams.messages.dead_letters import origin
from streams.messages.labels import LabelMessage, decode_label
from streams.messages.predictions import Prediction, PredictionMessage, encode
from streams.messages.source import Source
from streams.models.past_versions import PastVersions, Version
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, receive
from streams.pipeline.match_record import MatchRecord
from streams.pipeline.packed_match import unpack
from streams.processors.labels import SOURCE_STEP
from streams.settings import Settings

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

    def __init__(self, settings: Settings, said: Iterable[PredictionMessage]) -> None:
        self._settings = settings
        self._journal = LogReader(settings.kafka)
        self._starters = InstalledModels(load_starter())
        self._named = {
            (p.source.partition, p.source.offset): (p.model_key, p.model)
            for p in said
            if isinstance(p, Prediction)
        }
        named = set(self._named.values())
        self._versions = PastVersions(named, self._starters, self._journal, settings)

    def run(self, partition: int) -> Run:
        """One message after the other, nothing in between."""
        found, name = Run(), real_name(BALLS, self._settings)
        for message in self._journal.read_all(name, partition):
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
    decisions: list[bytes] = field(default_factory=list)
    learned: int = 0


class Lesson:
    """A loop over one label log: each label once, a snapshot whenever one is due."""

    def __init__(self, settings: Settings, partition: int) -> None:
        self._every, self._moved = settings.snapshot_every, settings.snapshot_moved
        self._topic = real_name(LABELS, settings)
        self._partition = partition
        self._starters = load_starter()
        self._engines = shared()
        self._contests: dict[str, Contest] = {}
        self._positions: dict[str, dict[str, int]] = {}
        self.found = Lessons()

    def learn(self, message: Message) -> None:
        """One message of the log."""
        offset, told = message.offset() or 0, decode_label(message.value() or b"")
        key, starter = told.label.key, self._starters[told.label.key]
        if key not in self._contests:
            self._contests[key] = Contest(ContestState(starter), self._engines)
        known = self._positions.setdefault(key, dict(starter.positions))
        place = told.source.offset * SOURCE_STEP + told.index
        feed = f"{told.source.topic}/{told.source.partition}"
        if place <= known.get(feed, -1):
            return
        known |= {feed: place, f"{self._topic}/{self._partition}": offset + 1}
        if not told.revision:
            self._answered(key, self._contests[key], self._answer(offset, told))

    def _answer(self, offset: int, told: LabelMessage) -> Answer:
        cause = Cause(self._topic, self._partition, offset, told.match_id)
        match = unpack(told.match) if told.match else None
        if match is None:
            return Answer(told.label, cause, told.at)
        return Answer(told.label, cause, told.at, match.began, match.fixture, match.facts)

    def _answered(self, key: str, contest: Contest, answer: Answer) -> None:
        made = contest.learn(answer)
        self.found.learned += 1
        self.found.scores[key] = contest.learner.metrics
        self.found.decisions += map(decisions.encode, made)
        if publishes(made) or contest.due(self._every, self._moved):
            version = f"{contest.champion.version.split('+')[0]}+{contest.learner.labels}"
            standing = contest.settled(version, self._positions[key])
            if not standing.frozen:
                champion = standing.champion
                self.found.snapshots[key, champion.version] = encode_snapshot(champion)


def learn(settings: Settings, partition: int, log: Iterable[Message]) -> Lessons:
    """What a label log teaches."""
    lesson = Lesson(settings, partition)
    for message in log:
        lesson.learn(message)
    return lesson.found
