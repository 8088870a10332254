"""`overcast train`: train the starter snapshots on archives of recorded matches."""

from pathlib import Path
from typing import Annotated

import typer

from learning.training.starter_models import train_starter
from producers.ship import FAMOUS


def train(
    archives: Annotated[Path, typer.Argument(help="A folder of Cricsheet zips, or one of them.")],
    to: Annotated[Path, typer.Option(help="Folder for the snapshots and their manifest.")],
) -> None:
    """Train the starter snapshots on all matches except those that ship for the demo."""
    train_starter(archives, exclude=frozenset(FAMOUS), to=to)
