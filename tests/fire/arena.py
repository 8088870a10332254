"""What can be attacked, and how its reactions are awaited."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from streams.settings import Settings
from tests.fire.crew import Crew
from tests.fire.servers import Servers
from tests.fire.timeline import Timeline

MOVE_SECONDS = 30.0
LOOK_SECONDS = 0.1


@dataclass
class Arena:
    """What can be attacked."""

    servers: Servers
    crew: Crew
    settings: Settings
    line: Timeline
    examine: Callable[[], None] = lambda: None  # everything so far, with the feed held
    begin_again: Callable[[], None] = lambda: None  # the feed breaks its matches off, and goes on

    def complete(self) -> bool:
        """Whether every worker that is wanted has joined the group."""
        ready = [hand for hand in self.crew.hands if hand.alive and hand.ready]
        return len(ready) == self.crew.wanted


Fault = Callable[[Arena, Random], None]


def until(condition: Callable[[], bool], seconds: float = MOVE_SECONDS) -> bool:
    """Whether it came to pass in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_SECONDS)
    return True
