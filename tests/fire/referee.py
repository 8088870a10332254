"""Reads every topic, and Redis, after an attack, and says what is not as it must be."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from confluent_kafka import Message

from features.store import OnlineStore
from learning.model.snapshot import decode as decode_snapshot
from streams.kafka.log_identity import appended_at
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import (
    BALLS,
    DEAD_LETTERS,
    DRIFT,
    LABELS,
    METRICS,
    MODELS,
    PREDICTIONS,
    Topic,
    real_name,
)
from streams.messages import metrics
from streams.messages.dead_letters import source_of
from streams.messages.events import BallBowled
from streams.messages.labels import LabelMessage, decode_label
from streams.messages.predictions import PredictionMessage, decode_prediction
from streams.messages.source import Source
from streams.pipeline.canonical import canonical_hash
from streams.pipeline.match_record import MatchRecord, decode_parts, encode_record, online_features
from streams.settings import Settings
from tests.fire.loop import Lessons, Letter, Loop, Run, answers, by_match, lessons

ADDED = ("balls", "letters", "matches", "lost", "doubled", "mismatched")  # those of one log
NAMED = 5  # faults that are named of each sort


@dataclass
class Verdict:
    """What was found. Only what is counted up to `elsewhere` may differ from nought."""

    balls: int = 0
    letters: int = 0
    learned: int = 0
    matches: int = 0
    asleep: int = 0
    evicted: int = 0
    elsewhere: int = 0
    lost: int = 0
    doubled: int = 0
    mismatched: int = 0
    faults: list[str] = field(default_factory=list)

    def and_then(self, later: "Verdict") -> "Verdict":
        """This and what was found afterwards, of a log that took the place of this one's."""
        counts = {name: getattr(self, name) + getattr(later, name) for name in ADDED}
        return replace(later, **counts, faults=self.faults + later.faults)

    def check(self, what: str, wrong: Iterable[object]) -> int:
        """Notes what is wrong; how much of it there is."""
        found = list(wrong)
        if found:
            first = ", ".join(map(str, found[:NAMED]))
            self.faults.append(f"{what}: {len(found)}, such as {first}")
        return len(found)


