"""Laws of the fold, over whole simulated matches.

The simulator bowls no byes, no-balls or penalties; `spoiled` puts every such thing into its
matches, so that the laws are not laws of clean balls only.
"""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cricket.cricsheet import RecordedMatch
from cricket.facts import (
    NOT_OUT_KINDS,
    Ball,
    Fact,
    InningsClose,
    InningsOpening,
    Wicket,
)
from cricket.play import fold, start
from cricket.state import Innings, MatchState, Refusal
from producers.simulator import Team, simulate

SIDES = (Team("Reds", 0.05, -0.05), Team("Blues", -0.05, 0.05))
KINDS = ("wides", "no_balls", "byes", "leg_byes", "penalty")

clean = st.builds(
    lambda seed, kind, tilt: simulate("law", SIDES, seed, match_type=kind, scoring=tilt),
    st.integers(0, 10**6),
    st.sampled_from(["T20", "ODI"]),
    st.floats(-0.4, 0.4),
)
few = settings(max_examples=25, deadline=None)


def _spoiled_ball(ball: Ball, chance: Random) -> Ball:
    """Sometimes with extras of any kind, sometimes with a wicket of an odd kind."""
    if chance.random() < 0.15:
        ball = replace(ball, **{chance.choice(KINDS): chance.randrange(1, 6)})
    if chance.random() < 0.03:
        kind = chance.choice(["run out", "retired hurt", "retired not out", "retired out"])
        ball = replace(ball, wickets=(*ball.wickets, Wicket(kind, ball.non_striker)))
    return ball


def _spoiled(match: RecordedMatch, chance: Random) -> RecordedMatch:
    facts: list[Fact] = []
    for fact in match.facts:
        if isinstance(fact, Ball):
            facts.append(_spoiled_ball(fact, chance))
        elif isinstance(fact, InningsOpening | InningsClose):
            facts.append(replace(fact, penalty=chance.choice([0, 0, 5])))
        else:
            facts.append(fact)
    return replace(match, facts=tuple(facts))


spoiled = st.builds(_spoiled, clean, st.randoms(use_true_random=True))
matches = st.one_of(clean, spoiled)


def happened(match: RecordedMatch) -> list[tuple[Fact, MatchState]]:
    """Each fact that could happen, with the state after it; a spoiled match ends early."""
    states = [start(match.fixture)]
    facts = []
    for fact in match.facts:
        following = fold(states[-1], fact)
        if isinstance(following, MatchState):
            facts.append(fact)
            states.append(following)
    return list(zip(facts, states[1:], strict=True))


def penalties(told: list[tuple[Fact, MatchState]], number: int) -> int:
    """Penalty runs that came with no ball."""
    facts = [fact for fact, _ in told if isinstance(fact, InningsOpening | InningsClose)]
    return sum(fact.penalty for fact in facts if fact.innings == number)


def balls_of(told: list[tuple[Fact, MatchState]], number: int) -> list[Ball]:
    return [fact for fact, _ in told if isinstance(fact, Ball) and fact.innings == number]


@few
@given(matches)
def test_the_score_is_the_sum_of_its_balls_and_penalties(match: RecordedMatch) -> None:
    told = happened(match)
    for innings in told[-1][1].innings:
        balls = balls_of(told, innings.number)
        total = sum(ball.total for ball in balls) + penalties(told, innings.number)
        assert (innings.runs, innings.deliveries) == (total, len(balls))


@few
@given(matches)
def test_the_wickets_are_the_dismissals_and_each_has_its_fall(match: RecordedMatch) -> None:
    told = happened(match)
    for innings in told[-1][1].innings:
        wickets = [w for ball in balls_of(told, innings.number) for w in ball.wickets]
        out = [w.player for w in wickets if w.kind not in NOT_OUT_KINDS]
        assert innings.wickets == len(out)
        assert [fall.player for fall in innings.fall] == out


@few
@given(matches)
def test_what_the_batters_made_and_the_extras_are_the_total(match: RecordedMatch) -> None:
    told = happened(match)
    for innings in told[-1][1].innings:
        made = sum(line.runs for line in innings.batters.values())
        free = innings.extras
        extras = free.wides + free.no_balls + free.byes + free.leg_byes + free.penalty
        assert made + extras + penalties(told, innings.number) == innings.runs


@few
@given(matches)
def test_what_the_bowlers_cost_and_what_is_not_theirs_is_the_total(match: RecordedMatch) -> None:
    told = happened(match)
    for innings in told[-1][1].innings:
        cost = sum(line.runs for line in innings.bowlers.values())
        free = innings.extras.byes + innings.extras.leg_byes + innings.extras.penalty
        assert cost + free + penalties(told, innings.number) == innings.runs
        assert sum(line.wickets for line in innings.bowlers.values()) <= innings.wickets


def left(innings: Innings) -> int:
    assert innings.balls_left is not None
    return innings.balls_left


@few
@given(matches)
def test_the_balls_left_never_rise_and_are_never_negative(match: RecordedMatch) -> None:
    states = [state for _, state in happened(match)]
    for earlier, later in pairwise(state.innings[-1] for state in states):
        assert left(later) >= 0
        if earlier.number == later.number:
            assert left(later) <= left(earlier)
            assert later.runs >= earlier.runs
            assert later.wickets >= earlier.wickets


@few
@given(matches)
def test_a_state_never_changes_once_it_is_made(match: RecordedMatch) -> None:
    state, seen = start(match.fixture), []
    for number, fact in enumerate(match.facts):
        following = fold(state, fact)
        assert fold(state, fact) == following
        if number % 20 == 0:
            seen.append((state, repr(state)))
        state = following if isinstance(following, MatchState) else state
    assert all(repr(state) == before for state, before in seen)


@few
@given(matches)
def test_the_same_facts_make_the_same_states(match: RecordedMatch) -> None:
    assert happened(match) == happened(match)


@few
@given(matches, st.randoms(use_true_random=True))
def test_a_ball_told_again_is_refused_and_changes_nothing(
    match: RecordedMatch, chance: Random
) -> None:
    once = happened(match)
    doubled = [fact for fact, _ in once for _ in range(chance.choice([1, 1, 2]))]
    assert happened(replace(match, facts=tuple(doubled))) == once
    for fact, state in chance.sample(once, 20):
        assert isinstance(fold(state, fact), Refusal)


@few
@given(matches)
def test_no_ball_is_taken_after_the_target_or_the_last_wicket(match: RecordedMatch) -> None:
    states = [state.innings[-1] for _, state in happened(match)]
    for earlier, later in pairwise(states):
        if earlier.over_reason in {"target", "all out"}:
            assert later.number > earlier.number or later.deliveries == earlier.deliveries


@few
@given(clean)
def test_the_winner_is_the_one_that_the_score_says(match: RecordedMatch) -> None:
    told = happened(match)
    assert len(told) == len(match.facts)
    state = told[-1][1]
    first, second = state.innings
    assert state.outcome is not None
    winner = first.batting if second.over_reason != "target" else second.batting
    assert state.outcome.winner == (None if second.needed == 1 else winner)
