"""The way into the page: tokens, the issuer, sessions and attempts, as they are configured."""

import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from consumers.dashboard.sign_in.attempts import Attempts
from consumers.dashboard.sign_in.people import Person
from consumers.dashboard.sign_in.sessions import Session, Sessions
from consumers.dashboard.sign_in.tokens import Tokens, hash_of, read
from streams.settings import Settings

if TYPE_CHECKING:
    from consumers.dashboard.sign_in.oidc import Issuer

HOUR = 3_600.0
VIEWER_SECONDS = 30 * 24 * HOUR  # a board on a wall; its token is looked up with each request
MISSING = (
    "signing in by OIDC needs Authlib and httpx2, which are not installed: pip install "
    "'overcast[page-oidc]', or unset dashboard_oidc_issuer."
)


class Entrance:
    """Who may come in: everybody if nothing is configured, and then nobody gives orders."""

    def __init__(
        self,
        settings: Settings,
        tokens: Tokens,
        issuer: "Issuer | None",
        clock: Callable[[], float],
    ) -> None:
        self._clock = clock
        self.tokens = tokens
        self.issuer = issuer
        self.public_url = settings.dashboard_url
        self.sessions = Sessions(clock)
        self.attempts = Attempts(clock)
        self._seconds = settings.dashboard_session_hours * HOUR
        self._may_have_operators = bool(
            settings.dashboard_tokens or settings.dashboard_oidc_operators
        )

    @property
    def is_guarded(self) -> bool:
        """Whether only those who have signed in are let in."""
        return self.tokens.exist or self.issuer is not None

    @property
    def may_have_operators(self) -> bool:
        """Whether anybody can come as an operator."""
        return self._may_have_operators

    @property
    def is_https(self) -> bool:
        """Whether the page is public by https only."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The session's cookie; by its prefix a browser takes it by https from this host alone."""
        return "__Host-overcast" if self.is_https else "overcast"

    @property
    def begun_cookie(self) -> str:
        """The cookie of a sign-in at the issuer that is under way."""
        return f"{self.cookie}-begun"

    def session_of(self, headers: Headers) -> Session | None:
        """The session that a request's cookie opens; a token that was removed has ended it."""
        session = self.sessions.of(cookie_of(headers, self.cookie))
        if session is None or not session.token_hash:
            return session
        return session if self.tokens.holds(session.token_hash, session.person) else None

    def open_by_token(self, token: str) -> str | None:
        """Open a session for whoever gives a token; what its cookie holds, None if it is wrong."""
        person = self.tokens.person_of(token)
        if person is None:
            return None
        seconds = self._seconds if person.may_give_orders else max(VIEWER_SECONDS, self._seconds)
        return self.sessions.begin(person, seconds, hash_of(token))

    def seconds_of(self, session: Session | None) -> float:
        """How long a session still lasts."""
        return 0.0 if session is None else session.end - self._clock()

    def open_by_issuer(self, person: Person) -> str:
        """Open a session for whom the issuer has named; what its cookie holds."""
        return self.sessions.begin(person, self._seconds)


def entrance_of(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Entrance:
    """The entrance that is configured; ValueError or OSError if it cannot be opened."""
    file = Path(settings.dashboard_tokens) if settings.dashboard_tokens else None
    if file is not None:
        read(file)  # to say now what is wrong with it
    tokens = Tokens(file, settings.dashboard_token.get_secret_value())
    return Entrance(settings, tokens, _issuer(settings, clock), clock)


def _issuer(settings: Settings, clock: Callable[[], float]) -> "Issuer | None":
    if not settings.dashboard_oidc_issuer:
        return None
    try:
        from consumers.dashboard.sign_in.oidc import Issuer  # noqa: PLC0415  an extra
    except ModuleNotFoundError:
        raise ValueError(MISSING) from None
    return Issuer(settings, clock)


def cookie_of(headers: Headers, name: str) -> str:
    """The value of a cookie; "" if the request has none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return cookie.value if cookie else ""
