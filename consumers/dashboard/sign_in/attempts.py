"""Attempts to sign in, by address: after a few that failed, each next one has to wait longer.

What is counted is bounded: an address is forgotten after a quiet hour, and where there are too many
the one that has been quiet for longest is.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5  # failed attempts without a wait: slips of the pen
LONGEST_SECONDS = 900.0
FORGOTTEN_SECONDS = 3_600.0
ADDRESSES = 10_000  # some 2 MB


@dataclass(slots=True)
class Failures:
    """Failed attempts of an address, and when the last one was (the clock's seconds)."""

    count: int
    last: float

    @property
    def wait(self) -> float:
        """Seconds from the last attempt to the next one: 1, 2, 4 … up to a quarter of an hour."""
        beyond = self.count - FREE
        return 0.0 if beyond < 0 else min(2.0 ** min(beyond, 20), LONGEST_SECONDS)


class Attempts:
    """The addresses from which signing in has failed."""

    def __init__(self, clock: Callable[[], float], most: int = ADDRESSES) -> None:
        self._clock = clock
        self._most = most
        self._failures: OrderedDict[str, Failures] = OrderedDict()  # the longest quiet first

    def __len__(self) -> int:
        return len(self._failures)

    def wait(self, address: str) -> int:
        """Whole seconds that an address has to wait before it may try again; 0 if it may now."""
        self._forget()
        failures = self._failures.get(address)
        if failures is None:
            return 0
        return max(math.ceil(failures.last + failures.wait - self._clock()), 0)

    def failed(self, address: str) -> None:
        """Count a failed attempt."""
        self._forget()
        failures = self._failures.setdefault(address, Failures(0, 0.0))
        failures.count, failures.last = failures.count + 1, self._clock()
        self._failures.move_to_end(address)
        if len(self._failures) > self._most:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget what has failed before."""
        self._failures.pop(address, None)

    def _forget(self) -> None:
        """Forget the addresses that have been quiet for long."""
        end = self._clock() - FORGOTTEN_SECONDS
        while self._failures and next(iter(self._failures.values())).last < end:
            self._failures.popitem(last=False)
