"""`make fire MINUTES=… SEED=…`: a long attack; leaves `build/fire.json`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cricket.archive import Library
from overcast.commands.shelves import listed_on
from producers.recorded import ArchiveShelf
from streams.failure import run
from tests.fire.attack import Plan, attack
from tests.fire.faults import FAULTS
from tests.fire.report import report, written
from tests.fire.stores import SINGLE, STORES


def main() -> None:
    """One attack; exit 1, with its seed and time line, if something was not as it must be."""
    plan = plan_of(sys.argv[1:])
    if plan.data is not None:
        with Library() as library:
            listed_on(ArchiveShelf(library, plan.data), plan.data)
    outcome = attack(plan)
    print(written(plan, outcome))
    print(report(outcome))
    if outcome.wrong:
        print(f"seed {plan.seed}", *outcome.wrong, sep="\n")
        sys.exit(1)


def plan_of(words: Sequence[str]) -> Plan:
    """The plan that a command line asks for; all kinds of faults, if it names none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=120.0, help="messages a second")
    parser.add_argument("--only", action="append", choices=FAULTS, help="kinds of faults")
    parser.add_argument("--store", choices=STORES, default=SINGLE, help="what Redis is")
    parser.add_argument("--data", type=Path, help="Cricsheet zip or folder")
    given = parser.parse_args(words)
    return Plan(
        seed=given.seed,
        seconds=given.minutes * 60,
        rate=given.rate,
        kinds=tuple(given.only or FAULTS),
        data=given.data,
        store=given.store,
        echo=True,
    )


if __name__ == "__main__":
    run(main)
