"""Orders on the page: who may give them, what is sent, and what is answered."""

import json
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from consumers.dashboard.app import Dashboard
from consumers.dashboard.operator import ORDERS_AT_ONCE
from consumers.dashboard.sign_in.tokens import add
from learning.contest.decisions import AnyDecision, Frozen, OrderRefused
from streams.settings import Settings
from tests.support.decisions import common
from tests.support.visitor import Visitor

FREEZE = {"action": "freeze", "model_key": "t20-male", "reason": "a final"}


class Learner:
    """Stands for the learner: notes each order, and answers as it is told to."""

    def __init__(self) -> None:
        self.orders: list[dict[str, str]] = []
        self.answer: AnyDecision | Exception | None = Frozen(**common(1, "a final", "asha"))

    def __call__(self, **order: str) -> AnyDecision | None:
        self.orders.append(order)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Operated:
    """A page whose orders go to such a learner, and its people."""

    def __init__(self, file: Path) -> None:
        self.learner = Learner()
        self.asha, self.ben = add(file, "asha", "operator"), add(file, "ben", "viewer")
        self.page = Dashboard(Settings(dashboard_tokens=str(file)), self.learner)

    def visitor(self, token: str) -> Visitor:
        visitor = Visitor(self.page)
        visitor.sign_in(token)
        return visitor


@pytest.fixture
def operated(tmp_path: Path) -> Operated:
    return Operated(tmp_path / "tokens")


def test_an_operator_s_order_goes_to_the_learner_in_their_name(operated: Operated) -> None:
    answer = operated.visitor(operated.asha).act("/api/orders", json=FREEZE)
    assert answer.status_code == 200
    assert operated.learner.orders == [
        {
            "action": "freeze",
            "model_key": "t20-male",
            "challenger": "",
            "reason": "a final",
            "operator": "asha",
        }
    ]
    told = answer.json()
    assert (told["refused"], told["decision"]["title"]) == (False, "frozen")
    assert told["decision"]["reason"] == "a final"


def test_a_refusal_comes_with_the_learner_s_reason(operated: Operated) -> None:
    why = "nothing to promote x: there are none"
    operated.learner.answer = OrderRefused(**common(1, why), order="promote")
    order = {"action": "promote", "model_key": "t20-male", "reason": "y", "challenger": "x"}
    told = operated.visitor(operated.asha).act("/api/orders", json=order).json()
    assert (told["refused"], told["decision"]["reason"]) == (True, why)
    assert operated.learner.orders[0]["challenger"] == "x"


def test_a_viewer_sees_no_operator_s_page_and_gives_no_order(operated: Operated) -> None:
    viewer = operated.visitor(operated.ben)
    assert viewer.ask("/operator").status_code == 403
    assert "Only an operator" in viewer.ask("/operator").text
    assert viewer.ask("/api/operator").status_code == 403
    assert viewer.act("/api/orders", json=FREEZE).status_code == 403
    program = {"authorization": f"Bearer {operated.ben}"}
    assert (
        Visitor(operated.page).ask("/api/orders", "POST", json=FREEZE, headers=program).status_code
        == 403
    )
    assert operated.learner.orders == []


def test_who_has_not_signed_in_gives_no_order(operated: Operated) -> None:
    stranger = Visitor(operated.page)
    assert stranger.ask("/api/orders", "POST", json=FREEZE).status_code == 401
    assert stranger.ask("/api/operator").status_code == 401
    assert operated.learner.orders == []


@pytest.mark.parametrize("settings", [{}, {"dashboard_token": "open sesame"}])
def test_where_nobody_can_be_an_operator_there_is_no_operator_s_page(
    settings: dict[str, str],
) -> None:
    learner = Learner()
    visitor = Visitor(Dashboard(Settings(**settings), learner))  # type: ignore[arg-type]
    visitor.sign_in("open sesame")
    shown = visitor.ask("/operator")
    assert shown.status_code == 404
    assert "overcast token NAME --role operator" in shown.text
    assert visitor.ask("/api/operator").status_code == 404
    assert visitor.ask("/api/orders", "POST", json=FREEZE).status_code == 404
    assert learner.orders == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://page"},
        {"origin": "http://page", "x-form-key": "guessed"},
        {"origin": "https://evil.example", "x-form-key": "its own"},
        {"origin": "null", "x-form-key": "its own"},
        {"x-form-key": "its own"},
        {"origin": "http://page", "x-form-key": "its own", "sec-fetch-site": "same-site"},
    ],
)
def test_no_other_site_gives_an_order_by_an_operator_s_browser(
    operated: Operated, headers: dict[str, str]
) -> None:
    visitor = operated.visitor(operated.asha)
    own = {n: visitor.form_key() if v == "its own" else v for n, v in headers.items()}
    assert visitor.ask("/api/orders", "POST", json=FREEZE, headers=own).status_code == 403
    form = {"content-type": "text/plain", "origin": "http://page", "x-form-key": visitor.form_key()}
    plain = visitor.ask("/api/orders", "POST", content=json.dumps(FREEZE), headers=form)
    assert plain.status_code == 415  # what a form of another site could send
    assert operated.learner.orders == []


