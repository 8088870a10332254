"""The state of a match: immutable, made only by `cricket.play`."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from cricket.facts import Fixture, Outcome, PlayerReplaced, Powerplay, Review

ALL_WICKETS = 10  # of a side of eleven
SUPER_OVER_WICKETS = 2  # where nothing else is known
MOST_OF_AN_INNINGS = 10_000  # above any recorded target, length or penalty: a broken feed


@dataclass(frozen=True, slots=True)
class BatterLine:
    """A batter's line on the card. `out` is how, "" while not out, with who bowled and caught."""

    runs: int = 0
    balls: int = 0
    fours: int = 0
    sixes: int = 0
    out: str = ""
    bowler: str = ""
    fielders: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BowlerLine:
    """A bowler's figures; `balls` are legal ones, `runs` those charged to the bowler.

    `fours` and `sixes` are boundaries hit, `wides` and `no_balls` the runs they cost.
    """

    balls: int = 0
    runs: int = 0
    wickets: int = 0
    maidens: int = 0
    dots: int = 0
    fours: int = 0
    sixes: int = 0
    wides: int = 0
    no_balls: int = 0


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
class Partnership:
    """Runs and legal balls for a wicket (from 1); `batters` are the last two who shared it.

    One of them is "" where both batters left off one ball: who came in for the first is not known.
    """

    wicket: int
    batters: tuple[str, str]
    runs: int
    balls: int


@dataclass(frozen=True, slots=True)
class Interruption:
    """A change of an innings' length: legal balls left before and after it, wickets down."""

    before: int
    after: int
    wickets: int


class Bowled(NamedTuple):
    """A delivery in the book: who faced whom, runs off the bat, 1 if it was faced, the mark.

    `credited` are its wickets that are the bowler's: the striker's line cannot tell, since the
    other batter may have been run out, and he be out to the bowler later.
    """

    batter: str
    bowler: str
    runs: int
    faced: int
    mark: str
    credited: int = 0


@dataclass(frozen=True, slots=True)
class Over:
    """An over that is done: the innings' `runs` and `wickets` at its end, its legal balls.

    `charged` are the bowler's runs in it, `log` its deliveries.
    """

    number: int
    runs: int
    wickets: int
    legal: int
    charged: int
    log: tuple[Bowled, ...]

    @property
    def bowlers(self) -> tuple[str, ...]:
        """Who bowled it, in order: two if one was hurt or taken off in it."""
        return tuple(dict.fromkeys(bowled.bowler for bowled in self.log))


@dataclass(frozen=True, slots=True)
class Innings:
    """One side's innings so far.

    `limit` is the number of legal balls it may last (None: no limit), `balls` those bowled, as
    the over numbers count them: a miscounted over does not shift the rest of the innings.
    `revised` says that target or length changed in its course, `interruptions` when it was the
    length; `opening_penalty` and `closing_penalty` are runs that came with no ball. `all_out_at`
    wickets end it, if not the usual ones. `over` and `position` are those of the last ball
    (position -1 before the first), `legal` the legal balls and `charged` the bowler's runs in the
    over, `log` its deliveries, `overs` those before it, `over_called` that the umpire called it
    early. `free_hit` says that the next ball is one; `reviews` are those that a side asked for.
    """

    number: int
    batting: str
    limit: int | None = None
    per_over: int = 6
    target: int | None = None
    super_over: bool = False
    revised: bool = False
    powerplays: tuple[Powerplay, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    opening_penalty: int = 0
    all_out_at: int | None = None
    runs: int = 0
    wickets: int = 0
    balls: int = 0
    deliveries: int = 0
    over: int = 0
    position: int = -1
    legal: int = 0
    charged: int = 0
    over_called: bool = False
    striker: str = ""
    non_striker: str = ""
    bowler: str = ""
    partnership_runs: int = 0
    partnership_balls: int = 0
    free_hit: bool = False
    extras: Extras = Extras()
    batters: dict[str, BatterLine] = field(default_factory=dict)
    bowlers: dict[str, BowlerLine] = field(default_factory=dict)
    fall: tuple[Fall, ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    log: tuple[Bowled, ...] = ()
    overs: tuple[Over, ...] = ()
    recent: tuple[int, ...] = ()
    closed: bool = False
    declared: bool = False
    forfeited: bool = False
    absent: tuple[str, ...] = ()
    closing_penalty: int = 0
    reviews: tuple[Review, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """The over as written down."""
        return tuple([bowled.mark for bowled in self.log])

    @property
    def wicket_limit(self) -> int:
        """Wickets that end the innings."""
        return self.all_out_at or (SUPER_OVER_WICKETS if self.super_over else ALL_WICKETS)

    @property
    def wickets_left(self) -> int:
        """Wickets that the side can still lose."""
        return max(0, self.wicket_limit - self.wickets)

    @property
    def over_done(self) -> bool:
        """Whether the next ball begins another over."""
        return self.legal >= self.per_over or self.over_called

    @property
    def balls_left(self) -> int | None:
        """Legal balls left; None where the innings has no limit."""
        limit, balls = self.limit, self.balls
        return None if limit is None else limit - balls if balls < limit else 0

    @property
    def needed(self) -> int | None:
        """Runs still needed to win; None without a target."""
        target, runs = self.target, self.runs
        return None if target is None else target - runs if runs < target else 0

    @property
    def powerplay(self) -> str:
        """The kind of powerplay that the next ball is bowled in; "" for none."""
        over, position = (self.over + 1, 0) if self.over_done else (self.over, self.position + 1)
        return next((p.kind for p in self.powerplays if p.covers(over, position)), "")

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
    """A match so far: its innings in order, super overs last, and its replacements in order."""

    fixture: Fixture
    innings: tuple[Innings, ...] = ()
    outcome: Outcome | None = None
    replaced: tuple[PlayerReplaced, ...] = ()

    @property
    def current(self) -> Innings | None:
        """The innings being played or played last."""
        return self.innings[-1] if self.innings else None

    def with_current(self, innings: Innings) -> Self:
        """The match with `innings` in place of its last one."""
        return replace(self, innings=(*self.innings[:-1], innings))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that cannot have happened in this state: an illegal move is a value."""

    reason: str
