"""From where a request comes, and to where a person is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from consumers.dashboard.sign_in.origins import is_ours, within

HOST = {"host": "page.example:8600"}


@pytest.mark.parametrize(
    ("headers", "public", "ours"),
    [
        ({}, "", True),  # no browser
        ({"origin": "http://page.example:8600"}, "", True),
        ({"origin": "https://page.example:8600"}, "", True),  # by a proxy
        ({"origin": "https://page.example"}, "", False),
        ({"origin": "http://evil.example"}, "", False),
        ({"origin": "null"}, "", False),
        ({"origin": ""}, "", False),
        ({"origin": "https://page.example", "host": ""}, "", False),
        ({"origin": "https://public.example"}, "https://public.example", True),
        ({"origin": "http://public.example"}, "https://public.example", False),
        ({"origin": "https://page.example:8600"}, "https://public.example", False),
        ({"origin": "https://public.example.evil"}, "https://public.example", False),
        ({"origin": "http://page.example:8600", "sec-fetch-site": "same-origin"}, "", True),
        ({"origin": "http://page.example:8600", "sec-fetch-site": "cross-site"}, "", False),
        ({"sec-fetch-site": "same-site"}, "", False),
    ],
)
def test_only_pages_of_this_origin_are_ours(
    headers: dict[str, str], public: str, *, ours: bool
) -> None:
    assert is_ours(Headers(HOST | headers), public) == ours


@pytest.mark.parametrize("to", ["/", "/match/1", "/match/a%20b?x=1#top", "/models", "/operator"])
def test_a_person_is_led_back_to_a_path_of_the_page(to: str) -> None:
    assert within(to) == to


@pytest.mark.parametrize(
    "to",
    [
        "",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "/x\r\nset-cookie: a=b",
        "//[",
        "/" + "x" * 1_000,
    ],
)
def test_and_never_to_another_site(to: str) -> None:
    assert within(to) == "/"


@given(st.text(st.sampled_from("/\\ae.:@?#[] \t\r\n%"), max_size=12))
def test_no_text_leads_away(to: str) -> None:
    path = within(to)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert not set("\\\t\r\n ") & set(path)
