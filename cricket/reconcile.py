"""A recorded match, folded and compared with what its file says of itself.

What does not agree is a `Finding`. It is explained where the file itself shows why (a par of
Duckworth-Lewis that is not stated, an award, a bowl-out), where it contradicts itself in one
number only, the others bearing out the balls, or by a scorer's slip. Anything else is a failure,
of the file or of this code.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cricket.cricsheet import RecordedMatch
from cricket.facts import Fixture, Outcome
from cricket.play import folded
from cricket.results import in_words, result_of
from cricket.score import balls_of
from cricket.state import Innings, MatchState
from cricket.tally import Tally, odd_overs, tally

Json = dict[str, Any]
# Runs, or wickets: a scorer's slip, if the result and the rest of the file bear each other out.
SLIP = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not agree, in words."""

    text: str
    explained: bool = False


def reconcile(match: RecordedMatch, document: Json) -> list[Finding]:
    """All that does not agree between the folded match and its parsed file; [] if it does."""
    *facts, outcome = match.facts
    assert isinstance(outcome, Outcome)
    state, refused = folded(match.fixture, facts)
    findings = list(_refusals(refused, namesakes=_namesakes(match.fixture)))
    records = document.get("innings", [])
    if len(records) != len(state.innings):
        return [Finding(f"{len(records)} innings recorded, {len(state.innings)} could be played")]
    for innings, record in zip(state.innings, records, strict=True):
        recorded = tally(record, innings.per_over)
        findings += _sums(innings, recorded, spoiled=bool(refused))
        odd = odd_overs(record, recorded, innings.per_over)
        findings += (_odd_over(innings, *numbers) for numbers in odd)
    return [*findings, *_target(state, records, outcome), *_result(state, records, outcome)]


def _refusals(refused: list[str], *, namesakes: bool) -> Iterator[Finding]:
    """One finding for all; only balls after an innings' end are explained, as the record's own."""
    if not refused:
        return
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    text = f"refused: {refused[0]}{more}"
    if namesakes:
        yield Finding(f"{text}: a side lists two players under one id", explained=True)
    else:
        after_the_end = all(" is over (" in reason for reason in refused)
        yield Finding(text, explained=after_the_end)


def _namesakes(fixture: Fixture) -> bool:
    """Whether the record takes two players of one side for one person."""
    return any(len(set(side)) < len(side) for side in fixture.players.values())


def _sums(innings: Innings, recorded: Tally, *, spoiled: bool) -> Iterator[Finding]:
    where = f"innings {innings.number + 1}"
    if recorded.flaws:
        yield Finding(f"{where}: runs of ball {recorded.flaws[0]} do not add up")
    if recorded.vanished:
        ball = recorded.vanished[0]
        yield Finding(f"{where}: a batter left before ball {ball} and was not out")
    if spoiled:
        return
    folded_sums = (innings.runs, innings.wickets, innings.deliveries)
    sums = (recorded.runs, recorded.wickets, recorded.deliveries)
    if folded_sums != sums:
        yield Finding(f"{where}: {folded_sums} runs, wickets, deliveries folded, {sums} recorded")
    overs = [(over.number, over.legal) for over in innings.overs]
    if innings.log:
        overs.append((innings.over, innings.legal))
    if overs != recorded.overs:
        yield Finding(f"{where}: legal balls by over {overs} folded, {recorded.overs} recorded")


def _odd_over(innings: Innings, over: int, legal: int, due: int) -> Finding:
    text = f"innings {innings.number + 1}: over {over + 1} has {legal} legal balls, {due} are due"
    return Finding(f"{text} (miscounted, and not listed so)", explained=True)


def _target(state: MatchState, records: list[Json], outcome: Outcome) -> Iterator[Finding]:
    """A finding if the stated target is not the first innings' total and one, as it must be."""
    target = records[1].get("target", {}) if len(records) > 1 else {}
    stated, due = target.get("runs"), state.innings[0].runs + 1
    if stated is None or outcome.method or _shortened(target, state.fixture):
        return  # none, or a revised one, which the total does not determine
    if stated != due:
        text = f"target of {stated} stated, {due} follows from the total"
        slip = abs(stated - due) <= SLIP
        yield Finding(text, explained=slip or _by_totals(state, outcome))


