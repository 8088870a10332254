"""A primary of Redis dies in full flow, and a replica takes its place: nothing lost, nothing twice.

On three primaries as a cluster, and on one that Sentinels watch: with TLS and the rights of a
worker, where the server knows TLS. The worker and Kafka are real.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from consumers.audit.one_prediction import audit
from features.store import lease_key
from features.store_probe import unusable
from overcast.embedded import redis as embedded
from overcast.embedded.servers import Addresses
from producers.simulator import season
from streams.kafka.topics import create_topics
from streams.messages.events import BallBowled, encode
from streams.settings import Settings
from tests.fire.referee import Referee
from tests.fire.workload import Feed
from tests.integration.deployment import Deployment, interleaved, wait_for
from tests.support.many_redis import KINDS, ManyRedis, Node
from tests.support.redis_tls import issued

EVENTS = interleaved(season(14, seed=3))
BALLS = sum(isinstance(event, BallBowled) for event in EVENTS)
RATE = 200.0  # messages a second
LOST = "Redis has lost what it held"


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ManyRedis]:
    tls = issued(tmp_path / "tls") if embedded.knows_tls() else None
    made = KINDS[request.param](tmp_path / "redis", tls)
    yield made
    made.stop()


@pytest.fixture
def deployment(addresses: Addresses, store: ManyRedis, tmp_path: Path) -> Iterator[Deployment]:
    name = f"t{uuid4().hex[:8]}."
    settings = Settings(
        **addresses.settings | {"redis": store.url},
        topic_prefix=name,
        group=f"{name}workers",
        partitions=3,
        snapshot_every=5,
        live_matches=2,  # the others are read from Redis
    )
    create_topics(settings)
    made = Deployment(settings, tmp_path)
    yield made
    made.stop()


def in_full_flow(deployment: Deployment, strike: Callable[[], None]) -> None:
    """Feed everything, strike when a fifth is answered, and wait until all is."""
    feed = Feed(
        deployment.settings,
        iter([(event.match_id.encode(), encode(event)) for event in EVENTS]),
        RATE,
    )
    deployment.start()
    feed.start()
    wait_for(lambda: deployment.answers() > BALLS // 5, "the first answers", deployment.log)
    strike()
    assert deployment.answers() < BALLS * 4 // 5, "all was over before the primary died"
    wait_for(lambda: feed.sent == len(EVENTS), "everything to be fed", deployment.log)
    feed.stop()
    deployment.settle()


def nothing_lost_or_doubled(deployment: Deployment) -> None:
    """By the audit, ball by ball, and by a plain loop over the log, Redis included."""
    assert deployment.dead_letters() == []
    found = audit(deployment.settings)
    assert (found.faults, found.balls) == ([], BALLS)
    counted = Counter((p.match_id, p.seq) for p in deployment.predictions())
    assert (len(counted), set(counted.values())) == (BALLS, {1})
    verdict = Referee(deployment.settings).examine()
    assert (verdict.faults, verdict.balls) == ([], BALLS)


def killed(deployment: Deployment, store: ManyRedis) -> Node:
    """The primary of the first partition, after `kill -9`."""
    node = store.primary_of(lease_key(deployment.settings.topic_prefix, 0))
    node.kill()
    return node


def test_a_primary_that_dies_in_full_flow_costs_no_prediction(
    store: ManyRedis, deployment: Deployment
) -> None:
    dead: list[Node] = []
    in_full_flow(deployment, lambda: dead.append(killed(deployment, store)))
    nothing_lost_or_doubled(deployment)
    settings = deployment.settings
    assert store.primary_of(lease_key(settings.topic_prefix, 0)) is not dead[0]
    assert unusable(store.url, settings.topic_prefix, range(settings.partitions)) == ""


def test_a_replica_that_lacks_the_last_writes_is_filled_from_the_log(
    store: ManyRedis, deployment: Deployment
) -> None:
    """Replication lags: what the primary had taken last dies with it."""
    lease = lease_key(deployment.settings.topic_prefix, 0)

    def strike() -> None:
        node = store.primary_of(lease)
        node.cut_off_replicas()
        had = node.client.hget(lease, "through")
        wait_for(lambda: node.client.hget(lease, "through") != had, "writes that no replica has")
        node.kill()

    in_full_flow(deployment, strike)
    nothing_lost_or_doubled(deployment)
    assert LOST in deployment.log.read_text()


def test_a_primary_that_comes_back_empty_before_another_is_chosen_is_filled_from_the_log(
    store: ManyRedis, deployment: Deployment
) -> None:
    """On a machine so slow that another is chosen first, that one has everything."""
    back: list[Node] = []

    def strike() -> None:
        back.append(killed(deployment, store))
        back[0].start()

    in_full_flow(deployment, strike)
    nothing_lost_or_doubled(deployment)
    first = store.primary_of(lease_key(deployment.settings.topic_prefix, 0)) is back[0]
    assert (LOST in deployment.log.read_text()) == first
