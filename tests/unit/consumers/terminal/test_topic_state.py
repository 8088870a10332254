"""What has been seen so far: histories and scores of a screen."""

from dataclasses import dataclass, replace

import msgspec
import pytest

from consumers.phrases import chances, line, message_line
from consumers.terminal.summary import since
from consumers.terminal.topic_state import TopicState, footer
from learning.model.prequential import COIN, Metrics, Tally
from streams.messages import metrics
from streams.messages.events import BallBowled, MessageCancelled
from streams.messages.predictions import MatchResult, Prediction, PredictionMessage, encode
from streams.settings import Settings
from tests.support.matches import REDS, forecasts, log_of, messages, run, served, short_match

SETTINGS = Settings(topic_prefix="t.")
EVENTS = messages(short_match("m", "14.6wW2.43", "1146"))
MADE = forecasts(run(log_of(EVENTS)))


@dataclass
class Stored:
    """A message of a topic."""

    name: str
    text: bytes | None
    written: list[tuple[str, bytes]] | None = None

    def topic(self) -> str:
        return self.name

    def value(self) -> bytes | None:
        return self.text

    def headers(self) -> list[tuple[str, bytes]] | None:
        return self.written


def screen_of(*made: PredictionMessage, match_id: str | None = None) -> TopicState:
    screen = TopicState(SETTINGS, match_id)
    for prediction in made:
        screen.take(Stored("t.cricket.predictions", encode(prediction)))  # type: ignore[arg-type]
    return screen


OTHER = [msgspec.structs.replace(made, match_id="other") for made in MADE[:5]]


def test_a_screen_keeps_a_history_for_each_match() -> None:
    screen = screen_of(*MADE[:7], *OTHER, *MADE[7:9])
    assert screen.newest == MADE[8]
    assert screen.chart == [chances(made)[REDS] for made in MADE[:9]]
    assert screen.history["other"] == screen.chart[:5]
    assert screen.predictions == 14


AMENDED = [event for event in EVENTS if isinstance(event, BallBowled)][4]
WRONG = msgspec.structs.replace(AMENDED, fact=replace(AMENDED.fact, runs=3))
RIGHT = msgspec.structs.replace(AMENDED, revision=1)


def test_a_correction_moves_the_history_and_not_the_ball_that_is_shown() -> None:
    events = [WRONG if event == AMENDED else event for event in EVENTS]
    said = run(log_of([*events, RIGHT])).predictions
    screen = screen_of(*said)
    assert screen.newest == forecasts(run(log_of([*events, RIGHT])))[-1]
    assert screen_of(*said[:-1]).newest.seq == said[-1].seq  # type: ignore[union-attr]
    assert screen.chart == [chances(made)[REDS] for made in MADE]
    assert screen.predictions == len(MADE)
    assert screen.notice == "corrected: revision 1"
    assert footer(screen)[0] == screen.notice


def test_a_screen_says_what_a_match_waits_for() -> None:
    said = run(log_of([*EVENTS[:5], EVENTS[6]])).predictions
    screen = screen_of(*said)
    assert screen.notice.startswith("waiting for 0.4 (message 5) since ")
    assert screen.newest == MADE[2]
    assert message_line(said[-1]) == screen.notice


def test_a_cancelled_ball_leaves_the_history() -> None:
    gone = MessageCancelled(match_id="m", seq=AMENDED.seq, revision=1)
    screen = screen_of(*run(log_of([*EVENTS, gone])).predictions)
    assert len(screen.chart) == len(MADE) - 1


def test_a_forecast_that_was_scored_on_says_so() -> None:
    said = run(log_of([*EVENTS[:5], *EVENTS[6:]])).predictions
    flagged = next(p for p in said if isinstance(p, Prediction) and p.missing)
    assert "scored on without 1, waiting for 0.4 (message 5) since" in message_line(flagged)
    assert message_line(MADE[0]) == line(MADE[0])


def test_the_official_result_is_kept_until_the_match_goes_on() -> None:
    said = run(log_of(EVENTS)).predictions
    result = said[-1]
    assert isinstance(result, MatchResult)
    screen = screen_of(*said)
    assert screen.results == {"m": result}
    assert screen.newest == MADE[-1]
    assert screen.predictions == len(MADE)
    assert message_line(result) == f"RED v BLU, 2030-01-01: {result.text}"
    ended = EVENTS[-1]
    gone = MessageCancelled(match_id="m", seq=ended.seq, revision=1)
    assert screen_of(*run(log_of([*EVENTS, gone])).predictions).results == {}


def test_a_screen_of_one_match_passes_the_others_over() -> None:
    screen = screen_of(*MADE[:7], *OTHER, match_id="other")
    assert screen.newest == OTHER[-1]
    assert list(screen.history) == ["other"]
    assert screen.predictions == 5


def test_a_screen_takes_no_notice_of_other_topics() -> None:
    screen = TopicState(SETTINGS)
    assert screen.take(Stored("t.cricket.labels", b"\xff")) is None  # type: ignore[arg-type]
    assert screen.take(Stored("cricket.predictions", encode(MADE[0]))) is None  # type: ignore[arg-type]
    assert (screen.newest, screen.chart, footer(screen)) == (None, [], [])


def test_a_screen_counts_what_was_refused_and_what_is_not_ours() -> None:
    screen = TopicState(SETTINGS)
    letter = Stored("t.cricket.dead-letters", b"x", [("reason", b"late: the match is on")])
    for message in (letter, letter, Stored("t.cricket.predictions", b"\xff")):
        assert screen.take(message) is None  # type: ignore[arg-type]
    assert screen.refused == {
        "late: the match is on": 2,
        "not a message of Overcast on t.cricket.predictions": 1,
    }


def test_the_footer_tells_the_scores_of_the_model_shown() -> None:
    screen = screen_of(MADE[0])
    (name,) = footer(screen)
    history = f"history to {served().history_to}"  # the match is of 2030
    assert name == f"model t20-male {MADE[0].model}, {history}"
    for key, loss in (("t20-male", 0.5123), ("odi-male", 0.1)):
        said = metrics.MetricsMessage(
            model_key=key,
            model="m",
            at=0,
            metrics=Metrics(window=Tally(matches=7, log_loss=loss, baseline=0.6, coin=COIN)),
        )
        screen.take(Stored("t.cricket.metrics", metrics.encode(said)))  # type: ignore[arg-type]
    losses = "log loss 0.512 (run rate 0.600, coin 0.693) over its last 7 matches"
    assert footer(screen) == [name, losses]


def test_losses_since_are_the_means_of_what_was_learned_between() -> None:
    before = {"a": Tally(matches=100, log_loss=0.60, baseline=0.65), "b": Tally()}
    now = {
        "a": Tally(matches=102, log_loss=(60.0 + 1.0) / 102, baseline=0.65),
        "b": Tally(matches=2, log_loss=0.25, baseline=0.85),
    }
    found = since(before, now)
    assert found is not None
    assert found.matches == 4
    assert found.log_loss == pytest.approx((1.0 + 0.5) / 4)
    assert found.baseline == pytest.approx((2 * 0.65 + 2 * 0.85) / 4)
    assert found.coin == pytest.approx(COIN)


def test_losses_since_nothing_was_learned_are_none() -> None:
    tallies = {"a": Tally(matches=100, log_loss=0.6)}
    assert since(tallies, tallies) is None
    assert since(tallies, {}) is None
