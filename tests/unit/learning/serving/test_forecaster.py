"""A forecaster over whole matches: sums, exact ends, memory through JSON, blindness."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import pytest
from msgspec import structs

from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball, Fact, InningsClose, InningsOpening, Outcome, Wicket
from cricket.play import fold, start
from cricket.state import MatchState
from learning.keys import KEYS, model_key
from learning.serving.forecaster import Forecast, Forecaster, Memory
from learning.serving.replay import Step, answer, steps
from learning.starter import load_starter
from learning.training.backtest import train
from producers.recorded import ShippedShelf
from producers.simulator import season

ENCODE, DECODER = msgspec.json.encode, msgspec.json.Decoder(Memory)
LEARNED = list(season(40, seed=3))
MATCH = LEARNED[-1]


@pytest.fixture(scope="module")
def young() -> Forecaster:
    return Forecaster(train("t20-male", LEARNED[:20], "young"))


@pytest.fixture(scope="module")
def served() -> Forecaster:
    return Forecaster(train("t20-male", LEARNED[:39], "served"))


def walk(
    forecaster: Forecaster, match: RecordedMatch, *, through_json: bool = False
) -> Iterator[tuple[Fact, MatchState, Forecast, Memory]]:
    """Every fact with what followed from it."""
    memory = forecaster.begin(match.fixture)
    match_steps = steps(match.fixture, match.facts)
    assert len(match_steps) == len(match.facts)
    for step in match_steps:
        result = answer(lambda: forecaster, memory, step)
        assert result.memory is not None
        memory = result.memory
        forecast = result.forecast or forecaster.look(memory, step.after)
        yield step.fact, step.after, forecast, memory
        memory = DECODER.decode(ENCODE(memory)) if through_json else memory


def always(forecaster: Forecaster) -> Callable[[], Forecaster]:
    return lambda: forecaster


def played(facts: tuple[Fact, ...]) -> RecordedMatch:
    return replace(MATCH, facts=facts)


def dots(innings: int, overs: int, start_at: int = 0) -> tuple[Ball, ...]:
    return tuple(
        Ball(innings, over, position, "a", "b", "cd"[over % 2])
        for over in range(start_at, start_at + overs)
        for position in range(6)
    )


def six(innings: int, over: int, position: int) -> Ball:
    return Ball(innings, over, position, "a", "b", "cd"[over % 2], runs=6)


def test_chances_sum_to_one_and_quantiles_ascend(served: Forecaster) -> None:
    for _, state, f, _ in walk(served, MATCH):
        assert f.win + f.tie + f.lose == pytest.approx(1.0, abs=1e-9)
        assert min(f.win, f.tie, f.lose) >= 0.0
        assert f.q10 <= f.q25 <= f.q50 <= f.q75 <= f.q90
        assert state.current is not None
        assert f.q10 >= state.current.runs
        if state.current.over_reason or state.outcome:
            assert f.next_ball == {}
        else:
            assert sum(f.next_ball.values()) == pytest.approx(1.0, abs=1e-5)


def test_the_end_of_a_match_is_exact(served: Forecaster) -> None:
    for match in LEARNED[:12]:
        *_, (_, state, last_ball, _), (fact, _, told, _) = walk(served, match)
        assert isinstance(fact, Outcome)
        assert {told.win, told.tie, told.lose} <= {0.0, 1.0}
        assert (last_ball.win, last_ball.tie) == (told.win, told.tie)
        assert state.current is not None
        assert last_ball.total_mean == last_ball.q50 == state.current.runs


def test_a_first_innings_that_ended_has_its_total(served: Forecaster) -> None:
    for fact, state, f, _ in walk(served, MATCH):
        if isinstance(fact, InningsClose) and fact.innings == 0:
            assert f.total_mean == f.q10 == f.q90 == state.innings[0].runs


def test_the_innings_break_does_not_jump(served: Forecaster) -> None:
    """Engine exact to rounding; the two innings' corrections are models of their own."""
    before = after = None
    for fact, _, f, _ in walk(served, MATCH):
        if isinstance(fact, InningsClose) and fact.innings == 0:
            before = f
        if isinstance(fact, InningsOpening) and fact.innings == 1:
            after = f
    assert before is not None
    assert after is not None
    assert before.tie == pytest.approx(after.tie, abs=1e-4)
    assert before.win == pytest.approx(after.lose, abs=0.05)


def test_memory_is_exact_through_json(served: Forecaster) -> None:
    plain = [(f, m) for _, _, f, m in walk(served, MATCH)]
    assert plain == [(f, m) for _, _, f, m in walk(served, MATCH, through_json=True)]


def test_memory_is_small(served: Forecaster) -> None:
    assert max(len(ENCODE(m)) for *_, m in walk(served, MATCH)) < 20_000


