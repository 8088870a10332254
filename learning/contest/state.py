"""The state of a contest between two labels: everything that another learner continues from.

Its JSON is stored on `cricket.contests`. There some fields keep the shorter names of earlier
versions: `rename` maps them.
"""

import msgspec

from features.effects import Effect
from learning.contest.confidence_sequence import LIMIT, Pair
from learning.contest.detectors import DatedValue
from learning.labels import Label
from learning.model.snapshot import Snapshot

CONTEST_VERSION = 1


class DatedModel(msgspec.Struct, frozen=True):
    """A challenger's model as it stood at the feed's time `at`, in ms: it answers from then on."""

    at: int
    snapshot: Snapshot


class ChallengerState(
    msgspec.Struct, frozen=True, rename={"models": "views", "on_probation": "former"}
):
    """A challenger, or a former champion that is `on_probation`.

    `models` are its last ones, the newest last; a match is answered by the newest that existed when
    it began. `learned` counts the matches since the newest model; `pairs` are the losses of
    champion and challenger, match by match; `limit` is the number of matches that it is tried for.
    """

    name: str
    policy: str
    snapshot: Snapshot
    models: tuple[DatedModel, ...]
    pairs: tuple[Pair, ...] = ()
    learned: int = 0
    on_probation: bool = False
    limit: int = LIMIT


class ContestState(
    msgspec.Struct,
    frozen=True,
    rename={
        "challengers": "rivals",
        "detector_values": "told",
        "reference_effects": "began",
        "hurry_left": "hurried",
    },
):
    """The champion with its policy, its challengers, the detectors' values, the last labels.

    `detector_values` are those since each detector began, by signal, detector and scope; `recent`
    are labels without questions; `reference_effects` were known when the drift monitor began, and
    changes of level are measured from them. `hurry_left` labels are left of the time after an alarm
    or a promotion in which snapshots come more often; `frozen` is an operator's order, and `orders`
    are the ids of the last ones by their place in the log of orders, "" for one that was refused.
    """

    champion: Snapshot
    policy: str = "steady"
    contest_version: int = CONTEST_VERSION
    challengers: tuple[ChallengerState, ...] = ()
    detector_values: dict[str, tuple[DatedValue, ...]] = {}
    recent: tuple[Label, ...] = ()
    reference_effects: dict[str, Effect] = {}
    hurry_left: int = 0
    frozen: bool = False
    orders: dict[str, str] = {}
