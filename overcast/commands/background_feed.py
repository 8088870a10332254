"""A feed that runs in a thread of its own, beside the view of its effects."""

import threading
from collections.abc import Iterator

from producers.feed_producer import FeedProducer
from producers.replay import send
from streams.messages.events import MatchEvent
from streams.settings import Settings


class BackgroundFeed(threading.Thread):
    """Sends events until they end; `done` raises the error that stopped it, if there was one."""

    def __init__(self, settings: Settings, events: Iterator[MatchEvent]) -> None:
        super().__init__(name="replay", daemon=True)
        self._settings = settings
        self._events = events
        self._failure: Exception | None = None

    def run(self) -> None:
        """Send all events."""
        try:
            with FeedProducer(self._settings.kafka_access) as producer:
                for _ in send(self._events, producer, self._settings):
                    pass
        except Exception as error:  # noqa: BLE001  whatever it is, `done` raises it
            self._failure = error

    def done(self) -> bool:
        """Return whether everything is sent and written; raise the error that prevented it."""
        if self._failure is not None:
            raise self._failure
        return not self.is_alive()
