"""Python's collector of cycles, set for a process that holds live matches.

Its oldest generation is all matches in memory, which hold no cycles and are scanned again and
again: a tenth of a ball's cost, measured on the pipeline alone with 40 live matches.
"""

import gc

YOUNG = 50_000  # objects made since the last collection; Python's 700 are those of two balls
MIDDLE, OLD = 20, 50


def tune() -> None:
    """Collect seldom, and never again what was there at the start: models, modules, tables."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
