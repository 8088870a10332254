"""The full scorecard of a match in plain text, as a newspaper prints it."""

from collections.abc import Iterator
from textwrap import wrap

from consumers.phrases import printable, rate
from cricket.facts import Fixture
from cricket.results import all_out, in_words
from cricket.score import overs
from cricket.score import rate as runs_an_over
from cricket.scorebook import all_overs, balls_bowled
from cricket.state import BatterLine, Innings, MatchState, Partnership

NAME, HOW = 22, 36
ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
WIDTH = 88
BY_THE_BOWLER = {
    "bowled": "b {bowler}",
    "lbw": "lbw b {bowler}",
    "hit wicket": "hit wicket b {bowler}",
    "caught and bowled": "c & b {bowler}",
    "caught": "c {fielders} b {bowler}",
    "stumped": "st {fielders} b {bowler}",
    "run out": "run out ({fielders})",
}


def scorecard(state: MatchState, *, by_overs: bool = False) -> list[str]:
    """The card of a match so far, line by line; `by_overs` adds every over of every innings."""
    lines = list(_heading(state))
    for innings in state.innings:
        lines += ["", *_innings(state, innings)]
        lines += _over_by_over(state.fixture, innings) if by_overs else []
    if state.outcome is not None:
        lines += ["", f"Result: {in_words(state.fixture, state.outcome)}"]
    return [printable(line).rstrip() for line in lines]


def _heading(state: MatchState) -> Iterator[str]:
    fixture = state.fixture
    yield f"{fixture.teams[0]} v {fixture.teams[1]}"
    number = fixture.match_number
    which = f"match {number}" if number.isdigit() else number
    about = (fixture.event, which, fixture.venue, fixture.date)
    yield ", ".join(filter(None, about))
    if fixture.toss_winner:
        yield f"Toss: {fixture.toss_winner}, who chose to {fixture.toss_decision}"
    for told in state.replaced:
        if not told.role:
            names = f"{fixture.name(told.in_)} for {fixture.name(told.out)}"
            yield f"Replaced: {names} ({told.reason.replace('_', ' ')})"


def _innings(state: MatchState, innings: Innings) -> Iterator[str]:
    if innings.forfeited:
        yield f"{title(state, innings)}: forfeited"
        return
    yield f"{title(state, innings):<{NAME + HOW}}    R    B   4s   6s"
    yield from _batters(state.fixture, innings)
    extras = extras_by_kind(innings)
    yield f"{'Extras':<{NAME}} {named_extras(extras):<{HOW - 1}}{sum(extras.values()):>5}"
    yield f"{'Total':<{NAME}} {total_in_words(innings):<{HOW - 1}}{innings.runs:>5}"
    idle = did_not_bat(state.fixture, innings)
    if idle:
        yield from _folded(f"Did not bat: {', '.join(idle)}")
    if innings.fall:
        yield from _folded(f"Fall of wickets: {', '.join(_falls(state.fixture, innings))}")
    if innings.log:
        yield from _folded(f"Partnerships: {'; '.join(partnerships(state.fixture, innings))}")
    yield from _bowlers(state.fixture, innings)


def title(state: MatchState, innings: Innings) -> str:
    """Whose innings it is, which one, and what it has to make."""
    target = "" if innings.target is None else f" (target {innings.target}{_within(innings)})"
    if innings.super_over:
        return f"{innings.batting}, super over{target}"
    if state.fixture.overs is not None:
        return f"{innings.batting}{target}"
    own = [i.number for i in state.innings if i.batting == innings.batting]
    which = ORDINALS[own.index(innings.number) + 1]
    follows = innings.number == 2 and state.innings[1].batting == innings.batting
    return f"{innings.batting}, {which} innings{', following on' if follows else ''}{target}"


def _within(innings: Innings) -> str:
    if innings.limit is None or innings.super_over:
        return ""
    return f" off {_length(innings.limit, innings.per_over)}"


def _length(balls: int, per_over: int) -> str:
    """Legal balls as a card has them: in overs, in The Hundred as balls."""
    if per_over == 5:
        return counted(balls, "ball")
    whole, part = divmod(balls, per_over)
    return f"{overs(balls, per_over)} overs" if part else counted(whole, "over")


def counted(number: int, thing: str) -> str:
    """A number of things.

    >>> counted(1, "run"), counted(20, "over")
    ('1 run', '20 overs')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _folded(line: str) -> list[str]:
    """A long line in several, the rest set in."""
    return wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _batters(fixture: Fixture, innings: Innings) -> Iterator[str]:
    for player, line in innings.batters.items():
        numbers = f"{line.runs:>5}{line.balls:>5}{line.fours:>5}{line.sixes:>5}"
        out = how_out(fixture, innings, player)
        yield f"{fixture.name(player):<{NAME}} {out:<{HOW - 1}}{numbers}"
    for player in innings.absent:
        yield f"{fixture.name(player):<{NAME}} absent hurt"


def how_out(fixture: Fixture, innings: Innings, player: str) -> str:
    """A batter's line in words: "c Guptill b Ferguson", "run out (Stokes/Buttler)", "not out"."""
    line = innings.batters[player]
    if not line.out:
        return "not out"
    if line.out == "run out" and not line.fielders:
        return "run out"
    form = BY_THE_BOWLER.get(line.out, line.out)
    return form.format(bowler=fixture.name(line.bowler), fielders=_fielders(fixture, line))


