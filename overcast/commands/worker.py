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
    import faust  # noqa: PLC0415  slow, and only this command needs it

    from streams.observability import logs  # noqa: PLC0415
    from streams.worker.application import create_app  # noqa: PLC0415

    settings = options.settings(kafka, redis, topic_prefix)
    logging = logs.config(settings, loglevel)
    worker = faust.Worker(
        create_app(settings), loglevel=loglevel, logging_config=logging, redirect_stdouts=False
    )
    worker.execute_from_commandline()
