"""From the claims of an ID token to a person in a role."""

from typing import Any

import pytest

from consumers.dashboard.sign_in.claims import person_of
from consumers.dashboard.sign_in.people import Person
from streams.settings import Settings

ISSUER = {
    "dashboard_url": "https://page.example",
    "dashboard_oidc_issuer": "https://issuer.example",
    "dashboard_oidc_client_id": "page",
}


def settings(viewers: str = "", operators: str = "", **more: str) -> Settings:
    roles = {"dashboard_oidc_viewers": viewers, "dashboard_oidc_operators": operators}
    return Settings(**ISSUER | roles | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["ops", "staff"], "operator"),
        (["staff"], "viewer"),
        ("staff", "viewer"),
        ("leads", "operator"),
        ("ops staff", None),
        (["Ops"], None),
        ([], None),
        (None, None),
        ({"ops": True}, None),
        ([["ops"]], None),
        ([7, None], None),
        ("", None),
    ],
)
def test_the_claim_s_values_make_the_role(groups: Any, role: str | None) -> None:
    person = person_of({"sub": "1", "groups": groups}, settings("staff, fans", "ops , leads"))
    assert (person.role if person else None) == role


def test_everybody_may_be_a_viewer_and_only_who_is_named_an_operator() -> None:
    both = settings("*", "ops")
    assert person_of({"sub": "1"}, both) == Person("1", "viewer")
    assert person_of({"sub": "1", "groups": ["*"]}, both) == Person("1", "viewer")
    assert person_of({"sub": "1", "groups": ["ops"]}, both) == Person("1", "operator")
    assert person_of({"sub": "1"}, settings(operators="ops")) is None


def test_a_claim_may_lie_inside_of_another_or_be_called_like_an_address() -> None:
    inside = settings(operators="ops", dashboard_oidc_claim="realm_access.roles")
    assert person_of({"sub": "1", "realm_access": {"roles": ["ops"]}}, inside) is not None
    assert person_of({"sub": "1", "realm_access": ["ops"]}, inside) is None
    named = settings(operators="ops", dashboard_oidc_claim="https://x.example/roles")
    assert person_of({"sub": "1", "https://x.example/roles": "ops"}, named) is not None


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"sub": "17", "preferred_username": "asha"}, "asha (17)"),
        ({"sub": "asha", "preferred_username": "asha"}, "asha"),
        ({"sub": "17"}, "17"),
        ({"sub": "17", "preferred_username": "  "}, "17"),
        ({"sub": "17", "preferred_username": ["asha"]}, "17"),
        ({"sub": "17", "preferred_username": "a\x1b[2Jb\n"}, "a[2Jb (17)"),
        ({"sub": "s" * 300, "preferred_username": "n" * 300}, f"{'n' * 100} ({'s' * 100})"),
    ],
)
def test_nobody_can_take_another_s_name(claims: dict[str, Any], name: str) -> None:
    """Whatever people call themselves, the issuer's own name of them stands beside it."""
    assert person_of(claims, settings("*")) == Person(name, "viewer")
