"""`overcast why`: what contributed to a forecast, and what the last ball moved."""

from typing import Annotated

import typer

from overcast.commands import options
from overcast.commands.story import Match


def why(
    match: Match,
    at: Annotated[str, typer.Option(help="After this ball, such as 18.2.")],
    innings: Annotated[int, typer.Option(min=1, help="The innings of --at, from 1.")] = 2,
    *,
    inputs: Annotated[
        bool, typer.Option("--inputs", help="Show the inputs of the learned part too.")
    ] = False,
    data: options.Data = None,
) -> None:
    """Show what contributed to a chance, in points that add up to its difference from 50 %."""
    from overcast.commands.contributions import explain

    explain(match, data, innings, at, inputs=inputs)
