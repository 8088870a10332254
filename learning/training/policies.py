"""How fast a learner forgets, and how a challenger begins: the policies of the contest."""

from dataclasses import dataclass, replace

from features.effects import effect, kind_of
from features.history import History
from learning.model.linear import LEARNING_RATE
from learning.model.snapshot import Snapshot, sealed

MEANS_KEPT = 5.0  # matches that mean totals from before an alarm count as


@dataclass(frozen=True, slots=True)
class Pace:
    """`matches` that the engine's counts remember, and how much the rest moves.

    Effects drift `restless` times as far as usual; `rate` is AdaGrad's in the linear models.
    """

    matches: float = 1500.0
    restless: float = 1.0
    rate: float = LEARNING_RATE


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to challenge: `fresh` from nothing, else from the champion with widened variances."""

    name: str
    why: str
    pace: Pace = Pace()
    fresh: bool = False


STEADY = Pace()
POLICIES = {
    policy.name: policy
    for policy in (
        Policy("steady", "learns on as the shipped models do"),
        Policy("alert", "the champion, as unsure of the level as of a new competition"),
        Policy(
            "quick",
            "the same, and it goes on forgetting three times as fast",
            Pace(matches=500.0, restless=3.0),
        ),
        Policy("fresh", "knows nothing but the last answers", Pace(matches=300.0), fresh=True),
    )
}
SHIPPED = ("alert", "quick")  # raised by an alarm, in this order


def doubted(snapshot: Snapshot, scope: str) -> Snapshot:
    """The snapshot as unsure of its level, or of one competition's, as when it was new.

    What was learned stays as the mean; its variance goes back to that of the effect's kind, so
    that the next innings move it as far as the first ones did.
    """
    history = snapshot.history
    named = {n for n in history.effects if _doubtful(n, scope)}
    effects = {
        name: (mean, max(variance, kind_of(name).variance * history.scale))
        for name, (mean, variance) in history.effects.items()
        if name in named
    }
    if scope:
        effects.setdefault(f"event:{scope}", effect(history.effects, f"event:{scope}", 1.0))
    means = {
        name: (mean, min(matches, MEANS_KEPT) if name in {scope, ""} or not scope else matches)
        for name, (mean, matches) in history.means.items()
    }
    return sealed(replace(snapshot, history=_unsure(history, effects, means)))


def _doubtful(name: str, scope: str) -> bool:
    if scope:
        return name == f"event:{scope}"
    return name.startswith(("level:", "event:"))


def _unsure(
    history: History,
    effects: dict[str, tuple[float, float]],
    means: dict[str, tuple[float, float]],
) -> History:
    return replace(history, effects=history.effects | effects, means=means)
