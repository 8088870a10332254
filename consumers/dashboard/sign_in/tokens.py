"""Tokens with roles: a file of lines `name role sha256:…`, of which each token has one.

The file holds no token. A token is 256 random bits: nobody finds it by trying, however fast the
hash is, and so SHA-256 is enough. A slow hash would only help where people choose passwords, and
each request of a program would pay for it.
"""

import hmac
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from consumers.dashboard.sign_in.people import ROLES, Person, Role

TOKEN_BYTES = 32
KIND = "sha256:"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_HASH = re.compile(KIND + "[0-9a-f]{64}")
PRIVATE = 0o600  # a hash gives no token away, but a line that is added lets somebody in
VIEWER = "viewer"  # the name of whoever gives the one token of `dashboard_token`


class TokenFileError(ValueError):
    """A file is no file of tokens; the text says which line, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file."""

    person: Person
    hash: str


def hash_of(token: str) -> str:
    """The hash by which a token is known."""
    return KIND + sha256(token.encode()).hexdigest()


def read(file: Path) -> list[Entry]:
    """The entries of a file; TokenFileError or OSError if it is none."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise TokenFileError(f"{file} is no file of tokens: it is not text in UTF-8") from None
    entries = list(_entries(file, lines))
    names = [entry.person.name for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TokenFileError(f"{file} names {twice[0]} twice: remove one of the lines")
    return entries


def _entries(file: Path, lines: list[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        words = line.split("#", maxsplit=1)[0].split()
        if not words:
            continue
        role = next((role for role in ROLES if words[1:2] == [role]), None)
        if len(words) != 3 or role is None or not NAME.fullmatch(words[0]):
            raise TokenFileError(f"{file}, line {number} is not `name viewer|operator sha256:…`")
        if not _HASH.fullmatch(words[2]):
            raise TokenFileError(
                f"{file}, line {number} has no hash as `overcast token` writes it: {KIND} and 64 "
                "hex digits"
            )
        yield Entry(Person(words[0], role), words[2])


def add(file: Path, name: str, role: Role) -> str:
    """Make a token, append its hash to the file, and return the token: it is nowhere else.

    ValueError if the name cannot be one, or has a token already.
    """
    if not NAME.fullmatch(name):
        raise ValueError("a name is of letters, digits and . _ @ + -, 64 at most")
    if name == VIEWER:
        raise ValueError(f"{name} is the name of whoever gives dashboard_token: choose another")
    if file.exists() and any(entry.person.name == name for entry in read(file)):
        raise ValueError(f"{name} has a token in {file}: remove its line first, which ends it")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
    with open(handle, "a", encoding="utf-8") as lines:  # noqa: PTH123  made private from the start
        lines.write(f"{_break(file)}{name} {role} {hash_of(token)}\n")
    return token


def _break(file: Path) -> str:
    """A line break if an editor left the file without one at its end."""
    content = file.read_bytes()
    return "\n" if content and not content.endswith(b"\n") else ""


class Tokens:
    """The tokens that open the page, as the file is now: a line that is removed ends its token."""

    def __init__(self, file: Path | None, viewers_token: str) -> None:
        self._file = file
        self._version: tuple[int, int, int] | None = None
        self._entries: list[Entry] = []
        self._own = [Entry(Person(VIEWER, "viewer"), hash_of(viewers_token))]
        if not viewers_token:
            self._own = []

    @property
    def exist(self) -> bool:
        """Whether signing in by a token is configured."""
        return bool(self._own) or self._file is not None

    def person_of(self, token: str) -> Person | None:
        """Who gives a token; each entry is compared, in a time that tells nothing."""
        given, found = hash_of(token), None
        for entry in self.entries():
            if hmac.compare_digest(entry.hash, given):
                found = entry.person
        return found

    def holds(self, proof: str, person: Person) -> bool:
        """Whether the token with this hash still is that person's, in the same role."""
        return any(e.hash == proof and e.person == person for e in self.entries())

    def entries(self) -> list[Entry]:
        """All entries; those of a file that cannot be read, or is none, let nobody in."""
        if self._file is None:
            return self._own
        try:
            now = self._file.stat()
            version = (now.st_mtime_ns, now.st_size, now.st_ino)
            if version != self._version:
                self._entries, self._version = read(self._file), version
        except (OSError, TokenFileError):
            self._entries, self._version = [], None
        return self._own + self._entries
