"""Kills and restarts: nothing lost, nothing twice."""

from collections import Counter

from producers.simulator import season
from streams.messages.events import BallBowled
from tests.integration.deployment import Deployment, interleaved, wait_for


def test_a_killed_worker_loses_no_ball_and_repeats_none(deployment: Deployment) -> None:
    events = interleaved(season(40, seed=1))
    balls, half = sum(isinstance(e, BallBowled) for e in events), len(events) // 2
    worker = deployment.start()
    deployment.send(events[:half])
    wait_for(lambda: len(deployment.predictions()) > balls // 10, "the first predictions")
    deployment.kill_with_work_left(worker, lambda: deployment.send(events[half:]))
    assert len(deployment.predictions()) < balls
    deployment.start()
    deployment.settle()
    counted = Counter((p.match_id, p.seq) for p in deployment.predictions())
    assert len(counted) == balls
    assert set(counted.values()) == {1}
