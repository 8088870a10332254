"""The shipped matches from toss to result, by the shipped models: what a viewer would have seen."""

from dataclasses import dataclass
from itertools import groupby, pairwise

import pytest

from consumers.phrases import rate, score
from cricket.facts import Outcome
from learning.keys import model_key
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from producers.recorded import ShippedShelf, shipped_match
from streams.messages.events import BallBowled, MatchEnded, MatchEvent
from streams.messages.predictions import Prediction
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects
from tests.support.matches import forecasts, log_of, messages

MATCHES = [listed.id for listed in ShippedShelf().listed()]
DELHI_RAJASTHAN = "1426294"
LAST_BALL = "1298150"  # India v Pakistan, Melbourne 2022
ONE_RUN = "1181768"
DUCKWORTH_LEWIS = "656491"
TIES = {"1216517": 4, "1345425": 2, "1144530": 2}  # innings of super overs


@dataclass
class Played:
    """A match as it was told, and what was said of it."""

    events: list[MatchEvent]
    effects: Effects

    @property
    def outcome(self) -> Outcome:
        last = self.events[-1]
        assert isinstance(last, MatchEnded)
        return last.fact

    @property
    def forecasts(self) -> list[Prediction]:
        return forecasts(self.effects)

    def innings(self, number: int) -> list[Prediction]:
        return [p for p in self.forecasts if p.card.innings == number]


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    """All of them; each through one batch."""
    starters, found = load_starter(), {}
    by_key = sorted(map(shipped_match, MATCHES), key=lambda m: str(model_key(m.fixture)))
    for key, matches in groupby(by_key, key=lambda m: str(model_key(m.fixture))):
        forecaster = Forecaster(starters[key])
        for match in matches:
            events = messages(match)
            found[match.id] = Played(events, advance({}, log_of(events), {key: forecaster}))
    return found


def chance(made: Prediction, team: str) -> float:
    """A team's chance, ties counted half."""
    batting = made.win.batting + made.win.tie / 2
    return batting if made.card.batting == team else 1.0 - batting


def exact(made: Prediction) -> tuple[float, float, float]:
    return made.win.batting, made.win.tie, made.win.bowling


@pytest.mark.parametrize("match_id", MATCHES)
def test_every_ball_has_one_prediction_and_nothing_is_refused(
    played: dict[str, Played], match_id: str
) -> None:
    match = played[match_id]
    balls = [event.seq for event in match.events if isinstance(event, BallBowled)]
    assert [made.seq for made in match.forecasts] == balls
    assert match.effects.dead_letters == []
    assert {made.missing for made in match.forecasts} == {0}


@pytest.mark.parametrize("match_id", sorted(set(MATCHES) - TIES.keys()))
def test_the_decisive_ball_makes_the_chance_exact_and_no_ball_before_it(
    played: dict[str, Played], match_id: str
) -> None:
    match = played[match_id]
    *before, last = match.innings(1)
    assert match.outcome.winner is not None
    assert chance(last, match.outcome.winner) == 1.0
    assert {last.win.batting, last.win.bowling} == {0.0, 1.0}
    assert last.total.mean == last.total.q10 == last.total.q90 == last.card.runs
    assert last.next_ball == {}
    assert not any(made.win.batting in {0.0, 1.0} for made in before)


@pytest.mark.parametrize(("match_id", "super_overs"), TIES.items())
def test_a_tied_match_is_a_tie_and_its_super_overs_are_forecast(
    played: dict[str, Played], match_id: str, super_overs: int
) -> None:
    match = played[match_id]
    assert exact(match.innings(1)[-1]) == (0.0, 1.0, 0.0)
    extra = [made for made in match.forecasts if made.card.super_over]
    assert {made.card.innings for made in extra} == set(range(2, 2 + super_overs))
    for made in extra:
        assert made.card.runs <= made.total.q50 <= 36
        assert made.innings_over or 0.0 < made.win.batting < 1.0


