"""The format of log lines: JSON, one object a line, for machines; else text for people.

It is the same for all that use Python's `logging`: Faust, aiokafka and our own modules. A line
about a message says where that lies, by the call's `extra=` or for the batch in hand by `about`.
"""

import logging.config
import sys
from contextlib import AbstractContextManager
from typing import Any

import structlog
from structlog.typing import Processor

from streams.settings import Settings

RENDERED_LAST = structlog.stdlib.ProcessorFormatter.remove_processors_meta
BEFORE: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def about(**where: Any) -> AbstractContextManager[None]:
    """Add these fields to all lines that this thread logs within the block."""
    return structlog.contextvars.bound_contextvars(**where)


def config(settings: Settings, level: str = "INFO") -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig` and Faust; lines go to stderr."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [RENDERED_LAST, *_renderers(settings)],
        "foreign_pre_chain": BEFORE,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"overcast": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "overcast"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
    }


def set_up(settings: Settings, level: str = "INFO") -> None:
    """Configure the logging of this process."""
    logging.config.dictConfig(config(settings, level))


def _renderers(settings: Settings) -> list[Processor]:
    people = sys.stderr.isatty() if settings.log_format == "auto" else None
    if settings.log_format == "console" or people:
        return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
