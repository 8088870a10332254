"""The state of a contest between two labels: everything that another learner goes on from."""

from dataclasses import dataclass, field

from features.effects import Effect
from learning.contest.confidence_sequence import LIMIT, Pair
from learning.contest.detectors import DatedValue
from learning.labels import Label
from learning.model.snapshot import Snapshot

CONTEST_VERSION = 1


@dataclass(frozen=True, slots=True)
class DatedModel:
    """A challenger's model as it stood at the feed's time `at`, in ms: it answers from then on."""

    at: int
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class ChallengerState:
    """A challenger, or a former champion on probation (`former`).

    `views` are its last models, the newest last; a match is answered by the newest that was there
    when it began. `learned` counts the matches since the newest view.
    """

    name: str
    policy: str
    snapshot: Snapshot
    views: tuple[DatedModel, ...]
    pairs: tuple[Pair, ...] = ()
    learned: int = 0
    former: bool = False
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class ContestState:
    """The champion with its policy, its rivals, what the detectors were told, the last answers.

    `hurried` labels are left of the time after an alarm or a promotion in which snapshots are
    published more often; `frozen` is an operator's word. `recent` are labels without questions;
    `began` holds the effects that were known when the watch began.
    """

    champion: Snapshot
    policy: str = "steady"
    contest_version: int = CONTEST_VERSION
    rivals: tuple[ChallengerState, ...] = ()
    told: dict[str, tuple[DatedValue, ...]] = field(default_factory=dict)
    recent: tuple[Label, ...] = ()
    began: dict[str, Effect] = field(default_factory=dict)
    hurried: int = 0
    frozen: bool = False
