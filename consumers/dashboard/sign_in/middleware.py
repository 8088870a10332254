"""Who asks: known by a session or a token before anything else of the page is reached."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consumers.dashboard.connections import network_of
from consumers.dashboard.sign_in import pages
from consumers.dashboard.sign_in.entrance import Entrance
from consumers.dashboard.sign_in.headers import add_headers
from consumers.dashboard.sign_in.people import Person
from consumers.dashboard.sign_in.sessions import Session

PERSON: Final = "overcast.person"  # of a request's scope: who asks
SESSION: Final = "overcast.session"  # and by which session, if it was not by a token
PUBLIC = ("/health", "/static/")  # they hold nothing of a match
OPEN = ("/session", "/oidc/", *PUBLIC)


class SignInMiddleware:
    """ASGI middleware: lets in who has signed in, and adds the headers of every answer."""

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self._app = app
        self._entrance = entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with who asks, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        entrance, public = self._entrance, scope["path"].startswith(PUBLIC)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                private = entrance.is_guarded and not public
                headers = MutableHeaders(scope=message)
                add_headers(headers, https=entrance.is_https, private=private)
            await send(message)

        refusal = self._refusal(scope) if entrance.is_guarded else None
        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """Why a request may not pass; None if it may. Notes in its scope who asks."""
        headers = Headers(scope=scope)
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self._entrance.tokens.exist:
            address = address_of(scope)
            if wait := self._entrance.attempts.wait(address):
                return too_many(wait, as_json=pages.is_api(scope["path"]))
            person = self._entrance.tokens.person_of(token.strip())
            if person is None:
                self._entrance.attempts.failed(address)
        else:
            session = scope[SESSION] = self._entrance.session_of(headers)
            person = session.person if session else None
        scope[PERSON] = person
        if person is not None or scope["path"].startswith(OPEN):
            return None
        return self._sign_in(scope)

    def _sign_in(self, scope: Scope) -> Response:
        if pages.is_api(scope["path"]):
            error = {"detail": "a token is needed: Authorization: Bearer TOKEN"}
            return JSONResponse(error, 401, {"www-authenticate": "Bearer"})
        query = scope.get("query_string", b"").decode("latin-1")
        to = scope["path"] + (f"?{query}" if query else "")
        return HTMLResponse(pages.sign_in(self._entrance, to), 401)


def too_many(seconds: int, *, as_json: bool) -> Response:
    """The answer to an address that has to wait."""
    headers = {"retry-after": str(seconds)}
    text = f"Too many attempts have failed from your address: try again in {seconds} s."
    if as_json:
        return JSONResponse({"detail": text}, 429, headers)
    return HTMLResponse(pages.notice("Wait a little", text), 429, headers)


def address_of(scope: Scope) -> str:
    """Whose attempt it is: an address, or the network of an IPv6 one."""
    client = scope.get("client")
    return network_of(str(client[0])) if client else ""


def person_of(scope: Scope) -> Person | None:
    """Who asks, as the middleware has found out."""
    person = scope.get(PERSON)
    return person if isinstance(person, Person) else None


def session_of(scope: Scope) -> Session | None:
    """The session by which it was found out; None for a program that gave its token."""
    session = scope.get(SESSION)
    return session if isinstance(session, Session) else None
