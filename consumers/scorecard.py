"""The full scorecard of a match in plain text, as a newspaper prints it."""

from collections.abc import Iterator
from textwrap import wrap

from consumers.phrases import rate
from consumers.printing import printable
from cricket.facts import Fixture
from cricket.official_result import official_result
from cricket.results import all_out
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
    """Return the card of a match so far, line by line; `by_overs` adds every over."""
    lines = list(_heading(state))
    for innings in state.innings:
        lines += ["", *_innings(state, innings)]
        lines += _over_by_over(state.fixture, innings) if by_overs else []
    if (official := official_result(state)) is not None:
        lines += ["", f"Result: {official.text}"]
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
    for replacement in state.replaced:
        if not replacement.role:
            names = f"{fixture.name(replacement.in_)} for {fixture.name(replacement.out)}"
            yield f"Replaced: {names} ({replacement.reason.replace('_', ' ')})"


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
    """Return whose innings it is, which of theirs, and its target if it has one."""
    target = "" if innings.target is None else f" (target {innings.target}{_within(innings)})"
    if innings.super_over:
        return f"{innings.batting}, super over{target}"
    if state.fixture.overs is not None:
        return f"{innings.batting}{target}"
    numbers = [i.number for i in state.innings if i.batting == innings.batting]
    which = ORDINALS[numbers.index(innings.number) + 1]
    follows = innings.number == 2 and state.innings[1].batting == innings.batting
    return f"{innings.batting}, {which} innings{', following on' if follows else ''}{target}"


def _within(innings: Innings) -> str:
    if innings.limit is None or innings.super_over:
        return ""
    return f" off {_length(innings.limit, innings.per_over)}"


def _length(balls: int, per_over: int) -> str:
    """Return a length in legal balls as a card prints it: in overs, in The Hundred in balls."""
    if per_over == 5:
        return counted(balls, "ball")
    whole, part = divmod(balls, per_over)
    return f"{overs(balls, per_over)} overs" if part else counted(whole, "over")


def counted(number: int, thing: str) -> str:
    """Return a number with its noun, in the plural where needed.

    >>> counted(1, "run"), counted(20, "over")
    ('1 run', '20 overs')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _folded(line: str) -> list[str]:
    """Wrap a long line; the lines that follow the first are indented."""
    return wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _batters(fixture: Fixture, innings: Innings) -> Iterator[str]:
    for player, line in innings.batters.items():
        numbers = f"{line.runs:>5}{line.balls:>5}{line.fours:>5}{line.sixes:>5}"
        out = how_out(fixture, innings, player)
        yield f"{fixture.name(player):<{NAME}} {out:<{HOW - 1}}{numbers}"
    for player in innings.absent:
        yield f"{fixture.name(player):<{NAME}} absent hurt"


def how_out(fixture: Fixture, innings: Innings, player: str) -> str:
    """Return how a batter was out: "c Guptill b Ferguson", "run out (Stokes)", "not out"."""
    line = innings.batters[player]
    if not line.out:
        return "not out"
    if line.out == "run out" and not line.fielders:
        return "run out"
    form = BY_THE_BOWLER.get(line.out, line.out)
    return form.format(bowler=fixture.name(line.bowler), fielders=_fielders(fixture, line))


def _fielders(fixture: Fixture, line: BatterLine) -> str:
    """Return the fielders' names, substitutes marked; "sub" where the record names nobody."""
    names = [
        f"sub ({fixture.name(player)})" if player in line.substitutes else fixture.name(player)
        for player in line.fielders
    ]
    return "/".join(names) or "sub"


def extras_by_kind(innings: Innings) -> dict[str, int]:
    """Return the extras by their short names, including penalty runs that came with no ball."""
    extras = innings.extras
    return {
        "b": extras.byes,
        "lb": extras.leg_byes,
        "w": extras.wides,
        "nb": extras.no_balls,
        "pen": extras.penalty + innings.opening_penalty + innings.closing_penalty,
    }


def named_extras(extras: dict[str, int]) -> str:
    """Return the kinds of extras that were conceded, such as "(lb 2, w 5)"; "" for none."""
    kinds = ", ".join(f"{short} {runs}" for short, runs in extras.items() if runs)
    return f"({kinds})" if kinds else ""


def total_in_words(innings: Innings) -> str:
    """Return wickets and length of an innings, such as "(8 wickets, 20 overs)"."""
    down = "all out" if all_out(innings) else counted(innings.wickets, "wicket")
    how = f"{down}{' declared' if innings.declared else ''}"
    return f"({how}, {_length(innings.balls, innings.per_over)})"


def did_not_bat(fixture: Fixture, innings: Innings) -> list[str]:
    """Return the names of those who have not come in to bat; empty in a super over."""
    listed = {*innings.batters, *innings.absent}
    side = fixture.players.get(innings.batting, ())
    return [] if innings.super_over else [fixture.name(p) for p in side if p not in listed]


def _falls(fixture: Fixture, innings: Innings) -> Iterator[str]:
    for number, fall in enumerate(innings.fall, start=1):
        when = wicket_ball(fall.balls, innings.per_over)
        yield f"{number}-{fall.runs} ({fixture.name(fall.player)}, {when})"


def wicket_ball(balls: int, per_over: int) -> str:
    """Return the ball of a wicket: the last of an over is "3.6", not "4.0" of the next."""
    whole, part = divmod(balls, per_over)
    return f"{whole - 1}.{per_over}" if balls and not part else f"{whole}.{part}"


def partnerships(fixture: Fixture, innings: Innings) -> Iterator[str]:
    """Yield each partnership in words; an unbroken one comes last."""
    for stand in innings.partnerships:
        yield _stand(fixture, stand)
    ends = (innings.striker, innings.non_striker)
    if not all_out(innings) and all(ends):
        runs, balls = innings.partnership_runs, innings.partnership_balls
        stand = Partnership(innings.wickets + 1, ends, runs, balls)
        yield f"{_stand(fixture, stand)} unbroken"


def _stand(fixture: Fixture, stand: Partnership) -> str:
    which = ORDINALS.get(stand.wicket, f"{stand.wicket}th")
    names = " and ".join(fixture.name(batter) for batter in stand.batters if batter)
    return f"{which} {stand.runs} ({counted(stand.balls, 'ball')}) {names}"


def _bowlers(fixture: Fixture, innings: Innings) -> Iterator[str]:
    unit = "B" if innings.per_over == 5 else "O"
    yield f"{'Bowling':<{NAME}}{unit:>7}{'M':>5}{'R':>5}{'W':>5}{'Econ':>8}{'w':>5}{'nb':>5}"
    for player, line in innings.bowlers.items():
        balls = balls_bowled(innings, player)
        shown = str(balls) if innings.per_over == 5 else overs(balls, innings.per_over)
        economy = rate(runs_an_over(line.runs, balls, innings.per_over))
        numbers = f"{line.maidens:>5}{line.runs:>5}{line.wickets:>5}{economy:>8}"
        free = f"{line.wides or '':>5}{line.no_balls or '':>5}"
        yield f"{fixture.name(player):<{NAME}}{shown:>7}{numbers}{free}"


def _over_by_over(fixture: Fixture, innings: Innings) -> Iterator[str]:
    yield "Over by over"
    before = innings.opening_penalty
    for over in all_overs(innings):
        names = " and ".join(map(fixture.name, over.bowlers))
        score, runs = f"{over.runs}/{over.wickets}", over.runs - before
        marks = " ".join(bowled.mark for bowled in over.log)
        yield f"{over.number + 1:>4}  {names:<{NAME}} {marks:<30} {runs:>3}  {score}"
        before = over.runs
