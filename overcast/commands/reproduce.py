"""`overcast reproduce`: published predictions made again from the log, and compared."""

from typing import Annotated

import typer

from overcast.commands import options


def reproduce(
    match: Annotated[str, typer.Argument(help="Match id.")] = "",
    seq: Annotated[
        int, typer.Argument(help="Message of the match, as its prediction names it.")
    ] = -1,
    revision: Annotated[int | None, typer.Option(help="Default: the last one.")] = None,
    rank: Annotated[int, typer.Option(help="Of a ball that the feed had forgotten.")] = 0,
    sample: Annotated[int, typer.Option(min=0, help="So many messages, somewhere.")] = 0,
    seed: Annotated[int | None, typer.Option(help="Where the sample lies; default: anew.")] = None,
    every: Annotated[float, typer.Option(min=0, help="Seconds between samples; 0: only one.")] = 0,
    kafka: options.Kafka = None,
    topic_prefix: options.Prefix = None,
) -> None:
    """Make published predictions again from the log, and compare them byte for byte."""
    if (sample > 0) == bool(match) or (match and seq < 0) or (every and not sample):
        raise ValueError("name MATCH and SEQ, or --sample N; --every goes with --sample")
    from overcast.commands.reproductions import answer_one, answer_sample, keep_answering

    settings = options.settings(kafka, None, topic_prefix)
    if match:
        answer_one(settings, (match, seq, rank, revision))
    elif every:
        keep_answering(settings, sample, seed, every)
    else:
        answer_sample(settings, sample, seed)
