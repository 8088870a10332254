"""The state of a learner between two labels, as a value that `streams.pipeline.learn` moves on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from learning.contest.contest import Contest
from learning.contest.received_label import ReceivedLabel
from learning.contest.state import ContestState
from learning.model.engine_cache import Engines


class _Cell:
    """Keeps a state's contest at hand until the state goes on.

    A contest changes in place as it learns. Whoever goes on from a state takes its contest out;
    whoever goes on from the same state again finds none, and makes it anew from what was written.
    """

    def __init__(self, contest: Contest | None = None) -> None:
        self._contest = contest

    def take(self) -> Contest | None:
        """The contest, for the first who asks."""
        contest, self._contest = self._contest, None
        return contest


@dataclass(frozen=True, slots=True)
class LearnerState:
    """One model's learner between two labels; a value, like the record of a match.

    It is the contest as it was written at its last checkpoint, and what was learned since.
    `positions` say how far each log was learned, `revised` counts labels that were corrected too
    late, and `published` is the version of the snapshot that this learner published last.
    """

    written: ContestState
    positions: Mapping[str, int]
    learned: tuple[ReceivedLabel, ...] = ()
    revised: int = 0
    published: str = ""
    _cell: _Cell = field(default_factory=_Cell, compare=False, repr=False)

    def take_contest(self, engines: Engines) -> Contest:
        """The contest as it stands in this state; the caller may move it on."""
        contest = self._cell.take()
        if contest is None:
            contest = Contest(self.written, engines)
            for label in self.learned:
                contest.learn(label)
        return contest

    def with_contest(self, contest: Contest) -> "LearnerState":
        """The state with a contest at hand, which must stand as the state says."""
        return replace(self, _cell=_Cell(contest))


def written_state(written: ContestState) -> LearnerState:
    """The state of a learner that goes on from a contest as it was written."""
    return LearnerState(written, dict(written.champion.positions))
