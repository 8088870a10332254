"""Sessions of the page, kept in the server: what a cookie names can be ended here at any time.

The cookie is a random number; only its hash is kept. When the server ends, so do all sessions.
"""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from consumers.dashboard.sign_in.people import Person

SESSIONS = 10_000  # then the oldest ends, of a viewer if there is one
ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in, until `end` (the clock's seconds).

    `form_key` proves that an action was begun on a page of ours; `token_hash` is that of the token
    that was given, which must still be valid, and "" if it was none.
    """

    person: Person
    end: float
    form_key: str
    token_hash: str = ""

    def began(self, form_key: str) -> bool:
        """Whether an action comes from a page of this session."""
        return hmac.compare_digest(self.form_key.encode(), form_key.encode())


class Sessions:
    """The open sessions, by the hash of what their cookie holds."""

    def __init__(self, clock: Callable[[], float], most: int = SESSIONS) -> None:
        self._clock = clock
        self._most = most
        self._open: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, person: Person, seconds: float, token_hash: str = "") -> str:
        """Open a session, and return what its cookie holds."""
        cookie = secrets.token_urlsafe(ID_BYTES)
        end, form_key = self._clock() + seconds, secrets.token_urlsafe(ID_BYTES)
        self._open[_key(cookie)] = Session(person, end, form_key, token_hash)
        if len(self._open) > self._most:
            viewers = (key for key, own in self._open.items() if own.person.role == "viewer")
            del self._open[next(viewers, next(iter(self._open)))]
        return cookie

    def of(self, cookie: str) -> Session | None:
        """The session of a cookie; None if there is none any more."""
        session = self._open.get(_key(cookie))
        if session is not None and session.end <= self._clock():
            self.end(cookie)
            return None
        return session

    def end(self, cookie: str) -> None:
        """End the session of a cookie, wherever else it was copied to."""
        self._open.pop(_key(cookie), None)


def _key(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()
