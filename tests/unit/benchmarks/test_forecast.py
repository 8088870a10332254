"""The benchmark's judges, on small made-up arrays: scores, intervals, the leak test."""

import numpy as np
import pytest

from benchmarks.forecast import bootstrap, leaks, scores
from cricket.cricsheet import RecordedMatch
from cricket.facts import Ball
from learning.model.snapshot import blank
from learning.serving.forecaster import Forecaster
from tests.support.matches import KEY, short_match

CHANCE = np.random.default_rng(1)


def test_log_loss_of_a_coin_is_the_logarithm_of_two() -> None:
    losses = scores.log_loss(np.full(4, 0.5), np.array([0.0, 1.0, 1.0, 0.0]))
    assert losses == pytest.approx(np.log(2.0))


def test_a_sure_and_wrong_forecast_costs_much_and_not_infinity() -> None:
    losses = scores.log_loss(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert np.isfinite(losses).all()
    assert (losses > 10.0).all()


def test_an_even_chance_is_half_right() -> None:
    found = scores.right(np.array([0.5, 0.7, 0.7]), np.array([1.0, 1.0, 0.0]))
    assert found.tolist() == [0.5, 1.0, 0.0]


def test_the_next_balls_loss_is_of_the_outcome_that_came() -> None:
    losses = scores.choice_loss(np.array([[0.2, 0.8], [0.5, 0.5]]), np.array([1, 0]))
    assert np.exp(-losses) == pytest.approx([0.8, 0.5])


def test_crps_of_one_certain_value_is_near_its_absolute_error() -> None:
    found = scores.crps(np.full((1, 5), 150.0), np.array([160.0]))
    assert found == pytest.approx([10.0])


def test_crps_rewards_the_right_spread() -> None:
    truth = CHANCE.normal(150.0, 20.0, 4000)
    standard = np.array([-1.2816, -0.6745, 0.0, 0.6745, 1.2816])
    means = {
        spread: scores.crps(150.0 + np.tile(standard * spread, (4000, 1)), truth).mean()
        for spread in (5.0, 20.0, 60.0)
    }
    assert min(means, key=lambda spread: means[spread]) == 20.0
    assert means[20.0] == pytest.approx(20.0 * 0.5642, rel=0.1)  # sd / sqrt(pi)


def test_an_interval_holds_its_own_ends() -> None:
    low, high, truth = np.array([1.0] * 3), np.array([3.0] * 3), np.array([1.0, 3.0, 3.5])
    assert scores.covered(low, high, truth).tolist() == [1.0, 1.0, 0.0]


def test_a_calibrated_forecast_has_a_small_calibration_error_and_a_wrong_one_its_bias() -> None:
    chance = CHANCE.uniform(0.05, 0.75, 40_000)
    truth = (CHANCE.uniform(size=40_000) < chance).astype(float)
    for shift, expected in ((0.0, 0.0), (0.2, 0.2)):
        places, number = scores.deciles(chance + shift)
        values = (np.ones(40_000), chance + shift, truth)
        sums = (np.bincount(places, weights=v, minlength=number) for v in values)
        assert float(scores.calibration_error(*sums)) == pytest.approx(expected, abs=0.02)


def test_deciles_hold_equally_many_rows_and_tenths_equal_widths() -> None:
    chance = CHANCE.beta(2.0, 5.0, 1000)
    assert np.bincount(scores.deciles(chance).places, minlength=10).tolist() == [100] * 10
    assert scores.tenths(np.array([0.0, 0.09, 0.1, 0.99, 1.0])).places.tolist() == [0, 0, 1, 9, 9]


def test_the_first_resample_is_the_sample_itself() -> None:
    match, loss = np.array([0, 0, 1, 2, 2, 2]), np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    sums = bootstrap.by_match(loss, match, 3)
    counts = bootstrap.by_match(np.ones_like(loss), match, 3)
    drawn = bootstrap.means(sums, counts, bootstrap.resamples(3, draws=50))
    assert sums[:, 0].tolist() == [3.0, 3.0, 15.0]
    assert drawn[0, 0] == pytest.approx(loss.mean())


def test_intervals_are_as_wide_as_matches_make_them_not_balls() -> None:
    """A hundred matches whose balls all say the same: the balls add no certainty."""
    of_match = CHANCE.normal(size=100)
    widths = []
    for balls in (1, 50):
        match = np.repeat(np.arange(100), balls)
        sums = bootstrap.by_match(of_match[match][:, None], match, 100)
        counts = bootstrap.by_match(np.ones((len(match), 1)), match, 100)
        found = bootstrap.estimates(bootstrap.means(sums, counts, bootstrap.resamples(100)))[0]
        widths.append(found.high - found.low)
    assert widths[0] == pytest.approx(widths[1])
    assert widths[0] == pytest.approx(2 * 1.96 * of_match.std() / 10.0, rel=0.15)


def test_differences_are_paired() -> None:
    """Two rungs that share all of a match's luck: their difference is sharp, they are not."""
    luck = CHANCE.normal(size=(200, 1))
    drawn = bootstrap.means(
        luck + np.array([[0.0, 0.1]]), np.ones((200, 1)), bootstrap.resamples(200)
    )
    difference = bootstrap.differences(drawn, 0)[1]
    assert difference == pytest.approx((-0.1, -0.1, -0.1))
    assert bootstrap.estimates(drawn)[0].high - bootstrap.estimates(drawn)[0].low > 0.1


@pytest.fixture(scope="module")
def match() -> RecordedMatch:
    return short_match("leak", "1.4W6.12w.4", "..46W1W.2")


@pytest.fixture(scope="module")
def tell() -> leaks.Teller:
    """The live loop with a model that has learned nothing."""
    return leaks.teller(Forecaster(blank(KEY)))


def test_the_forecaster_does_not_know_what_comes(tell: leaks.Teller, match: RecordedMatch) -> None:
    cuts = leaks.cuts_of(match, 4)
    assert len(set(cuts)) == 4
    assert leaks.leaks(tell, match, cuts) == []


def test_a_leak_of_the_outcome_is_found_at_every_cut(
    tell: leaks.Teller, match: RecordedMatch
) -> None:
    cuts = leaks.cuts_of(match, 4)
    assert leaks.leaks(leaks.peeking(tell), match, cuts) == cuts


def test_a_leak_of_the_next_ball_alone_is_found() -> None:
    def tell(match: RecordedMatch) -> list[int]:
        runs = [fact.runs for fact in match.facts if isinstance(fact, Ball)]
        return [*runs[1:], -1]

    match = short_match("next", "1.4", "..6")
    assert leaks.leaks(tell, match, [2]) == [2]
