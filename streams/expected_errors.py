"""The errors that come from outside of a program, and what each says to a user.

The sentence says what went wrong, where, and what to do. An error that is none of EXPECTED is a
fault of the program, and keeps its traceback.
"""

import errno
import zipfile

from confluent_kafka import KafkaError, KafkaException
from pydantic import ValidationError
from redis import RedisError

from streams.given_settings import FILE
from streams.kafka.errors import RIGHTS, lacks_right
from streams.kafka.partitions import PartitionsError
from streams.kafka.producer import DeliveryError
from streams.models.snapshot_store import StoreError
from streams.setting_errors import sentence as of_settings
from streams.settings import Settings

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


EXPECTED = (
    KafkaException,
    PartitionsError,
    DeliveryError,
    RedisError,
    StoreError,
    zipfile.BadZipFile,
    OSError,
    ValueError,
)


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
