"""The contests as the learner last wrote them: each challenger with its evidence so far."""

from threading import Lock

from confluent_kafka import Message

from consumers.dashboard.content.trials import StoredContest, stored_contest
from streams.kafka.follower import FollowerThread
from streams.kafka.topics import CONTESTS
from streams.models import contest_log
from streams.models.contest_log import ContestError
from streams.models.signing import SignatureError
from streams.models.snapshot_messages import ModelMessages
from streams.settings import Settings


class Contests:
    """Follows `cricket.contests`; a state is decoded when it is asked for: that takes long."""

    def __init__(self, settings: Settings) -> None:
        self._messages = ModelMessages(settings)
        self._lock = Lock()
        self._newest: dict[str, Message] = {}
        self._stored: dict[str, StoredContest] = {}
        self._thread = FollowerThread(settings, {CONTESTS: self.take})

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread that reads."""
        self._thread.stop()

    def take(self, message: Message) -> None:
        """Keep a key's newest message."""
        with self._lock:
            self._newest[(message.key() or b"").decode("utf-8", "replace")] = message

    def stored(self) -> dict[str, StoredContest]:
        """What is stored of each model key; one that is unreadable changes nothing."""
        with self._lock:
            unread, self._newest = self._newest, {}
        for message in unread.values():
            value = message.value() or b""
            try:
                self._messages.check(value, message.headers())
                state = contest_log.decode(value)
            except (ContestError, SignatureError):
                continue  # the learner refuses it too, and logs it
            self._stored[state.champion.key] = stored_contest(state)
        return dict(self._stored)
