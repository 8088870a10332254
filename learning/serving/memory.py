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
    """What the match took from history at its start; it does not change while the match is played.

    `history` names the history: the snapshot's version and how many labels it had absorbed;
    `history_to` is the day of the last match among them.
    """

    history: str
    draw: Draw
    history_to: str = ""


class Sides(NamedTuple):
    """The lineups that bat and bowl, and the tilt that beliefs already hold of them (`start`)."""

    batting: Lineup
    bowling: Lineup
    start: float


def _sides(draw: Draw) -> tuple[Sides, Sides]:
    first, second = draw.lineups
    return Sides(first, second, draw.starts[0]), Sides(second, first, draw.starts[1])


_both = IdentityCache(_sides)


class Progress(msgspec.Struct, frozen=True, gc=False):
    """One innings: the belief about its tilt before it and now (log weights), and its balls.

    `expected` is the total that was expected before its first ball; `codes` are the balls as the
    engine numbers them, `duels` who faced whom in them (`learning.serving.matchups`).
    """

    prior: tuple[float, ...]
    belief: tuple[float, ...]
    expected: float
    codes: tuple[int, ...] = ()
    duels: tuple[int, ...] = ()


class Memory(msgspec.Struct, frozen=True, gc=False):
    """Beliefs by innings, the questions that wait for their answer, and the present chance.

    `model` is the version whose tables the beliefs are in: another model recomputes them
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
        """The memory with the present chance."""
        kept = (self.key, self.model, self.context, self.progress, self.questions)
        return Memory(*kept, chance)

    def with_progress(self, progress: tuple[Progress, ...]) -> "Memory":
        """The memory with other beliefs, by a constructor call since each ball makes one."""
        return Memory(self.key, self.model, self.context, progress, self.questions, self.chance)
