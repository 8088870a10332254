"""The formats of cricket, and which of them Overcast forecasts."""

from dataclasses import dataclass

from cricket.facts import Fixture

OVERS = {"T20": 20, "ODI": 50}
NAMES = {"T20": "T20", "IT20": "T20", "ODI": "ODI", "ODM": "ODI"}


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A match that is not forecast; `reason` names its format and says why."""

    reason: str


def format_of(fixture: Fixture) -> str | Unsupported:
    """The match's format, "T20" or "ODI", or why the match is not forecast."""
    if fixture.match_type in {"Test", "MDM"}:
        return Unsupported(f"{fixture.match_type}: multi-day matches are not forecast")
    name = NAMES.get(fixture.match_type)
    if name is None:
        return Unsupported(f"unknown match type {fixture.match_type!r}")
    if fixture.balls_per_over != 6:
        per_over = fixture.balls_per_over
        hundred = " (The Hundred)" if per_over == 5 and fixture.overs == OVERS["T20"] else ""
        return Unsupported(f"{per_over} balls an over{hundred}: not forecast")
    if fixture.overs != OVERS[name]:
        return Unsupported(f"{name} of {fixture.overs} overs: only {OVERS[name]} are forecast")
    return name
