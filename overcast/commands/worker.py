"""`overcast worker`: the Faust worker in this process."""

from typing import Annotated

import typer

from overcast.commands import options

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def worker(
    kafka: options.Kafka = None,
    redis: options.Redis = None,
    topic_prefix: options.Prefix = None,
    loglevel: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR.")] = "INFO",
) -> None:
    """Run a worker: forecast every ball, learn from every label. Ctrl-C ends it."""
    from streams.worker.application import run

    level = loglevel.upper()
    if level not in LEVELS:
        raise ValueError(f"--loglevel {loglevel}: a level is one of {', '.join(LEVELS)}")
    run(options.settings(kafka, redis, topic_prefix), level)
