"""Who somebody is, and in which role, by the claims of an ID token that has been checked."""

from collections.abc import Mapping
from typing import Any

from consumers.dashboard.sign_in.people import Person
from consumers.printing import printable
from streams.sign_in_settings import SignInSettings

EVERYBODY = "*"
LONGEST_NAME = 100  # characters, of each of its two parts


def person_of(claims: Mapping[str, Any], settings: SignInSettings) -> Person | None:
    """Who the claims name; None if they give no role."""
    values = values_of(claims, settings.dashboard_oidc_claim)
    name = _name(claims, settings.dashboard_oidc_name)
    if values & _listed(settings.dashboard_oidc_operators):
        return Person(name, "operator")
    viewers = _listed(settings.dashboard_oidc_viewers)
    if EVERYBODY in viewers or values & viewers:
        return Person(name, "viewer")
    return None


def values_of(claims: Mapping[str, Any], name: str) -> set[str]:
    """The values of a claim: a text, or a list of texts; a name with dots may lead inside.

    >>> sorted(values_of({"realm_access": {"roles": ["a", "b"]}}, "realm_access.roles"))
    ['a', 'b']
    >>> values_of({"https://example.com/role": "a"}, "https://example.com/role")
    {'a'}
    """
    found: Any = claims.get(name)
    if name not in claims:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return {value for value in listed if isinstance(value, str) and value}


def _listed(setting: str) -> set[str]:
    return {value.strip() for value in setting.split(",") if value.strip()}


def _name(claims: Mapping[str, Any], claim: str) -> str:
    """A name for people, and the subject in brackets: only that is the issuer's own and unique."""
    subject = printable(str(claims["sub"]))[:LONGEST_NAME]
    given = claims.get(claim)
    name = printable(given)[:LONGEST_NAME].strip() if isinstance(given, str) else ""
    return f"{name} ({subject})" if name and name != subject else subject
