"""One match on a bad feed beside the same match on a clean one, and the smallest difference."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from cricket.cricsheet import RecordedMatch
from producers.faults import KINDS, Fault, Faults, drawn, injected
from producers.schedule import timed_events
from streams.messages.events import MatchEvent, encode
from streams.messages.source import Source
from streams.pipeline.advance import Models, advance
from streams.pipeline.canonical import canonical_hash
from streams.pipeline.effects import Effects, Received, receive

SHARES = (0.0, 0.002, 0.005, 0.01, 0.02)  # of the messages, of each kind
DELAYS = (10_000, 60_000, 300_000)  # ms: within patience, about it, far beyond it


@dataclass(slots=True)
class Trial:
    """What came of one match; `smallest` are the faults that alone still make it differ."""

    match_id: str
    messages: int
    mutations: Counter[str]
    dead_letters: int
    healed: int
    said: int
    smallest: list[Fault] = field(default_factory=list)
    differs: bool = False


def mixture(match_id: str, seed: int) -> Faults:
    """A seeded mixture of faults for a match, never none."""
    chance = Random(f"{seed}/{match_id}")  # noqa: S311  repeatable chance
    shares = {kind: chance.choice(SHARES) for kind in KINDS}
    shares[chance.choice(KINDS)] = SHARES[-1]
    return Faults(**shares, delay=chance.choice(DELAYS))


def tried(match: RecordedMatch, models: Models, seed: int) -> Trial:
    """A match forecast twice, from a clean log and from a mutated one."""
    events, faults = list(timed_events(match)), mixture(match.id, seed)
    expected = left(match.id, advance({}, log(map(encode, events)), models))

    def mutated(only: Collection[Fault] | None = None) -> Effects:
        sent = injected(events, faults, seed, only)
        return advance({}, log(delivery.value for delivery in sent), models)

    found, chosen = mutated(), faults_of(events, faults, seed)
    trial = Trial(
        match_id=match.id,
        messages=len(events),
        mutations=Counter(kind for _, kind in chosen),
        dead_letters=len(found.dead_letters),
        healed=found.healed,
        said=len(found.predictions),
        differs=left(match.id, found) != expected,
    )
    if trial.differs:
        trial.smallest = shrunk(chosen, lambda only: left(match.id, mutated(only)) != expected)
    return trial


def log(values: Iterable[bytes]) -> list[Received]:
    """Messages as one partition holds them."""
    return [receive(None, value, Source("hostile", 0, at)) for at, value in enumerate(values)]


def left(match_id: str, effects: Effects) -> str:
    """The canonical hash of what a log left of a match."""
    return canonical_hash(effects.records[match_id], effects.predictions, effects.labels)


def faults_of(events: Sequence[MatchEvent], faults: Faults, seed: int) -> list[Fault]:
    """Everything that the seed draws for a match."""
    return [(e.seq, kind) for e in events for kind in sorted(drawn(e, faults, seed).kinds)]


def shrunk(faults: list[Fault], fails: Callable[[list[Fault]], bool]) -> list[Fault]:
    """The faults without any that the failure does not need: first by halves, then one by one."""
    size = max(len(faults) // 2, 1)
    while faults:
        for start in range(0, len(faults), size):
            fewer = faults[:start] + faults[start + size :]
            if fails(fewer):
                faults = fewer
                break
        else:
            if size == 1:
                break
            size //= 2
    return faults
