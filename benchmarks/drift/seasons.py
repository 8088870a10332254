"""One made-up season: matches as they were, a change (or none), 200 matches after it."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from benchmarks.drift.arms import Always, Arm, Frozen, Scored, System
from benchmarks.drift.base import base
from benchmarks.drift.world import SCENARIOS, World
from forecast.engine import Engine
from learning.contest.decisions import Alarm, Promoted, Raised, Retired, RolledBack
from learning.model.snapshot import Snapshot
from learning.serving.replay import steps
from learning.training.policies import SHIPPED

BUILD = Path("build")
FIRST = 10_000  # of the matches' numbers: dates after those that the base was trained on
BEFORE, AFTER = 60, 200  # matches
PHASES = 25  # a change may come at any place between two snapshots
APART = 1_000  # worlds between two scenarios: no two seasons are the same before their change


@dataclass
class Season:
    """What one season came to; places are matches since the change, so negative before it.

    `seen` is the first alarm after the change of each rule by itself, `false` counts its alarms
    where nothing had changed, over `quiet` matches. `decisions` are (place, kind, policy, signal,
    detector, scope, outcome).
    """

    scenario: str
    seed: int
    quiet: int = 0
    losses: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, list[float]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    false: dict[str, int] = field(default_factory=dict)
    decisions: list[tuple[int, str, str, str, str, str, str]] = field(default_factory=list)


@cache
def _begun() -> tuple[Snapshot, Engine]:
    return base(BUILD)


def season(scenario: str, seed: int) -> Season:
    """Plays it: the system and the always-learning model from the start, the others later.

    At the change the frozen model and the oracle begin as the always-learning one stands.
    """
    planted, (snapshot, engine) = SCENARIOS[scenario], _begun()
    world = World(1 + seed + APART * list(SCENARIOS).index(scenario))
    changed = BEFORE + seed * 7 % PHASES
    always, system = Always(snapshot, engine), System(snapshot, engine, SHIPPED)
    arms: dict[str, Arm] = {"always": always, "system": system}
    made = Season(scenario, seed)
    for number in range(changed + AFTER):
        since = number - changed
        if since == 0 and planted.changes:
            arms["frozen"] = Frozen(always.served, engine)
            told = [changed + place for place in planted.changes]
            arms["oracle"] = always.followed_by_an_oracle(told, planted.scope)
        match = world.match(FIRST + number, lambda event, since=since: planted.tilt(since, event))
        played = steps(match.fixture, match.facts)
        for name, arm in arms.items():
            _enter(made, name, since, arm.play(number, match, played))
    _tell(made, system, changed, quiet=not planted.changes)
    return made


def _enter(made: Season, arm: str, since: int, scored: Scored) -> None:
    if since >= 0:
        made.losses.setdefault(arm, []).append(round(scored.log_loss, 5))
        made.errors.setdefault(arm, []).append(round(scored.error, 4))


def _tell(made: Season, system: System, changed: int, *, quiet: bool) -> None:
    """What the system decided and what each rule saw by itself."""
    made.quiet = changed + AFTER if quiet else changed
    for rule, places in system.alone.items():
        made.false[rule] = sum(1 for place in places if place < made.quiet)
        after = [place - changed for place in places if place >= changed]
        if after and not quiet:
            made.seen[rule] = after[0]
    for place, decision in system.decisions:
        if isinstance(decision, Alarm | Raised | Promoted | Retired | RolledBack):
            named = ("policy", "signal", "detector", "scope", "outcome")
            told = tuple(getattr(decision, name, "") for name in named)
            made.decisions.append((place - changed, type(decision).__name__, *told))  # type: ignore[arg-type]
