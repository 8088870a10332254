"""Every version of a model that the logs know: its stage, since when, and scored on what.

Which version serves is decided on the log, by snapshots on `cricket.models` and decisions on
`cricket.drift`; this only reads them. A stage is one of STAGES.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from learning.contest.decisions import AnyDecision, Evidence, Promoted, Raised, Retired, RolledBack
from learning.model.snapshot import Snapshot, SnapshotError
from learning.starter import load_starter
from streams.kafka.log_identity import appended_at
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import DRIFT, MODELS, real_name
from streams.messages import decisions
from streams.models.snapshot_messages import ModelMessages
from streams.settings import Settings

STAGES = {
    "champion": "serves",
    "previous": "served before the last promotion, and may come back",
    "challenger": "on trial beside the champion",
    "retired": "was on trial, and lost",
    "rolled back": "was promoted, and taken back",
    "earlier": "served before, and was followed by what it learned",
    "shipped": "comes with the code",
}


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version, its stage since `at` (ms; 0: since it was shipped), and what it was judged on.

    `snapshot` is None of a version that only decisions name; `evidence` is that of the decision
    that gave it its stage, `decided_by` the operator who ordered that, "" for the learner itself.
    """

    key: str
    version: str
    stage: str
    at: int = 0
    snapshot: Snapshot | None = None
    evidence: Evidence | None = None
    decided_by: str = ""


@dataclass(slots=True)
class ModelLog:
    """What the logs hold: snapshots with the time of their append, the oldest first; decisions."""

    snapshots: list[tuple[Snapshot, int]] = field(default_factory=list)
    decisions: list[AnyDecision] = field(default_factory=list)


def read_model_log(settings: Settings) -> ModelLog:
    """Read both logs; a snapshot that must not be installed is left out, as workers do."""
    reader, messages = LogReader(settings.kafka_access), ModelMessages(settings)
    shipped = [(snapshot, 0) for snapshot in load_starter().values()]
    return ModelLog([*shipped, *_good(reader, messages, settings)], decided(reader, settings))


def _good(
    reader: LogReader, messages: ModelMessages, settings: Settings
) -> Iterator[tuple[Snapshot, int]]:
    for message in reader.read_all(real_name(MODELS, settings), 0):
        try:
            yield messages.read(message), appended_at(message)
        except SnapshotError:
            continue  # the workers refused it too, and logged it


def decided(reader: LogReader, settings: Settings) -> list[AnyDecision]:
    """All decisions in order, each once: a learner that was killed may send one twice."""
    by_id: dict[str, AnyDecision] = {}
    for message in reader.read_all(real_name(DRIFT, settings), 0):
        try:
            decision = decisions.decode(message.value() or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not a decision
        by_id.setdefault(decision.id, decision)
    return list(by_id.values())


def versions(log: ModelLog, key: str) -> list[ModelVersion]:
    """The versions of a model key, the newest first."""
    known: dict[str, ModelVersion] = {}
    for snapshot, at in log.snapshots:
        if snapshot.key == key:
            known[snapshot.version] = ModelVersion(key, snapshot.version, "earlier", at, snapshot)
    shipped = next(iter(known.values()), None)
    serving = list(known.values())[-1] if known else None
    for decision in log.decisions:
        if decision.model_key == key:
            known |= _after(known, decision)
    if shipped is not None and known[shipped.version].stage == "earlier":
        known[shipped.version] = replace(known[shipped.version], stage="shipped")
    if serving is not None:
        known[serving.version] = replace(serving, stage="champion")
    return sorted(known.values(), key=lambda version: -version.at)


def _after(known: Mapping[str, ModelVersion], decision: AnyDecision) -> dict[str, ModelVersion]:
    """The versions whose stage a decision changed."""
    if isinstance(decision, Raised):
        changed = {decision.challenger: "challenger"}
    elif isinstance(decision, Retired):
        changed = {decision.challenger: "retired"}
    elif isinstance(decision, Promoted):
        changed = {decision.challenger: "earlier", decision.former: "previous"}
        changed |= {v: "earlier" for v, old in known.items() if old.stage == "previous"} | changed
    elif isinstance(decision, RolledBack):
        changed = {decision.challenger: "rolled back", decision.former: "earlier"}
    else:
        return {}
    return {version: _staged(known, decision, version, stage) for version, stage in changed.items()}


def _staged(
    known: Mapping[str, ModelVersion], decision: AnyDecision, version: str, stage: str
) -> ModelVersion:
    before = known.get(version, ModelVersion(decision.model_key, version, stage))
    evidence = getattr(decision, "evidence", None)
    return replace(
        before,
        stage=stage,
        at=decision.at,
        evidence=evidence if isinstance(evidence, Evidence) else None,
        decided_by=decision.operator,
    )


def ancestors(log: ModelLog, version: ModelVersion) -> Iterator[str]:
    """The versions from which this one was learned, its parent first, as far as the log tells."""
    parents = {s.version: s.parent for s, _ in log.snapshots if s.key == version.key}
    raised = {d.challenger: d.parent for d in log.decisions if isinstance(d, Raised)}
    parents = raised | parents
    name, passed = parents.get(version.version, ""), {version.version}
    while name and name not in passed:
        yield name
        passed.add(name)
        name = parents.get(name, "")


def named(found: Iterable[ModelVersion], version: str) -> ModelVersion:
    """The version of a name; ValueError if there is none, or none whose snapshot is kept."""
    listed = list(found)
    for each in listed:
        if each.version == version:
            return each
    there = ", ".join(each.version for each in listed) or "none"
    raise ValueError(f"no version {version!r}; there are {there}")
