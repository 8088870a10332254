"""The operator's page over HTTP: what it shows, and the orders that are given on it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal, Protocol

import msgspec
from confluent_kafka import KafkaException
from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from consumers.dashboard.content.operator import Happened, document, happened
from consumers.dashboard.content.trials import StoredContest
from consumers.dashboard.live import Live
from consumers.dashboard.sign_in import pages
from consumers.dashboard.sign_in.entrance import Entrance
from consumers.dashboard.sign_in.middleware import person_of
from consumers.dashboard.sign_in.people import Person
from consumers.dashboard.sign_in.routes import check_action
from consumers.orders import WAIT_SECONDS
from consumers.orders.give import give, new_order
from learning.contest.decisions import AnyDecision, OrderRefused
from streams.kafka.producer import DeliveryError
from streams.settings import Settings

PAGE = "page"  # the name under which `operator_keys` has the key of the page's orders
LONGEST_ORDER = 4_096  # bytes
ORDERS_AT_ONCE = 4  # each waits for its answer in a thread of its own
HOW_TO = (
    "The operator's page is off, since anybody could give orders on it: nobody has to sign in "
    "here, or only viewers can. Make a token with `overcast token NAME --role operator` and name "
    "its file in OVERCAST_DASHBOARD_TOKENS, or set OVERCAST_DASHBOARD_OIDC_ISSUER and "
    "OVERCAST_DASHBOARD_OIDC_OPERATORS."
)
VIEWERS_ONLY = "You have signed in as a viewer. Only an operator may give orders."
UNANSWERED = (
    f"The order is in the log, but no learner has answered within {WAIT_SECONDS:g} s. Is a worker "
    "running? The answer will stand among the decisions when there is one."
)
UNPLACED = "Kafka did not take the order, or does not answer: nothing was ordered, or try again."


class GiveOrder(Protocol):
    """Gives an order, waits for the learner's answer, and returns it; None if none came."""

    def __call__(
        self, *, action: str, model_key: str, challenger: str, reason: str, operator: str
    ) -> AnyDecision | None:
        """Give one order; KafkaException or DeliveryError if it cannot be given."""


def orders_by(settings: Settings) -> GiveOrder:
    """Orders through this Kafka."""

    def give_order(
        *, action: str, model_key: str, challenger: str, reason: str, operator: str
    ) -> AnyDecision | None:
        fields = {"operator": operator, "reason": reason, "challenger": challenger, "via": PAGE}
        return give(new_order(action, model_key, **fields), settings)

    return give_order


Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order as the page sends it."""

    action: Literal["promote", "rollback", "freeze", "unfreeze"]
    model_key: Literal["t20-male", "t20-female", "odi-male", "odi-female"]
    reason: Words
    challenger: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Answer(msgspec.Struct, frozen=True):
    """The learner's answer."""

    refused: bool
    decision: Happened


@dataclass(slots=True)
class Operations:
    """What the operator's page works on."""

    live: Live
    entrance: Entrance
    give_order: GiveOrder
    contests: Callable[[], dict[str, StoredContest]]
    under_way: int = 0


def add_operator(app: FastAPI, page: Operations, index: Callable[[Request], Response]) -> None:
    """Add the operator's page, or the page that says how to have one."""

    @app.get("/operator", include_in_schema=False)
    async def operator(request: Request) -> Response:
        person = person_of(request.scope)
        if not page.entrance.may_have_operators:
            return HTMLResponse(pages.notice("No operator's page", HOW_TO), 404)
        if person is None or not person.may_give_orders:
            return HTMLResponse(pages.notice("For operators only", VIEWERS_ONLY), 403)
        return index(request)

    @app.get("/api/operator", include_in_schema=False)
    async def state(request: Request) -> Response:
        _operator(request, page)
        return _json(await asyncio.to_thread(_document, page))

    @app.post("/api/orders", include_in_schema=False)
    async def order(request: Request) -> Response:
        person = _operator(request, page)
        check_action(request, page.entrance)
        wanted = await _wanted(request)
        if page.under_way >= ORDERS_AT_ONCE:
            raise HTTPException(503, "other orders wait for their answers", {"retry-after": "5"})
        page.under_way += 1
        try:
            answer = await asyncio.to_thread(_given, page, wanted, person)
        finally:
            page.under_way -= 1
        return _json(Answer(isinstance(answer, OrderRefused), happened(answer)))


def _operator(request: Request, page: Operations) -> Person:
    """Who asks; HTTPException unless it is an operator."""
    person = person_of(request.scope)
    if not page.entrance.may_have_operators:
        raise HTTPException(404, HOW_TO)
    if person is None or not person.may_give_orders:
        raise HTTPException(403, VIEWERS_ONLY)
    return person


def _document(page: Operations) -> msgspec.Struct:
    decisions, serving = page.live.decided()
    return document(decisions, serving, page.contests())


async def _wanted(request: Request) -> Wanted:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "an order is sent as application/json")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_ORDER:
            raise HTTPException(413)
    try:
        wanted = msgspec.json.decode(body, type=Wanted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HTTPException(422, f"no order: {error}") from None
    if bool(wanted.challenger) != (wanted.action == "promote"):
        raise HTTPException(422, "no order: a challenger is named to be promoted, and only then")
    return wanted


def _given(page: Operations, wanted: Wanted, person: Person) -> AnyDecision:
    """The learner's answer to an order; HTTPException if there is none."""
    give_one = partial(page.give_order, action=wanted.action, model_key=wanted.model_key)
    try:
        answer = give_one(
            challenger=wanted.challenger, reason=wanted.reason.strip(), operator=person.name
        )
    except (KafkaException, DeliveryError, ValueError) as error:
        raise HTTPException(502, UNPLACED) from error
    if answer is None:
        raise HTTPException(504, UNANSWERED)
    return answer


def _json(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json")
