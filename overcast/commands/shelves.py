"""The shelf of recorded matches that a command plays from."""

from pathlib import Path

from cricket.archive import Library
from cricket.cricsheet import UnreadableMatchError
from producers.recorded import ArchiveShelf, Listed, Shelf, ShippedShelf


def shelf_of(library: Library, data: Path | None) -> Shelf:
    """Return the shelf of --data, or the one that ships."""
    return ArchiveShelf(library, data) if data else ShippedShelf()


def listed_on(shelf: Shelf, data: Path | None) -> list[Listed]:
    """Return a shelf's matches by date; ValueError if nothing on it is a match.

    The first readable one is proof enough: a replay leaves out the others, and logs them.
    """
    listed = shelf.listed()
    if not any(_readable(shelf, match) for match in listed):
        raise ValueError(
            f"{data} holds no Cricsheet match: name a zip or folder of Cricsheet's .json files, "
            "such as `overcast fetch ipl` downloads."
        )
    return listed


def _readable(shelf: Shelf, match: Listed) -> bool:
    try:
        shelf.read(match)
    except UnreadableMatchError:
        return False
    return True
