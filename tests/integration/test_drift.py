"""Scoring changes in mid-stream: the whole way from an alarm to a model that was proved better."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from benchmarks.certain_model import sure
from features.store_client import redis_client
from learning.contest.decisions import Alarm, AnyDecision, Frozen, Promoted, Raised, RolledBack
from learning.model.snapshot import decode, encode
from learning.starter import load_starter
from overcast import cli
from overcast.embedded.servers import Addresses
from producers.recorded import shipped_match
from producers.schedule import timed_events
from producers.simulator import season
from streams.kafka.producer import Producer
from streams.kafka.topics import DRIFT, MODELS, real_name
from streams.messages import decisions
from streams.messages.events import BallBowled
from streams.rights.roles import AUDITOR, OPERATOR, WORKER, Role
from streams.settings import Settings
from tests.integration.deployment import Deployment, wait_for
from tests.integration.test_corrections import feed
from tests.support.parties import prepare

KEY = "t20-male"
QUIET, PLANTED = 17, 45  # matches; more than are needed to notice and to prove
TILT = 0.8  # nearly twice the runs
SELDOM = 400  # labels between two snapshots, unless something happens


@pytest.fixture
def one_partition(addresses: Addresses, tmp_path: Path) -> Iterator[Deployment]:
    """Matches that end in the order they were played."""
    name = f"t{uuid4().hex[:8]}."
    settings = Settings(
        **addresses.settings,
        topic_prefix=name,
        group=f"{name}workers",
        snapshot_every=SELDOM,
        partitions=1,
    )
    prepare(settings)
    made = Deployment(settings, tmp_path)
    yield made
    made.stop()


def decided(deployment: Deployment) -> list[AnyDecision]:
    return [decisions.decode(m.value() or b"") for m in deployment.messages(DRIFT)]


def has(deployment: Deployment, kind: type) -> bool:
    return any(isinstance(decision, kind) for decision in decided(deployment))


class Series:
    """Matches that are played one after the other: as ever, then with twice the runs."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._left = [*season(QUIET, seed=21), *season(PLANTED, seed=22, scoring=TILT)]
        self.balls: set[tuple[str, int]] = set()

    def play(self, count: int) -> None:
        """Sends the next matches and waits until they are answered and learned."""
        played, self._left = self._left[:count], self._left[count:]
        assert played, (decided(self._deployment), self._deployment.log())
        events = [e for match in played for e in timed_events(match)]
        self.balls.update((e.match_id, e.seq) for e in events if isinstance(e, BallBowled))
        self._deployment.send(events)
        self._deployment.settle()

    def play_until(self, reached: Callable[[], bool], step: int) -> None:
        """Plays on, some matches at a time, until something is so."""
        while not reached():
            self.play(step)


def is_served(deployment: Deployment, version: str) -> bool:
    return any(p.model.startswith(version) for p in deployment.predictions())


def check_that_every_ball_was_answered_once(deployment: Deployment, series: Series) -> None:
    answered = Counter((p.match_id, p.seq) for p in deployment.predictions())
    assert set(answered) == series.balls
    assert set(answered.values()) == {1}
    assert deployment.dead_letters() == []


def check_the_story(deployment: Deployment, promoted: Promoted) -> None:
    story = [type(d) for d in decided(deployment)]
    assert story.index(Alarm) < story.index(Raised) < story.index(Promoted)
    assert promoted.evidence.low > promoted.evidence.margin
    newest = [decode(m.value() or b"") for m in deployment.messages(MODELS)][-1]
    assert newest.version.startswith(promoted.challenger)
    told = command(deployment, "history", KEY)
    assert "ALARM" in told
    assert f"{promoted.challenger} over {promoted.former}" in told


def check_an_operator_can_go_back(deployment: Deployment, promoted: Promoted) -> None:
    command(deployment, "freeze", KEY, "--reason", "a rehearsal", "--operator", "asha")
    wait_for(lambda: has(deployment, Frozen), "the freeze to be recorded", deployment.log)
    command(deployment, "rollback", KEY, "--operator", "asha")
    wait_for(lambda: has(deployment, RolledBack), "the rollback to be recorded", deployment.log)
    back = next(d for d in decided(deployment) if isinstance(d, RolledBack))
    assert (back.former, back.operator) == (promoted.former, "asha")


def check_that_what_was_published_is_made_again(deployment: Deployment) -> None:
    """After a promotion also a restart, an emptied Redis, and a feed that corrects itself."""
    deployment.stop_workers()
    redis_client(deployment.settings.redis_url).flushdb()
    deployment.start()
    deployment.send_faulty(feed(map(shipped_match, ("1426294", "1216517"))))
    deployment.settle()
    assert max(p.revision for p in deployment.predictions()) > 0
    found = command(deployment, "reproduce", "--sample", "1000", "--seed", "5", role=AUDITOR)
    equal = re.search(r"([\d,]+) equal to the last byte", found)
    assert equal
    assert int(equal[1].replace(",", "")) >= 1_000
    newest = max(deployment.predictions(), key=lambda p: p.source.offset)
    one = command(deployment, "reproduce", newest.match_id, str(newest.seq), role=AUDITOR)
    assert f"model {KEY} {newest.model}" in one
    assert "1 equal to the last byte" in one


def command(deployment: Deployment, *words: str, role: Role = OPERATOR) -> str:
    where = deployment.of(role).as_environment(["kafka", "topic_prefix"])
    result = CliRunner().invoke(cli.app, list(words), env={"COLUMNS": "200"} | where)
    assert result.exit_code == 0, result.output
    return result.output


def test_planted_drift_is_noticed_challenged_and_promoted_and_every_ball_is_served(
    one_partition: Deployment,
) -> None:
    deployment, series = one_partition, Series(one_partition)
    with Producer(deployment.of(WORKER).kafka_access) as outbox:
        topic = real_name(MODELS, deployment.settings)
        outbox.send(topic, KEY.encode(), encode(sure(load_starter()[KEY])))
    deployment.start()
    series.play(QUIET + 10)
    series.play_until(lambda: has(deployment, Promoted), step=3)
    promoted = next(d for d in decided(deployment) if isinstance(d, Promoted))
    series.play_until(lambda: is_served(deployment, promoted.challenger), step=1)
    check_that_every_ball_was_answered_once(deployment, series)
    check_the_story(deployment, promoted)
    check_an_operator_can_go_back(deployment, promoted)
    check_that_what_was_published_is_made_again(deployment)
