"""How a batter was out, in the words of a scorecard."""

from cricket.facts import Fixture
from cricket.state import BatterLine, Innings

BY_THE_BOWLER = {
    "bowled": "b {bowler}",
    "lbw": "lbw b {bowler}",
    "hit wicket": "hit wicket b {bowler}",
    "caught and bowled": "c & b {bowler}",
    "caught": "c {fielders} b {bowler}",
    "stumped": "st {fielders} b {bowler}",
    "run out": "run out ({fielders})",
}


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
