"""`overcast dashboard`: the live page."""

from typing import Annotated

import typer
from rich.console import Console

from overcast.commands import options

Host = Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0: all.")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="Port; 0: any free one.")]


def dashboard(
    host: Host = None,
    port: Port = None,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Serve the live page: every match, ball by ball, and the models. Ctrl-C ends it.

    Whoever may look, and who may give orders on it, is set by OVERCAST_DASHBOARD_TOKEN, _TOKENS
    and _OIDC_ISSUER.
    """
    from consumers.dashboard.serve import serve
    from consumers.dashboard.sign_in.entrance import entrance_of
    from streams.kafka.client_config import await_answer
    from streams.worker.start_checks import port_is_free

    flags = {"dashboard_host": host, "dashboard_port": port}
    given = {name: value for name, value in flags.items() if value is not None}
    settings = options.settings(kafka, None, topic_prefix).model_copy(update=given)
    if settings.dashboard_port:
        port_is_free(
            settings.dashboard_host, settings.dashboard_port, "--port or OVERCAST_DASHBOARD_PORT"
        )
    entrance_of(settings)  # what is wrong with it is said before any server is asked
    await_answer(settings.kafka_access)
    console = Console()
    serve(settings, lambda url: console.print(f"The live page: {url}", highlight=False))
