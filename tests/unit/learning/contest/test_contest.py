"""A challenger is raised by an alarm, promoted by evidence alone, and the old one can come back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from msgspec import structs

from benchmarks.certain_model import sure
from learning.contest.contest import Contest
from learning.contest.decisions import (
    Alarm,
    AnyDecision,
    Cause,
    Frozen,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    publishes,
)
from learning.contest.orders import KEPT, CheckedOrder, remembered
from learning.contest.received_label import ReceivedLabel
from learning.contest.state import ContestState
from learning.model.engine_cache import Engines, engine_of
from learning.model.snapshot import Snapshot
from learning.serving.forecaster import Forecaster
from learning.serving.replay import replayed_labels, steps
from learning.starter import load_starter
from learning.training.schedule import HURRY_EVERY, MOVED
from producers.simulator import season
from streams.models.contest_log import decode, encode
from tests.support.orders import again, checked

KEY = "t20-male"
QUIET, PLANTED = 17, 30


@cache
def starter() -> Snapshot:
    return sure(load_starter()[KEY])


@cache
def engines() -> Engines:
    engine = engine_of(starter())
    return lambda _: engine


@cache
def log() -> tuple[ReceivedLabel, ...]:
    """The labels of a change of scoring, all answered by the starter model."""
    matches = [*season(QUIET, seed=21), *season(PLANTED, seed=22, scoring=0.8)]
    forecaster, made = Forecaster(starter(), engines()(starter())), []
    for number, match in enumerate(matches):
        labels = list(replayed_labels(steps(match.fixture, match.facts), forecaster))
        for label in labels:
            answer = ReceivedLabel(
                label, Cause("labels", 0, len(made), match.id), 10 * number + 5, 10 * number
            )
            if label is labels[-1]:
                answer = replace(answer, fixture=match.fixture, facts=match.facts)
            made.append(answer)
    return tuple(made)


def contest(standing: ContestState | None = None) -> Contest:
    return Contest(standing or ContestState(starter()), engines(), ("alert",))


def told(made: Contest, stretch: tuple[ReceivedLabel, ...]) -> list[AnyDecision]:
    return [decision for answer in stretch for decision in made.learn(answer)]


def until_promoted(made: Contest) -> Iterator[AnyDecision]:
    for answer in log():
        decided = made.learn(answer)
        yield from decided
        if publishes(decided):
            return


def order(action: str, challenger: str = "") -> CheckedOrder:
    return checked(action, KEY, challenger=challenger)


CAUSE = Cause("labels", 0, 999)


@pytest.fixture(scope="module")
def story() -> list[AnyDecision]:
    return list(until_promoted(contest()))


def test_nothing_is_decided_while_nothing_changes() -> None:
    assert told(contest(), log()[: 2 * QUIET]) == []


def test_a_change_is_noticed_challenged_and_the_better_model_promoted(
    story: list[AnyDecision],
) -> None:
    alarm, raised, promoted = story[0], story[1], story[-1]
    assert isinstance(alarm, Alarm)
    assert isinstance(raised, Raised)
    assert isinstance(promoted, Promoted)
    assert alarm.signal == "level"
    assert alarm.after - alarm.before > 2.0
    assert raised.alarm == alarm.id
    assert raised.parent == promoted.former == starter().version
    assert promoted.challenger == raised.challenger
    assert promoted.evidence.low > promoted.evidence.margin
    assert promoted.evidence.challenger < promoted.evidence.champion
    assert len({decision.id for decision in story}) == len(story)


def test_decisions_of_one_message_are_numbered_in_their_order() -> None:
    """A promotion comes before the retirements that it brings: ids are a part of the log."""
    made = Contest(ContestState(starter()), engines(), ("alert", "quick"))
    decided = next(d for answer in log() if publishes(d := made.learn(answer)))
    assert [type(decision) for decision in decided] == [Promoted, Retired]
    assert [decision.id.rpartition(".")[2] for decision in decided] == ["0", "1"]


def test_every_decision_follows_from_a_message_of_the_log(story: list[AnyDecision]) -> None:
    for decision in story:
        answer = log()[decision.cause.offset]
        assert (decision.cause, decision.at) == (answer.cause, answer.at)


def test_no_match_that_began_before_the_challenger_is_held_against_it() -> None:
    made = contest()
    raised = next(d for d in until_promoted(made) if isinstance(d, Raised))
    late = replace(log()[-1], began=raised.at - 1, at=raised.at + 1)
    made.learn(late)
    assert made.challengers()[0].state.pairs == ()
    made.learn(replace(late, began=raised.at, at=raised.at + 2))
    assert len(made.challengers()[0].state.pairs) == 1


@pytest.mark.parametrize("cut", [1, 37, 41, 50])
def test_a_contest_that_is_written_down_and_read_back_goes_on_to_the_last_byte(cut: int) -> None:
    whole, broken = contest(), contest()
    early = told(whole, log()[:cut])
    assert told(broken, log()[:cut]) == early
    whole.checkpoint("cut", {"labels/0": cut})
    again = contest(decode(encode(broken.checkpoint("cut", {"labels/0": cut}))))
    assert told(again, log()[cut:60]) == told(whole, log()[cut:60])
    assert encode(again.checkpoint("end", {})) == encode(whole.checkpoint("end", {}))


def test_after_a_promotion_snapshots_come_soon_and_the_former_is_on_probation() -> None:
    made = contest()
    list(until_promoted(made))
    (former,) = (c.state for c in made.challengers())
    assert former.on_probation
    assert former.name == starter().version
    due = [made.due(1000, 9.0) for _ in (made.learn(a) for a in log()[:HURRY_EVERY])]
    assert sum(due) == 1


def test_a_snapshot_is_due_once_the_level_has_moved_from_what_serves() -> None:
    made, due = contest(), 0
    for answer in log()[: 2 * QUIET]:
        made.learn(answer)
        assert not made.due(10_000, 9.0)
        if made.due(10_000, MOVED):
            made.checkpoint("now", {})
            assert not made.due(10_000, MOVED)
            due += 1
    assert due < QUIET
    assert any(made.due(10_000, MOVED) for _ in (made.learn(a) for a in log()[2 * QUIET :][:4]))


def test_an_operator_promotes_a_challenger_and_takes_it_back() -> None:
    made = contest()
    raised = next(d for d in until_promoted(made) if isinstance(d, Raised))
    (refused,) = made.apply_order(order("promote", "nobody"), CAUSE)
    assert isinstance(refused, OrderRefused)
    (promoted, *_) = made.apply_order(order("promote", raised.challenger), CAUSE)
    assert isinstance(promoted, Promoted)
    assert (promoted.operator, promoted.reason) == ("asha", "a rehearsal")
    assert made.champion.version.startswith(raised.challenger)
    assert made.champion.parent == starter().version
    (back, *_) = made.apply_order(order("rollback"), CAUSE)
    assert isinstance(back, RolledBack)
    assert back.former == starter().version
    assert made.challengers() == ()


def test_a_frozen_contest_decides_nothing_and_learns_on() -> None:
    made = contest()
    assert isinstance(made.apply_order(order("freeze"), CAUSE)[0], Frozen)
    assert told(made, log()[:60]) == []
    assert made.learner.labels == starter().scores.labels + 60


def test_an_order_is_answered_once_however_often_a_worker_copies_it() -> None:
    made = contest()
    freeze = order("freeze")
    assert [type(d) for d in made.apply_order(freeze, CAUSE)] == [Frozen]
    assert made.apply_order(freeze, Cause("labels", 0, 1_000)) == []
    continued = contest(made.checkpoint("now", {}))
    assert continued.apply_order(freeze, Cause("labels", 0, 1_001)) == []


def test_a_copy_of_an_order_in_another_place_changes_nothing_and_is_recorded() -> None:
    made = contest()
    freeze = order("freeze")
    made.apply_order(freeze, CAUSE)
    made.apply_order(order("unfreeze"), CAUSE)
    (refused,) = made.apply_order(again(freeze, place="cricket.orders/0@99 of a-log"), CAUSE)
    assert isinstance(refused, OrderRefused)
    assert refused.reason == "it was given before: this is a copy"
    assert refused.order_id == freeze.order.id
    assert not made.checkpoint("now", {}).frozen


def test_an_order_that_nobody_is_proven_to_have_given_changes_nothing_and_is_recorded() -> None:
    made = contest()
    forged = again(order("freeze"), refused="it is not signed")
    (refused,) = made.apply_order(forged, CAUSE)
    assert isinstance(refused, OrderRefused)
    assert (refused.reason, refused.operator, refused.proof) == ("it is not signed", "asha", "")
    state = made.checkpoint("now", {})
    assert not state.frozen
    assert [*state.orders] == [forged.place]
    genuine = again(forged, refused="", place="cricket.orders/0@98 of a-log")
    assert [type(d) for d in made.apply_order(genuine, CAUSE)] == [Frozen]


def test_a_decision_says_who_gave_the_order_by_which_program_and_what_proves_it() -> None:
    given = checked("freeze", KEY, at=77, operator="asha", via="page")
    (frozen,) = contest().apply_order(again(given, proof="signed by page, key 0f"), CAUSE)
    assert (frozen.operator, frozen.via, frozen.proof) == ("asha", "page", "signed by page, key 0f")
    assert (frozen.order_id, frozen.at) == (given.order.id, 77)


def test_a_contest_remembers_the_last_orders_and_not_all() -> None:
    known: dict[str, str] = {}
    for _ in range(KEPT + 5):
        known = remembered(known, order("freeze"), "")
    assert len(known) == KEPT
    newest = order("freeze")
    assert list(remembered(known, newest, "").items())[-1] == (newest.place, newest.order.id)


def test_a_worse_challenger_is_retired() -> None:
    made = contest()
    next(d for d in until_promoted(made) if isinstance(d, Raised))
    standing = made.checkpoint("now", {})
    lost = structs.replace(standing.challengers[0], pairs=((0.5, 1.2),) * 40)
    again = contest(structs.replace(standing, challengers=(lost,)))
    (retired,) = [d for d in told(again, log()[:2]) if isinstance(d, Retired)]
    assert retired.outcome == "worse"
    assert retired.evidence.high < 0.0
