"""KEDA scales real workers under a feed, and what a ball waits meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from consumers.audit.latency import answered, percentiles
from producers.feed_producer import FeedProducer
from producers.schedule import timed_events
from producers.simulator import season
from streams.kafka.topics import BALLS, real_name
from streams.messages.events import MatchEvent, encode
from tests.fire.referee import Referee, Verdict
from tests.fire.timeline import Timeline
from tests.fire.workload import Feed, Message, interleaved
from tests.k8s.installation import PARTITIONS, Installation
from tests.k8s.kubelet import Kubelet, Ran
from tests.k8s.processes import until
from tests.support.charts import Thing

AT_ONCE = 40  # matches
BACKLOG = 4_000  # messages that wait, from which on KEDA wants four workers
BACKLOG_MATCHES = 80  # that are sent when fewer wait
RESTART_RATE = 200.0  # messages a second, while workers are replaced
MATCHES = 1_000_000  # more than any run lasts


@dataclass
class Phase:
    """Some time of a run, by Kafka's clock: what its balls waited for their predictions."""

    name: str
    began: float
    ended: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    longest: float = 0.0
    balls: int = 0


@dataclass
class Outcome:
    """What came of it."""

    phases: list[Phase] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    ran: list[Ran] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=dict)
    shadow: Thing = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Why the run has failed the system; empty if it has not."""
        found = list(self.verdict.faults)
        found += [
            f"{r.pod} ended with {r.code} on TERM" for r in self.ran if r.asked_to_end and r.code
        ]
        found += [f"shadow: {part}" for part in self.shadow.get("parts", ())]
        counts = ("lost", "doubled", "mismatched", "elsewhere")
        found += [f"{name}: {n}" for name in counts if (n := getattr(self.verdict, name))]
        return found


def endless(seed: int) -> Iterator[MatchEvent]:
    """Matches without end, many at once."""
    matches = iter(season(MATCHES, seed=seed))
    return (event for event, _ in interleaved(matches, AT_ONCE, Random(seed), threading.Event()))


def encoded(events: Iterator[MatchEvent]) -> Iterator[Message]:
    """Events as they are sent."""
    return ((event.match_id.encode(), encode(event)) for event in events)


class Scaling:
    """One run: up by a backlog, down without one, then every worker replaced."""

    def __init__(
        self, installation: Installation, kubelet: Kubelet, line: Timeline, rate: float
    ) -> None:
        self._at, self._kubelet, self._line, self._rate = installation, kubelet, line, rate
        self.outcome = Outcome()
        settings = installation.settings
        self._feed = Feed(settings, encoded(endless(seed=19)), rate)
        self._matches = iter(season(MATCHES, seed=91))
        self._sent = 0

    def run(self, restarts: int) -> Outcome:
        """All of it."""
        self._at.await_workers(1)
        until(self._at.keda_is_ready, "the ScaledObject to be ready")
        self._line.note("one worker; the ScaledObject is ready")
        self._feed.start()
        self._up()
        self._down()
        if restarts:
            self._replace(restarts)
        self._feed.stop()
        until(self._at.done, "everything to be done")
        self._line.note(f"{self._feed.sent} live messages are worked on")
        self.outcome.verdict = Referee(self._at.settings).examine()
        self._line.note("every topic and Redis are examined")
        self.outcome.shadow = self._at.shadow()
        self._line.note("overcast shadow has answered everything again")
        self._measure()
        return self.outcome

    def _up(self) -> None:
        """A backlog that lasts: as many workers as partitions."""
        self._more()
        with self._step("to 4 workers"):
            until(lambda: self._behind() and self._at.replicas() == PARTITIONS, "KEDA's 4 workers")
            self._line.note("KEDA wants 4 workers")
            until(lambda: self._behind() and self._at.are(PARTITIONS), "4 workers")
        self._line.note(f"4 workers own a partition each; the backlog had {self._sent} messages")
        until(lambda: (self._at.lag() or 0) < self._rate * 2, "the backlog to be worked off")
        self._line.note("the backlog is worked off")

    def _behind(self) -> bool:
        """Send more if the workers were through with it before there were four."""
        if self._at.replicas() < PARTITIONS and (self._at.lag() or 0) < BACKLOG:
            self._more()
        return True

    def _more(self) -> None:
        """Whole matches at once, as after a feed was away."""
        topic = real_name(BALLS, self._at.settings)
        with FeedProducer(self._at.settings.kafka_access) as producer:
            for match in islice(self._matches, BACKLOG_MATCHES):
                for key, value in encoded(timed_events(match)):
                    producer.send(topic, key, value)
                    self._sent += 1

    def _down(self) -> None:
        """No lag: one worker after the other goes."""
        with self._step("down to 1 worker"), self._phase("4 → 1 workers, one after the other"):
            for count in range(PARTITIONS - 1, 0, -1):
                self._at.await_fewer_workers(count)
                self._line.note(f"{count} workers, or fewer")
            self._at.await_workers(1)

    def _replace(self, times: int) -> None:
        """Four workers under the feed, all of them replaced, one after the other."""
        self._at.hold(PARTITIONS)
        self._at.await_workers(PARTITIONS)
        self._feed.rate = max(self._rate, RESTART_RATE)
        until(lambda: (self._at.lag() or 0) < self._feed.rate, "the feed to be followed")
        for time_ in range(1, times + 1):
            with (
                self._step(f"restart {time_}"),
                self._phase(f"rolling restart of 4 workers at {self._feed.rate:.0f} a second"),
            ):
                self._at.restart(time_)
                until(self._at.rolled_out, "the restart")
                self._at.await_workers(PARTITIONS)
            self._line.note("every worker was replaced")

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """Note how long something took."""
        began = time.monotonic()
        yield
        self.outcome.steps[name] = round(time.monotonic() - began, 1)

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        """Name the balls that come meanwhile; they are looked at in the end."""
        phase = Phase(name, time.time() * 1_000)
        self.outcome.phases.append(phase)
        yield
        phase.ended = time.time() * 1_000

    def _measure(self) -> None:
        """What balls waited, from their append to their prediction's, by Kafka's clock."""
        found = sorted(answered(self._at.settings))
        for phase in self.outcome.phases:
            waits = [a.prediction - a.ball for a in found if phase.began <= a.ball <= phase.ended]
            some = percentiles(waits)
            phase.p50, phase.p99, phase.balls = some.p50, some.p99, some.count
            phase.longest = float(max(waits, default=0))
        self.outcome.ran = self._kubelet.ran
