"""`overcast train`: train the starter snapshots on archives of recorded matches."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

# OpenBLAS sums in another order on each kind of processor, unless it is told which to be.
SAME_BYTES = {"OPENBLAS_CORETYPE": "Haswell"}


def train(
    archives: Annotated[Path, typer.Argument(help="A folder of Cricsheet zips, or one of them.")],
    to: Annotated[Path, typer.Option(help="Folder for the snapshots and their manifest.")],
    force: Annotated[  # noqa: FBT002
        bool, typer.Option("--force", help="Replace models that have learned more matches.")
    ] = False,
) -> None:
    """Train the starter snapshots on what came before the shipped season.

    The famous matches that ship are left out too. On x86-64 the same archives give the same bytes.
    """
    from learning.training.starter_models import Withheld, train_starter
    from producers.season import season_days
    from producers.ship import FAMOUS

    withheld = Withheld(frozenset(FAMOUS), season_days())
    with _environment(SAME_BYTES):
        train_starter(archives, withheld, to, force=force)


@contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    """Variables for the processes that the block starts; afterwards they are as they were."""
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        for name in more:
            del os.environ[name]
        os.environ.update(before)
