"""Every published snapshot in a folder behind fsspec: a local one, or s3:// and others by URL."""

import re
from typing import Any
from urllib.parse import urlsplit

import fsspec

from learning.model.snapshot import MOST_BYTES, Snapshot
from streams.access import Service
from streams.addresses import shown
from streams.settings import Settings

SAFE = re.compile(r"[A-Za-z0-9.+~@-]{1,200}")  # names that cannot lead out of the folder


class StoreError(RuntimeError):
    """The store cannot be written or does not hold what is asked for."""


class ModelStore:
    """Snapshots by key, version and digest, each with its signature beside it."""

    def __init__(self, settings: Settings) -> None:
        self._service = settings.service("snapshot_store")
        self._url = self._service.url.get_secret_value() or str(settings.state_dir / "models")

    def _file_system(self) -> tuple[Any, str]:
        files, root = fsspec.core.url_to_fs(self._url, **_options(self._service))
        return files, root.rstrip("/")

    def keep(self, snapshot: Snapshot, value: bytes, signature: bytes) -> None:
        """Write the snapshot; StoreError, with the reason, if the store cannot."""
        path = _path(snapshot.key, snapshot.version, snapshot.digest)
        try:
            files, root = self._file_system()
            files.makedirs(f"{root}/{snapshot.key}", exist_ok=True)
            self._put(files, f"{root}/{path}.sig", signature)
            self._put(files, f"{root}/{path}", value)
        except Exception as error:  # noqa: BLE001  every file system has errors of its own
            raise self._failure(path, error) from None

    def _failure(self, path: str, error: Exception) -> StoreError:
        """What is wrong; neither the text nor its traceback repeats what the URL hides."""
        return StoreError(f"{shown(self._url)}/{path}: {self._service.without_secrets(str(error))}")

    @staticmethod
    def _put(files: Any, path: str, value: bytes) -> None:
        """Write a file whole or not at all: a reader never sees half of it."""
        with files.transaction, files.open(path, "wb") as file:
            file.write(value)

    def fetch(self, key: str, version: str, digest: str) -> tuple[bytes, bytes]:
        """A snapshot's bytes and signature; StoreError if the store does not give them."""
        path = _path(key, version, digest)
        try:
            files, root = self._file_system()
            with files.open(f"{root}/{path}", "rb") as file:
                value: bytes = file.read(MOST_BYTES + 1)
            with files.open(f"{root}/{path}.sig", "rb") as file:
                signature: bytes = file.read(1024)
        except Exception as error:  # noqa: BLE001  the same
            raise self._failure(path, error) from None
        return value, signature


def _options(service: Service) -> dict[str, Any]:
    """What fsspec's file systems take beside the URL; StoreError if this one takes no CA."""
    s3 = urlsplit(service.url.get_secret_value()).scheme in {"s3", "s3a"}
    options: dict[str, Any] = {}
    if service.user:
        user, password = ("key", "secret") if s3 else ("username", "password")
        options = {user: service.user, password: service.password.get_secret_value()}
    if service.ca and not s3:
        raise StoreError("snapshot_store_ca is of use for S3 only: add it to the system's")
    return options | ({"client_kwargs": {"verify": service.ca}} if service.ca else {})


def _path(key: str, version: str, digest: str) -> str:
    """The path of a snapshot; only plain names are taken, since they may come from a message."""
    for name in (key, version, digest):
        if not SAFE.fullmatch(name) or ".." in name:
            raise StoreError(f"{name!r} is no name of a snapshot")
    return f"{key}/{version}_{digest[:16]}.json"
