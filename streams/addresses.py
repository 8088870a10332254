"""Addresses as people write them: Kafka's bootstrap servers, and URLs that may hold secrets."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import urlsplit

KAFKA_PORT = 9092
HIDDEN = "…"
HTTP = ("http", "https")

_SECRET_QUERY = re.compile(
    r"[?&][^=&]*(?:password|passwd|secret|token|key|sig)[^=&]*=", re.IGNORECASE
)
_SERVER = re.compile(r"(?:\[(?P<v6>[^\[\]]*)\]|(?P<host>[^\s:/@\[\]]+))(?::(?P<port>\d{1,5}))?")


def bootstrap_servers(text: str) -> list[str]:
    """The servers of a list by commas, each as host:port; ValueError if one cannot be an address.

    The texts of errors name a server by its place: what is refused may be a secret in the wrong
    setting.

    >>> bootstrap_servers("kafka-1, [::1]:9093,")
    ['kafka-1:9092', '[::1]:9093']
    """
    listed = [server.strip() for server in text.split(",")]
    servers = [_server(server, number) for number, server in enumerate(listed, 1) if server]
    if not servers:
        raise ValueError("names no server; Kafka's bootstrap servers are host:port,…")
    return list(dict.fromkeys(servers))


def _server(text: str, number: int) -> str:
    match = _SERVER.fullmatch(text)
    if match is None:
        raise ValueError(
            f"server {number} is not host:port: without scheme and user, and an IPv6 address in "
            "brackets, as in [::1]:9092"
        )
    port = int(match["port"] or KAFKA_PORT)
    if not 0 < port < 65_536:
        raise ValueError(f"server {number}: a port is a number from 1 to 65535")
    if match["v6"] is None:
        return f"{match['host']}:{port}"
    try:
        IPv6Address(match["v6"])
    except AddressValueError:
        raise ValueError(f"server {number}: only an IPv6 address stands in brackets") from None
    return f"[{match['v6']}]:{port}"


def is_http(url: str) -> bool:
    """Whether a text is an http or https URL with a host, and without a user.

    >>> is_http("https://login.example/token"), is_http("https://user@login.example")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # it raises where it is no number
    except ValueError:
        return False
    return parts.scheme in HTTP and bool(parts.hostname) and "@" not in parts.netloc


def shown(url: str) -> str:
    """An address as it may be printed: without user, password and query.

    >>> shown("redis://user:secret@host:6379/0?password=secret")
    'redis://host:6379/0'
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return HIDDEN if "@" in url else url
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{scheme}://{HIDDEN}"
    if "@" in rest and ("@" not in parts.netloc or "@" in parts.path + parts.fragment):
        return f"{scheme}://{HIDDEN}"  # a password that is not escaped: where it ends is not known
    return f"{scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def holds_secret(url: str) -> bool:
    """Whether a URL names a user, a password, or a token in its query."""
    _, separator, rest = url.partition("://")
    return bool(separator) and ("@" in rest or bool(_SECRET_QUERY.search(rest)))
