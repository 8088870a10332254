"""Kills and restarts: nothing lost, nothing twice."""

from collections import Counter

from producers.simulator import season
from streams.messages.events import BallBowled
from tests.integration.deployment import Deployment, interleaved, wait_for


def test_a_killed_worker_loses_no_ball_and_repeats_none(deployment: Deployment) -> None:
    events = interleaved(season(40, seed=1))
    balls = sum(isinstance(e, BallBowled) for e in events)
    worker = deployment.start()
    deployment.send(events)
    wait_for(lambda: len(deployment.predictions()) > balls // 10, "the first predictions")
    deployment.kill(worker)
    assert len(deployment.predictions()) < balls, "the kill came too late to prove anything"
    deployment.start()
    deployment.settle()
    counted = Counter((p.match_id, p.seq) for p in deployment.predictions())
    assert len(counted) == balls
    assert set(counted.values()) == {1}
