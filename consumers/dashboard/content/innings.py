"""The innings of a match, folded again from the balls that its predictions carry.

The fold is the worker's own, so the page's scorecard equals the worker's. Facts that came without a
ball (penalty runs, a replaced player) are not on `cricket.predictions` and are missing here.
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
    """Balls by place and the innings folded from them; a correction folds its innings again.

    `terms` are the innings before their first balls, with limit and target of their newest cards;
    `last_places` are the places of the last balls in `folded`.
    """

    balls: dict[Place, Ball] = field(default_factory=dict)
    terms: dict[int, Innings] = field(default_factory=dict)
    folded: dict[int, Innings] = field(default_factory=dict)
    last_places: dict[int, Place] = field(default_factory=dict)

    def take(self, place: Place, ball: Ball, card: Card) -> None:
        """Add a ball, or replace it if it was corrected."""
        number = ball.innings
        self.terms[number] = _opened(card)
        corrected = self.balls.get(place) not in {None, ball}
        if place in self.balls and not corrected:
            return
        self.balls[place] = ball
        if not corrected and number in self.folded and place > self.last_places[number]:
            self.folded[number] = after(self.folded[number], ball)
            self.last_places[number] = place
        else:
            self.folded.pop(number, None)

    def drop(self, place: Place) -> None:
        """Remove a ball that was withdrawn."""
        ball = self.balls.pop(place, None)
        if ball is not None:
            self.folded.pop(ball.innings, None)

    def innings(self) -> dict[int, Innings]:
        """Return every innings so far, in order, with the terms of its newest card."""
        for number in self.terms.keys() - self.folded.keys():
            balls = sorted((p, b) for p, b in self.balls.items() if b.innings == number)
            if balls:
                self.folded[number] = _folded(self.terms[number], (ball for _, ball in balls))
                self.last_places[number] = balls[-1][0]
        return {n: _with_terms(self.folded[n], self.terms[n]) for n in sorted(self.folded)}


def _opened(card: Card) -> Innings:
    """Return the innings before its first ball, as far as a card tells."""
    whole, part = map(int, card.overs.split("."))
    limit = None if card.balls_left is None else card.balls_left + whole * 6 + part
    return Innings(
        card.innings, card.batting, limit=limit, target=card.target, super_over=card.super_over
    )


def _folded(innings: Innings, balls: Iterable[Ball]) -> Innings:
    for ball in balls:
        innings = after(innings, ball)
    return innings


def _with_terms(innings: Innings, terms: Innings) -> Innings:
    if (innings.limit, innings.target) == (terms.limit, terms.target):
        return innings
    return replace(innings, limit=terms.limit, target=terms.target)
