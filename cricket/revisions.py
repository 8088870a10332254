"""Changes to a match in its course: a revised target, a reopened innings, a new player."""

from dataclasses import replace

from cricket.facts import RETIRED_HURT, InningsReopened, PlayerReplaced, TargetRevised
from cricket.state import MOST_OF_AN_INNINGS, Innings, Interruption, MatchState, Refusal

AN_AWARD = 5  # penalty runs


def revise_target(state: MatchState, revised: TargetRevised) -> MatchState | Refusal:
    """The state with a new target or length of the innings being played."""
    innings = state.current
    if innings is None or revised.innings != innings.number or innings.closed:
        return Refusal(f"target of innings {revised.innings} revised, which is not being played")
    reason = _refuse_revision(innings, revised) or _refuse_penalty(state, innings, revised)
    if reason:
        return Refusal(reason)
    target = innings.target if revised.target is None else revised.target
    if revised.target is None and target is not None:
        target += revised.penalty
    changed = replace(innings, target=target, revised=True)
    if revised.balls is not None and revised.balls != innings.limit:
        stops = (*innings.interruptions, *_interruption(innings, revised.balls))
        changed = replace(changed, limit=revised.balls, interruptions=stops)
    penalty = revised.penalty or _must_be_penalty(state, innings, revised)
    return _with_penalty(state.with_current(changed), penalty)


def _must_be_penalty(state: MatchState, innings: Innings, revised: TargetRevised) -> int:
    """Penalty runs in a new target whose feed does not say why it is new; 0 if it may be another.

    In a chase of one run more than was made, which nothing has cut short, a target rises for
    nothing else, and by five (Law 41.18).
    """
    answered = _last_innings(state, innings)
    if revised.target is None or innings.target is None or answered is None:
        return 0
    length = innings.limit if revised.balls is None else revised.balls
    whole = length == innings.limit == answered.limit
    gained = revised.target - innings.target
    plain = whole and not innings.interruptions and innings.target == answered.runs + 1
    return gained if plain and gained > 0 and gained % AN_AWARD == 0 else 0


def _with_penalty(state: MatchState, penalty: int) -> MatchState:
    """The state with penalty runs added to the fielding side's last total."""
    fielding = _last_innings(state, state.innings[-1]) if penalty else None
    if fielding is None:
        return state
    runs, closing = fielding.runs + penalty, fielding.closing_penalty + penalty
    more = replace(fielding, runs=runs, closing_penalty=closing)
    return replace(state, innings=tuple(more if i is fielding else i for i in state.innings))


def _last_innings(state: MatchState, innings: Innings) -> Innings | None:
    """The last innings of the side that fields in this one; None before it has batted."""
    sides = (i for i in reversed(state.innings) if i.batting != innings.batting)
    return next(sides, None)


def _interruption(innings: Innings, balls: int) -> tuple[Interruption, ...]:
    """The change of length as an interruption; () for an innings that had no length."""
    left = innings.balls_left
    if left is None:
        return ()
    return (Interruption(left, balls - innings.balls, innings.wickets),)


def _refuse_penalty(state: MatchState, innings: Innings, revised: TargetRevised) -> str:
    """Why the fielding side cannot have been awarded these runs; "" if it can."""
    if not 0 <= revised.penalty <= MOST_OF_AN_INNINGS:
        return f"impossible penalty {revised.penalty}"
    if revised.penalty and _last_innings(state, innings) is None:
        return "penalty runs of a side that has not batted: its innings opens with them"
    return ""


def _refuse_revision(innings: Innings, revised: TargetRevised) -> str:
    """Why the innings cannot have this target or length; "" if it can."""
    target, balls = revised.target, revised.balls
    if target is None and balls is None and not revised.penalty:
        return "a revision without a target and without a length"
    if target is not None and innings.number % 2 == 0:
        return f"innings {innings.number} answers no other and cannot have a target"
    if target is not None and not 1 <= target <= MOST_OF_AN_INNINGS:
        return f"impossible target {target}"
    if balls is not None and not innings.balls <= balls <= MOST_OF_AN_INNINGS:
        return f"impossible length of {balls} balls, {innings.balls} are bowled"
    return ""


def reopen(state: MatchState, reopened: InningsReopened) -> MatchState | Refusal:
    """The state with its last innings going on, without its closing penalty runs and the result."""
    innings = state.current
    if innings is None or reopened.innings != innings.number or not innings.closed:
        return Refusal(f"innings {reopened.innings} reopened, which is not the one closed last")
    runs = innings.runs - innings.closing_penalty
    going_on = replace(innings, closed=False, declared=False, runs=runs, closing_penalty=0)
    return replace(state.with_current(going_on), outcome=None)


def replace_player(state: MatchState, replaced: PlayerReplaced) -> MatchState | Refusal:
    """The state with a player replaced; for the moment only, if the fact names a role."""
    reason = _refuse_replacement(state, replaced)
    if reason:
        return Refusal(reason)
    changed = replace(state, replaced=(*state.replaced, replaced))
    innings = changed.current
    batting = innings is not None and innings.batting == replaced.team
    if innings is None or not batting or replaced.role != "batter":
        return changed
    return changed.with_current(_retired(innings, replaced.out))


def _retired(innings: Innings, player: str) -> Innings:
    """The innings after a batter left the crease hurt between two balls (Law 25.4.2)."""
    line = innings.batters.get(player)
    if line is None or line.out:
        return innings
    ends = (innings.striker, innings.non_striker)
    striker, non_striker = ("" if end == player else end for end in ends)
    batters = innings.batters | {player: replace(line, out=RETIRED_HURT)}
    return replace(innings, batters=batters, striker=striker, non_striker=non_striker)


def _refuse_replacement(state: MatchState, replaced: PlayerReplaced) -> str:
    """Why the player cannot be replaced in this way; "" if he can."""
    fixture, team = state.fixture, replaced.team
    if team not in fixture.teams:
        return f"{team!r} does not play in this match"
    if not replaced.in_ or replaced.in_ == replaced.out:
        return f"{replaced.out!r} replaced by {replaced.in_!r}"
    if replaced.in_ in fixture.players.get(fixture.opponent(team), ()):
        return f"{fixture.name(replaced.in_)} plays for the other side"
    if replaced.role:
        return ""
    if replaced.out in _gone(state, team):
        return f"{fixture.name(replaced.out)} has been replaced already"
    return "" if replaced.out else "a replacement names nobody who leaves"


def _gone(state: MatchState, team: str) -> set[str]:
    """The players who have been replaced for good and have not come back for another."""
    gone: set[str] = set()
    for swap in state.replaced:
        if swap.team == team and not swap.role:
            gone = (gone | {swap.out}) - {swap.in_}
    return gone
