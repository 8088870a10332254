"""A bad feed through a real worker ends where a clean replay ends, whatever is killed or lost."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec
import pytest

from consumers.audit.one_prediction import audit
from cricket.cricsheet import RecordedMatch
from features.store import OnlineStore
from features.store_client import redis_client
from learning.starter import load_starter
from producers.faults import Delivery, injected, parse
from producers.recorded import shipped_match
from producers.schedule import timed_events
from producers.simulator import season
from streams.kafka.producer import Producer
from streams.messages.events import BallBowled, MatchEvent, encode
from streams.messages.predictions import Waiting
from streams.messages.source import Source
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.canonical import canonical_hash, surviving
from streams.pipeline.effects import receive
from streams.pipeline.match_record import MatchRecord, decode_parts
from streams.rights.roles import AUDITOR, FEED
from streams.settings import Settings
from tests.integration.deployment import Deployment, wait_for
from tests.integration.test_exactness import stored

FAULTS = parse(
    "duplicates=0.02,reorder=0.05,loss=0.01,amend=0.01,cancel=0.01,insert=0.01,garbage=0.01,"
    "delay=90s"
)
SEED = 7


@pytest.fixture
def one_model(settings: Settings, deployment: Deployment) -> Deployment:
    """A deployment whose models stay the shipped ones, so that one clean replay is the measure."""
    deployment.settings = settings.model_copy(
        update={"snapshot_every": 100_000, "snapshot_moved": 9.0}
    )
    return deployment


def matches() -> list[RecordedMatch]:
    recorded = map(shipped_match, ("1426294", "1216517", "1415755", "1181768"))
    return [*recorded, *season(8, seed=9)]


def feed(played: Iterable[RecordedMatch]) -> list[Delivery]:
    """The matches side by side, on a bad feed."""
    events = [event for match in played for event in _from_zero(match)]
    return list(injected(sorted(events, key=lambda event: event.at), FAULTS, SEED))


def _from_zero(match: RecordedMatch) -> list[MatchEvent]:
    """The messages of a match as if all were played on one day."""
    events = list(timed_events(match))
    return [msgspec.structs.replace(event, at=event.at - events[0].at) for event in events]


def clean(match: RecordedMatch) -> str:
    values = enumerate(map(encode, timed_events(match)))
    log = [receive(None, value, Source("t", 0, offset)) for offset, value in values]
    effects = advance({}, log, InstalledModels(load_starter()))
    return canonical_hash(effects.records[match.id], effects.predictions, effects.labels)


def left(deployment: Deployment, played: list[RecordedMatch]) -> dict[str, str]:
    """What Redis and the topics hold of each match in the end."""
    said, labels = deployment.said(), deployment.labels()
    partitions = {message.match_id: message.source.partition for message in said}
    records = {match.id: record(deployment, partitions[match.id], match.id) for match in played}
    return {i: canonical_hash(found, said, labels) for i, found in records.items()}


def record(deployment: Deployment, partition: int, match_id: str) -> MatchRecord:
    settings = deployment.settings
    store = OnlineStore(settings.redis_url, settings.topic_prefix, settings.match_ttl)
    found = store.read(partition, [match_id]).records[match_id]
    return decode_parts(found.record, found.book)


def revisions_are_whole(deployment: Deployment) -> None:
    """Each revision of a ball is there once and names the one before it."""
    found: dict[tuple[str, int, int], list[tuple[int, int | None]]] = defaultdict(list)
    for said in deployment.said():
        if not isinstance(said, Waiting):
            found[said.match_id, said.seq, said.rank].append((said.revision, said.supersedes))
    for revisions in found.values():
        assert revisions == [(n, n - 1 if n else None) for n in range(len(revisions))]
    assert max(map(len, found.values())) > 1


def test_a_bad_feed_ends_as_a_clean_replay_and_revisions_name_what_they_supersede(
    one_model: Deployment,
) -> None:
    played = matches()
    one_model.start()
    one_model.send_faulty(feed(played))
    one_model.settle()
    assert left(one_model, played) == {match.id: clean(match) for match in played}
    revisions_are_whole(one_model)
    waits = [said for said in one_model.said() if isinstance(said, Waiting)]
    assert waits
    reasons = Counter(reason.partition(":")[0] for _, reason, _ in one_model.dead_letters())
    assert {"unreadable", "unknown match", "against the laws"} >= reasons.keys()
    assert reasons["unreadable"]
    found = audit(one_model.of(AUDITOR))
    assert found.faults == []
    assert found.corrected >= {match.id for match in played}


def test_a_worker_killed_in_the_middle_of_corrections_loses_none_and_repeats_none(
    one_model: Deployment,
) -> None:
    played = [*matches(), *season(20, seed=10)]
    balls = sum(isinstance(e, BallBowled) for match in played for e in timed_events(match))
    deliveries = feed(played)
    third = len(deliveries) // 3
    parts = [deliveries[:third], deliveries[third : 2 * third], deliveries[2 * third :]]
    worker, answered = one_model.start(), 0
    one_model.send_faulty(parts[0])
    for part in parts[1:]:
        wanted = answered + balls // 10
        wait_for(lambda: len(one_model.predictions()) > wanted, "predictions")  # noqa: B023
        one_model.kill_with_work_left(worker, lambda: one_model.send_faulty(part))  # noqa: B023
        answered = len(one_model.predictions())
        assert len(surviving(one_model.said())) < balls
        worker = one_model.start()
    one_model.settle()
    assert left(one_model, played) == {match.id: clean(match) for match in played}
    revisions_are_whole(one_model)


def test_a_flushed_redis_is_made_again_with_its_corrections_to_the_last_byte(
    deployment: Deployment,
) -> None:
    """More than one model has answered, balls and corrections alike."""
    live = feed(map(shipped_match, ("1426294", "1216517", "1415755", "1181768", "287879")))
    ended = next(iter(season(1, seed=9)))
    stop = len(live) // 2
    deployment.start()
    deployment.send(timed_events(ended))
    deployment.send_faulty(live[:stop])
    deployment.send(e for match in season(8, seed=4) for e in timed_events(match))
    deployment.settle()
    deployment.send_faulty(live[stop : stop + 200])
    deployment.settle()
    assert len({said.model for said in deployment.predictions() if said.revision}) > 1
    before = stored(deployment.settings)
    deployment.stop_workers()
    redis_client(deployment.settings.redis_url).flushdb()
    deployment.start()
    send_again(deployment, live[:stop])
    deployment.settle()
    after = stored(deployment.settings)
    playing = {delivery.match_id for delivery in live if delivery.event}
    assert {i: after[i] for i in playing} == {i: before[i] for i in playing}
    amend_first_ball(deployment, ended)
    revised = [p for p in deployment.predictions() if p.match_id == ended.id and p.revision]
    assert {p.supersedes for p in revised} == {0}
    assert len(revised) > 100
    revisions_are_whole(deployment)


def send_again(deployment: Deployment, deliveries: list[Delivery]) -> None:
    """A repeated message for each partition, so that each is restored and nothing is changed."""
    partitions = {said.match_id: said.source.partition for said in deployment.said()}
    chosen = {partitions[d.match_id]: d for d in deliveries if d.event and d.event.revision == 0}
    assert chosen
    deployment.send_faulty(chosen.values())


def amend_first_ball(deployment: Deployment, match: RecordedMatch) -> None:
    ball = next(event for event in timed_events(match) if isinstance(event, BallBowled))
    fact = msgspec.structs.replace(ball, revision=1).fact
    wrong = (fact.runs + 1) % 7
    changed = msgspec.convert(msgspec.to_builtins(fact) | {"runs": wrong}, type(fact))
    with Producer(deployment.of(FEED).kafka_access) as outbox:
        value = encode(msgspec.structs.replace(ball, revision=1, fact=changed))
        deployment.send_raw(outbox, match.id.encode(), value)
    deployment.settle()
