"""The undisturbed run: a plain loop over the log that was left, by the models that it names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from confluent_kafka import Message

from consumers.shadow.recompute import Recomputation
from learning.contest.learner_state import written_state
from learning.contest.state import ContestState
from learning.model.engine_cache import shared
from learning.model.prequential import Metrics
from learning.model.snapshot import encode as encode_snapshot
from learning.starter import load_starter
from streams.kafka.log_identity import appended_at
from streams.kafka.topics import LABELS, real_name
from streams.messages import decisions
from streams.messages.dead_letters import origin
from streams.messages.labels import LabelMessage
from streams.messages.predictions import PredictionMessage, encode
from streams.pipeline.canonical import corrected
from streams.pipeline.effects import Effects
from streams.pipeline.label_revisions import question
from streams.pipeline.learn import LabelRecord, LearnRules, learn
from streams.pipeline.match_record import MatchRecord
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
        self._again = Recomputation(settings, said)

    def run(self, partition: int) -> Run:
        """Everything that a partition's messages led to."""
        found = Run()
        for _, effects in self._again.partition(partition):
            _enter(found, effects)
        return found


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


def lessons(settings: Settings, partition: int, log: Iterable[Message]) -> Lessons:
    """What a label log teaches, all of it in one batch."""
    topic = real_name(LABELS, settings)
    rules = LearnRules(topic, partition, settings.snapshot_every, settings.snapshot_moved, shared())
    starters = load_starter()
    states = {key: written_state(ContestState(starter)) for key, starter in starters.items()}
    effects = learn(
        states, [LabelRecord(m.offset() or 0, m.value() or b"", appended_at(m)) for m in log], rules
    )
    return Lessons(
        snapshots={(s.key, s.version): encode_snapshot(s) for s in effects.snapshots},
        scores={message.model_key: message.metrics for message in effects.metrics},
        decisions=[decisions.encode(decision) for decision in effects.decisions],
        learned=effects.learned.total(),
    )


def answers(labels: list[LabelMessage]) -> dict[tuple[str, str], bytes]:
    """The labels that stand, by match and question."""
    standing = corrected(labels)
    return {(m.match_id, question(m.label.task)): msgspec.json.encode(m.label) for m in standing}


def by_match(
    said: list[PredictionMessage], labels: list[LabelMessage]
) -> dict[str, tuple[list[PredictionMessage], list[LabelMessage]]]:
    """The messages and labels of each match."""
    found: dict[str, tuple[list[PredictionMessage], list[LabelMessage]]] = defaultdict(
        lambda: ([], [])
    )
    for message in said:
        found[message.match_id][0].append(message)
    for label in labels:
        found[label.match_id][1].append(label)
    return found
