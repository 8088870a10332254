"""An operator's orders: the command shows the learner's answer, and its exit code is the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from confluent_kafka import Message
from confluent_kafka.admin import AdminClient
from pydantic import SecretStr
from typer.testing import CliRunner

from consumers.orders import give
from learning.contest.decisions import AnyDecision, Frozen, OrderRefused, Unfrozen
from learning.contest.orders import Order
from overcast import cli
from streams.kafka import log_reader
from streams.kafka.client_config import client
from streams.kafka.message import Outgoing
from streams.kafka.producer import Producer
from streams.kafka.topics import (
    DRIFT,
    LABELS,
    ORDERS,
    Topic,
    create_topics,
    label_partition,
    real_name,
)
from streams.messages import decisions, orders
from streams.models.signing import new_keys
from streams.rights.roles import OPERATOR
from streams.settings import Settings
from tests.integration.deployment import Deployment, wait_for

KEY = "odi-female"
WAIT = 120.0


def ordered(deployment: Deployment, *words: str) -> Result:
    where = deployment.of(OPERATOR).as_environment(["kafka", "topic_prefix"])
    return CliRunner().invoke(cli.app, list(words), env={"COLUMNS": "200"} | where)


def decided(deployment: Deployment) -> list[type]:
    return [type(decisions.decode(m.value() or b"")) for m in deployment.messages(DRIFT)]


def test_an_order_returns_with_the_learners_answer(deployment: Deployment) -> None:
    deployment.start()
    frozen = ordered(deployment, "freeze", KEY, "--operator", "asha", "--reason", "a final")
    assert (frozen.exit_code, decided(deployment)) == (0, [Frozen]), frozen.output
    assert "frozen by asha" in frozen.output
    assert "a final" in frozen.output
    refused = ordered(deployment, "promote", KEY, "nosuch")
    assert (refused.exit_code, decided(deployment)) == (1, [Frozen, OrderRefused])
    assert "order refused" in refused.output
    assert "nothing to promote nosuch" in refused.output
    assert ordered(deployment, "unfreeze", KEY).exit_code == 0
    assert decided(deployment) == [Frozen, OrderRefused, Unfrozen]


def test_an_order_that_no_learner_answers_is_in_the_log_and_an_error_with_advice(
    deployment: Deployment,
) -> None:
    result = ordered(deployment, "freeze", KEY, "--wait", "0.5")
    assert isinstance(result.exception, ValueError)
    assert "is in the log, but no learner has answered within 0.5 s" in str(result.exception)
    sent = ordered(deployment, "freeze", KEY, "--wait", "0")
    assert (sent.exit_code, sent.output) == (0, f"freeze {KEY}: order sent\n")


def test_an_answer_that_comes_late_is_shown_by_the_order_that_waits(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order lies in the log before a learner is there, and is answered when it has come."""
    send = give.send

    def send_then_start(order: Order, settings: Settings) -> None:
        send(order, settings)
        deployment.start()

    monkeypatch.setattr(give, "send", send_then_start)
    assert ordered(deployment, "freeze", KEY).exit_code == 0


ASHA, EVE = new_keys(), new_keys()


@pytest.fixture
def proving(settings: Settings, tmp_path: Path) -> Iterator[Deployment]:
    """Workers that follow asha's orders only."""
    operators = settings.model_copy(update={"operator_keys": f"asha={ASHA[1]}"})
    made = Deployment(operators, tmp_path)
    yield made
    made.stop()


def written(deployment: Deployment, topic: Topic) -> list[Message]:
    return list(deployment.messages(topic))


def test_only_an_order_that_its_operator_signed_for_this_log_is_followed_and_each_is_recorded(
    proving: Deployment,
) -> None:
    proving.start()

    def by(key: str) -> Settings:
        return proving.settings.model_copy(update={"operator_key": SecretStr(key)})

    def given(key: str, action: str = "freeze", operator: str = "asha") -> AnyDecision:
        order = give.new_order(action, KEY, operator=operator, reason="a rehearsal")
        answer = give.give(order, by(key), WAIT)
        assert answer is not None
        return answer

    assert isinstance(given(ASHA[0]), Frozen)
    for forged in (given(EVE[0], "unfreeze"), given("", "unfreeze")):
        assert isinstance(forged, OrderRefused)
        assert "signed" in forged.reason
    assert "no operator 'eve' is known" in given(EVE[0], "unfreeze", "eve").reason
    assert isinstance(given(ASHA[0], "unfreeze"), Unfrozen)
    (frozen, *_) = written(proving, ORDERS)
    copy = Outgoing(frozen.topic() or "", frozen.key(), frozen.value(), headers=frozen.headers())
    with Producer(proving.settings.kafka_access) as producer:
        producer.write([copy])
    wait_for(lambda: len(decided(proving)) == 6, "the copy to be answered", proving.log)
    assert decided(proving) == [Frozen, *[OrderRefused] * 3, Unfrozen, OrderRefused]
    *_, refused = (decisions.decode(m.value() or b"") for m in written(proving, DRIFT))
    assert refused.reason == "it was given before: this is a copy"


def test_an_order_that_is_copied_to_a_log_that_was_made_again_is_refused(
    proving: Deployment,
) -> None:
    worker = proving.start()
    signing = proving.settings.model_copy(update={"operator_key": SecretStr(ASHA[0])})
    order = give.new_order("freeze", KEY, operator="asha", reason="a rehearsal")
    assert isinstance(give.give(order, signing, WAIT), Frozen)
    (frozen,) = written(proving, ORDERS)
    name = frozen.topic() or ""
    worker.terminate()
    worker.wait()
    admin = AdminClient(client(proving.settings.kafka_access))
    admin.delete_topics([name])[name].result(30)
    wait_for(lambda: bool(create_topics(proving.settings)), "the topic to be made again")
    proving.start()
    another = give.new_order("unfreeze", KEY, operator="asha", reason="a rehearsal")
    with Producer(proving.settings.kafka_access) as producer:
        producer.write([Outgoing(name, frozen.key(), frozen.value(), headers=frozen.headers())])
    wait_for(lambda: len(decided(proving)) == 2, "the copy to be answered", proving.log)
    *_, refused = (decisions.decode(m.value() or b"") for m in written(proving, DRIFT))
    assert "copied from another log" in refused.reason
    log_reader._IDS.pop(name, None)  # noqa: SLF001  a new process would ask anew
    assert isinstance(give.give(another, signing, WAIT), Unfrozen)


def test_an_order_that_is_written_past_the_check_is_refused(deployment: Deployment) -> None:
    deployment.start()
    order = give.new_order("freeze", KEY, operator="asha", reason="a rehearsal")
    labels = real_name(LABELS, deployment.settings)
    partition = label_partition(KEY, deployment.settings.partitions)
    with Producer(deployment.settings.kafka_access) as producer:
        producer.write([Outgoing(labels, KEY.encode(), orders.encode(order), partition)])
    wait_for(lambda: decided(deployment) == [OrderRefused], "its refusal", deployment.log)
    (refused,) = (decisions.decode(m.value() or b"") for m in written(deployment, DRIFT))
    assert "past the check" in refused.reason
