"""Laws of the labels' pipeline: batches and restarts leave no trace, nothing changes in place."""

import subprocess
import sys
from collections.abc import Mapping
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.contest.learner_state import LearnerState, written_state
from learning.contest.orders import CheckedOrder, Order
from learning.contest.state import ContestState
from learning.model.engine_cache import shared
from learning.model.snapshot import encode as encode_snapshot
from streams.messages.decisions import encode as encode_decision
from streams.messages.labels import LabelMessage, encode
from streams.messages.metrics import encode as encode_metrics
from streams.messages.source import Source
from streams.models import contest_log
from streams.pipeline.learn import LabelRecord, LearnEffects, LearnRules, learn
from tests.support.label_log import LABELS, START
from tests.support.matches import KEY

TOPIC, PARTITION = "cricket.labels", 2
EVERY = 3


def order(number: int, action: str) -> bytes:
    given = Order(
        id=str(number), model_key=KEY, action=action, at=number, operator="asha", reason="r"
    )
    return encode(CheckedOrder(order=given, place=f"orders/0@{number} of a-log", at=number))


def _log() -> list[LabelRecord]:
    """Labels with repetitions, orders, a correction that comes too late, and noise among them."""
    late = msgspec.structs.replace(LABELS[9], revision=1, supersedes=0)
    values = [
        *map(encode, LABELS[:5]),
        order(1, "freeze"),
        encode(LABELS[3]),
        *map(encode, LABELS[5:9]),
        b"noise",
        order(2, "unfreeze"),
        encode(late),
        order(3, "rollback"),
        *map(encode, LABELS[10:]),
    ]
    return [LabelRecord(offset, value) for offset, value in enumerate(values, start=40)]


LOG = _log()


@cache
def rules() -> LearnRules:
    return LearnRules(TOPIC, PARTITION, EVERY, 9.0, shared())


def first() -> dict[str, LearnerState]:
    return {KEY: written_state(ContestState(START))}


def checkpoint(state: LearnerState) -> bytes:
    """The whole contest as it stands, to the last byte."""
    contest = state.take_contest(rules().engines)
    return contest_log.encode(contest.checkpoint("end", state.positions))


@cache
def whole() -> LearnEffects:
    return learn(first(), LOG, rules())


def sent(effects: LearnEffects) -> tuple[list[bytes], list[bytes]]:
    """The bytes of decisions and snapshots."""
    decisions = [encode_decision(decision) for decision in effects.decisions]
    return decisions, [encode_snapshot(snapshot) for snapshot in effects.snapshots]


cuts = st.lists(st.integers(0, len(LOG)), max_size=6).map(sorted)


@settings(max_examples=25, deadline=None)
@given(cuts)
def test_any_split_into_batches_gives_the_same_state_and_the_same_messages(
    places: list[int],
) -> None:
    states: Mapping[str, LearnerState] = first()
    decisions, snapshots = list[bytes](), list[bytes]()
    for start, stop in zip([0, *places], [*places, len(LOG)], strict=True):
        effects = learn(states, LOG[start:stop], rules())
        states = {**states, **effects.states}
        decisions += sent(effects)[0]
        snapshots += sent(effects)[1]
    assert (decisions, snapshots) == sent(whole())
    assert checkpoint(states[KEY]) == checkpoint(whole().states[KEY])


@settings(max_examples=25, deadline=None)
@given(cuts)
def test_a_stop_and_a_start_from_the_written_state_between_batches_leave_no_trace(
    places: list[int],
) -> None:
    """A restart knows what was written, and reads the log again from where that had learned to."""
    written, states, started = contest_log.encode(ContestState(START)), first(), 0
    for stop in [*places, len(LOG)]:
        effects = learn(states, LOG[started:stop], rules())
        for contest in effects.contests.values():
            written = contest_log.encode(contest)
        states = {KEY: written_state(contest_log.decode(written))}
        learned_to = states[KEY].positions.get(f"{TOPIC}/{PARTITION}", LOG[0][0])
        started = learned_to - LOG[0][0]
    effects = learn(states, LOG[started:], rules())
    state = {**states, **effects.states}[KEY]
    assert checkpoint(state) == checkpoint(whole().states[KEY])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, len(LOG)), st.integers(0, len(LOG)))
def test_a_state_stays_as_it_is_whatever_follows_from_it(cut: int, other: int) -> None:
    before = {**first(), **learn(first(), LOG[:cut], rules()).states}
    again = learn(before, LOG[cut:other], rules())
    del again
    once = learn(before, LOG[cut:], rules())
    twice = learn(before, LOG[cut:], rules())
    assert sent(once) == sent(twice)
    assert list(map(encode_metrics, once.metrics)) == list(map(encode_metrics, twice.metrics))
    ends = [checkpoint({**before, **effects.states}[KEY]) for effects in (once, twice)]
    assert ends[0] == ends[1] == checkpoint(whole().states[KEY])


def test_the_log_has_what_the_laws_are_about() -> None:
    effects = whole()
    assert effects.learned == {KEY: len(LABELS) - 1}
    assert effects.revised == {KEY: 1}
    assert [type(decision).__name__ for decision in effects.decisions] == [
        "Frozen",
        "Unfrozen",
        "OrderRefused",
    ]
    assert len(effects.snapshots) > 2
    assert [problem.offset for problem in effects.problems] == [51]


@pytest.mark.parametrize("client", ["confluent_kafka", "aiokafka", "redis", "faust"])
def test_learn_needs_no_client(client: str) -> None:
    code = f"import sys, streams.pipeline.learn; sys.exit({client!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_labels_of_balls_whose_topic_was_made_again_are_learned() -> None:
    """Their offsets begin anew; what tells them from repeated labels is when they were appended."""

    def at(time: int) -> list[LabelRecord]:
        return [
            LabelRecord(n, encode(msgspec.structs.replace(message, source=source(message, time))))
            for n, message in enumerate(LABELS[:4])
        ]

    first_log = learn(first(), at(1_000), rules())
    assert first_log.learned.total() == 4
    states = {**first(), **first_log.states}
    assert learn(states, at(1_000), rules()).learned.total() == 0
    assert learn(states, at(5_000), rules()).learned.total() == 4


def source(message: LabelMessage, time: int) -> Source:
    return msgspec.structs.replace(message.source, appended=time)


def test_orders_on_a_label_log_that_was_made_again_are_followed() -> None:
    frozen = learn(first(), [LabelRecord(900, order(1, "freeze"), 1_000)], rules())
    states = {**first(), **frozen.states}
    assert not learn(states, [LabelRecord(3, order(2, "unfreeze"), 1_000)], rules()).decisions
    assert learn(states, [LabelRecord(3, order(2, "unfreeze"), 5_000)], rules()).decisions
