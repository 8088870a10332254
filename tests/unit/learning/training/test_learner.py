"""Score, then learn; and go on from a snapshot as if nothing had happened."""

from dataclasses import replace
from random import Random

import msgspec
import pytest

from learning.labels import Label
from learning.model.linear import Linear, OnlineLinear, Served
from learning.model.prequential import COIN, score
from learning.model.snapshot import Snapshot, Solved, blank, decode, encode
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replayed_labels, steps
from learning.training.backtest import train
from learning.training.learner import SOLVED_EVERY, Learner
from producers.simulator import season

NAMES = ("x", "y", "z")


@pytest.fixture(scope="module")
def labels() -> list[Label]:
    forecaster = Forecaster(blank("t20-male"))
    matches = (steps(match.fixture, match.facts) for match in season(24, seed=9))
    return [label for match in matches for label in replayed_labels(match, forecaster)]


def test_a_label_is_exact_through_json(labels: list[Label]) -> None:
    for label in labels:
        assert msgspec.json.decode(msgspec.json.encode(label), type=Label) == label


def test_learning_goes_on_from_a_snapshot_to_the_last_bit(labels: list[Label]) -> None:
    straight = Learner(blank("t20-male"))
    for label in labels[:20]:
        straight.learn(label)
    resumed = Learner(decode(encode(straight.snapshot("v", {"labels/0": 20}))))
    for label in labels[20:]:
        assert straight.learn(label) == resumed.learn(label)
    one, other = straight.snapshot("w", {}), resumed.snapshot("w", {})
    assert replace(one, parent="", digest="") == replace(other, parent="", digest="")
    assert straight.metrics == resumed.metrics
    assert straight.labels == resumed.labels == len(labels)


def matches_later(labels: list[Label], parent: Snapshot, matches: int) -> Snapshot:
    win = next(label for label in labels if label.task == "win")
    learner = Learner(parent)
    for _ in range(matches):
        learner.learn(win)
    return learner.snapshot("later", {})


@pytest.mark.parametrize(("solved", "due"), [(0, 1), (4, 1), (20, 4), (250, 50), (4_838, 50)])
def test_tables_are_made_anew_after_a_fifth_more_matches_or_fifty(
    labels: list[Label], solved: int, due: int
) -> None:
    held, start = Solved(matches=solved), blank("t20-male")
    trained = replace(start.trained, matches=solved)
    parent = replace(start, solved=held, trained=trained)
    assert due <= SOLVED_EVERY
    if due > 1:
        assert matches_later(labels, parent, due - 1).solved is held
    made = matches_later(labels, parent, due)
    assert made.solved == Solved(made.counted, solved + due)


def test_the_score_is_of_the_answers_given_at_the_time(labels: list[Label]) -> None:
    label = next(label for label in labels if label.task == "win")
    learner = Learner(blank("t20-male"))
    for _ in range(3):
        assert learner.learn(label) == score(label)
    assert score(label).baseline == pytest.approx(COIN)  # a blank baseline knows nothing


def test_a_match_without_a_winner_scores_nothing(labels: list[Label]) -> None:
    learner = Learner(blank("t20-male"))
    win = next(label for label in labels if label.task == "win")
    learner.learn(replace(win, task="result", truth=0.5, questions=()))
    assert learner.metrics.overall.matches == 0
    assert learner.labels == 1


@pytest.mark.parametrize("logistic", [True, False])
def test_river_continues_from_plain_numbers_to_the_last_bit(*, logistic: bool) -> None:
    random = Random(4)  # noqa: S311
    straight = OnlineLinear(NAMES, Linear(), logistic=logistic)
    rows = [tuple(random.gauss(1, 2) for _ in NAMES) for _ in range(200)]
    for row in rows[:100]:
        straight.learn(row, float(row[0] > 1), 0.05)
    kept = msgspec.json.decode(msgspec.json.encode(straight.export()), type=Linear)
    resumed = OnlineLinear(NAMES, kept, logistic=logistic)
    for row in rows[100:]:
        assert straight.raw(row) == resumed.raw(row)
        straight.learn(row, float(row[0] > 1), 0.05)
        resumed.learn(row, float(row[0] > 1), 0.05)
    assert straight.export() == resumed.export()


def test_the_served_model_answers_as_river_does() -> None:
    random = Random(5)  # noqa: S311
    model = OnlineLinear(NAMES, Linear(), logistic=True)
    for _ in range(300):
        row = tuple(random.gauss(3, 2) for _ in NAMES)
        model.learn(row, float(row[1] > 3), 0.1)
        assert Served(model.export()).raw(row) == pytest.approx(model.raw(row), abs=1e-9)


def test_the_backtest_beats_a_coin_and_is_repeatable() -> None:
    once = train("t20-male", season(60, seed=2))
    assert once.solved == Solved(once.counted, once.trained.matches)
    assert encode(once) == encode(train("t20-male", season(60, seed=2)))
    assert once.scores.overall.log_loss < COIN
