"""Ends a worker whose topic was made again: it might read on at the old offset of the new log.

librdkafka goes on where it was if the new log is long enough by then. What was published of it
names the id of the topic that is gone; the next worker finds that, and works the new log from its
beginning (ADR-18).
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterable

from streams.kafka.log_reader import LogReader
from streams.worker.fatal import EXIT_CODE

LOOK_SECONDS = 2.0

log = logging.getLogger(__name__)


async def watch(
    log_reader: LogReader,
    topics: Iterable[str],
    end: Callable[[int], object] = os._exit,
    seconds: float = LOOK_SECONDS,
) -> None:
    """Look at the topics' ids until one is another than at first; then end the process.

    Of a topic whose id was not known at first nothing can be told.
    """
    known = {name: await asyncio.to_thread(log_reader.topic_id, name) for name in topics}
    while True:
        await asyncio.sleep(seconds)
        for name, first in known.items():
            now = await asyncio.to_thread(log_reader.topic_id_now, name)
            if now and first and now != first:
                log.critical("%s was deleted and made again: ending the process; restart it", name)
                logging.shutdown()
                end(EXIT_CODE)
                return
