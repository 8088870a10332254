"""A model that is far too sure of what it knows: it follows a change of scoring too slowly."""

from dataclasses import replace

from learning.model.snapshot import Snapshot, sealed

CERTAIN = 1e-6  # variance of a tilt
SIDES, XI, GROUNDS = range(1, 9), range(1, 12), range(1, 7)


def sure(snapshot: Snapshot) -> Snapshot:
    """The snapshot, certain of every effect on the matches of `producers.simulator.season`."""
    history = snapshot.history
    players = [f"side-{n}-{m}" for n in SIDES for m in XI]
    names = [
        *history.effects,
        "event:simulated league",
        *(f"ground:ground {n}" for n in GROUNDS),
        *(f"{kind}:Side {n}" for n in SIDES for kind in ("bat", "bowl")),
        *(f"{kind}:{player}" for player in players for kind in ("batter", "bowler")),
    ]
    effects = {name: (history.effects.get(name, (0.0, 0.0))[0], CERTAIN) for name in names}
    made = replace(snapshot, history=replace(history, effects=effects), version="sure")
    return sealed(made)
