"""How log lines look: JSON, one object a line, for machines; else for people.

Whoever logs by Python's `logging` is rendered so, Faust, aiokafka and our own modules alike. A line
about a message carries where it lies: `extra=` of a call, or the batch in hand (`about`).
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
    """All lines of this thread, within the block, carry these fields."""
    return structlog.contextvars.bound_contextvars(**where)


def config(settings: Settings, level: str = "INFO") -> dict[str, Any]:
    """The set-up, as `logging.config.dictConfig` and Faust take it; lines go to stderr."""
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
    """Sets up this process."""
    logging.config.dictConfig(config(settings, level))


def _renderers(settings: Settings) -> list[Processor]:
    people = sys.stderr.isatty() if settings.log_format == "auto" else None
    if settings.log_format == "console" or people:
        return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
