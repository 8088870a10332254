"""Ending a program by an error that comes from outside of it: one sentence, exit code 2.

The sentence says what went wrong, where, and what to do. Exit code 1 is left for an answer, such as
a match that does not reconcile. An error that is none of EXPECTED is a fault of the program, and
keeps its traceback.
"""

import errno
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaError, KafkaException
from pydantic import ValidationError
from redis import RedisError

from streams.kafka.client_config import await_answer
from streams.kafka.errors import RIGHTS, lacks_right
from streams.kafka.partitions import PartitionsError
from streams.kafka.producer import DeliveryError
from streams.models.snapshot_store import StoreError
from streams.setting_errors import sentence as of_settings
from streams.settings import FILE, Settings

EXIT_CODE = 2
HELP = {"--help", "-h"}
ADVICE = {
    errno.ENOENT: "it is not there; check the path",
    errno.EACCES: "permission denied; choose another place, or change its permissions",
    errno.EPERM: "permission denied; choose another place, or change its permissions",
    errno.EROFS: "it can only be read; choose another place",
    errno.ENOTDIR: "a part of the path is a file; choose another place",
    errno.EISDIR: "it is a folder; name a file",
    errno.EEXIST: "a file is there; name a folder",
    errno.ENOSPC: "the disk is full; make room, or choose another place",
    errno.EADDRINUSE: "the port is taken; choose another, or end what listens there",
}


class ExpectedError(RuntimeError):
    """Something outside of the program is not as it must be; the text says what to do about it."""


EXPECTED = (
    ExpectedError,
    KafkaException,
    PartitionsError,
    DeliveryError,
    RedisError,
    StoreError,
    zipfile.BadZipFile,
    OSError,
    ValueError,
)


def run(main: Callable[[], None], *, kafka: bool = False) -> None:
    """Run a program: wrong settings end it, and so does Kafka if it needs it and none answers."""
    with one_sentence():
        refuse_wrong_settings()
        if kafka:
            await_answer(Settings().kafka_access)
        main()


def refuse_wrong_settings() -> None:
    """Raise ValueError if a setting is wrong, needed or not; help can be read all the same."""
    if not HELP & set(sys.argv):
        Settings()


@contextmanager
def needed(how: str) -> Iterator[None]:
    """End the program with `how` to install what the block cannot import."""
    try:
        yield
    except ImportError as error:
        sys.stderr.write(f"Error: {error.name} is not installed here: {how}\n")
        sys.exit(EXIT_CODE)


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the program with a sentence and exit code 2 if the block raises one of EXPECTED."""
    try:
        yield
    except EXPECTED as error:
        sys.stderr.write(f"Error: {sentence(error)}\n")
        sys.exit(EXIT_CODE)


def sentence(error: BaseException) -> str:
    """Return what an error says to a user."""
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        return of_settings(error, Settings.model_fields, FILE)
    if isinstance(error, OSError) and error.errno in ADVICE:
        return _of_system(error)
    if isinstance(error, KafkaException) and error.args and isinstance(error.args[0], KafkaError):
        return _of_kafka(error.args[0])
    if isinstance(error, RedisError):
        return f"Redis: {error}. Is it running, and is OVERCAST_REDIS its address?"
    return str(error) or type(error).__name__


def _of_kafka(error: KafkaError) -> str:
    advice = f". {RIGHTS}" if lacks_right(error) else ""
    return f"Kafka: {error.str().rstrip('.')} ({error.name()}){advice}"


def _of_system(error: OSError) -> str:
    """Return an error of the operating system with advice, unless we wrote its text ourselves."""
    place = error.filename if error.filename2 is None else error.filename2
    if error.strerror is None:
        return str(error)
    what = f"{place}: " if place else ""
    return f"{what}{ADVICE.get(error.errno or 0, error.strerror)}"
