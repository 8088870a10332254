"""TLS for the servers of a test's own, and the user of a worker with its rights."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from features.store_rights import acl_rules
from overcast.embedded import redis as embedded
from overcast.embedded.certificates import Authority

HOST = "127.0.0.1"
USER, PASSWORD = "worker", "a-worker's-own"
EVERY = "*"


@dataclass(frozen=True)
class RedisTls:
    """The files of servers that listen with TLS only, among each other too."""

    ca: Path
    cert: Path
    key: Path

    @property
    def options(self) -> list[str]:
        """What each server and each Sentinel is started with, but for its port."""
        return [
            *("--tls-cluster", "yes", "--tls-replication", "yes", "--tls-auth-clients", "no"),
            *("--tls-cert-file", str(self.cert), "--tls-key-file", str(self.key)),
            *("--tls-ca-cert-file", str(self.ca)),
        ]

    @property
    def query(self) -> str:
        """What a URL ends with."""
        return f"?ssl_ca_certs={quote(str(self.ca))}"


def issued(folder: Path) -> RedisTls:
    """An authority of a test's own, and a certificate that it signed."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority("the Redis of a test")
    cert, key = authority.issue("redis", [HOST]).write(folder, "redis")
    ca = folder / "ca.crt"
    ca.write_bytes(authority.cert)
    return RedisTls(ca, cert, key)


def listening(port: int, tls: RedisTls | None) -> list[str]:
    """What a server or a Sentinel is started with, to listen on a port only in the one way."""
    if tls is None:
        return ["--port", str(port)]
    return ["--port", "0", "--tls-port", str(port), *tls.options]


def command(port: int, folder: Path, tls: RedisTls | None) -> list[str]:
    """What runs a server on a port: plain, or with TLS and a worker's user beside the default."""
    if tls is None:
        return embedded.command(port, str(folder))
    user = ("--user", USER, f">{PASSWORD}", *acl_rules("worker", EVERY))
    return [*embedded.command(0, str(folder)), *listening(port, tls), *user]


def url(kind: str, hosts: str, path: str, tls: RedisTls | None) -> str:
    """A worker's URL of several servers."""
    if tls is None:
        return f"redis+{kind}://{hosts}{path}"
    return f"rediss+{kind}://{USER}:{quote(PASSWORD)}@{hosts}{path}{tls.query}"


def plain_url(port: int, tls: RedisTls | None) -> str:
    """The URL of one server for whoever rules it."""
    return f"redis://{HOST}:{port}" if tls is None else f"rediss://{HOST}:{port}{tls.query}"


def answers(port: int, tls: RedisTls | None) -> bool:
    """Whether a server answers."""
    return embedded.serves(plain_url(port, tls))
