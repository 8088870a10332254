"""The one writer of a model: each label once, and after a restart as if there had been none."""

import logging
from dataclasses import replace
from random import Random

import msgspec
import pytest

from learning.contest.decisions import Frozen, OrderRefused, Unfrozen
from learning.model.snapshot import decode
from learning.training.learner import Learner
from streams.messages import decisions
from streams.messages.labels import encode as encode_label
from streams.processors.interruption import GivenUpError, Interruption
from streams.processors.labels import LabelProcessor
from tests.support.label_log import (
    EVERY,
    LABELS,
    LOG,
    PARTITION,
    PLACE,
    START,
    Bench,
    arrived,
    records,
)
from tests.support.matches import KEY
from tests.support.orders import checked


@pytest.fixture(scope="module")
def undisturbed() -> Bench:
    assert len(LOG) == 16
    return Bench().learn(0, len(LOG))


def test_labels_are_learned_in_order_and_counted(undisturbed: Bench) -> None:
    plain = Learner(START)
    for message in LABELS:
        plain.learn(message.label)
    last = undisturbed.published.metrics[-1]
    assert last.metrics == plain.metrics
    assert (last.model_key, last.model, last.at) == (KEY, LABELS[-1].model, LABELS[-1].at)


def test_a_batch_is_answered_once_for_each_model_it_touched() -> None:
    bench = Bench()
    assert bench.learner.handle(records(enumerate(LOG[:4]))) == 4
    assert len(bench.published.metrics) == 1
    assert bench.published.flushes == 1


def test_a_label_is_learned_once_however_often_it_comes(undisturbed: Bench) -> None:
    bench = Bench()
    told = [0, 1, 1, 0, 2, 3, 1, 2, 3, *range(len(LOG)), 0]
    learned = sum(bench.learner.handle(records([(at, LOG[n])])) for at, n in enumerate(told))
    assert learned == len(LOG)
    assert bench.published.metrics[-1].metrics == undisturbed.published.metrics[-1].metrics


def test_a_label_that_is_revised_too_late_is_counted_and_stays_learned(undisturbed: Bench) -> None:
    bench = Bench().learn(0, EVERY)
    after, published = bench.snapshot(), len(bench.published.snapshots)
    source = msgspec.structs.replace(LABELS[1].source, offset=LABELS[EVERY].source.offset - 1)
    late = msgspec.structs.replace(LABELS[1], source=source, revision=1, supersedes=0)
    bench.learner.handle(records([(EVERY, encode_label(late)), (EVERY + 1, encode_label(late))]))
    last = bench.published.metrics[-1]
    assert last.revised == 1
    assert (last.metrics.overall, len(bench.published.snapshots)) == (
        Bench().learn(0, EVERY).published.metrics[-1].metrics.overall,
        published,
    )
    assert decode(bench.snapshot()).models == decode(after).models
    assert undisturbed.published.metrics[-1].revised == 0


