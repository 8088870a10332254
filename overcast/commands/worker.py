"""`overcast worker`: the Faust worker in this process."""

from typing import Annotated

import typer

from overcast.commands import options


def worker(
    kafka: options.Kafka = None,
    redis: options.Redis = None,
    topic_prefix: options.Prefix = None,
    loglevel: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR.")] = "INFO",
) -> None:
    """Run a worker: forecast every ball, learn from every label. Ctrl-C ends it."""
    from streams.worker.application import run  # noqa: PLC0415  Faust is slow to import

    run(options.settings(kafka, redis, topic_prefix), loglevel)
