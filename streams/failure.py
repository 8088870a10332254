"""Ending a program by an error that comes from outside of it: one sentence, exit code 2.

Exit code 1 is left for an answer, such as a match that does not reconcile. Every command imports
this, so it imports nothing itself; which errors come from outside, and what they say, is in
`streams.expected_errors`.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from streams.given_settings import any_given

EXIT_CODE = 2
HELP = {"--help", "-h"}


class ExpectedError(RuntimeError):
    """Something outside of the program is not as it must be; the text says what to do about it."""


def run(main: Callable[[], None], *, kafka: bool = False) -> None:
    """Run a program: wrong settings end it, and so does Kafka if it needs it and none answers."""
    with one_sentence():
        refuse_wrong_settings()
        if kafka:
            _await_kafka()
        main()


def refuse_wrong_settings() -> None:
    """Raise ValueError if a setting is wrong, needed or not; help can be read all the same."""
    if any_given() and not HELP & set(sys.argv):
        from streams.settings import Settings  # noqa: PLC0415  slow

        Settings()


def _await_kafka() -> None:
    from streams.kafka.client_config import await_answer  # noqa: PLC0415  slow
    from streams.settings import Settings  # noqa: PLC0415  slow

    await_answer(Settings().kafka_access)


@contextmanager
def needed(how: str) -> Iterator[None]:
    """End the program with `how` to install what the block cannot import."""
    try:
        yield
    except ImportError as error:
        _end(f"{error.name} is not installed here: {how}")


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the program with a sentence and exit code 2 if the block raises an expected error."""
    try:
        yield
    except ExpectedError as error:
        _end(str(error))
    except Exception as error:
        from streams.expected_errors import EXPECTED, sentence  # noqa: PLC0415  all clients' errors

        if not isinstance(error, EXPECTED):
            raise
        _end(sentence(error))


def _end(sentence: str) -> NoReturn:
    sys.stderr.write(f"Error: {sentence}\n")
    sys.exit(EXIT_CODE)
