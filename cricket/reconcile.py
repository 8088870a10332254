"""A recorded match, folded and compared with what its file says of itself.

What does not agree is a `Finding`. It is explained where the file itself shows why (a par of
Duckworth-Lewis that is not stated, an award, a bowl-out), where it contradicts itself in one
number only, the others bearing out the balls, where it contradicts the Laws beyond doubt (the balls
that do are played on all the same), or by a scorer's slip. Anything else is a failure, of the file
or of this code.
"""

from collections.abc import Iterator
from typing import Any

from cricket.contradictions import Place, contradictions
from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, Fact, Fixture, Outcome
from cricket.finding import Finding
from cricket.play import after, fold, start
from cricket.recorded_result import result_findings, target_findings
from cricket.state import Innings, MatchState, Refusal
from cricket.tally import Tally, odd_overs, tally

Json = dict[str, Any]


def reconcile(match: RecordedMatch, document: Json) -> list[Finding]:
    """All that does not agree between the folded match and its parsed file; [] if it does."""
    *facts, outcome = match.facts
    assert isinstance(outcome, Outcome)
    namesakes = _namesakes(match.fixture)
    impossible = frozenset[Place]() if namesakes else _impossible(match)
    state, refused, against_the_laws = _played(match.fixture, facts, impossible)
    findings = [*_refusals(refused, namesakes=namesakes), *_broken_laws(against_the_laws)]
    records = document.get("innings", [])
    if len(records) != len(state.innings):
        return [Finding(f"{len(records)} innings recorded, {len(state.innings)} could be played")]
    for innings, record in zip(state.innings, records, strict=True):
        recorded = tally(record, innings.per_over)
        findings += _sums(innings, recorded, spoiled=bool(refused))
        odd = odd_overs(record, recorded, innings.per_over)
        findings += (_odd_over(innings, *numbers) for numbers in odd)
    return [
        *findings,
        *target_findings(state, records, outcome),
        *result_findings(state, records, outcome),
    ]


def _impossible(match: RecordedMatch) -> frozenset[Place]:
    balls = (fact for fact in match.facts if isinstance(fact, Ball))
    return contradictions(balls, match.fixture.balls_per_over)


def _played(
    fixture: Fixture, facts: list[Fact], impossible: frozenset[Place]
) -> tuple[MatchState, list[str], list[str]]:
    """The match played to its end, why facts were refused, and why others had been.

    The latter are `impossible` by the record itself. They are played on, so that they hide nothing
    else that may be wrong.
    """
    state, refused, against_the_laws = start(fixture), [], []
    for fact in facts:
        following = fold(state, fact)
        if not isinstance(following, Refusal):
            state = following
        elif _plays_on(state, fact, impossible):
            assert isinstance(fact, Ball)
            assert state.current is not None
            state = state.with_current(after(state.current, fact))
            against_the_laws.append(following.reason)
        else:
            refused.append(following.reason)
    return state, refused, against_the_laws


def _plays_on(state: MatchState, fact: Fact, impossible: frozenset[Place]) -> bool:
    innings = state.current
    if not isinstance(fact, Ball) or innings is None or innings.number != fact.innings:
        return False
    return not innings.over_reason and (fact.innings, fact.over, fact.position) in impossible


def _and_more(reasons: list[str]) -> str:
    return reasons[0] + (f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else "")


def _broken_laws(reasons: list[str]) -> Iterator[Finding]:
    if reasons:
        yield Finding(f"the record contradicts the Laws: {_and_more(reasons)}", explained=True)


def _refusals(refused: list[str], *, namesakes: bool) -> Iterator[Finding]:
    """One finding for all; only balls after an innings' end are explained, as the record's own."""
    if not refused:
        return
    text = f"refused: {_and_more(refused)}"
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
