"""A Redis that lets nobody in who cannot prove who he is: TLS, and users with the least rights.

The server reads hashes of the passwords, from a file that its owner alone can read; nobody is let
in without a user. The Valkey of the wheel knows no TLS: it listens on a socket in the folder, which
its owner alone can open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from features.store_rights import acl_rules
from overcast.embedded import redis
from overcast.embedded.certificates import Authority, write_secret

HOSTS = ("127.0.0.1", "localhost")
SOCKET_MODE = "700"
EVERY = "*"  # deployment: whoever has these servers may run several on them
ROLES = {"admin": "administrator"}  # of users whose name is not their role's


@dataclass(frozen=True)
class SecuredRedis:
    """Where it listens, its files, and the passwords of its users."""

    folder: Path
    port: int
    ca: Path
    tls: bool
    passwords: Mapping[str, str] = field(repr=False)

    @property
    def address(self) -> str:
        """Its URL without a user."""
        if self.tls:
            return f"rediss://127.0.0.1:{self.port}/0"
        return f"unix://{quote(str(self._socket))}"

    @property
    def urls(self) -> dict[str, str]:
        """Each user's URL, secrets included."""
        scheme, rest = self.address.split("://")
        ca = f"?ssl_ca_certs={quote(str(self.ca))}" if self.tls else ""
        return {user: f"{scheme}://{user}:{p}@{rest}{ca}" for user, p in self.passwords.items()}

    @property
    def _socket(self) -> Path:
        return self.folder / "redis.sock"

    def command(self, data: Path) -> list[str]:
        """What runs it; no password is among the words."""
        users = ("--aclfile", str(self.folder / "redis.acl"))
        if not self.tls:
            at = ("--unixsocket", str(self._socket), "--unixsocketperm", SOCKET_MODE)
            return [*redis.command(0, str(data)), *at, *users]
        return [
            *redis.command(0, str(data)),
            *("--tls-port", str(self.port), "--tls-auth-clients", "no"),
            *("--tls-cert-file", str(self.folder / "redis.crt")),
            *("--tls-key-file", str(self.folder / "redis.key")),
            *("--tls-ca-cert-file", str(self.ca)),
            *users,
        ]


def make(
    folder: Path, port: int, authority: Authority, ca: Path, passwords: Mapping[str, str]
) -> SecuredRedis:
    """Write what the server reads. Of the users those are let in whose role needs Redis."""
    rules = {user: acl_rules(ROLES.get(user, user), EVERY) for user in passwords}
    users = {user: password for user, password in passwords.items() if rules[user]}
    authority.issue("redis", HOSTS).write(folder, "redis")
    lines = ["user default off", *(_user(user, users[user], rules[user]) for user in users)]
    write_secret(folder / "redis.acl", "".join(f"{line}\n" for line in lines).encode())
    return SecuredRedis(folder, port, ca, redis.knows_tls(), users)


def _user(name: str, password: str, rules: list[str]) -> str:
    return " ".join(["user", name, *rules, f"#{sha256(password.encode()).hexdigest()}"])
