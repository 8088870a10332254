"""The facts that a feed reports of a match, in the order they happen.

A person is named by the registry id that the feed gives; `Fixture.names` gives the name to print.
"""

from dataclasses import dataclass, field

RETIRED_HURT = "retired hurt"
NOT_OUT_KINDS = frozenset({RETIRED_HURT, "retired not out"})
BOWLER_KINDS = frozenset({"bowled", "caught", "caught and bowled", "lbw", "stumped", "hit wicket"})


@dataclass(frozen=True, slots=True)
class Fixture:
    """What is known of a match when it starts."""

    match_type: str
    gender: str
    teams: tuple[str, str]
    overs: int | None = None
    balls_per_over: int = 6
    team_type: str = ""
    event: str = ""
    match_number: str = ""
    season: str = ""
    date: str = ""
    city: str = ""
    venue: str = ""
    toss_winner: str = ""
    toss_decision: str = ""
    players: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def name(self, person: str) -> str:
        """The printed name of a person; the id itself where the feed gave none."""
        return self.names.get(person, person)

    def opponent(self, team: str) -> str:
        """The other of the two teams."""
        return self.teams[1] if team == self.teams[0] else self.teams[0]


@dataclass(frozen=True, slots=True)
class Powerplay:
    """Overs with field restrictions; `kind` is "mandatory", "batting" or "fielding".

    `first` and `last` are (over from 0, place in the over from 1), both included. A place counts
    every delivery: an over with three wides ends at its ninth.
    """

    kind: str
    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, over: int, position: int) -> bool:
        """Whether the delivery at `position` (from 0) of `over` is bowled in it."""
        return self.first <= (over, position + 1) <= self.last


@dataclass(frozen=True, slots=True)
class InningsOpening:
    """An innings starts. `target` is in runs, `balls` the legal balls it may last, if stated.

    `wickets` are those that end it, if stated: a super over's are not everywhere two, nor has each
    side eleven players.
    """

    innings: int
    batting: str
    target: int | None = None
    balls: int | None = None
    super_over: bool = False
    penalty: int = 0
    powerplays: tuple[Powerplay, ...] = ()
    wickets: int | None = None


@dataclass(frozen=True, slots=True)
class Wicket:
    """One dismissal; a ball can carry two. `player` is who left, `fielders` who helped.

    `substitutes` are those of the fielders who do not play in the match.
    """

    kind: str
    player: str
    fielders: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A side asked the third umpire: team `by`; `upheld` if the decision was changed for it.

    A review that failed by `umpires_call` only is not lost.
    """

    by: str
    upheld: bool = False
    umpires_call: bool = False


@dataclass(frozen=True, slots=True)
class Ball:
    """One delivery. Its identity is (innings, over, position), all counted from 0.

    The printed ball number is not an identity: a re-bowled wide repeats it. `free_hit` is said by
    a feed that knows; `miscounted` that the over went on past its legal balls, `over_called` that
    the umpire called it after this ball, before it had them: both counts stand (Law 17.5).
    `not_in_over` is said of a ball that is not one of the over though neither wide nor no-ball:
    after illegal fielding (Law 28.2.3), or if the non-striker was run out before it (Law 41.16).
    """

    innings: int
    over: int
    position: int
    batter: str
    non_striker: str
    bowler: str
    runs: int = 0
    wides: int = 0
    no_balls: int = 0
    byes: int = 0
    leg_byes: int = 0
    penalty: int = 0
    non_boundary: bool = False
    wickets: tuple[Wicket, ...] = ()
    free_hit: bool = False
    miscounted: bool = False
    review: Review | None = None
    not_in_over: bool = False
    over_called: bool = False

    @property
    def extras(self) -> int:
        """All runs not off the bat."""
        return self.wides + self.no_balls + self.byes + self.leg_byes + self.penalty

    @property
    def total(self) -> int:
        """All runs of the ball."""
        extras = self.wides + self.no_balls + self.byes + self.leg_byes + self.penalty
        return self.runs + extras

    @property
    def legal(self) -> bool:
        """Whether the ball counts towards the over."""
        return not (self.wides or self.no_balls or self.not_in_over)

    @property
    def faced(self) -> bool:
        """Whether the striker received it: a wide does not count, nor what was never bowled."""
        return not (self.wides or (self.not_in_over and self._before_delivery))

    @property
    def _before_delivery(self) -> bool:
        """Whether the non-striker was run out before the ball was bowled (Law 41.16)."""
        gone = {wicket.player for wicket in self.wickets if wicket.kind == "run out"}
        return not self.total and self.non_striker in gone

    @property
    def charged(self) -> int:
        """Runs against the bowler: byes, leg byes and penalties are not (Law 23, Law 41.18)."""
        return self.runs + self.wides + self.no_balls

    @property
    def dismissals(self) -> tuple[Wicket, ...]:
        """The wickets that count as wickets: a batter who retires hurt is not out (Law 25.4).

        Of several, those who were in come first: who is timed out was to come for one of them.
        """
        out = tuple(w for w in self.wickets if w.kind not in NOT_OUT_KINDS)
        if len(out) < 2:
            return out
        return tuple(sorted(out, key=lambda w: w.player not in {self.batter, self.non_striker}))


@dataclass(frozen=True, slots=True)
class InningsClose:
    """An innings ends. `penalty` are runs awarded after its last ball, `absent` who cannot bat."""

    innings: int
    penalty: int = 0
    declared: bool = False
    forfeited: bool = False
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InningsReopened:
    """The innings that was closed last goes on; its penalty runs and the result are void."""

    innings: int


@dataclass(frozen=True, slots=True)
class TargetRevised:
    """A new target (runs) or length (legal balls) of the innings being played; None: as it was.

    `penalty` are runs awarded to the fielding side: they are added to its last total (Law 41.18)
    and, where no new target is stated, to the target.
    """

    innings: int
    target: int | None = None
    balls: int | None = None
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class PlayerReplaced:
    """`in_` plays for `out`: an impact player, a concussion substitute, by `reason`.

    With a `role` ("bowler", "batter") he only takes over that part for the moment, as when a
    bowler is hurt in mid-over; `out` may then be "". A batter who is replaced so retires hurt.
    """

    team: str
    out: str
    in_: str
    reason: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a match ended.

    `winner` is the team that won, super over and bowl-out included; None for no winner.
    `result` is "win", "tie", "draw" or "no result": a tie settled by a super over stays a tie
    with a winner. `by` is such as {"runs": 20}. `method` is such as "D/L". `tie_break` is how a
    tie was broken, such as "bowl-out", where the feed says what the innings do not show.
    """

    winner: str | None
    result: str
    by: dict[str, int] = field(default_factory=dict)
    method: str = ""
    tie_break: str = ""


Fact = (
    InningsOpening
    | Ball
    | InningsClose
    | Outcome
    | TargetRevised
    | InningsReopened
    | PlayerReplaced
)
