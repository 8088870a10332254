"""A browser or a program before the page, without a network: it keeps cookies as a browser does."""

import asyncio
from typing import Any, Protocol

import httpx


class HasApp(Protocol):
    """A page, or whatever stands before one."""

    @property
    def app(self) -> Any:
        """The ASGI application."""


class Visitor:
    """Asks a page for something, from one address."""

    def __init__(
        self, page: HasApp, url: str = "http://page", address: str = "203.0.113.7"
    ) -> None:
        self._page = page
        self._url = url
        self._address = address
        self.cookies = httpx.Cookies()

    def ask(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        """The page's answer; a redirect is not followed."""
        return asyncio.run(self._ask(path, method, more))

    async def _ask(self, path: str, method: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._page.app, client=(self._address, 50_000))
        async with httpx.AsyncClient(
            transport=transport, base_url=self._url, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
        return answer

    def sign_in(self, token: str, to: str = "/") -> httpx.Response:
        """Send the form of the sign-in page."""
        form = {"token": token, "to": to}
        return self.ask("/session", "POST", data=form, headers={"origin": self._url})

    def form_key(self) -> str:
        """The key of this session's actions."""
        return str(self.ask("/session").json()["form_key"])

    def act(self, path: str, method: str = "POST", **more: Any) -> httpx.Response:
        """An action as a page of ours sends it."""
        headers = {"origin": self._url, "x-form-key": self.form_key()} | more.pop("headers", {})
        return self.ask(path, method, headers=headers, **more)
