"""Redis's address as one URL: a server, a socket, servers under Sentinel, or a cluster.

    redis://[USER:PASSWORD@]HOST:6379/0         rediss:// with TLS
    unix:///PATH/redis.sock?db=0
    redis+sentinel://[…@]HOST:26379,HOST/MASTER/0   user and password of the servers
    redis+cluster://[…@]HOST:6379,HOST          some of its nodes: the others are found

The query holds options by redis-py's names (OPTIONS). No error repeats a part of a URL.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

Kind = Literal["server", "socket", "sentinel", "cluster"]
KINDS: dict[str, Kind] = {
    "redis": "server",
    "rediss": "server",
    "unix": "socket",
    "redis+sentinel": "sentinel",
    "rediss+sentinel": "sentinel",
    "redis+cluster": "cluster",
    "rediss+cluster": "cluster",
}
SECURED = "rediss"  # schemes with TLS begin so
PORT, SENTINEL_PORT = 6379, 26379
ADVICE = (
    "redis://HOST:6379/0, rediss://, unix://, redis+sentinel://HOST:26379,…/MASTER/0 or "
    "redis+cluster://HOST:6379,…; the user stands once, before the first host; in a password, "
    "/ ? # @ and , are %2F, %3F, %23, %40 and %2C, and an IPv6 address stands in brackets"
)
SSL, SENTINEL = "ssl_", "sentinel_"
FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")


def _switch(text: str) -> bool:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
        text.lower()
    ]


OPTIONS: dict[str, Callable[[str], Any]] = {
    "db": int,
    "username": str,
    "password": str,
    **dict.fromkeys((*FILES, "ssl_password"), str),
    "sentinel_username": str,
    "sentinel_password": str,
    "protocol": int,
    "client_name": str,
    "socket_timeout": float,
    "socket_connect_timeout": float,
    "socket_keepalive": _switch,
    "health_check_interval": int,
    "max_connections": int,
}


class Host(NamedTuple):
    """Where a server listens."""

    name: str
    port: int


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """What a URL says. `options` are redis-py's, with the secrets, and so are those of Sentinel."""

    kind: Kind
    tls: bool
    hosts: tuple[Host, ...]
    path: str
    master: str
    options: Mapping[str, Any] = field(repr=False)
    sentinel: Mapping[str, Any] = field(repr=False)

    @property
    def where(self) -> str:
        """The servers' addresses, or the socket's path."""
        names = ((f"[{h.name}]" if ":" in h.name else h.name, h.port) for h in self.hosts)
        return self.path or ",".join(f"{name}:{port}" for name, port in names)


def store_address(url: str) -> StoreAddress:
    """The address in a URL; ValueError if it is none, with advice."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(f"is no URL: {ADVICE}") from None
    kind = KINDS.get(parts.scheme)
    if kind is None or "@" in parts.path or "#" in url:
        raise ValueError(f"is not Redis's URL: {ADVICE}")
    user, _, listed = parts.netloc.rpartition("@")
    hosts = _hosts(listed, SENTINEL_PORT if kind == "sentinel" else PORT) if listed else ()
    path, master, database = _path(kind, parts)
    too_many = "," in user if kind in {"sentinel", "cluster"} else len(hosts) > 1
    if bool(hosts) == (kind == "socket") or too_many:
        raise ValueError(f"is not Redis's URL: {ADVICE}")
    options = _login(user) | database | _query(parts.query)
    tls = parts.scheme.startswith(SECURED)
    _go_together(kind, options, tls=tls)
    sentinel = {n.removeprefix(SENTINEL): v for n, v in options.items() if n.startswith(SENTINEL)}
    rest = {name: value for name, value in options.items() if not name.startswith(SENTINEL)}
    return StoreAddress(kind, tls, hosts, path, master, rest, sentinel)


def _hosts(listed: str, port: int) -> tuple[Host, ...]:
    return tuple(_host(text, port) for text in listed.split(","))


def _host(text: str, port: int) -> Host:
    try:
        parts = urlsplit(f"//{text.strip()}")
        found = Host(unquote(parts.hostname or ""), parts.port or port)
    except ValueError:  # a port that is no number, or brackets around anything
        raise ValueError(f"is no URL: {ADVICE}") from None
    if not found.name or re.search(r"[\s@]", found.name):
        raise ValueError(f"is not Redis's URL: {ADVICE}")
    return found


def _path(kind: Kind, parts: SplitResult) -> tuple[str, str, dict[str, int]]:
    """A socket's path, a master's name, and the number of the database, as far as named."""
    if kind == "socket":
        if len(parts.path) < len("/x"):
            raise ValueError(f"is not Redis's URL: {ADVICE}")
        return unquote(parts.path), "", {}
    first, *others = [unquote(each) for each in parts.path.strip("/").split("/")]
    master = first if kind == "sentinel" else ""
    numbers = others if master else [first, *others]
    if kind == "sentinel" and not master:
        raise ValueError(f"names no master, as redis+sentinel://HOST:26379/MASTER/0 does: {ADVICE}")
    if len(numbers) > 1 or not all(re.fullmatch(r"\d*", number) for number in numbers):
        raise ValueError(f"ends with what is no number of a database: {ADVICE}")
    return "", master, {"db": int(numbers[0])} if "".join(numbers) else {}


def _login(user: str) -> dict[str, str]:
    name, _, password = user.partition(":")
    found = {"username": unquote(name), "password": unquote(password)}
    return {name: value for name, value in found.items() if value}


def _query(query: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in OPTIONS:
            raise ValueError(f"has an option in its query that is none of {', '.join(OPTIONS)}")
        try:
            found[name] = OPTIONS[name](value)
        except (ValueError, KeyError):
            raise ValueError(f"has a value of {name} in its query that it cannot have") from None
    return found


def _go_together(kind: Kind, options: Mapping[str, Any], *, tls: bool) -> None:
    """ValueError for what would have no effect, or cannot work."""
    for name in options:
        if name.startswith(SSL) and not tls:
            raise ValueError(f"has {name} in its query, which only rediss:// uses")
        if name.startswith(SENTINEL) and kind != "sentinel":
            raise ValueError(f"has {name} in its query, which only redis+sentinel:// uses")
    if kind == "cluster" and options.get("db"):
        raise ValueError("names a database: a cluster has one only, number 0")
    if ("ssl_certfile" in options) != ("ssl_keyfile" in options):
        raise ValueError("has one of ssl_certfile and ssl_keyfile in its query: each needs both")


def with_password(url: str, password: str) -> str:
    """The URL with a password for its user; ValueError if it has one already."""
    address = store_address(url)
    if "password" in address.options:
        raise ValueError("holds a password already")
    scheme, _, rest = url.partition("://")
    authority = re.split("[/?]", rest, maxsplit=1)[0]
    user, at, _ = authority.rpartition("@")
    name = user.rstrip(":")
    return f"{scheme}://{name}:{quote(password, safe='')}@{rest[len(user + at) :]}"
