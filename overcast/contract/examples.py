"""An example of each message: real ones, from a shipped match run through the real pipeline.

Decisions and orders are made up, since a single match has none.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import msgspec

from cricket.facts import InningsReopened as Reopening
from cricket.facts import TargetRevised as Revision
from learning.contest.decisions import (
    Alarm,
    Cause,
    Decision,
    Evidence,
    Frozen,
    OrderRefused,
    Promoted,
    Raised,
    Retired,
    RolledBack,
    Unfrozen,
)
from learning.contest.orders import CheckedOrder, Order
from learning.model.snapshot import Snapshot, blank, sealed
from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from learning.training.learner import Learner
from producers.recorded import shipped_match
from producers.schedule import timed_events
from streams.messages import events, metrics
from streams.messages.events import MatchEvent
from streams.messages.labels import LabelMessage
from streams.messages.source import Source
from streams.models.snapshot_messages import ModelPointer
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, receive

MATCH = "1426294"
KEY = "t20-male"
WON = Evidence(31, 0.041, 0.003, 0.079, 0.0, 0.95, 0.91, 0.869, 200)
CHALLENGER = "starter-2024.12~alert@9600"
NOT_IN_A_MATCH: dict[str, Any] = {
    "id": "t20-male@1/1041.0",
    "model_key": KEY,
    "at": 1_900_000_000_000,
    "cause": Cause("cricket.labels", 1, 1041, MATCH),
    "labels": 9600,
    "model": "starter-2024.12+9600",
}


def examples() -> dict[str, Any]:
    """Return an example for each message's name, as parsed JSON."""
    feed = list(timed_events(shipped_match(MATCH)))
    effects = _effects(_log(feed))
    messages: list[Any] = [*feed[:3], *_changes(feed), *effects.predictions, *effects.labels[-1:]]
    messages += [event for event in feed if isinstance(event, events.PlayerReplaced)][:1]
    messages += [e for e in feed if isinstance(e, events.InningsClosed | events.MatchEnded)]
    messages += [_scores(effects.labels), *_decisions(), *_orders()]
    by_name: dict[str, Any] = {}
    for message in messages:
        by_name.setdefault(str(message.__struct_config__.tag), msgspec.to_builtins(message))
    headers = {"reason": "unreadable: JSON is malformed", "origin": "cricket.balls/1/4711"}
    digest = hashlib.sha256(b"{").hexdigest()
    by_name["dead_letter"] = headers | {"index": "0", "length": "1", "sha256": digest}
    pointer = ModelPointer(KEY, CHALLENGER, "9f86d081884c7d65" * 4)
    by_name["model_pointer"] = msgspec.to_builtins(pointer)
    by_name["snapshot"] = msgspec.to_builtins(_snapshot())
    return {name: _short(json.loads(json.dumps(message))) for name, message in by_name.items()}


def _log(feed: list[MatchEvent]) -> list[MatchEvent]:
    """The match, with a ball that comes late and one near the end that is cancelled."""
    cancelled = _cancelled(feed[-4])
    return [*feed[:60], *feed[61:64], feed[60], *feed[64:-1], cancelled, feed[-1]]


def _cancelled(event: MatchEvent) -> MatchEvent:
    more = {"rank": event.rank, "revision": 1, "at": event.at}
    return events.MessageCancelled(match_id=event.match_id, seq=event.seq, **more)


def _changes(feed: list[MatchEvent]) -> Iterable[MatchEvent]:
    """Events of kinds that do not occur in the match."""
    place: dict[str, Any] = {"match_id": MATCH, "seq": len(feed) - 2, "rank": 1, "at": feed[-2].at}
    yield _cancelled(feed[-4])
    yield events.TargetRevised(fact=Revision(1, target=180, balls=96), **place)
    yield events.InningsReopened(fact=Reopening(1), **place)


def _effects(log: Iterable[MatchEvent]) -> Effects:
    """The effects of the pipeline on the log."""
    batch = [
        receive(MATCH.encode(), events.encode(event), Source("cricket.balls", 1, offset))
        for offset, event in enumerate(log)
    ]
    return advance({}, batch, {KEY: Forecaster(load_starter()[KEY])})


def _scores(labels: list[LabelMessage]) -> metrics.MetricsMessage:
    learner = Learner(load_starter()[KEY])
    for message in labels:
        if not message.revision:
            learner.learn(message.label)
    last = labels[-1]
    return metrics.MetricsMessage(
        model_key=KEY, model=last.model, at=last.at, metrics=learner.metrics
    )


def _snapshot() -> Snapshot:
    """A snapshot that has learned nothing: a real one has some hundred KiB."""
    return sealed(blank(KEY))


def _decisions() -> Iterable[Decision]:
    common: dict[str, Any] = NOT_IN_A_MATCH
    former, why = "starter-2024.12+9550", "it was better over 31 matches, with 95 % confidence"
    moved = "next-ball surprise in all matches moved from 0.02 to 0.81 in 14 matches"
    yield Alarm(
        **common,
        reason=moved,
        signal="next_ball",
        scope="",
        detector="page-hinkley",
        since="2030-03-12",
        matches=14,
        before=0.02,
        after=0.81,
        unit="standard deviations",
        statistic=12.4,
        threshold=12.0,
        budget=1.0,
    )
    yield Raised(
        **common,
        reason=moved,
        challenger=CHALLENGER,
        policy="alert",
        parent=former,
        warmed=28,
        alarm="t20-male@1/1041.0",
        margin=0.0,
        limit=200,
    )
    trial: dict[str, Any] = common | {"challenger": CHALLENGER, "evidence": WON}
    yield Promoted(**trial, reason=why, policy="alert", former=former, probation=200)
    yield Retired(**trial, reason="its 200 matches are over", policy="alert", outcome="limit")
    yield RolledBack(**trial, reason="the former one was better", former=former)
    yield Frozen(**common, reason="a final today", **ORDERED)
    yield Unfrozen(**common, reason="the final is over", **ORDERED)
    yield OrderRefused(**common, reason="no such challenger", **ORDERED, order="promote")


ORDERED: dict[str, Any] = {
    "operator": "asha",
    "order_id": "7f3c",
    "proof": "signed by asha, key 9f86d081",
}


def _orders() -> Iterable[Any]:
    at = 1_900_000_000_000
    order = Order(
        id="7f3c", model_key=KEY, action="freeze", at=at, operator="asha", reason="a final today"
    )
    yield order
    place = "cricket.orders/0@17 of FxQ2Lr0kT9aQJq3vQm1cWg"
    yield CheckedOrder(order=order, place=place, at=at + 3, proof="signed by asha, key 9f86d081")


def _short(message: Any, most: int = 3) -> Any:
    """Shorten long lists where that does not change the meaning: a label's questions and balls."""
    if isinstance(message, dict) and message.get("type") == "label":
        label = message["label"]
        cut = {name: label[name][:most] for name in ("questions", "codes", "duels")}
        return message | {"label": label | cut}
    return message
