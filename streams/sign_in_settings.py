"""The settings of signing in to the live page, judged together.

Each error is one sentence that names the setting and repeats no value.
"""

import ipaddress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from streams.access import holds_certificates
from streams.addresses import is_http
from streams.kafka_settings import NO_CERTIFICATE, lacks
from streams.setting_sources import readable

OIDC = "dashboard_oidc_"
NEEDED = (OIDC + "client_id", "dashboard_url")  # by an issuer
WITH_ISSUER = tuple(
    OIDC + name for name in ("client_id", "client_secret", "ca", "viewers", "operators")
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OPEN = "is http, where passwords and sessions would travel openly: only https, or the loopback"


class SignInSettings(BaseSettings):
    """Who may look at the live page, who may give orders on it, and how they prove who they are."""

    dashboard_url: str = Field(
        "", description="the live page's public URL, https://HOST; '': as each request names it"
    )
    dashboard_proxies: str = Field(
        "127.0.0.1",
        description="addresses or networks, by comma, whose X-Forwarded-For is believed; '': none",
    )
    dashboard_tokens: str = Field(
        "", description="file of tokens with roles, which `overcast token` writes; '': none"
    )
    dashboard_session_hours: int = Field(
        12, ge=1, le=720, description="hours after which a session on the page ends"
    )
    dashboard_oidc_issuer: str = Field(
        "", description="issuer's URL, for signing in by OIDC: https://…; '': off"
    )
    dashboard_oidc_client_id: str = Field("", description="the page's id at the issuer")
    dashboard_oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="the page's secret at the issuer; '': PKCE alone"
    )
    dashboard_oidc_scope: str = Field(
        "openid profile", description="what is asked of the issuer; `openid` must be in it"
    )
    dashboard_oidc_ca: str = Field(
        "", description="file of certificates that the issuer's is checked by; '': the system's"
    )
    dashboard_oidc_claim: str = Field(
        "groups", description="claim of the ID token that gives the role; a.b: b inside of a"
    )
    dashboard_oidc_viewers: str = Field(
        "", description="its values, by comma, that make a viewer; *: everybody; '': nobody"
    )
    dashboard_oidc_operators: str = Field(
        "", description="its values, by comma, that make an operator; '': nobody"
    )
    dashboard_oidc_name: str = Field(
        "preferred_username", description="claim that names a person, beside the claim `sub`"
    )

    @field_validator("dashboard_url")
    @classmethod
    def _is_the_page(cls, url: str) -> str:
        return _url(url, "of the page: https://HOST, without a path") if url else url

    @field_validator("dashboard_oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, url: str) -> str:
        return _secured_url(url, "of an issuer: https://HOST/…, without a user") if url else url

    @field_validator("dashboard_proxies")
    @classmethod
    def _are_proxies(cls, listed: str) -> str:
        for text in filter(None, map(str.strip, listed.split(","))):
            try:
                ipaddress.ip_network(text)
            except ValueError:
                raise ValueError("is not addresses or networks, such as 10.0.0.0/8") from None
        return listed

    @field_validator("dashboard_tokens")
    @classmethod
    def _from_the_root(cls, path: str) -> str:
        """The path from the root; the file need not be there before the first token is."""
        return str(Path(path).expanduser().absolute()) if path else path

    @field_validator("dashboard_oidc_ca")
    @classmethod
    def _is_readable(cls, path: str) -> str:
        return readable(path)

    @field_validator("dashboard_oidc_scope")
    @classmethod
    def _asks_who_it_is(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("lacks `openid`, without which an issuer does not say who it is")
        return scope

    @field_validator("dashboard_oidc_operators")
    @classmethod
    def _names_operators(cls, listed: str) -> str:
        if "*" in map(str.strip, listed.split(",")):
            raise ValueError("may not be *: name the values that make an operator")
        return listed

    @model_validator(mode="after")
    def _sign_in_is_complete(self) -> Self:
        wrong = _oidc_is_wrong(self)
        if wrong:
            raise ValueError(wrong)
        return self


def _url(url: str, what: str) -> str:
    """A URL without a path, and without the slash at its end; ValueError if it is another."""
    parts = urlsplit(url) if is_http(url) else None
    if parts is None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(f"is no URL {what}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _secured_url(url: str, what: str) -> str:
    if not is_http(url) or urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError(f"is no URL {what}")
    if not _secured(url):
        raise ValueError(OPEN)
    return url


def _secured(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOOPBACK


def _oidc_is_wrong(settings: SignInSettings) -> str:
    """What sign-in by OIDC lacks, or what was given and would have no effect; "" if neither."""
    values = settings.model_dump()
    secret = settings.dashboard_oidc_client_secret.get_secret_value()
    values[OIDC + "client_secret"] = secret
    issuer = OIDC + "issuer"
    if not values[issuer]:
        unused = [name for name in WITH_ISSUER if values[name]]
        return f"{unused[0]} has no effect without {issuer}: set both or none" if unused else ""
    missing = [name for name in NEEDED if not values[name]]
    if missing:
        return lacks(issuer, missing[0])
    if not (settings.dashboard_oidc_viewers or settings.dashboard_oidc_operators):
        return f"{issuer} lets nobody in: set {OIDC}viewers, {OIDC}operators, or both"
    if not _secured(settings.dashboard_url):
        return f"dashboard_url {OPEN}"
    if not holds_certificates(settings.dashboard_oidc_ca):
        return f"{OIDC}ca {NO_CERTIFICATE}"
    return ""
