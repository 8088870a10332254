"""What the system remembers of a live match: small, immutable, exact through JSON."""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from cricket.identity_cache import IdentityCache
from cricket.state import Innings, MatchState
from features.history import Draw
from features.lineup import Lineup
from learning.labels import Question


@dataclass(frozen=True, slots=True)
class Context:
    """What the match took from history at its start; it does not move while it is played.

    `history` names the history: the snapshot's version and how many labels it had absorbed.
    """

    history: str
    draw: Draw


class Sides(NamedTuple):
    """Who bats and who bowls, and what they bring to an innings: its beliefs hold it already."""

    batting: Lineup
    bowling: Lineup
    start: float


def _sides(draw: Draw) -> tuple[Sides, Sides]:
    one, other = draw.lineups
    return Sides(one, other, draw.starts[0]), Sides(other, one, draw.starts[1])


_both = IdentityCache(_sides)


class Progress(msgspec.Struct, frozen=True, gc=False):
    """Of one innings: the belief about s before it and now (log weights), and its balls.

    `expected` is the total that was expected before its first ball; `codes` are the balls as the
    engine numbers them, `duels` who faced whom in them (`learning.duels`).
    """

    prior: tuple[float, ...]
    belief: tuple[float, ...]
    expected: float
    codes: tuple[int, ...] = ()
    duels: tuple[int, ...] = ()


class Memory(msgspec.Struct, frozen=True, gc=False):
    """Beliefs by innings, the questions that wait for their answer, the chance as it stands.

    `model` is the version whose tables the beliefs are in: another model computes them anew
    from the codes, so that a forecast never depends on which models served before. `chance` is
    what the first-named team had after the last ball (ties half); None before the first.
    """

    key: str
    model: str
    context: Context
    progress: tuple[Progress, ...] = ()
    questions: tuple[Question, ...] = ()
    chance: float | None = None

    def sides(self, state: MatchState, innings: Innings) -> Sides:
        """Who bats and who bowls in an innings, as the match drew them."""
        return _both(self.context.draw)[innings.batting != state.fixture.teams[0]]

    def with_question(self, question: Question | None) -> "Memory":
        """The memory with one more question that waits for its answer, if there is one."""
        if question is None:
            return self
        return msgspec.structs.replace(self, questions=(*self.questions, question))

    def with_chance(self, chance: float) -> "Memory":
        """The memory with the chance as it stands now."""
        kept = (self.key, self.model, self.context, self.progress, self.questions)
        return Memory(*kept, chance)

    def with_progress(self, progress: tuple[Progress, ...]) -> "Memory":
        """The memory with other beliefs. A constructor call: this is done for every ball."""
        return Memory(self.key, self.model, self.context, progress, self.questions, self.chance)