def test_a_batch_of_repetitions_publishes_nothing() -> None:
    bench = Bench().learn(0, 3)
    said = (len(bench.published.metrics), bench.published.flushes)
    assert bench.learner.handle(records([(3, LOG[0]), (4, LOG[2])])) == 0
    assert (len(bench.published.metrics), bench.published.flushes) == said


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"type":"label"}',
        LOG[0].replace(b'"win"', b'"win').replace(b'"total"', b'"total'),
        LOG[0].replace(b"Side", b"\xff\xfe"),
        b'{"type":"label","x":' + b"[" * 100_000,
    ],
)
def test_a_broken_label_is_skipped_and_said(
    broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench()
    with caplog.at_level(logging.ERROR, "streams.processors.label_partition"):
        learned = bench.learner.handle(records([(0, LOG[0]), (1, broken), (2, LOG[1])]))
    assert learned == 2
    (line,) = caplog.messages
    assert line.startswith(f"{PLACE}@1: ")


def test_a_label_of_an_unknown_model_is_skipped_and_said(caplog: pytest.LogCaptureFixture) -> None:
    label = replace(LABELS[0].label, key="tests-male")
    stray = encode_label(msgspec.structs.replace(LABELS[0], label=label))
    assert Bench().learner.handle(records([(0, stray)])) == 0
    assert caplog.messages == [f"{PLACE}@0: no model 'tests-male'"]


def test_a_label_of_the_right_types_that_is_wrong_is_skipped_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    label = replace(LABELS[0].label, truth=1e308)
    forged = encode_label(msgspec.structs.replace(LABELS[0], label=label))
    assert Bench().learner.handle(records([(0, forged), (1, LOG[1])])) == 1
    assert "total cannot have been" in caplog.text


def test_a_snapshot_is_published_every_so_many_labels(undisturbed: Bench) -> None:
    found = undisturbed.published.snapshots
    assert [s.version for s in found] == [f"start+{n}" for n in range(EVERY, len(LOG) + 1, EVERY)]
    for number, snapshot in enumerate(found, start=1):
        assert snapshot.positions[PLACE] == number * EVERY
        assert snapshot.scores.labels == number * EVERY


@pytest.mark.parametrize("cut", [5, 8, 14])
def test_a_restart_from_the_published_snapshot_and_the_log_leaves_no_trace(
    undisturbed: Bench, cut: int
) -> None:
    before = Bench().learn(0, cut)
    again = Bench(before.published.snapshots[-1])
    again.learner.catch_up(cut, Interruption())
    assert again.snapshot() == before.snapshot()
    again.learn(cut, len(LOG))
    assert again.snapshot() == undisturbed.snapshot()
    assert again.log_reader.stretches == [(cut - cut % EVERY, cut)]
    later = [s for s in undisturbed.published.snapshots if s.scores.labels > cut]
    assert again.published.snapshots == later


def test_a_restart_before_any_snapshot_reads_the_log_from_its_beginning(
    undisturbed: Bench,
) -> None:
    again = Bench()
    again.learner.catch_up(3, Interruption())
    again.learn(3, len(LOG))
    assert again.log_reader.stretches == [(0, 3)]
    assert again.snapshot() == undisturbed.snapshot()


def test_labels_that_come_again_after_a_restart_are_known(undisturbed: Bench) -> None:
    before = Bench().learn(0, 12)
    again = Bench(before.published.snapshots[-1])
    again.learner.catch_up(8, Interruption())  # the group's offset lies before what was learned
    again.learn(8, len(LOG))
    assert again.snapshot() == undisturbed.snapshot()


def test_catching_up_is_given_up_once_the_partition_is_taken_away() -> None:
    again, interruption = Bench(), Interruption()
    interruption.set()
    before = again.snapshot()
    with pytest.raises(GivenUpError):
        again.learner.catch_up(3, interruption)
    assert again.snapshot() == before


def test_the_processor_catches_up_before_its_first_batch_and_again_after_a_rebalance(
    undisturbed: Bench,
) -> None:
    bench = Bench()
    processor = LabelProcessor(bench.services, bench.models)
    assert processor.handle([arrived(7)]) == 1
    processor.reassigned()
    assert processor.handle([arrived(8), arrived(9)]) == 2
    assert bench.log_reader.stretches == [(0, 7), (0, 8)]
    (published,) = bench.published.snapshots  # the first had been published before
    assert published == undisturbed.published.snapshots[1]


@pytest.mark.parametrize("seed", range(6))
def test_killed_anywhere_and_restarted_from_what_it_published_it_ends_with_the_same_bytes(
    undisturbed: Bench, seed: int
) -> None:
    chance, at, committed = Random(seed), 0, 0  # noqa: S311  repeatable
    contest: bytes | None = None
    bench = Bench()
    while at < len(LOG):
        stop = min(at + chance.randint(1, 4), len(LOG))
        bench.learner.handle(records((n, LOG[n]) for n in range(at, stop)))
        contest = (bench.published.contests or [contest])[-1]
        if chance.random() < 0.5:  # killed; the offset may or may not have been committed
            committed = stop if chance.random() < 0.5 else committed
            bench = Bench(contest=contest)
            bench.learner.catch_up(committed, Interruption())
            at = committed
        else:
            committed = at = stop
    assert bench.snapshot() == undisturbed.snapshot()
    whole = Bench().learn(0, len(LOG))
    assert bench.checkpoint() == whole.checkpoint()


def order(action: str, challenger: str = "") -> bytes:
    return encode_label(checked(action, KEY, challenger=challenger))


def test_a_frozen_model_learns_on_and_publishes_nothing_until_it_is_unfrozen() -> None:
    log = [*LOG[:4], order("freeze"), *LOG[4:12], order("unfreeze"), *LOG[12:]]
    bench = Bench(log=log).learn(0, 13)
    assert bench.published.snapshots == []
    assert [type(d) for d in bench.published.decisions] == [Frozen]
    assert bench.published.decisions[0].operator == "asha"
    assert bench.published.decisions[0].reason == "a rehearsal"
    bench.learn(13, len(log))
    assert [type(d) for d in bench.published.decisions] == [Frozen, Unfrozen]
    assert [s.version for s in bench.published.snapshots] == ["start+12", "start+15"]
    plain = Learner(START)
    for message in LABELS:
        plain.learn(message.label)
    assert decode(bench.snapshot()).models == plain.snapshot("now", {}).models


def test_an_order_that_cannot_be_followed_is_refused_with_the_reason() -> None:
    bench = Bench(log=[*LOG[:3], order("promote", "nobody"), order("rollback")]).learn(0, 5)
    refused = bench.published.decisions
    assert [type(d) for d in refused] == [OrderRefused, OrderRefused]
    assert "nothing to promote nobody: there are none" in refused[0].reason
    assert [d.id for d in refused] == [f"{KEY}@{PARTITION}/3.0", f"{KEY}@{PARTITION}/4.0"]


def test_an_order_that_comes_again_is_followed_once() -> None:
    bench = Bench(log=[*LOG[:3], order("freeze")]).learn(0, 4)
    again = Bench(log=bench.log, contest=bench.published.contests[-1])
    again.learner.handle(records([(3, bench.log[3])]))
    assert again.published.decisions == []


def test_a_decision_that_the_log_holds_is_not_said_again() -> None:
    log = [*LOG[:3], order("promote", "nobody"), order("promote", "anybody")]
    first = Bench(log=log).learn(0, 4)
    (said,) = map(decisions.encode, first.published.decisions)
    again = Bench(log=log, decided=[b"noise", said]).learn(0, 5)  # nothing was kept of the first
    assert [d.id for d in again.published.decisions] == [f"{KEY}@{PARTITION}/4.0"]