def _fielders(fixture: Fixture, line: BatterLine) -> str:
    """Who helped, a substitute as such; "sub" for one whom the record does not name."""
    names = [
        f"sub ({fixture.name(helper)})" if helper in line.substitutes else fixture.name(helper)
        for helper in line.fielders
    ]
    return "/".join(names) or "sub"


def extras_by_kind(innings: Innings) -> dict[str, int]:
    """The extras by their short names, penalty runs that came with no ball among them."""
    made = innings.extras
    return {
        "b": made.byes,
        "lb": made.leg_byes,
        "w": made.wides,
        "nb": made.no_balls,
        "pen": made.penalty + innings.opening_penalty + innings.closing_penalty,
    }


def named_extras(extras: dict[str, int]) -> str:
    """The kinds there were: "(lb 2, w 5)"; "" for none."""
    told = ", ".join(f"{short} {runs}" for short, runs in extras.items() if runs)
    return f"({told})" if told else ""


def total_in_words(innings: Innings) -> str:
    """How an innings stands: "(8 wickets, 20 overs)"."""
    down = "all out" if all_out(innings) else counted(innings.wickets, "wicket")
    how = f"{down}{' declared' if innings.declared else ''}"
    return f"({how}, {_length(innings.balls, innings.per_over)})"


def did_not_bat(fixture: Fixture, innings: Innings) -> list[str]:
    """The names of the side that have not come in; none of a super over."""
    seen = {*innings.batters, *innings.absent}
    side = fixture.players.get(innings.batting, ())
    return [] if innings.super_over else [fixture.name(p) for p in side if p not in seen]


def _falls(fixture: Fixture, innings: Innings) -> Iterator[str]:
    for number, fall in enumerate(innings.fall, start=1):
        when = wicket_ball(fall.balls, innings.per_over)
        yield f"{number}-{fall.runs} ({fixture.name(fall.player)}, {when})"


def wicket_ball(balls: int, per_over: int) -> str:
    """The ball of a wicket: the last of an over is its sixth, not the next one's noughth."""
    whole, part = divmod(balls, per_over)
    return f"{whole - 1}.{per_over}" if balls and not part else f"{whole}.{part}"


def partnerships(fixture: Fixture, innings: Innings) -> Iterator[str]:
    """Each stand in words, the one that is on last."""
    for stand in innings.partnerships:
        yield _stand(fixture, stand)
    ends = (innings.striker, innings.non_striker)
    if not all_out(innings) and all(ends):
        runs, balls = innings.partnership_runs, innings.partnership_balls
        stand = Partnership(innings.wickets + 1, ends, runs, balls)
        yield f"{_stand(fixture, stand)} unbroken"


def _stand(fixture: Fixture, stand: Partnership) -> str:
    which = ORDINALS.get(stand.wicket, f"{stand.wicket}th")
    first, second = map(fixture.name, stand.batters)
    return f"{which} {stand.runs} ({counted(stand.balls, 'ball')}) {first} and {second}"


def _bowlers(fixture: Fixture, innings: Innings) -> Iterator[str]:
    unit = "B" if innings.per_over == 5 else "O"
    yield f"{'Bowling':<{NAME}}{unit:>7}{'M':>5}{'R':>5}{'W':>5}{'Econ':>8}{'w':>5}{'nb':>5}"
    for player, line in innings.bowlers.items():
        balls = balls_bowled(innings, player)
        shown = str(balls) if innings.per_over == 5 else overs(balls)
        economy = rate(runs_an_over(line.runs, balls, innings.per_over))
        numbers = f"{line.maidens:>5}{line.runs:>5}{line.wickets:>5}{economy:>8}"
        free = f"{line.wides or '':>5}{line.no_balls or '':>5}"
        yield f"{fixture.name(player):<{NAME}}{shown:>7}{numbers}{free}"


def _over_by_over(fixture: Fixture, innings: Innings) -> Iterator[str]:
    yield "Over by over"
    before = innings.opening_penalty
    for over in all_overs(innings):
        names = " and ".join(map(fixture.name, over.bowlers))
        score, made = f"{over.runs}/{over.wickets}", over.runs - before
        marks = " ".join(bowled.mark for bowled in over.log)
        yield f"{over.number + 1:>4}  {names:<{NAME}} {marks:<30} {made:>3}  {score}"
        before = over.runs
