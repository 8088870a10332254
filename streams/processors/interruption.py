"""The sign that this worker's partitions are being taken away while one of them is recovered.

A recovery from the log may take longer than the group waits for its members. Who does not answer in
time is thrown out, and the next owner begins the same recovery: on a slow machine workers would
throw each other out for ever. So it is looked for between two messages, and what was begun is given
up: nothing is acknowledged, so the next owner does it again.
"""

from threading import Event


class GivenUpError(RuntimeError):
    """The partition is being taken away; its next owner begins where the log was committed."""


class Interruption:
    """Set while partitions are taken away."""

    def __init__(self) -> None:
        self._set = Event()

    def set(self) -> None:
        """From now on `check` gives up."""
        self._set.set()

    def clear(self) -> None:
        """Partitions can be worked on again."""
        self._set.clear()

    def check(self) -> None:
        """GivenUpError while it is set."""
        if self._set.is_set():
            raise GivenUpError("the partition is being taken away")
