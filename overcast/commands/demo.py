"""`overcast demo`: the whole system on private servers, which end with it."""

from rich.console import Console

from overcast.commands import options
from overcast.embedded.servers import running_servers
from overcast.interrupted import interruptible


def demo(
    data: options.Data = None,
) -> None:
    """Replay recorded matches through Kafka, Faust, Redis and River and watch the forecast."""
    from cricket.archive import Library
    from overcast.commands.demonstration import show
    from overcast.commands.programme import own, shipped

    console = Console()
    with interruptible(), Library() as library:
        console.print("Looking through the recorded matches …")
        programme = own(library, data) if data else shipped()
        console.print("Starting a private Kafka, Redis and worker; this takes about ten seconds.")
        with running_servers(console.print, worker=True) as addresses:
            show(programme, addresses, console)
        console.print("Stopped; nothing is left running.")
