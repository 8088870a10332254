"""Which fault comes next: by seed, every kind as often as every other."""

from collections.abc import Iterator, Sequence
from random import Random


def deck(kinds: Sequence[str], rng: Random) -> Iterator[str]:
    """All kinds in a new order, again and again."""
    while True:
        yield from rng.sample(kinds, len(kinds))
