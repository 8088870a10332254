"""`overcast scorecard`: the full card of a recorded match."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cricket.archive import Library, matches_in
from cricket.cricsheet import RecordedMatch
from overcast.commands import options
from producers.recorded import SEASON, shipped_ids, shipped_match
from producers.season import NAME


def scorecard(
    match: Annotated[
        str,
        typer.Argument(
            help="Match id, or a Cricsheet .json file.", autocompletion=options.shipped_matches
        ),
    ],
    data: options.Data = None,
    overs: Annotated[bool, typer.Option(help="Print every over too.")] = False,  # noqa: FBT002
) -> None:
    """Print the scorecard of a recorded match as a newspaper would."""
    from consumers.scorecard import scorecard as card_of
    from cricket.play import folded

    recorded = recorded_match(match, data)
    state, refused = folded(recorded.fixture, recorded.facts)
    sys.stdout.writelines(f"{line}\n" for line in card_of(state, by_overs=overs))
    for reason in refused:
        sys.stderr.write(f"left out, as it is against the laws: {reason}\n")


def recorded_match(match: str, data: Path | None) -> RecordedMatch:
    """Return a match from an archive or from those that ship; ValueError if there is none."""
    if data is None and Path(match).suffix != ".json":
        return _shipped(match)
    source = data or Path(match)
    with Library() as library:
        for archived in matches_in(source):
            if archived.id == Path(match).stem:
                return library.read(archived)
    raise ValueError(f"no match {match} in {source}")


def _shipped(match: str) -> RecordedMatch:
    famous = shipped_ids()
    if match not in [*famous, *shipped_ids(SEASON)]:
        raise ValueError(
            f"no match {match} here; there are {', '.join(famous)} and the whole of {NAME}. "
            "Others need --data"
        )
    return shipped_match(match)