def _shortened(target: Json, fixture: Fixture) -> bool:
    """Whether a stated target is for another length than the format's."""
    printed, full = target.get("overs"), fixture.overs
    if printed is None or full is None:
        return printed is not full
    per_over = fixture.balls_per_over
    return balls_of(str(printed), per_over) != full * per_over


def _by_totals(state: MatchState, outcome: Outcome) -> bool:
    """Whether winner and margin are those of the two totals, whatever target is stated."""
    first, second = state.innings[:2]
    if outcome.winner == first.batting:
        return outcome.by == {"runs": first.runs - second.runs}
    won = outcome.winner == second.batting and second.runs > first.runs
    return won and outcome.by == {"wickets": second.wicket_limit - second.wickets}


def _result(state: MatchState, records: list[Json], outcome: Outcome) -> Iterator[Finding]:
    """A finding if the innings give another result than the file, or none."""
    derived = result_of(state)
    if derived is None and outcome.result in {"no result", "draw"}:
        return
    if derived is not None and replace(derived, method=outcome.method) == outcome:
        return
    if outcome.result == "tie" and derived is not None and derived.result == "tie":
        yield from _tie_break(outcome, derived)
    elif not _by_par(state, records, outcome) and not _by_the_totals_alone(state, outcome):
        yield _other_result(state, outcome, derived)


def _tie_break(outcome: Outcome, derived: Outcome) -> Iterator[Finding]:
    """A finding on a tie whose winner is not the one that the super overs give."""
    if derived.winner is None:
        text = f"{outcome.winner} won the tie-break by other means than the super overs recorded"
        yield Finding(text, explained=True)
    elif outcome.winner is None:
        text = f"{derived.winner} won the super over, the file names nobody"
        yield Finding(text, explained=True)
    else:
        yield Finding(f"{outcome.winner} won the tie-break, {derived.winner} by the balls")


def _by_par(state: MatchState, records: list[Json], outcome: Outcome) -> bool:
    """Whether a chase that rain ended was won by what it was ahead of the stated par."""
    if not outcome.method or len(state.innings) < 2:
        return False
    stated, second = records[1].get("target", {}).get("runs"), state.innings[1]
    ahead = second.batting == outcome.winner and stated is not None
    return ahead and outcome.by == {"runs": second.runs - stated + 1}


def _by_the_totals_alone(state: MatchState, outcome: Outcome) -> bool:
    return not outcome.method and len(state.innings) > 1 and _by_totals(state, outcome)


def _other_result(state: MatchState, outcome: Outcome, derived: Outcome | None) -> Finding:
    """The finding on a result that the innings do not give, explained if the file shows why."""
    by_file = in_words(state.fixture, outcome)
    by_balls = "no result" if derived is None else in_words(state.fixture, derived)
    text = f"{by_file} by the file, {by_balls} by its balls"
    if outcome.method == "Awarded":
        return Finding(f"{text}: awarded", explained=True)
    if not outcome.by and outcome.winner is not None:
        agreed = derived is None or derived.winner == outcome.winner
        return Finding(f"{text}: no margin is stated", explained=agreed)
    if outcome.method:
        text = f"{text}: what {outcome.method} decided by is not in the file"
        return Finding(text, explained=True)
    return Finding(text, explained=_is_slip(state, outcome, derived))


def _is_slip(state: MatchState, outcome: Outcome, derived: Outcome | None) -> bool:
    """Whether one run or wicket more or less in the record would give the file's result."""
    if derived is None:
        last = state.innings[-1]
        return outcome.winner == last.batting and last.needed is not None and last.needed <= SLIP
    if (derived.winner, derived.by.keys()) != (outcome.winner, outcome.by.keys()):
        return False
    return all(abs(derived.by[kind] - margin) <= SLIP for kind, margin in outcome.by.items())
