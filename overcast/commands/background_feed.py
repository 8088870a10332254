"""A feed in a thread of its own, beside what shows its effects."""

import threading
from collections.abc import Iterator

from producers.replay import send
from streams.kafka.producer import Producer
from streams.messages.events import MatchEvent
from streams.settings import Settings


class Feeding(threading.Thread):
    """Sends events until they end; what goes wrong is raised where its end is asked for."""

    def __init__(self, settings: Settings, events: Iterator[MatchEvent]) -> None:
        super().__init__(name="replay", daemon=True)
        self._settings = settings
        self._events = events
        self._failure: Exception | None = None

    def run(self) -> None:
        """Sends everything."""
        try:
            with Producer(self._settings.kafka) as outbox:
                for _ in send(self._events, outbox, self._settings):
                    pass
        except Exception as error:  # noqa: BLE001  whatever it is, the one who asks must know
            self._failure = error

    def done(self) -> bool:
        """Whether everything is sent and written; raises what prevented it."""
        if self._failure is not None:
            raise self._failure
        return not self.is_alive()
