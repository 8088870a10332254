"""An event loop in a thread of its own, for aiokafka's clients in code that is not asynchronous."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_STARTING = threading.Lock()


def run(work: Coroutine[Any, Any, Answer]) -> Future[Answer]:
    """Begin the work in the loop, which all clients of the process share."""
    with _STARTING:
        loop = _started()
    return asyncio.run_coroutine_threadsafe(work, loop)


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="aiokafka", daemon=True).start()
    return loop
