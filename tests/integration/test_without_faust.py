"""The way out stays open (ADR-24): a plain loop does a worker's work, and goes on from a worker."""

import sys

from consumers.audit.one_prediction import audit
from consumers.shadow.shadow import Span, shadow
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.kafka.topics import METRICS
from streams.rights.roles import AUDITOR
from tests.integration.deployment import Deployment

LOOP = (sys.executable, "-m", "benchmarks.plain")


def test_a_plain_loop_goes_on_from_a_faust_worker(
    deployment: Deployment,
) -> None:
    events = list(timed_events(shipped_match("1426294")))
    half = len(events) // 2
    for command, part in ((), events[:half]), (LOOP, events[half:]):
        worker = deployment.start(*command)
        deployment.send(part)
        deployment.settle()
        deployment.stop_workers()
        assert worker.returncode == 0
    report = audit(deployment.of(AUDITOR))
    assert (report.faults, report.balls) == ([], report.predictions)
    assert report.results == 1
    found = shadow(deployment.of(AUDITOR), Span())
    assert found.equal, found.parts
    assert found.balls == report.balls
    assert deployment.messages(METRICS)  # of labels that were learned
