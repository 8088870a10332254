"""The state of a match: immutable, made only by `cricket.play`."""

from dataclasses import dataclass, field, replace
from typing import Self

from cricket.facts import Fixture, Outcome, PlayerReplaced

MOST_OF_AN_INNINGS = 10_000  # above any recorded target, length or penalty: a broken feed


@dataclass(frozen=True, slots=True)
class BatterLine:
    """A batter's line on the card. `out` is how, "" while not out."""

    runs: int = 0
    balls: int = 0
    fours: int = 0
    sixes: int = 0
    out: str = ""


@dataclass(frozen=True, slots=True)
class BowlerLine:
    """A bowler's figures; `balls` are legal ones, `runs` those charged to the bowler."""

    balls: int = 0
    runs: int = 0
    wickets: int = 0
    maidens: int = 0
    dots: int = 0


@dataclass(frozen=True, slots=True)
class Extras:
    """An innings' extras by kind, in runs."""

    wides: int = 0
    no_balls: int = 0
    byes: int = 0
    leg_byes: int = 0
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class Fall:
    """A wicket's place in the innings: the score and the legal balls when it fell."""

    player: str
    runs: int
    balls: int


@dataclass(frozen=True, slots=True)
class Innings:
    """One side's innings so far.

    `limit` is the number of legal balls it may last (None: no limit), `balls` those bowled, as
    the over numbers count them: a miscounted over does not shift the rest of the innings.
    `revised` says that target or length changed in its course; `closing_penalty` are the runs that
    came with its close. `over` and `position` are those of the last ball (position -1 before the
    first), `legal` the legal balls and `charged` the bowler's runs in the over, `marks` the over as
    written down.
    """

    number: int
    batting: str
    limit: int | None = None
    per_over: int = 6
    target: int | None = None
    super_over: bool = False
    runs: int = 0
    wickets: int = 0
    balls: int = 0
    deliveries: int = 0
    over: int = 0
    position: int = -1
    legal: int = 0
    charged: int = 0
    striker: str = ""
    non_striker: str = ""
    bowler: str = ""
    partnership_runs: int = 0
    partnership_balls: int = 0
    closed: bool = False
    declared: bool = False
    revised: bool = False
    closing_penalty: int = 0
    extras: Extras = Extras()
    batters: dict[str, BatterLine] = field(default_factory=dict)
    bowlers: dict[str, BowlerLine] = field(default_factory=dict)
    fall: tuple[Fall, ...] = ()
    marks: tuple[str, ...] = ()
    recent: tuple[int, ...] = ()

    @property
    def wicket_limit(self) -> int:
        """Wickets that end the innings."""
        return 2 if self.super_over else 10

    @property
    def balls_left(self) -> int | None:
        """Legal balls left; None where the innings has no limit."""
        return None if self.limit is None else max(0, self.limit - self.balls)

    @property
    def needed(self) -> int | None:
        """Runs still needed to win; None without a target."""
        return None if self.target is None else max(0, self.target - self.runs)

    @property
    def over_reason(self) -> str:
        """Why no further ball is due: "target", "all out", "balls" or "closed"; "" if one is."""
        if self.target is not None and self.runs >= self.target:
            return "target"
        if self.wickets >= self.wicket_limit:
            return "all out"
        if self.limit is not None and self.balls >= self.limit:
            return "balls"
        return "closed" if self.closed else ""


@dataclass(frozen=True, slots=True)
class MatchState:
    """A match so far; `innings` in order, super overs last, `replaced` players as it was told."""

    fixture: Fixture
    innings: tuple[Innings, ...] = ()
    outcome: Outcome | None = None
    replaced: tuple[PlayerReplaced, ...] = ()

    @property
    def current(self) -> Innings | None:
        """The innings being played or played last."""
        return self.innings[-1] if self.innings else None

    def with_current(self, innings: Innings) -> Self:
        """The match with its last innings replaced by what became of it."""
        return replace(self, innings=(*self.innings[:-1], innings))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that cannot have happened in this state: an illegal move is a value."""

    reason: str
