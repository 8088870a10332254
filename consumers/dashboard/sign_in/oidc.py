"""Signing in by OpenID Connect: the authorization code flow with PKCE, state and nonce.

Authlib makes the requests and checks the ID token: its signature by the issuer's keys, issuer,
audience, nonce and times. What it would take from the issuer's own description is held to what was
configured: the issuer's name, the audience, and algorithms by which nobody but the issuer signs.
"""

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteIntegration, StarletteOAuth2App
from joserfc.errors import JoseError

from consumers.dashboard.sign_in.claims import person_of
from consumers.dashboard.sign_in.people import Person
from streams.access import trusting
from streams.settings import Settings

BEGUN = 1_000  # sign-ins that are under way, in all
BEGUN_EACH = 50  # of one address
BEGUN_SECONDS = 600.0  # to sign in at the issuer
KNOWN_SECONDS = 3_600.0  # after which the issuer's description and keys are fetched again
ANSWER_SECONDS = 10.0
LEEWAY_SECONDS = 60  # that two clocks may differ
SIGNED_BY_ISSUER = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
CALLBACK = "/oidc/callback"
# What Authlib ends in where an issuer answers something else than it should.
NONSENSE = (ValueError, TypeError, KeyError, AttributeError, RuntimeError)


class SignInError(ValueError):
    """Signing in did not succeed; the text is for the person who tried, and names no secret."""


class IssuerError(RuntimeError):
    """The issuer does not answer as it should; the text says what went wrong."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that is under way; `browser` is in a cookie of the browser that began it."""

    browser: str
    nonce: str
    verifier: str
    to: str
    address: str
    end: float


class BegunSignIns:
    """The sign-ins that are under way, by state; each is taken once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_state: OrderedDict[str, Begun] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_state)

    def add(self, state: str, begun: Begun) -> None:
        """Keep a sign-in; where there are too many, the oldest of its address goes, or of all."""
        now = self._clock()
        for old in [s for s, b in self._by_state.items() if b.end <= now]:
            del self._by_state[old]
        own = [s for s, b in self._by_state.items() if b.address == begun.address]
        if len(own) >= BEGUN_EACH:
            del self._by_state[own[0]]
        elif len(self._by_state) >= BEGUN:
            self._by_state.popitem(last=False)
        self._by_state[state] = begun

    def take(self, state: str, browser: str) -> Begun:
        """The sign-in that this browser began; SignInError if there is none."""
        begun = self._by_state.pop(state, None)
        if begun is None or begun.end <= self._clock():
            raise SignInError("This sign-in has taken too long, or was used before: begin again.")
        if not hmac.compare_digest(begun.browser.encode(), browser.encode()):
            raise SignInError("This sign-in was begun by another browser: begin again.")
        return begun


class Issuer:
    """The issuer whose word is taken for who somebody is."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = settings.dashboard_oidc_issuer
        self._settings = settings
        self._clock = clock
        self._begun = BegunSignIns(clock)
        self._known: StarletteOAuth2App | None = None
        self._known_until = 0.0

    @property
    def under_way(self) -> int:
        """How many sign-ins have been begun and not finished."""
        return len(self._begun)

    @property
    def _redirect(self) -> str:
        return self._settings.dashboard_url + CALLBACK

    async def begin(self, to: str, address: str) -> tuple[str, str]:
        """Where to send the browser, and what to put into its cookie; IssuerError."""
        app = await self._app()
        try:
            made = await app.create_authorization_url(self._redirect)
        except NONSENSE as error:
            raise _unusable(error) from error
        browser = secrets.token_urlsafe(32)
        end = self._clock() + BEGUN_SECONDS
        begun = Begun(browser, made["nonce"], made["code_verifier"], to, address, end)
        self._begun.add(made["state"], begun)
        return made["url"], browser

    async def finish(self, given: Mapping[str, str], browser: str) -> tuple[Person, str]:
        """Who has signed in, and to where they wanted; SignInError or IssuerError."""
        begun = self._begun.take(given.get("state", ""), browser)
        if "error" in given:
            raise SignInError("The issuer did not let you in, or you turned back: begin again.")
        claims = await self._claims(given.get("code", ""), begun)
        person = person_of(claims, self._settings)
        if person is None:
            raise SignInError("You have signed in, but nobody has given you a role on this page.")
        return person, begun.to

    async def _claims(self, code: str, begun: Begun) -> dict[str, Any]:
        """The claims of the ID token that the issuer gives for a code, checked."""
        app = await self._app()
        try:
            token = await app.fetch_access_token(
                self._redirect, code=code, code_verifier=begun.verifier
            )
            claims = await app.parse_id_token(
                token, begun.nonce, self._expected(), leeway=LEEWAY_SECONDS
            )
        except (httpx2.HTTPError, httpx2.InvalidURL, RuntimeError) as error:
            raise _unusable(error) from error
        except (AuthlibBaseError, JoseError, *NONSENSE) as error:
            raise SignInError("The issuer's answer does not prove who you are.") from error
        if claims is None:
            raise SignInError("The issuer's answer does not say who you are.")
        return dict(claims)

    def _expected(self) -> dict[str, Any]:
        settings = self._settings
        return {
            "iss": {"essential": True, "value": settings.dashboard_oidc_issuer},
            "aud": {"essential": True, "value": settings.dashboard_oidc_client_id},
        }

    async def _app(self) -> StarletteOAuth2App:
        """The client of the issuer as it describes itself; IssuerError if it does not."""
        if self._known is not None and self._clock() < self._known_until:
            return self._known
        app = _client(self._settings)
        try:
            described = await app.load_server_metadata()
        except (httpx2.HTTPError, *NONSENSE) as error:
            raise _unusable(error) from error
        if described.get("issuer") != self._settings.dashboard_oidc_issuer:
            raise IssuerError("The issuer calls itself by another name than dashboard_oidc_issuer.")
        offered = described.get("id_token_signing_alg_values_supported", ["RS256"])
        allowed = [name for name in SIGNED_BY_ISSUER if name in offered]
        described["id_token_signing_alg_values_supported"] = allowed or ["RS256"]
        self._known, self._known_until = app, self._clock() + KNOWN_SECONDS
        return app


def _unusable(error: Exception) -> IssuerError:
    return IssuerError(f"The issuer cannot be reached, or is none ({type(error).__name__}).")


def _client(settings: Settings) -> StarletteOAuth2App:
    issuer = settings.dashboard_oidc_issuer.rstrip("/")
    secret = settings.dashboard_oidc_client_secret.get_secret_value()
    options = {
        "scope": settings.dashboard_oidc_scope,
        "code_challenge_method": "S256",
        "verify": trusting(settings.dashboard_oidc_ca),
        "timeout": ANSWER_SECONDS,
    }
    if not secret:
        options["token_endpoint_auth_method"] = "none"  # noqa: S105  PKCE is the proof
    return StarletteOAuth2App(
        StarletteIntegration("issuer"),
        name="issuer",
        client_id=settings.dashboard_oidc_client_id,
        client_secret=secret or None,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs=options,
    )
