"""What stands between the network and the page: security headers and an optional token."""

import hmac
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "overcast"
OPEN_PATHS = ("/session", "/health", "/static/")  # no data of a match
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{what} {whence}" for what, whence in SOURCES.items())
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def session_of(token: str) -> str:
    """What the cookie holds: made from the token, which never leaves the server again."""
    return hmac.new(token.encode(), b"overcast dashboard session", sha256).hexdigest()


def same(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode(), expected.encode())


class SignInMiddleware:
    """ASGI middleware: every answer has the headers; without the token there is nothing to see."""

    def __init__(self, app: ASGIApp, token: str, sign_in: bytes) -> None:
        self._app = app
        self._token = token
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers itself where the token is missing, else passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._may(scope):
            await self._app(scope, receive, guarded)
        else:
            await self._refusal(scope)(scope, receive, guarded)

    def _may(self, scope: Scope) -> bool:
        if not self._token or scope["path"].startswith(OPEN_PATHS):
            return True
        headers = Headers(scope=scope)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and same(given, self._token):
            return True
        return same(_cookie(headers.get("cookie", "")), session_of(self._token))

    def _refusal(self, scope: Scope) -> Response:
        if scope["path"].startswith("/api/"):
            told = {"detail": "a token is needed: Authorization: Bearer TOKEN"}
            return JSONResponse(told, 401, {"www-authenticate": "Bearer"})
        return HTMLResponse(self._sign_in, 401, {"cache-control": "no-store"})


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
