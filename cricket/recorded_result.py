"""A record's target and result against those that follow from its balls."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cricket.facts import Fixture, Outcome
from cricket.finding import Finding
from cricket.results import in_words, result_of
from cricket.score import balls_of
from cricket.state import MatchState
from cricket.transitions import lead

Json = dict[str, Any]
MARGINS = frozenset({"runs", "wickets", "innings"})
# Runs, or wickets: a scorer's slip, if the result and the rest of the file bear each other out.
SLIP = 1


def target_findings(state: MatchState, records: list[Json], outcome: Outcome) -> Iterator[Finding]:
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


def result_findings(state: MatchState, records: list[Json], outcome: Outcome) -> Iterator[Finding]:
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
    if outcome.method:
        text = f"{text}: what {outcome.method} decided by is not in the file"
        return Finding(text, explained=True)
    if outcome.winner is not None and outcome.by.keys().isdisjoint(MARGINS):
        agreed = derived is None or derived.winner in {None, outcome.winner}
        return Finding(f"{text}: no margin is stated", explained=agreed)
    why = _why_another(state, outcome, derived)
    return Finding(
        f"{text}: {why}" if why else text, bool(why) or _is_slip(state, outcome, derived)
    )


def _why_another(state: MatchState, outcome: Outcome, derived: Outcome | None) -> str:
    """Why the file's result is not that of the balls, as the file shows; "" if it does not."""
    last = state.innings[-1] if state.innings else None
    if last is None or outcome.winner is None:
        return ""
    if "wickets" in outcome.by and outcome.winner != last.batting:
        return "the record contradicts the Laws: who wins by wickets bats last (Law 16.6)"
    ahead = lead(state, outcome.winner)
    if derived is None and outcome.winner != last.batting and outcome.by == {"runs": ahead}:
        return "the totals bear it out, and who could not bat in the last innings is not listed"
    return ""


def _is_slip(state: MatchState, outcome: Outcome, derived: Outcome | None) -> bool:
    """Whether one run or wicket more or less in the record would give the file's result."""
    if derived is None:
        last = state.innings[-1]
        return outcome.winner == last.batting and last.needed is not None and last.needed <= SLIP
    if (derived.winner, derived.by.keys()) != (outcome.winner, outcome.by.keys()):
        return False
    return all(abs(derived.by[kind] - margin) <= SLIP for kind, margin in outcome.by.items())
