"""OAuth tokens for aiokafka, fetched from a token endpoint as librdkafka fetches them itself.

The grant is that of client credentials (RFC 6749, 4.4). A token is used until four fifths of its
life have passed, by all clients of this process.
"""

import asyncio
import base64
import json
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from aiokafka.abc import AbstractTokenProvider

from streams.access import TokenLogin, basic, trusting
from streams.addresses import shown

ANSWER_SECONDS = 10.0
USED = 0.8  # of a token's life, as by librdkafka
LARGEST_ANSWER = 1 << 20  # bytes
USUAL_SECONDS = 60.0  # of a token that says nothing of its life


class TokenError(OSError):
    """A token endpoint gave no token; an OSError, as aiokafka takes a failed connection."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when (time.monotonic) it is used."""

    text: str
    until: float


class _NoRedirects(HTTPRedirectHandler):
    """Follows none: the client's secret is for the endpoint that was named."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


class TokenProvider(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka has no types
    """Gives aiokafka's clients their token, and fetches a new one before the last expires."""

    def __init__(self, login: TokenLogin) -> None:
        self._login = login
        self._lock = threading.Lock()
        self._token: Token | None = None

    async def token(self) -> str:
        """The token to show; TokenError if the endpoint gives none."""
        return await asyncio.to_thread(self.current)

    def current(self) -> str:
        """The same, for whoever may wait; clients that connect together ask once."""
        with self._lock:
            if self._token is None or time.monotonic() >= self._token.until:
                self._token = fetch(self._login)
            return self._token.text

    def extensions(self) -> dict[str, str]:
        """What the broker is shown besides the token."""
        listed = self._login.extensions.split(",") if self._login.extensions else []
        return dict(pair.split("=", 1) for pair in listed)


@cache
def token_provider(login: TokenLogin) -> TokenProvider:
    """The one provider of a login."""
    return TokenProvider(login)


def fetch(login: TokenLogin) -> Token:
    """A new token; TokenError, with no secret in it, if there is none."""
    asked = time.monotonic()
    answer = _answer(login)
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise TokenError(f"{shown(login.endpoint)} answered without an access_token")
    return Token(token, asked + USED * _life(answer, token))


def _answer(login: TokenLogin) -> dict[str, Any]:
    try:
        opener = build_opener(HTTPSHandler(context=trusting(login.ca)), _NoRedirects())
        with opener.open(_request(login), timeout=ANSWER_SECONDS) as response:
            answer = json.loads(response.read(LARGEST_ANSWER))
    except HTTPError as error:
        reason = f"it answered {error.code}: are kafka_oauth_client_id and _secret right?"
    except URLError as error:
        reason = str(error.reason)
    except (OSError, ValueError) as error:  # ValueError: it is not JSON
        reason = f"its answer cannot be read ({type(error).__name__})"
    else:
        return answer if isinstance(answer, dict) else {}
    raise TokenError(f"no token from {shown(login.endpoint)}: {reason}")


def _request(login: TokenLogin) -> Request:
    asked = {"grant_type": "client_credentials"} | ({"scope": login.scope} if login.scope else {})
    headers = {
        "Authorization": basic(login.client_id, login.client_secret),
        "Accept": "application/json",
    }
    return Request(login.endpoint, urlencode(asked).encode(), headers)  # noqa: S310  http(s) only


def _life(answer: dict[str, Any], token: str) -> float:
    """How long a token is good, in seconds: as the endpoint says, or the token itself (JWT)."""
    for seconds in (answer.get("expires_in"), _written_life(token)):
        if isinstance(seconds, int | float) and seconds > 0:
            return float(seconds)
    return USUAL_SECONDS


def _written_life(token: str) -> float | None:
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"]) - time.time()
    except (IndexError, KeyError, TypeError, ValueError):
        return None
