"""`overcast topics`: list the topics, and create them."""

from typing import Annotated

import typer
from rich.console import Console

from overcast.commands import options


def topics(
    create: Annotated[bool, typer.Option(help="Create the missing ones.")] = False,  # noqa: FBT002
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Show the topics: name, key, content, who writes and who reads."""
    from streams.kafka.partitions import match_answers
    from streams.kafka.topics import TOPICS, create_topics, real_name

    settings, console = options.settings(kafka, None, topic_prefix), Console()
    if create:
        created = create_topics(settings)
        match_answers(settings)
        console.print(f"Created: {', '.join(created) or 'nothing, all exist'}")
    for topic in TOPICS:
        partitions = topic.partitions or f"{settings.partitions} when it is created"
        console.print(f"[bold]{real_name(topic, settings)}[/]", highlight=False)
        console.print(f"  holds       {topic.holds}", highlight=False)
        console.print(f"  key         {topic.key}; partitions {partitions}", highlight=False)
        console.print(f"  written by  {topic.writer}; read by {topic.readers}", highlight=False)
