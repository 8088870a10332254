"""The live features that other services may read from Redis: numbers of the innings by name."""

from cricket.score import rate
from cricket.state import MatchState
from features.inputs import recent_form

NAMES = (
    "innings",
    "runs",
    "wickets",
    "balls",
    "balls_left",
    "run_rate",
    "needed",
    "required_rate",
    "partnership_runs",
    "partnership_balls",
    "momentum",
    "falling",
)


def online(state: MatchState) -> dict[str, float | None]:
    """The features of the innings being played; None where one has no value, {} before any."""
    innings = state.current
    if innings is None:
        return {}
    left, needed = innings.balls_left, innings.needed
    chasing = needed is not None and left is not None and left > 0
    momentum, falling = recent_form(innings)
    values = (
        innings.number,
        innings.runs,
        innings.wickets,
        innings.balls,
        left,
        rate(innings.runs, innings.balls, innings.per_over),
        needed,
        rate(needed, left, innings.per_over) if chasing else None,  # type: ignore[arg-type]
        innings.partnership_runs,
        innings.partnership_balls,
        momentum,
        falling,
    )
    return dict(zip(NAMES, values, strict=True))
