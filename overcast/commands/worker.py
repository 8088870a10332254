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
    """Run a worker: forecast every ball, learn every answer. Ctrl-C ends it."""
    import faust  # noqa: PLC0415  slow, and only this command needs it

    from streams.worker import create_app  # noqa: PLC0415

    app = create_app(options.settings(kafka, redis, topic_prefix))
    faust.Worker(app, loglevel=loglevel, redirect_stdouts=False).execute_from_commandline()
