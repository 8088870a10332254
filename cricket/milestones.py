"""Milestones: what the last ball of an innings brought to a round number."""

from collections.abc import Iterator

from cricket.card_lines import credited
from cricket.facts import Ball, Fixture
from cricket.scorebook import deliveries
from cricket.state import BatterLine, Innings

BATTER, TEAM, STAND = 50, 50, 50  # runs between two milestones
HAUL = 3  # wickets: the third and each further one is a milestone
HAT_TRICK = 3
_NEW_BATTER = BatterLine()


def milestones(fixture: Fixture, innings: Innings, ball: Ball) -> tuple[str, ...]:
    """The milestones that the innings' last ball reached, such as "Abishek Porel 50 (28 balls)"."""
    texts = [] if not ball.total else [*_batter(fixture, innings, ball), *_side(innings, ball)]
    return (*texts, *_bowler(fixture, innings, ball)) if ball.wickets else tuple(texts)


def _reached(now: int, gained: int, step: int) -> int:
    """The highest multiple of `step` that the last `gained` reached; 0 for none."""
    reached = now - now % step
    return reached if now - gained < reached else 0


def _batter(fixture: Fixture, innings: Innings, ball: Ball) -> Iterator[str]:
    line = innings.batters.get(ball.batter, _NEW_BATTER)
    if reached := _reached(line.runs, ball.runs, BATTER):
        yield f"{fixture.name(ball.batter)} {reached} ({line.balls} balls)"


def _side(innings: Innings, ball: Ball) -> Iterator[str]:
    if reached := _reached(innings.runs, ball.total, TEAM):
        yield f"{innings.batting} {reached}"
    if not ball.wickets and (reached := _reached(innings.partnership_runs, ball.total, STAND)):
        yield f"partnership {reached} ({innings.partnership_balls} balls)"


def _bowler(fixture: Fixture, innings: Innings, ball: Ball) -> Iterator[str]:
    wickets = credited(ball)
    line = innings.bowlers[ball.bowler]
    if wickets and line.wickets >= HAUL:
        yield f"{fixture.name(ball.bowler)} {line.wickets} wickets"
    if wickets and _hat_trick(innings, ball.bowler):
        yield f"hat-trick: {fixture.name(ball.bowler)}"


def _hat_trick(innings: Innings, bowler: str) -> bool:
    """Whether the bowler's last three deliveries of the innings each took a wicket for him."""
    last = [bowled for bowled in deliveries(innings) if bowled.bowler == bowler][-HAT_TRICK:]
    return len(last) == HAT_TRICK and all(bowled.credited for bowled in last)
