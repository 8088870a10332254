"""The leak test: what is said of a ball must not depend on what comes after it.

A match is told again with everything after a ball cut off, and with it changed; what was said up
to that ball must come out the same to the last bit. A forecaster that peeks is there to be found.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, Fact, Outcome
from cricket.play import fold, start
from cricket.state import Refusal
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replay, steps

Said = Sequence[object]  # one answer a ball, in the order of the balls
Teller = Callable[[RecordedMatch], Said]
PEEK = 1e-6  # how little a leak may move a chance and must still be found


def teller(forecaster: Forecaster) -> Teller:
    """The live loop as a teller: everything that is published and asked after every ball."""

    def tell(match: RecordedMatch) -> Said:
        played = replay(steps(match.fixture, match.facts), forecaster)
        return [answer.forecast for _, answer in played if answer.forecast is not None]

    return tell


def leaks(tell: Teller, match: RecordedMatch, cuts: Sequence[int]) -> list[int]:
    """The cuts, in balls, at which an answer up to the cut depends on what came after it."""
    whole = tell(match)
    found = []
    for cut in cuts:
        others = (tell(told) for told in (_cut(match, cut), _changed(match, cut)))
        if any(list(other[:cut]) != list(whole[:cut]) for other in others):
            found.append(cut)
    return found


def peeking(tell: Teller) -> Teller:
    """The same teller with a leak planted: told the outcome, it leans a little to the winner."""

    def tell_knowing(match: RecordedMatch) -> Said:
        outcome = match.facts[-1]
        winner = outcome.winner if isinstance(outcome, Outcome) else None
        lean = 0.0 if winner is None else PEEK if winner == match.fixture.teams[0] else -PEEK
        return [(said, lean) for said in tell(match)]

    return tell_knowing


def cuts_of(match: RecordedMatch, number: int) -> list[int]:
    """Balls to cut at, evenly over the match."""
    balls = sum(1 for _ in _accepted(match))
    return [balls * (place + 1) // (number + 1) for place in range(number)]


def _accepted(match: RecordedMatch) -> Iterator[int]:
    """The places of the balls that the laws let in, among the facts."""
    state = start(match.fixture)
    for place, fact in enumerate(match.facts):
        played = fold(state, fact)
        if isinstance(played, Refusal):
            continue
        if isinstance(fact, Ball):
            yield place
        state = played


def _after(match: RecordedMatch, cut: int) -> int:
    """The place of the first fact after so many accepted balls."""
    places = list(_accepted(match))
    return places[cut - 1] + 1 if cut else 0


def _cut(match: RecordedMatch, cut: int) -> RecordedMatch:
    return replace(match, facts=match.facts[: _after(match, cut)])


def _changed(match: RecordedMatch, cut: int) -> RecordedMatch:
    place = _after(match, cut)
    told = (_other(match, fact) for fact in match.facts[place:])
    return replace(match, facts=(*match.facts[:place], *told))


def _other(match: RecordedMatch, fact: Fact) -> Fact:
    """Another course of things: a six for a dot, a dot for runs, the other side as the winner."""
    if isinstance(fact, Ball):
        return replace(fact, runs=0 if fact.runs else 6, wickets=())
    if isinstance(fact, Outcome) and fact.winner is not None:
        return replace(fact, winner=match.fixture.opponent(fact.winner))
    return fact
