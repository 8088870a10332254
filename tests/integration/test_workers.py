"""Workers that come and go in full flow: each ball answered once, whoever owns its partition."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from consumers.audit.group_members import GroupMembers
from overcast.embedded.children import free_ports
from producers.simulator import season
from streams.access import KafkaAccess
from streams.messages.events import BallBowled, MatchEvent
from streams.settings import Settings
from tests.integration.deployment import DEADLINE, Deployment, interleaved, wait_for

AT_ONCE = 40  # matches
ENDLESS = 1_000_000
AHEAD = 4_000  # messages


def played(seed: int) -> Iterator[MatchEvent]:
    """Simulated matches without end, AT_ONCE at the same time."""
    matches = iter(season(ENDLESS, seed))
    while group := list(islice(matches, AT_ONCE)):
        yield from interleaved(group)


class Feed(threading.Thread):
    """Sends events until it is told to stop, never far ahead of the workers."""

    def __init__(self, deployment: Deployment, events: Iterator[MatchEvent]) -> None:
        super().__init__(daemon=True)
        self.sent: list[MatchEvent] = []
        self._deployment = deployment
        self._events = events
        self._told = threading.Event()

    def run(self) -> None:
        while not self._told.wait(0.01):
            if len(self.sent) - self._deployment.answers() < AHEAD:
                handful = list(islice(self._events, AT_ONCE))
                self._deployment.send(handful)
                self.sent += handful

    def stop(self) -> list[MatchEvent]:
        """What was sent; an error if the feed broke off before."""
        assert self.is_alive(), "the feed broke off: nothing was in flow"
        self._told.set()
        self.join()
        return self.sent


def balls_of(events: list[MatchEvent]) -> set[tuple[str, int]]:
    return {(e.match_id, e.seq) for e in events if isinstance(e, BallBowled)}


def answered(deployment: Deployment) -> Counter[tuple[str, int]]:
    return Counter((p.match_id, p.seq) for p in deployment.predictions())


def test_workers_that_join_and_leave_in_full_flow_lose_and_repeat_nothing(
    deployment: Deployment,
) -> None:
    deployment.start()
    feed = Feed(deployment, played(seed=6))
    feed.start()
    second = deployment.launch()
    wait_for(lambda: deployment.owners() == 2, "the second worker to own partitions")
    third = deployment.launch()
    wait_for(lambda: deployment.owners() == 3, "each of three workers to own some of 4 partitions")
    for worker in (second, third):
        worker.send_signal(signal.SIGTERM)
    wait_for(lambda: deployment.owners() == 1, "the first worker to own all again")
    balls = balls_of(feed.stop())
    deployment.settle()
    found = answered(deployment)
    assert set(found) == balls
    assert {ball: count for ball, count in found.items() if count > 1} == {}
    assert deployment.dead_letters() == []


def test_fausts_own_command_runs_the_worker(deployment: Deployment) -> None:
    command = (sys.executable, "-m", "faust", "-A", "streams.app", "worker", "-l", "info")
    worker = deployment.start(*command)
    events = interleaved(season(1, seed=7))
    deployment.send(events)
    deployment.settle()
    assert set(answered(deployment)) == balls_of(events)
    worker.send_signal(signal.SIGTERM)
    assert ended(worker) == 0


def ended(worker: subprocess.Popen[bytes]) -> int:
    return worker.wait(DEADLINE)


def test_a_group_without_members_or_brokers_has_no_owners(settings: Settings) -> None:
    assert GroupMembers(settings.kafka_access, "nobody").owners("t") == {}
    (port,) = free_ports(1)
    assert GroupMembers(KafkaAccess(f"127.0.0.1:{port}"), "nobody").owners("t") == {}
