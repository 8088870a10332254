"""One attack: everything started, fed, disturbed by seed, brought to rest and examined."""

import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from random import Random

from consumers.audit.consumer_group import WorkerGroup
from cricket.archive import Library
from cricket.cricsheet import RecordedMatch
from producers.recorded import ArchiveShelf, ShippedShelf
from producers.simulator import season
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import LABELS, create_topics, real_name
from streams.settings import Settings
from tests.fire.arena import Arena
from tests.fire.crew import Crew
from tests.fire.faults import FAULTS
from tests.fire.lag import Lag
from tests.fire.referee import Referee, Verdict
from tests.fire.servers import Servers
from tests.fire.stores import SINGLE
from tests.fire.timeline import Timeline
from tests.fire.workload import Feed, interleaved, poisoned

PREFIX = "fire."
AT_ONCE = 40  # matches
START_SECONDS = 300.0
CAUGHT_UP_SECONDS = 10.0  # what the issue promises; measured, and judged of the last fault
GIVE_UP_SECONDS = 300.0  # of a busy machine; only what hangs comes to it
WARM_SECONDS = 2.0
AT_LEISURE = 0.8  # of the faults wait until all workers are there; the others strike at once
LOOK_SECONDS = 0.05
SIMULATED = 1_000_000  # more than any attack lasts


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an attack is made from. `kinds` are those of `FAULTS`.

    It lasts `seconds`, and until there were `strikes` faults and a model has learned something.
    """

    seed: int
    seconds: float = 0.0
    strikes: int = 0
    rate: float = 120.0  # messages a second: as many as 1,000 matches of real life need, and more
    kinds: tuple[str, ...] = tuple(FAULTS)
    data: Path | None = None
    store: str = SINGLE
    snapshot_every: int = 25
    caught_up: float = CAUGHT_UP_SECONDS
    echo: bool = False


@dataclass
class Outcome:
    """What came of it."""

    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    exits: Counter[int] = field(default_factory=Counter)
    verdict: Verdict = field(default_factory=Verdict)
    line: Timeline = field(default_factory=Timeline)
    caught_up: float = CAUGHT_UP_SECONDS

    @property
    def wrong(self) -> list[str]:
        """Why the attack has failed the system; empty if it has not."""
        late = self.recoveries and self.recoveries[-1] > self.caught_up
        slow = [f"{self.recoveries[-1]:.1f} s after the last fault to catch up"] if late else []
        return self.verdict.faults + slow

    @property
    def recovery(self) -> dict[str, float]:
        """Seconds from the end of a fault until all that had been fed by then was answered."""
        found = self.recoveries or [0.0]
        return {"median": statistics.median(found), "max": max(found)}


class Attack:
    """One deployment under one plan."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._rng = Random(plan.seed)
        self._servers = Servers(folder, plan.store, PREFIX)
        self.outcome = Outcome(line=Timeline(echo=plan.echo), caught_up=plan.caught_up)
        self._settings = Settings(
            kafka=self._servers.kafka,
            redis=self._servers.store.url,
            topic_prefix=PREFIX,
            group="fire.workers",
            snapshot_every=plan.snapshot_every,
        )
        self._anew = threading.Event()
        self._log = LogReader(self._settings.kafka_access)
        line, servers = self.outcome.line, self._servers
        kafka, store = servers.kafka_for_workers, servers.store.for_workers
        self._crew = Crew(self._settings, kafka, store, folder, line)

    def run(self) -> Outcome:
        """All of it."""
        self._servers.start()
        try:
            create_topics(self._settings)
            self._crew.start()
            with ExitStack() as stack:
                self._disturb(stack)
                self._rest()
        finally:
            self._crew.stop()
            self._servers.stop()
        return self.outcome

    def _disturb(self, stack: ExitStack) -> None:
        """Feeds, and lets one fault after the other happen."""
        crew, line = self._crew, self.outcome.line
        arena = Arena(self._servers, crew, self._settings, line, self._look, self._go_on)
        _wait(arena.complete, START_SECONDS, "the first workers")
        library = stack.enter_context(Library())
        events = interleaved(self._matches(library), AT_ONCE, self._rng, self._anew)
        messages = poisoned((event for event, _ in events), Random(self._plan.seed))
        feed = self._feed = Feed(self._settings, messages, self._plan.rate)
        feed.start()
        time.sleep(WARM_SECONDS)  # tables are built for the first balls of each format
        _wait(Lag(self._settings), START_SECONDS, "the first balls")
        self.outcome.line.note("warm")
        began = time.monotonic()
        chosen = deck(self._plan.kinds, Random(f"faults/{self._plan.seed}"))
        while not self._enough(time.monotonic() - began):
            self._strike(arena, next(chosen))
        feed.stop()
        self.outcome.seconds = time.monotonic() - began
        self.outcome.line.note(f"{feed.sent} messages were fed")

    def _enough(self, seconds: float) -> bool:
        plan, log, labels = self._plan, self._log, real_name(LABELS, self._settings)
        if seconds < plan.seconds or self.outcome.faults.total() < plan.strikes:
            return False
        return any(log.end(labels, partition) for partition in log.partitions(labels))

    def _strike(self, arena: Arena, kind: str) -> None:
        """One fault; the clock of its recovery runs from its end."""
        line, rng = self.outcome.line, Random(f"{self._plan.seed}/{self.outcome.faults.total()}")
        if rng.random() < AT_LEISURE:
            _wait(arena.complete, GIVE_UP_SECONDS, f"all workers to be there before: {kind}")
        line.note(kind if arena.complete() else f"{kind}, while a worker is away")
        FAULTS[kind](arena, rng)
        self.outcome.faults[kind] += 1
        ended = time.monotonic()
        caught_up = Lag(self._settings)
        _wait(caught_up, GIVE_UP_SECONDS, f"all that was fed before the end of: {kind}")
        self.outcome.recoveries.append(time.monotonic() - ended)
        line.note(f"  caught up after {self.outcome.recoveries[-1]:.1f} s")
        time.sleep(rng.uniform(0.0, 1.0))

    def _rest(self) -> None:
        """Everything is worked on, then examined."""
        self._examine()
        self.outcome.exits.update(self._crew.ended)

    def _look(self) -> None:
        """Hold the feed and examine all that it has sent."""
        assert self._feed is not None
        self._feed.going.clear()
        _wait(lambda: self._feed.still, GIVE_UP_SECONDS, "the feed to hold")
        self._examine()

    def _go_on(self) -> None:
        """Other matches begin."""
        self._anew.set()
        self._feed.going.set()

    def _examine(self) -> None:
        _wait(Lag(self._settings), GIVE_UP_SECONDS, "everything to be done")
        with WorkerGroup(self._settings) as group:
            _wait(group.done, GIVE_UP_SECONDS, "everything to be committed")
        self.outcome.line.note("at rest")
        self.outcome.verdict = self.outcome.verdict.and_then(Referee(self._settings).examine())
        self.outcome.line.note("examined")

    def _matches(self, library: Library) -> Iterator[RecordedMatch]:
        """Recorded matches, the user's or those that ship, then simulated ones without end."""
        data = self._plan.data
        shelf = ArchiveShelf(library, data) if data else ShippedShelf()
        recorded = (shelf.read(listed) for listed in shelf.listed())
        return chain(recorded, season(SIMULATED, seed=self._plan.seed))


def attack(plan: Plan) -> Outcome:
    """An attack in a folder of its own, which is gone afterwards unless it failed."""
    folder = Path(tempfile.mkdtemp(prefix="fire-"))
    made = Attack(plan, folder)
    try:
        outcome = made.run()
    except BaseException:
        print(f"seed {plan.seed}\n{made.outcome.line}\nlogs: {folder}")
        raise
    if outcome.wrong:
        print(f"logs: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _wait(condition, seconds: float, what: str) -> None:  # noqa: ANN001
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(LOOK_SECONDS)


def deck(kinds: Sequence[str], rng: Random) -> Iterator[str]:
    """All kinds in a new order, again and again."""
    while True:
        yield from rng.sample(kinds, len(kinds))
