"""Made again from the log, everything is what it was: predictions, and Redis after a flush."""

from collections.abc import Iterator

import pytest

from features.store_client import redis_client
from learning.starter import load_starter
from producers.recorded import shipped_match
from producers.schedule import timed_events
from producers.simulator import season
from streams.kafka.log_identity import appended_at
from streams.kafka.topics import BALLS, MODELS, PREDICTIONS, real_name
from streams.messages.events import MatchEvent
from streams.messages.predictions import encode
from streams.messages.source import Source
from streams.models.past_versions import load_past_versions
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import receive
from streams.pipeline.match_record import MatchRecord
from streams.settings import Settings
from tests.integration.deployment import Deployment

LIVE = ("1426294", "1216517", "1415755", "1181768", "287879", "1082617", "1298150", "1345425")
STRETCH = 40  # messages of each live match in one go


class Feeds:
    """Live matches that are played a stretch at a time."""

    def __init__(self, *match_ids: str) -> None:
        self._left = {i: list(timed_events(shipped_match(i))) for i in match_ids}

    def next(self, count: int, only: set[str] | None = None) -> Iterator[MatchEvent]:
        """The next messages of every match, in turns; of some only, if they are named."""
        for place in range(count):
            for match_id, left in self._left.items():
                if left[place:] and (only is None or match_id in only):
                    yield left[place]
        for match_id, left in self._left.items():
            if only is None or match_id in only:
                del left[:count]


@pytest.fixture
def played(deployment: Deployment) -> tuple[Deployment, Feeds]:
    """Matches in mid-play whose balls were answered by more than one model."""
    feeds = Feeds(*LIVE)
    deployment.start()
    deployment.send(feeds.next(STRETCH))
    deployment.send(e for match in season(8, seed=4) for e in timed_events(match))
    deployment.settle()
    assert deployment.messages(MODELS)
    deployment.send(feeds.next(2 * STRETCH))
    deployment.settle()
    live = {p.match_id for p in deployment.predictions() if "+" in p.model}
    assert live & set(LIVE), "no model was installed in mid-match: nothing would be proved"
    return deployment, feeds


def test_a_loop_over_the_same_records_gives_the_same_predictions_to_the_last_bit(
    played: tuple[Deployment, Feeds],
) -> None:
    deployment, feeds = played
    deployment.send(feeds.next(1_000))
    deployment.settle()
    for partition in range(deployment.settings.partitions):
        assert recomputed(deployment, partition) == published(deployment, partition)


def recomputed(deployment: Deployment, partition: int) -> list[bytes]:
    """A partition's predictions by a plain loop: its balls, and the models that they name."""
    settings, log_reader = deployment.settings, deployment.log_reader()
    named = {
        p.source.offset: (p.model_key, p.model)
        for p in deployment.predictions()
        if p.source.partition == partition
    }
    starters = InstalledModels(load_starter())
    versions = load_past_versions(named.values(), starters, log_reader, settings)
    live: dict[str, MatchRecord] = {}
    made: list[bytes] = []
    balls = real_name(BALLS, settings)
    log_id = log_reader.topic_id_now(balls)
    for message in log_reader.read_all(balls, partition):
        offset, appended = message.offset() or 0, appended_at(message)
        source = Source(balls, partition, offset, appended, log_id)
        version = named.get(source.offset)
        forecaster = versions.forecaster(version) if version else None
        models = {version[0]: forecaster} if version and forecaster else starters
        effects = advance(live, [receive(message.key(), message.value(), source)], models)
        live |= effects.records
        made += map(encode, effects.predictions)
    return made


def test_a_flushed_redis_is_made_again_from_the_log_to_the_last_byte(
    played: tuple[Deployment, Feeds],
) -> None:
    deployment, feeds = played
    before = stored(deployment.settings)
    deployment.stop_workers()
    redis_client(deployment.settings.redis_url).flushdb()
    deployment.start()
    partitions = {p.match_id: p.source.partition for p in deployment.predictions()}
    goes_on = {partitions[i]: i for i in LIVE}  # one match a partition; the others wait
    deployment.send(feeds.next(1, set(goes_on.values())))
    deployment.settle()
    after = stored(deployment.settings)
    waiting = {i for i in LIVE if i not in goes_on.values()}
    assert waiting
    assert {i: after[i] for i in waiting} == {i: before[i] for i in waiting}
    deployment.send(feeds.next(1_000))
    deployment.settle()
    assert deployment.dead_letters() == []
    found = [(p.match_id, p.seq) for p in deployment.predictions()]
    assert len(found) == len(set(found))
    assert recomputed(deployment, 0) == published(deployment, 0)


def published(deployment: Deployment, partition: int) -> list[bytes]:
    """A partition's predictions as they lie in the log."""
    name = real_name(PREDICTIONS, deployment.settings)
    values = (m.value() for m in deployment.log_reader().read_all(name, partition))
    return [value or b"" for value in values]


def stored(settings: Settings) -> dict[str, dict[bytes, bytes]]:
    """Every match that Redis holds of the deployment: record, features and book."""
    client = redis_client(settings.redis_url)
    keys = client.scan_iter(f"overcast:{{{settings.topic_prefix}*:match:*")
    return {k.decode().rpartition(":")[2]: client.hgetall(k) for k in keys}
