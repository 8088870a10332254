"""Labels: the first innings' total once that innings ends, the winner once the match ends."""

from dataclasses import replace

from cricket.facts import Fact, InningsClose, Outcome
from cricket.play import full_balls
from cricket.state import Innings, MatchState
from learning.labels import Label
from learning.serving.matchups import players
from learning.serving.memory import Memory

ENDED = frozenset({"all out", "balls"})


def answered_labels(memory: Memory, state: MatchState, fact: Fact) -> tuple[Label, ...]:
    """Return the labels that a fact answers: the first innings' total, or the winner.

    `state` is the match after the fact. The memory keeps its questions, since a correction may
    answer them again.
    """
    if isinstance(fact, InningsClose) and fact.innings == 0:
        return _total(memory, state)
    if isinstance(fact, Outcome):
        return _result(memory, state, fact)
    return ()


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
    if not undisturbed(first, state) or not memory.progress:
        return ()
    label = _label(memory, state, "total", float(first.runs))
    questions = tuple(q for q in memory.questions if q.innings == 0)
    return (_with_balls(replace(label, questions=questions), memory, state, 0),)


def _result(memory: Memory, state: MatchState, outcome: Outcome) -> tuple[Label, ...]:
    """A "win" label if the match ran its course and was won, else a "result" label for ratings."""
    if not state.innings or outcome.result not in {"win", "tie"} or outcome.method == "Awarded":
        return ()
    fair = not outcome.method and fair_chase(state)
    if outcome.result == "tie" or outcome.winner is None:
        label = _label(memory, state, "result", 0.5)
        return (_with_balls(label, memory, state, 1) if fair else label,)
    truth = float(outcome.winner == state.innings[0].batting)
    if not fair:
        return (_label(memory, state, "result", truth),)
    label = _label(memory, state, "win", truth)
    return (_with_balls(replace(label, questions=memory.questions), memory, state, 1),)


def _with_balls(label: Label, memory: Memory, state: MatchState, number: int) -> Label:
    """The label with the balls of an innings and who played them."""
    if number >= len(memory.progress):
        return label
    progress = memory.progress[number]
    batting, bowling, _ = memory.sides(state, state.innings[number])
    elevens = (players(batting), players(bowling))
    return replace(label, codes=progress.codes, duels=progress.duels, lineups=elevens)


def undisturbed(innings: Innings, state: MatchState) -> bool:
    """Whether the innings had its full length and used it up, by balls or wickets."""
    return innings.limit == full_balls(state) and innings.over_reason in ENDED


def fair_chase(state: MatchState) -> bool:
    """Whether the second innings chased one run more than the first, over the full length."""
    if len(state.innings) < 2 or not undisturbed(state.innings[0], state):
        return False
    first, second = state.innings[:2]
    return second.limit == full_balls(state) and second.target == first.runs + 1
