"""The ways to do the same work that are measured side by side."""

import sys
from dataclasses import dataclass
from pathlib import Path

QUIX_PYTHON = Path(".venv-quix/bin/python")  # Quix Streams pins an older confluent-kafka
NAIVE_SHARE = 10  # the naive agent gets a tenth of the messages: it takes as long for them


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way: what it is, how it is started, whether its answers are audited like a worker's.

    What only `echoes` answers with the same bytes, which do not say what they were made from.
    """

    letter: str
    name: str
    command: tuple[str, ...]
    audited: bool = False
    echoes: bool = False
    share: int = 1

    @property
    def title(self) -> str:
        """As it stands in a table."""
        return f"({self.letter}) {self.name}"


def _module(name: str, python: str = sys.executable) -> tuple[str, ...]:
    return (python, "-m", name)


BYTES = Candidate("a", "same bytes", _module("benchmarks.same_bytes"), echoes=True)
PURE = Candidate("b", "plain loop, pure pipeline", _module("benchmarks.pure"))
PROCESSORS = Candidate(
    "b+", "plain loop, whole processors", _module("benchmarks.plain"), audited=True
)
FAUST = Candidate(
    "c", "Overcast's worker", (sys.executable, "-m", "overcast", "worker"), audited=True
)
QUIX = Candidate("d", "Quix Streams", _module("benchmarks.quix", str(QUIX_PYTHON)))
QUIX_KEPT = Candidate(
    "d+", "Quix Streams, state kept", _module("benchmarks.quix_kept", str(QUIX_PYTHON))
)
NAIVE = Candidate("e", "naive Faust agent", _module("benchmarks.naive"), share=NAIVE_SHARE)


def candidates() -> tuple[Candidate, ...]:
    """All of them; Quix Streams only where its environment has been made."""
    found = (BYTES, PURE, PROCESSORS, FAUST, QUIX, QUIX_KEPT, NAIVE)
    return found if QUIX_PYTHON.exists() else tuple(c for c in found if c not in (QUIX, QUIX_KEPT))
