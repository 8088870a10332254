"""A URL that holds secrets, as a setting: it shows itself without them."""

import re

from pydantic import Secret

from streams.addresses import HIDDEN, shown

SHORT = 3
_BETWEEN = re.compile(r"[:/?#@&=\[\]]|%[0-9A-Fa-f]{2}")


class SecretUrl(Secret[str]):
    """A URL that shows itself without user, password and query."""

    def _display(self) -> str:
        return shown(self.get_secret_value())

    def without_secrets(self, text: str) -> str:
        """A text, such as an error's, that does not repeat what the URL hides."""
        url = self.get_secret_value()
        for secret in (url, *_secrets(url)):
            text = text.replace(secret, shown(secret) if secret == url else HIDDEN)
        return text


def _secrets(url: str) -> list[str]:
    """The parts of a URL that are not shown, whole and in pieces, the longest first."""
    rest = url.partition("://")[2] or url
    user, _, after = rest.rpartition("@")
    values = [pair.partition("=")[2] for pair in after.partition("?")[2].split("&")]
    hidden = [user, *values, rest.partition("?")[2]]
    pieces = [piece for text in hidden for piece in _BETWEEN.split(text)]
    return sorted({*filter(_is_long, hidden), *filter(_is_long, pieces)}, key=len, reverse=True)


def _is_long(text: str) -> bool:
    """Whether a text can be told from what an error says anyway."""
    return len(text) > SHORT
