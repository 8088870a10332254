"""Reviews of the umpires' decisions: how many a side has lost, and how many it has left."""

from typing import NamedTuple

from cricket.facts import Fixture, Review
from cricket.state import MatchState

# Unsuccessful reviews that a side may have in an innings. Internationals: two until October 2013,
# then one in limited overs; two again since July 2020, when home umpires stood. Leagues went their
# own ways; each line was checked against all reviews of its archive.
ONE_AGAIN, TWO_AGAIN = "2013-10-01", "2020-07-01"
TWO_SINCE = {"Pakistan Super League": "2021", "Indian Premier League": "2022"}
ALWAYS_ONE = ("Big Bash League", "Women's Big Bash League")
TWO_IN_LEAGUES = "2022"


class Reviews(NamedTuple):
    """A side's reviews in an innings: `taken`, and what it has `left`."""

    team: str
    taken: int
    left: int


def allowed(fixture: Fixture) -> int:
    """Unsuccessful reviews that a side may have in an innings of the match."""
    if fixture.event in ALWAYS_ONE:
        return 1
    if fixture.team_type == "international":
        return 1 if ONE_AGAIN <= fixture.date < TWO_AGAIN else 2
    return 2 if fixture.date >= TWO_SINCE.get(fixture.event, TWO_IN_LEAGUES) else 1


def reviews(state: MatchState) -> tuple[Reviews, ...]:
    """Each side's reviews in the innings being played; () before the first review of the match.

    Fixtures do not say whether the ground has the system; the first review shows it.
    """
    current = state.current
    if current is None or not any(innings.reviews for innings in state.innings):
        return ()
    most = allowed(state.fixture)
    return tuple(_side_reviews(current.reviews, team, most) for team in state.fixture.teams)


def _side_reviews(taken: tuple[Review, ...], team: str, most: int) -> Reviews:
    of_side = [review for review in taken if review.by == team]
    lost = sum(not (review.upheld or review.umpires_call) for review in of_side)
    return Reviews(team, len(of_side), max(0, most - lost))