def test_the_key_of_another_session_gives_no_order(operated: Operated) -> None:
    visitor, other = operated.visitor(operated.asha), operated.visitor(operated.asha)
    headers = {"x-form-key": other.form_key()}
    assert visitor.act("/api/orders", json=FREEZE, headers=headers).status_code == 403
    assert operated.learner.orders == []


def test_a_program_with_an_operator_s_token_needs_no_page(operated: Operated) -> None:
    given = {"authorization": f"Bearer {operated.asha}"}
    answer = Visitor(operated.page).ask("/api/orders", "POST", json=FREEZE, headers=given)
    assert answer.status_code == 200
    assert operated.learner.orders[0]["operator"] == "asha"


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "delete"},
        {"model_key": "test-male"},
        {"reason": ""},
        {"reason": " \n\t"},
        {"reason": "x" * 501},
        {"reason": None},
        {"action": "promote"},
        {"challenger": "x"},
        {"action": "promote", "challenger": "x" * 201},
        {"operator": "ben"},
    ],
)
def test_what_is_no_order_is_not_sent(operated: Operated, wrong: dict[str, Any]) -> None:
    answer = operated.visitor(operated.asha).act("/api/orders", json=FREEZE | wrong)
    assert answer.status_code == 422
    assert operated.learner.orders == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"freeze"', b"x" * 5_000])
def test_nor_are_other_bytes(operated: Operated, body: bytes) -> None:
    json_of = {"content-type": "application/json"}
    answer = operated.visitor(operated.asha).act("/api/orders", content=body, headers=json_of)
    assert answer.status_code in {413, 422}
    assert operated.learner.orders == []


def test_no_answer_and_no_kafka_are_said_to_be_that(operated: Operated) -> None:
    visitor = operated.visitor(operated.asha)
    operated.learner.answer = None
    unanswered = visitor.act("/api/orders", json=FREEZE)
    assert unanswered.status_code == 504
    assert "no learner has answered within 30 s" in unanswered.json()["detail"]
    operated.learner.answer = KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN))  # noqa: SLF001
    assert visitor.act("/api/orders", json=FREEZE).status_code == 502


def test_orders_that_wait_do_not_take_all_threads(tmp_path: Path) -> None:
    arrived, go_on = [Event() for _ in range(ORDERS_AT_ONCE)], Event()
    waiting = iter(arrived)

    def answer_late(**_: str) -> AnyDecision | None:
        next(waiting).set()
        go_on.wait()
        return Frozen(**common(1))

    asha = add(tmp_path / "tokens", "asha", "operator")
    page = Dashboard(Settings(dashboard_tokens=str(tmp_path / "tokens")), answer_late)
    given = {"authorization": f"Bearer {asha}"}
    answers: list[int] = []

    def order() -> None:
        answer = Visitor(page).ask("/api/orders", "POST", json=FREEZE, headers=given)
        answers.append(answer.status_code)

    threads = [Thread(target=order) for _ in arrived]
    for thread in threads:
        thread.start()
    for event in arrived:
        event.wait()
    order()
    assert answers == [503]
    go_on.set()
    for thread in threads:
        thread.join()
    assert answers == [503] + [200] * ORDERS_AT_ONCE


def test_an_operator_sees_every_model(operated: Operated) -> None:
    asha = operated.visitor(operated.asha)
    assert asha.ask("/operator").status_code == 200
    models = asha.ask("/api/operator").json()["models"]
    assert [model["kind"] for model in models][:2] == ["Men's T20", "Women's T20"]
    assert models[0]["actions"][0]["label"] == "Freeze Men's T20"
