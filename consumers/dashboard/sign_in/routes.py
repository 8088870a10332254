"""Signing in and out over HTTP."""

import logging
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import msgspec
from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from consumers.dashboard.sign_in import pages
from consumers.dashboard.sign_in.entrance import Entrance, cookie_of
from consumers.dashboard.sign_in.middleware import address_of, person_of, session_of, too_many
from consumers.dashboard.sign_in.origins import is_ours, within
from consumers.printing import printable

if TYPE_CHECKING:
    from consumers.dashboard.sign_in.oidc import Issuer

log = logging.getLogger(__name__)

LONGEST_FORM = 4_096  # bytes
FORM_KEY = "x-form-key"  # the header by which a page of ours shows that it began an action
WRONG_TOKEN = "That token is not valid here."  # noqa: S105  a sentence
ELSEWHERE = "the request comes from another page"


def add_sign_in(app: FastAPI, entrance: Entrance) -> None:
    """Add the routes of signing in and out."""
    _session(app, entrance)
    if entrance.issuer is not None:
        _by_issuer(app, entrance, entrance.issuer)


def _session(app: FastAPI, entrance: Entrance) -> None:
    @app.get("/session", include_in_schema=False)
    async def session(request: Request) -> Response:
        """Who has signed in, and the key that their actions need."""
        person, own = person_of(request.scope), session_of(request.scope)
        answer = {
            "guarded": entrance.is_guarded,
            "name": person.name if person else "",
            "role": person.role if person else "",
            "form_key": own.form_key if own else "",
        }
        return Response(msgspec.json.encode(answer), media_type="application/json")

    @app.post("/session", include_in_schema=False)
    async def begin(request: Request) -> Response:
        form = parse_qs(await _form(request))
        to, token = form.get("to", [""])[0], form.get("token", [""])[0]
        if not is_ours(request.headers, entrance.public_url):
            raise HTTPException(403, ELSEWHERE)
        address = address_of(request.scope)
        if wait := entrance.attempts.wait(address):
            return too_many(wait, as_json=False)
        cookie = entrance.open_by_token(token) if token else None
        if cookie is None:
            _failed(entrance, address, "no such token")
            return HTMLResponse(pages.sign_in(entrance, to, WRONG_TOKEN), 401)
        return _opened(request, entrance, cookie, to)

    @app.delete("/session", include_in_schema=False)
    async def end(request: Request) -> Response:
        own = session_of(request.scope)
        if own is not None:
            check_action(request, entrance)
            entrance.sessions.end(cookie_of(request.headers, entrance.cookie))
        answer = Response(status_code=204)
        _delete_cookie(answer, request, entrance, entrance.cookie)
        return answer


def _by_issuer(app: FastAPI, entrance: Entrance, issuer: "Issuer") -> None:
    from consumers.dashboard.sign_in.oidc import (  # noqa: PLC0415  an extra
        BEGUN_SECONDS,
        IssuerError,
        SignInError,
    )

    @app.get("/oidc/start", include_in_schema=False)
    async def start(request: Request, to: str = "") -> Response:
        address = address_of(request.scope)
        if wait := entrance.attempts.wait(address):
            return too_many(wait, as_json=False)
        try:
            url, browser = await issuer.begin(within(to), address)
        except IssuerError as error:
            return _unusable(entrance, error)
        answer = RedirectResponse(url, 303)
        _set_cookie(answer, request, entrance, (entrance.begun_cookie, browser, BEGUN_SECONDS))
        return answer

    @app.get("/oidc/callback", include_in_schema=False)
    async def callback(request: Request) -> Response:
        address = address_of(request.scope)
        if wait := entrance.attempts.wait(address):
            return too_many(wait, as_json=False)
        browser = cookie_of(request.headers, entrance.begun_cookie)
        try:
            person, to = await issuer.finish(dict(request.query_params), browser)
        except SignInError as error:
            _failed(entrance, address, f"{error} {_cause(error)}")
            return HTMLResponse(pages.sign_in(entrance, "", str(error)), 403)
        except IssuerError as error:
            return _unusable(entrance, error)
        answer = _opened(request, entrance, entrance.open_by_issuer(person), to)
        _delete_cookie(answer, request, entrance, entrance.begun_cookie)
        return answer


def _unusable(entrance: Entrance, error: Exception) -> Response:
    """The sign-in page with what is wrong with the issuer."""
    log.warning("%s %s", error, _cause(error))
    return HTMLResponse(pages.sign_in(entrance, "", str(error)), 502)


def _cause(error: Exception) -> str:
    """What the library says of it, for the log alone: an issuer may have written it."""
    return printable(str(error.__cause__ or ""))[:300]


def _failed(entrance: Entrance, address: str, why: str) -> None:
    """Count a failed attempt, and say so where an administrator looks."""
    entrance.attempts.failed(address)
    log.warning("signing in from %s has failed: %s", address, why)


def check_action(request: Request, entrance: Entrance) -> None:
    """HTTPException unless an action was begun on a page of ours, or by a program's token.

    A browser sends a cookie along whatever page makes the request, a token only if it is given one.
    """
    own, headers = session_of(request.scope), request.headers
    if own is None:
        return
    if "origin" not in headers or not is_ours(headers, entrance.public_url):
        raise HTTPException(403, ELSEWHERE)
    if not own.began(headers.get(FORM_KEY, "")):
        raise HTTPException(403, "the page is of another session: load it again")


def _opened(request: Request, entrance: Entrance, cookie: str, to: str) -> Response:
    """Lead to where one was, with a session; one that was open before is ended."""
    entrance.attempts.succeeded(address_of(request.scope))
    entrance.sessions.end(cookie_of(request.headers, entrance.cookie))
    answer = RedirectResponse(within(to), 303)
    opened = entrance.sessions.of(cookie)
    if opened is not None:
        log.info("%s has signed in as %s", opened.person.name, opened.person.role)
    _set_cookie(answer, request, entrance, (entrance.cookie, cookie, entrance.seconds_of(opened)))
    return answer


def _set_cookie(
    answer: Response, request: Request, entrance: Entrance, cookie: tuple[str, str, float]
) -> None:
    """Set a cookie that no script reads, and that another site's forms do not bring along.

    Lax and not strict: the way back from an issuer begins on its site.
    """
    (name, value, seconds), secure = cookie, _is_secure(request, entrance)
    answer.set_cookie(name, value, int(seconds), secure=secure, httponly=True, samesite="lax")


def _delete_cookie(answer: Response, request: Request, entrance: Entrance, name: str) -> None:
    answer.delete_cookie(name, secure=_is_secure(request, entrance), httponly=True)


def _is_secure(request: Request, entrance: Entrance) -> bool:
    return entrance.is_https or request.url.scheme == "https"


async def _form(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            raise HTTPException(413)
    return body.decode("utf-8", "replace")
