"""Workers that come and go in full flow: each ball answered once, whoever owns its partition."""

import signal
import subprocess
import sys
import threading
from collections import Counter

from producers.simulator import season
from streams.messages.events import BallBowled, MatchEvent
from tests.integration.deployment import Deployment, interleaved, wait_for

AT_ONCE = 40  # matches


def played(count: int, seed: int) -> list[MatchEvent]:
    """Simulated matches, AT_ONCE at the same time."""
    matches = list(season(count, seed))
    groups = [matches[i : i + AT_ONCE] for i in range(0, count, AT_ONCE)]
    return [event for group in groups for event in interleaved(group)]


class Feed(threading.Thread):
    """Sends events at a pace that workers can keep, until it is told to stop."""

    def __init__(self, deployment: Deployment, events: list[MatchEvent]) -> None:
        super().__init__(daemon=True)
        self.sent: list[MatchEvent] = []
        self._deployment = deployment
        self._events = events
        self._told = threading.Event()

    def run(self) -> None:
        for place in range(0, len(self._events), AT_ONCE):
            self._deployment.send(self._events[place : place + AT_ONCE])
            self.sent += self._events[place : place + AT_ONCE]
            if self._told.wait(0.01):
                return

    def stop(self) -> list[MatchEvent]:
        """What was sent; an error if the events ran out before."""
        assert self.is_alive(), "the feed ended early: nothing was in flow"
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
    feed = Feed(deployment, played(400, seed=6))
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
    events = played(1, seed=7)
    deployment.send(events)
    deployment.settle()
    assert set(answered(deployment)) == balls_of(events)
    worker.send_signal(signal.SIGTERM)
    assert ended(worker) == 0


def ended(worker: subprocess.Popen[bytes]) -> int:
    return worker.wait(30)