def test_a_super_over_that_was_won_ends_with_its_winner(played: dict[str, Played]) -> None:
    for match_id, team in (("1216517", "Kings XI Punjab"), ("1345425", "India")):
        assert chance(played[match_id].forecasts[-1], team) == 1.0
    assert exact(played["1216517"].innings(3)[-1]) == (0.0, 1.0, 0.0)  # the first was tied too
    assert exact(played["1144530"].innings(3)[-1]) == (0.0, 1.0, 0.0)  # settled on boundaries


@pytest.mark.parametrize("match_id", MATCHES)
def test_what_the_balls_of_an_innings_added_is_the_change_of_its_chance(
    played: dict[str, Played], match_id: str
) -> None:
    match = played[match_id]
    for number in range(2 + TIES.get(match_id, 0)):
        innings = match.innings(number)
        team = innings[0].card.batting
        before = chance(innings[0], team) - innings[0].win_added
        gained = sum(made.win_added for made in innings)
        assert gained == pytest.approx(chance(innings[-1], team) - before, abs=1e-9)
        for one, other in pairwise(innings):
            moved = chance(other, team) - chance(one, team)
            assert other.win_added == pytest.approx(moved, abs=1e-12)


@pytest.mark.parametrize("match_id", MATCHES)
def test_each_match_gives_its_labels(played: dict[str, Played], match_id: str) -> None:
    total = [] if match_id == DUCKWORTH_LEWIS else ["total"]
    end = "result" if match_id in {DUCKWORTH_LEWIS, *TIES} else "win"
    tasks = [answered.label.task for answered in played[match_id].effects.labels]
    assert tasks == [*total, end]


def test_a_target_under_duckworth_lewis_is_the_one_that_is_chased(
    played: dict[str, Played],
) -> None:
    match = played[DUCKWORTH_LEWIS]
    first, last = match.innings(1)[0].card, match.innings(1)[-1]
    assert first.earlier == ("South Africa 281/5 (43.0)",)
    assert (first.target, first.needed) == (298, 298 - first.runs)
    assert first.balls_left in {257, 258}  # 43 overs
    assert last.card.runs >= 298
    assert exact(last) == (1.0, 0.0, 0.0)
    assert all(0.0 < made.win.batting < 1.0 for made in match.innings(1)[:-1])


def test_the_page_that_started_it_reads_as_it_did_and_has_a_forecast(
    played: dict[str, Played],
) -> None:
    (made,) = [p for p in played[DELHI_RAJASTHAN].innings(0) if p.card.overs == "1.5"]
    assert score(made) == "DC 12/0 (1.5)"
    assert rate(made.card.run_rate) == "6.54"
    assert (made.card.partnership_runs, made.card.partnership_balls) == (12, 11)
    assert made.card.target is None
    assert 0.35 < chance(made, "Rajasthan Royals") < 0.65
    assert 155 < made.total.mean < 195
    assert made.total.q10 < made.total.mean < made.total.q90
    assert sum(made.next_ball.values()) == pytest.approx(1.0, abs=1e-5)


def test_a_last_ball_that_decides_is_worth_what_was_open(played: dict[str, Played]) -> None:
    """Melbourne 2022: scores level, one to win off the last ball."""
    *_, before, last = played[LAST_BALL].innings(1)
    assert before.card.needed == 1
    assert before.card.balls_left == 1
    assert 0.2 < before.win.batting < 1.0
    assert before.win.batting + before.win.tie == pytest.approx(1.0, abs=1e-6)
    assert last.win_added == pytest.approx(1.0 - chance(before, "India"))


def test_a_match_won_by_one_run_is_open_until_its_last_ball(played: dict[str, Played]) -> None:
    *_, before, last = played[ONE_RUN].innings(1)
    assert (before.card.needed, before.card.balls_left) == (2, 1)
    assert min(exact(before)) > 0.05
    assert exact(last) == (0.0, 0.0, 1.0)
    assert last.card.runs == 148