def test_forecasts_do_not_see_the_future(served: Forecaster) -> None:
    """The same until the facts differ, whatever comes after."""
    cut = 77
    reversed_ = replace(MATCH.facts[-1], winner=MATCH.fixture.teams[0])
    other = (*MATCH.facts[:cut], *dots(0, 2, start_at=15), InningsClose(0), reversed_)
    whole = [f for _, _, f, _ in walk(served, MATCH)][:cut]
    assert whole == [f for _, _, f, _ in walk(served, played(other))][:cut]


def test_a_model_installed_in_mid_match_forecasts_as_if_it_always_served(
    young: Forecaster, served: Forecaster
) -> None:
    kept = young.begin(MATCH.fixture)
    expected = _from(served, structs.replace(kept, model=served.version), MATCH, young, swap_at=0)
    chase = next(p for p, f in enumerate(MATCH.facts) if isinstance(f, Ball) and f.innings == 1)
    for swap_at in (1, 60, chase - 1, chase, 190):
        assert _from(served, kept, MATCH, young, swap_at)[swap_at:] == expected[swap_at:]


def _from(
    late: Forecaster, memory: Memory, match: RecordedMatch, early: Forecaster, swap_at: int
) -> list[Forecast | None]:
    """The forecast of each ball, None in the place of another fact."""
    state, found = start(match.fixture), list[Forecast | None]()
    for place, fact in enumerate(match.facts):
        after, forecast = fold(state, fact), None
        assert isinstance(after, MatchState)
        if isinstance(fact, Ball):
            serving = late if place >= swap_at else early
            result = answer(always(serving), memory, Step(state, after, fact))
            memory, forecast = result.memory, result.forecast
            assert memory is not None
        found.append(forecast)
        state = after
    return found


def test_what_the_balls_added_is_what_the_chance_moved_by(served: Forecaster) -> None:
    facts = list(walk(served, MATCH))
    for innings in (0, 1):
        balls = [f for fact, _, f, _ in facts if isinstance(fact, Ball) and fact.innings == innings]
        opened = next(f for fact, _, f, _ in facts if fact == _opening(innings))
        moved = balls[-1].win + balls[-1].tie / 2 - opened.win - opened.tie / 2
        assert sum(f.win_added for f in balls) == pytest.approx(moved, abs=1e-9)


def _opening(innings: int) -> Fact:
    openings = (f for f in MATCH.facts if isinstance(f, InningsOpening))
    return next(f for f in openings if f.innings == innings)


def test_a_reduced_chase_runs_on_its_own_balls(served: Forecaster) -> None:
    teams = MATCH.fixture.teams
    first = (InningsOpening(0, teams[0]), *dots(0, 19), six(0, 19, 0), InningsClose(0))
    chase = (InningsOpening(1, teams[1], target=20, balls=12), *dots(1, 1), *dots(1, 1, 1))
    *_, opened = walk(served, played((*first, chase[0])))
    assert 0.1 < opened[2].win < 0.6
    *_, (_, _, f, _) = walk(served, played((*first, *chase)))
    assert (f.win, f.tie, f.lose) == (0.0, 0.0, 1.0)


def test_level_scores_are_a_tie_and_the_super_over_has_its_own_odds(served: Forecaster) -> None:
    one, two = MATCH.fixture.teams
    level = (
        *(InningsOpening(0, one), six(0, 0, 0), *dots(0, 19, 1), InningsClose(0)),
        *(InningsOpening(1, two), six(1, 0, 0), *dots(1, 19, 1), InningsClose(1)),
    )
    *_, (_, _, f, _) = walk(served, played(level))
    assert (f.win, f.tie, f.lose) == (0.0, 1.0, 0.0)
    begun = (*level, InningsOpening(2, two, super_over=True), six(2, 0, 0))
    *_, (_, _, f, _) = walk(served, played(begun))
    assert 0.4 < f.win < 0.95
    assert 8.0 < f.total_mean < 25.0
    chase = InningsOpening(3, one, super_over=True)
    lost = (*begun, InningsClose(2), chase, *(_out(3, n) for n in range(2)))
    *_, (_, _, f, _) = walk(served, played(lost))
    assert (f.win, f.tie, f.lose) == (0.0, 0.0, 1.0)
    told = (*lost, InningsClose(3), Outcome(two, "tie"))
    *_, (_, _, f, _) = walk(served, played(told))
    assert (f.win, f.lose) == (0.0, 1.0)


def _out(innings: int, position: int) -> Ball:
    out = "ad"[position % 2]
    return Ball(innings, 0, position, out, "b", "c", wickets=(Wicket("bowled", out),))


@pytest.mark.parametrize("key", KEYS)
def test_the_shipped_matches_are_forecast_to_their_end(key: str) -> None:
    """Real ones: ties, super overs, D/L, a collapse; by the starter that ships."""
    forecaster, shelf = Forecaster(load_starter()[key]), ShippedShelf()
    matches = [shelf.read(listed) for listed in shelf.listed()]
    for match in (m for m in matches if model_key(m.fixture) == key):
        for _, _, f, memory in walk(forecaster, match):
            assert f.win + f.tie + f.lose == pytest.approx(1.0, abs=1e-9)
            assert len(ENCODE(memory)) < 40_000
