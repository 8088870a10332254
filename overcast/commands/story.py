"""`overcast story` and `overcast whatif`: a recorded match played through the model."""

from typing import Annotated

import typer

from overcast.commands import options

Match = Annotated[
    str,
    typer.Argument(
        help="Match id, or a Cricsheet .json file.", autocompletion=options.shipped_matches
    ),
]


def story(
    match: Match,
    data: options.Data = None,
    points: Annotated[int, typer.Option(min=1, help="How many turning points.")] = 7,
) -> None:
    """Show the turning points of a recorded match and what each player added."""
    from overcast.commands.recorded_story import tell

    tell(match, data, points)


def whatif(
    match: Match,
    at: Annotated[str, typer.Option(help="After this ball, such as 15.3.")],
    ball: Annotated[
        str | None,
        typer.Option(help="Only this one: 0 to 4, 6, W for a wicket, wd for an extra."),
    ] = None,
    innings: Annotated[int, typer.Option(min=1, help="The innings of --at, from 1.")] = 2,
    overs_lost: Annotated[
        int | None, typer.Option(min=1, help="Instead of a ball: so many overs lost to rain now.")
    ] = None,
    data: options.Data = None,
) -> None:
    """Show what each possible next ball, or rain, would change."""
    from overcast.commands.recorded_story import suppose, suppose_rain

    if overs_lost is None:
        suppose(match, data, innings, at, ball)
    elif ball is None:
        suppose_rain(match, data, innings, at, overs_lost)
    else:
        raise ValueError("--ball and --overs-lost exclude each other: give one of them")
