"""The innings of a match, folded again from the balls that its predictions carry.

It is the fold that the worker uses, so the page's scorecard is the worker's. What came with no
ball (penalty runs, a replaced player) is not told on `cricket.predictions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cricket.facts import Ball
from cricket.play import after
from cricket.state import Innings
from streams.messages.card import Card
from streams.messages.events import Place


@dataclass(slots=True)
class Scorebook:
    """Balls by place, and the innings they make; a correction folds its innings again."""

    balls: dict[Place, Ball] = field(default_factory=dict)
    terms: dict[int, Innings] = field(default_factory=dict)
    made: dict[int, Innings] = field(default_factory=dict)
    last: dict[int, Place] = field(default_factory=dict)

    def take(self, place: Place, ball: Ball, card: Card) -> None:
        """A ball told for the first time, or told again."""
        number = ball.innings
        self.terms[number] = _opened(card)
        corrected = self.balls.get(place) not in {None, ball}
        if place in self.balls and not corrected:
            return
        self.balls[place] = ball
        if not corrected and number in self.made and place > self.last[number]:
            self.made[number] = after(self.made[number], ball)
            self.last[number] = place
        else:
            self.made.pop(number, None)

    def drop(self, place: Place) -> None:
        """A ball that is no more."""
        ball = self.balls.pop(place, None)
        if ball is not None:
            self.made.pop(ball.innings, None)

    def innings(self) -> dict[int, Innings]:
        """Every innings as it stands, in order, with the terms that its last ball told."""
        for number in self.terms.keys() - self.made.keys():
            own = sorted((p, b) for p, b in self.balls.items() if b.innings == number)
            if own:
                self.made[number] = _folded(self.terms[number], (ball for _, ball in own))
                self.last[number] = own[-1][0]
        return {n: _with_terms(self.made[n], self.terms[n]) for n in sorted(self.made)}


def _opened(card: Card) -> Innings:
    """The innings before its first ball, as far as a card tells."""
    whole, part = map(int, card.overs.split("."))
    limit = None if card.balls_left is None else card.balls_left + whole * 6 + part
    return Innings(
        card.innings, card.batting, limit=limit, target=card.target, super_over=card.super_over
    )


def _folded(opened: Innings, balls: Iterable[Ball]) -> Innings:
    for ball in balls:
        opened = after(opened, ball)
    return opened


def _with_terms(made: Innings, terms: Innings) -> Innings:
    if (made.limit, made.target) == (terms.limit, terms.target):
        return made
    return replace(made, limit=terms.limit, target=terms.target)
