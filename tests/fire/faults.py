"""What is done to the system under attack. Each fault is over when its function returns."""

import signal
import time
from random import Random

from tests.fire import stores
from tests.fire.arena import MOVE_SECONDS, Arena, Fault, until
from tests.fire.crew import Hand
from tests.fire.lag import Lag
from tests.fire.log_faults import add_partitions, evict, make_topic_again
from tests.fire.sabotage import MOMENTS

SESSION_SECONDS = (
    6.0  # streams.worker.application.MEMBERSHIP: a member that is silent so long is taken for dead
)
SPRING_SECONDS = 12.0  # some moments come seldom; the trap is taken away then
SELDOM = ("labelled", "learned")  # moments that come with labels only
MOST_WORKERS = 3
HOUR = 3_600.0


def kill(arena: Arena, rng: Random) -> None:
    """`kill -9` of a worker, whatever it is doing."""
    hand = rng.choice(arena.crew.hands)
    arena.line.note(f"  kill -9 of worker {hand.number}")
    hand.send(signal.SIGKILL)
    until(lambda: not hand.alive)


def kill_at_effect(arena: Arena, rng: Random) -> None:
    """`kill -9` of a worker at a moment before, between or after its effects."""
    _spring(arena, rng, signal.SIGKILL)


def freeze_at_effect(arena: Arena, rng: Random) -> None:
    """A worker that stops at such a moment and wakes when another has its partitions."""
    hand = _spring(arena, rng, signal.SIGSTOP)
    _wake(arena, hand, rng)


def freeze(arena: Arena, rng: Random) -> None:
    """A worker that stops, whatever it is doing, past its session, and wakes."""
    hand = rng.choice(arena.crew.hands)
    arena.line.note(f"  worker {hand.number} stops")
    hand.send(signal.SIGSTOP)
    _wake(arena, hand, rng)


def stop(arena: Arena, rng: Random) -> None:
    """A worker that is asked to end, and started again."""
    hand = rng.choice(arena.crew.hands)
    arena.line.note(f"  worker {hand.number} is asked to end")
    hand.send(signal.SIGTERM)
    until(lambda: not hand.alive)


def join_or_leave(arena: Arena, rng: Random) -> None:
    """One worker more, or one fewer, in full flow."""
    crew = arena.crew
    if crew.wanted >= MOST_WORKERS:
        hand = rng.choice(crew.hands)
        arena.line.note(f"  worker {hand.number} leaves")
        crew.leave(hand)
        until(lambda: not hand.alive)
    else:
        arena.line.note("  one more worker")
        crew.wanted += 1
        crew.tend()
        until(arena.complete)


def kill_redis(arena: Arena, rng: Random) -> None:
    """Redis dies and comes back empty; of several servers one does, and another takes its place."""
    arena.servers.store.die(rng.uniform(0.0, 2.0))


def flush_redis(arena: Arena, rng: Random) -> None:
    """Redis loses everything and does not even notice."""
    del rng
    stores.flush(arena.servers.store)


def old_redis(arena: Arena, rng: Random) -> None:
    """Redis comes back as it was a while ago: by its own copy, or by a replica's."""
    arena.servers.store.go_back(rng.uniform(1.0, 3.0))


def kill_kafka(arena: Arena, rng: Random) -> None:
    """The broker dies and is started again."""
    arena.servers.kill_kafka()
    time.sleep(rng.uniform(0.0, 2.0))
    arena.servers.start_kafka()


def fill_disk(arena: Arena, rng: Random) -> None:
    """The broker cannot write any more and gives up; there is room again, and it is started."""
    if not arena.servers.fill_disk():
        arena.line.note("  the broker bore it")
        return
    time.sleep(rng.uniform(0.0, 1.0))
    arena.servers.start_kafka()


def slow_network(arena: Arena, rng: Random) -> None:
    """Every piece between workers and servers is late."""
    arena.servers.network.delay = rng.uniform(0.02, 0.2)
    time.sleep(rng.uniform(2.0, 5.0))
    arena.servers.network.mend()


def cut_network(arena: Arena, rng: Random) -> None:
    """Nothing passes between workers and servers for a while, sometimes past the session."""
    arena.servers.network.cut()
    time.sleep(rng.choice((0.5, 2.0, SESSION_SECONDS + 2.0)))
    arena.servers.network.mend()


def move_clock(arena: Arena, rng: Random) -> None:
    """A worker's clock jumps by hours, and back."""
    hand, shift = rng.choice(arena.crew.hands), rng.choice((-25 * HOUR, -60.0, 60.0, 25 * HOUR))
    arena.line.note(f"  the clock of worker {hand.number} jumps by {shift:.0f} s")
    hand.clock.write_text(str(shift))
    time.sleep(rng.uniform(1.0, 4.0))
    hand.clock.unlink()


FAULTS: dict[str, Fault] = {
    "kill": kill,
    "kill at effect": kill_at_effect,
    "freeze": freeze,
    "freeze at effect": freeze_at_effect,
    "stop": stop,
    "join or leave": join_or_leave,
    "Redis killed": kill_redis,
    "Redis flushed": flush_redis,
    "Redis from an old copy": old_redis,
    "Kafka killed": kill_kafka,
    "full disk": fill_disk,
    "slow network": slow_network,
    "cut network": cut_network,
    "clock": move_clock,
    "topic made again": make_topic_again,
    "partitions added": add_partitions,
    "keys evicted": evict,
}


def _spring(arena: Arena, rng: Random, which: signal.Signals) -> Hand:
    """Waits until a worker has come to a moment and the signal has struck: whichever is first."""
    hands, moment, count = list(arena.crew.hands), rng.choice(MOMENTS), rng.randint(1, 8)
    for hand in hands:
        hand.lay(moment, 1 if moment.startswith(SELDOM) else count, which)
    until(lambda: any(hand.sprung for hand in hands), SPRING_SECONDS)
    struck = next((hand for hand in hands if hand.sprung), hands[0])
    for hand in hands:
        hand.trap.unlink(missing_ok=True)
    arena.line.note(f"  {which.name} at {moment} of worker {struck.number}")
    struck.send(which)  # one whose trap did not spring in time
    if which == signal.SIGKILL:
        until(lambda: not struck.alive)
    return struck


def _wake(arena: Arena, hand: Hand, rng: Random) -> None:
    """Wakes a worker when others have caught up with what came meanwhile, and a little later."""
    time.sleep(SESSION_SECONDS)
    until(Lag(arena.settings), MOVE_SECONDS)
    time.sleep(rng.uniform(0.0, 1.0))
    arena.line.note(f"  worker {hand.number} wakes")
    hand.send(signal.SIGCONT)