class Referee:
    """The examination of one deployment, all of whose messages have been worked on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._journal = LogReader(settings.kafka_access)
        self._store = OnlineStore(settings.redis_url, settings.topic_prefix, settings.match_ttl)
        self.verdict = Verdict()

    def examine(self) -> Verdict:
        """Everything, partition by partition."""
        partitions, learned = self._partitions(BALLS), self._partitions(LABELS)
        self._log_id = self._journal.topic_id_now(real_name(BALLS, self._settings))
        self._times = {p: dict(self._appended(p)) for p in partitions}
        values = {p: self._published(p) for p in partitions}
        said = [decode_prediction(value) for found in values.values() for value in found]
        loop = Loop(self._settings, said)
        runs = {p: loop.run(p) for p in partitions}
        told = (decode_label(m.value() or b"") for p in learned for m in self._all(LABELS, p))
        labels = [label for label in told if self._there(label.source)]
        for partition, run in runs.items():
            self._predictions(values[partition], run, partition)
            self._letters(partition, run)
            self._redis(partition, run, said, labels)
        self._labels(labels, [label for run in runs.values() for label in run.labels])
        self._models({p: lessons(self._settings, p, self._all(LABELS, p)) for p in learned})
        return self.verdict

    def _partitions(self, topic: Topic) -> list[int]:
        return self._journal.partitions(real_name(topic, self._settings))

    def _appended(self, partition: int) -> Iterable[tuple[int, int]]:
        """When each ball of the log that is there was appended, by its offset."""
        return ((m.offset() or 0, appended_at(m)) for m in self._all(BALLS, partition))

    def _there(self, source: Source) -> bool:
        """Whether a message is in the log; its topic may have been made again since."""
        return (
            source.log == self._log_id
            and self._times[source.partition].get(source.offset) == source.appended
        )

    def _published(self, partition: int) -> list[bytes]:
        """What was published of the log that is there."""
        values = self._values(PREDICTIONS, partition)
        there = [value for value in values if self._there(decode_prediction(value).source)]
        self.verdict.elsewhere += len(values) - len(there)
        return there

    def _all(self, topic: Topic, partition: int) -> list[Message]:
        return list(self._journal.read_all(real_name(topic, self._settings), partition))

    def _values(self, topic: Topic, partition: int) -> list[bytes]:
        return [message.value() or b"" for message in self._all(topic, partition)]

    def _predictions(self, values: list[bytes], run: Run, partition: int) -> None:
        """What was published is what the loop says: all of it, once, in its order."""
        found, must = Counter(values), Counter(run.predictions)
        names = Counter(map(_name, values))
        accepted = Counter(map(_name, run.predictions))
        verdict, where = self.verdict, f"partition {partition}: "
        verdict.balls += self._accepted(partition, run)
        verdict.lost += verdict.check(where + "lost", (accepted - names).elements())
        verdict.doubled += verdict.check(where + "twice", (n for n, c in names.items() if c > 1))
        differ = (_name(value) for value in found if value not in must)
        verdict.mismatched += verdict.check(where + "not as recomputed", differ)
        places = [_place(decode_prediction(value)) for value in values]
        back = (f"{a} before {b}" for a, b in pairwise(places) if a >= b)
        verdict.check(where + "the sequence goes back", back)

    def _accepted(self, partition: int, run: Run) -> int:
        """Balls of the log that were not refused: each has a prediction, or the loop is wrong."""
        told = {(p.match_id, p.seq, p.rank) for p in map(decode_prediction, run.predictions)}
        books = [entry for record in run.records.values() for entry in record.log]
        balls = [e for e in books if isinstance(e.event, BallBowled) and not e.refused]
        played = [e for e in balls if e.event.seq <= run.records[e.event.match_id].seq]
        missing = [e.event for e in played if (e.event.match_id, *e.place) not in told]
        self.verdict.check(f"partition {partition}: accepted without a prediction", missing)
        return len(played)

    def _letters(self, partition: int, run: Run) -> None:
        """Every bad message is there once, with its reason."""
        letters = self._all(DEAD_LETTERS, partition)
        there = [x for x in letters if self._there(source_of(x))]
        found = Counter(map(_letter, there))
        must = Counter(run.letters)
        self.verdict.letters += len(must)
        self.verdict.check(
            f"partition {partition}: dead letters missing", (must - found).elements()
        )
        self.verdict.check(f"partition {partition}: dead letters extra", (found - must).elements())

    def _redis(
        self, partition: int, run: Run, said: list[PredictionMessage], labels: list[LabelMessage]
    ) -> None:
        """State, features and canonical hash of every match are those of the loop."""
        read = self._store.read(partition, run.records)
        stored = read.records
        wrong, apart = [], by_match(said, labels)
        for match_id, must in run.records.items():
            self.verdict.matches += 1
            if match_id in read.evicted:  # restored when its next message comes
                self.verdict.evicted += 1
                continue
            if match_id not in stored:
                wrong.append(f"{match_id} is not in Redis")
                continue
            found = decode_parts(stored[match_id].record, stored[match_id].book)
            if found.asleep:  # ended before Redis was lost: the log has it
                self.verdict.asleep += 1
                wrong += [match_id] * ((found.seq, found.offset) != (must.seq, must.offset))
            elif not self._same(found, must, apart[match_id]):
                wrong.append(match_id)
            elif self._store.features(partition, match_id) != online_features(must):
                wrong.append(f"features of {match_id}")
        self.verdict.check(f"partition {partition}: state differs", wrong)

    def _same(
        self,
        found: MatchRecord,
        must: MatchRecord,
        told: tuple[list[PredictionMessage], list[LabelMessage]],
    ) -> bool:
        whole = encode_record(found) == encode_record(must)
        return whole and canonical_hash(found, *told) == canonical_hash(must, *told)

    def _labels(self, found: list[LabelMessage], must: list[LabelMessage]) -> None:
        """The labels that stand are those of the loop, whichever model was installed then."""
        one, other = answers(found), answers(must)
        differ = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
        self.verdict.check("labels differ", differ)

    def _models(self, lessons: dict[int, Lessons]) -> None:
        """Every snapshot is, byte for byte, that of a loop over the labels; so are the scores."""
        must: dict[tuple[str, str], bytes] = {}
        for lesson in lessons.values():
            must |= lesson.snapshots
            self.verdict.learned += lesson.learned
        published = [
            (s.key, s.version, v) for v in self._values(MODELS, 0) if (s := decode_snapshot(v))
        ]
        names = {(key, version) for key, version, _ in published}
        differ = [(k, v) for k, v, value in published if must.get((k, v)) != value]
        self.verdict.check("snapshots differ", differ)
        self.verdict.check("snapshots missing", must.keys() - names)
        last: dict[str, metrics.Metrics] = {}
        for partition in lessons:
            for value in self._values(METRICS, partition):
                message = metrics.decode(value)
                last[message.model_key] = message.metrics
        said = self._values(DRIFT, 0)
        decided = [value for lesson in lessons.values() for value in lesson.decisions]
        missing, extra = Counter(decided) - Counter(said), Counter(said) - Counter(decided)
        self.verdict.check("decisions missing", missing.elements())
        self.verdict.check("decisions extra", extra.elements())
        scores = {key: m for lesson in lessons.values() for key, m in lesson.scores.items()}
        self.verdict.check("scores differ", (key for key in scores if last.get(key) != scores[key]))


def _name(value: bytes) -> str:
    said = decode_prediction(value)
    kind, revision = type(said).__name__, getattr(said, "revision", "")
    ball = f"{said.match_id} {said.seq}.{said.rank} r{revision}"
    return f"{kind} {ball} @{said.source.offset}"


def _place(said: PredictionMessage) -> tuple[int, int, int]:
    """What a partition is ordered by: the message it was made from, then the order of play."""
    return said.source.offset, said.seq, said.rank


def _letter(message: Message) -> Letter:
    headers = {name: bytes(value or b"") for name, value in message.headers() or []}
    reason = headers["reason"].decode()
    return headers["origin"], int(headers["index"]), reason, message.value() or b""
