"""Labels, when the world answers: the total at its innings' end, the winner at the match's."""

from dataclasses import replace

from cricket.facts import Fact, InningsClose, Outcome
from cricket.play import full_balls
from cricket.state import Innings, MatchState
from learning.labels import Label
from learning.memory import Memory

ENDED = frozenset({"all out", "balls"})


def settle(memory: Memory, state: MatchState, fact: Fact) -> tuple[Memory, tuple[Label, ...]]:
    """The labels that a fact answers; `state` is after it. The memory forgets what is settled."""
    if isinstance(fact, InningsClose) and fact.innings == 0:
        return memory, _total(memory, state)
    if isinstance(fact, Outcome):
        return replace(memory, questions=(), progress=()), _result(memory, state, fact)
    return memory, ()


def _label(memory: Memory, state: MatchState, task: str, truth: float) -> Label:
    fixture = state.fixture
    return Label(
        key=memory.key,
        task=task,
        truth=truth,
        teams=fixture.teams,
        batting_first=state.innings[0].batting,
        event=fixture.event,
        venue=fixture.venue,
        date=fixture.date,
    )


def _total(memory: Memory, state: MatchState) -> tuple[Label, ...]:
    first = state.innings[0]
    if not _undisturbed(first, state) or not memory.progress:
        return ()
    label = _label(memory, state, "total", float(first.runs))
    asked = tuple(q for q in memory.questions if q.innings == 0)
    return (replace(label, questions=asked, codes=memory.progress[0].codes),)


def _result(memory: Memory, state: MatchState, outcome: Outcome) -> tuple[Label, ...]:
    """A win label only of a decided match that ran its course; ratings learn of the others."""
    if not state.innings or outcome.result not in {"win", "tie"} or outcome.method == "Awarded":
        return ()
    fair = not outcome.method and _fair_chase(state)
    codes = memory.progress[1].codes if fair and len(memory.progress) > 1 else ()
    if outcome.result == "tie" or outcome.winner is None:
        return (replace(_label(memory, state, "result", 0.5), codes=codes),)
    truth = float(outcome.winner == state.innings[0].batting)
    if not fair:
        return (_label(memory, state, "result", truth),)
    label = _label(memory, state, "win", truth)
    return (replace(label, questions=memory.questions, codes=codes),)


def _undisturbed(innings: Innings, state: MatchState) -> bool:
    """Whether the innings had its full length and used it up, by balls or wickets."""
    return innings.limit == full_balls(state) and innings.over_reason in ENDED


def _fair_chase(state: MatchState) -> bool:
    """Whether the second innings chased one run more than the first, over the full length."""
    if len(state.innings) < 2 or not _undisturbed(state.innings[0], state):
        return False
    first, second = state.innings[:2]
    return second.limit == full_balls(state) and second.target == first.runs + 1
