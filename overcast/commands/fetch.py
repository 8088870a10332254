"""`overcast fetch`: a Cricsheet archive, downloaded, checked and described."""

import http.client
import re
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cricket.archive import Library, matches_in
from cricket.cricsheet import UnreadableMatchError
from cricket.formats import format_of
from streams.addresses import shown
from streams.secret_url import SecretUrl

DOWNLOADS = "https://cricsheet.org/downloads/{name}_json.zip"
NAME = re.compile(r"\w+")
TIMEOUT_SECONDS = 60.0


def fetch(
    name: Annotated[str, typer.Argument(help="Cricsheet's name for it: ipl, t20s, odis, bbl, …")],
    to: Annotated[Path, typer.Option(help="Folder to put it in.")] = Path(),
    source: Annotated[
        str, typer.Option(help="URL; {name} stands for the archive's name.")
    ] = DOWNLOADS,
    force: Annotated[  # noqa: FBT002
        bool, typer.Option("--force", help="Replace an archive that holds more matches.")
    ] = False,
) -> None:
    """Download an archive of recorded matches (by Cricsheet, cricsheet.org) and check it."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name}: a name is of letters, digits and _, such as ipl or t20s")
    console, path = Console(), to / f"{name}_json.zip"
    url = source.replace("{name}", name)
    console.print(f"Fetching {shown(url)} …")
    download(url, path, force=force)
    console.print(f"{path}: {describe(path)}")
    console.print("Data by Cricsheet (cricsheet.org). Next: DATA=" + str(path) + " make demo")


def download(url: str, path: Path, *, force: bool = False) -> None:
    """Download to `path`; the file appears there only if it is complete and a zip.

    Without `force` it replaces no archive that holds more matches.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        part = Path(work, "part.zip")
        try:
            with (
                urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer,  # noqa: S310
                part.open("wb") as file,
            ):
                shutil.copyfileobj(answer, file)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError) as error:
            why = SecretUrl(url).without_secrets(str(error))
            raise OSError(
                f"{shown(url)}: {why}. Is there internet, and is the name right?"
            ) from None
        if not zipfile.is_zipfile(part):
            raise ValueError(f"{shown(url)} is not a zip archive; is the name right?")
        if not force:
            _refuse_less(part, path)
        part.replace(path)


def _refuse_less(new: Path, old: Path) -> None:
    """Raise ValueError if an archive holds fewer matches than the one that it would replace."""
    if not old.exists():
        return
    before, now = (sum(1 for match in matches_in(p) if match.path) for p in (old, new))
    if now < before:
        raise ValueError(
            f"{old} holds {before:,} matches and the new one {now:,}: it was not replaced. "
            "--force replaces it all the same; --to puts the new one elsewhere."
        )


def describe(path: Path) -> str:
    """Return what an archive holds: matches by format, dates, and unreadable files."""
    kinds: Counter[str] = Counter()
    dates: list[str] = []
    with Library() as library:
        for archived in matches_in(path):
            try:
                fixture = library.read(archived).fixture
            except UnreadableMatchError:
                kinds["unreadable"] += 1
                continue
            format_ = format_of(fixture)
            name = format_ if isinstance(format_, str) else fixture.match_type
            kinds[f"{name} {fixture.gender}"] += 1
            dates.append(fixture.date)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    span = f", {min(dates)} to {max(dates)}" if dates else ""
    return f"{sum(kinds.values()):,} matches ({counts}){span}"
