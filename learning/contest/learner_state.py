"""The state of a learner between two labels, as a value that `streams.pipeline.learn` moves on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from learning.contest.contest import Contest
from learning.contest.received_label import ReceivedLabel
from learning.contest.state import ContestState
from learning.model.engine_cache import Engines


class _Cell:
    """Holds the contest of a state until it is taken, once.

    A contest changes in place as it learns. The first caller that continues from a state takes its
    contest; another that continues from the same state gets none, and has to rebuild it.
    """

    def __init__(self, contest: Contest | None = None) -> None:
        self._contest = contest

    def take(self) -> Contest | None:
        """The contest on the first call, None on later ones."""
        contest, self._contest = self._contest, None
        return contest


@dataclass(frozen=True, slots=True)
class LearnerState:
    """One model's learner between two labels; a value, like the record of a match.

    It holds the contest as stored at its last checkpoint, and the labels learned since. `positions`
    say how far each log has been learned, `revised` counts labels that were corrected too late, and
    `published` is the version of the snapshot that this learner published last.
    """

    written: ContestState
    positions: Mapping[str, int]
    learned: tuple[ReceivedLabel, ...] = ()
    revised: int = 0
    published: str = ""
    _cell: _Cell = field(default_factory=_Cell, compare=False, repr=False)

    def take_contest(self, engines: Engines) -> Contest:
        """The contest of this state, which the caller may change."""
        contest = self._cell.take()
        if contest is None:
            contest = Contest(self.written, engines)
            for label in self.learned:
                contest.learn(label)
        return contest

    def with_contest(self, contest: Contest) -> "LearnerState":
        """The state with its contest kept ready; it must equal what the state would rebuild."""
        return replace(self, _cell=_Cell(contest))


def written_state(written: ContestState) -> LearnerState:
    """The state of a learner that continues from a stored contest."""
    return LearnerState(written, dict(written.champion.positions))
