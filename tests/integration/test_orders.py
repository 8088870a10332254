"""An operator's orders: the command shows the learner's answer, and its exit code is the answer."""

import pytest
from click.testing import Result
from typer.testing import CliRunner

from consumers.orders import give
from learning.contest.decisions import Frozen, OrderRefused, Unfrozen
from overcast import cli
from streams.kafka.topics import DRIFT
from streams.messages import decisions
from tests.integration.deployment import Deployment

KEY = "odi-female"


def ordered(deployment: Deployment, *words: str) -> Result:
    where = deployment.settings.as_environment(["kafka", "topic_prefix"])
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
    place = give.placed

    def placed_then_started(*arguments: object) -> object:
        cause = place(*arguments)  # type: ignore[arg-type]
        deployment.start()
        return cause

    monkeypatch.setattr(give, "placed", placed_then_started)
    assert ordered(deployment, "freeze", KEY).exit_code == 0
