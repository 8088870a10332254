"""Laws of the pipeline: batches, repetitions and restarts leave no trace in what is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cricket.facts import Ball, Fact, InningsClose, InningsOpening, Outcome, Wicket
from learning.keys import KEYS
from producers.simulator import season
from streams.messages.events import encode as encode_event
from streams.messages.events import event_of
from streams.messages.predictions import Prediction, encode
from streams.pipeline.advance import advance
from streams.pipeline.effects import Received
from streams.pipeline.match_record import MatchRecord, decode_record, encode_record
from tests.support.matches import (
    BLUES,
    FIXTURE,
    MARKS,
    REDS,
    forecasts,
    log_of,
    messages,
    models,
    opened,
    run,
    served,
    short_match,
)

LAW = settings(deadline=None, max_examples=60)
marks = st.text(MARKS, max_size=14)


@dataclass
class Said:
    """All that leaves the pipeline over several batches, as bytes, and the records at the end."""

    predictions: list[bytes] = field(default_factory=list)
    labels: list[bytes] = field(default_factory=list)
    dead_letters: list[tuple[int, str]] = field(default_factory=list)
    live: dict[str, MatchRecord] = field(default_factory=dict, compare=False)  # see `records`
    repeated: int = 0

    def take(self, batch: Sequence[Received]) -> None:
        effects = advance(self.live, batch, models())
        self.predictions += map(encode, effects.predictions)
        self.labels += map(encode, effects.labels)
        self.dead_letters += [(d.source.offset, d.reason) for d in effects.dead_letters]
        self.live |= effects.records
        self.repeated += effects.repeated

    def records(self) -> dict[str, bytes]:
        return {match_id: encode_record(record) for match_id, record in self.live.items()}


def said(*batches: Sequence[Received]) -> Said:
    found = Said()
    for batch in batches:
        found.take(batch)
    return found


def cut(log: Sequence[Received], places: Iterable[int]) -> list[Sequence[Received]]:
    """The log in batches that end at the places."""
    ends = sorted({0, len(log), *(place % len(log) for place in places)})
    return [log[a:b] for a, b in pairwise(ends)]


@st.composite
def logs(draw: st.DrawFn) -> list[Received]:
    """Two short matches at once, with a lost message, and noise and refused ones in between."""
    told = [messages(short_match(name, draw(marks), draw(marks))) for name in ("a", "b")]
    values = [encode_event(e) for e in sorted((e for m in told for e in m), key=lambda e: e.seq)]
    for noise in draw(st.lists(st.sampled_from((b"", b"\xff", b"{}", values[0])), max_size=3)):
        values.insert(draw(st.integers(0, len(values))), noise)
    del values[draw(st.integers(1, len(values) - 1))]
    return [opened(value, offset) for offset, value in enumerate(values)]


cuts = st.lists(st.integers(0, 10_000), max_size=8)


@LAW
@given(logs(), cuts)
def test_however_a_log_is_cut_into_batches_the_same_is_said(
    log: list[Received], places: list[int]
) -> None:
    whole, pieces = said(log), said(*cut(log, places))
    assert pieces == whole
    assert pieces.records() == whole.records()
    assert whole.predictions


@LAW
@given(logs(), st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 40)), max_size=6), cuts)
def test_messages_that_come_again_change_nothing(
    log: list[Received], again: list[tuple[int, int]], places: list[int]
) -> None:
    doubled = list(log)
    for place, later in again:
        repeated = doubled[place % len(doubled)]
        if repeated.event is not None:
            doubled.insert(place % len(doubled) + later, repeated)
    once, twice = said(log), said(*cut(doubled, places))
    assert twice.predictions == once.predictions
    assert twice.labels == once.labels
    assert twice.records() == once.records()
    assert set(twice.dead_letters) == set(once.dead_letters)


@LAW
@given(logs(), cuts)
def test_a_record_goes_on_after_its_bytes_as_if_it_had_stayed_in_memory(
    log: list[Received], places: list[int]
) -> None:
    stored = Said()
    for batch in cut(log, places):
        stored.take(batch)
        stored.live = {i: decode_record(value) for i, value in stored.records().items()}
    assert stored == said(log)
    assert stored.records() == said(log).records()


def test_a_whole_match_restarted_after_every_message_ends_on_the_same_bytes() -> None:
    log = log_of(messages(next(iter(season(1, seed=11)))))
    stored = Said()
    for received in log:
        stored.take([received])
        stored.live = {i: decode_record(value) for i, value in stored.records().items()}
    assert stored == said(log)
    assert stored.records() == said(log).records()


@settings(LAW, max_examples=300)
@given(st.none() | st.binary(max_size=200), st.none() | st.binary(max_size=20))
def test_any_bytes_are_received(value: bytes | None, key: bytes | None) -> None:
    received = replace(opened(value, 1), key=key)
    assert (received.event is None) == bool(received.unreadable)
    advance({}, [received], models())


ball_message = encode_event(event_of("m", 9, 12, Ball(0, 3, 1, "a", "b", "c", runs=4)))


@settings(LAW, max_examples=300)
@given(st.integers(0, len(ball_message) - 1), st.binary(min_size=1, max_size=4))
def test_a_message_damaged_anywhere_is_received(place: int, damage: bytes) -> None:
    value = ball_message[:place] + damage + ball_message[place + len(damage) :]
    received = opened(value, 1)
    assert (received.event is None) == bool(received.unreadable)


numbers = st.integers(-2, 130) | st.sampled_from((-(10**30), 10**9, 10**30))
names = st.sampled_from(("a", "b", "c", REDS, ""))
wickets = st.lists(st.builds(Wicket, st.sampled_from(("bowled", "retired hurt")), names))
balls = st.builds(
    Ball, *([st.integers(-1, 5) | numbers] * 3), names, names, names, numbers, wickets=wickets
)
plausible = st.builds(
    Ball, st.integers(0, 3), st.integers(0, 19), st.integers(0, 9), names, names, names
)
facts = st.one_of(
    balls,
    plausible,
    st.builds(
        InningsOpening,
        st.integers(0, 4),
        st.sampled_from((REDS, BLUES, "Greens")),
        st.none() | numbers,
        st.none() | numbers,
        st.booleans(),
        numbers,
    ),
    st.builds(InningsClose, st.integers(-1, 4), numbers),
    st.builds(Outcome, st.sampled_from((REDS, None, "Greens")), st.sampled_from(("win", "tie"))),
)


openings = st.builds(
    InningsOpening, st.just(0), st.just(REDS), st.none() | numbers, st.none() | numbers
)
penalised = st.builds(replace, openings, penalty=numbers)


@settings(LAW, max_examples=300)
@given(openings | penalised, st.lists(facts, max_size=30))
def test_no_sequence_of_facts_stops_the_pipeline(first: Fact, told: list[Fact]) -> None:
    ball = Ball(0, 0, 0, "a", "b", "c")
    events = (event_of("m", n, 0, fact) for n, fact in enumerate((FIXTURE, first, ball, *told)))
    found = said(log_of(events))
    (record,) = found.live.values()
    assert decode_record(encode_record(record)) == record


def checked(prediction: Prediction) -> None:
    """Chances are chances, quantiles are in order and above what has been scored."""
    win, total = prediction.win, prediction.total
    chances = (win.batting, win.tie, win.bowling)
    assert abs(sum(chances) - 1.0) <= 1e-9
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert abs(prediction.win_added) <= 1.0
    quantiles = (prediction.card.runs, total.q10, total.q25, total.q50, total.q75, total.q90)
    assert list(quantiles) == sorted(quantiles)
    assert total.mean >= prediction.card.runs
    assert all(0.0 <= chance <= 1.0 for chance in prediction.next_ball.values())
    assert abs(sum(prediction.next_ball.values()) - bool(prediction.next_ball)) <= 1e-5


@LAW
@given(marks, marks)
def test_every_prediction_of_a_short_match_is_a_forecast(first: str, second: str) -> None:
    for made in forecasts(run(log_of(messages(short_match("m", first, second))))):
        checked(made)


@settings(LAW, max_examples=12)
@given(st.integers(0, 10**6), st.floats(-0.4, 0.6))
def test_every_prediction_of_a_simulated_match_is_a_forecast(seed: int, scoring: float) -> None:
    match = next(iter(season(1, seed, scoring=scoring)))
    for made in forecasts(run(log_of(messages(match)))):
        checked(made)


def test_every_prediction_of_a_one_day_match_is_a_forecast() -> None:
    match = next(iter(season(1, seed=4, match_type="ODI")))
    odi: Mapping[str, object] = {key: served(key) for key in KEYS if key == "odi-male"}
    made = forecasts(advance({}, log_of(messages(match)), odi))  # type: ignore[arg-type]
    assert len(made) > 300
    for prediction in made:
        checked(prediction)
