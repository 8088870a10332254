"""The corpus: small files by target, kept in the repository; fuzzing adds what found a fault."""

from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def corpus(target: str) -> list[bytes]:
    """The files of a target, in the order of their names."""
    return [file.read_bytes() for file in sorted((FOLDER / target).iterdir())]
