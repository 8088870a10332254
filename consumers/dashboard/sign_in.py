"""The page's protection: security headers, and an optional token that viewers need."""

import hmac
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "overcast"
OPEN_PATHS = ("/session", "/health", "/static/")  # these carry no data of a match
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
POLICY = "; ".join(f"{directive} {source}" for directive, source in SOURCES.items())
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def session_of(token: str) -> str:
    """Return the cookie's value: derived from the token, which never leaves the server."""
    return hmac.new(token.encode(), b"overcast dashboard session", sha256).hexdigest()


def same(given: str, expected: str) -> bool:
    """Return whether two secrets are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


class SignInMiddleware:
    """ASGI middleware: sets security headers, and refuses requests without the token."""

    def __init__(self, app: ASGIApp, token: str, sign_in: bytes) -> None:
        self._app = app
        self._token = token
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it if the token is missing."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._allowed(scope):
            await self._app(scope, receive, guarded)
        else:
            await self._refusal(scope)(scope, receive, guarded)

    def _allowed(self, scope: Scope) -> bool:
        if not self._token or scope["path"].startswith(OPEN_PATHS):
            return True
        headers = Headers(scope=scope)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and same(given, self._token):
            return True
        return same(_cookie(headers.get("cookie", "")), session_of(self._token))

    def _refusal(self, scope: Scope) -> Response:
        if scope["path"].startswith("/api/"):
            error = {"detail": "a token is needed: Authorization: Bearer TOKEN"}
            return JSONResponse(error, 401, {"www-authenticate": "Bearer"})
        return HTMLResponse(self._sign_in, 401, {"cache-control": "no-store"})


def _cookie(header: str) -> str:
    try:
        cookie = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""
