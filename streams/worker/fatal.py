"""An unexpected error ends the process at once.

Faust goes on after an exception in an agent and commits past the events it lost (ADR-2), so the
only safe thing is to stop before anything more is committed and to start again from the log.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h

log = logging.getLogger(__name__)
end = os._exit  # without clean-up, from any thread; tests put their own in its place


@contextmanager
def ends_the_process(what: str) -> Iterator[None]:
    """Run the block; an exception in it is logged and ends the process without clean-up."""
    try:
        yield
    except Exception:
        log.critical("%s: unexpected error, ending the process; restart it", what, exc_info=True)
        logging.shutdown()
        end(EXIT_CODE)
